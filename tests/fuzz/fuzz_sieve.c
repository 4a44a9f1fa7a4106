/* fuzz_sieve.c - whatever the server sends, in whatever pieces.
 *
 * The first byte says how large the pieces are. However they are cut, the same
 * comes out; and a stanza that comes is within the gate's limits, or stands for
 * one that is not. */
#include <stdint.h>

#include "base/memory.h"
#include "xmpp/gate.h"
#include "xmpp/sieve.h"

#define HEADER \
	"<stream:stream xmlns='jabber:component:accept' xmlns:stream='urn:s'>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_stanza(void *came, stanza *incoming)
{
	AUTO(free_text) char *text = stanza_print(incoming);
	struct error error;

	if (!stanza_find(incoming, NULL, NS_REFUSED) &&
		!gate_in(incoming, &error) &&
		!strstr(text, "http://www.w3.org/"))
		abort();
	strbuf_add(came, text);
	stanza_free(incoming);
}

static bool run(const char *text, size_t length, size_t piece,
	struct strbuf *came, struct strbuf *out)
{
	struct sieve *sieve = sieve_new(take_stanza, came);
	struct error error;
	bool is_sound = sieve_run(sieve, HEADER, strlen(HEADER), out, &error);

	for (size_t at = 0; is_sound && at < length; at += piece)
		is_sound = sieve_run(sieve, text + at,
			length - at < piece ? length - at : piece, out, &error);
	sieve_free(sieve);
	return is_sound;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf came[2] = {STRBUF_INIT, STRBUF_INIT};
	struct strbuf out[2] = {STRBUF_INIT, STRBUF_INIT};

	if (size < 1 || size > SIEVE_BYTES)
		return 0;
	const char *text = (const char *)data + 1;
	bool is_sound = run(text, size - 1, SIEVE_BYTES, &came[0], &out[0]);
	if (run(text, size - 1, (size_t)data[0] + 1, &came[1], &out[1]) !=
			is_sound ||
		strcmp(came[0].text, came[1].text) != 0 ||
		strcmp(out[0].text, out[1].text) != 0)
		abort();
	for (size_t i = 0; i < 2; i++) {
		strbuf_release(&came[i]);
		strbuf_release(&out[i]);
	}
	return 0;
}
