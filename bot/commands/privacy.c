/* privacy.c - what is kept of somebody's messages, and what they said to it. */
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const char *const privacy_options[] = {
	"keep", "keep them", "forget", "keep none from now on", NULL};

static const struct field privacy_fields[] = {{
	.name = "keep",
	.type = &field_choice,
	.label = "My messages",
	.question = "Shall I keep them?",
	.need = FIELD_OPTIONAL,
	.options = privacy_options,
}};

/* " You agreed to that on Mon 30 Nov 2026." */
static void add_consent(struct strbuf *answer, const struct request *request,
	const struct rows *rows, bool is_kept)
{
	const char *way = rows_text(rows, 0, "said_way");
	struct strbuf day AUTO(strbuf_release) = STRBUF_INIT;

	if (!way)
		return;
	say_moment(&day, request->language, moment_of(rows, 0, "said_local"),
		request->now, SAY_DAY | SAY_YEAR);
	say(answer, request->language,
		!is_kept                   ? " You said no to that on {day}."
		: strcmp(way, "told") == 0 ? " You were told so on {day}."
					   : " You agreed to that on {day}.",
		"day", day.text, NULL);
}

static void add_kept(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	say(answer, request->language,
		"What you and a doctor write to each other is kept with the "
		"record ({count} so far); encrypted messages cannot be read "
		"here and are not. Only the two of you can see it, with "
		"\"history with\" and \"search\"; the clinic sees that and "
		"when you write.",
		"count", rows_text(rows, 0, "message_count"), NULL);
	add_consent(answer, request, rows, true);
	say(answer, request->language,
		" To change that write \"privacy forget\".", NULL);
}

static void add_not_kept(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	say(answer, request->language,
		"What you and a doctor write to each other is not kept here, "
		"only that and when you write.",
		NULL);
	add_consent(answer, request, rows, false);
	if (rows_number(rows, 0, "message_count"))
		say(answer, request->language,
			" What was kept before stays with the record "
			"({count}).",
			"count", rows_text(rows, 0, "message_count"), NULL);
	say(answer, request->language,
		" To have it kept with your record write \"privacy keep\".",
		NULL);
}

/* Of what a doctor and a patient write the patient decides. */
static void add_patients_choice(struct strbuf *answer,
	const struct request *request, const struct rows *rows)
{
	say(answer, request->language,
		"What you and your patients write to each other is kept with "
		"their record ({count} so far), unless a patient said no to "
		"that; encrypted messages cannot be read here and are not. "
		"Only you and the patient can see it, with \"history with\" "
		"and \"search\"; the clinic sees that and when you write.",
		"count", rows_text(rows, 0, "message_count"), NULL);
}

static bool run_privacy(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *wish = form_text(form, "keep");
	const char *keep = !wish                       ? NULL
			   : strcmp(wish, "keep") == 0 ? "true"
						       : "false";
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"privacy", request->jid, keep, STORE_END);
	const char *address;

	if (!rows)
		return false;
	address = rows_text(rows, 0, "address");
	if (address)
		say(answer, request->language,
			"Others see you as {address} at the clinic's address, "
			"never your own address. ",
			"address", address, NULL);
	if (!rows_bool(rows, 0, "is_kept_here"))
		say(answer, request->language,
			"This clinic does not keep what you and a doctor write "
			"to each other, only that and when you write.",
			NULL);
	else if (!(request->roles & ROLE_PATIENT))
		add_patients_choice(answer, request, rows);
	else if (rows_bool(rows, 0, "keeps_messages"))
		add_kept(answer, request, rows);
	else
		add_not_kept(answer, request, rows);
	return true;
}

const struct command command_privacy = {
	.name = "privacy",
	.words = "my privacy 9, who can read my messages 9, who sees my "
		 "messages 9, who reads my messages 9, do you keep my "
		 "messages 9, delete my messages 9, delete my chat 9, delete "
		 "my chats 9, forget my messages 9, forget what i wrote 9, "
		 "don't keep my messages 9, dont keep my messages 9, do not "
		 "keep my messages 9, stop keeping my messages 9, keep my "
		 "messages 8, can the clinic read my messages 9, can anyone "
		 "read my messages 9, can anybody read my messages 9, can "
		 "others read my messages 9, is my chat private 9, are my "
		 "messages private 9, is this chat private 9, is this "
		 "private 9",
	.summary = "what is kept of your messages, and who sees you how",
	.synopsis = "privacy [keep or forget]",
	.example = "privacy",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = privacy_fields,
	.field_count = COUNT_OF(privacy_fields),
	.run = run_privacy,
};
