/* help.c - what the desk can do, told from the commands' own declarations. */
#include <string.h>

#include "commands/commands.h"
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field help_fields[] = {{
	.name = "about",
	.type = &field_text,
	.label = "Command",
	.question = "About which command?",
	.need = FIELD_OPTIONAL,
}};

static void help_about(const struct request *request,
	const struct command *command, struct strbuf *answer)
{
	say(answer, request->language,
		"{name}: {summary}.\nWrite: {synopsis}\nFor example: {example}",
		"name", command->name, "summary",
		in_words(request->language, command->summary), "synopsis",
		command->synopsis, "example", command->example, NULL);
}

static bool run_help(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error UNUSED)
{
	const char *about = form_text(form, "about");
	const struct command *command = about ? command_named(about) : NULL;

	if (command && (command->roles & request->roles)) {
		help_about(request, command, answer);
		return true;
	}
	say(answer, request->language,
		request->roles & (ROLE_PATIENT | ROLE_STRANGER)
			? "Write me as you would write a receptionist, for "
			  "example \"I need a cardiologist next week in the "
			  "morning\". Or one of these:"
			: "You can ask me for:",
		NULL);
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->roles & request->roles)
			strbuf_addf(answer, "\n%s: %s", commands[i]->name,
				in_words(request->language,
					commands[i]->summary));
	say(answer, request->language,
		"\nWrite \"help {name}\" and the like to see how.", "name",
		request->roles & (ROLE_PATIENT | ROLE_STRANGER) ? "book"
								: "move",
		NULL);
	return true;
}

static void add_roles(struct strbuf *out, unsigned roles)
{
	static const struct {
		unsigned role;
		const char *name;
	} names[] = {
		{ROLE_STRANGER, "strangers"},
		{ROLE_PATIENT, "patients"},
		{ROLE_DOCTOR, "doctors"},
		{ROLE_ADMIN, "admins"},
	};
	const char *between = "";

	if (roles == ROLE_ANYBODY) {
		strbuf_add(out, "everybody");
		return;
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!(roles & names[i].role))
			continue;
		strbuf_addf(out, "%s%s", between, names[i].name);
		between = ", ";
	}
}

void commands_print_manual(struct strbuf *out)
{
	strbuf_add(out,
		"# What can be asked of the desk\n\n"
		"Written by `carelay --print-commands` from the declarations "
		"in `bot/commands/`.\n"
		"The desk also understands free sentences; these are the short "
		"forms. Every command\n"
		"is an ad-hoc command (XEP-0050) of the same name too.\n\n"
		"| write | to | for example | who |\n"
		"| --- | --- | --- | --- |\n");
	for (size_t i = 0; commands[i]; i++) {
		strbuf_addf(out, "| `%s` | %s | `%s` | ", commands[i]->synopsis,
			commands[i]->summary, commands[i]->example);
		add_roles(out, commands[i]->roles);
		strbuf_add(out, " |\n");
	}
	strbuf_add(out,
		"\nWhile the desk asks something: a number or a name chooses, "
		"`more` shows further times,\n"
		"`back` goes one question back, `skip` leaves out what may be "
		"left out, `help` says what is\n"
		"being asked, `stop` leaves. A sentence that ends in `yes` "
		"agrees beforehand.\n");
}

const struct command command_help = {
	.name = "help",
	.words = "=? 9, commands 7, what can you do 9, "
		 "how does this work 9, =menu 8, =options 8, "
		 "what can i do 9, how do i 9, how can i 8, "
		 "how does it work 9",
	.summary = "what I can do for you",
	.synopsis = "help [COMMAND]",
	.example = "help book",
	.roles = ROLE_ANYBODY,
	.fields = help_fields,
	.field_count = COUNT_OF(help_fields),
	.run = run_help,
};

static bool run_contact(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error UNUSED)
{
	say(answer, request->language,
		"I can help with appointments only. For anything else please "
		"call or visit {clinic}. In an emergency call your emergency "
		"number (112 in Europe) at once.",
		"clinic", request->clinic_name, NULL);
	return true;
}

const struct command command_contact = {
	.name = "contact",
	.words = "where are you 8, where is the clinic "
		 "8, "
		 "talk to a human 9, talk to a person 9, speak to someone 9, "
		 "speak to a human 9, real person 8, prescription 8, "
		 "feedback 7, delete my account 9, opening hours 8, "
		 "your phone number 9, can i call you 9, call the clinic 9, "
		 "how do i "
		 "call you 9, how do i call the clinic 9, your number 8, your "
		 "address 9, "
		 "are you open 8, complaint 8, to complain 8, "
		 "need to bring 8, test results 8, lab results 8, "
		 "i will be late 7, i'll be late 7, running late 7, running * "
		 "late 7, my results 8, the "
		 "results 8, my insurance 8",
	.summary = "what I cannot do, and whom to ask then",
	.synopsis = "contact",
	.example = "contact",
	.roles = ROLE_ANYBODY,
	.run = run_contact,
};
