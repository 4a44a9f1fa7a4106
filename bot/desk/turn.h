/* turn.h - one turn of the conversation: somebody said something, the desk
 * answers.
 *
 * The rooms of the conversation: opening.c for a sentence that no form waits
 * for, answering.c for one that answers an open form, turn.c for what both do:
 * say, ask the next question, run the command; spoken.c for what is said right
 * under a message that can be answered. */
#ifndef DESK_TURN_H
#define DESK_TURN_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "desk/command.h"
#include "desk/understand.h"

struct turn {
	struct request *request;
	struct form form;
	bool is_open;      /* form is open and will be asked about */
	bool has_begun;    /* a command was begun */
	bool is_of_spoken; /* it was about the message spoken of last */
	bool has_lost;     /* what was chosen had just been taken: lost */
	struct error lost;
	/* Something failed that may work later: the form is kept as it was
	 * before this turn. */
	bool is_void;
	struct strbuf *answer;
};

/* What is said next goes on in the same line; or begins one. */
void turn_go_on_in_line(struct turn *turn);
void turn_begin_line(struct turn *turn);
/* Says a sentence without placeholders; or an error, which is logged too when
 * it is not the person's. */
void turn_speak(struct turn *turn, const char *sentence);
void turn_report(struct turn *turn, const struct error *error);

/* Forgets the open form. */
void turn_close(struct turn *turn);
/* The open field's question, its choices, and how to answer. */
void turn_ask(struct turn *turn);
/* Asks what is still to be known; or the last question; or runs. is_agreed: the
 * last question needs no answer any more. */
void turn_proceed(struct turn *turn, bool is_agreed);
/* Runs the command of the form, which is complete. */
void turn_run(struct turn *turn);

/* opening.c: a sentence that no form waits for. is_guess: it was mended once, so
 * it is not mended again. */
void turn_begin(struct turn *turn, const char *sentence, bool is_guess);
/* Which command of those for these roles is meant. */
struct meant turn_meant(
	struct turn *turn, struct reading *reading, unsigned roles);
/* Says that the command is not for this person; the log and the audit know. */
void turn_refuse(struct turn *turn, const struct command *command);

/* spoken.c: whether the sentence was an answer to the message that the person got
 * last (a reminder, a request, an offer); then it is answered. */
bool turn_answers_spoken(struct turn *turn, const char *sentence);
/* Right under such a message its visit is meant, when the form names no other. */
void turn_take_spoken(struct turn *turn);
/* When the turn was about something else, "yes" does not mean it any more. */
void turn_leave_spoken(struct turn *turn, bool was_open);

/* second_wish.c: "ruiz at 9 and pediatrics at 10" keeps what comes after the "and"
 * for when the open form is done. */
void take_second_wish(struct turn *turn, struct reading *reading);

/* answering.c: a sentence that answers the open form. */
void turn_go_on(struct turn *turn, const char *sentence);

#endif
