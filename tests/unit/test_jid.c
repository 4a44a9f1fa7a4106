/* test_jid.c - addresses: taking apart, preparing, tags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xmpp/jid.h"

static void addresses_come_apart(void **state UNUSED)
{
	struct jid_parts parts;

	assert_true(jid_split("jane@home.example/Conv@1/x y", &parts));
	assert_memory_equal(parts.local, "jane", 4);
	assert_int_equal(parts.local_length, 4);
	assert_memory_equal(parts.domain, "home.example", 12);
	assert_int_equal(parts.domain_length, 12);
	assert_string_equal(parts.resource, "Conv@1/x y");
	assert_int_equal(parts.resource_length, 10);

	assert_true(jid_split("clinic.example", &parts));
	assert_null(parts.local);
	assert_null(parts.resource);
	assert_true(jid_split("clinic.example/a@b", &parts));
	assert_null(parts.local);
	assert_string_equal(parts.resource, "a@b");
	assert_true(jid_split("žaneta@домен.example", &parts));
}

static void what_is_no_address_is_refused(void **state UNUSED)
{
	static const char *const wrong[] = {
		"",
		"@home.example",
		"jane@",
		"jane@/x",
		"/x",
		"jane@home.example/",
		"ja ne@home.example",
		"ja\"ne@home.example",
		"ja&ne@home.example",
		"<jane@home.example",
		"a@b@c",
		"jane@home example",
		"jane\n@home.example",
		"jane@home.example/\x01",
		"jane@home.example/\xff\xfe",
		"ja\u202ene@home.example",
		"ja\u00a0ne@home.example",
		"jane@ho\u200bme.example",
	};
	struct jid_parts parts;
	char bare[JID_SIZE];

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		assert_false(jid_split(wrong[i], &parts));
		assert_false(jid_bare(wrong[i], bare));
		assert_string_equal(bare, "");
	}
	assert_false(jid_split(NULL, &parts));
	assert_false(jid_bare(NULL, bare));
}

static void each_part_has_at_most_1023_bytes(void **state UNUSED)
{
	char jid[4 * JID_SIZE] = "jane@home.example/";
	struct jid_parts parts;
	char bare[JID_SIZE];
	size_t length = strlen(jid);

	memset(jid + length, 'x', 1023);
	assert_true(jid_split(jid, &parts));
	jid[length + 1023] = 'x';
	assert_false(jid_split(jid, &parts));

	memset(jid, 'j', 1023);
	jid[1023] = '@';
	memset(jid + 1024, 'h', 1023);
	jid[2047] = '\0';
	assert_true(jid_bare(jid, bare));
	assert_string_equal(bare, jid);
	memset(jid, 'j', 4 * JID_SIZE - 1);
	assert_false(jid_bare(jid, bare));
	assert_false(jid_prepare(jid, bare));
}

static void the_bare_address_has_no_resource(void **state UNUSED)
{
	char bare[JID_SIZE];

	assert_true(jid_bare("jane@home.example/phone", bare));
	assert_string_equal(bare, "jane@home.example");
	assert_true(jid_bare("home.example", bare));
	assert_string_equal(bare, "home.example");
}

static void typed_addresses_are_prepared(void **state UNUSED)
{
	/* clang-format off */
	static const struct { const char *typed, *bare; } cases[] = {
		{"ruiz@localhost", "ruiz@localhost"},
		{"  xmpp:Ruiz@LOCALHOST ", "ruiz@localhost"},
		{"XMPP:ruiz@localhost?message;body=hi", "ruiz@localhost"},
		{"Ruiz@Hospital.Example./Conversations.aB1",
		 "ruiz@hospital.example"},
		{"ÁNGEL@clínica.example", "ángel@clínica.example"},
		{"ﬁona@localhost", "fiona@localhost"},
		{"ruiz@localhost\n", "ruiz@localhost"},
	};
	static const char *const wrong[] = {
		"", " ", "ruiz", "localhost", "@localhost", "ruiz@", "r@.x",
		"r@a..b", "two words@localhost", "ruiz@localhost and more",
		"ruiz@\xff", "ru\u202eiz@localhost", "a@b@c", "xmpp:",
		"<ruiz@localhost>", "'; drop table person; --@localhost",
	};
	/* clang-format on */
	char bare[JID_SIZE];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(jid_prepare(cases[i].typed, bare));
		assert_string_equal(bare, cases[i].bare);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		assert_false(jid_prepare(wrong[i], bare));
		assert_string_equal(bare, "");
	}
	assert_false(jid_prepare(NULL, bare));
}

static void a_tag_tells_people_apart_and_not_who_they_are(void **state UNUSED)
{
	char phone[JID_TAG_SIZE], laptop[JID_TAG_SIZE], tom[JID_TAG_SIZE];

	jid_tag("jane@home.example/phone", phone);
	jid_tag("jane@home.example/laptop", laptop);
	jid_tag("tom@home.example", tom);
	assert_string_equal(phone, laptop);
	assert_string_not_equal(phone, tom);
	assert_int_equal(strlen(phone), JID_TAG_SIZE - 1);
	assert_null(strstr(phone, "jane"));
	assert_int_equal(jid_hash("jane@home.example/phone"),
		jid_hash("jane@home.example"));
}

static void hashes_spread_over_workers(void **state UNUSED)
{
	int counts[8] = {0};
	char jid[64];

	for (int i = 0; i < 8000; i++) {
		(void)snprintf(jid, sizeof(jid), "user%d@home.example", i);
		counts[jid_hash(jid) % 8]++;
	}
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		assert_in_range(counts[i], 700, 1300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_come_apart),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(each_part_has_at_most_1023_bytes),
		cmocka_unit_test(the_bare_address_has_no_resource),
		cmocka_unit_test(typed_addresses_are_prepared),
		cmocka_unit_test(a_tag_tells_people_apart_and_not_who_they_are),
		cmocka_unit_test(hashes_spread_over_workers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
