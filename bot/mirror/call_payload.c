/* call_payload.c - what payloads.c does to the elements of a call. */
#include "mirror/call_payload.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

static bool is_bare_of(const char *address, const char *bare)
{
	size_t length = strcspn(address, "/");

	return strlen(bare) == length &&
	       strncasecmp(address, bare, length) == 0;
}

/* The full address, whichever of the two it is; also of a bare one, because who
 * compares it does so with the stanza's. */
static void mend_party(const struct passage *passage, const char *address,
	const char *name, stanza *copy)
{
	char whole[JID_SIZE], seen[JID_SIZE];
	const char *resource = NULL;

	stanza_set(copy, name, NULL);
	if (!address || strlen(address) >= JID_SIZE)
		return;
	if (is_bare_of(address, passage->sender.real))
		resource = passage->sender_resource;
	if (strchr(address, '/') || !resource)
		(void)snprintf(whole, sizeof(whole), "%s", address);
	else if ((size_t)snprintf(whole, sizeof(whole), "%s/%s", address,
			 resource) >= sizeof(whole))
		return;
	if (!rewrite_address(passage, whole, seen))
		return;
	if (is_bare_of(seen, passage->receiver.real) && !strchr(seen, '/') &&
		passage->receiver_resource &&
		(size_t)snprintf(whole, sizeof(whole), "%s/%s", seen,
			passage->receiver_resource) < sizeof(whole))
		stanza_set(copy, name, whole);
	else
		stanza_set(copy, name, seen);
}

bool call_mend_jingle(
	const struct passage *passage, const stanza *original, stanza *copy)
{
	mend_party(
		passage, stanza_get(original, "initiator"), "initiator", copy);
	mend_party(
		passage, stanza_get(original, "responder"), "responder", copy);
	return true;
}

bool call_mend_candidate(
	const struct passage *passage, const stanza *original, stanza *copy)
{
	const char *type = stanza_get(original, "type");

	if (!passage->hides_ip)
		return true;
	stanza_set(copy, "rel-addr", NULL);
	stanza_set(copy, "rel-port", NULL);
	return type && strcmp(type, "relay") == 0;
}

bool call_mend_exposed(const struct passage *passage,
	const stanza *original UNUSED, stanza *copy UNUSED)
{
	return !passage->hides_ip;
}

bool call_mend_keyed(const struct passage *passage,
	const stanza *original UNUSED, stanza *copy UNUSED)
{
	return !passage->is_keyless;
}
