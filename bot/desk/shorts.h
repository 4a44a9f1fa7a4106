/* shorts.h - the short things that people answer: yes, no, stop, more, 2. */
#ifndef DESK_SHORTS_H
#define DESK_SHORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "desk/command.h"

enum shorts {
	SHORT_NO,
	SHORT_STOP,
	SHORT_HELP,
	SHORT_BACK,
	SHORT_MORE,
	SHORT_REST, /* more of a list; "next" may be a command there */
	SHORT_SKIP,
	SHORT_HELLO,
	SHORT_THANKS,
	SHORT_WHO, /* who the desk is */
};

/* Whether the whole sentence is such an answer. */
bool says(const struct reading *reading, enum shorts what);
/* Whether the whole sentence agrees, to that command ("cancel it" agrees to a
 * cancelling alone; NULL: to no command's own word). Every unused word of it must: "ok
 * let me think" does not. */
bool says_yes(const struct reading *reading, const struct command *command);
/* Which of the choices a whole sentence names by number ("2", "the second
 * one"); 0 when it is no number. */
size_t says_number(const struct reading *reading);
/* Whether the sentence is a number and nothing else. */
bool is_number_only(const struct reading *reading);

#endif
