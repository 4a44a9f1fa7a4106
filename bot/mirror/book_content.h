/* book_content.h - inside the book: how people and pairs lie in memory.
 *
 * People are entries of an array; three tables of indices find them by id, by
 * real address and by clinic address. Their texts stand one behind the other in
 * one large text. The pairs of a patient are a list through another array. None
 * of this locks; book.c does. */
#ifndef MIRROR_BOOK_CONTENT_H
#define MIRROR_BOOK_CONTENT_H

#include <pthread.h>
#include <stdatomic.h>

#include "mirror/book.h"

#define LOCAL_BYTES 100

enum {
	ENTRY_DOCTOR = 1,
	ENTRY_PARKED = 2,
	ENTRY_KEEPS = 4,
	ENTRY_TOLD = 16,
	ENTRY_HIDES = 32,
	ENTRY_FORMER = 8, /* only an address that the person had before */
};

/* Places are counted from 1; 0 is none. */
struct entry {
	uint32_t id;    /* 0: free */
	uint32_t text;  /* where its texts begin: "jid\0local\0name\0" */
	uint32_t next;  /* a former address of the same person; or free */
	uint32_t pairs; /* the first whose patient it is */
	uint8_t flags, language;
};

enum {
	PAIR_MUTED = 1,
	PAIR_BLOCKED = 2,
	PAIR_ASKED_DOCTOR = 4,
	PAIR_ASKED_PATIENT = 8,
	PAIR_KEYLESS_DOCTOR = 16, /* on keyless_day, as the other */
	PAIR_KEYLESS_PATIENT = 32,
	PAIR_AGREED_DOCTOR = 64,
	PAIR_AGREED_PATIENT = 128,
};

struct link {
	uint32_t doctor;
	uint32_t next;
	uint32_t until_s, visit_s;
	uint32_t visit_minutes; /* on the doctor's wall */
	/* The last 16 bits of the day. */
	uint16_t introduced_day, answered_day, keyless_day;
	uint8_t flags;
};

enum table_name { TABLE_IDS, TABLE_JIDS, TABLE_LOCALS, TABLE_COUNT };

struct table {
	uint32_t *slots; /* places of entries; 0: empty */
	size_t size, count;
};

struct content {
	struct entry *entries;
	size_t entry_count, entry_size;
	uint32_t free_entry;
	struct link *links;
	size_t link_count, link_size, pair_count;
	uint32_t free_link;
	char *text;
	size_t text_length, text_size, text_waste;
	char *languages[256];
	struct table tables[TABLE_COUNT];
};

struct book {
	pthread_rwlock_t lock;
	struct content content;
	/* the clinic's time */
	_Atomic int64_t ahead_ms; /* of the monotonic clock */
	_Atomic int32_t day;
	_Atomic int64_t day_ends_ms;
};

void content_init(struct content *content);
void content_release(struct content *content);
size_t content_bytes(const struct content *content);

struct entry *content_find_id(const struct content *content, uint32_t id);
struct entry *content_find_text(
	const struct content *content, enum table_name table, const char *text);
/* jid, local, name. */
void content_texts(const struct content *content, const struct entry *entry,
	const char *parts[3]);
const char *content_language(const struct content *content, uint8_t language);

void content_put(struct content *content, const struct book_person *person);
void content_remove(struct content *content, uint32_t id);

/* book_pairs.c */
/* Which day it is at the clinic: its last bits, never 0. */
uint16_t book_day_mark(struct book *book);
/* What is marked between two people already, to what was read of them. */
void content_keep_marks(
	const struct content *content, struct pair *pair, uint16_t today);
/* A pair whose patient is there, if it is not there yet. */
void content_put_pair(
	struct content *content, const struct pair *pair, uint16_t today);
void content_remove_links(struct content *content, struct entry *patient);

#endif
