/* meeting.h - who writes to whom, and whether they may.
 *
 * Every handler of the mirror begins with it: it finds both people in the book,
 * opens the seal of the resource that was written to, and knows what holds
 * between the two. No database is asked. */
#ifndef MIRROR_MEETING_H
#define MIRROR_MEETING_H

#include <stdbool.h>

#include "base/attributes.h"
#include "mirror/book.h"
#include "mirror/mirror.h"
#include "mirror/rewrite.h"
#include "xmpp/stanza.h"

/* Large: it belongs on the stack, where it stays: the parts point to each other. */
struct meeting {
	struct card sender, receiver;
	struct pair pair; /* when has_pair */
	bool has_pair;
	/* The address had a resource that was not made here. */
	bool is_forged;
	struct passage passage; /* as rewrite() wants it */
	char sender_shown[JID_SIZE], receiver_shown[JID_SIZE]; /* bare */
	char receiver_resource[SEAL_SIZE];
};

/* What is to be done with something from one to the other. */
enum verdict {
	MAY_PASS,
	IS_NOBODY,    /* nobody has this address, or nobody may know of it */
	IS_STRANGER,  /* a doctor's address, but the sender is not registered */
	IS_UNRELATED, /* no visit, none lately, and no permission */
	IS_MUTED,     /* the doctor wants nothing from this patient now */
	HAS_BLOCKED,  /* the patient who writes has blocked the doctor */
	IS_BLOCKED,   /* the doctor who writes is blocked by the patient */
	VERDICT_COUNT,
};

/* Finds the two of a stanza. The verdict is about something that the sender
 * writes now; IS_NOBODY: the meeting is not filled in. */
enum verdict meeting_open(struct mirror *mirror, const stanza *incoming,
	struct meeting *meeting) MUST_CHECK;
/* The same for two people of the book, when nothing came from either. The
 * resource may be NULL. */
enum verdict meeting_arrange(struct mirror *mirror, uint32_t sender,
	uint32_t receiver, const char *sender_resource,
	struct meeting *meeting) MUST_CHECK;
/* Whether the two still have to do with each other. */
bool meeting_is_live(struct mirror *mirror, const struct meeting *meeting);
/* Whether one may also see whether the other is there: not of whom the doctor has
 * muted. */
bool meeting_is_seen(struct mirror *mirror, const struct meeting *meeting);
/* Why something may not pass, as a sentence for words_tell(); NULL: there is
 * nothing to be said. */
const char *meeting_refusal(enum verdict verdict);
/* The bare address, with the sealed resource when there is one, by which the
 * receiver knows the sender. */
bool meeting_sender_address(
	const struct meeting *meeting, char address[JID_SIZE]) MUST_CHECK;

#endif
