/* field_talk.c - whom one writes to through the clinic. */
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
