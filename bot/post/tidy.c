/* tidy.c - forgets what nobody asks for any more, an hour at a time. */
#include "post/tidy.h"

#include <stdio.h>

#include "base/log.h"
#include "store/store.h"

#define MOST "500" /* rows of each kind */

bool tidy_some(
	struct store *store, int audit_days, bool *is_more, struct error *error)
{
	char days[12];
	struct rows *rows AUTO(rows_release) = NULL;

	(void)snprintf(days, sizeof(days), "%d", audit_days);
	rows = store_call(store, error, "tidy", MOST, days, STORE_END);
	if (!rows)
		return false;
	if (rows_number(rows, 0, "gone"))
		log_info("rows forgotten count=%lld",
			rows_number(rows, 0, "gone"));
	*is_more = rows_bool(rows, 0, "is_more");
	return true;
}
