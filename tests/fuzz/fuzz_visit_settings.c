/* fuzz_visit_settings.c - whatever is said of a type of visit. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "desk/text.h"
#include "desk/visit_settings.h"

#define SENSIBLE 100000 /* greater numbers are refused by the database */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_true)
{
	if (!is_true)
		abort();
}

/* What was read can be kept, and said and read again. */
static void check(const struct visit_settings *read)
{
	AUTO(strbuf_release) struct strbuf said = STRBUF_INIT;
	AUTO(free_text) char *json = visit_settings_print(read);
	AUTO(free_text) char *twice = NULL;
	struct visit_settings kept, again;

	must(visit_settings_load(&kept, json));
	twice = visit_settings_print(&kept);
	must(strcmp(json, twice) == 0);
	visit_settings_release(&kept);
	say_visit_kind(&said, NULL, read);
	say_visit_rules(&said, NULL, read);
	must(visit_settings_read(&again, said.text, "EUR", NULL));
	for (size_t i = 0; i < VISIT_NUMBERS; i++)
		must(again.numbers[i] == read->numbers[i] ||
			read->numbers[i] > SENSIBLE);
	must(again.video == read->video);
	visit_settings_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(free_text) char *raw = xstrndup((const char *)data, size);
	AUTO(strbuf_release) struct strbuf clean = STRBUF_INIT;
	struct visit_settings read;

	if (!text_clean(raw, &clean) || clean.length > TEXT_LIMIT)
		return 0;
	if (visit_settings_read(&read, clean.text, "EUR", NULL))
		check(&read);
	visit_settings_release(&read);
	return 0;
}
