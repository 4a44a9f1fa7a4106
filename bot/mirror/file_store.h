/* file_store.h - files in a folder, named by what is in them.
 *
 * Each lies under the SHA-256 of its content, "3f/9a...": the same file sent
 * twice is kept once, and a half-written one never has a name. Any thread. */
#ifndef MIRROR_FILE_STORE_H
#define MIRROR_FILE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/crypto.h"
#include "base/error.h"

struct file_store;

#define FILE_DIGEST_TEXT (2 * CRYPTO_SHA256_BYTES + 1)

/* Makes the folder when there is none; NULL: it cannot be used (ERROR_USAGE). */
struct file_store *file_store_new(
	const char *folder, struct error *error) MUST_CHECK;
void file_store_free(struct file_store *store); /* NULL is fine */

/* Keeps it, and it is on the disk when this returns true. *is_new: it was not
 * there before. */
bool file_store_put(struct file_store *store, const uint8_t *bytes,
	size_t length, uint8_t digest[CRYPTO_SHA256_BYTES], bool *is_new,
	struct error *error) MUST_CHECK;
/* A descriptor to read it, which the caller closes; -1: it is not there. */
int file_store_open(struct file_store *store,
	const uint8_t digest[CRYPTO_SHA256_BYTES]) MUST_CHECK;
/* True: it is gone, or was. */
bool file_store_remove(struct file_store *store,
	const uint8_t digest[CRYPTO_SHA256_BYTES]) MUST_CHECK;

/* A digest in hexadecimal, and back; returns text. */
const char *file_digest_text(
	const uint8_t digest[CRYPTO_SHA256_BYTES], char text[FILE_DIGEST_TEXT]);
bool file_digest_read(
	const char *text, uint8_t digest[CRYPTO_SHA256_BYTES]) MUST_CHECK;

#endif
