/* book_pairs.c - in the book: who may write to whom; and the clinic's time. */
#include "base/civil.h"
#include "base/clock.h"
#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/book_content.h"

/* ---- time ---- */

void book_set_clock(
	struct book *book, int64_t now_ms, int32_t day, int64_t day_ends_ms)
{
	atomic_store(&book->ahead_ms, now_ms - clock_monotonic_ms());
	atomic_store(&book->day, day);
	atomic_store(&book->day_ends_ms, day_ends_ms);
}

static int64_t now_ms(struct book *book)
{
	return clock_monotonic_ms() + atomic_load(&book->ahead_ms);
}

int64_t book_now_s(struct book *book)
{
	return now_ms(book) / 1000;
}

/* The last bits of the clinic's day; it is a new one after midnight, until the
 * keeper asks again. Never 0, which is no day. */
uint16_t book_day_mark(struct book *book)
{
	int32_t day = atomic_load(&book->day);

	if (now_ms(book) >= atomic_load(&book->day_ends_ms))
		day++;
	return (uint16_t)(day | 0x8000);
}

/* ---- pairs ---- */

static struct link *find_link(
	const struct content *content, uint32_t doctor, uint32_t patient)
{
	const struct entry *entry = content_find_id(content, patient);

	for (uint32_t at = entry ? entry->pairs : 0; at;
		at = content->links[at - 1].next)
		if (content->links[at - 1].doctor == doctor)
			return &content->links[at - 1];
	return NULL;
}

static bool is_keyless(const struct link *link, uint8_t flag, uint16_t today)
{
	return link->keyless_day == today && (link->flags & flag);
}

bool book_pair(
	struct book *book, uint32_t one, uint32_t other, struct pair *pair)
{
	uint16_t today = book_day_mark(book);
	const struct link *link;
	bool is_found;

	pthread_rwlock_rdlock(&book->lock);
	uint32_t patient = other;
	link = find_link(&book->content, one, other);
	if (!link) {
		link = find_link(&book->content, other, one);
		patient = one;
	}
	is_found = link != NULL;
	if (is_found)
		*pair = (struct pair){
			.doctor = link->doctor,
			.patient = patient,
			.until_s = link->until_s,
			.visit_s = link->visit_s,
			.visit_day = (int32_t)(link->visit_minutes /
					       MINUTES_PER_DAY),
			.visit_minute = (int32_t)(link->visit_minutes %
						  MINUTES_PER_DAY),
			.is_muted = link->flags & PAIR_MUTED,
			.is_blocked = link->flags & PAIR_BLOCKED,
			.has_asked_doctor = link->flags & PAIR_ASKED_DOCTOR,
			.has_asked_patient = link->flags & PAIR_ASKED_PATIENT,
			.has_agreed_doctor = link->flags & PAIR_AGREED_DOCTOR,
			.has_agreed_patient = link->flags & PAIR_AGREED_PATIENT,
			.is_introduced = link->introduced_day == today,
			.is_answered = link->answered_day == today,
			.is_doctor_keyless =
				is_keyless(link, PAIR_KEYLESS_DOCTOR, today),
			.is_patient_keyless =
				is_keyless(link, PAIR_KEYLESS_PATIENT, today),
		};
	pthread_rwlock_unlock(&book->lock);
	return is_found;
}

size_t book_partners(
	struct book *book, uint32_t id, uint32_t *partners, size_t most)
{
	const struct content *content = &book->content;
	const struct entry *entry;
	size_t count = 0;

	pthread_rwlock_rdlock(&book->lock);
	entry = content_find_id(content, id);
	for (uint32_t at = entry ? entry->pairs : 0; at && count < most;
		at = content->links[at - 1].next)
		partners[count++] = content->links[at - 1].doctor;
	for (size_t i = 0; entry && (entry->flags & ENTRY_DOCTOR) &&
			   i < content->entry_count && count < most;
		i++) {
		uint32_t at = content->entries[i].pairs;

		while (at && content->links[at - 1].doctor != id)
			at = content->links[at - 1].next;
		if (at)
			partners[count++] = content->entries[i].id;
	}
	pthread_rwlock_unlock(&book->lock);
	return count;
}

static bool set_day(uint16_t *day, uint16_t today)
{
	bool is_new = *day != today;

	*day = today;
	return is_new;
}

static bool set_flag(uint8_t *flags, uint8_t flag)
{
	bool is_new = !(*flags & flag);

	*flags |= flag;
	return is_new;
}

static bool set_keyless(struct link *link, uint8_t flag, uint16_t today)
{
	if (set_day(&link->keyless_day, today))
		link->flags &=
			(uint8_t) ~(PAIR_KEYLESS_DOCTOR | PAIR_KEYLESS_PATIENT);
	return set_flag(&link->flags, flag);
}

static bool mark_link(struct link *link, enum pair_mark mark, uint16_t today)
{
	switch (mark) {
	case MARK_ASKED_DOCTOR:
		return set_flag(&link->flags, PAIR_ASKED_DOCTOR);
	case MARK_ASKED_PATIENT:
		return set_flag(&link->flags, PAIR_ASKED_PATIENT);
	case MARK_AGREED_DOCTOR:
		return set_flag(&link->flags, PAIR_AGREED_DOCTOR);
	case MARK_AGREED_PATIENT:
		return set_flag(&link->flags, PAIR_AGREED_PATIENT);
	case MARK_INTRODUCED:
		return set_day(&link->introduced_day, today);
	case MARK_ANSWERED:
		return set_day(&link->answered_day, today);
	case MARK_KEYLESS_DOCTOR:
		return set_keyless(link, PAIR_KEYLESS_DOCTOR, today);
	case MARK_KEYLESS_PATIENT:
		return set_keyless(link, PAIR_KEYLESS_PATIENT, today);
	}
	return false;
}

bool book_mark(struct book *book, uint32_t doctor, uint32_t patient,
	enum pair_mark mark)
{
	uint16_t today = book_day_mark(book);
	struct link *link;
	bool is_new = false;

	pthread_rwlock_wrlock(&book->lock);
	link = find_link(&book->content, doctor, patient);
	if (link)
		is_new = mark_link(link, mark, today);
	pthread_rwlock_unlock(&book->lock);
	return is_new;
}

void book_unmark(struct book *book, uint32_t doctor, uint32_t patient,
	enum pair_mark mark)
{
	struct link *link;

	pthread_rwlock_wrlock(&book->lock);
	link = find_link(&book->content, doctor, patient);
	if (link && mark == MARK_ASKED_DOCTOR)
		link->flags &=
			(uint8_t) ~(PAIR_ASKED_DOCTOR | PAIR_AGREED_DOCTOR);
	else if (link && mark == MARK_ASKED_PATIENT)
		link->flags &=
			(uint8_t) ~(PAIR_ASKED_PATIENT | PAIR_AGREED_PATIENT);
	pthread_rwlock_unlock(&book->lock);
}

void book_extend(
	struct book *book, uint32_t doctor, uint32_t patient, uint32_t until_s)
{
	struct link *link;

	pthread_rwlock_wrlock(&book->lock);
	link = find_link(&book->content, doctor, patient);
	if (link && link->until_s < until_s)
		link->until_s = until_s;
	pthread_rwlock_unlock(&book->lock);
}

size_t book_pair_count(struct book *book)
{
	size_t count;

	pthread_rwlock_rdlock(&book->lock);
	count = book->content.pair_count;
	pthread_rwlock_unlock(&book->lock);
	return count;
}

void content_remove_links(struct content *content, struct entry *patient)
{
	while (patient->pairs) {
		uint32_t place = patient->pairs;
		struct link *link = &content->links[place - 1];

		patient->pairs = link->next;
		*link = (struct link){.next = content->free_link};
		content->free_link = place;
		content->pair_count--;
	}
}

static uint32_t new_link(struct content *content)
{
	uint32_t place = content->free_link;

	if (place) {
		content->free_link = content->links[place - 1].next;
		return place;
	}
	if (content->link_count == content->link_size) {
		content->link_size = content->link_size / 4 * 5 + 64;
		content->links = xrealloc(content->links, content->link_size,
			sizeof(struct link));
	}
	return (uint32_t)++content->link_count;
}

static uint8_t flags_of(const struct pair *pair)
{
	return (uint8_t)((pair->is_muted ? PAIR_MUTED : 0) |
			 (pair->is_blocked ? PAIR_BLOCKED : 0) |
			 (pair->has_asked_doctor ? PAIR_ASKED_DOCTOR : 0) |
			 (pair->has_asked_patient ? PAIR_ASKED_PATIENT : 0) |
			 (pair->has_agreed_doctor ? PAIR_AGREED_DOCTOR : 0) |
			 (pair->has_agreed_patient ? PAIR_AGREED_PATIENT : 0) |
			 (pair->is_doctor_keyless ? PAIR_KEYLESS_DOCTOR : 0) |
			 (pair->is_patient_keyless ? PAIR_KEYLESS_PATIENT : 0));
}

void content_keep_marks(
	const struct content *content, struct pair *pair, uint16_t today)
{
	const struct link *link =
		find_link(content, pair->doctor, pair->patient);

	if (!link)
		return;
	pair->has_asked_doctor = link->flags & PAIR_ASKED_DOCTOR;
	pair->has_asked_patient = link->flags & PAIR_ASKED_PATIENT;
	pair->has_agreed_doctor = link->flags & PAIR_AGREED_DOCTOR;
	pair->has_agreed_patient = link->flags & PAIR_AGREED_PATIENT;
	pair->is_introduced |= link->introduced_day == today;
	pair->is_answered |= link->answered_day == today;
	pair->is_doctor_keyless |= is_keyless(link, PAIR_KEYLESS_DOCTOR, today);
	pair->is_patient_keyless |=
		is_keyless(link, PAIR_KEYLESS_PATIENT, today);
}

void content_put_pair(
	struct content *content, const struct pair *pair, uint16_t today)
{
	struct entry *patient = content_find_id(content, pair->patient);
	uint32_t place;

	if (!patient || find_link(content, pair->doctor, pair->patient))
		return;
	place = new_link(content);
	content->links[place - 1] = (struct link){
		.doctor = pair->doctor,
		.next = patient->pairs,
		.until_s = pair->until_s,
		.visit_s = pair->visit_s,
		.visit_minutes = (uint32_t)(pair->visit_day * MINUTES_PER_DAY +
					    pair->visit_minute),
		.introduced_day = pair->is_introduced ? today : 0,
		.answered_day = pair->is_answered ? today : 0,
		.keyless_day = today,
		.flags = flags_of(pair),
	};
	patient->pairs = place;
	content->pair_count++;
}

void book_put_pair(struct book *book, const struct pair *pair)
{
	uint16_t today = book_day_mark(book);

	pthread_rwlock_wrlock(&book->lock);
	content_put_pair(&book->content, pair, today);
	pthread_rwlock_unlock(&book->lock);
}
