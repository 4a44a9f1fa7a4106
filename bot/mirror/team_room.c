/* team_room.c - one team's room: what it should be, and the next step to it. */
#include "mirror/team_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "xmpp/jid.h"

#define NS_MUC "http://jabber.org/protocol/muc"
#define NS_MUC_USER "http://jabber.org/protocol/muc#user"
#define NS_MUC_ADMIN "http://jabber.org/protocol/muc#admin"
#define NS_MUC_OWNER "http://jabber.org/protocol/muc#owner"
#define NS_CONFERENCE "jabber:x:conference"

#define ANSWER_MS 20000
#define LOOK_MS (60 * 1000)
#define RETRY_FIRST_MS 2000
#define RETRY_LAST_MS (120 * 1000)
#define OCCUPANTS_MOST 500
#define STRAYS_MOST 500

/* The lists that are read, one after the other; none is too many in a team. */
static const char *const lists[] = {"member", "admin", "owner", "outcast"};

struct team_room *team_room_new(const char *jid)
{
	struct team_room *room = xcalloc(1, sizeof(*room));

	room->jid = xstrdup(jid);
	return room;
}

static void forget_occupants(struct team_room *room)
{
	for (size_t i = 0; i < room->occupant_count; i++) {
		free(room->occupants[i].nick);
		free(room->occupants[i].jid);
	}
	room->occupant_count = 0;
}

static void forget_strays(struct team_room *room)
{
	for (size_t i = 0; i < room->stray_count; i++)
		free(room->strays[i].jid);
	room->stray_count = 0;
}

void team_room_clear(struct team_room *room)
{
	for (size_t i = 0; i < room->member_count; i++) {
		free(room->members[i].jid);
		free(room->members[i].row);
	}
	room->member_count = 0;
}

void team_room_free(struct team_room *room)
{
	if (!room)
		return;
	team_room_clear(room);
	forget_occupants(room);
	forget_strays(room);
	free(room->members);
	free(room->occupants);
	free(room->strays);
	free(room->jid);
	free(room->title);
	free(room);
}

void team_room_add(struct team_room *room, const char *jid, const char *row,
	bool is_invited)
{
	room->members = xrealloc(
		room->members, room->member_count + 1, sizeof(*room->members));
	room->members[room->member_count++] = (struct room_member){
		.jid = xstrdup(jid),
		.row = xstrdup(row),
		.is_invited = is_invited,
	};
}

static void turn_to(
	struct team_room *room, enum room_state state, int64_t due_ms)
{
	room->state = state;
	room->due_ms = due_ms;
}

void team_room_leave(struct team_room *room)
{
	if (room->state == ROOM_GONE)
		return;
	forget_occupants(room);
	room->failures = 0;
	turn_to(room, ROOM_OUT, 0);
}

/* Begins again, later each time. */
static void fall_back(
	struct team_room *room, const char *reason, int64_t now_ms)
{
	int64_t pause_ms = (int64_t)RETRY_FIRST_MS
			   << (room->failures < 6 ? room->failures : 6);

	if (room->failures++ == 0)
		log_warning(
			"team room to be tried again reason=\"%s\"", reason);
	forget_occupants(room);
	turn_to(room, ROOM_OUT,
		now_ms + (pause_ms < RETRY_LAST_MS ? pause_ms : RETRY_LAST_MS));
}

/* Asking -------------------------------------------------------------------------- */

static stanza *new_query(struct team_room *room, const struct room_voice *voice,
	const char *type, const char *ns, stanza **query)
{
	stanza *iq = stanza_new("iq", NULL);
	char id[RANDOM_ID_SIZE];

	(void)snprintf(
		room->asked, sizeof(room->asked), "team-%s", random_id(id));
	stanza_set(iq, "type", type);
	stanza_set(iq, "id", room->asked);
	stanza_set(iq, "from", voice->self);
	stanza_set(iq, "to", room->jid);
	*query = stanza_add(iq, "query", ns);
	return iq;
}

static void join(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	stanza *presence = stanza_new("presence", NULL);
	AUTO(free_text) char *to = xasprintf("%s/%s", room->jid, voice->nick);
	stanza *x = stanza_add(presence, "x", NS_MUC);

	stanza_set(presence, "from", voice->self);
	stanza_set(presence, "to", to);
	stanza_set(stanza_add(x, "history", NULL), "maxstanzas", "0");
	forget_occupants(room);
	turn_to(room, ROOM_JOINING, now_ms + ANSWER_MS);
	stream_send(voice->stream, presence);
}

static void set_field(stanza *form, const char *name, const char *value)
{
	stanza *field = stanza_add(form, "field", NULL);

	stanza_set(field, "var", name);
	stanza_add_text(field, "value", value);
}

static void set_up(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	/* Everybody is a member, speaks, and is seen by nickname alone. */
	static const char *const fields[][2] = {
		{"FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"},
		{"muc#roomconfig_persistentroom", "1"},
		{"muc#roomconfig_publicroom", "0"},
		{"muc#roomconfig_membersonly", "1"},
		{"muc#roomconfig_whois", "moderators"},
		{"muc#roomconfig_moderatedroom", "0"},
		{"muc#roomconfig_allowinvites", "0"},
		{"muc#roomconfig_changesubject", "0"},
	};
	stanza *query,
		*iq = new_query(room, voice, "set", NS_MUC_OWNER, &query);
	stanza *form = stanza_add(query, "x", NS_DATA);

	stanza_set(form, "type", "submit");
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		set_field(form, fields[i][0], fields[i][1]);
	set_field(form, "muc#roomconfig_roomname", room->title);
	turn_to(room, ROOM_SETTING_UP, now_ms + ANSWER_MS);
	stream_send(voice->stream, iq);
}

static void ask_list(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	stanza *query,
		*iq = new_query(room, voice, "get", NS_MUC_ADMIN, &query);

	stanza_set(stanza_add(query, "item", NULL), "affiliation",
		lists[room->list]);
	turn_to(room, ROOM_LISTING, now_ms + ANSWER_MS);
	stream_send(voice->stream, iq);
}

static void begin_lists(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	room->is_changed = false;
	room->list = 0;
	forget_strays(room);
	for (size_t i = 0; i < room->member_count; i++)
		room->members[i].is_listed = false;
	ask_list(room, voice, now_ms);
}

static void look(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	stanza *iq = stanza_new("iq", NULL);
	AUTO(free_text) char *to = xasprintf("%s/%s", room->jid, voice->nick);
	char id[RANDOM_ID_SIZE];

	(void)snprintf(
		room->asked, sizeof(room->asked), "team-%s", random_id(id));
	stanza_set(iq, "type", "get");
	stanza_set(iq, "id", room->asked);
	stanza_set(iq, "from", voice->self);
	stanza_set(iq, "to", to);
	stanza_add(iq, "ping", NS_PING);
	turn_to(room, ROOM_LOOKING, now_ms + ANSWER_MS);
	stream_send(voice->stream, iq);
}

static void destroy(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	stanza *query,
		*iq = new_query(room, voice, "set", NS_MUC_OWNER, &query);

	stanza_add(query, "destroy", NULL);
	turn_to(room, ROOM_DESTROYING, now_ms + ANSWER_MS);
	stream_send(voice->stream, iq);
}

/* Putting right ------------------------------------------------------------------- */

static struct room_member *find_member(struct team_room *room, const char *jid)
{
	for (size_t i = 0; i < room->member_count; i++)
		if (strcmp(room->members[i].jid, jid) == 0)
			return &room->members[i];
	return NULL;
}

/* Once for each member: through the room, and directly (0249), for clients and
 * servers that keep one of the two away. */
static void invite(struct team_room *room, const struct room_voice *voice,
	struct room_member *member)
{
	stanza *direct = stanza_new("message", NULL);
	stanza *mediated = stanza_new("message", NULL);
	stanza *x = stanza_add(direct, "x", NS_CONFERENCE);
	char bare[JID_SIZE], id[RANDOM_ID_SIZE];

	if (!jid_bare(voice->self, bare))
		return;
	stanza_set(direct, "from", bare);
	stanza_set(direct, "to", member->jid);
	stanza_set(direct, "id", random_id(id));
	stanza_set(x, "jid", room->jid);
	stanza_set(x, "reason", room->title);
	stream_send(voice->stream, direct);

	stanza_set(mediated, "from", voice->self);
	stanza_set(mediated, "to", room->jid);
	x = stanza_add(stanza_add(mediated, "x", NS_MUC_USER), "invite", NULL);
	stanza_set(x, "to", member->jid);
	stanza_add_text(x, "reason", room->title);
	stream_send(voice->stream, mediated);
	member->is_invited = true;
	voice->on_invited(voice->context, member);
}

static void be_in(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	for (size_t i = 0; i < room->member_count; i++)
		if (!room->members[i].is_invited)
			invite(room, voice, &room->members[i]);
	if (room->failures)
		log_info("team room is right again");
	room->failures = 0;
	turn_to(room, ROOM_IN, now_ms + LOOK_MS);
}

static void set_item(stanza *query, const char *jid, const char *affiliation)
{
	stanza *item = stanza_add(query, "item", NULL);

	stanza_set(item, "jid", jid);
	stanza_set(item, "affiliation", affiliation);
}

/* The room's lists are known: whoever is missing becomes a member, whoever does
 * not belong there goes. */
static void mend(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	stanza *query,
		*iq = new_query(room, voice, "set", NS_MUC_ADMIN, &query);

	for (size_t i = 0; i < room->member_count; i++)
		if (!room->members[i].is_listed)
			set_item(query, room->members[i].jid, "member");
	for (size_t i = 0; i < room->stray_count; i++)
		set_item(query, room->strays[i].jid, "none");
	if (stanza_first(query)) {
		turn_to(room, ROOM_MENDING, now_ms + ANSWER_MS);
		stream_send(voice->stream, iq);
		return;
	}
	stanza_free(iq);
	be_in(room, voice, now_ms);
}

/* What an answer says of one of the lists. */
static void take_list(struct team_room *room, const struct room_voice *voice,
	const stanza *incoming)
{
	const stanza *query = stanza_find(incoming, "query", NS_MUC_ADMIN);
	char self[JID_SIZE], bare[JID_SIZE];

	if (!query || !jid_bare(voice->self, self))
		return;
	for (const stanza *item = stanza_first(query); item;
		item = stanza_next(item)) {
		const char *jid = stanza_get(item, "jid");
		struct room_member *member;

		if (!jid || !jid_bare(jid, bare) || strcmp(bare, self) == 0)
			continue;
		member = room->list == 0 ? find_member(room, bare) : NULL;
		if (member)
			member->is_listed = true;
		else if (room->stray_count < STRAYS_MOST &&
			 !find_member(room, bare)) {
			room->strays = xrealloc(room->strays,
				room->stray_count + 1, sizeof(*room->strays));
			room->strays[room->stray_count++].jid = xstrdup(bare);
		}
	}
}

/* Time, and the register ---------------------------------------------------------- */

static bool is_waiting(const struct team_room *room)
{
	return room->state == ROOM_JOINING || room->state == ROOM_SETTING_UP ||
	       room->state == ROOM_LISTING || room->state == ROOM_MENDING ||
	       room->state == ROOM_LOOKING || room->state == ROOM_DESTROYING;
}

void team_room_step(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms)
{
	bool is_due = now_ms >= room->due_ms;

	if (room->state == ROOM_GONE)
		return;
	if (is_waiting(room)) {
		if (is_due)
			fall_back(room, "no answer", now_ms);
		return;
	}
	if (room->is_closed) {
		if (is_due || room->state == ROOM_IN)
			destroy(room, voice, now_ms);
	} else if (room->state == ROOM_OUT) {
		if (is_due)
			join(room, voice, now_ms);
	} else if (room->is_changed) {
		begin_lists(room, voice, now_ms);
	} else if (is_due) {
		look(room, voice, now_ms);
	}
}

/* What the room says -------------------------------------------------------------- */

static bool has_status(const stanza *x, const char *code)
{
	for (const stanza *child = stanza_first(x); child;
		child = stanza_next(child)) {
		const char *is = stanza_get(child, "code");

		if (stanza_is(child, "status", NULL) && is &&
			strcmp(is, code) == 0)
			return true;
	}
	return false;
}

static void drop_occupant(struct team_room *room, const char *nick)
{
	for (size_t i = 0; i < room->occupant_count; i++)
		if (strcmp(room->occupants[i].nick, nick) == 0) {
			free(room->occupants[i].nick);
			free(room->occupants[i].jid);
			room->occupants[i] =
				room->occupants[--room->occupant_count];
			return;
		}
}

static void note_occupant(
	struct team_room *room, const char *nick, const stanza *x)
{
	const stanza *item = stanza_find(x, "item", NULL);
	const char *jid = item ? stanza_get(item, "jid") : NULL;
	char bare[JID_SIZE];

	drop_occupant(room, nick);
	if (!jid || !jid_bare(jid, bare) ||
		room->occupant_count == OCCUPANTS_MOST)
		return;
	room->occupants = xrealloc(room->occupants, room->occupant_count + 1,
		sizeof(*room->occupants));
	room->occupants[room->occupant_count++] = (struct room_occupant){
		.nick = xstrdup(nick), .jid = xstrdup(bare)};
}

static void hear_presence(struct team_room *room,
	const struct room_voice *voice, const stanza *incoming, int64_t now_ms)
{
	const char *type = stanza_get(incoming, "type");
	const char *nick = strchr(stanza_get(incoming, "from"), '/');
	const stanza *x = stanza_find(incoming, "x", NS_MUC_USER);

	if (type && strcmp(type, "error") == 0) {
		if (room->state == ROOM_JOINING)
			fall_back(room, "it does not let us in", now_ms);
		return;
	}
	if (!x || !nick)
		return;
	nick++;
	bool is_self = has_status(x, "110") || strcmp(nick, voice->nick) == 0;
	if (type && strcmp(type, "unavailable") == 0) {
		drop_occupant(room, nick);
		if (is_self && room->state != ROOM_DESTROYING &&
			room->state != ROOM_OUT)
			fall_back(room, "it put us out", now_ms);
		return;
	}
	note_occupant(room, nick, x);
	if (is_self && room->state == ROOM_JOINING)
		set_up(room, voice, now_ms);
}

static bool has_condition(const stanza *incoming, const char *condition)
{
	const stanza *error = stanza_find(incoming, "error", NULL);

	return error && stanza_find(error, condition, NS_STANZAS);
}

/* Whether an error to a ping means that we are not in the room (XEP-0410). */
static bool says_out(const stanza *incoming)
{
	return !has_condition(incoming, "service-unavailable") &&
	       !has_condition(incoming, "feature-not-implemented");
}

static void hear_error(struct team_room *room, const struct room_voice *voice,
	const stanza *incoming, int64_t now_ms)
{
	if (room->state == ROOM_LOOKING && !says_out(incoming)) {
		turn_to(room, ROOM_IN, now_ms + LOOK_MS);
	} else if (room->state == ROOM_DESTROYING &&
		   (has_condition(incoming, "item-not-found") ||
			   has_condition(incoming, "forbidden"))) {
		/* There is no such room, or it is not ours any more. */
		turn_to(room, ROOM_GONE, INT64_MAX);
		voice->on_destroyed(voice->context, room);
	} else {
		fall_back(room, "it refuses", now_ms);
	}
}

static void hear_result(struct team_room *room, const struct room_voice *voice,
	const stanza *incoming, int64_t now_ms)
{
	switch (room->state) {
	case ROOM_SETTING_UP:
		begin_lists(room, voice, now_ms);
		break;
	case ROOM_LISTING:
		take_list(room, voice, incoming);
		if (++room->list < COUNT_OF(lists))
			ask_list(room, voice, now_ms);
		else
			mend(room, voice, now_ms);
		break;
	case ROOM_MENDING:
		be_in(room, voice, now_ms);
		break;
	case ROOM_LOOKING:
		turn_to(room, ROOM_IN, now_ms + LOOK_MS);
		break;
	case ROOM_DESTROYING:
		turn_to(room, ROOM_GONE, INT64_MAX);
		voice->on_destroyed(voice->context, room);
		break;
	case ROOM_OUT:
	case ROOM_JOINING:
	case ROOM_IN:
	case ROOM_GONE:
		break;
	}
}

void team_room_hear(struct team_room *room, const struct room_voice *voice,
	const stanza *incoming, int64_t now_ms)
{
	const char *id = stanza_get(incoming, "id");
	const char *type = stanza_get(incoming, "type");

	if (stanza_is(incoming, "presence", NULL)) {
		hear_presence(room, voice, incoming, now_ms);
	} else if (is_waiting(room) && id && type &&
		   strcmp(id, room->asked) == 0) {
		room->asked[0] = '\0';
		if (strcmp(type, "result") == 0)
			hear_result(room, voice, incoming, now_ms);
		else
			hear_error(room, voice, incoming, now_ms);
	}
	/* What came about while something was under way. */
	if (!is_waiting(room) && (room->is_changed || room->is_closed))
		team_room_step(room, voice, now_ms);
}
