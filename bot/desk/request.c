/* request.c - who asks, from where, and what time it is there. */
#include "desk/request.h"

#include <string.h>

static unsigned read_roles(const char *names)
{
	unsigned roles = 0;

	if (names && strstr(names, "patient"))
		roles |= ROLE_PATIENT;
	if (names && strstr(names, "doctor"))
		roles |= ROLE_DOCTOR;
	if (names && strstr(names, "admin"))
		roles |= ROLE_ADMIN;
	return roles ? roles : ROLE_STRANGER;
}

static enum spoken read_spoken(const char *topic)
{
	if (!topic)
		return SPOKEN_NOTHING;
	if (strcmp(topic, "reminder") == 0)
		return SPOKEN_REMINDER;
	return strcmp(topic, "offer") == 0 ? SPOKEN_OFFER : SPOKEN_REQUEST;
}

bool request_open(struct request *request, struct store *store, const char *jid,
	const char *session, struct error *error)
{
	struct rows *heard;

	*request = (struct request){
		.store = store, .jid = jid, .session = session};
	heard = store_call(store, error, "hear", jid, session, STORE_END);
	if (!heard)
		return false;
	request->heard = heard;
	if (rows_count(heard) != 1 ||
		!civil_read_moment(
			rows_text(heard, 0, "now_local"), &request->now))
		return failed(error, ERROR_BUG, "I lost track of the time");
	request->person = rows_number(heard, 0, "person");
	request->roles = read_roles(rows_text(heard, 0, "roles"));
	request->name = rows_text(heard, 0, "name");
	request->language = rows_text(heard, 0, "language");
	request->zone = rows_text(heard, 0, "zone");
	request->is_clinic_zone = rows_bool(heard, 0, "is_clinic_zone");
	request->clinic_name = rows_text(heard, 0, "clinic_name");
	request->currency = rows_text(heard, 0, "currency");
	request->form = rows_text(heard, 0, "form");
	request->has_appointments =
		rows_number(heard, 0, "appointment_count") > 0;
	request->keeps_messages = rows_bool(heard, 0, "keeps_messages");
	request->has_dependants = rows_number(heard, 0, "dependant_count") > 0;
	request->spoken = read_spoken(rows_text(heard, 0, "spoken_topic"));
	request->spoken_id = rows_text(heard, 0, "spoken_id");
	request->spoken_codes = rows_text(heard, 0, "spoken_codes");
	request->spoken_visit = rows_text(heard, 0, "spoken_visit");
	return true;
}

void request_release(struct request *request)
{
	rows_free(request->heard);
	request->heard = NULL;
}

size_t request_page(struct request *request, size_t row_count, size_t page)
{
	if (row_count <= page) {
		request->list_next = 0;
		return row_count;
	}
	request->list_next = request->list_from + page;
	return page;
}
