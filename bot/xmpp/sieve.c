/* sieve.c - reads what comes from the server, within limits. */
#include "xmpp/sieve.h"

#include <expat.h>

#include "base/memory.h"
#include "xmpp/gate.h"

/* A stanza that goes on beyond this has no end. */
#define ENDLESS_BYTES ((XML_Index)4 * 1024 * 1024)
/* After so many an expat goes, with the names that it keeps. */
#define PARSER_BYTES ((XML_Index)256 * 1024)
#define HEADER_BYTES ((size_t)4096) /* of the stream's opening */
#define COPIED_BYTES 4096 /* of an attribute that a stand-in repeats */

/* Between a namespace and a name; XML allows it in neither. */
#define SEPARATOR "\x1f"
#define XML_LANG "http://www.w3.org/XML/1998/namespace" SEPARATOR "lang"

/* Not in every expat of Debian 12: it came with a security update. */
XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool is_enabled);
#pragma weak XML_SetReparseDeferralEnabled

static const char *const copied_names[] = {"from", "to", "id", "type"};

/* Places are counted in bytes from the beginning of the parser's text, which is
 * the stream's opening and then what has come since the parser began. */
struct sieve {
	void (*on_stanza)(void *context, stanza *incoming);
	void *context;
	XML_Parser parser;
	XML_Index fed;        /* bytes that the parser has got */
	XML_Index stopped_at; /* the rest is for the next parser; 0: no */
	struct strbuf *out;   /* while it runs */
	struct strbuf header; /* the stream's opening, as far as it has come */
	char *element;        /* the stream's own, as it is written */
	int depth;            /* 1: in the stream, 2: in a stanza */

	/* the stanza that is arriving */
	XML_Index began_at; /* or where the last one ended */
	size_t elements;
	bool is_too_much;
	char *name, *copied[COUNT_OF(copied_names)];
	stanza *opened[GATE_DEPTH]; /* its elements around here */
	struct strbuf text;         /* since the last tag */
};

static void *allocate(size_t size)
{
	return xrealloc(NULL, 1, size);
}

static void *resize(void *old, size_t size)
{
	return xrealloc(old, 1, size);
}

static XML_Index end_of_event(const struct sieve *sieve)
{
	return XML_GetCurrentByteIndex(sieve->parser) +
	       XML_GetCurrentByteCount(sieve->parser);
}

/* What follows the namespace in a name as expat gives it. */
static const char *local_part(const char *name)
{
	const char *separator = strrchr(name, *SEPARATOR);

	return separator ? separator + 1 : name;
}

static stanza *new_element(const char *name, const char **attributes)
{
	const char *local = local_part(name);
	AUTO(free_text)
	char *ns = local == name ? NULL
				 : xstrndup(name, (size_t)(local - name) - 1);
	stanza *element = stanza_new(local, ns);

	for (; *attributes; attributes += 2)
		if (!strchr(attributes[0], *SEPARATOR))
			stanza_set(element, attributes[0], attributes[1]);
		else if (strcmp(attributes[0], XML_LANG) == 0)
			stanza_set(element, "xml:lang", attributes[1]);
	return element;
}

static void forget_tree(struct sieve *sieve)
{
	stanza_free(sieve->opened[0]);
	sieve->opened[0] = NULL;
	strbuf_reset(&sieve->text);
}

static void forget_stanza(struct sieve *sieve)
{
	forget_tree(sieve);
	free(sieve->name);
	sieve->name = NULL;
	for (size_t i = 0; i < COUNT_OF(copied_names); i++) {
		free(sieve->copied[i]);
		sieve->copied[i] = NULL;
	}
	sieve->elements = 0;
	sieve->is_too_much = false;
}

/* Nothing more is built of this stanza. */
static void give_up(struct sieve *sieve)
{
	sieve->is_too_much = true;
	forget_tree(sieve);
}

static bool is_within_limits(struct sieve *sieve, XML_Index end)
{
	if (end - sieve->began_at > (XML_Index)GATE_BYTES ||
		sieve->elements > GATE_ELEMENTS ||
		sieve->depth - 1 > GATE_DEPTH)
		give_up(sieve);
	return !sieve->is_too_much;
}

static void begin_stanza(
	struct sieve *sieve, const char *name, const char **attributes)
{
	sieve->began_at = XML_GetCurrentByteIndex(sieve->parser);
	sieve->name = xstrdup(local_part(name));
	for (; *attributes; attributes += 2)
		for (size_t i = 0; i < COUNT_OF(copied_names); i++)
			if (strcmp(attributes[0], copied_names[i]) == 0 &&
				strlen(attributes[1]) <= COPIED_BYTES)
				sieve->copied[i] = xstrdup(attributes[1]);
}

static void add_text(struct sieve *sieve, stanza *element)
{
	if (sieve->text.length)
		stanza_set_text(element, sieve->text.text);
	strbuf_reset(&sieve->text);
}

static size_t count_attributes(const char **attributes)
{
	size_t count = 0;

	while (attributes[2 * count])
		count++;
	return count;
}

static void begin_element(
	struct sieve *sieve, const char *name, const char **attributes)
{
	int around = sieve->depth - 2;
	stanza *element;

	sieve->elements++;
	/* Its namespace is one more. */
	if (count_attributes(attributes) >= GATE_ATTRIBUTES)
		give_up(sieve);
	if (!is_within_limits(sieve, end_of_event(sieve)))
		return;
	element = new_element(name, attributes);
	if (around > 0) {
		add_text(sieve, sieve->opened[around - 1]);
		stanza_adopt(sieve->opened[around - 1], element);
	}
	sieve->opened[around] = element;
}

static stanza *stand_in(const struct sieve *sieve)
{
	stanza *element = stanza_new(sieve->name, NULL);

	for (size_t i = 0; i < COUNT_OF(copied_names); i++)
		stanza_set(element, copied_names[i], sieve->copied[i]);
	stanza_add(element, "refused", NS_REFUSED);
	return element;
}

/* An expat that defers (2.6, and Debian's 2.5.0) looks at a tag that came in
 * parts only when as much again has come: so spaces follow. */
static void hand_on(struct sieve *sieve, const stanza *element)
{
	AUTO(free_text) char *text = stanza_print(element);

	strbuf_addf(sieve->out, "%s%*s", text, (int)strlen(text), "");
}

static void end_stanza(struct sieve *sieve)
{
	bool is_stanza = strcmp(sieve->name, "message") == 0 ||
			 strcmp(sieve->name, "presence") == 0 ||
			 strcmp(sieve->name, "iq") == 0;

	if (!is_stanza && !sieve->is_too_much) {
		hand_on(sieve, sieve->opened[0]);
	} else if (is_stanza) {
		stanza *whole =
			sieve->is_too_much ? stand_in(sieve) : sieve->opened[0];

		sieve->opened[0] = NULL;
		sieve->on_stanza(sieve->context, whole);
	}
	forget_stanza(sieve);
	sieve->began_at = end_of_event(sieve);
	if (sieve->began_at < PARSER_BYTES)
		return;
	sieve->stopped_at = sieve->began_at;
	(void)XML_StopParser(sieve->parser, XML_TRUE);
}

/* The stream's opening; every parser after the first one reads it again. */
static void open_stream(struct sieve *sieve)
{
	size_t at = (size_t)XML_GetCurrentByteIndex(sieve->parser);
	size_t end = (size_t)end_of_event(sieve);

	sieve->began_at = (XML_Index)end;
	if (sieve->element)
		return;
	strbuf_cut(&sieve->header, end);
	sieve->element = xstrndup(sieve->header.text + at + 1,
		strcspn(sieve->header.text + at + 1, " \t\r\n/>"));
	strbuf_add(sieve->out, sieve->header.text);
}

static void on_start(void *context, const char *name, const char **attributes)
{
	struct sieve *sieve = context;

	sieve->depth++;
	if (sieve->depth == 1)
		open_stream(sieve);
	if (sieve->depth == 2)
		begin_stanza(sieve, name, attributes);
	if (sieve->depth >= 2)
		begin_element(sieve, name, attributes);
}

static void on_end(void *context, const char *name UNUSED)
{
	struct sieve *sieve = context;

	sieve->depth--;
	if (sieve->depth == 0)
		strbuf_addf(sieve->out, "</%s>", sieve->element);
	if (sieve->depth < 1)
		return;
	if (is_within_limits(sieve, end_of_event(sieve)))
		add_text(sieve, sieve->opened[sieve->depth - 1]);
	if (sieve->depth == 1)
		end_stanza(sieve);
}

/* Between stanzas there may be white space, to keep the connection alive. */
static void on_text(void *context, const char *text, int length)
{
	struct sieve *sieve = context;
	XML_Index end = end_of_event(sieve);

	if (sieve->depth == 1)
		sieve->began_at = end;
	else if (is_within_limits(sieve, end))
		strbuf_add_bytes(&sieve->text, text, (size_t)length);
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

static void begin_parser(struct sieve *sieve)
{
	static const XML_Memory_Handling_Suite memory = {
		.malloc_fcn = allocate,
		.realloc_fcn = resize,
		.free_fcn = free,
	};

	sieve->parser = XML_ParserCreate_MM("UTF-8", &memory, SEPARATOR);
	sieve->fed = sieve->stopped_at = 0;
	sieve->depth = 0;
	XML_SetUserData(sieve->parser, sieve);
	XML_SetElementHandler(sieve->parser, on_start, on_end);
	XML_SetCharacterDataHandler(sieve->parser, on_text);
	XML_SetStartDoctypeDeclHandler(sieve->parser, on_document_type);
	XML_SetProcessingInstructionHandler(sieve->parser, on_instruction);
	XML_SetCommentHandler(sieve->parser, on_comment);
	if (XML_SetReparseDeferralEnabled)
		(void)XML_SetReparseDeferralEnabled(sieve->parser, XML_FALSE);
}

struct sieve *sieve_new(
	void (*on_stanza)(void *context, stanza *incoming), void *context)
{
	struct sieve *sieve = xcalloc(1, sizeof(*sieve));

	sieve->on_stanza = on_stanza;
	sieve->context = context;
	sieve->header = sieve->text = (struct strbuf)STRBUF_INIT;
	begin_parser(sieve);
	return sieve;
}

/* Feeds the parser; how much of it was used. False: it cannot be read. */
static bool feed(struct sieve *sieve, const char *bytes, size_t length,
	size_t *used, struct error *error)
{
	enum XML_Status status =
		XML_Parse(sieve->parser, bytes, (int)length, XML_FALSE);

	*used = sieve->stopped_at ? (size_t)(sieve->stopped_at - sieve->fed)
				  : length;
	sieve->fed += (XML_Index)*used;
	if (status == XML_STATUS_ERROR)
		return failed(error, ERROR_UNAVAILABLE, "%s",
			XML_ErrorString(XML_GetErrorCode(sieve->parser)));
	return true;
}

/* The names that the parser keeps go with it. */
static bool renew_parser(struct sieve *sieve, struct error *error)
{
	size_t used;

	XML_ParserFree(sieve->parser);
	begin_parser(sieve);
	return feed(
		sieve, sieve->header.text, sieve->header.length, &used, error);
}

static bool keep_header(struct sieve *sieve, const char *bytes, size_t length,
	struct error *error)
{
	if (sieve->header.length + length > HEADER_BYTES + SIEVE_BYTES)
		return failed(error, ERROR_UNAVAILABLE,
			"a stream does not open like this");
	strbuf_add_bytes(&sieve->header, bytes, length);
	return true;
}

bool sieve_run(struct sieve *sieve, const char *bytes, size_t length,
	struct strbuf *out, struct error *error)
{
	size_t used;

	sieve->out = out;
	if (!sieve->element && !keep_header(sieve, bytes, length, error))
		return false;
	for (; length; bytes += used, length -= used) {
		if (sieve->stopped_at && !renew_parser(sieve, error))
			return false;
		if (!feed(sieve, bytes, length, &used, error))
			return false;
	}
	if (sieve->fed - sieve->began_at > ENDLESS_BYTES)
		return failed(error, ERROR_UNAVAILABLE, "a stanza has no end");
	if (sieve->depth > 1)
		(void)is_within_limits(sieve, sieve->fed);
	return true;
}

void sieve_free(struct sieve *sieve)
{
	if (!sieve)
		return;
	forget_stanza(sieve);
	XML_ParserFree(sieve->parser);
	strbuf_release(&sieve->header);
	strbuf_release(&sieve->text);
	free(sieve->element);
	free(sieve);
}
