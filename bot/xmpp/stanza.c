/* stanza.c - XML elements as XMPP sends them: read, build, answer. */
#include "xmpp/stanza.h"

#include <pthread.h>
#include <strophe.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "xmpp/strophe_memory.h"

#define ATTRIBUTES_FEW 8

/* libstrophe wants a context for every element. This one serves all that we
 * build ourselves: it holds nothing but the allocator, so threads share it. */
static xmpp_ctx_t *shared_context;

static void make_context(void)
{
	shared_context = xmpp_ctx_new(&strophe_memory, NULL);
}

static xmpp_ctx_t *context(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_context);
	return shared_context;
}

/* libstrophe's getters take non-const pointers and change nothing. */
static xmpp_stanza_t *readable(const stanza *element)
{
	union {
		const stanza *borrowed;
		xmpp_stanza_t *readable;
	} cast = {.borrowed = element};

	return cast.readable;
}

/* The length of the character at text if XML 1.0 allows it, else 0: no
 * controls but tab and ends of lines, no surrogates, no U+FFFE and U+FFFF. */
static size_t xml_character(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = byte[0] < 0x80   ? 1
			: byte[0] < 0xc2 ? 0
			: byte[0] < 0xe0 ? 2
			: byte[0] < 0xf0 ? 3
			: byte[0] < 0xf5 ? 4
					 : 0;

	if (length == 1)
		return byte[0] >= ' ' || strchr("\t\n\r", byte[0]) ? 1 : 0;
	for (size_t i = 1; i < length; i++)
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	if (length == 3 &&
		((byte[0] == 0xe0 && byte[1] < 0xa0) ||
			(byte[0] == 0xed && byte[1] > 0x9f) ||
			(byte[0] == 0xef && byte[1] == 0xbf && byte[2] > 0xbd)))
		return 0;
	if (length == 4 && ((byte[0] == 0xf0 && byte[1] < 0x90) ||
				   (byte[0] == 0xf4 && byte[1] > 0x8f)))
		return 0;
	return length;
}

bool stanza_text_is_clean(const char *text)
{
	for (size_t length; *text; text += length) {
		length = *text >= ' ' ? 1 : xml_character(text);
		if (!length)
			return false;
	}
	return true;
}

/* A copy without the characters that XML 1.0 forbids. */
static char *clean(const char *text)
{
	char *copy = xstrdup(text);
	char *end = copy;

	if (stanza_text_is_clean(text))
		return copy;

	for (const char *at = text; *at;) {
		size_t length = xml_character(at);

		for (size_t i = 0; i < length; i++)
			*end++ = at[i];
		at += length ? length : 1;
	}
	*end = '\0';
	return copy;
}

stanza *stanza_new(const char *name, const char *ns)
{
	xmpp_stanza_t *element = xmpp_stanza_new(context());

	xmpp_stanza_set_name(element, name);
	if (ns)
		xmpp_stanza_set_ns(element, ns);
	return element;
}

stanza *stanza_copy(const stanza *original)
{
	return xmpp_stanza_copy(original);
}

/* libstrophe 0.12.2 drops the prefix of every attribute: xml:lang arrives as
 * lang. No protocol we speak has a plain lang, so it is put right. */
static void repair(stanza *element)
{
	const char *language = xmpp_stanza_get_attribute(element, "lang");

	if (language) {
		stanza_set(element, "xml:lang", language);
		xmpp_stanza_del_attribute(element, "lang");
	}
	for (stanza *child = stanza_first(element); child;
		child = stanza_next(child))
		repair(child);
}

stanza *stanza_parse(const char *xml)
{
	xmpp_stanza_t *root = xmpp_stanza_new_from_string(context(), xml);

	if (root)
		repair(root);
	return root;
}

void stanza_free(stanza *root)
{
	if (root)
		xmpp_stanza_release(root);
}

void stanza_release(stanza **root)
{
	stanza_free(*root);
}

stanza *stanza_add(stanza *parent, const char *name, const char *ns)
{
	stanza *child = stanza_new(name, ns ? ns : xmpp_stanza_get_ns(parent));

	stanza_adopt(parent, child);
	return child;
}

stanza *stanza_add_text(stanza *parent, const char *name, const char *text)
{
	stanza *child = stanza_add(parent, name, NULL);

	if (text && *text)
		stanza_set_text(child, text);
	return child;
}

void stanza_adopt(stanza *parent, stanza *child)
{
	xmpp_stanza_add_child_ex(parent, child, 0);
}

void stanza_set(stanza *element, const char *attribute, const char *value)
{
	if (!value) {
		xmpp_stanza_del_attribute(element, attribute);
		return;
	}
	if (stanza_text_is_clean(value)) {
		xmpp_stanza_set_attribute(element, attribute, value);
		return;
	}
	AUTO(free_text) char *cleaned = clean(value);
	xmpp_stanza_set_attribute(element, attribute, cleaned);
}

void stanza_set_text(stanza *element, const char *text)
{
	AUTO(free_text) char *cleaned = clean(text);
	xmpp_stanza_t *child = xmpp_stanza_new(context());

	xmpp_stanza_set_text(child, cleaned);
	stanza_adopt(element, child);
}

void stanza_replace_text(stanza *element, const char *text)
{
	AUTO(free_text) char *cleaned = clean(text);
	const char *put = cleaned;

	for (xmpp_stanza_t *child = xmpp_stanza_get_children(element); child;
		child = xmpp_stanza_get_next(child)) {
		if (xmpp_stanza_is_text(child))
			xmpp_stanza_set_text(child, put);
		put = "";
	}
}

const char *stanza_name(const stanza *element)
{
	const char *name = xmpp_stanza_get_name(readable(element));

	return name ? name : "";
}

const char *stanza_ns(const stanza *element)
{
	const char *ns = xmpp_stanza_get_ns(readable(element));

	return ns ? ns : "";
}

const char *stanza_get(const stanza *element, const char *attribute)
{
	return xmpp_stanza_get_attribute(readable(element), attribute);
}

size_t stanza_attributes(const stanza *element, const char **pairs, size_t most)
{
	int count = xmpp_stanza_get_attributes(
		readable(element), pairs, (int)(2 * most));

	return count < 0 ? 0 : (size_t)count / 2;
}

bool stanza_is(const stanza *element, const char *name, const char *ns)
{
	return (!name || strcmp(stanza_name(element), name) == 0) &&
	       (!ns || strcmp(stanza_ns(element), ns) == 0);
}

char *stanza_text(const stanza *element)
{
	char *text = xmpp_stanza_get_text(readable(element));

	return text ? text : xstrdup("");
}

static stanza *skip_text(stanza *element)
{
	while (element && !xmpp_stanza_is_tag(element))
		element = xmpp_stanza_get_next(element);
	return element;
}

stanza *stanza_first(const stanza *parent)
{
	return skip_text(xmpp_stanza_get_children(readable(parent)));
}

stanza *stanza_next(const stanza *element)
{
	return skip_text(xmpp_stanza_get_next(readable(element)));
}

stanza *stanza_find(const stanza *parent, const char *name, const char *ns)
{
	stanza *child = stanza_first(parent);

	while (child && !stanza_is(child, name, ns))
		child = stanza_next(child);
	return child;
}

size_t stanza_text_length(const stanza *element)
{
	size_t length = 0;

	for (xmpp_stanza_t *child = xmpp_stanza_get_children(readable(element));
		child; child = xmpp_stanza_get_next(child))
		if (xmpp_stanza_is_text(child))
			length += strlen(xmpp_stanza_get_text_ptr(child));
	return length;
}

/* Adds text with what XML reads as something else written safely. In an attribute
 * that is ends of lines and tabs, too. */
static void write_text(struct strbuf *out, const char *text, const char *unsafe)
{
	for (;;) {
		size_t length = strcspn(text, unsafe);

		strbuf_add_bytes(out, text, length);
		text += length;
		switch (*text++) {
		case '\0':
			return;
		case '&':
			strbuf_add(out, "&amp;");
			break;
		case '<':
			strbuf_add(out, "&lt;");
			break;
		case '>':
			strbuf_add(out, "&gt;");
			break;
		case '"':
			strbuf_add(out, "&quot;");
			break;
		case '\n':
			strbuf_add(out, "&#10;");
			break;
		case '\t':
			strbuf_add(out, "&#9;");
			break;
		case '\r':
			strbuf_add(out, "&#13;");
			break;
		}
	}
}

/* A namespace is said again only where it is another one than outside. */
static void write_attributes(
	struct strbuf *out, const stanza *element, const char *outside)
{
	int count = xmpp_stanza_get_attribute_count(readable(element));
	const char *few[2 * ATTRIBUTES_FEW];
	const char **pairs = few;

	if (count > ATTRIBUTES_FEW)
		pairs = xcalloc((size_t)count, 2 * sizeof(*pairs));
	count = xmpp_stanza_get_attributes(readable(element), pairs, 2 * count);
	for (int i = 0; i + 1 < count; i += 2) {
		if (strcmp(pairs[i], "xmlns") == 0 &&
			strcmp(pairs[i + 1], outside) == 0)
			continue;
		strbuf_add_char(out, ' ');
		strbuf_add(out, pairs[i]);
		strbuf_add(out, "=\"");
		write_text(out, pairs[i + 1], "&<>\"\n\t\r");
		strbuf_add_char(out, '"');
	}
	if (pairs != few)
		free(pairs);
}

static void write_element(
	struct strbuf *out, const stanza *element, const char *outside)
{
	xmpp_stanza_t *child = xmpp_stanza_get_children(readable(element));

	strbuf_add_char(out, '<');
	strbuf_add(out, stanza_name(element));
	write_attributes(out, element, outside);
	if (!child) {
		strbuf_add(out, "/>");
		return;
	}
	strbuf_add_char(out, '>');
	for (; child; child = xmpp_stanza_get_next(child))
		if (xmpp_stanza_is_text(child))
			write_text(
				out, xmpp_stanza_get_text_ptr(child), "&<>\r");
		else
			write_element(out, child, stanza_ns(element));
	strbuf_add(out, "</");
	strbuf_add(out, stanza_name(element));
	strbuf_add_char(out, '>');
}

/* libstrophe's own printing takes four times as long, and leaves ends of lines in
 * attributes, which the next reader takes for blanks. */
char *stanza_print(const stanza *element)
{
	struct strbuf out = STRBUF_INIT;

	write_element(&out, element, "jabber:client");
	return strbuf_detach(&out);
}

stanza *stanza_reply(const stanza *request, const char *type)
{
	stanza *reply = stanza_new(stanza_name(request), NULL);

	stanza_set(reply, "type", type);
	stanza_set(reply, "id", stanza_get(request, "id"));
	stanza_set(reply, "to", stanza_get(request, "from"));
	stanza_set(reply, "from", stanza_get(request, "to"));
	return reply;
}

static bool may_be_answered(const stanza *request)
{
	const char *type = stanza_get(request, "type");

	return !type ||
	       (strcmp(type, "error") != 0 && strcmp(type, "result") != 0);
}

stanza *stanza_error(const stanza *request, const char *type,
	const char *condition, const char *text)
{
	if (!may_be_answered(request))
		return NULL;
	stanza *reply = stanza_reply(request, "error");
	stanza *error = stanza_add(reply, "error", NULL);
	stanza_set(error, "type", type);
	stanza_add(error, condition, NS_STANZAS);
	if (text && *text)
		stanza_set_text(stanza_add(error, "text", NS_STANZAS), text);
	return reply;
}

stanza *stanza_failure(const stanza *request, const struct error *error)
{
	/* clang-format off */
	static const struct {
		const char *type, *condition;
	} conditions[] = {
		[ERROR_USAGE]       = {"modify", "bad-request"},
		[ERROR_DENIED]      = {"auth", "forbidden"},
		[ERROR_MISSING]     = {"cancel", "item-not-found"},
		[ERROR_CONFLICT]    = {"cancel", "conflict"},
		[ERROR_UNAVAILABLE] = {"wait", "resource-constraint"},
		[ERROR_BUG]         = {"cancel", "internal-server-error"},
	};
	/* clang-format on */

	return stanza_error(request, conditions[error->kind].type,
		conditions[error->kind].condition, error->message);
}

stanza *stanza_chat(
	const char *to, const char *from, const char *id, const char *body)
{
	stanza *message = stanza_new("message", NULL);

	stanza_set(message, "type", "chat");
	stanza_set(message, "to", to);
	stanza_set(message, "from", from);
	stanza_set(message, "id", id);
	stanza_add_text(message, "body", body);
	return message;
}
