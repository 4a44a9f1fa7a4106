/* when_wish.c - the days and times of a sentence, weighed into one wish.
 *
 * What is denied ("not monday"), past ("since monday") or to be left ("from
 * monday" of a move) is read but not wished for. Of several wishes for a day or
 * a time the last one counts: people correct themselves forwards. */
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define TIMES (CLOCK | HOURS | PART)
#define CLAUSE_END (COMMA | STOP | BUT | OTHERWISE | SAY)
/* Small words that belong to the time after them. */
#define CONNECTIVE                                                          \
	(THE | ON | AT | IN | FOR | FROM | UNTIL | ABOUT | AFTER | BEFORE | \
		BETWEEN | TO | A | ANY | OF)

/* The wish while it is read. */
struct wish {
	struct reader *reader;
	struct when *when;
	int32_t part; /* that was named, or -1 */
	bool is_open; /* the time may be read in both halves of the day */
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
		reader->pieces[at].is_gone = true;
}

/* Marks what is no wish. */
static void mark_gone(struct reader *reader)
{
	bool is_denied = false, is_left = false;

	for (size_t i = 0; i < reader->count; i++) {
		struct piece *piece = &reader->pieces[i];
		const struct piece *next = piece + 1;
		bool has_next = i + 1 < reader->count;

		if (is_clause_end(piece))
			is_denied = false;
		if (piece->kind == TO)
			is_left = false;
		if (piece->kind == FROM && reader->has_move)
			is_left = true;
		if (piece->kind == GONE)
			is_denied = true;
		/* "can't you do monday" asks for monday */
		if (piece->kind == NOT &&
			!(has_next && (next->kind & PRONOUN))) {
			if (denies_forward(reader, i))
				is_denied = true;
			else
				deny_back(reader, i);
		}
		if (is_denied || is_left)
			piece->is_gone = true;
	}
}

static void wish_day(struct wish *wish, const struct piece *days)
{
	struct when *when = wish->when;

	if (when->has_day && days->first_day <= when->first_day &&
		days->last_day >= when->last_day &&
		days->last_day > days->first_day)
		return; /* "monday, next week" says less than before */
	when->has_day = true;
	when->first_day = days->first_day;
	when->last_day = days->last_day;
	when->is_ambiguous = days->is_ambiguous;
	when->other_day = days->is_ambiguous ? days->other_day : 0;
}

static void set_hours(struct wish *wish, int first, int last)
{
	wish->when->has_time = true;
	wish->when->first_minute = first;
	wish->when->last_minute = last;
}

/* The time of an open clock with what is known of the part of the day. */
static int settle(const struct wish *wish, int minute, int usual)
{
	return wish->part < 0 ? usual
			      : minute_in_part(minute % 720, wish->part);
}

static void wish_clock(struct wish *wish, const struct piece *clock)
{
	int minute = usual_minute(clock);

	wish->is_open = clock->is_open;
	if (clock->is_open)
		minute = settle(wish, minute, minute);
	minute %= MINUTES_PER_DAY;
	set_hours(wish, minute, minute);
	wish->when->is_approximate = clock->is_approximate;
}

/* Hours after a time: they narrow hours that overlap, and leave an exact time
 * that lies in them as it is. */
static void wish_hours(struct wish *wish, int first, int last)
{
	struct when *when = wish->when;

	if (when->has_time && when->first_minute == when->last_minute &&
		when->first_minute >= first && when->first_minute < last)
		return;
	if (when->has_time && when->first_minute < when->last_minute &&
		when->first_minute < last && first < when->last_minute) {
		first = first > when->first_minute ? first : when->first_minute;
		last = last < when->last_minute ? last : when->last_minute;
	}
	set_hours(wish, first, last);
}

/* A part of the day also says how the clock before it is to be read. */
static void wish_part(struct wish *wish, int32_t part, int first, int last)
{
	struct when *when = wish->when;

	wish->part = part;
	if (when->has_time && wish->is_open) {
		int minute = minute_in_part(when->first_minute % 720, part);
		int length = when->last_minute - when->first_minute;

		if (when->last_minute < MINUTES_PER_DAY &&
			when->first_minute > 0) {
			set_hours(wish, minute, minute + length);
			return;
		}
	}
	wish_hours(wish, first, last);
}

static void wish_range(struct wish *wish, const struct piece *hours)
{
	int first = hours->first_minute, last = hours->last_minute;

	wish->is_open = hours->is_open;
	if (hours->is_open && wish->part >= 0) {
		int length = last - first;

		if (first == 0) {
			last = minute_in_part(last % 720, wish->part);
		} else {
			first = minute_in_part(first % 720, wish->part);
			last = last == MINUTES_PER_DAY ? last : first + length;
		}
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

	mark_gone(reader);
	for (size_t i = 0; i < reader->count; i++) {
		const struct piece *piece = &reader->pieces[i];

		if (piece->kind == OTHERWISE &&
			(when->has_day || when->has_time))
			break;
		if (!is_when(piece))
			continue;
		add_span(&wish, i);
		if (!piece->is_gone)
			wish_piece(&wish, piece);
	}
	settle_today(&wish);
	return when->has_day || when->has_time || when->is_soonest;
}
