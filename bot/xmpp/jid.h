/* jid.h - addresses (RFC 7622), as far as a component needs them.
 *
 * Servers deliver prepared addresses; what people type is prepared here: trimmed,
 * case folded, "xmpp:" taken off, checked. libstrophe does no preparation. */
#ifndef XMPP_JID_H
#define XMPP_JID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define JID_SIZE 3072 /* three parts of 1023 bytes, "@", "/", and the end */

/* local@domain of a full address into bare. False (and bare is "") when it is no
 * address. */
bool jid_bare(const char *jid, char bare[JID_SIZE]) MUST_CHECK;
/* The parts, each borrowed from the address or a pointer into it; lengths in
 * bytes. local and resource may be absent (NULL). */
struct jid_parts {
	const char *local, *domain, *resource;
	size_t local_length, domain_length, resource_length;
};
bool jid_split(const char *jid, struct jid_parts *parts) MUST_CHECK;
/* What a person typed as somebody's address ("xmpp:Ruiz@LOCALHOST ") as a bare
 * address in prepared form; false when it cannot be somebody's. */
bool jid_prepare(const char *typed, char bare[JID_SIZE]) MUST_CHECK;
/* A short tag for the log, made from a keyed hash of the bare address, so that
 * one stranger's lines can be told together and the address is not shown. */
#define JID_TAG_SIZE 12
const char *jid_tag(const char *jid, char tag[JID_TAG_SIZE]);
/* A number that spreads bare addresses over workers. */
uint32_t jid_hash(const char *jid);

#endif
