/* test_file_message.c - links to files in a message, and a message with others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mirror/file_message.h"

#define JANE "jane@home.example"
#define OLD "https://upload.home.example/3f78/knee.jpg"
#define NEW "https://files.clinic.example/files/t/knee.jpg"
#define MESSAGE(inside)                                                     \
	"<message type='chat' id='m1' xml:lang='en' from='" JANE "/phone' " \
	"to='dr.ana.ruiz@clinic.example'>" inside "</message>"
#define OOB(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"
#define SFS                                                                    \
	"<file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'><file "     \
	"xmlns='urn:xmpp:file:metadata:0'><media-type>image/jpeg</media-type>" \
	"<name>knee.jpg</name><thumbnail xmlns='urn:xmpp:thumbs:1' "           \
	"uri='" OLD ".thumb'/></file><sources><url-data "                      \
	"xmlns='http://jabber.org/protocol/url-data' target='" OLD "'/>"       \
	"</sources></file-sharing>"
#define SIMS                                                                 \
	"<reference xmlns='urn:xmpp:reference:0' type='data' begin='0' "     \
	"end='40'><media-sharing xmlns='urn:xmpp:sims:1'><file "             \
	"xmlns='urn:xmpp:jingle:apps:file-transfer:5'><name>knee.jpg</name>" \
	"</file><sources><reference xmlns='urn:xmpp:reference:0' "           \
	"type='data' uri='" OLD "'/></sources></media-sharing></reference>"

/* Exchanges every link of a message (an empty one: takes it away); the caller
 * frees its XML, which is "" when no link was found. */
static char *exchange(const char *xml, const char *url, bool are_sealed_wanted)
{
	stanza *message = stanza_parse(xml), *exchanged;
	struct file_finds finds AUTO(file_finds_release) = {0};
	struct file_offer offers[FILE_LINKS_MOST] = {0};
	char *text = xstrdup("");
	bool is_heic;

	assert_non_null(message);
	if (file_message_find(message, JANE, are_sealed_wanted, &finds)) {
		for (size_t i = 0; i < finds.count; i++) {
			offers[i].url = *url ? xstrdup(url) : NULL;
			offers[i].type = file_type_of(
				(const uint8_t *)"\xff\xd8\xff\xe0", 4,
				&is_heic);
			offers[i].length = 12345;
			(void)snprintf(offers[i].name, sizeof(offers[i].name),
				"knee.jpg");
		}
		exchanged = file_message_exchange(message, &finds, offers);
		free(text);
		text = stanza_print(exchanged);
		stanza_free(exchanged);
		for (size_t i = 0; i < finds.count; i++)
			free(offers[i].url);
	}
	stanza_free(message);
	return text;
}

static void each_kind_of_link_is_exchanged(void **state)
{
	static const char *const messages[] = {
		MESSAGE("<body>" OLD "</body>" OOB(OLD)),
		MESSAGE("<body>" OLD "</body>" SFS),
		MESSAGE("<body>" OLD "</body>" SIMS),
		MESSAGE("<body>" OLD "</body>"),
		MESSAGE(OOB(OLD)),
		MESSAGE("<body>" OLD "</body>" OOB(OLD) SFS SIMS),
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		AUTO(free_text) char *text = exchange(messages[i], NEW, false);

		assert_non_null(strstr(text, "<body>" NEW "</body>"));
		assert_non_null(strstr(text, "<url>" NEW "</url>"));
		assert_null(strstr(text, "upload.home.example"));
		assert_non_null(strstr(text, "id=\"m1\""));
		assert_non_null(strstr(text, "xml:lang=\"en\""));
		bool is_shared = strstr(messages[i], "urn:xmpp:sfs:0");
		assert_int_equal(
			is_shared, strstr(text, "target=\"" NEW "\"") != NULL);
		assert_int_equal(
			is_shared, strstr(text, "<size>12345</size>") != NULL);
	}
}

static void words_around_a_link_stay(void **state)
{
	AUTO(free_text)
	char *text = exchange(MESSAGE("<body>My knee: " OLD ", see?</body>"
				      "<thread>t</thread>" OOB(OLD)),
		NEW, false);

	(void)state;
	assert_non_null(strstr(text, "<body>My knee: " NEW ", see?</body>"));
	assert_non_null(strstr(text, "<thread>t</thread>"));
}

static void without_a_file_the_words_are_left(void **state)
{
	AUTO(free_text)
	char *words =
		exchange(MESSAGE("<body>My knee: " OLD "</body>" OOB(OLD) SFS),
			"", false);
	AUTO(free_text)
	char *nothing = exchange(
		MESSAGE("<body>" OLD "</body>" OOB(OLD) SFS), "", false);

	(void)state;
	assert_non_null(strstr(words, "<body>My knee: </body>"));
	assert_null(strstr(words, "jabber:x:oob"));
	assert_null(strstr(words, "file-sharing"));
	assert_null(strstr(nothing, "<body>"));
}

static void other_links_are_words(void **state)
{
	static const char *const messages[] = {
		MESSAGE("<body>hello</body>"),
		MESSAGE("<body>see https://en.example/Knee</body>"),
		MESSAGE("<body>see https://athome.example/ and "
			"https://home.example.org/</body>"),
		MESSAGE("<body>https or http:// or http</body>"),
		MESSAGE("<body>aesgcm://up.home.example/x#00</body>"),
		MESSAGE(OOB("xmpp:room@muc.home.example?join")),
		MESSAGE("<received xmlns='urn:xmpp:receipts' id='x'/>"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		AUTO(free_text) char *text = exchange(messages[i], NEW, false);

		assert_string_equal(text, "");
	}
}

static void a_sealed_link_is_found_when_it_is_wanted(void **state)
{
	AUTO(free_text)
	char *text =
		exchange(MESSAGE("<body>aesgcm://up.home.example/x#00</body>"),
			"", true);

	(void)state;
	assert_null(strstr(text, "aesgcm"));
	assert_null(strstr(text, "<body>"));
}

static void only_so_many_are_taken(void **state)
{
	struct file_finds finds AUTO(file_finds_release) = {0};
	stanza *message = stanza_parse(MESSAGE(OOB(OLD "1") OOB(OLD "2")
			OOB(OLD "3") OOB(OLD "4") OOB(OLD "5") OOB(OLD "1")));

	(void)state;
	assert_true(file_message_find(message, JANE, false, &finds));
	assert_int_equal(finds.count, FILE_LINKS_MOST);
	assert_true(finds.is_more);
	stanza_free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_link_is_exchanged),
		cmocka_unit_test(words_around_a_link_stay),
		cmocka_unit_test(without_a_file_the_words_are_left),
		cmocka_unit_test(other_links_are_words),
		cmocka_unit_test(a_sealed_link_is_found_when_it_is_wanted),
		cmocka_unit_test(only_so_many_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
