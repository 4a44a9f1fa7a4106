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

#define CRYPTO_SHA256_BYTES 32

/* The SHA-256 of bytes. Any thread. */
void crypto_sha256(const uint8_t *bytes, size_t length,
	uint8_t digest[CRYPTO_SHA256_BYTES]);
/* length bytes in base64 into text, which has room for CRYPTO_BASE64_SIZE of
 * them. */
#define CRYPTO_BASE64_SIZE(length) (((length) + 2) / 3 * 4 + 1)
void crypto_base64(const uint8_t *bytes, size_t length, char *text);
/* Reads length characters of base64, a multiple of four, into 3/4 as many bytes.
 * False: they are something else. */
bool crypto_base64_read(
	const char *text, size_t length, uint8_t *bytes) MUST_CHECK;

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
