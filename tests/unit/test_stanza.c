/* test_stanza.c - building, reading and answering stanzas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "xmpp/gate.h"
#include "xmpp/stanza.h"

static void assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void assert_prints(const stanza *element, const char *expected)
{
	AUTO(free_text) char *text = stanza_print(element);

	assert_string_equal(text, expected);
}

static void children_inherit_the_namespace(void **state UNUSED)
{
	AUTO(stanza_release) stanza *iq = stanza_new("iq", NULL);
	stanza *query = stanza_add(iq, "query", NS_VERSION);

	stanza_add_text(query, "name", "Carelay");
	assert_prints(iq, "<iq><query xmlns=\"jabber:iq:version\">"
			  "<name>Carelay</name></query></iq>");
	assert_non_null(stanza_find(query, "name", NS_VERSION));
	assert_null(stanza_find(query, "name", NS_DATA));
	assert_string_equal(stanza_ns(iq), "");
}

static void attributes_stay_as_they_are(void **state UNUSED)
{
	AUTO(stanza_release) stanza *element = stanza_new("a", "b:c");
	AUTO(free_text) char *text = NULL;
	AUTO(stanza_release) stanza *again = NULL;

	for (int i = 0; i < 20; i++) {
		AUTO(free_text) char *name = xasprintf("n%d", i);
		AUTO(free_text) char *value = xasprintf("\"%d'\n\t&<>", i);

		stanza_set(element, name, value);
	}
	text = stanza_print(element);
	again = stanza_parse(text);
	assert_non_null(again);
	assert_string_equal(stanza_ns(again), "b:c");
	for (int i = 0; i < 20; i++) {
		AUTO(free_text) char *name = xasprintf("n%d", i);

		assert_string_equal(
			stanza_get(again, name), stanza_get(element, name));
	}
}

static void special_characters_are_written_safely(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *message = stanza_chat("a@b", "c@d", NULL, "1 < 2 & \"3\" '4'");
	AUTO(free_text) char *text = stanza_print(message);
	AUTO(stanza_release) stanza *again = stanza_parse(text);
	AUTO(free_text)
	char *body = stanza_text(stanza_find(again, "body", NULL));

	assert_string_equal(body, "1 < 2 & \"3\" '4'");
}

static void what_xml_forbids_is_left_out(void **state UNUSED)
{
	AUTO(stanza_release) stanza *element = stanza_new("a", NULL);

	stanza_set(element, "b", "x\x01y\x1fz");
	stanza_set_text(element,
		"tab\t end\n bell\x07 bad\xff\xc0\x80 surrogate\xed\xa0\x80 "
		"none\xef\xbf\xbf ok\xef\xbf\xbd high\xf4\x90\x80\x80 "
		"smile\xf0\x9f\x98\x80 cut\xe2\x82");
	AUTO(free_text) char *text = stanza_text(element);
	assert_string_equal(stanza_get(element, "b"), "xyz");
	assert_string_equal(text,
		"tab\t end\n bell bad surrogate none ok\xef\xbf\xbd high "
		"smile\xf0\x9f\x98\x80 cut");
	assert_true(stanza_text_is_clean(text));
	assert_false(stanza_text_is_clean("bell\x07"));
	assert_false(stanza_text_is_clean("cut\xe2\x82"));
}

static void the_language_attribute_keeps_its_prefix(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *message = stanza_parse("<message xml:lang='de'>"
				       "<body xml:lang='es'>hola</body>"
				       "</message>");

	assert_string_equal(stanza_get(message, "xml:lang"), "de");
	assert_null(stanza_get(message, "lang"));
	AUTO(free_text) char *text = stanza_print(message);
	assert_contains(text, "<body xml:lang=\"es\">");
}

static void text_is_what_stands_directly_inside(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *element = stanza_parse("<a>one <b>two</b>three</a>");
	AUTO(free_text) char *text = stanza_text(element);
	AUTO(free_text)
	char *none = stanza_text(stanza_find(element, "b", NULL));
	AUTO(stanza_release) stanza *empty = stanza_parse("<a/>");
	AUTO(free_text) char *nothing = stanza_text(empty);

	assert_string_equal(text, "one three");
	assert_string_equal(none, "two");
	assert_string_equal(nothing, "");
	assert_null(stanza_next(stanza_first(element)));
}

static void what_is_not_well_formed_is_no_stanza(void **state UNUSED)
{
	static const char *const wrong[] = {
		"",
		"text",
		"<a>",
		"<a></b>",
		"<a b=1/>",
		"<a>\x01</a>",
		"<a>&undefined;</a>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	};

	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_null(stanza_parse(wrong[i]));
}

static void a_reply_goes_back_from_who_was_asked(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *request =
		stanza_parse("<iq type='get' id='7' from='jane@home/x' "
			     "to='desk@clinic'/>");
	AUTO(stanza_release) stanza *reply = stanza_reply(request, "result");

	assert_string_equal(stanza_name(reply), "iq");
	assert_string_equal(stanza_get(reply, "type"), "result");
	assert_string_equal(stanza_get(reply, "id"), "7");
	assert_string_equal(stanza_get(reply, "to"), "jane@home/x");
	assert_string_equal(stanza_get(reply, "from"), "desk@clinic");
}

static void an_error_says_what_and_why(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *request = stanza_parse("<message id='7' from='a@b' to='c@d'/>");
	struct error refusal = {.kind = ERROR_DENIED, .message = "not yours"};
	AUTO(stanza_release) stanza *reply = stanza_failure(request, &refusal);
	const stanza *error = stanza_find(reply, "error", NULL);

	assert_string_equal(stanza_get(reply, "type"), "error");
	assert_string_equal(stanza_get(error, "type"), "auth");
	assert_non_null(stanza_find(error, "forbidden", NS_STANZAS));
	AUTO(free_text)
	char *text = stanza_text(stanza_find(error, "text", NS_STANZAS));
	assert_string_equal(text, "not yours");
}

static void errors_and_results_are_never_answered(void **state UNUSED)
{
	AUTO(stanza_release)
	stanza *error =
		stanza_parse("<message type='error' from='a@b' to='c@d'/>");
	AUTO(stanza_release)
	stanza *result = stanza_parse("<iq type='result' from='a' to='c@d'/>");

	assert_null(stanza_error(error, "cancel", "item-not-found", NULL));
	assert_null(stanza_error(result, "cancel", "item-not-found", NULL));
}

static void a_copy_is_independent(void **state UNUSED)
{
	AUTO(stanza_release) stanza *first = stanza_parse("<a b='1'><c/></a>");
	AUTO(stanza_release) stanza *second = stanza_copy(first);

	stanza_set(second, "b", "2");
	stanza_add(second, "d", NULL);
	stanza_set(second, "b", NULL);
	assert_prints(first, "<a b=\"1\"><c/></a>");
	assert_prints(second, "<a><c/><d/></a>");
}

/* What the gate lets out, as it is or not at all. */
static void only_proper_stanzas_pass_the_gate(void **state UNUSED)
{
	/* clang-format off */
	static const struct { bool passes; const char *xml; } cases[] = {
		{true, "<message to='a@b' from='d@clinic.x'><body>hi</body></message>"},
		{true, "<iq to='b' from='clinic.x/r' type='get' id='1'><a/></iq>"},
		{true, "<presence to='a@b/c d' from='d@clinic.x'/>"},
		{false, "<message from='d@clinic.x'/>"},
		{false, "<message to='a@b'/>"},
		{false, "<message to='a@b' from=''/>"},
		{false, "<message to='' from='d@clinic.x'/>"},
		{false, "<message to='a@b' from='d@Clinic.x'/>"},
		{false, "<message to='a@b' from='d@evil.clinic.x'/>"},
		{false, "<message to='a@b' from='d@clinic.x.evil'/>"},
		{false, "<message to='a@b' from='jane@home'/>"},
		{false, "<message to='@b' from='d@clinic.x'/>"},
		{false, "<message to='a b@b' from='d@clinic.x'/>"},
		{false, "<message to='a@b/' from='d@clinic.x'/>"},
		{false, "<message to='a&lt;@b' from='d@clinic.x'/>"},
		{false, "<message to='a@b' from='d@clinic.x'><xml:a/></message>"},
		{false, "<stream:error to='a@b' from='d@clinic.x' xmlns:stream='s'/>"},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(stanza_release) stanza *root = stanza_parse(cases[i].xml);
		struct error error = {.message = ""};

		assert_non_null(root);
		AUTO(free_text)
		char *text = gate_out(root, "clinic.x", &error);
		if (cases[i].passes != (text != NULL))
			fail_msg("%s: %s", cases[i].xml, error.message);
		assert_true(
			text || (error.kind == ERROR_BUG && *error.message));
	}
}

/* Nested elements, siblings and bytes: at the limit and one more. */
static stanza *sized_message(int depth, int count, size_t bytes)
{
	stanza *message = stanza_chat("a@b", "d@clinic.x", NULL, NULL);
	stanza *inner = stanza_find(message, "body", NULL);
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

	for (int level = 2; level < depth; level++)
		inner = stanza_add(inner, "a", NULL);
	for (int i = 2; i < count; i++)
		stanza_add(message, "b", NULL);
	while (text.length < bytes)
		strbuf_add(&text, "x");
	stanza_set_text(inner, text.text);
	return message;
}

static void the_gate_has_limits(void **state UNUSED)
{
	/* clang-format off */
	static const struct { bool passes; int depth, count; size_t bytes; }
	cases[] = {
		{true, GATE_DEPTH, 2, 1},
		{false, GATE_DEPTH + 1, 2, 1},
		{true, 2, GATE_ELEMENTS, 1},
		{false, 2, GATE_ELEMENTS + 1, 1},
		{true, 2, 2, GATE_BYTES - 200},
		{false, 2, 2, GATE_BYTES},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(stanza_release)
		stanza *message = sized_message(
			cases[i].depth, cases[i].count, cases[i].bytes);
		AUTO(free_text)
		char *text = gate_out(message, "clinic.x", NULL);

		assert_int_equal(text != NULL, cases[i].passes);
		assert_int_equal(gate_in(message, NULL), cases[i].passes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_inherit_the_namespace),
		cmocka_unit_test(attributes_stay_as_they_are),
		cmocka_unit_test(special_characters_are_written_safely),
		cmocka_unit_test(what_xml_forbids_is_left_out),
		cmocka_unit_test(the_language_attribute_keeps_its_prefix),
		cmocka_unit_test(text_is_what_stands_directly_inside),
		cmocka_unit_test(what_is_not_well_formed_is_no_stanza),
		cmocka_unit_test(a_reply_goes_back_from_who_was_asked),
		cmocka_unit_test(an_error_says_what_and_why),
		cmocka_unit_test(errors_and_results_are_never_answered),
		cmocka_unit_test(a_copy_is_independent),
		cmocka_unit_test(only_proper_stanzas_pass_the_gate),
		cmocka_unit_test(the_gate_has_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
