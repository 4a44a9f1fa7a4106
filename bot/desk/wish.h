/* wish.h - what somebody wished of a visit's time so far.
 *
 * It is kept between messages as the field's hint. A new day keeps the time wished
 * before, and a new time the day: "thursday", then "afternoon". What is not wanted
 * ("not on mondays") stays unwanted. "An hour later" is counted from the base: the
 * time that was chosen last, or that of the visit which is moved. */
#ifndef DESK_WISH_H
#define DESK_WISH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/strbuf.h"
#include "desk/when.h"

struct request;
struct wished;

struct wish {
	bool has_day;
	int32_t first_day, last_day;
	bool is_ambiguous;
	int32_t other_day;
	bool has_time;
	int first_minute, last_minute;
	bool is_soonest;
	bool has_base;
	struct civil_moment base;
	struct when_shift shift; /* which waits for a base */
	struct when_denied denied;
};

#define WISH_SIZE 320
void wish_print(const struct wish *wish, char text[WISH_SIZE]);
/* Of what wish_print made; NULL or anything else is no wish. */
struct wish wish_read(const char *text);

/* The wish with what was said now. is_chosen: the base stands chosen, so a time
 * alone is one of its day. */
struct wish wish_merge(
	struct wish wish, const struct when *when, bool is_chosen);
/* The wish with a base; what waited for one is counted from it. */
struct wish wish_with_base(struct wish wish, struct civil_moment base);

/* One very time, on whatever days. */
bool wish_is_exact(const struct wish *wish);
bool wish_denies(const struct wish *wish);
/* Whether a free time is none of those that are not wanted. */
bool wish_allows(const struct wish *wish, struct civil_moment starts);

/* " on Thu 3 Dec between 12:00 and 18:00" */
void wish_say(struct strbuf *out, const struct request *request,
	const struct wish *wish);
/* As the parameters of API functions. */
void wish_as_parameters(const struct wish *wish, struct wished *wished);

#endif
