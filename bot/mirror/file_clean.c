/* file_clean.c - PNG, WebP, GIF and MP4 without what was told about them. */
#include "mirror/file_clean.h"

#include <stdbool.h>
#include <string.h>

#include "base/attributes.h"

static uint32_t big(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[1] << 8 | at[0];
}

/* Whether a name of four letters is in a list of such. */
static bool is_in(const uint8_t *name, const char *list)
{
	for (; *list; list += 4)
		if (memcmp(name, list, 4) == 0)
			return true;
	return false;
}

/* PNG (RFC 2083): length, name, bytes, checksum. */
size_t file_clean_png(uint8_t *bytes, size_t length)
{
	static const char needed[] =
		"IHDRPLTEIDATIENDtRNSgAMAcHRMsRGBiCCPsBITbKGDpHYshISTacTLfcTL"
		"fdATcICP";
	size_t read = 8, written = 8;

	while (length - read >= 12) {
		size_t size = (size_t)big(bytes + read) + 12;
		const uint8_t *name = bytes + read + 4;
		bool is_end = memcmp(name, "IEND", 4) == 0;

		if (size > length - read)
			return 0;
		if (is_in(name, needed)) {
			memmove(bytes + written, bytes + read, size);
			written += size;
		}
		read += size;
		if (is_end)
			return written;
	}
	return 0;
}

/* WebP: RIFF chunks, each name, length, bytes, to an even place. */
size_t file_clean_webp(uint8_t *bytes, size_t length)
{
	enum { HAS_EXIF_OR_XMP = 0x0c };
	size_t read = 12, written = 12;

	if (length < 20 || memcmp(bytes, "RIFF", 4) != 0)
		return 0;
	size_t end = (size_t)little(bytes + 4) + 8;
	if (end < 20 || end > length)
		return 0;
	while (end - read >= 8) {
		size_t size = (size_t)little(bytes + read + 4);

		size += 8 + (size & 1);
		/* Some leave the last byte out. */
		if (size == end - read + 1)
			size--;
		if (size > end - read)
			return 0;
		if (memcmp(bytes + read, "VP8X", 4) == 0 && size >= 9)
			bytes[read + 8] &= (uint8_t)~HAS_EXIF_OR_XMP;
		if (is_in(bytes + read, "VP8 VP8LVP8XALPHANIMANMFICCP")) {
			memmove(bytes + written, bytes + read, size);
			written += size;
		}
		read += size;
	}
	for (int i = 0; i < 4; i++)
		bytes[4 + i] = (uint8_t)((written - 8) >> (8 * i));
	return read == end && written >= 20 ? written : 0;
}

/* GIF (89a): blocks of which each has parts of up to 255 bytes. */
static size_t parts_length(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && bytes[at])
		at += (size_t)bytes[at] + 1;
	return at < length ? at + 1 : 0;
}

static size_t table_length(uint8_t flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* A block with its parts; 0: damaged. */
static size_t block_length(const uint8_t *block, size_t left)
{
	size_t head = 0, parts;

	if (*block == 0x21 && left >= 3)
		head = 2;
	else if (*block == 0x2c && left >= 11)
		head = 10 + table_length(block[9]) + 1;
	if (!head || head >= left)
		return 0;
	parts = parts_length(block + head, left - head);
	return parts ? head + parts : 0;
}

static bool is_block_needed(const uint8_t *block, size_t size)
{
	if (*block == 0x2c || block[1] == 0xf9)
		return true;
	return block[1] == 0xff && size > 14 &&
	       (memcmp(block + 3, "NETSCAPE2.0", 11) == 0 ||
		       memcmp(block + 3, "ANIMEXTS1.0", 11) == 0);
}

size_t file_clean_gif(uint8_t *bytes, size_t length)
{
	size_t read = length > 13 ? 13 + table_length(bytes[10]) : length;
	size_t written = read;

	while (read < length) {
		if (bytes[read] == 0x3b) {
			bytes[written] = 0x3b;
			return written + 1;
		}
		size_t size = block_length(bytes + read, length - read);
		if (!size)
			return 0;
		if (is_block_needed(bytes + read, size)) {
			memmove(bytes + written, bytes + read, size);
			written += size;
		}
		read += size;
	}
	return 0;
}

/* MP4 (ISO 14496-12): boxes in boxes, each length, name, bytes. The place stands
 * in "udta" or "meta"; they become free room, so that nothing moves. */
#define BOX_DEPTH 8

static bool clean_boxes(uint8_t *bytes, size_t length, int depth)
{
	while (length) {
		size_t head = 8;

		if (length < head)
			return false;
		uint64_t size = big(bytes);
		if (size == 1 && length >= 16) {
			head = 16;
			size = (uint64_t)big(bytes + 8) << 32 | big(bytes + 12);
		} else if (size == 0) {
			size = length;
		}
		if (size < head || size > length)
			return false;
		if (is_in(bytes + 4, "udtametauuid")) {
			memcpy(bytes + 4, "free", 4);
			memset(bytes + head, 0, (size_t)size - head);
		} else if (is_in(bytes + 4, "moovtrakmoofmoov") &&
			   (depth == BOX_DEPTH ||
				   !clean_boxes(bytes + head,
					   (size_t)size - head, depth + 1))) {
			return false;
		}
		bytes += size;
		length -= (size_t)size;
	}
	return true;
}

size_t file_clean_mp4(uint8_t *bytes, size_t length)
{
	return clean_boxes(bytes, length, 0) ? length : 0;
}
