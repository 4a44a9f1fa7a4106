/* fuzz_stanza.c - whatever comes from the server: the gate, repair, forms.
 *
 * The input is XML. What the gate lets in is read as the rooms read it; what it
 * lets out must be XML again, and within its own limits. */
#include <stdint.h>

#include "base/memory.h"
#include "xmpp/form.h"
#include "xmpp/gate.h"
#include "xmpp/jid.h"

#define CLINIC "clinic.test"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_true)
{
	if (!is_true)
		abort();
}

static void read_form(const stanza *incoming)
{
	const stanza *form = form_find(incoming);

	if (!form)
		return;
	(void)form_is_submitted(form);
	for (const stanza *field = stanza_first(form); field;
		field = stanza_next(field)) {
		const char *name = stanza_get(field, "var");

		AUTO(free_text)
		char *value = name ? form_value(form, name) : NULL;
		must(!value || stanza_text_is_clean(value));
	}
}

static void read_addresses(const stanza *incoming)
{
	char bare[JID_SIZE], prepared[JID_SIZE];
	const char *from = stanza_get(incoming, "from");
	struct jid_parts parts;

	if (!from || !jid_bare(from, bare))
		return;
	must(jid_split(bare, &parts) && !parts.resource);
	/* To prepare what is prepared changes nothing. */
	if (jid_prepare(from, bare)) {
		must(jid_prepare(bare, prepared));
		must(strcmp(bare, prepared) == 0);
	}
}

static void answer(const stanza *incoming)
{
	AUTO(stanza_release)
	stanza *reply = stanza_error(
		incoming, "cancel", "item-not-found", "no such thing");
	AUTO(stanza_release) stanza *echo = stanza_copy(incoming);
	struct error error;

	stanza_set(echo, "from", "desk@" CLINIC);
	for (int i = 0; i < 2; i++) {
		stanza *outgoing = i ? echo : reply;
		AUTO(free_text)
		char *text =
			outgoing ? gate_out(outgoing, CLINIC, &error) : NULL;

		if (!text)
			continue;
		AUTO(stanza_release) stanza *again = stanza_parse(text);
		must(again && gate_in(again, &error));
		must(strcmp(stanza_name(again), stanza_name(outgoing)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error;
	AUTO(free_text)
	char *xml = xstrndup((const char *)data, size > 65536 ? 65536 : size);
	AUTO(stanza_release) stanza *incoming = stanza_parse(xml);

	if (!incoming || !gate_in(incoming, &error))
		return 0;
	read_addresses(incoming);
	read_form(incoming);
	answer(incoming);
	return 0;
}
