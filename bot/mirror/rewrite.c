/* rewrite.c - a stanza from one side, as the other side may see it. */
#include "mirror/rewrite.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "mirror/call_payload.h"
#include "xmpp/gate.h"

#define ATTRIBUTE_NAME 64
#define LANGUAGE_LONGEST 35

static bool join(char joined[JID_SIZE], const char *bare, const char *resource)
{
	int length = snprintf(joined, JID_SIZE, "%s%s%s", bare,
		resource ? "/" : "", resource ? resource : "");

	if (length > 0 && length < JID_SIZE)
		return true;
	*joined = '\0';
	return false;
}

/* The length of the bare address at the beginning. */
static size_t bare_length(const char *address)
{
	return strcspn(address, "/");
}

static bool is_bare(const char *address, size_t length, const char *bare)
{
	return strlen(bare) == length &&
	       strncasecmp(address, bare, length) == 0;
}

bool rewrite_address(
	const struct passage *passage, const char *address, char seen[JID_SIZE])
{
	size_t length = bare_length(address);
	const char *resource = address[length] ? address + length + 1 : NULL;
	char other[SEAL_SIZE];

	*seen = '\0';
	if (is_bare(address, length, passage->receiver.shown)) {
		if (resource && !seal_open(passage->seal, passage->receiver.id,
					resource, other))
			resource = NULL;
		return join(
			seen, passage->receiver.real, resource ? other : NULL);
	}
	if (is_bare(address, length, passage->sender.real)) {
		if (resource && !seal_close(passage->seal, passage->sender.id,
					resource, other))
			resource = NULL;
		return join(
			seen, passage->sender.shown, resource ? other : NULL);
	}
	return false;
}

/* Whether text has the other one in it, in any case. */
static bool contains(const char *text, const char *part)
{
	return strcasestr(text, part) != NULL;
}

/* The last look at an attribute: no value has the sender's address in it,
 * whatever the tables say. */
static bool is_harmless(const struct passage *passage, const char *value)
{
	return !contains(value, passage->sender.real);
}

static void copy_attribute(const struct passage *passage,
	const stanza *original, stanza *copy, const char *name)
{
	bool is_address = *name == '@';
	char seen[JID_SIZE];
	const char *value = stanza_get(original, name + is_address);

	if (!value)
		return;
	if (!is_address && is_harmless(passage, value))
		stanza_set(copy, name, value);
	else if (is_address && rewrite_address(passage, value, seen))
		stanza_set(copy, name + 1, seen);
}

/* The attributes of a list with blanks between. */
static void copy_listed(const struct passage *passage, const stanza *original,
	stanza *copy, const char *names)
{
	char name[ATTRIBUTE_NAME];

	while (names && *names) {
		size_t length = strcspn(names, " ");

		if (length && length < sizeof(name)) {
			memcpy(name, names, length);
			name[length] = '\0';
			copy_attribute(passage, original, copy, name);
		}
		names += length;
		names += *names == ' ';
	}
}

static void copy_all(
	const struct passage *passage, const stanza *original, stanza *copy)
{
	const char *pairs[2 * GATE_ATTRIBUTES];
	size_t count = stanza_attributes(original, pairs, COUNT_OF(pairs) / 2);

	for (size_t i = 0; i < count; i++)
		if (strcmp(pairs[2 * i], "xmlns") != 0 &&
			is_harmless(passage, pairs[2 * i + 1]))
			stanza_set(copy, pairs[2 * i], pairs[2 * i + 1]);
}

static void copy_text(const stanza *original, stanza *copy)
{
	AUTO(free_text) char *text = stanza_text(original);

	if (*text)
		stanza_set_text(copy, text);
}

/* What belongs to the stream has its namespace, or none when we made it. */
static bool is_in(const char *ns, const char *wanted)
{
	if (wanted)
		return strcmp(ns, wanted) == 0;
	return !*ns || strcmp(ns, "jabber:component:accept") == 0 ||
	       strcmp(ns, "jabber:client") == 0;
}

static const struct payload *find_row(const char *within, const stanza *child)
{
	const char *name = stanza_name(child), *ns = stanza_ns(child);

	for (const struct payload *row = payloads; row->within; row++)
		if (strcmp(row->within, within) == 0 &&
			(!row->name || strcmp(row->name, name) == 0) &&
			is_in(ns, row->ns))
			return row;
	return NULL;
}

/* Where nobody writes words for a person, there is no address of the sender's. */
static void copy_harmless_text(
	const struct passage *passage, const stanza *original, stanza *copy)
{
	AUTO(free_text) char *text = stanza_text(original);

	if (*text && is_harmless(passage, text))
		stanza_set_text(copy, text);
}

static stanza *copy_element(const struct passage *passage,
	const struct payload *row, const stanza *original,
	struct rewritten *counts);

/* What stands below an element whose whole namespace may pass, in its order. */
static void copy_tree(const struct passage *passage, const char *within,
	const stanza *original, stanza *copy, struct rewritten *counts)
{
	for (const stanza *child = stanza_first(original); child;
		child = stanza_next(child)) {
		const struct payload *row = find_row(within, child);
		stanza *added = NULL;

		if (row && !(row->flags & PAYLOAD_DROP)) {
			added = copy_element(passage, row, child, counts);
		} else if (!row &&
			   strcmp(stanza_ns(child), stanza_ns(original)) == 0) {
			added = stanza_new(
				stanza_name(child), stanza_ns(child));
			copy_all(passage, child, added);
			copy_tree(passage, within, child, added, counts);
			if (!stanza_first(child))
				copy_harmless_text(passage, child, added);
		}
		if (added)
			stanza_adopt(copy, added);
		else
			counts->dropped++;
	}
}

/* An element by its row, or NULL when it may not pass after all. */
static stanza *copy_element(const struct passage *passage,
	const struct payload *row, const stanza *original,
	struct rewritten *counts)
{
	stanza *copy = stanza_new(stanza_name(original), row->ns);
	struct rewritten inside = {0};

	if (row->flags & PAYLOAD_TREE) {
		copy_all(passage, original, copy);
		copy_tree(passage, row->name, original, copy, &inside);
	} else {
		copy_listed(passage, original, copy, row->attributes);
		rewrite_children(passage, row->name ? row->name : "", original,
			copy, &inside);
	}
	counts->dropped += inside.dropped;
	if ((row->flags & PAYLOAD_TEXT) && !stanza_first(copy))
		copy_text(original, copy);
	if (!row->mend || row->mend(passage, original, copy))
		return copy;
	stanza_free(copy);
	return NULL;
}

static void copy_child(const struct passage *passage, const char *within,
	const stanza *child, stanza *copy, struct rewritten *counts)
{
	const struct payload *row = find_row(within, child);
	stanza *added = NULL;

	if (row && (row->flags & PAYLOAD_DROP))
		return;
	if (row)
		added = copy_element(passage, row, child, counts);
	if (added)
		stanza_adopt(copy, added);
	counts->dropped += !added;
	counts->kept += added && !(row->flags & PAYLOAD_SIDE);
}

void rewrite_children(const struct passage *passage, const char *within,
	const stanza *original, stanza *copy, struct rewritten *counts)
{
	struct rewritten nobodys = {0};

	counts = counts ? counts : &nobodys;
	for (const stanza *child = stanza_first(original); child;
		child = stanza_next(child))
		copy_child(passage, within, child, copy, counts);
}

/* With an error some servers send back what was wrong; its sender has that. */
static void rewrite_error(const struct passage *passage, const stanza *incoming,
	stanza *outgoing, struct rewritten *counts)
{
	const stanza *error = stanza_find(incoming, "error", NULL);
	struct rewritten nobodys = {0};

	if (error)
		copy_child(passage, stanza_name(incoming), error, outgoing,
			counts ? counts : &nobodys);
}

/* A language as BCP 47 writes it, and nothing else. */
static bool is_language(const char *text)
{
	size_t length = 0;

	for (; text[length]; length++)
		if (!isascii((unsigned char)text[length]) ||
			(!isalnum((unsigned char)text[length]) &&
				text[length] != '-'))
			return false;
	return length > 0 && length <= LANGUAGE_LONGEST;
}

/* What belongs to a conversation: carbons and the offline store want it to be of
 * type chat, and some clients open another window for what is not. */
static bool is_chat(const stanza *message)
{
	return stanza_find(message, "body", NULL) ||
	       stanza_find(message, "encrypted", NS_OMEMO) ||
	       stanza_find(message, NULL, NS_JMI);
}

/* Old clients send messages of type normal. What is no talk, such as a receipt,
 * keeps its type, as it would between two servers. */
static const char *type_of(const stanza *incoming)
{
	const char *type = stanza_get(incoming, "type");

	if (!stanza_is(incoming, "message", NULL) ||
		(type && strcmp(type, "normal") != 0))
		return type;
	return is_chat(incoming) ? "chat" : type;
}

stanza *rewrite(const struct passage *passage, const stanza *incoming,
	struct rewritten *counts)
{
	const char *language = stanza_get(incoming, "xml:lang");
	const char *id = stanza_get(incoming, "id");
	const char *type = type_of(incoming);
	char from[JID_SIZE], to[JID_SIZE], sealed[SEAL_SIZE];
	const char *resource = passage->sender_resource;

	if ((id && !is_harmless(passage, id)) ||
		(resource && !seal_close(passage->seal, passage->sender.id,
				     resource, sealed)) ||
		!join(from, passage->sender.shown, resource ? sealed : NULL) ||
		!join(to, passage->receiver.real, passage->receiver_resource))
		return NULL;
	stanza *outgoing = stanza_new(stanza_name(incoming), NULL);
	stanza_set(outgoing, "from", from);
	stanza_set(outgoing, "to", to);
	stanza_set(outgoing, "id", id);
	stanza_set(outgoing, "type", type);
	if (language && is_language(language) &&
		stanza_is(incoming, "message", NULL))
		stanza_set(outgoing, "xml:lang", language);
	if (type && strcmp(type, "error") == 0)
		rewrite_error(passage, incoming, outgoing, counts);
	else
		rewrite_children(passage, stanza_name(incoming), incoming,
			outgoing, counts);
	return outgoing;
}
