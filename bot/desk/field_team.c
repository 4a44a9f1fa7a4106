/* field_team.c - a patient whose team is meant. */
#include <string.h>

#include "desk/fields.h"

static enum found find_team(struct filling *filling, struct reading *reading,
	bool is_asked UNUSED, struct error *error UNUSED)
{
	struct strbuf name AUTO(strbuf_release) = STRBUF_INIT;

	if (!take_patient_name(reading, true, &name))
		return FOUND_NOTHING;
	form_narrow(filling->form, filling->index, name.text);
	return FOUND_HINT;
}

/* Whoever makes a team means a patient; whoever leaves one, one who has it. */
static bool choose_team(
	struct filling *filling, struct choices *choices, struct error *error)
{
	const char *words = filling->form->values[filling->index].hint;
	bool must_have = strcmp(filling->form->command->name, "team") != 0;
	struct rows *rows AUTO(rows_release) =
		store_call(filling->request->store, error, "team_patients",
			filling->request->jid, words, STORE_END);

	if (!rows)
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		if (!must_have || rows_bool(rows, row, "has_team"))
			add_patient_choice(filling, rows, row, NULL, choices);
	if (!choices->count && words)
		return failed(error, ERROR_MISSING,
			must_have ? "I know no team of \"%s\". \"teams\" shows "
				    "yours"
				  : "I know no patient \"%s\" of yours. Write "
				    "the name as \"history\" shows it",
			words);
	if (!choices->count)
		return failed(error, ERROR_MISSING,
			must_have ? "there is no team yet. Write for example "
				    "\"team jane: add dr chen\""
				  : "you have no patients yet");
	if (choices->count == 1)
		choices->picked = 0;
	return true;
}

const struct field_type field_team = {
	.name = "patient of a team",
	.form_type = "text-single",
	.is_greedy = true,
	.find = find_team,
	.choose = choose_team,
	.how = "a number, a name, or \"stop\"",
};
