/* test_file_clean.c - what a file is, and that it tells no place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/file_type.h"

/* What may not be in a file that was cleaned. */
#define PLACE "40.4168N 3.7038W"

static void add(struct strbuf *out, const char *bytes, size_t length)
{
	strbuf_add_bytes(out, bytes, length);
}
#define ADD(out, text) add(out, text, sizeof(text) - 1)

static void add_number(struct strbuf *out, uint32_t number, int count)
{
	while (count--)
		strbuf_add_char(out, (char)(number >> (8 * count)));
}

static void add_little(struct strbuf *out, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		strbuf_add_char(out, (char)(number >> (8 * i)));
}

static bool has(const struct strbuf *in, const char *bytes, size_t length)
{
	return memmem(in->text, in->length, bytes, length) != NULL;
}
#define HAS(in, text) has(in, text, sizeof(text) - 1)

/* Cleans it as what it is; its type, or NULL when it is damaged. */
static const struct file_type *clean(struct strbuf *file)
{
	bool is_heic;
	const struct file_type *type =
		file_type_of((uint8_t *)file->text, file->length, &is_heic);
	size_t length;

	assert_non_null(type);
	assert_non_null(type->clean);
	length = type->clean((uint8_t *)file->text, file->length);
	assert_true(length <= file->length);
	strbuf_cut(file, length);
	return length ? type : NULL;
}

/* JPEG ------------------------------------------------------------------------ */

static void add_segment(
	struct strbuf *out, int marker, const char *bytes, size_t length)
{
	add_number(out, 0xff00u | (uint32_t)marker, 2);
	add_number(out, (uint32_t)length + 2, 2);
	add(out, bytes, length);
}
#define SEGMENT(out, marker, text) \
	add_segment(out, marker, text, sizeof(text) - 1)

static void add_jpeg(struct strbuf *out, bool is_little, int orientation)
{
	struct strbuf exif AUTO(strbuf_release) = STRBUF_INIT;

	ADD(out, "\xff\xd8");
	SEGMENT(out, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0");
	ADD(&exif, "Exif\0\0");
	if (is_little)
		ADD(&exif, "II*\0\x08\0\0\0\2\0"
			   "\x0f\1\2\0\4\0\0\0abc\0\x12\1\3\0\1\0\0\0");
	else
		ADD(&exif, "MM\0*\0\0\0\x08\0\2"
			   "\1\x0f\0\2\0\0\0\4abc\0\1\x12\0\3\0\0\0\1\0");
	strbuf_add_char(&exif, (char)orientation);
	ADD(&exif, "\0\0\0\0\0\0" PLACE);
	add_segment(out, 0xe1, exif.text, exif.length);
	SEGMENT(out, 0xe1, "http://ns.adobe.com/xap/1.0/\0" PLACE);
	SEGMENT(out, 0xe2, "MPF\0" PLACE);
	SEGMENT(out, 0xe2, "ICC_PROFILE\0colours");
	SEGMENT(out, 0xed, "Photoshop 3.0\0" PLACE);
	SEGMENT(out, 0xfe, PLACE);
	SEGMENT(out, 0xdb, "quantization");
	SEGMENT(out, 0xc2, "frame");
	SEGMENT(out, 0xc4, "huffman");
	SEGMENT(out, 0xda, "scan");
	ADD(out, "pixels\xff\x00more\xff\xd0pixels\xff\xff\x00.");
	SEGMENT(out, 0xc4, "huffman again");
	SEGMENT(out, 0xda, "second scan");
	ADD(out, "and pixels\xff\xd9");
}

static void a_jpeg_loses_the_place_and_keeps_the_picture(void **state)
{
	(void)state;
	for (int is_little = 0; is_little < 2; is_little++) {
		struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;
		const struct file_type *type;

		add_jpeg(&file, is_little, 6);
		ADD(&file, "a film behind it: " PLACE);
		type = clean(&file);
		assert_non_null(type);
		assert_string_equal(type->name, "image/jpeg");
		assert_false(HAS(&file, PLACE));
		assert_false(HAS(&file, "MPF"));
		assert_false(HAS(&file, "abc"));
		assert_true(HAS(&file, "ICC_PROFILE\0colours"));
		assert_true(HAS(&file, "pixels\xff\x00more\xff\xd0pixels"));
		assert_true(HAS(&file, "huffman again"));
		assert_true(HAS(&file, "and pixels\xff\xd9"));
		assert_memory_equal(file.text + file.length - 2, "\xff\xd9", 2);
		/* It is still turned as it was. */
		assert_true(HAS(&file, "Exif\0\0MM\0*\0\0\0\x08\0\1"
				       "\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"));
	}
}

static void a_jpeg_that_needs_no_turning_has_no_exif(void **state)
{
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	add_jpeg(&file, true, 1);
	assert_non_null(clean(&file));
	assert_false(HAS(&file, "Exif"));
}

/* An Exif segment shorter than the one that would take its place. */
static void a_jpeg_with_a_short_exif_does_not_grow(void **state)
{
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;
	const char behind[] = "what stands behind it";
	bool is_heic;

	(void)state;
	ADD(&file, "\xff\xd8");
	SEGMENT(&file, 0xe1, "Exif\0\0MM\1\x12\0\0\0\0\0\0\0\6\0\0");
	size_t length = file.length;
	ADD(&file, "what stands behind it");
	const struct file_type *type =
		file_type_of((uint8_t *)file.text, length, &is_heic);
	assert_int_equal(type->clean((uint8_t *)file.text, length), 0);
	assert_memory_equal(file.text + length, behind, sizeof(behind) - 1);
}

static void a_cut_jpeg_does_not_pass(void **state)
{
	struct strbuf whole AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	add_jpeg(&whole, true, 6);
	for (size_t length = 4; length < whole.length; length++) {
		struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

		strbuf_add_bytes(&file, whole.text, length);
		assert_null(clean(&file));
	}
}

/* PNG, WebP, GIF -------------------------------------------------------------- */

static void add_chunk(struct strbuf *out, const char *name, const char *bytes)
{
	add_number(out, (uint32_t)strlen(bytes), 4);
	strbuf_add(out, name);
	strbuf_add(out, bytes);
	strbuf_add(out, "crc!");
}

static void a_png_loses_its_notes(void **state)
{
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	ADD(&file, "\x89PNG\r\n\x1a\n");
	add_chunk(&file, "IHDR", "header");
	add_chunk(&file, "eXIf", PLACE);
	add_chunk(&file, "tEXt", PLACE);
	add_chunk(&file, "iTXt", PLACE);
	add_chunk(&file, "zzZz", PLACE);
	add_chunk(&file, "IDAT", "pixels");
	add_chunk(&file, "IEND", "");
	ADD(&file, PLACE);
	assert_non_null(clean(&file));
	assert_false(HAS(&file, PLACE));
	assert_true(HAS(&file, "IHDRheadercrc!"));
	assert_true(HAS(&file, "IDATpixelscrc!"));
	strbuf_cut(&file, file.length - 1);
	assert_null(clean(&file));
}

static void add_riff(
	struct strbuf *out, const char *name, const char *bytes, size_t length)
{
	strbuf_add(out, name);
	add_little(out, (uint32_t)length);
	add(out, bytes, length);
	if (length % 2)
		strbuf_add_char(out, '\0');
}

static void a_webp_loses_its_notes(void **state)
{
	struct strbuf inside AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	ADD(&inside, "WEBP");
	add_riff(&inside, "VP8X", "\x3c\0\0\0\0\0\0\0\0\0", 10);
	add_riff(&inside, "VP8 ", "pixels!", 7);
	add_riff(&inside, "EXIF", PLACE, strlen(PLACE));
	add_riff(&inside, "XMP ", PLACE, strlen(PLACE));
	add_riff(&file, "RIFF", inside.text, inside.length);
	ADD(&file, PLACE);
	assert_non_null(clean(&file));
	assert_false(HAS(&file, PLACE));
	assert_true(HAS(&file, "VP8 \7\0\0\0pixels!"));
	assert_int_equal(file.text[20], 0x30);
	assert_int_equal((unsigned char)file.text[4] + 8, file.length);
}

static void a_webp_without_a_picture_does_not_pass(void **state)
{
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	add_riff(&file, "RIFF", "WEBPVP8?\2\0\0\0..", 14);
	assert_null(clean(&file));
}

static void a_gif_loses_its_notes(void **state)
{
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	ADD(&file, "GIF89a\1\0\1\0\x80\0\0......");
	ADD(&file, "\x21\xfe\x10" PLACE "\0");
	ADD(&file, "\x21\xff\x0bXMP DataXMP\x10" PLACE "\0");
	ADD(&file, "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0");
	ADD(&file, "\x21\xf9\4....\0");
	ADD(&file, "\x2c........\0\2\3abc\0");
	ADD(&file, "\x3b" PLACE);
	assert_non_null(clean(&file));
	assert_false(HAS(&file, PLACE));
	assert_true(HAS(&file, "NETSCAPE2.0"));
	assert_true(HAS(&file, "\3abc\0\x3b"));
}

static void add_box(
	struct strbuf *out, const char *name, const struct strbuf *inside)
{
	add_number(out, (uint32_t)inside->length + 8, 4);
	strbuf_add(out, name);
	add(out, inside->text, inside->length);
}

static void a_film_loses_the_place_and_nothing_moves(void **state)
{
	struct strbuf place AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf movie AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf track AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf file AUTO(strbuf_release) = STRBUF_INIT;

	(void)state;
	ADD(&place, PLACE);
	add_box(&track, "tkhd", &(struct strbuf){.text = strbuf_empty});
	add_box(&track, "udta", &place);
	add_box(&movie, "trak", &track);
	add_box(&movie, "udta", &place);
	add_box(&movie, "meta", &place);
	ADD(&file, "\0\0\0\x10"
		   "ftypisom....");
	add_box(&file, "moov", &movie);
	add_box(&file, "mdat", &track);
	size_t length = file.length;
	const struct file_type *type = clean(&file);
	assert_non_null(type);
	assert_string_equal(type->name, "video/mp4");
	assert_int_equal(file.length, length);
	assert_true(HAS(&file, "tkhd"));
	/* What is in "mdat" is the film. */
	assert_null(
		memmem(file.text, length - track.length, PLACE, strlen(PLACE)));
	strbuf_cut(&file, length - 1);
	assert_null(clean(&file));
}

/* Any bytes behind the beginning of a picture: nothing is read or written
 * outside, which the sanitizers see. */
static void nonsense_does_no_harm(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} heads[] = {
		{"\xff\xd8\xff\xe1\0\x10"
		 "Exif\0\0II*\0",
			16},
		{"\x89PNG\r\n\x1a\n", 8},
		{"RIFF\x20\0\0\0WEBPVP8X", 16},
		{"GIF89a", 6},
		{"\0\0\0\x08"
		 "ftypisom\0\0\0\x18moov",
			20},
	};
	uint32_t random = 1;
	bool is_heic;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t head = (size_t)round % COUNT_OF(heads);
		size_t length = heads[head].length + random % 64;
		uint8_t *bytes = xcalloc(length, 1);

		memcpy(bytes, heads[head].bytes, heads[head].length);
		for (size_t i = heads[head].length; i < length; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = random >> 24 & 0x40
					   ? (uint8_t)(random >> 16)
					   : (uint8_t)(random >> 16 & 7);
		}
		const struct file_type *type =
			file_type_of(bytes, length, &is_heic);
		if (type && type->clean)
			assert_true(type->clean(bytes, length) <= length);
		free(bytes);
	}
}

/* Types ----------------------------------------------------------------------- */

static const struct file_type *type_of(const char *bytes, size_t length)
{
	bool is_heic;

	return file_type_of((const uint8_t *)bytes, length, &is_heic);
}
#define TYPE(text) type_of(text, sizeof(text) - 1)

static void a_type_is_told_by_the_content(void **state)
{
	(void)state;
	assert_string_equal(TYPE("%PDF-1.7\n")->name, "application/pdf");
	assert_string_equal(TYPE("OggS\0\2")->name, "audio/ogg");
	assert_string_equal(TYPE("Take two a day,\nat noon \xc3\xa9.\n")->name,
		"text/plain");
	assert_string_equal(TYPE("\0\0\0\x18"
				 "ftypM4A ")
				    ->name,
		"audio/mp4");
	assert_string_equal(file_type_by_name("a.b.jpg")->name, "image/jpeg");
	assert_string_equal(file_type_by_name("a.txt")->name, "text/plain");
	assert_null(file_type_by_name("a.html"));
	assert_null(file_type_by_name("jpg"));
}

static void what_could_do_harm_has_no_type(void **state)
{
	bool is_heic;

	(void)state;
	assert_null(TYPE(""));
	assert_null(TYPE("  \n"));
	assert_null(TYPE("<html><script>"));
	assert_null(TYPE("  <svg xmlns='http://www.w3.org/2000/svg'/>"));
	assert_null(TYPE("\x7f"
			 "ELF"));
	assert_null(TYPE("MZ\x90\0"));
	assert_null(TYPE("text with \x1b[31mescapes"));
	assert_null(TYPE("bad UTF-8 \xc0\xaf"));
	assert_null(TYPE("text \0 and more"));
	assert_null(file_type_of((const uint8_t *)"\0\0\0\x18"
						  "ftypheic",
		12, &is_heic));
	assert_true(is_heic);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jpeg_loses_the_place_and_keeps_the_picture),
		cmocka_unit_test(a_jpeg_that_needs_no_turning_has_no_exif),
		cmocka_unit_test(a_jpeg_with_a_short_exif_does_not_grow),
		cmocka_unit_test(a_cut_jpeg_does_not_pass),
		cmocka_unit_test(a_png_loses_its_notes),
		cmocka_unit_test(a_webp_loses_its_notes),
		cmocka_unit_test(a_webp_without_a_picture_does_not_pass),
		cmocka_unit_test(a_gif_loses_its_notes),
		cmocka_unit_test(a_film_loses_the_place_and_nothing_moves),
		cmocka_unit_test(nonsense_does_no_harm),
		cmocka_unit_test(a_type_is_told_by_the_content),
		cmocka_unit_test(what_could_do_harm_has_no_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
