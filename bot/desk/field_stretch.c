/* field_stretch.c - fields that choose one of the stretches of time that are kept:
 * time off, extra hours, holidays. */
#include "desk/fields.h"
#include "desk/wording.h"

static enum found find_listed(struct filling *filling UNUSED,
	struct reading *reading UNUSED, bool is_asked UNUSED,
	struct error *error UNUSED)
{
	return FOUND_NOTHING; /* chosen from the list */
}

/* The stretches of time that a function of the database lists. */
static bool choose_stretch(struct filling *filling, const char *function,
	const char *nothing, struct choices *choices, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, function,
			filling->request->jid, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct strbuf label AUTO(strbuf_release) = STRBUF_INIT;

		say_stretch(&label, filling->request->language,
			moment_of(rows, row, "starts"),
			moment_of(rows, row, "ends"), filling->request->now,
			SAY_DAY | SAY_TIME);
		(void)choices_add(
			choices, rows_text(rows, row, "id"), label.text);
	}
	return choices->count || failed(error, ERROR_MISSING, "%s", nothing);
}

static bool choose_time_off(
	struct filling *filling, struct choices *choices, struct error *error)
{
	return choose_stretch(filling, "off",
		"you have no time off to come, write \"off 24 dec\" to take "
		"some",
		choices, error);
}

const struct field_type field_time_off = {
	.name = "time off",
	.form_type = "text-single",
	.find = find_listed,
	.choose = choose_time_off,
	.how = "a number, or \"stop\"",
};

static bool choose_extra_hours(
	struct filling *filling, struct choices *choices, struct error *error)
{
	return choose_stretch(filling, "also",
		"you have no extra hours to come, write \"also sat 5 dec "
		"10-13\" to add some",
		choices, error);
}

const struct field_type field_extra_hours = {
	.name = "extra hours",
	.form_type = "text-single",
	.find = find_listed,
	.choose = choose_extra_hours,
	.how = "a number, or \"stop\"",
};

static bool choose_holiday(
	struct filling *filling, struct choices *choices, struct error *error)
{
	return choose_stretch(filling, "holidays",
		"there are no holidays to come, write \"holiday 25 dec\" to "
		"add one",
		choices, error);
}

const struct field_type field_holiday = {
	.name = "holiday",
	.form_type = "text-single",
	.find = find_listed,
	.choose = choose_holiday,
	.how = "a number, or \"stop\"",
};
