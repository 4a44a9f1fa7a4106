/* fuzz_sieve.c - whatever the server sends, in whatever pieces.
 *
 * The first byte says how large the pieces are. However they are cut, the sieve
 * judges alike, and nothing but white space differs; what passes as a stanza is
 * within the gate's limits, so libstrophe can take it. */
#include <stdint.h>

#include "base/memory.h"
#include "xmpp/gate.h"
#include "xmpp/sieve.h"

#define HEADER "<stream:stream xmlns='jabber:component:accept'>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool run(
	const char *text, size_t length, size_t piece, struct strbuf *out)
{
	struct sieve *sieve = sieve_new();
	struct error error;
	bool is_sound = sieve_run(sieve, HEADER, strlen(HEADER), out, &error);

	for (size_t at = 0; is_sound && at < length; at += piece)
		is_sound = sieve_run(sieve, text + at,
			length - at < piece ? length - at : piece, out, &error);
	sieve_free(sieve);
	return is_sound;
}

/* Cut elsewhere, more or less spaces follow a stanza; and of an unsound stream
 * more or less text between stanzas has been handed on. */
static char *without_spaces(const struct strbuf *out)
{
	AUTO(strbuf_release) struct strbuf kept = STRBUF_INIT;

	for (size_t i = 0; i < out->length; i++)
		if (!strchr(" \r\n\t", out->text[i]))
			strbuf_add_char(&kept, out->text[i]);
	return strbuf_detach(&kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(strbuf_release) struct strbuf whole = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf parts = STRBUF_INIT;

	if (size < 1 || size > SIEVE_BYTES)
		return 0;
	const char *text = (const char *)data + 1;
	bool is_sound = run(text, size - 1, SIEVE_BYTES, &whole);
	if (run(text, size - 1, (size_t)data[0] + 1, &parts) != is_sound)
		abort();
	AUTO(free_text) char *one = without_spaces(&whole);
	AUTO(free_text) char *other = without_spaces(&parts);
	if (is_sound && strcmp(one, other) != 0)
		abort();
	return 0;
}
