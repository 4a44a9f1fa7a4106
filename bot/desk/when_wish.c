/* when_wish.c - the days and times of a sentence, weighed into one wish.
 *
 * What is denied ("not monday"), past ("since monday") or to be left ("from
 * monday" of a move) is read but not wished for. Of several wishes for a day or
 * a time the last one counts: people correct themselves forwards. */
#include "desk/when_calendar.h"
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define OPEN_END 13 /* days after the first when only a beginning is said */
#define TIMES (CLOCK | HOURS | PART)
#define CLAUSE_END (COMMA | STOP | BUT | OTHERWISE)
/* Small words that belong to the time after them. */
#define CONNECTIVE                                                          \
	(THE | ON | AT | IN | FOR | FROM | UNTIL | ABOUT | AFTER | BEFORE | \
		BETWEEN | TO | A | ANY | OF)

/* The wish while it is read. */
struct wish {
	struct reader *reader;
	struct when *when;
	int32_t part;      /* that was named, or -1 */
	bool is_open;      /* the time may be read in both halves of the day */
	bool is_corrected; /* "no" or the like was said after the time */
	bool is_apart;     /* a sentence ended after the time */
	bool is_by;        /* the days are "by friday" */
	bool is_plain;     /* the day is a weekday, of which week is open */
};

static bool is_when(const struct piece *piece)
{
	return (piece->kind & (DAYS | TIMES | SOON)) != 0 ||
	       (piece->kind == ANY && piece->value == ANY_TIME);
}

static bool is_clause_end(const struct piece *piece)
{
	return (piece->kind & CLAUSE_END) ||
	       (piece->kind == DOT && piece->value);
}

/* Whether what NOT denies comes after it in its clause. */
static bool denies_forward(const struct reader *reader, size_t at)
{
	for (size_t i = at + 1; i < reader->count; i++) {
		if (is_clause_end(&reader->pieces[i]))
			return false;
		if (is_when(&reader->pieces[i]))
			return true;
	}
	return false;
}

/* "monday at 10 does not work": denies what stands before it in its clause. */
static void deny_back(struct reader *reader, size_t at)
{
	while (at-- && !is_clause_end(&reader->pieces[at]))
		reader->pieces[at].is_gone = reader->pieces[at].is_denied =
			true;
}

/* What is said of a day that is no wish is none either: "yesterday evening". */
static void deny_around(struct reader *reader, size_t at)
{
	for (size_t i = at; i-- && !is_clause_end(&reader->pieces[i]);) {
		if (!(reader->pieces[i].kind & (TIMES | CONNECTIVE)))
			break;
		reader->pieces[i].is_gone = true;
	}
	for (size_t i = at + 1; i < reader->count; i++) {
		if (!(reader->pieces[i].kind & (TIMES | CONNECTIVE)))
			break;
		reader->pieces[i].is_gone = true;
	}
}

/* "I can't before 10" is a wish for 10 or later. */
static bool turn_round(struct piece *piece)
{
	int32_t last_day = piece->last_day;

	if (!piece->is_until)
		return false;
	if (piece->kind == HOURS && piece->first_minute == 0) {
		piece->first_minute = piece->last_minute;
		piece->last_minute = MINUTES_PER_DAY;
	} else if (piece->kind == HOURS) {
		piece->last_minute = piece->first_minute;
		piece->first_minute = 0;
	} else if (piece->kind == DAYS) {
		piece->first_day = last_day + (piece->value != TILL);
		piece->last_day = piece->first_day + OPEN_END;
	}
	return true;
}

/* Where the walk of mark_gone is. */
struct denial {
	bool is_denied;
	bool is_left;   /* "from monday" of a move */
	bool has_goal;  /* "to" of a move was there */
	bool has_found; /* what is denied was said already */
	bool is_not;    /* by "not", rather than by being in the past */
};

static void deny_piece(struct reader *reader, size_t at, struct denial *denial)
{
	struct piece *piece = &reader->pieces[at];

	if (is_when(piece)) {
		denial->has_found = true;
		if (denial->is_not && turn_round(piece))
			return;
	}
	piece->is_gone = true;
	piece->is_denied = denial->is_not && denial->is_denied;
}

/* Marks what is no wish. */
static void mark_gone(struct reader *reader)
{
	struct denial denial = {0};

	for (size_t i = 0; i < reader->count; i++) {
		struct piece *piece = &reader->pieces[i];
		bool has_pronoun =
			i + 1 < reader->count && (piece[1].kind & PRONOUN);

		if (piece->kind == DAYS && piece->is_gone)
			deny_around(reader, i);
		/* "not free tomorrow book it on friday" */
		if (is_clause_end(piece) ||
			(denial.has_found &&
				(piece->kind & (ASK | SAY | PRONOUN))))
			denial.is_denied = false;
		if (is_goal(reader, i)) {
			denial.is_left = false;
			denial.has_goal = true;
		}
		if (piece->kind == FROM && reader->has_move && !denial.has_goal)
			denial.is_left = true;
		/* "can't you do monday" asks for monday */
		if ((piece->kind & GONE) ||
			(piece->kind == NOT && !has_pronoun)) {
			denial = (struct denial){.is_left = denial.is_left,
				.has_goal = denial.has_goal,
				.is_denied = piece->kind == GONE ||
					     denies_forward(reader, i),
				.is_not = piece->kind == NOT};
			if (!denial.is_denied)
				deny_back(reader, i);
		}
		if (denial.is_denied || denial.is_left)
			deny_piece(reader, i, &denial);
	}
}

/* "next week, preferably tuesday" and the other way round: the weekday of that
 * week. False: the two have nothing to do with each other. */
static bool wish_weekday_of(
	struct when *when, int32_t weekday_day, int32_t first, int32_t last)
{
	int32_t day = weekday_from(first, (int)civil_weekday(weekday_day));

	if (day > last || last - first > 6)
		return false;
	when->first_day = when->last_day = day;
	return true;
}

static void wish_day(struct wish *wish, const struct piece *days)
{
	struct when *when = wish->when;
	int32_t today = wish->reader->now.day;
	bool was_plain = wish->is_plain;

	wish->is_plain = days->is_plain;
	if (days->is_plain && when->has_day &&
		wish_weekday_of(
			when, days->first_day, when->first_day, when->last_day))
		return;
	if (was_plain && wish_weekday_of(when, when->first_day, days->first_day,
				 days->last_day))
		return;
	if (when->has_day && days->first_day <= when->first_day &&
		days->last_day >= when->last_day &&
		days->last_day > days->first_day)
		return; /* "monday, next week" says less than before */
	when->has_day = true;
	when->first_day = days->first_day;
	when->last_day = days->last_day;
	/* What is left of this week. */
	if (when->first_day < today && when->last_day >= today)
		when->first_day = today;
	wish->is_by = days->is_until && days->value == 0;
	when->is_ambiguous = days->is_ambiguous;
	when->other_day = days->is_ambiguous ? days->other_day : 0;
}

static void set_hours(struct wish *wish, int first, int last)
{
	wish->when->has_time = true;
	wish->when->first_minute = first;
	wish->when->last_minute = last;
	wish->is_corrected = false;
}

static bool is_exact(const struct when *when)
{
	return when->has_time && when->first_minute == when->last_minute;
}

static void wish_clock(struct wish *wish, const struct piece *clock)
{
	int minute = usual_minute(clock);

	if (clock->is_weak && is_exact(wish->when))
		return;
	wish->is_open = clock->is_open;
	if (clock->is_open && wish->part >= 0)
		minute = minute_in_part(minute % 720, wish->part);
	minute %= MINUTES_PER_DAY;
	set_hours(wish, minute, minute);
	wish->when->is_approximate = clock->is_approximate;
}

/* Hours after a time: they narrow hours that overlap. An exact time is changed
 * by a correction only: "at 3, no, in the morning". */
static void wish_hours(struct wish *wish, int first, int last)
{
	struct when *when = wish->when;

	if (is_exact(when) &&
		(!wish->is_corrected || (when->first_minute >= first &&
						when->first_minute < last)))
		return;
	if (when->has_time && !is_exact(when) && when->first_minute < last &&
		first < when->last_minute) {
		first = first > when->first_minute ? first : when->first_minute;
		last = last < when->last_minute ? last : when->last_minute;
	}
	set_hours(wish, first, last);
}

/* A part of the day also says how the open clock before it is to be read. */
static void wish_part(struct wish *wish, int32_t part, int first, int last)
{
	struct when *when = wish->when;
	int length = when->last_minute - when->first_minute;

	wish->part = part;
	if (!when->has_time || !wish->is_open || length >= 720 ||
		wish->is_apart) {
		wish_hours(wish, first, last);
		return;
	}

	int minute = minute_in_part(when->first_minute % 720, part);

	if (minute + length <= MINUTES_PER_DAY)
		set_hours(wish, minute, minute + length);
}

/* Hours between open clocks, read in the part of the day that was named. */
static void wish_range(struct wish *wish, const struct piece *hours)
{
	int first = hours->first_minute, last = hours->last_minute;
	int length = last - first;

	wish->is_open = hours->is_open;
	if (hours->is_open && wish->part >= 0 && first == 0) {
		last = minute_in_part(last % 720, wish->part);
	} else if (hours->is_open && wish->part >= 0) {
		first = minute_in_part(first % 720, wish->part);
		last = last == MINUTES_PER_DAY ||
				       first + length > MINUTES_PER_DAY
			       ? MINUTES_PER_DAY
			       : first + length;
	}
	wish_hours(wish, first, last);
}

static void wish_piece(struct wish *wish, const struct piece *piece)
{
	int16_t first = 0, last = 0;

	if (piece->kind == DAYS)
		wish_day(wish, piece);
	if (piece->kind == DAYS && piece->has_hours) {
		if (piece->value >= 0)
			wish_part(wish, piece->value, piece->first_minute,
				piece->last_minute);
		else
			set_hours(
				wish, piece->first_minute, piece->last_minute);
	} else if (piece->kind == CLOCK) {
		wish_clock(wish, piece);
	} else if (piece->kind == HOURS) {
		wish_range(wish, piece);
	} else if (piece->kind == PART) {
		part_hours(piece->value & ~DOUBT, &first, &last);
		wish_part(wish, piece->value & ~DOUBT, first, last);
	} else if (piece->kind == SOON) {
		wish->when->is_soonest = true;
	}
	wish->is_apart = false;
}

/* "an hour later": what it is counted from is not said here. */
static void wish_shift(struct when *when, const struct piece *piece)
{
	bool is_hours = piece->unit == UNIT_HOUR;
	bool is_year = piece->unit == UNIT_YEAR;

	when->shift = (struct when_shift){0};
	if (is_hours || piece->unit == UNIT_MINUTE)
		when->shift.minutes = piece->shift * (is_hours ? 60 : 1);
	else if (is_year || piece->unit == UNIT_MONTH)
		when->shift.months = piece->shift * (is_year ? 12 : 1);
	else
		when->shift.days =
			add_units(0, piece->shift, (enum when_unit)piece->unit);
}

/* Whether a day is denied together with a time: "monday at 10 is bad" leaves the
 * rest of the monday. */
static bool is_denied_moment(const struct reader *reader, size_t at)
{
	for (size_t i = at + 1; i < reader->count; i++)
		if (reader->pieces[i].kind & TIMES)
			return reader->pieces[i].is_denied;
		else if (!(reader->pieces[i].kind & CONNECTIVE))
			return false;
	return false;
}

/* Keeps what is not wanted; of several days that are no weekdays the last. */
static void deny_wish(struct wish *wish, size_t at)
{
	const struct piece *piece = &wish->reader->pieces[at];
	struct when *when = wish->when;
	int16_t first = piece->first_minute, last = piece->last_minute;

	if (piece->kind == PART)
		part_hours(piece->value & ~DOUBT, &first, &last);
	if (piece->kind == DAYS && piece->is_plain) {
		when->denied.weekdays |= 1U << civil_weekday(piece->first_day);
	} else if (piece->kind == DAYS && !piece->has_hours) {
		when->denied.first_day = piece->first_day;
		when->denied.last_day = piece->last_day;
	} else if (piece->kind == CLOCK) {
		when->denied.from =
			(int16_t)(usual_minute(piece) % MINUTES_PER_DAY);
		when->denied.to = (int16_t)(when->denied.from + 1);
	} else if (piece->kind & (PART | HOURS)) {
		when->denied.from = first;
		when->denied.to = last;
	} else {
		return;
	}
	when->has_denied = true;
}

/* Adds the bytes of a piece and of the small words before it. */
static void add_span(struct wish *wish, size_t at)
{
	const struct piece *pieces = wish->reader->pieces;
	struct when *when = wish->when;
	size_t from = at,
	       before = when->span_count ? when->spans[when->span_count - 1].to
					 : 0;

	while (from > 0 && (pieces[from - 1].kind & CONNECTIVE) &&
		pieces[from - 1].from >= before)
		from--;
	if (when->span_count && (from == 0 || pieces[from - 1].to <= before)) {
		when->spans[when->span_count - 1].to = pieces[at].to;
		return;
	}
	if (when->span_count < WHEN_SPANS)
		when->spans[when->span_count++] = (struct when_span){
			.from = pieces[from].from, .to = pieces[at].to};
}

/* A time of today that is over is the later one of the same name, if any. */
static void settle_today(struct wish *wish)
{
	struct when *when = wish->when;
	struct civil_moment now = wish->reader->now;

	if (!when->has_day || !when->has_time || !wish->is_open ||
		when->first_day != now.day || when->last_day != now.day ||
		wish->part >= 0)
		return;
	if (when->first_minute == when->last_minute &&
		when->first_minute < now.minute &&
		when->first_minute + 720 > now.minute &&
		when->first_minute < 720)
		set_hours(wish, when->first_minute + 720,
			when->first_minute + 720);
}

bool read_wish(struct reader *reader, struct when *when)
{
	struct wish wish = {.reader = reader, .when = when, .part = -1};

	when->denied = (struct when_denied){.last_day = -1, .to = -1};
	mark_gone(reader);
	for (size_t i = 0; i < reader->count; i++) {
		const struct piece *piece = &reader->pieces[i];

		if (piece->kind == OTHERWISE &&
			(when->has_day || when->has_time))
			break;
		if (piece->kind == BUT)
			wish.is_corrected = true;
		if (piece->kind == STOP || (piece->kind == DOT && piece->value))
			wish.is_apart = true;
		if (!is_when(piece) && !piece->is_missing)
			continue;
		add_span(&wish, i);
		if (piece->is_missing)
			when->is_missing = true;
		else if (!piece->is_gone)
			wish_piece(&wish, piece);
		if (piece->is_denied && is_denied_moment(reader, i))
			i++;
		else if (piece->is_denied)
			deny_wish(&wish, i);
		else if (piece->shift)
			wish_shift(when, piece);
	}
	settle_today(&wish);
	when->is_plain = when->has_day && wish.is_plain;
	/* "by friday at 3" is friday at 3 */
	if (wish.is_by && is_exact(when))
		when->first_day = when->last_day;
	return when->has_day || when->has_time || when->is_soonest ||
	       when_is_shift(&when->shift);
}
