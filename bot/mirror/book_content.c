/* book_content.c - inside the book: how people lie in memory. */
#include "mirror/book_content.h"

#include <string.h>

#include "base/memory.h"
#include "xmpp/jid.h"

#define TABLE_FIRST 64
#define TEXT_WASTE ((size_t)1024 * 1024)

void content_init(struct content *content)
{
	*content = (struct content){0};
	for (int i = 0; i < TABLE_COUNT; i++) {
		content->tables[i].size = TABLE_FIRST;
		content->tables[i].slots =
			xcalloc(TABLE_FIRST, sizeof(uint32_t));
	}
}

void content_release(struct content *content)
{
	for (int i = 0; i < TABLE_COUNT; i++)
		free(content->tables[i].slots);
	for (size_t i = 0; i < COUNT_OF(content->languages); i++)
		free(content->languages[i]);
	free(content->entries);
	free(content->links);
	free(content->text);
	*content = (struct content){0};
}

size_t content_bytes(const struct content *content)
{
	size_t bytes = content->entry_size * sizeof(struct entry) +
		       content->link_size * sizeof(struct link) +
		       content->text_size;

	for (int i = 0; i < TABLE_COUNT; i++)
		bytes += content->tables[i].size * sizeof(uint32_t);
	return bytes;
}

void content_texts(const struct content *content, const struct entry *entry,
	const char *parts[3])
{
	const char *at = content->text + entry->text;

	for (int i = 0; i < 3; i++) {
		parts[i] = at;
		at += strlen(at) + 1;
	}
}

const char *content_language(const struct content *content, uint8_t language)
{
	return content->languages[language] ? content->languages[language]
					    : "en";
}

/* ---- tables ---- */

static const char *key_of(const struct content *content, enum table_name name,
	const struct entry *entry)
{
	const char *parts[3];

	content_texts(content, entry, parts);
	return parts[name == TABLE_JIDS ? 0 : 1];
}

static uint32_t hash_id(uint32_t id)
{
	return (uint32_t)((id * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static uint32_t hash_of(const struct content *content, enum table_name name,
	const struct entry *entry)
{
	return name == TABLE_IDS ? hash_id(entry->id)
				 : jid_hash(key_of(content, name, entry));
}

static void table_put(const struct content *content, struct table *table,
	enum table_name name, uint32_t place)
{
	size_t mask = table->size - 1;
	size_t at = hash_of(content, name, &content->entries[place - 1]);

	for (at &= mask; table->slots[at]; at = (at + 1) & mask)
		;
	table->slots[at] = place;
	table->count++;
}

static void table_add(
	struct content *content, enum table_name name, uint32_t place)
{
	struct table *table = &content->tables[name];
	struct table larger = {.size = table->size * 2};

	if ((table->count + 1) * 4 > table->size * 3) {
		larger.slots = xcalloc(larger.size, sizeof(uint32_t));
		for (size_t i = 0; i < table->size; i++)
			if (table->slots[i])
				table_put(content, &larger, name,
					table->slots[i]);
		free(table->slots);
		*table = larger;
	}
	table_put(content, table, name, place);
}

/* Takes an entry out; those behind it that would not be found any more move up. */
static void table_remove(
	struct content *content, enum table_name name, uint32_t place)
{
	struct table *table = &content->tables[name];
	size_t mask = table->size - 1, hole, at;

	hole = hash_of(content, name, &content->entries[place - 1]) & mask;
	while (table->slots[hole] != place) {
		if (!table->slots[hole])
			return;
		hole = (hole + 1) & mask;
	}
	for (at = (hole + 1) & mask; table->slots[at]; at = (at + 1) & mask) {
		size_t home = hash_of(content, name,
				      &content->entries[table->slots[at] - 1]) &
			      mask;

		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		table->slots[hole] = table->slots[at];
		hole = at;
	}
	table->slots[hole] = 0;
	table->count--;
}

struct entry *content_find_id(const struct content *content, uint32_t id)
{
	const struct table *table = &content->tables[TABLE_IDS];
	size_t mask = table->size - 1;

	for (size_t at = hash_id(id) & mask; table->slots[at];
		at = (at + 1) & mask) {
		struct entry *entry = &content->entries[table->slots[at] - 1];

		if (entry->id == id)
			return entry;
	}
	return NULL;
}

struct entry *content_find_text(
	const struct content *content, enum table_name name, const char *text)
{
	const struct table *table = &content->tables[name];
	size_t mask = table->size - 1;

	for (size_t at = jid_hash(text) & mask; table->slots[at];
		at = (at + 1) & mask) {
		struct entry *entry = &content->entries[table->slots[at] - 1];

		if (strcmp(key_of(content, name, entry), text) == 0)
			return entry;
	}
	return NULL;
}

/* ---- texts ---- */

static void add_text(struct content *content, const char *text)
{
	size_t size = strlen(text) + 1;

	if (content->text_length + size > content->text_size) {
		content->text_size = content->text_size / 4 * 5 + size + 4096;
		content->text = xrealloc(content->text, content->text_size, 1);
	}
	memcpy(content->text + content->text_length, text, size);
	content->text_length += size;
}

/* Writes the large text anew without what nobody uses any more. */
static void tidy_text(struct content *content)
{
	char *old = content->text;

	if (content->text_waste < TEXT_WASTE ||
		content->text_waste < content->text_length / 2)
		return;
	content->text = NULL;
	content->text_length = content->text_size = content->text_waste = 0;
	for (size_t i = 0; i < content->entry_count; i++) {
		struct entry *entry = &content->entries[i];
		const char *at = old + entry->text;

		if (!entry->id)
			continue;
		entry->text = (uint32_t)content->text_length;
		for (int part = 0; part < 3; part++) {
			add_text(content, at);
			at += strlen(at) + 1;
		}
	}
	free(old);
}

static uint8_t find_language(struct content *content, const char *language)
{
	for (size_t i = 0; i < COUNT_OF(content->languages); i++) {
		if (!content->languages[i])
			content->languages[i] = xstrdup(language);
		if (strcmp(content->languages[i], language) == 0)
			return (uint8_t)i;
	}
	return 0;
}

/* ---- entries ---- */

static uint32_t new_entry(struct content *content)
{
	uint32_t place = content->free_entry;

	if (place) {
		content->free_entry = content->entries[place - 1].next;
		return place;
	}
	if (content->entry_count == content->entry_size) {
		content->entry_size = content->entry_size / 4 * 5 + 64;
		content->entries = xrealloc(content->entries,
			content->entry_size, sizeof(struct entry));
	}
	return (uint32_t)++content->entry_count;
}

static uint32_t place_of(
	const struct content *content, const struct entry *entry)
{
	return (uint32_t)(entry - content->entries) + 1;
}

static void remove_entry(struct content *content, struct entry *entry)
{
	uint32_t place = place_of(content, entry);
	const char *parts[3];

	table_remove(content, TABLE_LOCALS, place);
	if (!(entry->flags & ENTRY_FORMER)) {
		table_remove(content, TABLE_IDS, place);
		table_remove(content, TABLE_JIDS, place);
	}
	content_texts(content, entry, parts);
	content->text_waste +=
		strlen(parts[0]) + strlen(parts[1]) + strlen(parts[2]) + 3;
	*entry = (struct entry){.next = content->free_entry};
	content->free_entry = place;
}

void content_put(struct content *content, const struct book_person *person)
{
	struct entry *first = content_find_id(content, person->id);
	struct entry *there =
		content_find_text(content, TABLE_LOCALS, person->local);
	uint32_t place, main = first ? place_of(content, first) : 0;
	bool is_former = person->is_former && main;

	if (there || (main && !is_former) ||
		(!is_former &&
			content_find_text(content, TABLE_JIDS, person->jid)))
		return; /* the keeper removes before it puts */
	place = new_entry(content);
	struct entry *entry = &content->entries[place - 1];
	*entry = (struct entry){
		.id = person->id,
		.text = (uint32_t)content->text_length,
		.flags = (uint8_t)((person->is_doctor ? ENTRY_DOCTOR : 0) |
				   (person->has_parked ? ENTRY_PARKED : 0) |
				   (person->keeps_messages ? ENTRY_KEEPS : 0) |
				   (person->is_told ? ENTRY_TOLD : 0) |
				   (person->hides_ip ? ENTRY_HIDES : 0) |
				   (is_former ? ENTRY_FORMER : 0)),
		.language = find_language(content, person->language),
	};
	add_text(content, is_former ? "" : person->jid);
	add_text(content, person->local);
	add_text(content, is_former ? "" : person->name);
	table_add(content, TABLE_LOCALS, place);
	if (is_former) {
		entry->next = content->entries[main - 1].next;
		content->entries[main - 1].next = place;
		return;
	}
	table_add(content, TABLE_IDS, place);
	table_add(content, TABLE_JIDS, place);
}

void content_remove(struct content *content, uint32_t id)
{
	struct entry *entry = content_find_id(content, id);
	uint32_t next;

	if (!entry)
		return;
	content_remove_links(content, entry);
	next = entry->next;
	remove_entry(content, entry);
	while (next) {
		entry = &content->entries[next - 1];
		next = entry->next;
		remove_entry(content, entry);
	}
	tidy_text(content);
}
