/* test_file_link.c - the clinic's own links, and the names of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "mirror/file_link.h"

#define BASE "https://files.clinic.example"
#define NOW INT64_C(1795424400)

static void a_link_opens_until_its_time_is_over(void **state)
{
	struct file_links *links = file_links_new("the secret", BASE);
	struct file_links *others = file_links_new("another secret", BASE);
	uint8_t digest[CRYPTO_SHA256_BYTES], opened[CRYPTO_SHA256_BYTES];

	(void)state;
	crypto_sha256((const uint8_t *)"x", 1, digest);
	AUTO(free_text)
	char *link = file_link_make(links, digest, NOW + 60, "my photo.jpg");
	assert_true(file_link_is_ours(links, link));
	assert_false(file_link_is_ours(links, "https://elsewhere.example/"));
	assert_int_equal(
		strncmp(link, BASE FILE_ROUTE, strlen(BASE FILE_ROUTE)), 0);
	assert_non_null(strstr(link, "/my%20photo.jpg"));
	char *path = link + strlen(BASE FILE_ROUTE);
	assert_int_equal(strcspn(path, "/"), 72);
	assert_true(file_link_open(links, path, NOW, opened));
	assert_memory_equal(opened, digest, sizeof(digest));
	assert_true(file_link_open(links, path, NOW + 59, opened));
	assert_false(file_link_open(links, path, NOW + 60, opened));
	assert_false(file_link_open(others, path, NOW, opened));
	/* No character can be another one. */
	for (size_t i = 0; i < 72; i++) {
		char was = path[i];

		path[i] = was == 'A' ? 'B' : 'A';
		assert_false(file_link_open(links, path, NOW, opened));
		path[i] = was;
	}
	path[40] = '\0';
	assert_false(file_link_open(links, path, NOW, opened));
	assert_false(file_link_open(links, "", NOW, opened));
	file_links_free(links);
	file_links_free(others);
}

static void a_name_tells_nothing_of_its_sender(void **state)
{
	static const struct {
		const char *wanted, *name;
	} cases[] = {
		{"blood test.pdf", "blood test.jpg"},
		{"X-ray_2026-11-21.jpeg", "X-ray_2026-11-21.jpg"},
		{NULL, "photo.jpg"},
		{"", "photo.jpg"},
		{"jane at the sea.jpg", "photo.jpg"},
		{"JANE.jpg", "photo.jpg"},
		{"from home.png", "photo.jpg"},
		{"https://up.home.example/3f786850e387550fdab836ed7e6dc881de23"
		 "001b/knee.jpg?x=jane",
			"knee.jpg"},
		{"https://u.example/a/3f786850e387550fdab836ed7e6dc881de23001b."
		 "jpg",
			"photo.jpg"},
		{"3f786850-e387-550f-dab8-36ed7e6dc881.jpg", "photo.jpg"},
		{"20261121_101500.jpg", "photo.jpg"},
		{"IMG_20261121.jpg", "IMG_20261121.jpg"},
		{"../../etc/passwd", "passwd.jpg"},
		{"..\\boot.ini", "boot.jpg"},
		{"a%2F..%2Fb%0Ac.exe", "a____b_c.jpg"},
		{"caf\xc3\xa9 <b>.jpg", "caf__ _b_.jpg"},
	};
	bool is_heic;
	char name[FILE_NAME_SIZE];
	const struct file_type *type =
		file_type_of((const uint8_t *)"\xff\xd8\xff\xe0", 4, &is_heic);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		file_name(name, cases[i].wanted, "jane@home.example", type);
		assert_string_equal(name, cases[i].name);
	}
	char *longest AUTO(free_text) = xstrdup(
		"a very long name that goes on and on and never seems to come "
		"to an end, as some do that are made by programs.jpg");
	file_name(name, longest, "jane@home.example", type);
	assert_true(strlen(name) < FILE_NAME_SIZE);
	assert_string_equal(name + strlen(name) - 4, ".jpg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_opens_until_its_time_is_over),
		cmocka_unit_test(a_name_tells_nothing_of_its_sender),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
