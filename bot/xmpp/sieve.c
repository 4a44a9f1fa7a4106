/* sieve.c - takes what is too much for libstrophe out of the incoming stream.
 *
 * Expat says where in the stream a stanza begins and ends, and what is in it;
 * the bytes between are kept until it is known whether they may pass. Every byte
 * is copied a few times at most, however it is cut into pieces. */
#include "xmpp/sieve.h"

#include <expat.h>

#include "base/memory.h"
#include "xmpp/gate.h"
#include "xmpp/stanza.h"

/* A stanza that goes on beyond this has no end. */
#define ENDLESS_BYTES ((XML_Index)8 * 1024 * 1024)
#define COPIED_BYTES 4096 /* of an attribute that a stand-in repeats */

/* Not in every expat of Debian 12: it came with a security update. */
XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool is_enabled);
#pragma weak XML_SetReparseDeferralEnabled

static const char *const copied_names[] = {"from", "to", "id", "type"};

/* Places are counted in bytes from the beginning of the stream. */
struct sieve {
	XML_Parser parser;
	struct strbuf *out; /* while it runs */
	struct strbuf
		raw;      /* what came and is not done with, and a bit before */
	XML_Index raw_at; /* the place of its first byte */
	XML_Index done_at; /* all before it was handed on or dropped */
	int depth;         /* 1: in the stream, 2: in a stanza */

	/* the stanza that is arriving */
	XML_Index began_at; /* or where the last one ended */
	size_t elements, longest_tag;
	bool is_too_much;
	char *name, *copied[COUNT_OF(copied_names)];
};

static void *allocate(size_t size)
{
	return xrealloc(NULL, 1, size);
}

static void *resize(void *old, size_t size)
{
	return xrealloc(old, 1, size);
}

static void hand_on(struct sieve *sieve, XML_Index end)
{
	if (end <= sieve->done_at)
		return;
	strbuf_add_bytes(sieve->out,
		sieve->raw.text + (sieve->done_at - sieve->raw_at),
		(size_t)(end - sieve->done_at));
	sieve->done_at = end;
}

static void drop(struct sieve *sieve, XML_Index end)
{
	if (end > sieve->done_at)
		sieve->done_at = end;
}

static void forget_stanza(struct sieve *sieve)
{
	free(sieve->name);
	sieve->name = NULL;
	for (size_t i = 0; i < COUNT_OF(copied_names); i++) {
		free(sieve->copied[i]);
		sieve->copied[i] = NULL;
	}
	sieve->elements = sieve->longest_tag = 0;
	sieve->is_too_much = false;
}

static void begin_stanza(struct sieve *sieve, XML_Index at, const char *name,
	const char **attributes)
{
	hand_on(sieve, at);
	sieve->began_at = at;
	sieve->name = xstrdup(name);
	for (; *attributes; attributes += 2)
		for (size_t i = 0; i < COUNT_OF(copied_names); i++)
			if (strcmp(attributes[0], copied_names[i]) == 0 &&
				strlen(attributes[1]) <= COPIED_BYTES)
				sieve->copied[i] = xstrdup(attributes[1]);
}

static void put_stand_in(struct sieve *sieve)
{
	AUTO(stanza_release)
	stanza *stand_in = stanza_new(sieve->name, NULL);

	for (size_t i = 0; i < COUNT_OF(copied_names); i++)
		stanza_set(stand_in, copied_names[i], sieve->copied[i]);
	stanza_add(stand_in, "refused", NS_REFUSED);
	AUTO(free_text) char *text = stanza_print(stand_in);
	strbuf_add(sieve->out, text);
	sieve->longest_tag = strlen(text);
}

/* The spaces make libstrophe's expat look at the last tag, see the header. */
static void end_stanza(struct sieve *sieve, XML_Index end)
{
	/* A part of it was dropped when its end was not yet in sight. */
	bool is_cut = sieve->done_at > sieve->began_at;

	if (is_cut || sieve->is_too_much ||
		end - sieve->began_at > (XML_Index)GATE_BYTES) {
		drop(sieve, end);
		put_stand_in(sieve);
	} else {
		hand_on(sieve, end);
	}
	strbuf_addf(sieve->out, "%*s", (int)sieve->longest_tag, "");
	sieve->began_at = end;
	forget_stanza(sieve);
}

/* libstrophe takes the prefix off: to it p:from is who sent the stanza. */
static bool has_prefix(const char *attribute)
{
	return strchr(attribute, ':') && strncmp(attribute, "xml:", 4) != 0 &&
	       strncmp(attribute, "xmlns:", 6) != 0;
}

static void count_tag(struct sieve *sieve, size_t bytes)
{
	if (bytes > sieve->longest_tag)
		sieve->longest_tag = bytes;
}

static void on_start(void *context, const char *name, const char **attributes)
{
	struct sieve *sieve = context;
	XML_Index at = XML_GetCurrentByteIndex(sieve->parser);
	int bytes = XML_GetCurrentByteCount(sieve->parser);
	size_t count = 0;

	sieve->depth++;
	if (sieve->depth == 1) {
		hand_on(sieve, at + bytes);
		sieve->began_at = at + bytes;
		return;
	}
	if (sieve->depth == 2)
		begin_stanza(sieve, at, name, attributes);
	for (; attributes[2 * count]; count++)
		if (has_prefix(attributes[2 * count]))
			sieve->is_too_much = true;
	count_tag(sieve, (size_t)bytes);
	sieve->elements++;
	if (sieve->depth - 1 > GATE_DEPTH || sieve->elements > GATE_ELEMENTS ||
		count > GATE_ATTRIBUTES)
		sieve->is_too_much = true;
}

/* The end of <a/> has no bytes of its own. */
static void on_end(void *context, const char *name UNUSED)
{
	struct sieve *sieve = context;
	int bytes = XML_GetCurrentByteCount(sieve->parser);
	XML_Index end = XML_GetCurrentByteIndex(sieve->parser) + bytes;

	sieve->depth--;
	count_tag(sieve, (size_t)bytes);
	if (sieve->depth == 1)
		end_stanza(sieve, end);
	else if (sieve->depth == 0)
		hand_on(sieve, end);
}

/* Between stanzas there may be white space, to keep the connection alive. */
static void on_text(void *context, const char *text UNUSED, int length UNUSED)
{
	struct sieve *sieve = context;

	if (sieve->depth != 1)
		return;
	XML_Index end = XML_GetCurrentByteIndex(sieve->parser) +
			XML_GetCurrentByteCount(sieve->parser);
	hand_on(sieve, end);
	sieve->began_at = end;
}

/* Document types, processing instructions and comments (RFC 6120, 11.1). */
static void on_forbidden(struct sieve *sieve)
{
	(void)XML_StopParser(sieve->parser, XML_FALSE);
}

static void on_document_type(void *context, const char *name UNUSED,
	const char *system UNUSED, const char *public UNUSED,
	int has_subset UNUSED)
{
	on_forbidden(context);
}

static void on_instruction(
	void *context, const char *target UNUSED, const char *data UNUSED)
{
	on_forbidden(context);
}

static void on_comment(void *context, const char *text UNUSED)
{
	on_forbidden(context);
}

static XML_Index came_at(const struct sieve *sieve)
{
	return sieve->raw_at + (XML_Index)sieve->raw.length;
}

/* Lets go of the bytes that are done with. */
static void shorten(struct sieve *sieve)
{
	size_t done = (size_t)(sieve->done_at - sieve->raw_at);
	struct strbuf rest = STRBUF_INIT;

	if (done == sieve->raw.length) {
		strbuf_reset(&sieve->raw);
	} else if (done > 0) {
		strbuf_add_bytes(&rest, sieve->raw.text + done,
			sieve->raw.length - done);
		strbuf_release(&sieve->raw);
		sieve->raw = rest;
	}
	sieve->raw_at = sieve->done_at;
}

struct sieve *sieve_new(void)
{
	static const XML_Memory_Handling_Suite memory = {
		.malloc_fcn = allocate,
		.realloc_fcn = resize,
		.free_fcn = free,
	};
	struct sieve *sieve = xcalloc(1, sizeof(*sieve));

	sieve->raw = (struct strbuf)STRBUF_INIT;
	sieve->parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	XML_SetUserData(sieve->parser, sieve);
	XML_SetElementHandler(sieve->parser, on_start, on_end);
	XML_SetCharacterDataHandler(sieve->parser, on_text);
	XML_SetStartDoctypeDeclHandler(sieve->parser, on_document_type);
	XML_SetProcessingInstructionHandler(sieve->parser, on_instruction);
	XML_SetCommentHandler(sieve->parser, on_comment);
	if (XML_SetReparseDeferralEnabled)
		(void)XML_SetReparseDeferralEnabled(sieve->parser, XML_FALSE);
	return sieve;
}

bool sieve_run(struct sieve *sieve, const char *bytes, size_t length,
	struct strbuf *out, struct error *error)
{
	sieve->out = out;
	strbuf_add_bytes(&sieve->raw, bytes, length);
	if (XML_Parse(sieve->parser, bytes, (int)length, XML_FALSE) !=
		XML_STATUS_OK)
		return failed(error, ERROR_UNAVAILABLE, "%s",
			XML_ErrorString(XML_GetErrorCode(sieve->parser)));
	if (came_at(sieve) - sieve->began_at > ENDLESS_BYTES)
		return failed(error, ERROR_UNAVAILABLE, "a stanza has no end");
	if (came_at(sieve) - sieve->done_at > (XML_Index)GATE_BYTES)
		drop(sieve, came_at(sieve));
	shorten(sieve);
	return true;
}

void sieve_free(struct sieve *sieve)
{
	if (!sieve)
		return;
	forget_stanza(sieve);
	XML_ParserFree(sieve->parser);
	strbuf_release(&sieve->raw);
	free(sieve);
}
