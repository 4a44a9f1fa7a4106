/* disco.c - what can be found here, and what it can do (XEP-0030). */
#include "service/disco.h"

#include "base/memory.h"
#include "desk/wording.h"
#include "service/adhoc.h"
#include "settings.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

static void add_item(
	stanza *query, const char *jid, const char *node, const char *name)
{
	stanza *item = stanza_add(query, "item", NULL);

	stanza_set(item, "jid", jid);
	stanza_set(item, "node", node);
	stanza_set(item, "name", name);
}

/* The component shows its desk. */
static void list_desk(
	struct room *room, const stanza *incoming UNUSED, stanza *query)
{
	const struct settings *settings = room->settings;
	AUTO(free_text)
	char *desk =
		xasprintf("%s@%s", settings->bot_desk, settings->server_domain);

	add_item(query, desk, NULL, settings->clinic_name);
}

struct node {
	const char *name; /* NULL: the address itself */
	bool is_desk;     /* the desk's, or the component's own */
	const char *category, *type;
	/* Adds the items; NULL: there are none. */
	void (*list)(struct room *room, const stanza *incoming, stanza *query);
	const char *features[12];
};

/* clang-format off */
static const struct node nodes[] = {
	{NULL, false, "gateway", "xmpp", list_desk,
		{NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING, NS_VERSION, NS_VCARD,
		 NS_COMMANDS}},
	{NULL, true, "client", "bot", NULL,
		{NS_DISCO_INFO, NS_DISCO_ITEMS, NS_PING, NS_VERSION, NS_VCARD,
		 NS_COMMANDS, NS_RECEIPTS, NS_REACTIONS}},
	{NS_COMMANDS, false, "automation", "command-list", adhoc_list,
		{NS_DISCO_INFO, NS_DISCO_ITEMS}},
	{NS_COMMANDS, true, "automation", "command-list", adhoc_list,
		{NS_DISCO_INFO, NS_DISCO_ITEMS}},
};
/* clang-format on */

static bool is_same(const char *left, const char *right)
{
	return left && right ? strcmp(left, right) == 0 : left == right;
}

static const struct node *find_node(const stanza *incoming)
{
	const stanza *query = stanza_find(incoming, "query", NULL);
	const char *name = stanza_get(query, "node");
	struct jid_parts to;

	if (!jid_split(stanza_get(incoming, "to"), &to))
		return NULL;
	for (size_t i = 0; i < COUNT_OF(nodes); i++)
		if (nodes[i].is_desk == (to.local != NULL) &&
			is_same(nodes[i].name, name))
			return &nodes[i];
	return NULL;
}

static void refuse_node(struct room *room, stanza *incoming)
{
	stream_send(
		room->stream, stanza_error(incoming, "cancel", "item-not-found",
				      "there is no such node"));
}

static stanza *start_info(
	const stanza *incoming, const char *node, stanza **query)
{
	stanza *reply = stanza_reply(incoming, "result");

	*query = stanza_add(reply, "query", NS_DISCO_INFO);
	stanza_set(*query, "node", node);
	return reply;
}

static void add_identity(
	stanza *query, const char *category, const char *type, const char *name)
{
	stanza *identity = stanza_add(query, "identity", NULL);

	stanza_set(identity, "category", category);
	stanza_set(identity, "type", type);
	stanza_set(identity, "name", name);
}

static void add_feature(stanza *query, const char *feature)
{
	stanza_set(stanza_add(query, "feature", NULL), "var", feature);
}

/* A command is a node of its own (XEP-0050 section 2.2). */
static void describe_command(struct room *room, const stanza *incoming,
	const char *node, const char *summary)
{
	stanza *query;
	stanza *reply = start_info(incoming, node, &query);

	add_identity(
		query, "automation", "command-node", in_words(NULL, summary));
	add_feature(query, NS_COMMANDS);
	add_feature(query, NS_DATA);
	stream_send(room->stream, reply);
}

void disco_info(struct room *room, stanza *incoming)
{
	const struct node *node = find_node(incoming);
	const char *name =
		stanza_get(stanza_find(incoming, "query", NULL), "node");
	stanza *reply, *query;

	if (!node && adhoc_summary(name)) {
		describe_command(room, incoming, name, adhoc_summary(name));
		return;
	}
	if (!node) {
		refuse_node(room, incoming);
		return;
	}
	reply = start_info(incoming, node->name, &query);
	add_identity(
		query, node->category, node->type, room->settings->clinic_name);
	for (size_t i = 0; i < COUNT_OF(node->features) && node->features[i];
		i++)
		add_feature(query, node->features[i]);
	stream_send(room->stream, reply);
}

void disco_items(struct room *room, stanza *incoming)
{
	const struct node *node = find_node(incoming);

	if (!node) {
		refuse_node(room, incoming);
		return;
	}
	stanza *reply = stanza_reply(incoming, "result");
	stanza *query = stanza_add(reply, "query", NS_DISCO_ITEMS);
	stanza_set(query, "node", node->name);
	if (node->list)
		node->list(room, incoming, query);
	stream_send(room->stream, reply);
}
