/* fuzz_series.c - whatever is said of visits that come again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/series.h"
#include "desk/text.h"

#define TODAY 20787 /* 2026-11-30 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_true)
{
	if (!is_true)
		abort();
}

/* What was read can be kept and said, and its days are in order and after today. */
static void check(const struct series *read)
{
	AUTO(strbuf_release) struct strbuf kept = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf twice = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf said = STRBUF_INIT;
	AUTO(expansion_release) struct expansion days = EXPANSION_INIT;
	struct series again;
	struct error error;

	series_print(read, &kept);
	must(series_of(kept.text, &again));
	series_print(&again, &twice);
	must(strcmp(kept.text, twice.text) == 0);
	series_say(read, NULL, &said);
	if (series_lacks_day(read) || read->minute < 0 ||
		read->end == SERIES_OPEN)
		return;
	must(series_days(read, TODAY, &days, &error));
	must(days.count <= SERIES_MOST + 1);
	for (size_t i = 0; i < days.count; i++)
		must(days.windows[i].from.day >
				(i ? days.windows[i - 1].from.day : TODAY) &&
			days.windows[i].from.minute == read->minute);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free_text) char *raw = xstrndup((const char *)data, size);
	AUTO(strbuf_release) struct strbuf clean = STRBUF_INIT;
	struct request request = {.now = {.day = TODAY, .minute = 480},
		.language = "en-GB",
		.roles = ROLE_PATIENT};
	struct series series = {.minute = -1};
	struct reading reading;
	const char *second;

	if (!text_clean(raw, &clean) || clean.length > TEXT_LIMIT)
		return 0;
	reading_init(&reading, &request, clean.text, false);
	if (series_read(&series, &reading, &request, false))
		check(&series);
	reading_release(&reading);
	/* The second half changes what the first one said. */
	second = clean.text + clean.length / 2;
	while ((*second & 0xc0) == 0x80)
		second++;
	reading_init(&reading, &request, second, true);
	if (series_read(&series, &reading, &request, true))
		check(&series);
	reading_release(&reading);
	return 0;
}
