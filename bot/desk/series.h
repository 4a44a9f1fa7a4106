/* series.h - visits that come again, as people wish them: "every monday at 10 for
 * 6 weeks", "every other tuesday 9:20 until march", "mondays at 10, 6 times".
 *
 * What is said is a pattern (pattern.h), a time, and an end; each may be missing
 * until it was asked for. */
#ifndef DESK_SERIES_H
#define DESK_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "calendar/expand.h"
#include "desk/pattern.h"
#include "desk/reading.h"
#include "desk/request.h"

/* Nobody has more visits to come. */
#define SERIES_MOST 20

enum series_end {
	SERIES_OPEN, /* not said yet */
	SERIES_TIMES,
	SERIES_DAYS,
	SERIES_WEEKS,
	SERIES_MONTHS,
	SERIES_UNTIL, /* a day, which is included */
};

struct series {
	struct pattern pattern; /* without weekdays: not said yet which */
	int minute;             /* of the day; -1: not said yet */
	int32_t first_day;      /* not before it; 0: from tomorrow on */
	enum series_end end;
	int32_t end_value;
};

/* Reads what the unused words say of a series and takes them, with their day and
 * time. is_known: series holds what was said before, and words that alone mean no
 * series ("at 10", "6 times") change it. False: they say nothing of one. */
bool series_read(struct series *series, struct reading *reading,
	const struct request *request, bool is_known);
/* As one line of text, and back; series_of() is false for any other text. */
void series_print(const struct series *series, struct strbuf *text);
bool series_of(const char *text, struct series *series);

bool series_lacks_day(const struct series *series);
/* Adds "every Mon, Wed at 10:00". */
void series_say(
	const struct series *series, const char *language, struct strbuf *out);
/* The days of a series of which all is said; one more than SERIES_MOST when there
 * are more. today: nothing is on it or before. */
bool series_days(const struct series *series, int32_t today,
	struct expansion *days, struct error *error) MUST_CHECK;

#endif
