/* file_type.c - what a file is, by its content: one table of what may pass. */
#include "mirror/file_type.h"

#include <stdbool.h>
#include <string.h>

#include "mirror/file_clean.h"

/* A file is of this type when these bytes stand in it at this place. */
struct mark {
	size_t at;
	const char *bytes;
	size_t length;
	struct file_type type;
};

#define MARK(at_, text) .at = (at_), .bytes = (text), .length = sizeof(text) - 1

/* The first that fits. */
/* clang-format off */
static const struct mark marks[] = {
	{MARK(0, "\xff\xd8\xff"),
	 .type = {"image/jpeg", "jpg", "photo", file_clean_jpeg}},
	{MARK(0, "\x89PNG\r\n\x1a\n"),
	 .type = {"image/png", "png", "picture", file_clean_png}},
	{MARK(8, "WEBPVP8"),
	 .type = {"image/webp", "webp", "picture", file_clean_webp}},
	{MARK(0, "GIF8"),
	 .type = {"image/gif", "gif", "picture", file_clean_gif}},
	{MARK(4, "ftypM4A "),
	 .type = {"audio/mp4", "m4a", "recording", file_clean_mp4}},
	{MARK(4, "ftypqt  "),
	 .type = {"video/quicktime", "mov", "video", file_clean_mp4}},
	{MARK(4, "ftyp3g"),
	 .type = {"video/3gpp", "3gp", "video", file_clean_mp4}},
	{MARK(4, "ftyp"),
	 .type = {"video/mp4", "mp4", "video", file_clean_mp4}},
	{MARK(0, "\x1a\x45\xdf\xa3"),
	 .type = {"video/webm", "webm", "video", NULL}},
	{MARK(0, "OggS"), .type = {"audio/ogg", "ogg", "recording", NULL}},
	{MARK(0, "ID3"), .type = {"audio/mpeg", "mp3", "recording", NULL}},
	{MARK(0, "\xff\xfb"), .type = {"audio/mpeg", "mp3", "recording", NULL}},
	{MARK(0, "\xff\xf3"), .type = {"audio/mpeg", "mp3", "recording", NULL}},
	{MARK(0, "\xff\xf1"), .type = {"audio/aac", "aac", "recording", NULL}},
	{MARK(0, "\xff\xf9"), .type = {"audio/aac", "aac", "recording", NULL}},
	{MARK(0, "fLaC"), .type = {"audio/flac", "flac", "recording", NULL}},
	{MARK(0, "#!AMR"), .type = {"audio/amr", "amr", "recording", NULL}},
	{MARK(8, "WAVEfmt "), .type = {"audio/wav", "wav", "recording", NULL}},
	{MARK(0, "%PDF-"), .type = {"application/pdf", "pdf", "document", NULL}},
	{MARK(0, "PK\3\4"), .type = {"application/zip", "zip", "archive", NULL}},
	{MARK(128, "DICM"), .type = {"application/dicom", "dcm", "scan", NULL}},
};
/* clang-format on */

static const struct file_type text = {"text/plain", "txt", "note", NULL};

/* Pictures as some phones keep them: where they were taken stands among what is
 * needed to see them. */
static const char *const heic_brands[] = {
	"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif"};

static bool has(const uint8_t *bytes, size_t length, const struct mark *mark)
{
	return length >= mark->at + mark->length &&
	       memcmp(bytes + mark->at, mark->bytes, mark->length) == 0;
}

static bool is_brand(const uint8_t *bytes, size_t length)
{
	if (length < 12 || memcmp(bytes + 4, "ftyp", 4) != 0)
		return false;
	for (size_t i = 0; i < COUNT_OF(heic_brands); i++)
		if (memcmp(bytes + 8, heic_brands[i], 4) == 0)
			return true;
	return false;
}

/* How many bytes the UTF-8 character here has; 0: it is none, or a control
 * character that no text has. */
static size_t character(const uint8_t *bytes, size_t length)
{
	size_t more = *bytes < 0x80   ? 0
		      : *bytes < 0xc2 ? 4
		      : *bytes < 0xe0 ? 1
		      : *bytes < 0xf0 ? 2
				      : 3;

	if (more >= length || *bytes > 0xf4 || *bytes == 0x7f ||
		(*bytes < ' ' && !strchr("\t\n\r\f", *bytes)))
		return 0;
	for (size_t i = 1; i <= more; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return more + 1;
}

/* Words, and no page of a browser's. */
static bool is_text(const uint8_t *bytes, size_t length)
{
	size_t at = 0, size;

	while (at < length && strchr(" \t\r\n", bytes[at]) && bytes[at])
		at++;
	if (at == length || bytes[at] == '<')
		return false;
	for (at = 0; at < length; at += size)
		if (!bytes[at] || !(size = character(bytes + at, length - at)))
			return false;
	return true;
}

const struct file_type *file_type_of(
	const uint8_t *bytes, size_t length, bool *is_heic)
{
	*is_heic = is_brand(bytes, length);
	if (*is_heic)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		if (has(bytes, length, &marks[i]))
			return &marks[i].type;
	return is_text(bytes, length) ? &text : NULL;
}

const struct file_type *file_type_by_name(const char *name)
{
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < COUNT_OF(marks); i++)
		if (strcmp(end + 1, marks[i].type.extension) == 0)
			return &marks[i].type;
	return end && strcmp(end + 1, text.extension) == 0 ? &text : NULL;
}
