/* bounce.c - a message of ours came back as an error. */
#include "post/bounce.h"

#include "post/post.h"

/* The defined condition (RFC 6120 section 8.3.3). */
static const char *condition_of(const stanza *incoming)
{
	const stanza *error = stanza_find(incoming, "error", NULL);
	const stanza *child = error ? stanza_first(error) : NULL;

	for (; child; child = stanza_next(child))
		if (!stanza_is(child, "text", NULL))
			return stanza_name(child);
	return "undefined-condition";
}

void post_bounce(struct room *room, stanza *incoming)
{
	post_bounced(room->post, stanza_get(incoming, "from"),
		stanza_get(incoming, "id"), condition_of(incoming));
}
