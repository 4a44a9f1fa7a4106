/* field_rest.c - what follows a word that says that it follows: "because I am ill",
 * "say I answer in the evening". It is taken as it was written. */
#include <string.h>

#include "desk/fields.h"

struct opening {
	const char *phrase;
	size_t skipped; /* words of it that are no part of what follows */
};

/* The first of the openings in the sentence, with something after it. */
static const struct opening *find_opening(const struct reading *reading,
	const struct opening *openings, size_t count, size_t *at)
{
	const struct opening *found = NULL;

	for (size_t i = 0; i < count; i++) {
		int place = reading_find_phrase(reading, openings[i].phrase);

		if (place < 0 || reading->words[place].is_used ||
			(size_t)place + openings[i].skipped >=
				reading->word_count ||
			(found && (size_t)place >= *at))
			continue;
		found = &openings[i];
		*at = (size_t)place;
	}
	return found;
}

static enum found take_rest(struct filling *filling, struct reading *reading,
	size_t first, size_t at)
{
	struct strbuf text AUTO(strbuf_release) = STRBUF_INIT;

	strbuf_add_bytes(&text, reading->sentence + reading->words[first].from,
		reading->words[reading->word_count - 1].to -
			reading->words[first].from);
	while (text.length && strchr(" .,;!", text.text[text.length - 1]))
		strbuf_cut(&text, text.length - 1);
	reading_cut(reading, filling->request, at);
	if (!text.length)
		return FOUND_NOTHING;
	form_fill(filling->form, filling->index, text.text, NULL);
	return FOUND_VALUE;
}

/* An answer may be the reason alone, or have it in it. */
static enum found find_reason(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error UNUSED)
{
	static const struct opening openings[] = {{"because of", 2},
		{"because", 1}, {"due to", 2}, {"since", 1}, {"as i", 1},
		{"as we", 1}, {"the reason is", 3}, {"reason is", 2},
		{"reason", 1}};

	size_t at = 0;
	const struct opening *opening =
		find_opening(reading, openings, COUNT_OF(openings), &at);

	if (!reading->word_count || (!opening && !is_asked))
		return FOUND_NOTHING;
	return take_rest(
		filling, reading, opening ? at + opening->skipped : 0, at);
}

const struct field_type field_reason = {
	.name = "reason",
	.form_type = "text-single",
	.is_eager = true,
	.find = find_reason,
};

/* An answer is all to be said. */
static enum found find_saying(struct filling *filling, struct reading *reading,
	bool is_asked, struct error *error UNUSED)
{
	static const struct opening openings[] = {{"and say", 2}, {"say", 1},
		{"saying", 1}, {"and tell them", 3}, {"tell them", 2},
		{"with the answer", 3}, {"the answer is", 3}};

	size_t at = 0;
	const struct opening *opening =
		find_opening(reading, openings, COUNT_OF(openings), &at);

	if (is_asked && opening && at > 0) {
		opening = NULL;
		at = 0;
	}
	if (!reading->word_count || (!opening && !is_asked))
		return FOUND_NOTHING;
	return take_rest(
		filling, reading, opening ? at + opening->skipped : 0, at);
}

const struct field_type field_saying = {
	.name = "saying",
	.form_type = "text-single",
	.is_eager = true,
	.find = find_saying,
};
