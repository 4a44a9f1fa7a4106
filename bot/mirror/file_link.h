/* file_link.h - the clinic's own links to files.
 *
 *	https://files.clinic.example/files/<token>/photo.jpg
 *
 * The token is what the file is (the SHA-256 of its content) and until when the
 * link holds, sealed with a key made of the component's secret. So it cannot be
 * guessed or forged, says nothing to who reads it, needs no table, and ends by
 * itself. The name behind it is for people. */
#ifndef MIRROR_FILE_LINK_H
#define MIRROR_FILE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/crypto.h"
#include "mirror/file_type.h"

#define FILE_ROUTE "/files/"
#define FILE_NAME_SIZE 80

struct file_links;

/* base: where the clinic's web server is seen from outside, such as
 * "https://files.clinic.example", without a slash at its end. */
struct file_links *file_links_new(
	const char *secret, const char *base) MUST_CHECK;
void file_links_free(struct file_links *links); /* NULL is fine */

/* Any thread, for all of these. The caller frees the link. */
char *file_link_make(const struct file_links *links,
	const uint8_t digest[CRYPTO_SHA256_BYTES], int64_t until_s,
	const char *name) MUST_CHECK;
/* Whether it is a link of ours, valid or not. */
bool file_link_is_ours(const struct file_links *links, const char *url);
/* The file that a path such as "<token>/photo.jpg" means; false: it is not one
 * of ours, or over. */
bool file_link_open(const struct file_links *links, const char *path,
	int64_t now_s, uint8_t digest[CRYPTO_SHA256_BYTES]) MUST_CHECK;

/* A name for a file of this type. What the sender called it (NULL: nothing, or a
 * link, whose last part counts) stays as far as it says nothing: a name with the
 * sender's own name or server in it, or one that is only a row of digits, which
 * may be made of the account, is exchanged for "photo.jpg". */
void file_name(char name[FILE_NAME_SIZE], const char *wanted,
	const char *sender_jid, const struct file_type *type);

#endif
