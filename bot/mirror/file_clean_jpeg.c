/* file_clean_jpeg.c - a JPEG without what was told about it (T.81, Exif 2.3). */
#include <stdbool.h>
#include <string.h>

#include "mirror/file_clean.h"

enum marker {
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	DQT = 0xdb,
	DNL = 0xdc,
	DRI = 0xdd,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP2 = 0xe2,
	APP14 = 0xee,
};

/* What is read and what is written of it, in the same memory. */
struct pass {
	uint8_t *bytes;
	size_t length;
	size_t read, written;
};

static void keep(struct pass *pass, size_t count)
{
	memmove(pass->bytes + pass->written, pass->bytes + pass->read, count);
	pass->written += count;
	pass->read += count;
}

static bool begins(const uint8_t *segment, size_t size, const char *name)
{
	size_t length = strlen(name) + 1;

	return size >= 4 + length && memcmp(segment + 4, name, length) == 0;
}

/* A segment with its marker and its length. */
static bool is_needed(const uint8_t *segment, size_t size)
{
	uint8_t marker = segment[1];

	switch (marker) {
	case SOS:
	case DQT:
	case DNL:
	case DRI:
		return true;
	case APP0:
		return begins(segment, size, "JFIF");
	case APP2:
		return begins(segment, size, "ICC_PROFILE");
	case APP14:
		return size >= 9 && memcmp(segment + 4, "Adobe", 5) == 0;
	default: /* frames and tables: C0 to CF */
		return marker >= 0xc0 && marker <= 0xcf;
	}
}

static unsigned number(const uint8_t *at, int count, bool is_little)
{
	unsigned value = 0;

	for (int i = 0; i < count; i++)
		value = value << 8 | at[is_little ? count - 1 - i : i];
	return value;
}

/* How the picture is to be turned, 1 to 8; 0: nothing is said. */
static unsigned orientation(const uint8_t *segment, size_t size)
{
	const uint8_t *tiff = segment + 10;
	size_t room = size > 10 ? size - 10 : 0;

	if (!begins(segment, size, "Exif") || room < 8)
		return 0;
	bool is_little = tiff[0] == 'I';
	size_t at = number(tiff + 4, 4, is_little);
	if (at > room - 2)
		return 0;
	unsigned count = number(tiff + at, 2, is_little);
	for (at += 2; count && at + 12 <= room; at += 12, count--)
		if (number(tiff + at, 2, is_little) == 0x0112) {
			unsigned value = number(tiff + at + 8, 2, is_little);

			return value <= 8 ? value : 0;
		}
	return 0;
}

/* An Exif segment that says this alone, when there is room for it before what is
 * still to be read. Of all that cameras write it is a part; one that is shorter was
 * made by hand. */
static void put_orientation(struct pass *pass, unsigned value)
{
	uint8_t segment[] = {0xff, APP1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M',
		'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0,
		(uint8_t)value, 0, 0, 0, 0, 0, 0};

	if (pass->written + sizeof(segment) > pass->read)
		return;
	memcpy(pass->bytes + pass->written, segment, sizeof(segment));
	pass->written += sizeof(segment);
}

/* The bytes of the picture itself, up to the next marker. */
static size_t scan_length(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (at + 1 < length) {
		uint8_t next = bytes[at + 1];

		if (bytes[at] == 0xff && next != 0 && next != 0xff &&
			(next < 0xd0 || next > 0xd7))
			return at;
		at++;
	}
	return length;
}

/* One segment, and the picture after it; false: it is damaged. */
static bool pass_segment(struct pass *pass)
{
	const uint8_t *segment = pass->bytes + pass->read;
	size_t left = pass->length - pass->read;
	unsigned turned;

	if (left < 4 || segment[1] < 0xc0 || segment[1] == SOI ||
		(segment[1] >= 0xd0 && segment[1] <= 0xd7))
		return false;
	size_t size = 2 + (size_t)number(segment + 2, 2, false);
	if (size < 4 || size > left)
		return false;
	bool is_scan = segment[1] == SOS;
	if (segment[1] == APP1 && (turned = orientation(segment, size)) > 1) {
		pass->read += size;
		put_orientation(pass, turned);
	} else if (is_needed(segment, size)) {
		keep(pass, size);
	} else {
		pass->read += size;
	}
	if (is_scan)
		keep(pass, scan_length(pass->bytes + pass->read,
				   pass->length - pass->read));
	return true;
}

size_t file_clean_jpeg(uint8_t *bytes, size_t length)
{
	struct pass pass = {.bytes = bytes, .length = length};

	if (length < 4)
		return 0;
	keep(&pass, 2);
	while (pass.read + 2 <= length && bytes[pass.read] == 0xff) {
		uint8_t marker = bytes[pass.read + 1];

		if (marker == 0xff) { /* fills */
			pass.read++;
			continue;
		}
		if (marker == EOI) {
			keep(&pass, 2);
			return pass.written;
		}
		if (!pass_segment(&pass))
			return 0;
	}
	return 0;
}
