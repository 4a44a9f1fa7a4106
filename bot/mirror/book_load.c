/* book_load.c - the book is read from the database. */
#include "mirror/book_load.h"

#include <stdio.h>

#include "base/civil.h"
#include "base/memory.h"

#define PAGE 5000
#define NUMBER 24 /* bytes of a number as text */

static const char *number_text(long long number, char text[NUMBER])
{
	(void)snprintf(text, NUMBER, "%lld", number);
	return text;
}

static uint32_t id_of(const struct rows *rows, size_t row, const char *column)
{
	long long id = rows_number(rows, row, column);

	return id > 0 && id < UINT32_MAX ? (uint32_t)id : 0;
}

static struct book_person read_person(const struct rows *rows, size_t row)
{
	const char *name = rows_text(rows, row, "name");

	return (struct book_person){
		.id = id_of(rows, row, "person"),
		.jid = rows_text(rows, row, "jid"),
		.local = rows_text(rows, row, "local"),
		.name = name ? name : "",
		.language = rows_text(rows, row, "language"),
		.is_doctor = rows_bool(rows, row, "is_doctor"),
		.is_former = rows_bool(rows, row, "is_former"),
		.has_parked = rows_bool(rows, row, "has_parked"),
		.keeps_messages = rows_bool(rows, row, "keeps_messages"),
		.is_told = rows_bool(rows, row, "is_told"),
		.hides_ip = rows_bool(rows, row, "hides_ip"),
	};
}

static struct pair read_pair(const struct rows *rows, size_t row)
{
	const char *visit = rows_text(rows, row, "visit_local");
	struct civil_moment at = {0};
	struct pair pair = {
		.doctor = id_of(rows, row, "doctor"),
		.patient = id_of(rows, row, "patient"),
		.until_s = (uint32_t)rows_number(rows, row, "until_s"),
		.is_muted = rows_bool(rows, row, "is_muted"),
		.is_blocked = rows_bool(rows, row, "is_blocked"),
		.has_asked_doctor = rows_bool(rows, row, "has_asked_doctor"),
		.has_asked_patient = rows_bool(rows, row, "has_asked_patient"),
		.has_agreed_doctor = rows_bool(rows, row, "has_agreed_doctor"),
		.has_agreed_patient =
			rows_bool(rows, row, "has_agreed_patient"),
		.is_introduced = rows_bool(rows, row, "is_introduced"),
		.is_answered = rows_bool(rows, row, "is_answered"),
		.is_doctor_keyless = rows_bool(rows, row, "is_doctor_keyless"),
		.is_patient_keyless =
			rows_bool(rows, row, "is_patient_keyless"),
	};

	if (visit && civil_read_moment(visit, &at)) {
		pair.visit_s = (uint32_t)rows_number(rows, row, "visit_s");
		pair.visit_day = at.day;
		pair.visit_minute = at.minute;
	}
	return pair;
}

/* Patients with an id after one and through another. */
static bool load_pairs_between(struct store *store, struct book *book,
	long long after, long long through, struct error *error)
{
	char from[NUMBER], to[NUMBER];
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "book_pairs", number_text(after, from),
			number_text(through, to), STORE_END);

	for (size_t row = 0; rows && row < rows_count(rows); row++) {
		struct pair pair = read_pair(rows, row);

		book_put_pair(book, &pair);
	}
	return rows != NULL;
}

static struct rows *people_between(struct store *store, long long after,
	long long through, struct error *error)
{
	char from[NUMBER], to[NUMBER], most[NUMBER];

	return store_call(store, error, "book_people", number_text(after, from),
		number_text(through, to), number_text(PAGE, most), STORE_END);
}

/* A page of people into the book; *after is the last id then, or 0: that was the
 * last page. */
static bool load_page(struct store *store, struct book *book, long long *after,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		people_between(store, *after, UINT32_MAX, error);
	long long from = *after;

	if (!rows)
		return false;
	*after = rows_count(rows)
			 ? rows_number(rows, rows_count(rows) - 1, "person")
			 : 0;
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct book_person person = read_person(rows, row);

		book_put(book, &person);
	}
	return !*after || load_pairs_between(store, book, from, *after, error);
}

bool book_load_clock(
	struct store *store, struct book *book, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "book_clock", STORE_END);

	if (!rows || !rows_count(rows))
		return false;
	book_set_clock(book, rows_number(rows, 0, "now_ms"),
		(int32_t)rows_number(rows, 0, "day"),
		rows_number(rows, 0, "day_ends_ms"));
	return true;
}

bool book_load_all(struct store *store, struct book *book, struct error *error)
{
	struct book *fresh = book_new();
	long long after = 0;
	bool is_loaded = book_load_clock(store, book, error) &&
			 book_load_clock(store, fresh, error);

	while (is_loaded) {
		is_loaded = load_page(store, fresh, &after, error);
		if (!after)
			break;
	}
	if (is_loaded)
		book_take(book, fresh);
	book_free(fresh);
	return is_loaded;
}

/* The rows of one person and of their pairs, or of these alone, into the book. */
static void renew(struct book *book, uint32_t person, const struct rows *rows,
	const struct rows *pair_rows)
{
	size_t count = rows ? rows_count(rows) : 0;
	size_t pair_count = rows_count(pair_rows);
	struct book_person *people = xcalloc(count + 1, sizeof(*people));
	struct pair *pairs = xcalloc(pair_count + 1, sizeof(*pairs));

	for (size_t row = 0; row < count; row++)
		people[row] = read_person(rows, row);
	for (size_t row = 0; row < pair_count; row++)
		pairs[row] = read_pair(pair_rows, row);
	book_renew(
		book, person, rows ? people : NULL, count, pairs, pair_count);
	free(people);
	free(pairs);
}

static struct rows *pairs_of(
	struct store *store, uint32_t patient, struct error *error)
{
	char from[NUMBER], to[NUMBER];

	return store_call(store, error, "book_pairs",
		number_text((long long)patient - 1, from),
		number_text(patient, to), STORE_END);
}

bool book_load_person(struct store *store, struct book *book, uint32_t person,
	struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		people_between(store, (long long)person - 1, person, error);
	struct rows *pairs AUTO(rows_release) =
		rows ? pairs_of(store, person, error) : NULL;

	if (!pairs)
		return false;
	renew(book, person, rows, pairs);
	return true;
}

bool book_load_pairs(struct store *store, struct book *book, uint32_t patient,
	struct error *error)
{
	struct rows *pairs AUTO(rows_release) = pairs_of(store, patient, error);

	if (!pairs)
		return false;
	renew(book, patient, NULL, pairs);
	return true;
}
