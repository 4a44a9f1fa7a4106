/* file_record.c - what is on record of files: rows of clinic.file. */
#include "mirror/file_record.h"

#include <stdio.h>

#include "base/log.h"

#define MOST "100" /* files at a time */

bool file_record_put(struct store *store, uint32_t sender, uint32_t recipient,
	const struct file_offer *offer, struct error *error)
{
	char from[12], to[12], length[24], digest[FILE_DIGEST_TEXT];

	(void)snprintf(from, sizeof(from), "%u", sender);
	(void)snprintf(to, sizeof(to), "%u", recipient);
	(void)snprintf(length, sizeof(length), "%zu", offer->length);
	return store_do(store, error, "file_put", from, to,
		file_digest_text(offer->digest, digest), offer->type->name,
		offer->name, length, STORE_END);
}

bool file_record_tidy(struct store *store, struct file_store *files, int days,
	bool *is_more, struct error *error)
{
	char after[12];
	uint8_t digest[CRYPTO_SHA256_BYTES];
	size_t removed = 0;

	(void)snprintf(after, sizeof(after), "%d", days);
	struct rows *rows AUTO(rows_release) =
		store_call(store, error, "files_over", after, MOST, STORE_END);
	if (!rows)
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		const char *text = rows_text(rows, i, "digest");

		if (!file_digest_read(text, digest) ||
			!file_store_remove(files, digest)) {
			log_warning("file not removed");
			continue;
		}
		if (!store_do(store, error, "file_removed", text, STORE_END))
			return false;
		removed++;
	}
	if (removed)
		log_info("files removed count=%zu", removed);
	*is_more = removed && removed == rows_count(rows) && removed >= 100;
	return true;
}
