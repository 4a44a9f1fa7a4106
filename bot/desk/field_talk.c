/* field_talk.c - whom one writes to through the clinic, and since when. */
#include <string.h>

#include "base/civil.h"
#include "desk/fields.h"

/* A doctor means a patient of hers, everybody else a doctor. */
static const struct field_type *meant(const struct filling *filling)
{
	return filling->request->roles & ROLE_DOCTOR ? &field_patient
						     : &field_doctor;
}

static enum found find_partner(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error)
{
	return meant(filling)->find(filling, reading, is_asked, error);
}

static bool choose_partner(
	struct filling *filling, struct choices *choices, struct error *error)
{
	return meant(filling)->choose(filling, choices, error);
}

const struct field_type field_partner = {
	.name = "partner",
	.form_type = "text-single",
	.find = find_partner,
	.choose = choose_partner,
	.how = "a number, a name, or \"stop\"",
};

/* The last such day that is not to come: "monday" is read as the next one. */
static int32_t before(int32_t day, int32_t today)
{
	if (day <= today)
		return day;
	return day - today <= 7 ? day - 7 : day - 365;
}

static enum found find_since(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error UNUSED)
{
	int place = reading_find_phrase(reading, "since");
	char text[CIVIL_TEXT_SIZE];

	if ((place < 0 && !is_asked) || !reading->has_when ||
		!reading->when.has_day)
		return FOUND_NOTHING;
	if (place >= 0)
		reading_use_phrase(reading, place, "since");
	reading_use_when(reading);
	form_fill(filling->form, filling->index,
		civil_print_date(before(reading->when.first_day,
					 filling->request->now.day),
			text),
		NULL);
	return FOUND_VALUE;
}

const struct field_type field_since = {
	.name = "since",
	.form_type = "text-single",
	.is_eager = true,
	.find = find_since,
	.how = "a day, for example monday",
};
