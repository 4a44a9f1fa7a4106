/* rooms.c - the rooms and the equipment that visits need. */
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static bool run_rooms(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(
		request->store, error, "rooms", request->jid, STORE_END);

	if (!rows)
		return false;
	if (!rows_count(rows)) {
		say(answer, request->language,
			request->roles & ROLE_ADMIN
				? "There are no rooms yet. Write \"add room "
				  "ECG 1\" to add one, and \"room ECG\" among "
				  "the settings of a visit type that needs it."
				: "There are no rooms yet, please ask the "
				  "clinic to add them.",
			NULL);
		return true;
	}
	say(answer, request->language, "Rooms and equipment:", NULL);
	for (size_t row = 0; row < rows_count(rows); row++) {
		strbuf_addf(answer, "\n%s", rows_text(rows, row, "name"));
		if (rows_text(rows, row, "is_needed_by"))
			say(answer, request->language, ", for {types}", "types",
				rows_text(rows, row, "is_needed_by"), NULL);
	}
	say(answer, request->language,
		request->roles & ROLE_ADMIN
			? "\nWrite \"add room\" or \"remove room\" and its "
			  "name to change them."
			: "\nA visit type of yours takes one with \"room\" and "
			  "its name.",
		NULL);
	return true;
}

const struct command command_rooms = {
	.name = "rooms",
	.words = "show rooms 9, list rooms 9, which rooms 8, equipment 7",
	.summary = "the rooms and equipment of the clinic",
	.synopsis = "rooms",
	.example = "rooms",
	.roles = ROLE_DOCTOR | ROLE_ADMIN,
	.run = run_rooms,
};

static const struct field add_room_fields[] = {{
	.name = "name",
	.type = &field_text,
	.label = "Name",
	.question = "What is it called? (for example ECG 2)",
}};

static bool run_add_room(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"room_add", request->jid, form_text(form, "name"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		"{name} is one of our rooms now. To say which visits need such "
		"a room write for example \"visit type cardiology, ECG, 20 "
		"min, room ECG\".",
		"name", rows_text(rows, 0, "name"), NULL);
	return true;
}

const struct command command_add_room = {
	.name = "add room",
	.words = "new room 9, add a room 9, add equipment 9",
	.summary = "add a room or equipment",
	.synopsis = "add room NAME",
	.example = "add room ECG 2",
	.roles = ROLE_ADMIN,
	.fields = add_room_fields,
	.field_count = COUNT_OF(add_room_fields),
	.run = run_add_room,
};

static const struct field remove_room_fields[] = {{
	.name = "room",
	.type = &field_room,
	.label = "Room",
	.question = "Which room?",
}};

static bool confirm_remove_room(struct request *request,
	const struct form *form, struct strbuf *question, bool *is_question,
	struct error *error UNUSED)
{
	say(question, request->language,
		"Remove the room {name}? Visits that have it keep it. (yes / "
		"no)",
		"name", form_label(form, "room"), NULL);
	*is_question = true;
	return true;
}

static bool run_remove_room(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "room_remove", request->jid,
			form_text(form, "room"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		strcmp(rows_text(rows, 0, "appointment_count"), "0")
			? "{name} is removed. Visits that still have it: "
			  "{count}."
			: "{name} is removed.",
		"name", rows_text(rows, 0, "name"), "count",
		rows_text(rows, 0, "appointment_count"), NULL);
	return true;
}

const struct command command_remove_room = {
	.name = "remove room",
	.words = "delete room 9, remove equipment 9",
	.summary = "take a room or equipment away",
	.synopsis = "remove room NAME",
	.example = "remove room ECG 2",
	.roles = ROLE_ADMIN,
	.fields = remove_room_fields,
	.field_count = COUNT_OF(remove_room_fields),
	.confirm = confirm_remove_room,
	.run = run_remove_room,
};
