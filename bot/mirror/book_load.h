/* book_load.h - the book is read from the database. For the keeper. */
#ifndef MIRROR_BOOK_LOAD_H
#define MIRROR_BOOK_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "mirror/book.h"
#include "store/store.h"

/* Everything, in the place of what was there. */
bool book_load_all(
	struct store *store, struct book *book, struct error *error) MUST_CHECK;
/* One person with their pairs as a patient; who is not there any more goes. */
bool book_load_person(struct store *store, struct book *book, uint32_t person,
	struct error *error) MUST_CHECK;
/* The pairs of a patient. */
bool book_load_pairs(struct store *store, struct book *book, uint32_t patient,
	struct error *error) MUST_CHECK;
/* What time it is at the clinic. */
bool book_load_clock(
	struct store *store, struct book *book, struct error *error) MUST_CHECK;

#endif
