/* slash.c - what a doctor writes in a chat for the clinic, not for the patient. */
#include "mirror/slash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "desk/conversation.h"
#include "desk/wording.h"
#include "mirror/keeper.h"
#include "mirror/words.h"
#include "store/store.h"

#define NUMBER 24

struct slash {
	struct room *room;
	const struct meeting *meeting;
	const char *word; /* without the slash */
	const char *rest; /* what follows it */
	char patient[NUMBER];
	struct strbuf *answer;
};

static bool say_who(struct slash *slash, struct error *error);
static bool set_contact(struct slash *slash, struct error *error);
static bool hand_over(struct slash *slash, struct error *error);

/* clang-format off */
static const struct {
	const char *word;
	bool (*run)(struct slash *slash, struct error *error);
	const char *help;
	const char *done; /* with {name} */
} commands[] = {
	{"who", say_who, "who this patient is", NULL},
	{"mute", set_contact, "get nothing from this patient for now",
		"{name} is muted: what they write is not passed on, and they "
		"are told so. \"/unmute\" changes that; you can still write."},
	{"unmute", set_contact, "get their messages again",
		"{name} can write to you again."},
	{"end", set_contact, "end the conversation until the next visit",
		"The conversation with {name} is ended. They can write again "
		"when they book a visit, or when you write to them."},
	{"allow", set_contact, "let them write at any time",
		"{name} may write to you at any time, visit or not. \"/end\" "
		"changes that."},
	{"hand", hand_over, "hand this patient over to a colleague: /hand chen",
		NULL},
};
/* clang-format on */

static void say_line(
	struct slash *slash, const char *sentence, const char *value)
{
	if (!value || !*value)
		return;
	if (slash->answer->length)
		strbuf_add_char(slash->answer, '\n');
	say(slash->answer, slash->meeting->sender.language, sentence, "value",
		value, NULL);
}

static void say_visit(
	struct slash *slash, const char *sentence, const char *starts)
{
	AUTO(strbuf_release) struct strbuf when = STRBUF_INIT;
	struct civil_moment at;

	if (!starts || !civil_read_moment(starts, &at))
		return;
	say_moment(&when, slash->meeting->sender.language, at, at,
		SAY_DAY | SAY_YEAR | SAY_TIME);
	say_line(slash, sentence, when.text);
}

static bool say_who(struct slash *slash, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(slash->room->store, error, "chat_who",
			slash->meeting->sender.jid, slash->patient, STORE_END);
	const char *missed;

	if (!rows)
		return false;
	say_line(slash, "{value}", rows_text(rows, 0, "name"));
	say_line(slash, "born {value}", rows_text(rows, 0, "birth_date"));
	say_line(slash, "{value} years old", rows_text(rows, 0, "age"));
	say_line(slash, "phone {value}", rows_text(rows, 0, "phone"));
	say_visit(slash, "last visit with you: {value}",
		rows_text(rows, 0, "last_starts"));
	say_visit(slash, "next visit with you: {value}",
		rows_text(rows, 0, "next_starts"));
	say_line(slash, "visits with you so far: {value}",
		rows_text(rows, 0, "visit_count"));
	missed = rows_text(rows, 0, "missed");
	if (strcmp(missed, "0") != 0)
		say_line(slash, "visits missed: {value}", missed);
	return true;
}

static bool set_contact(struct slash *slash, struct error *error)
{
	struct rows *rows AUTO(rows_release) = store_call(slash->room->store,
		error, "contact_set", slash->meeting->sender.jid,
		slash->patient, slash->word, STORE_END);

	if (!rows)
		return false;
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(commands[i].word, slash->word) == 0)
			say(slash->answer, slash->meeting->sender.language,
				commands[i].done, "name",
				rows_text(rows, 0, "name"), NULL);
	/* The book knows it at once, not only when the NOTIFY has come. */
	keeper_refresh(
		slash->room->mirror->keeper, slash->meeting->receiver.id);
	return true;
}

/* The colleague and the patient hear of it where they can write to each other. */
static void tell_both(struct slash *slash, uint32_t colleague)
{
	struct mirror *mirror = slash->room->mirror;
	const struct card *patient = &slash->meeting->receiver;
	AUTO(strbuf_release) struct strbuf sentence = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf doctor = STRBUF_INIT;
	struct card to;

	if (!book_by_id(mirror->book, colleague, &to))
		return;
	words_add_name(&doctor, &slash->meeting->sender);
	say(&sentence, to.language,
		"{doctor} hands {patient} over to you: you can write to each "
		"other here. \"/who\" shows who it is.",
		"doctor", doctor.text, "patient", patient->name, NULL);
	words_tell(mirror, to.jid, &to, patient, sentence.text);
	strbuf_reset(&sentence);
	say(&sentence, patient->language,
		"{doctor} asks a colleague to go on with you: you can write "
		"to {colleague} here.",
		"doctor", doctor.text, "colleague", "{other}", NULL);
	words_tell(mirror, patient->jid, patient, &to, sentence.text);
}

static bool hand_over(struct slash *slash, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;

	if (!*slash->rest)
		return failed(error, ERROR_USAGE,
			"write to whom, for example \"/hand dr chen\"");
	rows = store_call(slash->room->store, error, "hand_over",
		slash->meeting->sender.jid, slash->patient, slash->rest,
		STORE_END);
	if (!rows)
		return false;
	keeper_refresh(
		slash->room->mirror->keeper, slash->meeting->receiver.id);
	say(slash->answer, slash->meeting->sender.language,
		"{name} can talk with {patient} now, and both know it. You "
		"can still write, too.",
		"name", rows_text(rows, 0, "name"), "patient",
		slash->meeting->receiver.name, NULL);
	tell_both(slash, (uint32_t)rows_number(rows, 0, "colleague"));
	return true;
}

static void say_help(struct slash *slash)
{
	const char *language = slash->meeting->sender.language;

	say(slash->answer, language,
		"What begins with \"/\" is for me and is not passed on:", NULL);
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		say(slash->answer, language, "\n/{word}: {help}", "word",
			commands[i].word, "help",
			in_words(language, commands[i].help), NULL);
	say(slash->answer, language,
		"\nTo send a message that begins with \"/\", write \"//\".",
		NULL);
}

static void answer(struct slash *slash)
{
	struct error error;

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcasecmp(commands[i].word, slash->word) != 0)
			continue;
		slash->word = commands[i].word;
		if (commands[i].run(slash, &error))
			return;
		strbuf_reset(slash->answer);
		if (error.kind == ERROR_BUG)
			log_failure(&error, "a slash command");
		say_error(
			slash->answer, slash->meeting->sender.language, &error);
		return;
	}
	say_help(slash);
}

/* "//shrug" is to be sent as "/shrug". */
static void take_slash_off(stanza *incoming, const char *body)
{
	stanza_replace_text(stanza_find(incoming, "body", NULL), body + 1);
}

bool slash_command(struct room *room, const struct meeting *meeting,
	stanza *incoming, const char *body)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	AUTO(free_text) char *word = NULL;
	struct slash slash = {
		.room = room, .meeting = meeting, .answer = &text};

	if (*body != '/' || strncasecmp(body, "/me ", 4) == 0)
		return false;
	if (body[1] == '/') {
		take_slash_off(incoming, body);
		return false;
	}
	word = xstrndup(body + 1, strcspn(body + 1, " \t\r\n"));
	slash.word = word;
	slash.rest = body + 1 + strlen(word);
	slash.rest += strspn(slash.rest, " \t\r\n");
	(void)snprintf(slash.patient, NUMBER, "%" PRIu32, meeting->receiver.id);
	answer(&slash);
	words_send(room->mirror, meeting->sender.jid, &meeting->receiver,
		text.text);
	return true;
}
