/* call_read.c - what is read of the elements of a call. */
#include "mirror/call_read.h"

#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "mirror/call_payload.h"

#define NS_MUJI "urn:xmpp:jingle:muji:0"
#define NS_DELAY "urn:xmpp:delay"
#define ID_MOST 1000
#define REASON_MOST 60

const char *call_sid(const stanza *element, const char *attribute)
{
	const char *sid = element ? stanza_get(element, attribute) : NULL;

	return sid && *sid && strlen(sid) < ID_MOST ? sid : NULL;
}

const char *call_reason(const stanza *parent, const char *other)
{
	const stanza *reason = stanza_find(parent, "reason", NS_JINGLE);

	for (const stanza *word = reason ? stanza_first(reason) : NULL; word;
		word = stanza_next(word))
		if (stanza_is(word, stanza_name(word), NS_JINGLE) &&
			strcmp(stanza_name(word), "text") != 0 &&
			strlen(stanza_name(word)) < REASON_MOST)
			return stanza_name(word);
	return other;
}

bool call_is_media(const stanza *propose, bool *is_video)
{
	bool is_any = false;

	*is_video = false;
	for (const stanza *child = stanza_first(propose); child;
		child = stanza_next(child)) {
		const char *media = stanza_get(child, "media");

		if (!stanza_is(child, "description", NULL))
			continue;
		if (!stanza_is(child, "description", NS_RTP))
			return false;
		is_any = true;
		*is_video |= media && strcmp(media, "video") == 0;
	}
	return is_any;
}

bool call_has_video(const stanza *jingle)
{
	for (const stanza *content = stanza_first(jingle); content;
		content = stanza_next(content)) {
		const stanza *description =
			stanza_find(content, "description", NS_RTP);
		const char *media =
			description ? stanza_get(description, "media") : NULL;

		if (media && strcmp(media, "video") == 0)
			return true;
	}
	return false;
}

const char *call_refusal(const stanza *jingle)
{
	if (stanza_find(jingle, NULL, NS_MUJI))
		return "A call with several people cannot go through the "
		       "clinic. Please call {other} alone.";
	for (const stanza *content = stanza_first(jingle); content;
		content = stanza_next(content))
		if (stanza_is(content, "content", NS_JINGLE) &&
			stanza_find(content, "description", NULL) &&
			!stanza_find(content, "description", NS_RTP))
			return "Files cannot go straight from app to app "
			       "here: please send it as an attachment in the "
			       "chat with {other}.";
	return NULL;
}

size_t call_count_candidates(const stanza *element)
{
	size_t count = 0;

	for (const stanza *child = stanza_first(element); child;
		child = stanza_next(child))
		count += stanza_is(child, "candidate", NULL)
				 ? 1
				 : call_count_candidates(child);
	return count;
}

/* "+01:00" behind a time, in minutes; what is no such thing is UTC. */
static int offset_minutes(const char *text)
{
	int hours, minutes;

	if ((*text != '+' && *text != '-') ||
		sscanf(text + 1, "%2d:%2d", &hours, &minutes) != 2)
		return 0;
	return (*text == '-' ? -1 : 1) * (hours * 60 + minutes);
}

int64_t call_sent_s(const stanza *message)
{
	const stanza *delay = stanza_find(message, "delay", NS_DELAY);
	const char *stamp = delay ? stanza_get(delay, "stamp") : NULL;
	const char *seconds = stamp ? strchr(stamp, ':') : NULL;
	struct civil_moment moment;
	int second;

	/* The seconds stand behind the second colon (XEP-0082). */
	seconds = seconds ? strchr(seconds + 1, ':') : NULL;
	if (!seconds || !civil_read_moment(stamp, &moment) ||
		sscanf(seconds + 1, "%2d", &second) != 1)
		return 0;
	seconds++;
	seconds += strspn(seconds, "0123456789.");
	return ((int64_t)moment.day * MINUTES_PER_DAY + moment.minute -
		       offset_minutes(seconds)) *
		       60 +
	       second;
}
