/* office.c - when a doctor reads what patients write to her. */
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "commands/list.h"
#include "commands/said.h"
#include "desk/fields.h"
#include "desk/hours.h"
#include "desk/wording.h"

static const struct field office_fields[] = {
	{
		.name = "hours",
		.type = &field_hours,
		.label = "Hours",
		.question = "When do you read messages? (for example mon-fri "
			    "9-17)",
		.need = FIELD_OPTIONAL,
	},
	{
		.name = "answer",
		.type = &field_saying,
		.label = "What patients are told at other times (or "
			 "\"nothing\" for the usual words)",
		.question = "What shall I say to who writes at another time?",
		.need = FIELD_OPTIONAL,
	},
};

/* "mon 09:00-17:00, tue 09:00-17:00" */
static void add_rows(struct strbuf *text, const struct request *request,
	const struct rows *rows)
{
	static const char *const days[] = {
		"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

	for (size_t row = 0; row < rows_count(rows); row++) {
		size_t day = (size_t)rows_number(rows, row, "weekday") - 1;

		strbuf_addf(text, "%s%s %s-%s", row ? ", " : "",
			in_words(request->language, days[day % 7]),
			rows_text(rows, row, "starts"),
			rows_text(rows, row, "ends"));
	}
}

/* rules, saying NULL: as they are. */
static bool set_office(struct request *request, const char *rules,
	const char *saying, struct strbuf *answer, struct error *error)
{
	struct strbuf hours AUTO(strbuf_release) = STRBUF_INIT;
	struct rows *rows AUTO(rows_release) = store_call(request->store, error,
		"office_hours", request->jid, rules, saying, STORE_END);
	const char *said;

	if (!rows)
		return false;
	add_rows(&hours, request, rows);
	said = hours.length ? rows_text(rows, 0, "answer") : NULL;
	say(answer, request->language,
		said ? "You read messages {hours}. Who writes at another time "
		       "is told once a day: \"{said}\". \"office hours say "
		       "nothing\" brings the usual words back, \"no office "
		       "hours\" ends it."
		: hours.length
			? "You read messages {hours}. Who writes at another "
			  "time is told so once a day; to tell it in your own "
			  "words write \"office hours say\" and the words. "
			  "\"no office hours\" ends it."
			: "You have no office hours for messages: nobody is "
			  "told when you read them. To set some write for "
			  "example \"office hours mon-fri 9-17\".",
		"hours", hours.text, "said", said, NULL);
	return true;
}

static bool run_office(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *hours = form_text(form, "hours");
	const char *saying = form_text(form, "answer");
	AUTO(free_text) char *rules = NULL;
	struct hours read;

	if (hours && !hours_read(hours, request->now.day, &read, error))
		return false;
	if (hours)
		rules = print_hours_rules(&read);
	if (saying && strcasecmp(saying, "nothing") == 0)
		saying = "";
	return set_office(request, rules, saying, answer, error);
}

const struct command command_office_hours = {
	.name = "office hours",
	.words = "my office hours 9, set office hours 9, i read messages 8",
	.summary = "when you read what patients write to you",
	.synopsis = "office hours [mon-fri 9-17] [say WORDS]",
	.example = "office hours mon-fri 9-17 say I answer in the evening",
	.roles = ROLE_DOCTOR,
	.fields = office_fields,
	.field_count = COUNT_OF(office_fields),
	.run = run_office,
};

static bool run_no_office(struct request *request,
	const struct form *form UNUSED, struct strbuf *answer,
	struct error *error)
{
	return set_office(request, "[]", NULL, answer, error);
}

const struct command command_no_office_hours = {
	.name = "no office hours",
	.words = "remove office hours 9, ^office hours off 9, ^office "
		 "hours none 9, ^stop office hours 9, forget my office hours 9",
	.summary = "let nobody be told when you read messages",
	.synopsis = "no office hours",
	.example = "no office hours",
	.roles = ROLE_DOCTOR,
	.run = run_no_office,
};
