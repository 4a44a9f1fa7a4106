/* understand.h - which command a sentence means. */
#ifndef DESK_UNDERSTAND_H
#define DESK_UNDERSTAND_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "desk/command.h"
#include "desk/reading.h"

/* From this weight on a word means its command and hardly anything else. */
#define SURELY 7

struct meant {
	const struct command *command; /* NULL: none */
	char phrase[64];
	int weight; /* 1 to 9 */
	int place;  /* of its first word */
};

/* The command of those that the roles may use which the sentence means most
 * surely (one that is_jargon only when the speaker may use it); of two equally sure ones the one said first. */
struct meant understand(const struct reading *reading, unsigned roles);

/* The sentence with its mistyped words mended, as far as the words of the
 * commands, of days and times, and the names that it mentions can tell. False
 * when there is nothing to mend. Call reading_look_up() before. is_surely: only
 * days and times are mended, because the command is known. */
bool mend_spelling(const struct reading *reading, unsigned roles,
	bool is_command_known, struct strbuf *mended);

#endif
