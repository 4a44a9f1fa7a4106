/* files.c - files that patients and doctors send each other. */
#include "mirror/files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/file_fetch.h"
#include "mirror/file_link.h"
#include "mirror/file_lanes.h"
#include "mirror/file_message.h"
#include "mirror/file_record.h"
#include "mirror/file_store.h"
#include "settings.h"
#include "web/web.h"
#include "xmpp/jid.h"

#define THREADS 4
#define MIB ((size_t)1024 * 1024)
#define DAY_S 86400
#define TIDY_MS (60 * 60 * 1000)

struct files {
	struct files_settings settings;
	struct file_links *links; /* NULL: the clinic passes no files on */
	struct file_store *store; /* NULL: neither */
	struct fetch_settings fetch;
	atomic_bool is_ended;
	struct lanes *lanes;
	pthread_t threads[THREADS];
	int started;
	atomic_int running;
	/* What is on record. The lock also keeps tidying away from what is being
	 * kept: it removes files of which no row speaks any more. */
	pthread_rwlock_t keeping;
	pthread_mutex_t asking; /* one question to the database at a time */
	struct store *database;
	atomic_llong tidy_at_ms;
};

static bool is_yes(const char *text)
{
	return strcmp(text, "yes") == 0;
}

static bool record(struct files *files, const struct lane_item *item,
	const struct file_offer *offer, struct error *error)
{
	bool is_done;

	if (!files->database)
		return true;
	pthread_mutex_lock(&files->asking);
	is_done = file_record_put(
		files->database, item->sender, item->recipient, offer, error);
	pthread_mutex_unlock(&files->asking);
	if (!is_done) {
		log_failure(error, "file not recorded");
		(void)failed(error, ERROR_UNAVAILABLE,
			"the clinic cannot keep it just now. Please send it "
			"again later");
	}
	return is_done;
}

/* What it is, and without what it tells of its sender. */
static bool examine(
	struct fetched *fetched, struct file_offer *offer, struct error *error)
{
	bool is_heic;

	offer->type = file_type_of(fetched->bytes, fetched->length, &is_heic);
	if (!offer->type)
		return failed(error, ERROR_USAGE,
			is_heic ? "it is a HEIC photo, which has the place in "
				  "it where it was taken. Please send it as "
				  "JPEG: your phone's camera settings may call "
				  "that \"most compatible\""
				: "the clinic takes photos, videos, recordings "
				  "and documents such as PDF, and this is "
				  "something else. Please send it as one of "
				  "these");
	if (offer->type->clean)
		fetched->length =
			offer->type->clean(fetched->bytes, fetched->length);
	if (!fetched->length)
		return failed(error, ERROR_USAGE,
			"it is damaged, or only a part of it. Please send it "
			"again");
	offer->length = fetched->length;
	return true;
}

static bool keep(struct files *files, const struct lane_item *item,
	const struct fetched *fetched, struct file_offer *offer,
	struct error *error)
{
	bool is_new = false, is_kept;

	pthread_rwlock_rdlock(&files->keeping);
	is_kept = file_store_put(files->store, fetched->bytes, fetched->length,
		offer->digest, &is_new, error);
	if (is_kept && !record(files, item, offer, error)) {
		/* Nobody would ever remove it. */
		if (is_new && !file_store_remove(files->store, offer->digest))
			log_warning("file not removed");
		is_kept = false;
	}
	pthread_rwlock_unlock(&files->keeping);
	return is_kept;
}

/* From a link of the sender's to one of the clinic's. */
static bool take_in(struct files *files, const struct lane_item *item,
	const char *url, const char *name, struct file_offer *offer,
	struct error *error)
{
	const struct settings *settings = files->settings.settings;
	struct fetched fetched AUTO(fetched_release) = {0};
	char bare[JID_SIZE];

	if (file_is_sealed(url) && is_yes(settings->files_encrypted)) {
		offer->url = xstrdup(url); /* unopened */
		return true;
	}
	if (file_is_sealed(url))
		return failed(error, ERROR_DENIED,
			"it is encrypted, and the clinic takes no such files. "
			"Please switch encryption off for this chat and send "
			"it again");
	if (!files->links)
		return failed(error, ERROR_DENIED,
			"the clinic does not pass files on. Please bring it to "
			"your visit");
	if (file_link_is_ours(files->links, url)) {
		offer->url = xstrdup(url);
		return true;
	}
	if (!fetch(&files->fetch, url, &fetched, error) ||
		!examine(&fetched, offer, error) ||
		!jid_bare(stanza_get(item->message, "from"), bare))
		return false;
	file_name(offer->name, name ? name : url, bare, offer->type);
	if (!keep(files, item, &fetched, offer, error))
		return false;
	offer->url = file_link_make(files->links, offer->digest,
		book_now_s(files->settings.book) +
			(int64_t)settings->files_days * DAY_S,
		offer->name);
	return true;
}

static void take_in_all(struct files *files, const struct lane_item *item,
	const struct file_finds *finds, struct file_offer *offers,
	struct error *why, bool *is_short)
{
	for (size_t i = 0; i < finds->count; i++) {
		struct error error = {0};

		if (take_in(files, item, finds->links[i].url,
			    finds->links[i].name, &offers[i], &error))
			continue;
		offers[i].url = NULL;
		*why = error;
		*is_short = true;
		log_info("file not passed on kind=%s detail=\"%s\"",
			error_kind_name(error.kind), error.detail);
	}
	if (finds->is_more && !*is_short) {
		*is_short = true;
		(void)failed(why, ERROR_USAGE,
			"there are more than %d in one message. Please send "
			"the others one by one",
			FILE_LINKS_MOST);
	}
	if (!finds->count && finds->is_shared) {
		*is_short = true;
		(void)failed(why, ERROR_USAGE,
			"the clinic may not open its link. Please send it with "
			"your app's own button for files");
	}
}

/* Whether a message has links to be exchanged, and which. */
static bool find(const struct files *files, const stanza *message,
	struct file_finds *finds)
{
	char bare[JID_SIZE];

	return jid_bare(stanza_get(message, "from"), bare) &&
	       file_message_find(message, bare,
		       !is_yes(files->settings.settings->files_encrypted),
		       finds);
}

static void work_on(struct files *files, struct lane_item *item)
{
	struct file_offer offers[FILE_LINKS_MOST] = {0};
	struct file_finds finds AUTO(file_finds_release) = {0};
	struct error why = {0};
	bool is_short = false;
	stanza *message = item->message;

	if (item->has_files && find(files, message, &finds))
		take_in_all(files, item, &finds, offers, &why, &is_short);
	/* Also one that only waited: what goes on says of files only what the
	 * clinic has put there (files_add). */
	message = file_message_exchange(item->message, &finds, offers);
	stanza_free(item->message);
	for (size_t i = 0; i < finds.count; i++)
		free(offers[i].url);
	item->message = NULL;
	files->settings.go_on(files->settings.context, message,
		is_short ? why.message : NULL);
}

static void tidy(struct files *files)
{
	struct error error;
	bool is_more = true;

	if (!files->database || !files->store)
		return;
	pthread_rwlock_wrlock(&files->keeping);
	pthread_mutex_lock(&files->asking);
	while (is_more && !atomic_load(&files->is_ended)) {
		is_more = false;
		if (!file_record_tidy(files->database, files->store,
			    files->settings.settings->files_days, &is_more,
			    &error))
			log_failure(&error, "files not removed");
	}
	pthread_mutex_unlock(&files->asking);
	pthread_rwlock_unlock(&files->keeping);
}

/* Every hour one of the threads looks what is over. */
static void tidy_when_due(struct files *files)
{
	long long due_ms = atomic_load(&files->tidy_at_ms);
	int64_t now_ms = clock_monotonic_ms();

	if (now_ms >= due_ms &&
		atomic_compare_exchange_strong(
			&files->tidy_at_ms, &due_ms, now_ms + TIDY_MS))
		tidy(files);
}

static void *run(void *context)
{
	struct files *files = context;
	struct lane_item *item;

	for (;;) {
		tidy_when_due(files);
		if (lanes_take(files->lanes, TIDY_MS, &item))
			work_on(files, item);
		else if (atomic_load(&files->is_ended))
			break;
		lanes_done(files->lanes, item);
	}
	atomic_fetch_sub(&files->running, 1);
	return NULL;
}

static bool open_store(struct files *files, struct error *error)
{
	const struct settings *settings = files->settings.settings;

	if (!*settings->files_url)
		return true;
	files->links = file_links_new(
		settings->server_secret.text, settings->files_url);
	files->store = file_store_new(settings->files_folder, error);
	if (files->store && !files->settings.is_unrecorded)
		files->database = store_new(&(struct store_settings){
			.url = settings->database_url.text,
			.application = "carelay files",
			.patience_ms = settings->database_patience_s * 1000,
		});
	return files->store != NULL;
}

struct files *files_new(
	const struct files_settings *settings, struct error *error)
{
	struct files *files = xcalloc(1, sizeof(*files));

	files->settings = *settings;
	files->fetch = (struct fetch_settings){
		.most_bytes = (size_t)settings->settings->files_size_mb * MIB,
		.timeout_s = settings->settings->files_timeout_s,
		.is_private_allowed = is_yes(settings->settings->files_private),
		.is_ended = &files->is_ended,
	};
	pthread_rwlock_init(&files->keeping, NULL);
	pthread_mutex_init(&files->asking, NULL);
	files->lanes = lanes_new();
	fetch_init();
	if (!open_store(files, error)) {
		files_free(files);
		return NULL;
	}
	for (; files->started < THREADS; files->started++) {
		atomic_fetch_add(&files->running, 1);
		if (pthread_create(&files->threads[files->started], NULL, run,
			    files) != 0) {
			log_error("bot stops reason=\"no more threads\"");
			exit(1);
		}
	}
	return files;
}

bool files_stop(struct files *files, int within_ms)
{
	int64_t deadline_ms = clock_monotonic_ms() + within_ms;

	atomic_store(&files->is_ended, true);
	lanes_close(files->lanes);
	/* Not by pthread_clockjoin_np(), which ThreadSanitizer does not know. */
	while (atomic_load(&files->running)) {
		if (clock_monotonic_ms() >= deadline_ms)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	for (; files->started; files->started--)
		pthread_join(files->threads[files->started - 1], NULL);
	return true;
}

void files_free(struct files *files)
{
	if (!files)
		return;
	lanes_free(files->lanes);
	file_links_free(files->links);
	file_store_free(files->store);
	store_free(files->database);
	pthread_mutex_destroy(&files->asking);
	pthread_rwlock_destroy(&files->keeping);
	fetch_exit();
	free(files);
}

enum files_taken files_take(struct files *files, uint32_t sender,
	uint32_t recipient, const stanza *message)
{
	struct file_finds finds AUTO(file_finds_release) = {0};
	bool has_files = find(files, message, &finds);

	switch (lanes_put(
		files->lanes, sender, recipient, message, has_files)) {
	case LANE_FREE:
		return FILES_NONE;
	case LANE_TAKEN:
		return FILES_TAKEN;
	case LANE_FULL:
		break;
	}
	return FILES_FULL;
}

void files_add(const stanza *message, stanza *outgoing)
{
	file_message_copy(message, outgoing);
}

/* A name such as "photo.jpg" says what was found out when it was kept. */
static void answer_file(const struct files *files, const char *name, int file,
	struct web_answer *answer)
{
	const struct file_type *type = file_type_by_name(name);

	answer->status = 200;
	answer->file = file;
	answer->type = type ? type->name : "application/octet-stream";
	answer->is_attachment =
		!type || (strncmp(type->name, "application/", 12) == 0 &&
				 strcmp(type->extension, "pdf") != 0);
	answer->max_age_s = files->settings.settings->files_days * DAY_S;
}

char *files_link(void *context, const char *digest, const char *name,
	int64_t sent_s, int *days_left)
{
	struct files *files = context;
	int64_t until_s =
		sent_s + (int64_t)files->settings.settings->files_days * DAY_S;
	int64_t left_s = until_s - book_now_s(files->settings.book);
	uint8_t bytes[CRYPTO_SHA256_BYTES];

	if (!files->links || left_s <= 0 || !file_digest_read(digest, bytes))
		return NULL;
	*days_left = (int)((left_s + DAY_S - 1) / DAY_S);
	return file_link_make(files->links, bytes, until_s, name);
}

void files_serve(void *context, const struct web_request *request,
	struct web_answer *answer)
{
	struct files *files = context;
	uint8_t digest[CRYPTO_SHA256_BYTES];
	int file;

	if (!files->links)
		return;
	if (!file_link_open(files->links, request->path,
		    book_now_s(files->settings.book), digest) ||
		(file = file_store_open(files->store, digest)) < 0) {
		answer->text = xstrdup("This file is not here any more. Please "
				       "ask who sent it to send it again.\n");
		return;
	}
	answer_file(files, strrchr(request->path, '/'), file, answer);
}
