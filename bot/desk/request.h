/* request.h - who asks, from where, and what time it is on that person's wall.
 *
 * A command knows nothing of XMPP: it gets a request and fills an answer. */
#ifndef DESK_REQUEST_H
#define DESK_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/error.h"
#include "store/store.h"

enum role {
	ROLE_STRANGER = 1, /* nobody we know */
	ROLE_PATIENT = 2,
	ROLE_DOCTOR = 4,
	ROLE_ADMIN = 8,
};
#define ROLE_ANYBODY (ROLE_STRANGER | ROLE_PATIENT | ROLE_DOCTOR | ROLE_ADMIN)
#define ROLE_KNOWN (ROLE_PATIENT | ROLE_DOCTOR | ROLE_ADMIN)

/* What somebody was told last that can be answered. */
enum spoken {
	SPOKEN_NOTHING,
	SPOKEN_REMINDER, /* a patient, of visits */
	SPOKEN_REQUEST,  /* a doctor, of a visit that she is asked for */
	SPOKEN_OFFER,    /* a patient, of a free time */
};

struct request {
	struct store *store;
	const char *jid;     /* bare; who asks, also in front of the database */
	const char *session; /* "" in the chat, else the ad-hoc session's id */

	/* What the database told about them; borrowed from heard. */
	struct rows *heard;
	long long person; /* 0 for a stranger */
	unsigned roles;   /* never 0: ROLE_STRANGER at least */
	const char *name; /* NULL for a stranger */
	const char *language;
	const char *zone;
	bool is_clinic_zone;
	const char *clinic_name;
	const char *currency;
	const char *domain;    /* of the addresses that the clinic gives */
	const char *form;      /* JSON of the open form, or NULL */
	bool has_appointments; /* to come, as a patient or a guardian */
	bool has_dependants;   /* children or relatives to book for */
	bool keeps_messages;   /* the clinic, whatever this person said */
	/* The message that was got last and can be answered with "yes", if
	 * nothing was asked since: its id, the codes of what it spoke of, and
	 * the visit that "cancel" or "move" then means, or NULL. */
	enum spoken spoken;
	const char *spoken_id, *spoken_codes, *spoken_visit;
	struct civil_moment now;

	/* A long list is told in pages. A command begins at row list_from and
	 * sets list_next to the first row that is left, 0 when none is: then
	 * "more" runs it again from there. See request_page(). */
	size_t list_from, list_next;
	/* Makes the clinic's own link, which the caller frees, to a file that was
	 * sent then (Unix time): how many days it holds yet, and NULL when it is
	 * over. Set by the channel; NULL: no files pass here. */
	char *(*file_link)(void *files, const char *digest, const char *name,
		int64_t sent_s, int *days_left);
	void *files;
	/* What the desk goes on with by itself after a command has run, as if it
	 * had been written: a command that asks first. NULL: nothing. */
	const char *follow;
};

/* Hears somebody: one call, api.hear. The caller releases the request whatever
 * the result. */
bool request_open(struct request *request, struct store *store, const char *jid,
	const char *session, struct error *error) MUST_CHECK;
void request_release(struct request *request);

/* How many rows of a list to tell now, of those that are there from list_from
 * on (at least one more than fits a page, when there are more); sets list_next. */
size_t request_page(struct request *request, size_t row_count, size_t page);

#endif
