/* calls.h - inside the mirror: the calls under way, in memory.
 *
 * What belongs to a call may pass as long as the call is here: from its beginning
 * to its end, whatever holds between the two meanwhile; its last words for a
 * minute more, because both sides say them. Nobody's phone rings longer than two
 * minutes and nobody talks for half a day: then it has ended, though nobody said so.
 *
 * At a start they are read from the database (call_load.h), where they are put
 * down behind the relay's back: so a call outlives the bot, but for one that began
 * in the moment before it was killed.
 *
 * Any thread. */
#ifndef MIRROR_CALLS_H
#define MIRROR_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

struct calls;

enum call_side { CALLER, CALLEE };

/* Strings are never NULL; "": not known. A time is monotonic; 0: not so. */
struct call {
	struct call *next;
	uint32_t doctor, patient;
	bool is_doctors; /* the doctor called */
	char *sid;
	char *proposal; /* the id of the message that proposed it */
	bool is_answered;
	bool has_session; /* XEP-0166; before, it is only spoken of (0353) */
	bool is_heard;    /* the callee's app, or server, has said something */
	bool has_rung;    /* the clinic has said that it rings */
	int64_t begun_ms, ended_ms;
	struct {
		char *device;    /* its real name */
		bool is_seen;    /* it was there, by presence */
		bool is_asked;   /* it is not there, and its server was asked */
		bool is_left;    /* the other side was told that it went */
		bool is_noted;   /* that it is this call's is put down */
		int64_t gone_ms; /* since when it is not there */
	} sides[2];
};

/* What somebody says of a call. */
enum call_event {
	CALL_RINGS,          /* the callee's */
	CALL_IS_ANSWERED,    /* the callee's */
	CALL_BEGINS_SESSION, /* the caller's */
	CALL_GOES_ON,
	CALL_GIVES_UP, /* the caller's end before it is answered */
	CALL_REFUSES,  /* the callee's */
	CALL_ENDS,
};

struct call_word {
	uint32_t doctor, patient;
	bool by_doctor;
	const char *sid;
	enum call_event event;
	const char *device, *other_device; /* whose and to whom; NULL: none */
};

enum call_answer {
	CALL_PASSES,
	CALL_IS_SAID, /* the other side knows, or it is not this one's to say */
	CALL_IS_UNKNOWN, /* there is no such call, or it has ended */
};

/* Whose side it is. */
uint32_t call_person(const struct call *call, enum call_side side);

struct calls *calls_new(void) MUST_CHECK;
void calls_free(struct calls *calls); /* NULL is fine */

/* A call begins; its strings are taken over (NULL: ""). One that is under way with
 * the same session stays as it is. The oldest goes where two people have too many. */
void calls_begin(struct calls *calls, const struct call *call);
/* Whether something that is said may pass, and notes what it comes to. */
enum call_answer calls_hear(struct calls *calls, const struct call_word *word,
	int64_t now_ms) MUST_CHECK;
/* A receipt or an error came for a message to somebody. True: it proposed a call,
 * of which they, or their server, were heard. *sid is the session's id, which the
 * caller frees. is_over: the call has ended with that. */
bool calls_hear_of(struct calls *calls, uint32_t by, uint32_t to,
	const char *id, bool is_over, int64_t now_ms, char **sid) MUST_CHECK;

/* Somebody's device is not there any more for the other one; resource NULL: none
 * of theirs is. */
void calls_leave(struct calls *calls, uint32_t who, uint32_t other,
	const char *resource);

/* Shows all calls that have not ended to a visitor, who may change them but not
 * ask this module. */
typedef void calls_visitor(void *context, struct call *call);
void calls_visit(struct calls *calls, calls_visitor *visit, void *context);
/* Ends what nobody said had ended, and forgets what ended long ago. */
void calls_sweep(struct calls *calls, int64_t now_ms);
size_t calls_count(struct calls *calls);

#endif
