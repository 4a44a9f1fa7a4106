/* gate.c - what may pass between the server and us. */
#include "xmpp/gate.h"

#include <strophe.h>

#include "base/memory.h"
#include "xmpp/jid.h"

struct tally {
	size_t elements, bytes;
};

static bool count_attributes(const stanza *element, struct tally *tally)
{
	const char *pairs[2 * (GATE_ATTRIBUTES + 1)];
	size_t count = stanza_attributes(element, pairs, GATE_ATTRIBUTES + 1);

	if (count > GATE_ATTRIBUTES)
		return false;
	for (size_t i = 0; i < 2 * count; i++)
		tally->bytes += strlen(pairs[i]);
	return true;
}

/* Namespaces that cannot be declared for an element: libstrophe takes the
 * prefix off <xml:a/>, and what it would print is not well formed. */
static bool is_writable(const stanza *element)
{
	const char *ns = stanza_ns(element);

	return strcmp(ns, "http://www.w3.org/XML/1998/namespace") != 0 &&
	       strcmp(ns, "http://www.w3.org/2000/xmlns/") != 0;
}

static bool check_element(const stanza *element, int depth, struct tally *tally)
{
	tally->elements++;
	tally->bytes +=
		strlen(stanza_name(element)) + stanza_text_length(element);
	if (depth > GATE_DEPTH || tally->elements > GATE_ELEMENTS ||
		tally->bytes > GATE_BYTES || !is_writable(element) ||
		!count_attributes(element, tally))
		return false;
	for (const stanza *child = stanza_first(element); child;
		child = stanza_next(child))
		if (!check_element(child, depth + 1, tally))
			return false;
	return true;
}

static bool is_acceptable(const stanza *root)
{
	struct tally tally = {0};

	return check_element(root, 1, &tally);
}

static bool is_stanza(const stanza *root)
{
	return stanza_is(root, "message", NULL) ||
	       stanza_is(root, "presence", NULL) || stanza_is(root, "iq", NULL);
}

static bool is_from(const stanza *outgoing, const char *domain)
{
	struct jid_parts from;

	return jid_split(stanza_get(outgoing, "from"), &from) &&
	       from.domain_length == strlen(domain) &&
	       memcmp(from.domain, domain, from.domain_length) == 0;
}

bool gate_in(const stanza *incoming, struct error *error)
{
	if (stanza_find(incoming, NULL, NS_REFUSED) || !is_acceptable(incoming))
		return failed(error, ERROR_USAGE,
			"that is more, or other, than can be read here");
	return true;
}

char *gate_out(const stanza *outgoing, const char *domain, struct error *error)
{
	struct jid_parts to;
	char *text = NULL;

	if (!is_stanza(outgoing))
		failed(error, ERROR_BUG, "not a stanza");
	else if (!jid_split(stanza_get(outgoing, "to"), &to))
		failed(error, ERROR_BUG, "no proper address to send it to");
	else if (!is_from(outgoing, domain))
		failed(error, ERROR_BUG, "it is not from our own domain");
	else if (!is_acceptable(outgoing))
		failed(error, ERROR_BUG, "too large, too deep or too many");
	else
		text = stanza_print(outgoing);
	if (text &&
		(strlen(text) > GATE_BYTES || !stanza_text_is_clean(text))) {
		failed(error, ERROR_BUG, "too large, or no proper characters");
		free(text);
		text = NULL;
	}
	return text;
}
