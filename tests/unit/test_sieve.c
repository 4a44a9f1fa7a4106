/* test_sieve.c - what the sieve hands on, and what stands for the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>

#include "base/memory.h"
#include "xmpp/gate.h"
#include "xmpp/sieve.h"

#define HEADER                                               \
	"<?xml version='1.0'?><stream:stream "               \
	"xmlns:stream='http://etherx.jabber.org/streams' "   \
	"xmlns='jabber:component:accept' from='clinic.test'" \
	" id='42'>"
#define ACCEPT "xmlns=\"jabber:component:accept\""
#define IQ "<iq " ACCEPT "/>"
#define FROM_JANE "from='jane@home.test/x' to='desk@clinic.test'"

/* Adds each stanza as XML to a strbuf. */
static void print_stanza(void *context, stanza *incoming)
{
	AUTO(free_text) char *text = stanza_print(incoming);

	strbuf_add(context, text);
	stanza_free(incoming);
}

/* Everything that comes when text comes in pieces of this many bytes, after a
 * header and up to where it ends or breaks; what libstrophe is to see is in
 * brackets. */
static char *sieved(const char *text, size_t piece, bool *is_sound)
{
	AUTO(free_text) char *all = xasprintf("%s%s", HEADER, text);
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	struct strbuf came = STRBUF_INIT;
	struct sieve *sieve = sieve_new(print_stanza, &came);
	struct error error;
	size_t length = strlen(all);
	size_t opened = strlen(HEADER);

	*is_sound = true;
	for (size_t at = 0; at < length && *is_sound; at += piece) {
		*is_sound = sieve_run(sieve, all + at,
			length - at < piece ? length - at : piece, &out,
			&error);
		if (opened && out.length >= opened) {
			assert_memory_equal(out.text, HEADER, opened);
			memmove(out.text, out.text + opened,
				out.length - opened + 1);
			strbuf_cut(&out, out.length - opened);
			opened = 0;
		}
		if (out.length && !opened)
			strbuf_addf(&came, "[%s]", out.text);
		if (!opened)
			strbuf_reset(&out);
	}
	sieve_free(sieve);
	return strbuf_detach(&came);
}

static void without_spaces(char *text)
{
	char *end = text;

	for (const char *at = text; *at; at++)
		if (*at != ' ')
			*end++ = *at;
	*end = '\0';
}

/* In whatever pieces it comes. */
static void assert_sieved(const char *text, const char *expected)
{
	static const size_t pieces[] = {1, 2, 3, 7, 64, 4096, SIEVE_BYTES};
	bool is_sound;

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		if (strlen(text) / pieces[i] > 10000)
			continue;
		AUTO(free_text) char *got = sieved(text, pieces[i], &is_sound);
		assert_true(is_sound);
		assert_string_equal(got, expected);
	}
}

static void stanzas_are_built(void **state UNUSED)
{
	/* clang-format off */
	static const struct { const char *text, *expected; } cases[] = {
		{"<iq id='1'/> \n <iq id='2'></iq ><iq\nid='3'/>\t",
		 "<iq id=\"1\" " ACCEPT "/><iq id=\"2\" " ACCEPT "/>"
		 "<iq id=\"3\" " ACCEPT "/>"},
		{"<message>a<b>c</b>d<b><c/>\n</b>&lt;e&amp;&#x41;</message>",
		 "<message " ACCEPT ">a<b>c</b>d<b><c/>\n</b>&lt;e&amp;A"
		 "</message>"},
		{"<iq id=\"a'b\" type='\"&gt;&#10;'/>",
		 "<iq id=\"a'b\" " ACCEPT " type=\"&quot;&gt;&#10;\"/>"},
		{"<iq><![CDATA[ <not>a</tag> ]]></iq><iq>]]&gt;</iq>",
		 "<iq " ACCEPT "> &lt;not&gt;a&lt;/tag&gt; </iq>"
		 "<iq " ACCEPT ">]]&gt;</iq>"},
		{"<iq>gr\303\274\303\237e \360\237\230\200</iq>",
		 "<iq " ACCEPT ">gr\303\274\303\237e \360\237\230\200</iq>"},
		{"<iq xmlns='a' xml:lang='de' xmlns:q='b'><q:a b='c'><d/>"
		 "</q:a></iq>",
		 "<iq xmlns=\"a\" xml:lang=\"de\"><a b=\"c\" xmlns=\"b\">"
		 "<d xmlns=\"a\"/></a></iq>"},
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_sieved(cases[i].text, cases[i].expected);
}

/* It is the stream's: libstrophe is to see it. */
static void what_is_no_stanza_is_handed_on(void **state UNUSED)
{
	static const char text[] = "<handshake/><iq/><stream:error><conflict "
				   "xmlns='urn:x'/></stream:error>"
				   "</stream:stream>";
	bool is_sound;
	AUTO(free_text) char *out = sieved(text, SIEVE_BYTES, &is_sound);

	without_spaces(out);
	assert_true(is_sound);
	assert_string_equal(out,
		"<iqxmlns=\"jabber:component:accept\"/>"
		"[<handshakexmlns=\"jabber:component:accept\"/>"
		"<errorxmlns=\"http://etherx.jabber.org/streams\">"
		"<conflictxmlns=\"urn:x\"/></error></stream:stream>]");
}

/* Else p:from were who sent the stanza, and p:xmlns what it is. */
static void of_prefixed_attributes_only_the_language_is_kept(
	void **state UNUSED)
{
	assert_sieved("<iq p:from='eve' xmlns:p='a' from='jane'/>"
		      "<iq from='jane' xmlns:p='a' p:from='eve'/>"
		      "<iq xmlns:p='a' p:from='eve'><a p:xmlns='b' "
		      "xml:lang='de' p:lang='en' xml:base='c'/></iq>",
		"<iq " ACCEPT " from=\"jane\"/><iq " ACCEPT " from=\"jane\"/>"
		"<iq " ACCEPT "><a xml:lang=\"de\"/></iq>");
}

static void every_place_may_be_cut(void **state UNUSED)
{
	static const char text[] =
		"<message " FROM_JANE "><body>gr\303\274n &amp; "
		"<![CDATA[<x>]]></body></message><iq/></stream:stream>";
	AUTO(free_text) char *all = xasprintf("%s%s", HEADER, text);
	bool is_sound;
	AUTO(free_text) char *whole = sieved(text, SIEVE_BYTES, &is_sound);
	struct error error;

	for (size_t cut = 1; cut < strlen(all); cut++) {
		AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
		AUTO(strbuf_release) struct strbuf came = STRBUF_INIT;
		struct sieve *sieve = sieve_new(print_stanza, &came);

		assert_true(sieve_run(sieve, all, cut, &out, &error));
		assert_true(sieve_run(
			sieve, all + cut, strlen(all) - cut, &out, &error));
		assert_memory_equal(out.text, HEADER, strlen(HEADER));
		strbuf_addf(&came, "[%s]", out.text + strlen(HEADER));
		assert_string_equal(came.text, whole);
		sieve_free(sieve);
	}
}

/* An expat that defers would wait for more. */
static void a_stanza_comes_with_its_last_byte(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf came = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf tag = STRBUF_INIT;
	struct sieve *sieve = sieve_new(print_stanza, &came);
	struct error error;

	assert_true(sieve_run(sieve, HEADER, strlen(HEADER), &out, &error));
	assert_string_equal(out.text, HEADER);
	strbuf_add(&tag, "<message id='");
	while (tag.length < 18000)
		strbuf_add_char(&tag, 'i');
	strbuf_add(&tag, "'/>");
	for (size_t at = 0; at < tag.length; at += 4096) {
		assert_int_equal(came.length, 0);
		assert_true(sieve_run(sieve, tag.text + at,
			tag.length - at < 4096 ? tag.length - at : 4096, &out,
			&error));
	}
	assert_true(came.length > 18000);
	sieve_free(sieve);
}

/* And so does the handshake, which libstrophe's expat looks at. */
static void what_is_handed_on_is_followed_by_as_much_space(void **state UNUSED)
{
	bool is_sound;
	AUTO(free_text) char *out = sieved("<handshake/>", 1, &is_sound);

	assert_int_equal(
		strlen(out), 2 + 2 * strlen("<handshake " ACCEPT "/>"));
}

size_t __sanitizer_get_current_allocated_bytes(void);
#pragma weak __sanitizer_get_current_allocated_bytes

static size_t allocated_bytes(void)
{
	return __sanitizer_get_current_allocated_bytes
		       ? __sanitizer_get_current_allocated_bytes()
		       : mallinfo2().uordblks;
}

/* New names in every stanza: an expat that is never renewed keeps 25 MB. */
static void names_are_not_kept_for_ever(void **state UNUSED)
{
	AUTO(strbuf_release) struct strbuf came = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	struct sieve *sieve = sieve_new(print_stanza, &came);
	struct error error;
	size_t most = 0;

	assert_true(sieve_run(sieve, HEADER, strlen(HEADER), &out, &error));
	size_t before = allocated_bytes();
	for (unsigned number = 0; number < 4000; number++) {
		AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

		strbuf_add(&text, "<message>");
		for (unsigned name = 0; name < 25; name++)
			strbuf_addf(&text, "<a%x/>", number * 25 + name);
		strbuf_add(&text, "</message>");
		assert_true(
			sieve_run(sieve, text.text, text.length, &out, &error));
		strbuf_reset(&came);
		if (allocated_bytes() > before + most)
			most = allocated_bytes() - before;
	}
	sieve_free(sieve);
	assert_in_range(most, 0, 8 << 20);
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
		{true, {1, 1, GATE_ATTRIBUTES - 1, 1}},
		{false, {1, 1, GATE_ATTRIBUTES, 1}},
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
		AUTO(free_text) char *out = sieved(text, 4096, &is_sound);

		assert_true(is_sound);
		assert_int_equal(!strstr(out, NS_REFUSED), cases[i].passes);
		assert_int_equal(strlen(out) > 1000,
			cases[i].passes && strlen(text) > 1000);
		assert_memory_equal(out, IQ, strlen(IQ));
		char *end = strstr(out, "</message>");
		assert_non_null(end);
		assert_string_equal(end, "</message>" IQ);
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

static void what_is_no_stream_is_said(void **state UNUSED)
{
	/* clang-format off */
	static const char *const texts[] = {
		"<<<", "<a></b>", "<a>\001</a>", "<a>\303(</a>", "<a>\377</a>",
		"<a>&nothing;</a>", "<a:b/>", "<a b:c=''/>", "<a b='1' b='2'/>", "<a b=c/>",
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
			assert_memory_equal(out, IQ, strlen(IQ));
		}
	}
}

static void no_document_type_before_the_stream(void **state UNUSED)
{
	static const char text[] = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
	AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
	struct sieve *sieve = sieve_new(print_stanza, &out);
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
	struct sieve *sieve = sieve_new(print_stanza, &out);
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
		cmocka_unit_test(stanzas_are_built),
		cmocka_unit_test(what_is_no_stanza_is_handed_on),
		cmocka_unit_test(
			of_prefixed_attributes_only_the_language_is_kept),
		cmocka_unit_test(every_place_may_be_cut),
		cmocka_unit_test(a_stanza_comes_with_its_last_byte),
		cmocka_unit_test(
			what_is_handed_on_is_followed_by_as_much_space),
		cmocka_unit_test(names_are_not_kept_for_ever),
		cmocka_unit_test(what_is_beyond_a_limit_is_stood_for),
		cmocka_unit_test(a_stand_in_can_be_answered),
		cmocka_unit_test(what_is_no_stream_is_said),
		cmocka_unit_test(no_document_type_before_the_stream),
		cmocka_unit_test(a_stanza_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
