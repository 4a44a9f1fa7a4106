/* wording.h - every sentence that the clinic says passes here.
 *
 * The English sentence stands where it is used, with named {placeholders}; it is
 * also the key under which a language's own sentence will be found, so that a
 * translation is a file and no change of code. */
#ifndef DESK_WORDING_H
#define DESK_WORDING_H

#include "base/civil.h"
#include "base/strbuf.h"

/* Adds sentence in language (BCP 47; NULL: English) to out, each {name} replaced
 * by its value. The arguments are pairs name, value (NULL value: nothing),
 * ended by NULL: say(out, language, "Hello {name}.", "name", name, NULL). */
void say(struct strbuf *out, const char *language, const char *sentence, ...)
	__attribute__((sentinel));

/* What say_moment shows; or them together. */
enum say_how {
	SAY_DAY = 1,      /* "Thu 3 Dec", with the year when it is not now's */
	SAY_YEAR = 2,     /* "Thu 3 Dec 2026", always with the year */
	SAY_TIME = 4,     /* "15:20" */
	SAY_RELATIVE = 8, /* "today" and "tomorrow" go before the day */
};
/* Adds "Thu 3 Dec 2026, 15:20" or what of it how asks for. */
void say_moment(struct strbuf *out, const char *language,
	struct civil_moment moment, struct civil_moment now, unsigned how);
/* "Thu 3 Dec 2026, 15:20 to 15:40"; to another day when it ends on one; whole
 * days, from midnight to midnight, without their times. */
void say_stretch(struct strbuf *out, const char *language,
	struct civil_moment from, struct civil_moment to,
	struct civil_moment now, unsigned how);
/* "a day", "2 hours", "20 minutes" from minutes. */
void say_duration(struct strbuf *out, const char *language, long long minutes);
/* "a day and an hour" from "1440 60". */
void say_durations(
	struct strbuf *out, const char *language, const char *minutes);

/* The same with a capital, as titles and lists of commands begin. */
void say_title(struct strbuf *out, const char *language, const char *text);
/* One word or sentence without placeholders, in language; borrowed. */
const char *in_words(const char *language, const char *sentence);

#endif
