/* when_words.h - a sentence cut into pieces: what each word means for a time.
 *
 * Private to the reader of days and times (when.h). A language is one table of
 * words (when_english.c); the patterns (when_pattern.h) speak of kinds, never
 * of words, so that most of them serve every language. */
#ifndef DESK_WHEN_WORDS_H
#define DESK_WHEN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHEN_BYTES 4096 /* of a sentence are read */
#define WHEN_PIECES 600 /* and so many pieces */

/* A kind is one bit, so that a place in a pattern is a set of kinds. */
#define BIT(n) (UINT64_C(1) << (n))

/* Numbers and marks. */
#define WORD BIT(0)   /* says nothing of a time */
#define NUMBER BIT(1) /* digits (piece.digits counts them) or a word */
#define ORDINAL BIT(2)
#define SUFFIX BIT(3) /* the "th" of "7th" */
#define COLON BIT(4)
#define DOT BIT(5)
#define COMMA BIT(6)
#define DASH BIT(7)
#define SLASH BIT(8)
#define STOP BIT(9) /* ? ! ; and the end of a line */
/* Small words. */
#define THE BIT(10)
#define OF BIT(11)
#define ON BIT(12)
#define AT BIT(13)
#define IN BIT(14) /* value IN_WITHIN: within */
#define FOR BIT(15)
#define FROM BIT(16)
#define TO BIT(17)
#define AND BIT(18)
#define OR BIT(19)
#define AFTER BIT(20)
#define BEFORE BIT(21)
#define UNTIL BIT(22) /* value TILL: not "by" */
#define ABOUT BIT(23)
#define PAST BIT(24)  /* half past nine */
#define WHICH BIT(25) /* value THIS, NEXT, ... */
#define EDGE BIT(26)  /* value EARLY, MID, ... */
#define AM_PM BIT(27) /* value: minutes to add */
#define OCLOCK BIT(28)
#define FRACTION BIT(29) /* value: minutes of an hour */
#define A BIT(30)
/* Days and parts of them. */
#define WEEKDAY BIT(31)
#define MONTH BIT(32)
#define UNIT BIT(33)     /* value UNIT_MINUTE, ... */
#define PART BIT(34)     /* value PART_MORNING, ... */
#define RELATIVE BIT(35) /* value: days from today, or TONIGHT */
#define FEAST BIT(36)    /* value: month * 100 + day, EASTER + n, ... */
#define FIXED BIT(37)    /* noon: value is its minute */
#define HENCE BIT(38)    /* 3 days from now: value 1; ago: -1; EARLIER */
/* Words that turn a sentence. */
#define NOT BIT(39)
#define BUT BIT(40)  /* a new thought begins, perhaps a correction */
#define MOVE BIT(41) /* from one time to another */
#define OTHERWISE BIT(42)
#define TITLE BIT(43) /* a name follows */
#define THING BIT(44) /* what is counted: people, dollars, streets */
#define PRONOUN BIT(45)
#define SOON BIT(46)
#define ANY BIT(47)
#define SAY BIT(48)  /* "how about": what follows is a wish */
#define ISH BIT(49)  /* "or so" after a time: value 1 approximate */
#define TAIL BIT(50) /* "or later" 1, "or earlier" -1 */
#define BETWEEN BIT(51)
#define GONE BIT(52) /* what follows is in the past, no wish */
/* What patterns make of them. */
#define CLOCK BIT(53)    /* first_minute; is_open: morning or evening unsaid */
#define HOURS BIT(54)    /* [first_minute, last_minute) */
#define DAYS BIT(55)     /* first_day to last_day, perhaps with hours */
#define MONTHDAY BIT(56) /* "the 7th", value */
#define DURATION BIT(57) /* value pieces of unit */
#define ASK BIT(58)      /* book, can, want: a wish begins */
#define PUSH BIT(59)     /* "back" an hour: value 1; "forward": -1; as MOVE */

enum when_unit {
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WORKDAY,
	UNIT_WEEK,
	UNIT_FORTNIGHT,
	UNIT_MONTH,
	UNIT_YEAR,
	UNIT_WEEKEND,
};

enum when_part {
	PART_MORNING,
	PART_AFTERNOON,
	PART_EVENING,
	PART_NIGHT,
	PART_LUNCH,
	PART_AFTER_LUNCH,
	PART_BEFORE_WORK,
	PART_AFTER_WORK,
	PART_AFTER_SCHOOL,
	PART_FIRST_THING,
	PART_END_OF_DAY,
	PART_OFFICE_HOURS,
	PART_BREAKFAST,
	PART_DINNER,
	PART_MIDMORNING,
	PART_MIDAFTERNOON,
};

enum { THIS, NEXT, COMING, LAST, AFTER_NEXT };
enum { EARLY, MID, LATE, REST, FIRST_HALF, SECOND_HALF };
enum {
	TILL = 1,
	BEFORE_DAY, /* of days, like TILL and 0 for "by" */
	IN_WITHIN = 1,
	HOUR_MARK = 1,
	EARLIER = -2, /* of HENCE */
	ANY_TIME = 1,
	ON_OR_AFTER = 1, /* of AFTER */
	NO = 1,          /* of BUT: "no" rather than "but" */
	TONIGHT = 1000,
	EASTER = 2000, /* and so many days */
	THANKSGIVING = 3000,
	MONEY = 1,
	STREET,
	ORDINAL_ONLY, /* the second opinion, not 2 opinions */
	ADJECTIVE,    /* the first available, but not the 12th available */
	/* Added to a value: the word means many other things, too, and needs
	 * company ("may", "sat"), or is a plural ("mornings"). */
	DOUBT = 0x4000,
};

struct piece {
	uint64_t kind;
	int32_t value;
	uint16_t from, to; /* bytes of the sentence */
	uint8_t digits;    /* of a NUMBER; 0: it is a word */
	uint8_t unit;      /* of a DURATION, or of a shift */
	bool is_tight;     /* nothing stands between it and the one before */
	bool is_open;      /* a clock of twelve hours, am or pm not said */
	bool is_capital;   /* written with a capital letter */
	bool is_ambiguous, has_hours, is_approximate;
	bool is_gone;    /* read, but no wish */
	bool is_denied;  /* gone because it is not wanted */
	int16_t shift;   /* so many units from what is spoken of */
	bool is_date;    /* with the name of its month */
	bool is_missing; /* 31 november: it is no day */
	bool is_plain;   /* "tuesday" and no more: of which week is open */
	bool is_weak;    /* a wish only when there is no other */
	bool is_until;   /* an end was said: "until 5", "until friday" */
	int16_t first_minute, last_minute;
	int32_t first_day, last_day, other_day;
};

/* Words that mean the same: "monday, mondays". A word may be several words. */
struct when_words {
	uint64_t kind;
	int32_t value;
	const char *words;
};

struct word_index;

struct when_language {
	const char *tag; /* BCP 47 */
	bool is_month_first;
	const struct when_words *words; /* ended by a row of kind 0 */
	struct word_index *index;       /* made of the words once */
};

/* The language of a tag: the longest one that begins it. NULL is English; any
 * other has English words and, as nearly everywhere, the day before the month. */
const struct when_language *when_language_find(const char *tag);
/* The tables of words, for when_words.c alone. */
extern const struct when_words when_english[];

/* Cuts a sentence into at most WHEN_PIECES pieces; returns their number. */
size_t when_cut(const struct when_language *language, const char *sentence,
	struct piece pieces[WHEN_PIECES]);

#endif
