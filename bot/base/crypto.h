/* crypto.h - the few things that want a cryptographic library (OpenSSL).
 *
 * Whatever cannot fail but for want of memory, or because the library was built
 * without the algorithm, ends the process as memory.h does. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

#define CRYPTO_SHA1_BYTES 20
#define CRYPTO_SHA1_TEXT 29 /* in base64, with the zero at its end */

/* The SHA-1 of bytes, in base64 as XEP-0115 wants it, into text; returns text.
 * Not for secrets. */
const char *crypto_sha1(
	const char *bytes, size_t length, char text[CRYPTO_SHA1_TEXT]);

/* Deterministic authenticated encryption (AES-SIV, RFC 5297): the same bytes
 * give the same result under the same key, nobody without it can read it or make
 * another one that opens. */
struct crypto_siv;
#define CRYPTO_SIV_EXTRA 16 /* bytes that a sealed text has more */

/* A key made of a secret for one purpose (HKDF, SHA-256): another purpose, or
 * another secret, gives another key. */
struct crypto_siv *crypto_siv_new(
	const char *secret, const char *purpose) MUST_CHECK;
void crypto_siv_free(struct crypto_siv *siv); /* NULL is fine */
/* Seals length bytes (1 at least), bound to a number, into length +
 * CRYPTO_SIV_EXTRA bytes. Any thread. */
void crypto_siv_seal(const struct crypto_siv *siv, uint64_t bound,
	const uint8_t *plain, size_t length, uint8_t *sealed);
/* Opens length bytes (more than CRYPTO_SIV_EXTRA) into length -
 * CRYPTO_SIV_EXTRA. False: they were not sealed by this key for that number. Any
 * thread. */
bool crypto_siv_open(const struct crypto_siv *siv, uint64_t bound,
	const uint8_t *sealed, size_t length, uint8_t *plain) MUST_CHECK;

#endif
