/* fuzz_links.c - the links to files in a message, whatever else is in it.
 *
 * The input is XML. A link that was found is in no text of the message
 * that is made without it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mirror/file_message.h"
#include "xmpp/gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const stanza *message)
{
	static char other[] = "-";
	static const struct file_offer offers[FILE_LINKS_MOST] = {
		{.url = other}, {.url = other}, {.url = other}, {.url = other}};
	struct file_finds finds AUTO(file_finds_release) = {0};

	if (!file_message_find(message, "jane@home.example", true, &finds))
		return;
	stanza *made = file_message_exchange(message, &finds, offers);
	for (const stanza *child = stanza_first(made); child;
		child = stanza_next(child)) {
		AUTO(free_text) char *text = stanza_text(child);

		if (stanza_is(child, "file-sharing", "urn:xmpp:sfs:0") ||
			stanza_is(child, "reference", "urn:xmpp:reference:0"))
			abort();
		for (size_t i = 0; i < finds.count; i++)
			if (stanza_is(child, "body", NULL) &&
				strstr(text, finds.links[i].url))
				abort();
	}
	stanza_free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free_text) char *xml = xstrndup((const char *)data, size);
	stanza *message = stanza_parse(xml);
	struct error error;

	if (message && gate_in(message, &error))
		look(message);
	stanza_free(message);
	return 0;
}
