/* pep.c - the keys of encrypted chats (OMEMO), handed from side to side. */
#include "mirror/pep.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/chat.h"
#include "mirror/keeper.h"
#include "mirror/meeting.h"
#include "mirror/news.h"
#include "mirror/nick.h"
#include "mirror/words.h"
#include "room.h"
#include "settings.h"
#include "xmpp/stream.h"

#define DEVICES NS_OMEMO ".devicelist"
#define BUNDLES NS_OMEMO ".bundles:"
#define ID "cl-pep-"
#define LOOK_ID ID "look"
#define DEVICE_DIGITS 10
#define SUBSCRIBE_AGAIN_MS (INT64_C(24) * 60 * 60 * 1000)
#define LOOK_AGAIN_MS (10 * 60 * 1000)
#define TWICE_MS 60000
/* Between the resource that asked, which servers keep free of it, and the id of the
 * question. */
#define PART '\n'

bool pep_is_on(const struct mirror *mirror)
{
	return strcmp(mirror->settings->mirror_encryption, "yes") == 0;
}

static bool is_devices(const char *node)
{
	return node && strcmp(node, DEVICES) == 0;
}

static bool is_known(const char *node)
{
	const char *device;

	if (!node || is_devices(node))
		return node != NULL;
	if (strncmp(node, BUNDLES, strlen(BUNDLES)) != 0)
		return false;
	device = node + strlen(BUNDLES);
	return *device && strlen(device) <= DEVICE_DIGITS &&
	       strspn(device, "0123456789") == strlen(device);
}

/* The two are in the book, and neither has blocked the other. */
static bool is_open(
	struct mirror *mirror, const stanza *incoming, struct meeting *meeting)
{
	enum verdict verdict =
		mirror ? meeting_open(mirror, incoming, meeting) : IS_NOBODY;

	return verdict != IS_NOBODY && pep_is_on(mirror) &&
	       verdict != IS_STRANGER && meeting->has_pair &&
	       !meeting->pair.is_blocked;
}

static void refuse(struct room *room, const stanza *incoming)
{
	stream_send(room->stream,
		stanza_error(incoming, "cancel", "item-not-found", NULL));
}

/* ---- questions ---- */

/* A question of ours to the receiver's account, from the sender's clinic address,
 * which it may have in its contact list. */
static stanza *new_question(
	const struct meeting *meeting, const char *type, const char *id)
{
	stanza *iq = stanza_new("iq", NULL);

	stanza_set(iq, "type", type);
	stanza_set(iq, "id", id);
	stanza_set(iq, "from", meeting->sender_shown);
	stanza_set(iq, "to", meeting->receiver.jid);
	return iq;
}

/* What is between the two, as a number. */
static uint64_t number_of(
	const char *what, const struct party *one, const struct party *other)
{
	AUTO(free_text)
	char *all = xasprintf("%s %u %u", what, one->id, other->id);

	return keyed_hash(all, strlen(all));
}

/* Who gets a device list hears when it changes: their server tells the clinic
 * address. It remembers that, so it is asked once. */
static void subscribe(struct mirror *mirror, const struct meeting *meeting)
{
	if (!news_take(mirror->news,
		    number_of("subscribed", &meeting->passage.sender,
			    &meeting->passage.receiver),
		    1, SUBSCRIBE_AGAIN_MS, clock_monotonic_ms()))
		return;
	stanza *iq = new_question(meeting, "set", ID "devices");
	stanza *wish = stanza_add(
		stanza_add(iq, "pubsub", NS_PUBSUB), "subscribe", NS_PUBSUB);

	stanza_set(wish, "node", DEVICES);
	stanza_set(wish, "jid", meeting->sender_shown);
	stream_send(mirror->stream, iq);
}

/* The id of our question, in which is who asked and by which id. False: these are
 * too long, as no client's are. */
static bool make_id(struct mirror *mirror, const struct meeting *meeting,
	const char *asked_id, char id[SEAL_SIZE + sizeof(ID)])
{
	const char *resource = meeting->passage.sender_resource;
	char plain[SEAL_PLAIN + 1], sealed[SEAL_SIZE];
	int length;

	if (!resource || !asked_id)
		return false;
	length = snprintf(
		plain, sizeof(plain), "%s%c%s", resource, PART, asked_id);
	if (length < 0 || (size_t)length >= sizeof(plain) ||
		!seal_close(mirror->question_seal, meeting->sender.id, plain,
			sealed))
		return false;
	(void)snprintf(id, SEAL_SIZE + sizeof(ID), ID "%s", sealed);
	return true;
}

static void ask_for(struct mirror *mirror, stanza *question, const char *node)
{
	stanza *asked = stanza_add(
		stanza_add(question, "pubsub", NS_PUBSUB), "items", NS_PUBSUB);

	stanza_set(asked, "node", node);
	stanza_set(asked, "max_items", "1");
	stream_send(mirror->stream, question);
}

void pep_get(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const stanza *items = stanza_find(
		stanza_find(incoming, "pubsub", NS_PUBSUB), "items", NULL);
	const char *node = items ? stanza_get(items, "node") : NULL;
	char id[SEAL_SIZE + sizeof(ID)];
	struct meeting meeting;

	if (nick_has_node(node)) {
		nick_get(room, incoming);
		return;
	}
	if (!is_known(node) || !is_open(mirror, incoming, &meeting) ||
		!make_id(mirror, &meeting, stanza_get(incoming, "id"), id)) {
		refuse(room, incoming);
		return;
	}
	ask_for(mirror, new_question(&meeting, "get", id), node);
	if (is_devices(node))
		subscribe(mirror, &meeting);
}

void pep_set(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const stanza *pubsub = stanza_find(incoming, "pubsub", NS_PUBSUB);
	const stanza *wish = stanza_find(pubsub, "subscribe", NULL);
	const stanza *end = stanza_find(pubsub, "unsubscribe", NULL);
	struct meeting meeting;
	stanza *answer, *said;

	if ((!wish && !end) ||
		!is_devices(stanza_get(wish ? wish : end, "node")) ||
		!is_open(mirror, incoming, &meeting)) {
		refuse(room, incoming);
		return;
	}
	answer = stanza_reply(incoming, "result");
	if (wish) {
		said = stanza_add(stanza_add(answer, "pubsub", NS_PUBSUB),
			"subscription", NS_PUBSUB);
		stanza_set(said, "node", DEVICES);
		stanza_set(said, "jid", meeting.sender.jid);
		stanza_set(said, "subscription", "subscribed");
		subscribe(mirror, &meeting);
	}
	stream_send(mirror->stream, answer);
}

/* ---- answers ---- */

/* The items of a node, built anew: ids and what may pass of the payload. */
static stanza *add_items(const struct meeting *meeting, const stanza *items,
	stanza *parent, const char *ns)
{
	stanza *copy = stanza_add(parent, "items", ns);

	stanza_set(copy, "node", stanza_get(items, "node"));
	for (const stanza *item = stanza_first(items); item;
		item = stanza_next(item)) {
		stanza *one;

		if (!stanza_is(item, "item", NULL))
			continue;
		one = stanza_add(copy, "item", ns);
		stanza_set(one, "id", "current");
		rewrite_children(&meeting->passage, "keys", item, one, NULL);
	}
	return copy;
}

/* Whether a list of the sender's devices is news to the receiver, who is told now. */
static bool is_news(struct mirror *mirror, const struct meeting *meeting,
	const stanza *items, int64_t again_ms)
{
	AUTO(strbuf_release) struct strbuf devices = STRBUF_INIT;

	for (const stanza *item = stanza_first(items); item;
		item = stanza_next(item))
		for (const stanza *list = stanza_first(item); list;
			list = stanza_next(list))
			for (const stanza *one = stanza_first(list); one;
				one = stanza_next(one)) {
				strbuf_add(&devices, stanza_get(one, "id"));
				strbuf_add_char(&devices, ' ');
			}
	return news_take(mirror->news,
		number_of("devices", &meeting->passage.sender,
			&meeting->passage.receiver),
		keyed_hash(devices.text, devices.length), again_ms,
		clock_monotonic_ms());
}

/* What a server says to strangers, or of nodes that are not there, is the same to
 * who asks: there are no keys. */
static void add_error(const stanza *incoming, stanza *answer)
{
	static const char *const passing[] = {"remote-server-timeout",
		"remote-server-not-found", "resource-constraint",
		"service-unavailable"};
	const stanza *error = stanza_find(incoming, "error", NULL);
	stanza *said = stanza_add(answer, "error", NULL);

	for (size_t i = 0; error && i < COUNT_OF(passing); i++)
		if (stanza_find(error, passing[i], NS_STANZAS)) {
			stanza_set(said, "type", "wait");
			stanza_add(said, passing[i], NS_STANZAS);
			return;
		}
	stanza_set(said, "type", "cancel");
	stanza_add(said, "item-not-found", NS_STANZAS);
}

static void answer(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming, const char *asked_id, const char *resource)
{
	const stanza *pubsub = stanza_find(incoming, "pubsub", NS_PUBSUB);
	const stanza *items =
		pubsub ? stanza_find(pubsub, "items", NULL) : NULL;
	const char *type = stanza_get(incoming, "type");
	bool is_result = strcmp(type ? type : "", "result") == 0 && items &&
			 is_known(stanza_get(items, "node"));
	AUTO(free_text)
	char *to = xasprintf("%s/%s", meeting->receiver.jid, resource);
	stanza *reply = stanza_new("iq", NULL);

	stanza_set(reply, "type", is_result ? "result" : "error");
	stanza_set(reply, "id", asked_id);
	stanza_set(reply, "from", meeting->sender_shown);
	stanza_set(reply, "to", to);
	if (is_result)
		items = add_items(meeting, items,
			stanza_add(reply, "pubsub", NS_PUBSUB), NS_PUBSUB);
	else
		add_error(incoming, reply);
	if (is_result && is_devices(stanza_get(items, "node")))
		(void)is_news(mirror, meeting, items, 0);
	stream_send(mirror->stream, reply);
}

static void tell_change(struct mirror *mirror, const struct meeting *meeting,
	const stanza *items, int64_t again_ms)
{
	stanza *event = stanza_new("message", NULL);

	stanza_set(event, "type", "headline");
	stanza_set(event, "from", meeting->sender_shown);
	stanza_set(event, "to", meeting->receiver.jid);
	items = add_items(meeting, items,
		stanza_add(event, "event", NS_PUBSUB_EVENT), NS_PUBSUB_EVENT);
	if (is_news(mirror, meeting, items, again_ms))
		stream_send(mirror->stream, event);
	else
		stanza_free(event);
}

/* The answer to look_again(). */
static void take_look(struct mirror *mirror, const struct meeting *meeting,
	const stanza *incoming)
{
	const stanza *pubsub = stanza_find(incoming, "pubsub", NS_PUBSUB);
	const stanza *items =
		pubsub ? stanza_find(pubsub, "items", NULL) : NULL;
	const char *type = stanza_get(incoming, "type");

	if (strcmp(type ? type : "", "result") == 0 && items &&
		is_devices(stanza_get(items, "node")) &&
		stanza_find(items, "item", NULL))
		tell_change(mirror, meeting, items, NEWS_FOR_EVER);
}

bool pep_take_answer(struct mirror *mirror, const stanza *incoming)
{
	const char *id = stanza_get(incoming, "id");
	char plain[SEAL_SIZE], *part;
	struct meeting meeting;

	if (!id || strncmp(id, ID, strlen(ID)) != 0)
		return false;
	if (!is_open(mirror, incoming, &meeting))
		return true;
	if (strcmp(id, LOOK_ID) == 0)
		take_look(mirror, &meeting, incoming);
	if (!seal_open(mirror->question_seal, meeting.receiver.id,
		    id + strlen(ID), plain))
		return true;
	part = strchr(plain, PART);
	if (part) {
		*part = '\0';
		answer(mirror, &meeting, incoming, part + 1, plain);
	}
	return true;
}

/* ---- changes ---- */

void pep_event(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	const stanza *items = stanza_find(
		stanza_find(incoming, "event", NS_PUBSUB_EVENT), "items", NULL);
	struct meeting meeting;

	if (!items || !is_devices(stanza_get(items, "node")) ||
		!stanza_find(items, "item", NULL) ||
		!is_open(mirror, incoming, &meeting))
		return;
	/* Who is a contact and has subscribed, too, is told twice. */
	tell_change(mirror, &meeting, items, TWICE_MS);
}

/* ejabberd tells of changes those alone who are contacts. So while somebody writes
 * to devices, it is looked now and then whether these are still the same. */
static void look_again(struct mirror *mirror, const stanza *incoming)
{
	struct meeting meeting;

	if (meeting_open(mirror, incoming, &meeting) == MAY_PASS &&
		news_take(mirror->news,
			number_of("looked", &meeting.passage.sender,
				&meeting.passage.receiver),
			1, LOOK_AGAIN_MS, clock_monotonic_ms()))
		ask_for(mirror, new_question(&meeting, "get", LOOK_ID),
			DEVICES);
}

/* ---- messages ---- */

/* Whether it was said to them today; it is now. */
static bool is_said(struct mirror *mirror, const struct meeting *meeting)
{
	const struct pair *pair = &meeting->pair;
	bool is_doctor = pair->doctor == meeting->sender.id;

	if (!book_mark(mirror->book, pair->doctor, pair->patient,
		    is_doctor ? MARK_KEYLESS_DOCTOR : MARK_KEYLESS_PATIENT))
		return true;
	keeper_note(
		mirror->keeper, &(struct note){
					.kind = is_doctor ? "keyless_doctor"
							  : "keyless_patient",
					.doctor = pair->doctor,
					.patient = pair->patient,
				});
	return false;
}

void pep_message(struct room *room, stanza *incoming)
{
	struct mirror *mirror = room->mirror;
	struct meeting meeting;
	char bare[JID_SIZE];

	if (!mirror ||
		(pep_is_on(mirror) &&
			stanza_find(incoming, "encrypted", NS_OMEMO)) ||
		meeting_open(mirror, incoming, &meeting) != MAY_PASS) {
		chat_message(room, incoming);
		if (mirror && pep_is_on(mirror))
			look_again(mirror, incoming);
		return;
	}
	stream_send(mirror->stream,
		stanza_error(incoming, "modify", "not-acceptable", NULL));
	if (!jid_bare(stanza_get(incoming, "from"), bare) ||
		is_said(mirror, &meeting))
		return;
	words_tell(mirror, bare, &meeting.sender, &meeting.receiver,
		pep_is_on(mirror)
			? "This could not be passed on: it is encrypted in a "
			  "way that names addresses. Please choose OMEMO in "
			  "its usual form for this chat, or switch encryption "
			  "off, and send it again."
			: "This was not passed on: encrypted messages do not "
			  "reach {other} through the clinic. Please switch "
			  "encryption off for this chat and send it again.");
}
