/* test_form.c - data forms: asking, and reading what clients send back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "xmpp/form.h"

static void assert_value(
	const stanza *form, const char *name, const char *expected)
{
	AUTO(free_text) char *value = form_value(form, name);

	if (!expected)
		assert_null(value);
	else
		assert_string_equal(value, expected);
}

static void a_form_asks(void **state UNUSED)
{
	AUTO(stanza_release) stanza *form = form_new("Book", "Choose a time");
	stanza *slot = form_add(form, &(struct form_field){.name = "slot",
					      .input = FORM_CHOICE,
					      .label = "Time",
					      .value = "2",
					      .is_required = true});
	form_add_option(slot, "1", "Mon 9:00");
	form_add_option(slot, "2", NULL);
	form_add(form, &(struct form_field){.name = "note",
			       .input = FORM_LINES,
			       .value = "one\ntwo"});
	AUTO(free_text) char *text = stanza_print(form);
	AUTO(stanza_release) stanza *again = stanza_parse(text);

	assert_true(stanza_is(again, "x", NS_DATA));
	assert_string_equal(stanza_get(again, "type"), "form");
	assert_false(form_is_submitted(again));
	const stanza *field = stanza_find(again, "field", NULL);
	assert_string_equal(stanza_get(field, "type"), "list-single");
	assert_string_equal(stanza_get(field, "label"), "Time");
	assert_non_null(stanza_find(field, "required", NULL));
	assert_non_null(stanza_find(field, "option", NULL));
	assert_value(again, "slot", "2");
	assert_value(again, "note", "one\ntwo");
	assert_null(strstr(text, "label=\"\""));
}

/* Gajim 1.7 sends the whole form back, options before the answer. */
static void options_are_not_answers(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *form = stanza_parse(
		"<x xmlns='jabber:x:data' type='submit'><title>Book</title>"
		"<field var='slot' type='list-single' label='Time'><required/>"
		"<option label='Mon'><value>1</value></option>"
		"<option label='Tue'><value>2</value></option>"
		"<value>2</value></field></x>");

	assert_true(form_is_submitted(form));
	assert_value(form, "slot", "2");
}

static void what_is_missing_is_no_value(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *form = stanza_parse(
		"<x xmlns='jabber:x:data' type='submit'>"
		"<field/><field var='empty'/><field "
		"var='blank'><value/></field>"
		"<field var='strange' xmlns='else'><value>1</value></field>"
		"<field var='other'><value xmlns='else'>1</value></field>"
		"<field var='yes'><value>true</value></field>"
		"<field var='one'><value>1</value></field>"
		"<field var='no'><value>0</value></field></x>");

	assert_value(form, "absent", NULL);
	assert_value(form, "empty", NULL);
	assert_value(form, "blank", "");
	assert_value(form, "strange", NULL);
	assert_value(form, "other", NULL);
	assert_true(form_is_ticked(form, "yes"));
	assert_true(form_is_ticked(form, "one"));
	assert_false(form_is_ticked(form, "no"));
	assert_false(form_is_ticked(form, "absent"));
}

static void a_form_is_found_in_a_command(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *command = stanza_parse(
		"<command xmlns='http://jabber.org/protocol/commands'>"
		"<x xmlns='else'/><x xmlns='jabber:x:data' type='cancel'/>"
		"</command>");
	AUTO(stanza_release) stanza *none = stanza_parse("<command/>");

	assert_non_null(form_find(command));
	assert_false(form_is_submitted(form_find(command)));
	assert_null(form_find(none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_asks),
		cmocka_unit_test(options_are_not_answers),
		cmocka_unit_test(what_is_missing_is_no_value),
		cmocka_unit_test(a_form_is_found_in_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
