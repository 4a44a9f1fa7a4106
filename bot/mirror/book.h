/* book.h - the address book: who has which clinic address, who may write to whom.
 *
 * It is held in memory, because every stanza between a patient and a doctor asks
 * it: 100,000 people take some MiB (tests/unit/test_book.c says how many). The
 * database keeps it (schema/api/mirror.sql); the keeper reads it (keeper.h) and
 * changes it when a NOTIFY says so. Any thread may ask; what is returned is a
 * copy.
 *
 * It also knows what time it is at the clinic, as far as the mirror needs it:
 * the database tells the time now and then, the monotonic clock goes on. */
#ifndef MIRROR_BOOK_H
#define MIRROR_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define BOOK_FOREVER UINT32_MAX
#define CARD_BYTES 3072

struct book;

/* A person, as others may know them and as they are. Strings are never NULL; they
 * lie in text, so a card must not be copied as a struct. */
struct card {
	uint32_t id;
	const char *jid;      /* the real bare address: never shown to others */
	const char *local;    /* of the clinic address */
	const char *name;     /* "Jane Doe", "Ana Ruiz"; may be "" */
	const char *language; /* BCP 47 */
	bool is_doctor;
	bool has_parked;     /* messages wait until the person is seen */
	bool keeps_messages; /* what they write may be kept */
	bool is_told;        /* they know that it is */
	bool hides_ip;       /* calls go through relays only */
	char text[CARD_BYTES];
};

/* A doctor and a patient who have to do with each other. */
struct pair {
	uint32_t doctor, patient;
	uint32_t until_s; /* the patient may write until then (Unix time) */
	uint32_t visit_s; /* their next visit, 0: none */
	int32_t visit_day, visit_minute; /* the same by the doctor's clock */
	bool is_muted;                   /* by the doctor */
	bool is_blocked;                 /* by the patient */
	bool has_asked_doctor; /* to see her presence, as the other two: once */
	bool has_asked_patient;                     /* to see theirs */
	bool has_agreed_doctor, has_agreed_patient; /* who was asked */
	bool is_introduced; /* today the doctor was told who it is */
	bool is_answered;   /* today the patient was told she is away */
	/* Today they were told that what is encrypted does not pass. */
	bool is_doctor_keyless, is_patient_keyless;
};

/* What is done once, and then remembered. */
enum pair_mark {
	MARK_ASKED_DOCTOR = 1,
	MARK_ASKED_PATIENT = 2,
	MARK_INTRODUCED = 4, /* for today */
	MARK_ANSWERED = 8,   /* for today, as are the next two */
	MARK_KEYLESS_DOCTOR = 16,
	MARK_KEYLESS_PATIENT = 32,
	MARK_AGREED_DOCTOR = 64,
	MARK_AGREED_PATIENT = 128,
};

struct book *book_new(void) MUST_CHECK;
void book_free(struct book *book); /* NULL is fine */

/* What is asked. False: there is nobody. An address is in prepared form. */
bool book_by_jid(struct book *book, const char *bare, struct card *card);
bool book_by_local(
	struct book *book, const char *local, size_t length, struct card *card);
bool book_by_id(struct book *book, uint32_t id, struct card *card);
/* The pair of two people, whichever of them is the doctor. False: they have
 * nothing to do with each other. */
bool book_pair(
	struct book *book, uint32_t one, uint32_t other, struct pair *pair);
/* The ids of those whom somebody has to do with: how many, most at most. Cheap
 * for a patient; for a doctor it looks through everything. */
size_t book_partners(
	struct book *book, uint32_t id, uint32_t *partners, size_t most);
/* Sets a mark; whether it was not set before. */
bool book_mark(struct book *book, uint32_t doctor, uint32_t patient,
	enum pair_mark mark);
/* Forgets that it was asked, and agreed to, so that it may be asked again. */
void book_unmark(struct book *book, uint32_t doctor, uint32_t patient,
	enum pair_mark mark);
void book_set_parked(struct book *book, uint32_t id, bool has_parked);
/* Notes that they know it; whether they did not before. */
bool book_tell(struct book *book, uint32_t id);
/* The patient may write at least until then. */
void book_extend(
	struct book *book, uint32_t doctor, uint32_t patient, uint32_t until_s);

size_t book_people_count(struct book *book);
size_t book_pair_count(struct book *book);
/* The ids of everybody in the book, from a place on; returns how many and moves
 * the place. 0: that was all. */
size_t book_list(struct book *book, size_t *place, uint32_t *ids, size_t most);

/* What the keeper does. A person is put with one address at a time, the present
 * one first: is_former adds another one to who is there. */
struct book_person {
	uint32_t id;
	const char *jid, *local, *name, *language;
	bool is_doctor, is_former, has_parked, keeps_messages, is_told,
		hides_ip;
};
void book_put(struct book *book, const struct book_person *person);
void book_put_pair(struct book *book, const struct pair *pair);
/* Puts what is known of a person, with their pairs as a patient, in the place of what
 * was, at once: nobody meets somebody who has no pairs yet. people NULL: the pairs
 * alone; people_count 0: there is no such person any more. What is marked in the book
 * stays: the database may not have it yet. */
void book_renew(struct book *book, uint32_t id,
	const struct book_person *people, size_t people_count,
	struct pair *pairs, size_t pair_count);
/* Takes the place of all that is in the book; other is empty then. */
void book_take(struct book *book, struct book *other);
/* How many bytes it takes. */
size_t book_bytes(struct book *book);

/* The clinic's time. day counts from 1970-01-01 and ends at day_ends_ms. */
void book_set_clock(
	struct book *book, int64_t now_ms, int32_t day, int64_t day_ends_ms);
int64_t book_now_s(struct book *book);

#endif
