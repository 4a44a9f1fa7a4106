/* test_understand.c - which command a sentence means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "commands/commands.h"
#include "desk/understand.h"

static const struct request somebody = {
	.session = "",
	.now = {.day = 20787, .minute = 480}, /* Mon 30 Nov 2026, 08:00 */
};

static const char *meaning(const char *sentence, unsigned roles)
{
	struct request speaker = somebody;
	struct reading reading;
	struct meant meant;

	speaker.roles = roles;
	reading_init(&reading, &speaker, sentence, false);
	meant = understand(&reading, roles);
	reading_release(&reading);
	return meant.command ? meant.command->name : "(nothing)";
}

static void every_example_means_its_command(void **state UNUSED)
{
	for (size_t i = 0; commands[i]; i++)
		assert_string_equal(
			meaning(commands[i]->example, commands[i]->roles),
			commands[i]->name);
}

static void every_declaration_is_complete(void **state UNUSED)
{
	for (size_t i = 0; commands[i]; i++) {
		const struct command *command = commands[i];

		assert_non_null(command->summary);
		assert_non_null(command->run);
		assert_true(command->roles);
		assert_ptr_equal(command_named(command->name), command);
		assert_int_equal(strncmp(command->synopsis, command->name,
					 strlen(command->name)),
			0);
		assert_true(command->field_count <= FORM_FIELDS);
		for (size_t f = 0; f < command->field_count; f++) {
			assert_non_null(command->fields[f].question);
			assert_non_null(command->fields[f].label);
			assert_non_null(command->fields[f].type->find);
		}
	}
}

/* docs/commands.md is what carelay --print-commands says. */
static void the_manual_is_up_to_date(void **state UNUSED)
{
	struct strbuf manual AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf kept AUTO(strbuf_release) = STRBUF_INIT;
	FILE *file = fopen("docs/commands.md", "r");
	int byte;

	assert_non_null(file);
	while ((byte = fgetc(file)) != EOF)
		strbuf_add_char(&kept, (char)byte);
	(void)fclose(file);
	commands_print_manual(&manual);
	assert_string_equal(kept.text, manual.text);
}

static void free_sentences_mean_commands(void **state UNUSED)
{
	static const struct {
		const char *sentence, *command;
		unsigned roles;
	} cases[] = {
		{"I need a cardiologist next week in the morning", "book",
			ROLE_PATIENT},
		{"I'd like to see a dermatologist, please", "book",
			ROLE_PATIENT},
		{"can i get an appointment with dr chen on friday", "book",
			ROLE_PATIENT},
		{"could I see dr ruiz tomorrow at twenty to ten instead please",
			"move", ROLE_PATIENT},
		{"move the chen one to friday 10:20", "move", ROLE_PATIENT},
		{"can we reschedule?", "move", ROLE_PATIENT},
		{"what have I got?", "appointments", ROLE_PATIENT},
		{"When is my appointment?", "appointments", ROLE_PATIENT},
		{"show my appointments", "appointments", ROLE_PATIENT},
		{"cancel my appointment with dr ruiz", "cancel", ROLE_PATIENT},
		{"please cancel all my appointments", "cancel", ROLE_PATIENT},
		{"sorry, i can't make it tomorrow", "cancel", ROLE_PATIENT},
		{"remind me 2 days and 3 hours before", "remind me",
			ROLE_PATIENT},
		{"please don't remind me any more", "no reminders",
			ROLE_PATIENT},
		{"what are my reminders?", "reminders", ROLE_PATIENT},
		{"I will be there", "confirm", ROLE_PATIENT},
		{"my phone is +34 600 123 456", "my phone", ROLE_PATIENT},
		{"who's next?", "next", ROLE_DOCTOR},
		{"who is coming tomorrow", "agenda", ROLE_DOCTOR},
		{"i am off tomorrow afternoon", "off", ROLE_DOCTOR},
		{"jane doe has arrived", "arrived", ROLE_DOCTOR},
		{"tom didn't come", "noshow", ROLE_ADMIN},
		{"I am running 20 min late", "late", ROLE_DOCTOR},
		{"when am i free on friday?", "free", ROLE_DOCTOR},
		{"cancel A7K3F because I need another time", "cancel",
			ROLE_PATIENT},
		{"my past visits", "history", ROLE_PATIENT},
		{"remove dr okafor", "remove doctor", ROLE_ADMIN},
		{"files from dr ruiz since monday", "files", ROLE_PATIENT},
		{"what was said in the team of jane?", "team history",
			ROLE_DOCTOR},
		{"team jane: history since monday", "team", ROLE_DOCTOR},
		{"history with dr ruiz", "history with", ROLE_PATIENT},
		{"waitlist for a follow-up with ruiz", "waitlist",
			ROLE_PATIENT},
		{"what can you do?", "help", ROLE_STRANGER},
		{"the weather is nice", "(nothing)", ROLE_ANYBODY},
		{"", "(nothing)", ROLE_ANYBODY},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *meant = meaning(cases[i].sentence, cases[i].roles);

		if (strcmp(meant, cases[i].command))
			print_error("\"%s\" means \"%s\"\n", cases[i].sentence,
				meant);
		assert_string_equal(meant, cases[i].command);
	}
}

static void roles_hide_commands(void **state UNUSED)
{
	assert_string_equal(meaning("stats", ROLE_PATIENT), "(nothing)");
	assert_string_equal(meaning("today", ROLE_PATIENT), "(nothing)");
	assert_string_equal(meaning("history", ROLE_ADMIN), "(nothing)");
}

/* A patient who writes "start" is not told that it is for doctors. */
static void jargon_means_nothing_to_others(void **state UNUSED)
{
	static const char *const sentences[] = {
		"start", "done", "i am late", "free", "arrived"};

	for (size_t i = 0; i < COUNT_OF(sentences); i++) {
		struct request patient = somebody;
		struct reading reading;

		patient.roles = ROLE_PATIENT;
		reading_init(&reading, &patient, sentences[i], false);
		assert_null(understand(&reading, ROLE_ANYBODY).command);
		patient.roles = ROLE_DOCTOR;
		reading_init(&reading, &patient, sentences[i], false);
		assert_non_null(understand(&reading, ROLE_ANYBODY).command);
	}
}

static void mended(const char *sentence, bool is_known, const char *expected)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	struct reading reading;

	reading_init(&reading, &somebody, sentence, false);
	if (expected) {
		assert_true(
			mend_spelling(&reading, ROLE_ANYBODY, is_known, &text));
		assert_string_equal(text.text, expected);
	} else {
		assert_false(
			mend_spelling(&reading, ROLE_ANYBODY, is_known, &text));
	}
	reading_release(&reading);
}

static void spelling_is_mended(void **state UNUSED)
{
	mended("boook dr ruiz", false, "book dr ruiz");
	mended("cancle my apointments", false, "cancle my appointments");
	mended("resheduel it", false, "reschedule it");
	mended("book dr ruiz", false, NULL);
	mended("book dr moore", true, NULL);
	mended("hello there", false, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_means_its_command),
		cmocka_unit_test(every_declaration_is_complete),
		cmocka_unit_test(the_manual_is_up_to_date),
		cmocka_unit_test(free_sentences_mean_commands),
		cmocka_unit_test(roles_hide_commands),
		cmocka_unit_test(jargon_means_nothing_to_others),
		cmocka_unit_test(spelling_is_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
