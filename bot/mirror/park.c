/* park.c - messages that came back wait until their recipient is seen. */
#include "mirror/park.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/sent.h"
#include "mirror/words.h"
#include "xmpp/stanza.h"
#include "xmpp/stream.h"

#define NUMBER 24
#define BARRIER_MS 5000

static const char *number_text(uint32_t number, char text[NUMBER])
{
	(void)snprintf(text, NUMBER, "%" PRIu32, number);
	return text;
}

/* From the recipient's clinic address, in the conversation that it is about. */
static void tell(struct mirror *mirror, uint32_t sender, uint32_t recipient,
	const char *sentence)
{
	struct card to, about;

	if (book_by_id(mirror->book, sender, &to) &&
		book_by_id(mirror->book, recipient, &about))
		words_tell(mirror, to.jid, &to, &about, sentence);
}

bool park_put(struct mirror *mirror, struct store *store, uint32_t sender,
	uint32_t recipient, const char *id, const char *xml,
	struct error *error)
{
	char from[NUMBER], to[NUMBER];
	struct rows *rows AUTO(rows_release) = store_call(store, error,
		"parked_put", number_text(sender, from),
		number_text(recipient, to), id, xml, STORE_END);

	if (!rows)
		return false;
	book_set_parked(mirror->book, recipient, true);
	if (rows_bool(rows, 0, "is_given_up"))
		tell(mirror, sender, recipient,
			"Your message to {other} could not be delivered, and I "
			"have given it up. Please call the clinic, or write "
			"again when {other} is back.");
	else if (rows_bool(rows, 0, "is_first"))
		tell(mirror, sender, recipient,
			"{other} cannot be reached right now. I keep your "
			"message and pass it on as soon as {other} is back; "
			"you need not write it again.");
	log_info("message parked person=%" PRIu32, recipient);
	return true;
}

/* Whether it was blocked since: then nobody wants it any more. */
static bool is_blocked(
	struct mirror *mirror, uint32_t sender, uint32_t recipient)
{
	struct pair pair;

	return book_pair(mirror->book, sender, recipient, &pair) &&
	       pair.is_blocked;
}

/* In the clinic's words to whom it is now, and when it was written. */
static void send_again(struct mirror *mirror, const struct card *to,
	uint32_t sender, const char *xml, const char *parked_at)
{
	stanza *message =
		is_blocked(mirror, sender, to->id) ? NULL : stanza_parse(xml);

	if (!message)
		return;
	stanza_set(message, "to", to->jid);
	if (!stanza_find(message, "delay", "urn:xmpp:delay"))
		stanza_set(stanza_add(message, "delay", "urn:xmpp:delay"),
			"stamp", parked_at);
	AUTO(free_text) char *id = xstrdup(stanza_get(message, "id"));
	sent_add(mirror->sent, sender, to->id, id,
		stream_send_noting(mirror->stream, message),
		clock_monotonic_ms());
}

/* Sends what waits, and proves that the server has it: killed in between, the next
 * bot sends it once more. */
static bool send_all(struct mirror *mirror, const struct card *to,
	const struct rows *rows, struct error *error)
{
	/* What this thread sent before is not asked about. */
	if (!stream_barrier(mirror->stream, BARRIER_MS, error) &&
		!stream_barrier(mirror->stream, BARRIER_MS, error))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		send_again(mirror, to,
			(uint32_t)rows_number(rows, row, "sender"),
			rows_text(rows, row, "stanza"),
			rows_text(rows, row, "parked_at"));
	return stream_barrier(mirror->stream, BARRIER_MS, error);
}

static bool take(struct mirror *mirror, struct store *store,
	const struct card *card, struct error *error)
{
	char to[NUMBER];
	struct rows *rows AUTO(rows_release) = store_call(store, error,
		"parked_take", number_text(card->id, to), STORE_END);

	if (!rows || !rows_count(rows))
		return rows != NULL;
	return send_all(mirror, card, rows, error) &&
	       store_do(store, error, "parked_sent", to,
		       rows_text(rows, rows_count(rows) - 1, "number"),
		       STORE_END);
}

bool park_take(struct mirror *mirror, struct store *store, uint32_t recipient,
	struct error *error)
{
	struct card card;

	if (!book_by_id(mirror->book, recipient, &card) || !card.has_parked)
		return true;
	book_set_parked(mirror->book, recipient, false);
	if (take(mirror, store, &card, error))
		return true;
	book_set_parked(mirror->book, recipient, true);
	return false;
}
