/* when_clock.c - 9:40, 3pm, half past nine, 9 o'clock. */
#include "desk/when_pattern.h"

#include "base/attributes.h"

#define NOON (12 * 60)

int usual_minute(const struct piece *clock)
{
	if (!clock->is_open)
		return clock->first_minute;
	return clock->first_minute < 8 * 60 ? clock->first_minute + NOON
					    : clock->first_minute;
}

/* A clock that shows hour and minute. From 1 to 12 without a leading zero it
 * may mean both halves of the day. */
static bool set_clock(struct piece *made, const struct piece *hour, int minute)
{
	bool is_open = hour->value >= 1 && hour->value <= 12 &&
		       !(hour->digits == 2 && hour->value < 10);

	if (hour->value > 24 || minute > 59 || hour->value * 60 + minute > 1440)
		return false;
	made->kind = CLOCK;
	made->is_open = is_open;
	made->first_minute =
		(int16_t)((is_open ? hour->value % 12 : hour->value) * 60 +
			  minute);
	return true;
}

bool number_clock(const struct piece *number, struct piece *made)
{
	struct piece hour = *number;

	if (number->digits < 3)
		return set_clock(made, number, 0);
	hour.value = number->value / 100;
	hour.digits = (uint8_t)(number->digits - 2);
	return set_clock(made, &hour, number->value % 100);
}

/* 9:40, 9.40, 9h40 */
static bool make_hour_minute(const struct match *match, struct piece *made)
{
	const struct piece *hour = match->items[0], *minute = match->items[2];

	if (hour->digits > 2 || minute->digits != 2 || !hour->digits)
		return false;
	return set_clock(made, hour, minute->value);
}

/* 9.40, but 9.40 dollars, 1.30 hours, and "on 9.10" are something else */
static bool make_dotted_clock(const struct match *match, struct piece *made)
{
	if (is_counted(match->after) && match->after->kind & (UNIT | THING))
		return false;
	if ((match->after->kind & (DOT | SLASH)) && match->after->is_tight &&
		!match->after->value)
		return false;
	/* 3.11 may be many things, 3.10 is a time */
	if (match->items[2]->value % 5 && match->after->kind != AM_PM &&
		!(match->before->kind & (AT | ABOUT | FROM | BETWEEN)))
		return false;
	return !match->first->is_tight && make_hour_minute(match, made);
}

/* 9h, 16h; "2h" after "in" or "for" is a length */
static bool make_hour_mark(const struct match *match, struct piece *made)
{
	if (match->items[1]->value != HOUR_MARK ||
		(match->before->kind & (IN | FOR)))
		return false;
	if (!set_clock(made, match->items[0], 0))
		return false;
	made->is_open = false;
	made->first_minute = (int16_t)(match->items[0]->value * 60);
	return true;
}

/* 9h40 */
static bool make_hour_mark_minute(const struct match *match, struct piece *made)
{
	if (match->items[1]->value != HOUR_MARK ||
		match->items[2]->digits != 2 ||
		!set_clock(made, match->items[0], match->items[2]->value))
		return false;
	made->is_open = false;
	made->first_minute =
		(int16_t)(match->items[0]->value * 60 + match->items[2]->value);
	return true;
}

/* 9 o'clock, 12 noon */
static bool make_oclock(const struct match *match, struct piece *made)
{
	if (match->last->kind == FIXED) {
		made->kind = CLOCK;
		made->first_minute = (int16_t)match->last->value;
		return match->items[0]->value == 12;
	}
	return match->last->value != HOUR_MARK &&
	       number_clock(match->items[0], made);
}

/* 0900 hours */
static bool make_military(const struct match *match, struct piece *made)
{
	return match->items[0]->digits >= 3 &&
	       match->items[1]->value == UNIT_HOUR &&
	       number_clock(match->items[0], made);
}

static bool make_fixed(const struct match *match, struct piece *made)
{
	made->kind = CLOCK;
	made->first_minute = (int16_t)match->items[0]->value;
	return true;
}

/* 3 pm, 10:30 a.m., 930am */
static bool make_am_pm(const struct match *match, struct piece *made)
{
	const struct piece *clock = match->items[0];

	*made = (struct piece){
		.from = made->from, .to = made->to, .is_tight = made->is_tight};
	if (clock->kind == NUMBER && clock->is_tight &&
		match->before->kind == DOT &&
		piece_before(match, 1)->kind == NUMBER)
		return false; /* 4.2a */
	if (clock->kind == CLOCK)
		made->first_minute = clock->first_minute;
	else if (!number_clock(clock, made))
		return false;
	if (made->first_minute < NOON)
		made->first_minute =
			(int16_t)(made->first_minute + match->last->value);
	made->kind = CLOCK;
	made->is_open = false;
	return true;
}

/* 5 o'clock: o'clock after what is a clock already */
static bool make_same_clock(const struct match *match, struct piece *made)
{
	made->kind = CLOCK;
	made->first_minute = match->items[0]->first_minute;
	made->is_open = match->items[0]->is_open;
	return true;
}

/* So many minutes past (or, negative, before) an hour. */
static bool set_shifted(
	struct piece *made, const struct piece *hour, int minutes)
{
	if (hour->kind == NUMBER) {
		if (hour->digits > 2 || hour->value < 1 || hour->value > 24)
			return false;
		if (!number_clock(hour, made))
			return false;
	} else {
		made->first_minute = hour->kind == FIXED ? (int16_t)hour->value
							 : hour->first_minute;
		made->is_open = hour->kind == CLOCK && hour->is_open;
		made->kind = CLOCK;
	}
	if (made->first_minute % 60)
		return false;

	int round = made->is_open ? NOON : 2 * NOON;

	made->first_minute =
		(int16_t)((made->first_minute + minutes + round) % round);
	return true;
}

static bool is_minus(const struct piece *word)
{
	return (word->kind & (TO | BEFORE | UNTIL | OF)) != 0;
}

/* half past nine, quarter to 5, a quarter of five */
static bool make_fraction(const struct match *match, struct piece *made)
{
	int minutes = match->items[1]->value;

	if (!is_minus(match->items[2]))
		return set_shifted(made, match->items[3], minutes);
	return minutes == 15 && set_shifted(made, match->items[3], -minutes);
}

/* half 5 */
static bool make_half(const struct match *match, struct piece *made)
{
	return match->items[0]->value == 30 && match->items[1]->value >= 1 &&
	       match->items[1]->value <= 12 && match->before->kind != AND &&
	       (match->before->kind != NUMBER ||
		       piece_before(match, 1)->kind == MONTH) &&
	       !(match->after->kind & (UNIT | THING | COLON)) &&
	       set_shifted(made, match->items[1], 30);
}

/* Whether "10 to 12" means ten minutes before twelve and not two hours. */
static bool is_minutes_to(const struct match *match)
{
	const struct piece *minutes = match->items[0];
	const struct piece *hour = match->items[3];

	if (match->items[1] || (match->before->kind & (AT | ABOUT)))
		return true;
	if (match->before->kind & (FROM | BETWEEN) ||
		(match->before->kind == MONTH && minutes->digits))
		return false;
	if (minutes->value >= 20 || hour->kind == FIXED)
		return true;
	if (match->reader->has_move)
		return false;
	return !minutes->digits && (hour->kind != NUMBER || !hour->digits ||
					   match->items[2]->kind == TO);
}

/* ten to nine, twenty past 3, 5 minutes before noon */
static bool make_minutes(const struct match *match, struct piece *made)
{
	const struct piece *minutes = match->items[0];
	const struct piece *unit = match->items[1], *word = match->items[2];
	int count = minutes->value;

	if (count < 1 || count > 59 || minutes->is_tight)
		return false;
	if (unit ? unit->value != UNIT_MINUTE : count % 5 || count > 29)
		return false;
	if (word->kind == PAST)
		return set_shifted(made, match->items[3], count);
	if (word->kind == OF && (minutes->digits || unit))
		return false;
	if (word->kind == UNTIL && word->value != TILL)
		return false;
	if (!is_minutes_to(match))
		return false;
	return set_shifted(
		made, match->items[3], is_minus(word) ? -count : count);
}

/* ten thirty, nine forty-five; in digits ("10 30") only after "at" */
static bool make_spoken(const struct match *match, struct piece *made)
{
	const struct piece *hour = match->items[0], *minute = match->last;
	bool is_words = !hour->digits && !minute->digits;
	bool is_digits =
		!match->items[1] && match->before->kind != MONTH &&
		hour->digits && hour->digits <= 2 && minute->digits == 2 &&
		((match->before->kind & AT) || match->after->kind == AM_PM);

	if (hour->value < 1 || hour->value > 23 || minute->value > 59 ||
		hour->is_tight || match->after->kind & (THING | UNIT))
		return false;
	if (!is_digits && !(is_words && minute->value >= 10))
		return false;
	return set_clock(made, hour, minute->value);
}

/* clang-format off */
#define TIGHT_NUMBER TIGHT | NUMBER
#define HOUR_LIKE NUMBER | CLOCK | FIXED
static const struct rule rules[] = {
	{{NUMBER, TIGHT | COLON, TIGHT_NUMBER, TIGHT | COLON, TIGHT_NUMBER},
		make_hour_minute},
	{{NUMBER, TIGHT | COLON, TIGHT_NUMBER}, make_hour_minute},
	{{NUMBER, TIGHT | OCLOCK, TIGHT_NUMBER}, make_hour_mark_minute},
	{{NUMBER, TIGHT | DOT, TIGHT_NUMBER}, make_dotted_clock},
	{{NUMBER, TIGHT | OCLOCK}, make_hour_mark},
	{{NUMBER, OCLOCK | FIXED}, make_oclock},
	{{OPTIONAL | A, FRACTION, PAST | TO | AFTER | BEFORE | UNTIL | OF,
		HOUR_LIKE}, make_fraction},
	{{FRACTION, NUMBER}, make_half},
	{{NUMBER, OPTIONAL | UNIT, PAST | TO | AFTER | BEFORE | UNTIL | OF,
		HOUR_LIKE}, make_minutes},
	{{NUMBER, OPTIONAL | DASH, NUMBER}, make_spoken},
	{{NUMBER | CLOCK, OPTIONAL | IN, OPTIONAL | THE, AM_PM}, make_am_pm},
	{{CLOCK, OCLOCK}, make_same_clock},
	{{NUMBER, UNIT}, make_military},
	{{FIXED}, make_fixed},
};
/* clang-format on */

const struct rules clock_rules = {rules, COUNT_OF(rules)};
