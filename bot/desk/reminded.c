/* reminded.c - what is said right under a reminder, which is about its visit. */
#include <string.h>

#include "base/log.h"
#include "commands/list.h"
#include "commands/reminders.h"
#include "desk/fields.h"
#include "desk/shorts.h"
#include "desk/turn.h"

#define COMING                                                                \
	"i'll be there|i will be there|i'll come|i will come|i'm coming"      \
	"|i am coming|coming|see you|see you then|see you there|see you soon" \
	"|see you tomorrow|will do|yes i can come|yes i can|yes i will"       \
	"|yes i will come|yes i'll come|yes i'll be there|yes i am coming"    \
	"|yes i will be there|yes i'm coming|yes see you then"                \
	"|ok see you then|thanks see you then|thank you see you then"

static bool agrees_to_come(
	const struct reading *reading, const struct meant *meant)
{
	if (meant->command && meant->weight >= SURELY &&
		meant->command != &command_confirm)
		return false;
	return says_yes(reading, &command_confirm) ||
	       reading_is_one_of(reading, COMING);
}

/* Says that they come; a question that was open is asked again. */
static void confirm(struct turn *turn)
{
	struct error error;

	turn_begin_line(turn);
	if (!confirm_visits(turn->request, turn->request->reminded, NULL,
		    turn->answer, &error))
		turn_report(turn, &error);
	if (!turn->is_open)
		return;
	turn_begin_line(turn);
	if (turn->form.asking == FORM_GUESS)
		turn_close(turn);
	else if (turn->form.asking >= 0)
		turn_ask(turn);
	else
		turn_proceed(turn, false);
}

bool turn_answers_reminder(struct turn *turn, const char *sentence)
{
	struct reading reading;
	struct meant meant;
	bool is_answer = true;

	if (!turn->request->reminded)
		return false;
	reading_init(&reading, turn->request, sentence, false);
	meant = understand(&reading, turn->request->roles);
	if (agrees_to_come(&reading, &meant)) {
		confirm(turn);
	} else if (!turn->is_open && says(&reading, SHORT_NO)) {
		turn_speak(turn, "Write \"move\" to come at another time, or "
				 "\"cancel\".");
	} else if (turn->is_open && meant.weight >= SURELY &&
		   (meant.command == &command_move ||
			   meant.command == &command_cancel)) {
		turn_close(turn);
		turn_begin(turn, sentence, false);
	} else {
		is_answer = false;
	}
	reading_release(&reading);
	turn->is_of_reminder = turn->is_of_reminder || is_answer;
	return is_answer;
}

void turn_take_reminded(struct turn *turn)
{
	const char *code = turn->request->reminded;

	if (code && !strchr(code, ' ') && narrow_to_visit(&turn->form, code))
		turn->is_of_reminder = true;
}

void turn_leave_reminder(struct turn *turn, bool was_open)
{
	struct error error;

	if (!turn->request->reminded || turn->is_of_reminder ||
		!(was_open || turn->has_begun))
		return;
	if (!store_do(turn->request->store, &error, "reminder_answered",
		    turn->request->jid, STORE_END))
		log_failure(&error, "leaving a reminder");
}
