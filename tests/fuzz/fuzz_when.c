/* fuzz_when.c - whatever people write where a time is asked for. */
#include <stdint.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "desk/birth.h"
#include "desk/duration.h"
#include "desk/period.h"
#include "desk/weekly.h"
#include "desk/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_true)
{
	if (!is_true)
		abort();
}

/* What every reading promises. */
static void check_when(const struct when_context *context, const char *text)
{
	struct when when;
	bool is_read = when_read(context, text, &when);
	size_t length = strlen(text), at = 0;

	must(is_read == (when.has_day || when.has_time || when.is_soonest));
	must(!when.has_day || when.first_day <= when.last_day);
	must(!when.is_ambiguous || when.has_day);
	must(!when.has_time || (when.first_minute >= 0 &&
				       when.first_minute <= when.last_minute &&
				       when.last_minute <= MINUTES_PER_DAY));
	must(when.span_count <= WHEN_SPANS);
	for (size_t i = 0; i < when.span_count; i++) {
		must(when.spans[i].from >= at);
		must(when.spans[i].from < when.spans[i].to);
		at = when.spans[i].to;
	}
	must(at <= length);
}

/* Hours that were read can be written and read again. */
static void check_weekly(const char *text)
{
	struct weekly weekly, again;
	AUTO(strbuf_release) struct strbuf written = STRBUF_INIT;

	if (!weekly_read(text, &weekly, NULL))
		return;
	weekly_print(&weekly, &written);
	must(weekly_read(written.text, &again, NULL));
	must(again.window_count == weekly.window_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const languages[] = {"en", "en-GB", "xx", NULL};

	if (size < 3)
		return 0;

	struct when_context context = {
		.now = {.day = 17000 + data[0] * 8, .minute = data[1] * 5},
		.language = languages[data[2] & 3],
		.is_answer = (data[2] & 4) != 0,
	};
	AUTO(free_text)
	char *text = xstrndup((const char *)data + 3, size - 3);
	struct birth birth;
	struct period period;
	int minutes;

	check_when(&context, text);
	check_weekly(text);
	if (birth_read(text, context.language, context.now.day, &birth, NULL))
		must(birth.day <= context.now.day);
	if (duration_read(text, context.language, &minutes, NULL))
		must(minutes >= 1 && minutes <= DURATION_MOST);
	if (period_read(&context, text, &period, NULL))
		must(period.from.day < period.to.day ||
			(period.from.day == period.to.day &&
				period.from.minute < period.to.minute));
	return 0;
}
