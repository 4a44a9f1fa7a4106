/* file_record.h - what is on record of files: rows of clinic.file. */
#ifndef MIRROR_FILE_RECORD_H
#define MIRROR_FILE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/error.h"
#include "mirror/file_message.h"
#include "mirror/file_store.h"
#include "store/store.h"

/* Puts down that one sent another a file. */
bool file_record_put(struct store *store, uint32_t sender, uint32_t recipient,
	const struct file_offer *offer, struct error *error) MUST_CHECK;
/* Removes some of the files that are so many days old, unless the same was sent
 * again since. *is_more: there may be others. Nobody may keep files meanwhile. */
bool file_record_tidy(struct store *store, struct file_store *files, int days,
	bool *is_more, struct error *error) MUST_CHECK;

#endif
