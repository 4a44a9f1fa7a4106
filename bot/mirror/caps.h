/* caps.h - what somebody's device can do, as others may know it (XEP-0115).
 *
 * Of what a real client says it can do only what is in one table (caps.c) and
 * offered at all is shown, so that neither brand nor version shows, and a client
 * offers only what passes. A set of features is a number; it stands in the node
 * that names it, so that what a node means needs no memory. */
#ifndef MIRROR_CAPS_H
#define MIRROR_CAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "xmpp/stanza.h"

#define NS_CAPS "http://jabber.org/protocol/caps"
#define CAPS_NODE_SIZE 1200

/* What a device can do of which nothing is known yet. */
#define CAPS_UNKNOWN 0u

/* The set of those features in a disco#info result that may be shown, or that say
 * what the device wants to be told (which never shows). */
uint32_t caps_read(const stanza *query);
/* Whether a set has a feature by its name, such as "urn:xmpp:jingle:1". */
bool caps_has(uint32_t set, const char *feature);
/* Adds <c/> for a set to a presence of this clinic. */
void caps_add(stanza *presence, const char *domain, uint32_t set);
/* Adds identity and features to an answer. */
void caps_describe(stanza *query, uint32_t set);
/* The set that a node names; false: it is none of ours. */
bool caps_find_node(
	const char *node, const char *domain, uint32_t *set) MUST_CHECK;

#endif
