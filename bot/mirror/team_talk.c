/* team_talk.c - what is said in a team's room. */
#include <ctype.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/strbuf.h"
#include "desk/wording.h"
#include "mirror/teams.h"
#include "room.h"
#include "settings.h"
#include "store/store.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* What is asked after "desk:", "@desk" or "desk," NULL: it is not addressed. */
static const char *asked_of(const char *body, const char *nick)
{
	size_t length = strlen(nick);

	body += strspn(body, " @");
	if (strncasecmp(body, nick, length) != 0 ||
		isalnum((unsigned char)body[length]))
		return NULL;
	return body + length + strspn(body + length, " :,");
}

static bool has_word(const char *text, const char *words)
{
	for (size_t length; *words; words += length + (words[length] == ' ')) {
		AUTO(free_text) char *word = NULL;

		length = strcspn(words, " ");
		word = xstrndup(words, length);
		if (strcasestr(text, word))
			return true;
	}
	return false;
}

/* What everybody in the room may know. */
static void answer(struct room *room, const char *room_jid, const char *asked,
	struct strbuf *out)
{
	const char *language = room->settings->clinic_language;
	struct error error;
	struct rows *rows AUTO(rows_release) = store_call(
		room->store, &error, "team_here", room_jid, STORE_END);

	if (!rows) {
		log_failure(&error, "team's question");
		say(out, language,
			"I cannot look that up just now. Please try again in "
			"a minute.",
			NULL);
	} else if (!rows_count(rows)) {
		say(out, language, "This team is closed.", NULL);
	} else if (has_word(asked, "who member team")) {
		say(out, language, "The team of {patient}: {members}.",
			"patient", rows_text(rows, 0, "patient_name"),
			"members", rows_text(rows, 0, "members"), NULL);
	} else if (has_word(asked, "visit appointment next when")) {
		const char *visits = rows_text(rows, 0, "visits");

		say(out, language,
			visits ? "Visits of {patient}:\n{visits}"
			       : "{patient} has no visits to come.",
			"patient", rows_text(rows, 0, "patient_name"), "visits",
			visits, NULL);
	} else {
		say(out, language,
			"Here, where all can read it, I tell who is in the "
			"team (\"{desk}: who\") and the patient's visits "
			"(\"{desk}: visits\"). For everything else please "
			"write to me alone, at {desk}@{domain}.",
			"desk", room->settings->bot_desk, "domain",
			room->settings->server_domain, NULL);
	}
}

static void speak(struct room *room, const char *room_jid, const char *body)
{
	AUTO(free_text)
	char *self = xasprintf("%s@%s/teams", room->settings->bot_desk,
		room->settings->server_domain);
	char id[RANDOM_ID_SIZE];
	stanza *message = stanza_chat(room_jid, self, random_id(id), body);

	stanza_set(message, "type", "groupchat");
	stream_send(room->stream, message);
}

static void keep(struct room *room, const char *room_jid, const char *nick,
	const char *id, const char *body)
{
	char sender[JID_SIZE];
	struct error error;

	if (teams_occupant(room->teams, room_jid, nick, sender) &&
		!store_do(room->store, &error, "team_said", room_jid, sender,
			id, body, STORE_END))
		log_failure(&error, "team's message not kept");
}

/* To the bot alone, through a room: nobody is known there. */
static void send_home(struct room *room, const stanza *incoming)
{
	char id[RANDOM_ID_SIZE];
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	say(&text, room->settings->clinic_language,
		"Please write to me directly, at {desk}@{domain}: there I know "
		"who you are.",
		"desk", room->settings->bot_desk, "domain",
		room->settings->server_domain, NULL);
	stream_send(room->stream,
		stanza_chat(stanza_get(incoming, "from"),
			stanza_get(incoming, "to"), random_id(id), text.text));
}

void teams_talk(struct room *room, stanza *incoming)
{
	const stanza *said = stanza_find(incoming, "body", NULL);
	const char *type = stanza_get(incoming, "type");
	const char *own = room->settings->bot_desk;
	char bare[JID_SIZE];
	const char *from = stanza_get(incoming, "from");
	const char *nick = strchr(from, '/');

	if (!room->teams || !said || !nick || !jid_bare(from, bare) ||
		strcmp(++nick, own) == 0 ||
		stanza_find(incoming, "delay", "urn:xmpp:delay"))
		return;
	if (!type || strcmp(type, "groupchat") != 0) {
		if (!type || strcmp(type, "error") != 0)
			send_home(room, incoming);
		return;
	}
	AUTO(free_text) char *body = stanza_text(said);
	keep(room, bare, nick, stanza_get(incoming, "id"), body);
	const char *asked = asked_of(body, own);
	if (asked) {
		struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

		strbuf_addf(&text, "%s: ", nick);
		answer(room, bare, asked, &text);
		speak(room, bare, text.text);
	}
}
