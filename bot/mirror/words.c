/* words.c - what the clinic itself says in a conversation that it passes on. */
#include "mirror/words.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "desk/wording.h"
#include "settings.h"
#include "xmpp/stanza.h"
#include "xmpp/stream.h"

static const char *last_word(const char *name)
{
	const char *space = strrchr(name, ' ');

	return space ? space + 1 : name;
}

void words_add_name(struct strbuf *out, const struct card *card)
{
	if (card->is_doctor)
		strbuf_addf(out, "Dr. %s", last_word(card->name));
	else
		strbuf_add(out, card->name);
}

void words_add_full_name(struct strbuf *out, const struct card *card)
{
	if (card->is_doctor && *card->name)
		strbuf_add(out, "Dr. ");
	strbuf_add(out, card->name);
}

void words_add(struct strbuf *out, const struct mirror *mirror,
	const struct card *reader, const struct card *other,
	const char *sentence)
{
	AUTO(strbuf_release) struct strbuf name = STRBUF_INIT;

	words_add_name(&name, other);
	say(out, reader->language, sentence, "other", name.text, "desk",
		mirror->desk, "last", last_word(other->name), NULL);
}

void words_send(struct mirror *mirror, const char *to, const struct card *other,
	const char *text)
{
	AUTO(free_text)
	char *from = xasprintf("%s@%s", other->local, mirror->domain);
	char id[RANDOM_ID_SIZE];

	stream_send(mirror->stream, stanza_chat(to, from, random_id(id), text));
}

void words_tell(struct mirror *mirror, const char *to,
	const struct card *reader, const struct card *other,
	const char *sentence)
{
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;

	say(&text, reader->language, "[{clinic}] ", "clinic",
		mirror->settings->clinic_name, NULL);
	words_add(&text, mirror, reader, other, sentence);
	words_send(mirror, to, other, text.text);
}
