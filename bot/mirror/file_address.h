/* file_address.h - which addresses of the network a link may lead to.
 *
 * Whoever sends a link has the clinic fetch it. Only addresses that everybody on
 * the Internet can reach are fetched from, so that nobody can look at what runs
 * beside the bot or inside the clinic's network. */
#ifndef MIRROR_FILE_ADDRESS_H
#define MIRROR_FILE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/attributes.h"

/* Whether an address is on the open Internet: not private, loopback, link-local,
 * shared, reserved or multicast, neither itself nor as an IPv4 address inside an
 * IPv6 one. */
bool file_address_is_public(const struct sockaddr *address) MUST_CHECK;

#endif
