/* horizon.c - keeps the doctors' openings reaching as far as can be booked. */
#include "post/horizon.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/log.h"
#include "base/memory.h"
#include "calendar/expand.h"
#include "store/store.h"

/* Seconds for which the doctors are this bot's alone. */
#define LEASE_S "60"

/* How many rows from first on are the same doctor's: one row is one rule. */
static size_t count_rules(const struct rows *due, size_t first)
{
	long long doctor = rows_number(due, first, "doctor");
	size_t count = 1;

	while (first + count < rows_count(due) &&
		rows_number(due, first + count, "doctor") == doctor)
		count++;
	return count;
}

static bool expand_due(const struct rows *due, size_t first, size_t count,
	struct strbuf *openings, struct error *error)
{
	struct expansion expansion AUTO(expansion_release) = EXPANSION_INIT;
	struct expand_rule *rules;
	int32_t from_day, through_day;
	bool is_done;

	if (!civil_read_date(rows_text(due, first, "from_day"), &from_day) ||
		!civil_read_date(
			rows_text(due, first, "through_day"), &through_day))
		return failed(error, ERROR_BUG, "a horizon has no days");
	rules = xcalloc(count, sizeof(*rules));
	for (size_t i = 0; i < count; i++) {
		rules[i].rrule = rows_text(due, first + i, "rrule");
		rules[i].starts = rows_text(due, first + i, "starts");
		rules[i].ends = rows_text(due, first + i, "ends");
		(void)civil_read_date(rows_text(due, first + i, "first_day"),
			&rules[i].first_day);
	}
	is_done = expand_rules(rules, count, EXPAND_ANCHOR_DAY, from_day,
		through_day, &expansion, error);
	free(rules);
	if (is_done)
		expansion_print(&expansion, openings);
	return is_done;
}

/* *kept counts those whose openings were set. */
static bool set_openings(struct store *store, const struct rows *due,
	size_t first, size_t count, size_t *kept, struct error *error)
{
	struct strbuf openings AUTO(strbuf_release) = STRBUF_INIT;
	const char *doctor = rows_text(due, first, "doctor");

	if (!expand_due(due, first, count, &openings, error)) {
		/* The rules were expanded when they were set: they read. */
		log_error("horizon not kept doctor=%s reason=\"%s\"", doctor,
			error->message);
		return true;
	}
	if (!store_do(store, error, "horizon_set", doctor,
		    rows_text(due, first, "from_day"),
		    rows_text(due, first, "through_day"), openings.text,
		    rows_text(due, first, "version"), STORE_END))
		return false;
	++*kept;
	return true;
}

bool horizon_keep(struct store *store, size_t doctor_count, bool *is_more,
	struct error *error)
{
	char most[24];
	struct rows *due AUTO(rows_release) = NULL;
	size_t kept = 0, claimed = 0, count;

	(void)snprintf(most, sizeof(most), "%zu", doctor_count);
	due = store_call(
		store, error, "horizons_claim", most, LEASE_S, STORE_END);
	if (!due)
		return false;
	for (size_t first = 0; first < rows_count(due); first += count) {
		count = count_rules(due, first);
		claimed++;
		if (!set_openings(store, due, first, count, &kept, error))
			return false;
	}
	*is_more = claimed == doctor_count;
	if (kept)
		log_info("horizon kept doctors=%zu", kept);
	return true;
}
