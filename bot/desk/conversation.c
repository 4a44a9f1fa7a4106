/* conversation.c - what the desk answers to a sentence. */
#include "desk/conversation.h"

#include <string.h>

#include "base/log.h"
#include "desk/text.h"
#include "desk/turn.h"

/* A desk cannot help with what cannot wait, and says so before anything else. */
static bool warn_of_emergency(struct turn *turn, const char *sentence)
{
	static const char *const phrases[] = {"emergency", "ambulance",
		"chest pain", "heart attack", "a stroke", "can't breathe",
		"cannot breathe", "can not breathe", "unconscious",
		"bleeding heavily", "overdose", "suicide", "kill myself"};
	struct reading reading;

	reading_init(&reading, turn->request, sentence, false);
	for (size_t i = 0; i < COUNT_OF(phrases); i++) {
		if (reading_find_phrase(&reading, phrases[i]) < 0)
			continue;
		turn_speak(turn,
			"If this is an emergency, call your emergency number "
			"(112 in Europe) now: I am a program and only book "
			"appointments.");
		reading_release(&reading);
		return true;
	}
	reading_release(&reading);
	return false;
}

bool converse(struct request *request, const char *raw, struct strbuf *answer)
{
	struct turn turn = {.request = request, .answer = answer};
	struct strbuf sentence AUTO(strbuf_release) = STRBUF_INIT;
	struct error error;
	bool was_open = form_load(&turn.form, request);

	turn.is_open = was_open;
	if (strlen(raw) > TEXT_LIMIT) {
		turn_speak(&turn,
			"That is more than I can read at once. Please say "
			"it in a short sentence, or write \"help\".");
	} else if (!text_clean(raw, &sentence)) {
		turn_speak(
			&turn, "I could not read that. Please write it again.");
	} else {
		warn_of_emergency(&turn, sentence.text);
		if (turn_answers_spoken(&turn, sentence.text))
			; /* it was about that message */
		else if (was_open)
			turn_go_on(&turn, sentence.text);
		else
			turn_begin(&turn, sentence.text, false);
	}
	/* After a failure the form stays as it was before; and what was done is
	 * done, even if the form that did it cannot be taken away. */
	if (!turn.is_void && (turn.is_open || was_open) &&
		!form_save(turn.is_open ? &turn.form : NULL, request, &error)) {
		log_failure(&error, "keeping a form");
		if (turn.is_open)
			turn_report(&turn, &error);
	}
	turn_leave_spoken(&turn, was_open);
	form_release(&turn.form);
	return !turn.is_void;
}
