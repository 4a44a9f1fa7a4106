/* call_say.c - what the clinic itself says in a call, and what is put down of it. */
#include "mirror/call_say.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "mirror/call_payload.h"
#include "mirror/keeper.h"
#include "xmpp/stream.h"

#define NS_HINTS "urn:xmpp:hints"
#define CALL_ID "cl-call-"

static stanza *new_stanza(
	const char *name, const char *to, const char *from, const char *type)
{
	stanza *made = stanza_new(name, NULL);
	char id[RANDOM_ID_SIZE];
	AUTO(free_text) char *own_id = xasprintf(CALL_ID "%s", random_id(id));

	stanza_set(made, "type", type);
	stanza_set(made, "id", own_id);
	stanza_set(made, "to", to);
	stanza_set(made, "from", from);
	return made;
}

stanza *call_word(const char *to, const char *from, const char *word,
	const char *sid, const char *reason)
{
	stanza *message = new_stanza("message", to, from, "chat");
	stanza *added = stanza_add(message, word, NS_JMI);

	stanza_set(added, "id", sid);
	if (reason)
		stanza_add(
			stanza_add(added, "reason", NS_JINGLE), reason, NULL);
	stanza_add(message, "store", NS_HINTS);
	return message;
}

/* The receiver's address, with a device. */
static char *address_of(const struct meeting *meeting, const char *device)
{
	return device ? xasprintf("%s/%s", meeting->receiver.jid, device)
		      : xstrdup(meeting->receiver.jid);
}

void call_say(struct mirror *mirror, const struct meeting *meeting,
	const char *device, const char *word, const char *sid,
	const char *reason)
{
	AUTO(free_text) char *to = address_of(meeting, device);
	char from[JID_SIZE];

	if (meeting_sender_address(meeting, from))
		stream_send(
			mirror->stream, call_word(to, from, word, sid, reason));
}

void call_hang_up(struct mirror *mirror, const struct meeting *meeting,
	const char *device, const char *sid, const char *reason)
{
	AUTO(free_text) char *to = address_of(meeting, device);
	char from[JID_SIZE];
	stanza *iq, *jingle;

	if (!meeting_sender_address(meeting, from))
		return;
	iq = new_stanza("iq", to, from, "set");
	jingle = stanza_add(iq, "jingle", NS_JINGLE);
	stanza_set(jingle, "action", "session-terminate");
	stanza_set(jingle, "sid", sid);
	stanza_add(stanza_add(jingle, "reason", NULL), reason, NULL);
	stream_send(mirror->stream, iq);
}

bool call_take_answer(const stanza *incoming)
{
	const char *id = stanza_get(incoming, "id");

	return id && strncmp(id, CALL_ID, strlen(CALL_ID)) == 0;
}

void call_note(struct mirror *mirror, uint32_t doctor, uint32_t patient,
	bool by_doctor, const char *kind, const char *sid, const char *what)
{
	keeper_note(mirror->keeper, &(struct note){
					    .kind = kind,
					    .doctor = doctor,
					    .patient = patient,
					    .from_doctor = by_doctor,
					    .id = sid,
					    .body = what,
					    .at_s = book_now_s(mirror->book),
				    });
}
