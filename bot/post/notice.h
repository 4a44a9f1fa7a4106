/* notice.h - what a delivery says: one table from kind to wording.
 *
 * All moments are the recipient's own wall clock, as api.deliveries_claim
 * returns them ("2026-12-03 15:20"). */
#ifndef POST_NOTICE_H
#define POST_NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/strbuf.h"

/* What is unknown or does not apply is NULL. All is borrowed. */
struct notice {
	const char *kind;
	const char *language; /* the recipient's */
	const char *zone;
	bool is_clinic_zone; /* then the zone is not named */
	bool is_doctor;      /* the recipient is the visit's doctor */
	const char *code, *doctor_name, *patient_name;
	const char *child_name; /* of the patient, to the guardian */
	const char *starts, *was_starts;
	const char *now_local;
	const char *until; /* when a request or an offer is over */
	const char *reason, *note;
	const char *local;  /* of the other's clinic address, see domain */
	const char *domain; /* the clinic's */
	const char *link;   /* where they meet if they cannot call */
};

/* Adds the notice's text. ERROR_BUG when the kind has no wording or a moment
 * cannot be read. */
bool notice_print(const struct notice *notice, struct strbuf *text,
	struct error *error) MUST_CHECK;

/* Adds one reminder of several visits of a day, or one notice of visits that were
 * booked or cancelled together, soonest first; of one visit it is the same as
 * notice_print(). */
bool notice_print_visits(const struct notice *visits, size_t count,
	struct strbuf *text, struct error *error) MUST_CHECK;

#endif
