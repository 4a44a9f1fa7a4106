/* seal.h - resources that show nothing and can be opened again without a table.
 *
 * The resource of an address says which client somebody uses, often the name of
 * the device. What a partner sees instead is that resource sealed: encrypted
 * deterministically and authenticated (AES-SIV), bound to the person, in base32.
 * So one device keeps one sealed name over restarts and on a spare bot, which
 * calls rely on; nobody can forge one; and nothing is stored.
 *
 * The key is made of the secret that the component shares with its server
 * (HKDF). It is where secrets stand already (a file or a systemd credential), a
 * spare bot has it too, and whoever can read the database, or a copy of it,
 * still cannot open what was sealed. When the secret is changed, devices get
 * other sealed names, as if everybody had come with a new client. */
#ifndef MIRROR_SEAL_H
#define MIRROR_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define SEAL_PLAIN 600 /* bytes of a resource that can be sealed */
#define SEAL_SIZE 1024 /* of a sealed one, with the zero at its end */

struct seal;

/* What is sealed for one purpose does not open for another. */
#define SEAL_DEVICES "carelay resource 1"
#define SEAL_QUESTIONS "carelay question 1"

struct seal *seal_new(const char *secret, const char *purpose) MUST_CHECK;
void seal_free(struct seal *seal); /* NULL is fine */
/* Any thread. False (and sealed is ""): it is empty or too long, which no
 * client's resource is. */
bool seal_close(const struct seal *seal, uint32_t person, const char *resource,
	char sealed[SEAL_SIZE]) MUST_CHECK;
/* Any thread. The resource of that person of which sealed was made; false (and
 * resource is "") when it was not made here. */
bool seal_open(const struct seal *seal, uint32_t person, const char *sealed,
	char resource[SEAL_SIZE]) MUST_CHECK;

#endif
