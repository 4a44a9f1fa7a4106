/* test_sieve.c - what the sieve hands on, and what stands for the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "xmpp/gate.h"
#include "xmpp/sieve.h"

#define HEADER                                               \
	"<?xml version='1.0'?><stream:stream "               \
	"xmlns:stream='http://etherx.jabber.org/streams' "   \
	"xmlns='jabber:component:accept' from='clinic.test'" \
	" id='42'>"
#define FROM_JANE "from='jane@home.test/x' to='desk@clinic.test'"

/* Everything that comes out when text comes in pieces of this many bytes, after
 * a header and up to where it ends or breaks. */
static char *sieved(const char *text, size_t piece, bool *is_sound)
{
	AUTO(free_text) char *all = xasprintf("%s%s", HEADER, text);
	struct sieve *sieve = sieve_new();
	struct strbuf out = STRBUF_INIT;
	struct error error;
	size_t length = strlen(all);

	*is_sound = true;
	for (size_t at = 0; at < length && *is_sound; at += piece)
		*is_sound = sieve_run(sieve, all + at,
			length - at < piece ? length - at : piece, &out,
			&error);
	sieve_free(sieve);
	assert_memory_equal(out.text, HEADER, strlen(HEADER));
	char *rest = xstrdup(out.text + strlen(HEADER));
	strbuf_release(&out);
	return rest;
}

static void without_spaces(char *text)
{
	char *end = text;

	for (const char *at = text; *at; at++)
		if (*at != ' ')
			*end++ = *at;
	*end = '\0';
}

/* The same but for spaces, in whatever pieces it comes. */
static void assert_sieved(const char *text, const char *expected)
{
	static const size_t pieces[] = {1, 2, 3, 7, 64, 4096, SIEVE_BYTES};
	AUTO(free_text) char *wanted = xstrdup(expected);
	bool is_sound;

	without_spaces(wanted);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		if (strlen(text) / pieces[i] > 10000)
			continue;
		AUTO(free_text) char *got = sieved(text, pieces[i], &is_sound);
		without_spaces(got);
		assert_true(is_sound);
		assert_string_equal(got, wanted);
	}
}

static void what_is_within_the_limits_passes_as_it_came(void **state UNUSED)
{
	/* clang-format off */
	static const char *const texts[] = {
		"",
		"<handshake/>",
		"<handshake/><message " FROM_JANE "><body>hi</body></message>",
		"<iq/> \n <iq></iq ><iq\n/>\t",
		"<message id=\"a'b\" x='\"' y='&gt;&#10;'>&lt;b&amp;&#x41;</message>",
		"<m><![CDATA[ <not>a</tag> ]]></m><m>]]&gt;</m>",
		"<m>gr\303\274\303\237e \360\237\230\200</m><n a='\303\251'/>",
		"<m xmlns='a' xml:lang='de' xmlns:q='b'><q:a b='c'/></m>",
		"<stream:features/><stream:error><conflict xmlns="
		"'urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
		"</stream:stream>",
		"</stream:stream>",
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_sieved(texts[i], texts[i]);
}

static void every_place_may_be_cut(void **state UNUSED)
{
	static const char text[] =
		"<message " FROM_JANE "><body>gr\303\274n &amp; "
		"<![CDATA[<x>]]></body></message><iq/></stream:stream>";
	AUTO(free_text) char *all = xasprintf("%s%s", HEADER, text);
	struct error error;

	for (size_t cut = 1; cut < strlen(all); cut++) {
		AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
		struct sieve *sieve = sieve_new();

		assert_true(sieve_run(sieve, all, cut, &out, &error));
		assert_true(sieve_run(
			sieve, all + cut, strlen(all) - cut, &out, &error));
		AUTO(free_text) char *wanted = xstrdup(all);
		without_spaces(wanted);
		without_spaces(out.text);
		assert_string_equal(out.text, wanted);
		sieve_free(sieve);
	}
}

/* A stanza's part is of no use to libstrophe; it may turn out to be too much. */
static void a_stanza_waits_for_its_end_and_no_longer(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf tag = STRBUF_INIT;
	struct sieve *sieve = sieve_new();
	struct error error;

	assert_true(sieve_run(sieve, HEADER, strlen(HEADER), &out, &error));
	assert_string_equal(out.text, HEADER);
	strbuf_reset(&out);
	/* In pieces: an expat that defers would wait for more. */
	strbuf_add(&tag, "<message id='");
	while (tag.length < 18000)
		strbuf_add_char(&tag, 'i');
	strbuf_add(&tag, "'/>");
	for (size_t at = 0; at < tag.length; at += 4096) {
		assert_int_equal(out.length, 0);
		assert_true(sieve_run(sieve, tag.text + at,
			tag.length - at < 4096 ? tag.length - at : 4096, &out,
			&error));
	}
	assert_memory_equal(out.text, tag.text, tag.length);
	/* And libstrophe's is given as much again. */
	assert_true(out.length >= 2 * tag.length);
	sieve_free(sieve);
}

struct shape {
	int depth, children, attributes;
	size_t text_bytes;
};

/* A message of this shape: nested, then children, then text. */
static char *make(const struct shape *shape)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, "<message id='1' " FROM_JANE " type='chat'>");
	for (int i = 0; i < shape->depth; i++)
		strbuf_add(&text, "<a>");
	for (int i = 0; i < shape->depth; i++)
		strbuf_add(&text, "</a>");
	for (int i = 0; i < shape->children; i++)
		strbuf_add(&text, "<a/>");
	strbuf_add(&text, "<b");
	for (int i = 0; i < shape->attributes; i++)
		strbuf_addf(&text, " a%d=''", i);
	strbuf_add(&text, ">");
	for (size_t i = 0; i < shape->text_bytes; i++)
		strbuf_add_char(&text, 'x');
	strbuf_add(&text, "</b></message>");
	return strbuf_detach(&text);
}

static void what_is_beyond_a_limit_is_stood_for(void **state UNUSED)
{
	/* clang-format off */
	static const struct {
		bool passes;
		struct shape shape;
	} cases[] = {
		{true, {GATE_DEPTH - 1, 1, 1, 1}},
		{false, {GATE_DEPTH, 1, 1, 1}},
		{true, {1, GATE_ELEMENTS - 3, 1, 1}},
		{false, {1, GATE_ELEMENTS - 2, 1, 1}},
		{true, {1, 1, GATE_ATTRIBUTES, 1}},
		{false, {1, 1, GATE_ATTRIBUTES + 1, 1}},
		{true, {1, 1, 1, GATE_BYTES - 200}},
		{false, {1, 1, 1, GATE_BYTES}},
		{false, {1, 1, 1, 2 * 1024 * 1024}},
		{false, {1, 40000, 1, 1}},
		{false, {1, 1, 20000, 1}},
		{false, {100000, 1, 1, 1}},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(free_text) char *message = make(&cases[i].shape);
		AUTO(free_text)
		char *text = xasprintf("<iq/>%s<iq/>", message);
		bool is_sound;

		if (cases[i].passes) {
			assert_sieved(text, text);
			continue;
		}
		AUTO(free_text) char *out = sieved(text, 4096, &is_sound);
		assert_true(is_sound);
		assert_true(strlen(out) < 1000);
		assert_memory_equal(out, "<iq/>", 5);
		char *end = strstr(out, "</message>");
		assert_non_null(end);
		assert_non_null(strstr(end, "<iq/>"));
		assert_sieved(text, out);
	}
}

/* Whose name and attributes are the same, and which the gate refuses. */
static void a_stand_in_can_be_answered(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	struct error error;
	bool is_sound;

	strbuf_add(&text,
		"<iq from='o&apos;brien&lt;@home.test/\"&amp;\303\274' "
		"to='desk@clinic.test' type='set' id=\"&quot;'>\" "
		"xml:lang='de'>");
	for (int i = 0; i < 40000; i++)
		strbuf_add(&text, "<a/>");
	strbuf_add(&text, "</iq>");
	AUTO(free_text) char *out = sieved(text.text, SIEVE_BYTES, &is_sound);
	assert_true(is_sound);
	AUTO(stanza_release) stanza *stand_in = stanza_parse(out);
	assert_non_null(stand_in);
	assert_true(stanza_is(stand_in, "iq", NULL));
	assert_string_equal(
		stanza_get(stand_in, "from"), "o'brien<@home.test/\"&\303\274");
	assert_string_equal(stanza_get(stand_in, "to"), "desk@clinic.test");
	assert_string_equal(stanza_get(stand_in, "type"), "set");
	assert_string_equal(stanza_get(stand_in, "id"), "\"'>");
	assert_false(gate_in(stand_in, &error));
}

/* libstrophe would take p:from for from. */
static void no_attribute_has_a_prefix(void **state UNUSED)
{
	static const char *const texts[] = {
		"<message p:from='eve@home.test' xmlns:p='a' " FROM_JANE "/>",
		"<message " FROM_JANE " xmlns:p='a' p:from='eve@home.test'/>",
		"<message " FROM_JANE
		"><body xmlns:p='a' p:xmlns='b'/></message>",
	};
	struct error error;
	bool is_sound;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(free_text)
		char *out = sieved(texts[i], SIEVE_BYTES, &is_sound);
		assert_true(is_sound);
		AUTO(stanza_release) stanza *stand_in = stanza_parse(out);
		assert_non_null(stand_in);
		assert_string_equal(
			stanza_get(stand_in, "from"), "jane@home.test/x");
		assert_false(gate_in(stand_in, &error));
	}
}

static void what_is_no_stream_is_said(void **state UNUSED)
{
	/* clang-format off */
	static const char *const texts[] = {
		"<<<", "<a></b>", "<a>\001</a>", "<a>\303(</a>", "<a>\377</a>",
		"<a>&nothing;</a>", "<a b='1' b='2'/>", "<a b=c/>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!-- a -->", "<?php ?>",
		"<a><!-- a --></a>", "</stream:stream><a/>",
	};
	/* clang-format on */
	bool is_sound;

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		AUTO(free_text) char *text = xasprintf("<iq/>%s", texts[i]);
		for (size_t piece = 1; piece < 40; piece++) {
			AUTO(free_text)
			char *out = sieved(text, piece, &is_sound);
			assert_false(is_sound);
			assert_memory_equal(out, "<iq/>", 5);
		}
	}
}

static void no_document_type_before_the_stream(void **state UNUSED)
{
	static const char text[] = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	struct sieve *sieve = sieve_new();
	struct error error;

	assert_false(sieve_run(sieve, text, strlen(text), &out, &error));
	assert_int_equal(out.length, 0);
	sieve_free(sieve);
}

static void a_stanza_has_an_end(void **state UNUSED)
{
	static const char begin[] = HEADER "<message><body>";
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	AUTO(free_text) char *part = xcalloc(1, SIEVE_BYTES);
	struct sieve *sieve = sieve_new();
	struct error error;
	bool is_sound = sieve_run(sieve, begin, strlen(begin), &out, &error);

	memset(part, 'x', SIEVE_BYTES);
	assert_true(is_sound);
	for (int i = 0; i < 200 && is_sound; i++)
		is_sound = sieve_run(sieve, part, SIEVE_BYTES, &out, &error);
	assert_false(is_sound);
	assert_string_equal(out.text, HEADER);
	sieve_free(sieve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_within_the_limits_passes_as_it_came),
		cmocka_unit_test(every_place_may_be_cut),
		cmocka_unit_test(a_stanza_waits_for_its_end_and_no_longer),
		cmocka_unit_test(what_is_beyond_a_limit_is_stood_for),
		cmocka_unit_test(a_stand_in_can_be_answered),
		cmocka_unit_test(no_attribute_has_a_prefix),
		cmocka_unit_test(what_is_no_stream_is_said),
		cmocka_unit_test(no_document_type_before_the_stream),
		cmocka_unit_test(a_stanza_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
