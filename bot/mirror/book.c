/* book.c - the address book: who has which clinic address. */
#include "mirror/book.h"

#include <string.h>

#include "base/memory.h"
#include "mirror/book_content.h"

struct book *book_new(void)
{
	struct book *book = xcalloc(1, sizeof(*book));

	pthread_rwlock_init(&book->lock, NULL);
	content_init(&book->content);
	return book;
}

void book_free(struct book *book)
{
	if (!book)
		return;
	content_release(&book->content);
	pthread_rwlock_destroy(&book->lock);
	free(book);
}

/* Copies an entry out; NULL gives false. */
static bool copy_card(const struct content *content, const struct entry *entry,
	struct card *card)
{
	const char *parts[4];
	size_t used = 0;

	if (!entry)
		return false;
	content_texts(content, entry, parts);
	parts[3] = content_language(content, entry->language);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		size_t size = strlen(parts[i]) + 1;

		memcpy(card->text + used, parts[i], size);
		parts[i] = card->text + used;
		used += size;
	}
	card->id = entry->id;
	card->jid = parts[0];
	card->local = parts[1];
	card->name = parts[2];
	card->language = parts[3];
	card->is_doctor = entry->flags & ENTRY_DOCTOR;
	card->has_parked = entry->flags & ENTRY_PARKED;
	card->keeps_messages = entry->flags & ENTRY_KEEPS;
	card->is_told = entry->flags & ENTRY_TOLD;
	card->hides_ip = entry->flags & ENTRY_HIDES;
	return true;
}

bool book_by_jid(struct book *book, const char *bare, struct card *card)
{
	bool is_found;

	pthread_rwlock_rdlock(&book->lock);
	is_found = copy_card(&book->content,
		content_find_text(&book->content, TABLE_JIDS, bare), card);
	pthread_rwlock_unlock(&book->lock);
	return is_found;
}

bool book_by_local(
	struct book *book, const char *local, size_t length, struct card *card)
{
	char text[LOCAL_BYTES + 1];
	const struct entry *entry;
	bool is_found;

	if (length > LOCAL_BYTES)
		return false;
	memcpy(text, local, length);
	text[length] = '\0';
	pthread_rwlock_rdlock(&book->lock);
	entry = content_find_text(&book->content, TABLE_LOCALS, text);
	if (entry && (entry->flags & ENTRY_FORMER))
		entry = content_find_id(&book->content, entry->id);
	is_found = copy_card(&book->content, entry, card);
	pthread_rwlock_unlock(&book->lock);
	return is_found;
}

bool book_by_id(struct book *book, uint32_t id, struct card *card)
{
	bool is_found;

	pthread_rwlock_rdlock(&book->lock);
	is_found = copy_card(
		&book->content, content_find_id(&book->content, id), card);
	pthread_rwlock_unlock(&book->lock);
	return is_found;
}

size_t book_people_count(struct book *book)
{
	size_t count;

	pthread_rwlock_rdlock(&book->lock);
	count = book->content.tables[TABLE_IDS].count;
	pthread_rwlock_unlock(&book->lock);
	return count;
}

size_t book_list(struct book *book, size_t *place, uint32_t *ids, size_t most)
{
	size_t count = 0;

	pthread_rwlock_rdlock(&book->lock);
	for (; *place < book->content.entry_count && count < most; ++*place) {
		const struct entry *entry = &book->content.entries[*place];

		if (entry->id && !(entry->flags & ENTRY_FORMER))
			ids[count++] = entry->id;
	}
	pthread_rwlock_unlock(&book->lock);
	return count;
}

static void put(struct book *book, const struct book_person *person)
{
	if (strlen(person->jid) + strlen(person->local) + strlen(person->name) +
				strlen(person->language) + 4 >
			CARD_BYTES ||
		strlen(person->local) > LOCAL_BYTES || !person->id)
		return;
	content_put(&book->content, person);
}

void book_put(struct book *book, const struct book_person *person)
{
	pthread_rwlock_wrlock(&book->lock);
	put(book, person);
	pthread_rwlock_unlock(&book->lock);
}

void book_renew(struct book *book, uint32_t id,
	const struct book_person *people, size_t people_count,
	struct pair *pairs, size_t pair_count)
{
	uint16_t today = book_day_mark(book);
	struct entry *entry;

	pthread_rwlock_wrlock(&book->lock);
	for (size_t i = 0; i < pair_count; i++)
		content_keep_marks(&book->content, &pairs[i], today);
	entry = content_find_id(&book->content, id);
	if (people)
		content_remove(&book->content, id);
	else if (entry)
		content_remove_links(&book->content, entry);
	for (size_t i = 0; i < people_count; i++)
		put(book, &people[i]);
	for (size_t i = 0; i < pair_count; i++)
		content_put_pair(&book->content, &pairs[i], today);
	pthread_rwlock_unlock(&book->lock);
}

void book_set_parked(struct book *book, uint32_t id, bool has_parked)
{
	struct entry *entry;

	pthread_rwlock_wrlock(&book->lock);
	entry = content_find_id(&book->content, id);
	if (entry && has_parked)
		entry->flags |= ENTRY_PARKED;
	else if (entry)
		entry->flags &= (uint8_t)~ENTRY_PARKED;
	pthread_rwlock_unlock(&book->lock);
}

bool book_tell(struct book *book, uint32_t id)
{
	struct entry *entry;
	bool is_new;

	pthread_rwlock_wrlock(&book->lock);
	entry = content_find_id(&book->content, id);
	is_new = entry && !(entry->flags & ENTRY_TOLD);
	if (entry)
		entry->flags |= ENTRY_TOLD;
	pthread_rwlock_unlock(&book->lock);
	return is_new;
}

void book_take(struct book *book, struct book *other)
{
	struct content was;

	pthread_rwlock_wrlock(&book->lock);
	was = book->content;
	book->content = other->content;
	pthread_rwlock_unlock(&book->lock);
	content_release(&was);
	content_init(&other->content);
}

size_t book_bytes(struct book *book)
{
	size_t bytes;

	pthread_rwlock_rdlock(&book->lock);
	bytes = content_bytes(&book->content);
	pthread_rwlock_unlock(&book->lock);
	return bytes;
}
