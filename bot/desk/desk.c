/* desk.c - the receptionist that everybody talks to. */
#include "desk/desk.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/recent.h"
#include "commands/reminders.h"
#include "desk/conversation.h"
#include "desk/wording.h"
#include "settings.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* Answers with a chat message in the same thread, so that clients keep it in the
 * same window. */
static void reply(struct room *room, const stanza *incoming, const char *body)
{
	const stanza *thread = stanza_find(incoming, "thread", NULL);
	char id[RANDOM_ID_SIZE];
	stanza *message = stanza_chat(stanza_get(incoming, "from"),
		stanza_get(incoming, "to"), random_id(id), body);

	if (thread) {
		char *text AUTO(free_text) = stanza_text(thread);

		stanza_add_text(message, "thread", text);
	}
	stream_send(room->stream, message);
}

static void acknowledge(struct room *room, const stanza *incoming)
{
	const char *id = stanza_get(incoming, "id");
	stanza *message;

	if (!id || !stanza_find(incoming, "request", NS_RECEIPTS))
		return;
	message = stanza_reply(incoming, stanza_get(incoming, "type"));
	stanza_set(message, "id", NULL);
	stanza_set(stanza_add(message, "received", NS_RECEIPTS), "id", id);
	stream_send(room->stream, message);
}

/* The number of a message that its client may send again after it reconnects:
 * the same words with the same id. False: it has no id. */
static bool number_message(const stanza *incoming, const char *bare,
	const char *body, uint64_t *number)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;
	const char *id = stanza_get(incoming, "id");

	if (!id || !*id)
		return false;
	strbuf_addf(&text, "%s\n%s\n%s", bare, id, body);
	*number = keyed_hash(text.text, text.length);
	return true;
}

void desk_hear(struct room *room, stanza *incoming)
{
	char *body AUTO(free_text) =
		stanza_text(stanza_find(incoming, "body", NULL));
	struct strbuf answer AUTO(strbuf_release) = STRBUF_INIT;
	char bare[JID_SIZE];
	struct request request;
	bool is_stored = false, has_number;
	uint64_t number = 0;
	struct error error;

	if (!jid_bare(stanza_get(incoming, "from"), bare))
		return;
	has_number = number_message(incoming, bare, body, &number);
	if (has_number &&
		recent_find(room->heard, number, clock_monotonic_ms())) {
		acknowledge(room, incoming);
		return;
	}
	if (request_open(&request, room->store, bare, "", &error)) {
		request.domain = room->settings->server_domain;
		request.file_link = room->file_link;
		request.files = room->files;
		is_stored = converse(&request, body, &answer);
	} else {
		log_failure(&error, "hearing");
		say_error(&answer, NULL, &error);
	}
	request_release(&request);
	if (is_stored && has_number)
		recent_add(room->heard, number, clock_monotonic_ms());
	if (is_stored)
		acknowledge(room, incoming);
	reply(room, incoming, answer.text);
}

/* Thumbs up in any colour, a check mark, an OK hand. */
static bool agrees(const stanza *reactions)
{
	static const char *const signs[] = {"\xf0\x9f\x91\x8d", "\xe2\x9c\x85",
		"\xe2\x9c\x94", "\xf0\x9f\x91\x8c"};
	const stanza *child = stanza_first(reactions);

	for (; child; child = stanza_next(child)) {
		char *text AUTO(free_text) = stanza_text(child);

		for (size_t i = 0; i < COUNT_OF(signs); i++)
			if (stanza_is(child, "reaction", NULL) &&
				strncmp(text, signs[i], strlen(signs[i])) == 0)
				return true;
	}
	return false;
}

void desk_see_reaction(struct room *room, stanza *incoming)
{
	const stanza *reactions =
		stanza_find(incoming, "reactions", NS_REACTIONS);
	const char *id = stanza_get(reactions, "id");
	struct strbuf answer AUTO(strbuf_release) = STRBUF_INIT;
	char bare[JID_SIZE];
	struct request request;
	struct error error;

	if (!id || !agrees(reactions) ||
		!jid_bare(stanza_get(incoming, "from"), bare))
		return;
	if (!request_open(&request, room->store, bare, "", &error) ||
		((request.roles & ROLE_PATIENT) &&
			!confirm_visits(&request, NULL, id, &answer, &error))) {
		log_failure(&error, "reaction");
		say_error(&answer, NULL, &error);
	}
	request_release(&request);
	if (answer.length)
		reply(room, incoming, answer.text);
}

void desk_refuse_encrypted(struct room *room, stanza *incoming)
{
	reply(room, incoming,
		in_words(NULL, "I cannot read encrypted messages. Please "
			       "switch encryption off for this chat and write "
			       "again."));
}
