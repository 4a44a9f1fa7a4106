/* file_message.c - the links to files in a message, and a message with others. */
#include "mirror/file_message.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/file_store.h"

#define NS_OOB "jabber:x:oob"
#define NS_SFS "urn:xmpp:sfs:0"
#define NS_METADATA "urn:xmpp:file:metadata:0"
#define NS_URL_DATA "http://jabber.org/protocol/url-data"
#define NS_SIMS "urn:xmpp:sims:1"
#define NS_REFERENCE "urn:xmpp:reference:0"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define NS_HASHES "urn:xmpp:hashes:2"

#define URL_LONGEST 4096

/* A link to an encrypted file (0454), which cannot be looked at. */
bool file_is_sealed(const char *url)
{
	return strncasecmp(url, "aesgcm://", 9) == 0;
}

static bool is_web_link(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0 ||
	       strncasecmp(url, "http://", 7) == 0;
}

/* Takes both over; name may be NULL. */
static void add_link(struct file_finds *finds, char *url, char *name)
{
	bool is_known = (!is_web_link(url) && !file_is_sealed(url)) ||
			strlen(url) > URL_LONGEST;

	for (size_t i = 0; i < finds->count; i++)
		if (strcmp(finds->links[i].url, url) == 0) {
			is_known = true;
			if (!finds->links[i].name) {
				finds->links[i].name = name;
				name = NULL;
			}
		}
	if (!is_known && finds->count == FILE_LINKS_MOST)
		is_known = finds->is_more = true;
	if (is_known) {
		free(url);
		free(name);
		return;
	}
	finds->links[finds->count].url = url;
	finds->links[finds->count++].name = name;
}

/* The text of a child, without blanks around it; NULL: there is none. */
static char *child_text(const stanza *parent, const char *name)
{
	const stanza *child = parent ? stanza_find(parent, name, NULL) : NULL;
	char *text = child ? stanza_text(child) : NULL;
	size_t end = text ? strlen(text) : 0, begin = 0;

	if (!text)
		return NULL;
	while (end && isspace((unsigned char)text[end - 1]))
		text[--end] = '\0';
	while (isspace((unsigned char)text[begin]))
		begin++;
	memmove(text, text + begin, end - begin + 1);
	return text;
}

static void find_oob(const stanza *x, struct file_finds *finds)
{
	char *url = child_text(x, "url");

	if (url)
		add_link(finds, url, NULL);
}

/* What holds <sources> and <file> may have one source of each element's kind;
 * its address stands in an attribute. */
static void find_source(const stanza *sharing, const char *element,
	const char *ns, const char *attribute, struct file_finds *finds)
{
	const stanza *sources = stanza_find(sharing, "sources", NULL);
	const stanza *source =
		sources ? stanza_find(sources, element, ns) : NULL;
	const char *url = source ? stanza_get(source, attribute) : NULL;

	if (url)
		add_link(finds, xstrdup(url),
			child_text(stanza_find(sharing, "file", NULL), "name"));
}

static void find_in_element(const stanza *child, struct file_finds *finds)
{
	const stanza *sharing;

	if (stanza_is(child, "x", NS_OOB)) {
		find_oob(child, finds);
	} else if (stanza_is(child, "file-sharing", NS_SFS)) {
		finds->is_shared = true;
		find_source(child, "url-data", NS_URL_DATA, "target", finds);
	} else if (stanza_is(child, "reference", NS_REFERENCE) &&
		   (sharing = stanza_find(child, "media-sharing", NS_SIMS))) {
		find_source(sharing, "reference", NS_REFERENCE, "uri", finds);
	}
}

/* How long the link at the beginning of text is: to the next blank, without the
 * full stop of a sentence. */
static size_t link_length(const char *text)
{
	size_t length = strcspn(text, " \t\r\n<>\"");

	while (length && strchr(".,;:!?)'", text[length - 1]))
		length--;
	return length;
}

/* Whether a link leads to a domain or one below it. */
static bool leads_to(const char *url, const char *domain)
{
	const char *host = strstr(url, "://") + 3;
	size_t length = strcspn(host, "/?#:"), wanted = strlen(domain);

	return wanted && length >= wanted &&
	       strncasecmp(host + length - wanted, domain, wanted) == 0 &&
	       (length == wanted || host[length - wanted - 1] == '.');
}

static void find_in_text(
	const char *text, const char *domain, struct file_finds *finds)
{
	for (; (text = strcasestr(text, "http")); text += 4) {
		char *url = is_web_link(text)
				    ? xstrndup(text, link_length(text))
				    : NULL;

		if (url && leads_to(url, domain))
			add_link(finds, url, NULL);
		else
			free(url);
	}
}

static void find_sealed(const char *text, struct file_finds *finds)
{
	for (; (text = strcasestr(text, "aesgcm://")); text += 9)
		add_link(finds, xstrndup(text, link_length(text)), NULL);
}

static void find_in_body(const stanza *body, const char *sender_jid,
	bool are_sealed_wanted, struct file_finds *finds)
{
	AUTO(free_text) char *text = stanza_text(body);
	const char *at = strchr(sender_jid, '@');

	if (at)
		find_in_text(text, at + 1, finds);
	if (are_sealed_wanted)
		find_sealed(text, finds);
}

bool file_message_find(const stanza *message, const char *sender_jid,
	bool are_sealed_wanted, struct file_finds *finds)
{
	*finds = (struct file_finds){0};
	for (const stanza *child = stanza_first(message); child;
		child = stanza_next(child)) {
		find_in_element(child, finds);
		if (stanza_is(child, "body", NULL))
			find_in_body(
				child, sender_jid, are_sealed_wanted, finds);
	}
	return finds->count > 0 || finds->is_shared;
}

void file_finds_release(struct file_finds *finds)
{
	for (size_t i = 0; i < finds->count; i++) {
		free(finds->links[i].url);
		free(finds->links[i].name);
	}
	finds->count = 0;
}

/* The text with links exchanged. One whose place nothing takes leaves no blanks
 * behind. */
static void exchange_text(struct strbuf *out, const char *text,
	const struct file_finds *finds,
	const struct file_offer offers[FILE_LINKS_MOST])
{
	while (*text) {
		size_t best = finds->count, length = 0;

		for (size_t i = 0; i < finds->count; i++) {
			size_t size = strlen(finds->links[i].url);

			if (size > length &&
				strncmp(text, finds->links[i].url, size) == 0) {
				best = i;
				length = size;
			}
		}
		if (best < finds->count)
			strbuf_add(out, offers[best].url);
		else
			strbuf_add_bytes(out, text, length = 1);
		text += length;
	}
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static void copy_body(const stanza *body, const struct file_finds *finds,
	const struct file_offer offers[FILE_LINKS_MOST], stanza *copy)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	AUTO(free_text) char *was = stanza_text(body);
	const char *language = stanza_get(body, "xml:lang");

	exchange_text(&text, was, finds, offers);
	if (is_blank(text.text))
		return;
	stanza *put = stanza_add_text(copy, "body", text.text);
	if (language)
		stanza_set(put, "xml:lang", language);
}

static bool is_about_files(const stanza *child)
{
	const char *for_what = stanza_get(child, "for");

	return stanza_is(child, "x", NS_OOB) ||
	       stanza_is(child, "file-sharing", NS_SFS) ||
	       stanza_is(child, "reference", NS_REFERENCE) ||
	       (stanza_is(child, "fallback", NS_FALLBACK) && for_what &&
		       (strcmp(for_what, NS_SFS) == 0 ||
			       strcmp(for_what, NS_OOB) == 0));
}

static void add_oob(stanza *message, const struct file_offer *offer)
{
	stanza_add_text(stanza_add(message, "x", NS_OOB), "url", offer->url);
}

/* XEP-0447, with what the clinic itself knows of the file. */
static void add_sharing(stanza *message, const struct file_offer *offer)
{
	stanza *sharing = stanza_add(message, "file-sharing", NS_SFS);
	stanza *file = stanza_add(sharing, "file", NS_METADATA);
	char size[24], digest[CRYPTO_BASE64_SIZE(CRYPTO_SHA256_BYTES)];

	(void)snprintf(size, sizeof(size), "%zu", offer->length);
	crypto_base64(offer->digest, sizeof(offer->digest), digest);
	stanza_set(sharing, "disposition", "inline");
	stanza_add_text(file, "media-type", offer->type->name);
	stanza_add_text(file, "name", offer->name);
	stanza_add_text(file, "size", size);
	stanza *hash = stanza_add(file, "hash", NS_HASHES);
	stanza_set(hash, "algo", "sha-256");
	stanza_set_text(hash, digest);
	stanza *source = stanza_add(
		stanza_add(sharing, "sources", NULL), "url-data", NS_URL_DATA);
	stanza_set(source, "target", offer->url);
}

stanza *file_message_exchange(const stanza *message,
	const struct file_finds *finds,
	const struct file_offer offers[FILE_LINKS_MOST])
{
	static const char *const attributes[] = {
		"from", "to", "id", "type", "xml:lang"};
	stanza *copy = stanza_new("message", NULL);
	bool has_oob = false;

	for (size_t i = 0; i < COUNT_OF(attributes); i++)
		stanza_set(copy, attributes[i],
			stanza_get(message, attributes[i]));
	for (const stanza *child = stanza_first(message); child;
		child = stanza_next(child))
		if (stanza_is(child, "body", NULL))
			copy_body(child, finds, offers, copy);
		else if (!is_about_files(child))
			stanza_adopt(copy, stanza_copy(child));
	/* A client shows the file itself where the text is the link. */
	if (!stanza_find(copy, "body", NULL))
		for (size_t i = 0; i < finds->count && !has_oob; i++)
			if (offers[i].url) {
				stanza_add_text(copy, "body", offers[i].url);
				has_oob = true;
			}
	for (size_t i = 0; i < finds->count; i++) {
		if (!offers[i].url)
			continue;
		add_oob(copy, &offers[i]);
		if (finds->is_shared && offers[i].type)
			add_sharing(copy, &offers[i]);
	}
	return copy;
}

void file_message_copy(const stanza *exchanged, stanza *outgoing)
{
	for (const stanza *child = stanza_first(exchanged); child;
		child = stanza_next(child))
		if (stanza_is(child, "x", NS_OOB) ||
			stanza_is(child, "file-sharing", NS_SFS))
			stanza_adopt(outgoing, stanza_copy(child));
}
