/* file_type.h - what a file is, by its content: one table of what may pass.
 *
 * Neither the name nor what a server says counts. What is not in the table does
 * not pass: programs, web pages, pictures with scripts in them. To let another
 * kind of file through is to add a row. */
#ifndef MIRROR_FILE_TYPE_H
#define MIRROR_FILE_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"

struct file_type {
	const char *name;      /* "image/jpeg" */
	const char *extension; /* "jpg" */
	const char *noun;      /* "photo": its name when it has no other */
	/* Takes out in place what tells where and with what it was made (NULL:
	 * nothing does). Returns the new length; 0: it is damaged. */
	size_t (*clean)(uint8_t *bytes, size_t length);
};

/* NULL: it may not pass, and *is_heic says whether it is such a picture, which
 * can be sent as JPEG instead. The row lives for ever. */
const struct file_type *file_type_of(
	const uint8_t *bytes, size_t length, bool *is_heic) MUST_CHECK;

/* The type that a name such as "photo.jpg" ends in, or NULL. */
const struct file_type *file_type_by_name(const char *name) MUST_CHECK;

#endif
