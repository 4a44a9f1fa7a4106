/* expand.c - recurrence rules become windows of wall-clock time. */
#include "calendar/expand.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

/* Occurrences looked at: every day of more than a century. */
#define OCCURRENCES_MAX 40000
#define EXDATES_MAX 366

/* A rule as it was read. */
struct reading {
	struct icalrecurrencetype recurrence;
	int from_minute, to_minute;
	int32_t exdates[EXDATES_MAX];
	size_t exdate_count;
};

static bool read_minute(const char *text, int *minute)
{
	int hours, minutes, used = 0;

	if (!text || sscanf(text, "%2d:%2d%n", &hours, &minutes, &used) != 2 ||
		(text[used] && strcmp(text + used, ":00") != 0))
		return false;
	if (hours < 0 || minutes < 0 || minutes > 59 ||
		hours * 60 + minutes > MINUTES_PER_DAY)
		return false;
	*minute = hours * 60 + minutes;
	return true;
}

static bool is_list_empty(const short *list)
{
	return list[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

/* "every first Monday" has a meaning in months and years alone. */
static bool counts_weekdays(const struct icalrecurrencetype *r)
{
	for (int i = 0; r->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
		if (icalrecurrencetype_day_position(r->by_day[i]) != 0)
			return true;
	return false;
}

static bool refuse(struct error *error, const char *rrule, const char *why)
{
	return failed(error, ERROR_USAGE, "the recurrence rule \"%.100s\" %s",
		rrule, why);
}

static const char rule_characters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789;=,+-:";

static bool read_recurrence(
	const char *rrule, struct icalrecurrencetype *r, struct error *error)
{
	if (rrule[strspn(rrule, rule_characters)] != '\0')
		return failed(error, ERROR_USAGE,
			"a recurrence rule has letters, digits and ;=,+-: "
			"only");
	if (strlen(rrule) > EXPAND_RULE_SIZE)
		return refuse(error, rrule, "is too long");
	/* Other calendars than the Gregorian (RFC 7529). */
	if (strcasestr(rrule, "RSCALE") || strcasestr(rrule, "SKIP"))
		return refuse(error, rrule, "uses a calendar that is unknown");
	icalerror_clear_errno();
	*r = icalrecurrencetype_from_string(rrule);
	if (r->freq == ICAL_NO_RECURRENCE || icalerrno != ICAL_NO_ERROR)
		return refuse(error, rrule, "cannot be read (see RFC 5545)");
	if (r->freq < ICAL_DAILY_RECURRENCE || !is_list_empty(r->by_hour) ||
		!is_list_empty(r->by_minute) || !is_list_empty(r->by_second))
		return refuse(error, rrule,
			"repeats within a day, which the hours must say");
	if (counts_weekdays(r) && r->freq < ICAL_MONTHLY_RECURRENCE)
		return refuse(error, rrule,
			"counts weekdays, which only months and years can");
	if (r->interval < 1)
		return refuse(error, rrule, "has no interval of 1 or more");
	if (r->until.is_date) { /* that whole day */
		r->until.is_date = 0;
		r->until.hour = 23;
		r->until.minute = r->until.second = 59;
	}
	r->until.zone = NULL; /* floating, as everything here */
	return true;
}

static bool read_exdates(
	const char *text, struct reading *reading, struct error *error)
{
	reading->exdate_count = 0;
	while (text && *text) {
		char date[9];
		size_t length = strcspn(text, ",");
		int y, m, d;

		(void)snprintf(date, sizeof(date), "%.8s", text);
		if (length < 8 || strspn(date, "0123456789") != 8 ||
			sscanf(date, "%4d%2d%2d", &y, &m, &d) != 3 ||
			!civil_exists(y, m, d))
			return failed(error, ERROR_USAGE,
				"\"%.20s\" is not a day to leave out, write "
				"20261224",
				text);
		if (reading->exdate_count == EXDATES_MAX)
			return failed(error, ERROR_USAGE,
				"more than %d days are left out", EXDATES_MAX);
		reading->exdates[reading->exdate_count++] = civil_day(y, m, d);
		text += length;
		text += *text == ',';
	}
	return true;
}

static bool read_rule(const struct expand_rule *rule, struct reading *reading,
	struct error *error)
{
	if (!read_recurrence(rule->rrule, &reading->recurrence, error))
		return false;
	if (!read_minute(rule->starts, &reading->from_minute) ||
		!read_minute(rule->ends, &reading->to_minute) ||
		reading->from_minute >= reading->to_minute)
		return failed(error, ERROR_USAGE,
			"\"%.10s\" to \"%.10s\" is not a window of a day",
			rule->starts, rule->ends);
	return read_exdates(rule->exdates, reading, error);
}

static bool is_left_out(const struct reading *reading, int32_t day)
{
	for (size_t i = 0; i < reading->exdate_count; i++)
		if (reading->exdates[i] == day)
			return true;
	return false;
}

static bool add_window(struct expansion *found, const struct reading *reading,
	int32_t day, struct error *error)
{
	if (found->count == EXPAND_WINDOWS)
		return failed(error, ERROR_USAGE,
			"these hours make more than %d openings",
			EXPAND_WINDOWS);
	/* Room grows in steps of 256. */
	if (found->count % 256 == 0)
		found->windows = xrealloc(found->windows, found->count + 256,
			sizeof(*found->windows));
	found->windows[found->count++] = (struct expand_window){
		.from = {.day = day, .minute = reading->from_minute},
		.to = {.day = day, .minute = reading->to_minute},
	};
	return true;
}

static struct icaltimetype ical_moment(int32_t day, int minute)
{
	struct icaltimetype moment = icaltime_null_time();
	struct civil_date date = civil_date(day);

	moment.year = date.year;
	moment.month = date.month;
	moment.day = date.day;
	moment.hour = minute / 60;
	moment.minute = minute % 60;
	return moment;
}

static bool expand_rule(const struct reading *reading, int32_t anchor_day,
	int32_t from_day, int32_t through_day, struct expansion *found,
	struct error *error)
{
	icalrecur_iterator *iterator =
		icalrecur_iterator_new(reading->recurrence,
			ical_moment(anchor_day, reading->from_minute));
	bool is_fine = true;

	if (!iterator)
		return failed(error, ERROR_USAGE,
			"this recurrence rule names days that cannot be");
	/* Walked from the first day on: libical's iterator_set_start (3.0.16)
	 * loses count of INTERVAL in some rules, and a year of days takes a
	 * fraction of a millisecond. */
	for (int i = 0; is_fine && i < OCCURRENCES_MAX; i++) {
		struct icaltimetype next = icalrecur_iterator_next(iterator);
		int32_t day = civil_day(next.year, next.month, next.day);

		if (icaltime_is_null_time(next) || day > through_day)
			break;
		if (day >= from_day && !is_left_out(reading, day))
			is_fine = add_window(found, reading, day, error);
	}
	icalrecur_iterator_free(iterator);
	return is_fine;
}

static int compare_moments(struct civil_moment a, struct civil_moment b)
{
	if (a.day != b.day)
		return a.day < b.day ? -1 : 1;
	return (a.minute > b.minute) - (a.minute < b.minute);
}

static int compare_windows(const void *left, const void *right)
{
	const struct expand_window *a = left, *b = right;
	int order = compare_moments(a->from, b->from);

	return order ? order : compare_moments(a->to, b->to);
}

static void merge_windows(struct expansion *found)
{
	size_t kept = 0;

	if (found->count == 0)
		return;
	qsort(found->windows, found->count, sizeof(*found->windows),
		compare_windows);
	for (size_t i = 1; i < found->count; i++) {
		struct expand_window *last = &found->windows[kept];
		const struct expand_window *next = &found->windows[i];

		if (compare_moments(next->from, last->to) >= 0)
			found->windows[++kept] = *next;
		else if (compare_moments(next->to, last->to) > 0)
			last->to = next->to;
	}
	found->count = kept + 1;
}

bool expand_rules(const struct expand_rule *rules, size_t rule_count,
	int32_t anchor_day, int32_t from_day, int32_t through_day,
	struct expansion *expansion, struct error *error)
{
	struct expansion found AUTO(expansion_release) = EXPANSION_INIT;
	struct reading reading;

	for (size_t i = 0; i < rule_count; i++)
		if (!read_rule(&rules[i], &reading, error) ||
			!expand_rule(&reading,
				rules[i].first_day ? rules[i].first_day
						   : anchor_day,
				from_day, through_day, &found, error))
			return false;
	merge_windows(&found);
	*expansion = found;
	found = (struct expansion)EXPANSION_INIT;
	return true;
}

void expansion_print(const struct expansion *expansion, struct strbuf *json)
{
	char from[CIVIL_TEXT_SIZE], to[CIVIL_TEXT_SIZE];

	strbuf_add(json, "[");
	for (size_t i = 0; i < expansion->count; i++)
		strbuf_addf(json, "%s[\"%s\",\"%s\"]", i ? "," : "",
			civil_print_moment(expansion->windows[i].from, from),
			civil_print_moment(expansion->windows[i].to, to));
	strbuf_add(json, "]");
}

void expansion_release(struct expansion *expansion)
{
	free(expansion->windows);
	*expansion = (struct expansion)EXPANSION_INIT;
}
