/* switchboard.c - which room answers which stanza: one table. */
#include "switchboard.h"

#include "desk/desk.h"
#include "mirror/call.h"
#include "mirror/call_payload.h"
#include "mirror/chat.h"
#include "mirror/face.h"
#include "mirror/pep.h"
#include "mirror/presence.h"
#include "mirror/relay.h"
#include "mirror/teams.h"
#include "post/bounce.h"
#include "service/adhoc.h"
#include "service/basics.h"
#include "service/disco.h"
#include "service/presence.h"
#include "service/vcard.h"
#include "settings.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* Who is addressed. What is neither the component nor its desk belongs to the
 * address book. ROOMS: the server's chat service writes to the desk. */
enum address { COMPONENT = 1, DESK = 2, OTHER = 4, ROOMS = 8 };
#define FRONT (COMPONENT | DESK)
#define ANY (COMPONENT | DESK | OTHER | ROOMS)

struct row {
	const char *kind;
	int addresses;
	const char *type;    /* NULL: any; "": none */
	const char *payload; /* a child's name; NULL: any, or no child */
	const char *ns;      /* its namespace; NULL: any */
	handler *handler;
};

static void ignore(struct room *room UNUSED, stanza *incoming UNUSED)
{
}

/* The first row that fits answers. */
/* clang-format off */
static const struct row rows[] = {
	{"message", ROOMS, NULL, NULL, NULL, teams_talk},
	{"presence", ROOMS, NULL, NULL, NULL, teams_hear},
	{"iq", ROOMS, NULL, NULL, NULL, teams_hear},

	/* A message without a body is a chat state, a receipt or a marker. */
	{"message", DESK, "error", NULL, NULL, post_bounce},
	{"message", OTHER, "error", NULL, NULL, call_bounce},
	{"message", ANY, "error", NULL, NULL, ignore},
	{"message", ANY, "groupchat", NULL, NULL, ignore},
	{"message", OTHER, "headline", "event", NS_PUBSUB_EVENT, pep_event},
	{"message", ANY, "headline", NULL, NULL, ignore},
	{"message", FRONT, NULL, "encrypted", NULL, desk_refuse_encrypted},
	{"message", DESK, NULL, "reactions", NS_REACTIONS, desk_see_reaction},
	{"message", FRONT, NULL, "propose", NS_JMI, call_desk},
	{"message", FRONT, NULL, "body", NULL, desk_hear},
	{"message", OTHER, NULL, "propose", NS_JMI, call_propose},
	{"message", OTHER, NULL, NULL, NS_JMI, call_message},
	{"message", OTHER, NULL, "invite", NS_CALL_INVITE, call_refuse_group},
	{"message", OTHER, NULL, "encrypted", NULL, pep_message},
	{"message", OTHER, NULL, "received", NS_RECEIPTS, call_receipt},
	{"message", OTHER, NULL, NULL, NULL, chat_message},
	{"message", ANY, NULL, NULL, NULL, ignore},

	{"presence", FRONT, "subscribe", NULL, NULL, presence_subscribe},
	{"presence", FRONT, "unsubscribe", NULL, NULL, presence_unsubscribe},
	{"presence", FRONT, "probe", NULL, NULL, presence_probe},
	{"presence", OTHER, "subscribe", NULL, NULL, presence_wanted},
	{"presence", OTHER, "subscribed", NULL, NULL, presence_agreed},
	{"presence", OTHER, "unsubscribe", NULL, NULL, presence_unwanted},
	{"presence", OTHER, "unsubscribed", NULL, NULL, presence_unwanted},
	{"presence", OTHER, "probe", NULL, NULL, presence_probed},
	{"presence", OTHER, "unavailable", NULL, NULL, call_leave},
	{"presence", OTHER, "", NULL, NULL, presence_shown},
	{"presence", OTHER, "error", NULL, NULL, presence_lost},
	{"presence", ANY, NULL, NULL, NULL, ignore},

	{"iq", OTHER, "result", NULL, NULL, relay_answer},
	{"iq", OTHER, "error", NULL, NULL, relay_answer},
	{"iq", ANY, "result", NULL, NULL, ignore},
	{"iq", ANY, "error", NULL, NULL, ignore},
	{"iq", OTHER, "get", "query", NS_DISCO_INFO, face_info},
	{"iq", OTHER, "get", "query", NS_DISCO_ITEMS, face_items},
	{"iq", OTHER, "get", "ping", NS_PING, face_ping},
	{"iq", OTHER, "get", "vCard", NS_VCARD, face_card},
	{"iq", OTHER, "set", "jingle", NS_JINGLE, call_jingle},
	{"iq", OTHER, "get", "pubsub", NS_PUBSUB, pep_get},
	{"iq", OTHER, "set", "pubsub", NS_PUBSUB, pep_set},
	{"iq", OTHER, NULL, NULL, NULL, face_refuse},
	{"iq", FRONT, "get", "query", NS_DISCO_INFO, disco_info},
	{"iq", FRONT, "get", "query", NS_DISCO_ITEMS, disco_items},
	{"iq", FRONT, "set", "command", NS_COMMANDS, adhoc_command},
	{"iq", FRONT, "get", "ping", NS_PING, answer_ping},
	{"iq", FRONT, "get", "query", NS_VERSION, answer_version},
	{"iq", FRONT, "get", "vCard", NS_VCARD, vcard_get},
	{"iq", ANY, NULL, NULL, NULL, refuse_request},
};
/* clang-format on */

/* Whether the chat service of the teams' rooms sent it. */
static bool is_from_rooms(const struct room *room, const stanza *incoming)
{
	const char *service = room->settings->teams_service;
	struct jid_parts from;

	return *service && jid_split(stanza_get(incoming, "from"), &from) &&
	       from.domain_length == strlen(service) &&
	       memcmp(from.domain, service, from.domain_length) == 0;
}

static enum address address_of(const struct room *room, const stanza *incoming)
{
	const char *desk = room->settings->bot_desk;
	struct jid_parts to;

	if (!jid_split(stanza_get(incoming, "to"), &to))
		return OTHER;
	if (!to.local)
		return COMPONENT;
	if (to.local_length != strlen(desk) ||
		memcmp(to.local, desk, to.local_length) != 0)
		return OTHER;
	return is_from_rooms(room, incoming) ? ROOMS : DESK;
}

static bool fits(
	const struct row *row, const stanza *incoming, enum address address)
{
	const char *type = stanza_get(incoming, "type");

	if (!stanza_is(incoming, row->kind, NULL) ||
		!(row->addresses & (int)address))
		return false;
	if (row->type && strcmp(row->type, type ? type : "") != 0)
		return false;
	return (!row->payload && !row->ns) ||
	       stanza_find(incoming, row->payload, row->ns);
}

void switchboard_connect(struct room *room, stanza *incoming)
{
	enum address address = address_of(room, incoming);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (fits(&rows[i], incoming, address)) {
			rows[i].handler(room, incoming);
			return;
		}
}
