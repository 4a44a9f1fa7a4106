/* fuzz_file.c - files that people send: what they are, and cleaned of places.
 *
 * What was cleaned is cleaned already: doing it again changes nothing. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mirror/file_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = xcalloc(size + 1, 1), *again;
	const struct file_type *type;
	size_t length;
	bool is_heic;

	memcpy(bytes, data, size);
	type = file_type_of(bytes, size, &is_heic);
	if (type && type->clean && (length = type->clean(bytes, size)) != 0) {
		if (length > size)
			abort();
		again = xcalloc(length, 1);
		memcpy(again, bytes, length);
		if (type->clean(again, length) != length ||
			memcmp(again, bytes, length) != 0)
			abort();
		free(again);
	}
	free(bytes);
	return 0;
}
