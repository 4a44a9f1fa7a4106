/* jid.c - addresses (RFC 7622), as far as a component needs them. */
#include "xmpp/jid.h"

#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "base/memory.h"

#define PART_SIZE 1023 /* bytes in each part of an address */

/* Whether a part of an address may hold it: no controls, nothing invisible or
 * unassigned, no separators of lines. */
static bool is_visible(utf8proc_int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	return category != UTF8PROC_CATEGORY_CC &&
	       category != UTF8PROC_CATEGORY_CF &&
	       category != UTF8PROC_CATEGORY_CN &&
	       category != UTF8PROC_CATEGORY_CO &&
	       category != UTF8PROC_CATEGORY_CS &&
	       category != UTF8PROC_CATEGORY_ZL &&
	       category != UTF8PROC_CATEGORY_ZP;
}

/* Whether a part of an address is UTF-8 of 1 to 1023 bytes without forbidden
 * characters (ASCII); spaces are allowed when nothing is forbidden. */
static bool is_fit(const char *part, size_t length, const char *forbidden)
{
	size_t at = 0;

	if (!length || length > PART_SIZE)
		return false;
	while (at < length) {
		utf8proc_int32_t point = (unsigned char)part[at];

		if (point < 0x80) { /* nearly all: no table is needed */
			if (point < ' ' || point == 0x7f ||
				(point == ' ' && *forbidden) ||
				strchr(forbidden, (char)point))
				return false;
			at++;
			continue;
		}
		utf8proc_ssize_t step =
			utf8proc_iterate((const utf8proc_uint8_t *)part + at,
				(utf8proc_ssize_t)(length - at), &point);

		if (step <= 0 || !is_visible(point))
			return false;
		if (*forbidden &&
			utf8proc_category(point) == UTF8PROC_CATEGORY_ZS)
			return false;
		at += (size_t)step;
	}
	return true;
}

/* Folds case and forms as nodeprep and nameprep do. NULL when it is no UTF-8. */
static char *fold(const char *text)
{
	utf8proc_uint8_t *folded = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
		    UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
			    UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
			    UTF8PROC_REJECTNA) < 0)
		return NULL;
	return (char *)folded;
}

static bool copy_bare(const char *jid, size_t length, char bare[JID_SIZE])
{
	if (length >= JID_SIZE)
		return false;
	memcpy(bare, jid, length);
	bare[length] = '\0';
	return true;
}

bool jid_split(const char *jid, struct jid_parts *parts)
{
	size_t bare = jid ? strcspn(jid, "/") : 0;
	const char *at = jid ? memchr(jid, '@', bare) : NULL;
	struct jid_parts found = {.domain = jid, .domain_length = bare};

	if (!jid)
		return false;
	if (at) {
		found.local = jid;
		found.local_length = (size_t)(at - jid);
		found.domain = at + 1;
		found.domain_length = bare - found.local_length - 1;
	}
	if (jid[bare] == '/') {
		found.resource = jid + bare + 1;
		found.resource_length = strlen(found.resource);
	}
	if (found.local &&
		!is_fit(found.local, found.local_length, "\"&'/:<>@"))
		return false;
	if (!is_fit(found.domain, found.domain_length, "\"&'/<>@\\ "))
		return false;
	if (found.resource &&
		!is_fit(found.resource, found.resource_length, ""))
		return false;
	*parts = found;
	return true;
}

bool jid_bare(const char *jid, char bare[JID_SIZE])
{
	struct jid_parts parts;

	bare[0] = '\0';
	return jid_split(jid, &parts) &&
	       copy_bare(jid, strcspn(jid, "/"), bare);
}

bool jid_prepare(const char *typed, char bare[JID_SIZE])
{
	const char *blanks = " \t\r\n";
	struct jid_parts parts;

	bare[0] = '\0';
	if (!typed || strlen(typed) >= JID_SIZE)
		return false;
	typed += strspn(typed, blanks);
	if (strncasecmp(typed, "xmpp:", 5) == 0)
		typed += 5;
	AUTO(free_text) char *folded = fold(typed);
	if (!folded)
		return false;
	/* What follows the bare address: a resource, a query, blanks. */
	size_t length = strcspn(folded, "/? \t\r\n");
	if (folded[length + strspn(folded + length, blanks)] &&
		folded[length] != '/' && folded[length] != '?')
		return false;
	while (length && folded[length - 1] == '.')
		length--;
	folded[length] = '\0';
	if (!jid_split(folded, &parts) || !parts.local ||
		parts.domain[0] == '.' || strstr(parts.domain, ".."))
		return false;
	return copy_bare(folded, length, bare);
}

const char *jid_tag(const char *jid, char tag[JID_TAG_SIZE])
{
	uint64_t hash = keyed_hash(jid, strcspn(jid, "/"));

	for (size_t i = 0; i < JID_TAG_SIZE - 1; i++, hash >>= 5)
		tag[i] = "abcdefghijkmnopqrstuvwxyz2345678"[hash % 32];
	tag[JID_TAG_SIZE - 1] = '\0';
	return tag;
}

uint32_t jid_hash(const char *jid)
{
	return (uint32_t)keyed_hash(jid, strcspn(jid, "/"));
}
