/* call_load.c - the calls under way are read from the database, at a start. */
#include "mirror/call_load.h"

#include "base/clock.h"
#include "base/memory.h"
#include "mirror/calls.h"
#include "mirror/seal.h"

static void open_device(const struct mirror *mirror, const struct rows *rows,
	size_t row, const char *column, struct call *call, enum call_side side)
{
	const char *sealed = rows_text(rows, row, column);
	char resource[SEAL_SIZE];

	if (!sealed || !seal_open(mirror->seal, call_person(call, side), sealed,
			       resource))
		return;
	call->sides[side].device = xstrdup(resource);
	call->sides[side].is_seen = call->sides[side].is_noted = true;
}

/* What stands in the row of devices was seen. Of a call that was answered nobody
 * knows whether its session had begun: an app that has none says so. */
static void put(struct mirror *mirror, const struct rows *rows, size_t row)
{
	struct call call = {
		.doctor = (uint32_t)rows_number(rows, row, "doctor"),
		.patient = (uint32_t)rows_number(rows, row, "patient"),
		.is_doctors = rows_bool(rows, row, "is_doctors"),
		.sid = xstrdup(rows_text(rows, row, "sid")),
		.is_answered = rows_bool(rows, row, "is_answered"),
		.has_session = rows_bool(rows, row, "is_answered"),
		.is_heard = true,
		.begun_ms = clock_monotonic_ms() -
			    1000 * rows_number(rows, row, "age_s"),
	};

	open_device(mirror, rows, row, "caller_device", &call, CALLER);
	open_device(mirror, rows, row, "callee_device", &call, CALLEE);
	calls_begin(mirror->calls, &call);
}

bool call_load(struct mirror *mirror, struct store *store, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "calls_open", STORE_END);

	for (size_t row = 0; rows && row < rows_count(rows); row++)
		put(mirror, rows, row);
	return rows != NULL;
}
