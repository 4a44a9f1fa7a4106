/* wording.c - every sentence that the clinic says passes here. */
#include "desk/wording.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"

#define PAIRS 16

struct pair {
	const char *name;
	const char *value;
};

static const char *const weekdays[] = {
	"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

const char *in_words(const char *language UNUSED, const char *sentence)
{
	return sentence; /* English is the only language yet */
}

static void add_value(struct strbuf *out, const struct pair *pairs,
	size_t pair_count, const char *name, size_t length)
{
	for (size_t i = 0; i < pair_count; i++) {
		if (strlen(pairs[i].name) == length &&
			memcmp(pairs[i].name, name, length) == 0) {
			strbuf_add(out, pairs[i].value);
			return;
		}
	}
}

void say(struct strbuf *out, const char *language, const char *sentence, ...)
{
	struct pair pairs[PAIRS];
	size_t pair_count = 0;
	va_list arguments;

	va_start(arguments, sentence);
	while (pair_count < PAIRS) {
		const char *name = va_arg(arguments, const char *);

		if (!name)
			break;
		pairs[pair_count].name = name;
		pairs[pair_count++].value = va_arg(arguments, const char *);
	}
	va_end(arguments);

	sentence = in_words(language, sentence);
	while (*sentence) {
		const char *open = strchr(sentence, '{');
		const char *close = open ? strchr(open, '}') : NULL;

		if (!close) {
			strbuf_add(out, sentence);
			return;
		}
		strbuf_add_bytes(out, sentence, (size_t)(open - sentence));
		add_value(out, pairs, pair_count, open + 1,
			(size_t)(close - open - 1));
		sentence = close + 1;
	}
}

void say_title(struct strbuf *out, const char *language, const char *text)
{
	size_t start = out->length;

	strbuf_add(out, in_words(language, text));
	if (out->length > start)
		out->text[start] =
			(char)toupper((unsigned char)out->text[start]);
}

static void say_day(struct strbuf *out, const char *language, int32_t day,
	int32_t today, unsigned how)
{
	struct civil_date date = civil_date(day);

	if ((how & SAY_RELATIVE) && (day == today || day == today + 1))
		strbuf_addf(out, "%s, ",
			in_words(
				language, day == today ? "today" : "tomorrow"));
	strbuf_addf(out, "%s %d %s",
		in_words(language, weekdays[civil_weekday(day)]), date.day,
		in_words(language, months[date.month - 1]));
	if ((how & SAY_YEAR) || date.year != civil_date(today).year)
		strbuf_addf(out, " %d", date.year);
}

void say_moment(struct strbuf *out, const char *language,
	struct civil_moment moment, struct civil_moment now, unsigned how)
{
	char text[CIVIL_TEXT_SIZE];

	if (how & (SAY_DAY | SAY_YEAR))
		say_day(out, language, moment.day, now.day, how);
	if ((how & (SAY_DAY | SAY_YEAR)) && (how & SAY_TIME))
		strbuf_add(out, ", ");
	if (how & SAY_TIME)
		strbuf_add(out, civil_print_minute(moment.minute, text));
}

void say_stretch(struct strbuf *out, const char *language,
	struct civil_moment from, struct civil_moment to,
	struct civil_moment now, unsigned how)
{
	struct strbuf first AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf last AUTO(strbuf_release) = STRBUF_INIT;

	if (to.minute == 0 && to.day > from.day) {
		to.day--; /* the end of a day is said as its 24:00 */
		to.minute = MINUTES_PER_DAY;
	}
	if (from.minute == 0 && to.minute == MINUTES_PER_DAY)
		how &= ~(unsigned)SAY_TIME; /* whole days */
	if (from.day == to.day && !(how & SAY_TIME)) {
		say_moment(out, language, from, now, how);
		return;
	}
	say_moment(&first, language, from, now, how);
	say_moment(
		&last, language, to, now, to.day == from.day ? SAY_TIME : how);
	say(out, language, "{from} to {to}", "from", first.text, "to",
		last.text, NULL);
}

void say_duration(struct strbuf *out, const char *language, long long minutes)
{
	static const struct {
		long long minutes;
		const char *one, *many;
	} units[] = {
		{7LL * 24 * 60, "a week", "weeks"},
		{24LL * 60, "a day", "days"},
		{60, "an hour", "hours"},
		{1, "a minute", "minutes"},
	};

	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (minutes % units[i].minutes || !minutes)
			continue;
		if (minutes == units[i].minutes)
			strbuf_add(out, in_words(language, units[i].one));
		else
			strbuf_addf(out, "%lld %s", minutes / units[i].minutes,
				in_words(language, units[i].many));
		return;
	}
	strbuf_addf(out, "0 %s", in_words(language, "minutes"));
}

void say_durations(
	struct strbuf *out, const char *language, const char *minutes)
{
	size_t start = out->length;
	char *end;
	long one = strtol(minutes ? minutes : "", &end, 10);

	while (one > 0) {
		const char *rest = end;
		long next = strtol(rest, &end, 10);

		if (out->length > start)
			strbuf_add(out,
				next > 0 ? ", " : in_words(language, " and "));
		say_duration(out, language, one);
		one = end == rest ? 0 : next;
	}
}
