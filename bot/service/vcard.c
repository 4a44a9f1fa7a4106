/* vcard.c - the desk's and the component's business card (XEP-0054). */
#include "service/vcard.h"

#include "settings.h"
#include "xmpp/stream.h"

void vcard_get(struct room *room, stanza *incoming)
{
	stanza *reply = stanza_reply(incoming, "result");
	stanza *card = stanza_add(reply, "vCard", NS_VCARD);

	stanza_add_text(card, "FN", room->settings->clinic_name);
	stanza_add_text(card, "DESC",
		"The clinic's desk: book, move and cancel appointments by "
		"chat. Write \"help\" to begin.");
	stream_send(room->stream, reply);
}
