/* mirror.c - what patients and doctors send each other, without their addresses. */
#include "mirror/mirror.h"

#include "base/log.h"
#include "base/memory.h"
#include "mirror/book.h"
#include "mirror/call_asked.h"
#include "mirror/call_watch.h"
#include "mirror/calls.h"
#include "mirror/calm.h"
#include "mirror/chat.h"
#include "mirror/files.h"
#include "mirror/keeper.h"
#include "mirror/news.h"
#include "mirror/offices.h"
#include "mirror/presences.h"
#include "mirror/seal.h"
#include "mirror/sent.h"
#include "settings.h"

/* A fetch looks every second whether it is to end. */
#define FILES_END_MS 1300

struct mirror *mirror_new(
	const struct settings *settings, struct stream *stream)
{
	struct mirror *mirror = xcalloc(1, sizeof(*mirror));

	mirror->settings = settings;
	mirror->stream = stream;
	mirror->domain = settings->server_domain;
	mirror->desk =
		xasprintf("%s@%s", settings->bot_desk, settings->server_domain);
	mirror->book = book_new();
	mirror->seal = seal_new(settings->server_secret.text, SEAL_DEVICES);
	mirror->question_seal =
		seal_new(settings->server_secret.text, SEAL_QUESTIONS);
	mirror->presences = presences_new();
	mirror->calm = calm_new(stream);
	mirror->news = news_new();
	mirror->sent = sent_new();
	mirror->calls = calls_new();
	mirror->asked = call_asked_new();
	mirror->watch = call_watch_new(mirror);
	mirror->offices = offices_new();
	mirror->keeper = keeper_new(mirror, settings->database_url.text);
	return mirror;
}

bool mirror_start(struct mirror *mirror, struct error *error)
{
	if (!mirror->files)
		mirror->files = files_new(
			&(struct files_settings){
				.settings = mirror->settings,
				.book = mirror->book,
				.go_on = chat_go_on,
				.context = mirror,
			},
			error);
	if (!mirror->files || !keeper_load(mirror->keeper, error))
		return false;
	log_info("mirror knows people=%zu pairs=%zu bytes=%zu",
		book_people_count(mirror->book), book_pair_count(mirror->book),
		book_bytes(mirror->book));
	keeper_start(mirror->keeper);
	call_watch_start(mirror->watch);
	return true;
}

void mirror_wake(struct mirror *mirror)
{
	/* What came while there was no stream was not seen. */
	keeper_probe(mirror->keeper);
}

bool mirror_stop(struct mirror *mirror, int within_ms)
{
	/* What the other threads still say is put down by the keeper. */
	call_watch_stop(mirror->watch);
	bool are_files_ended =
		!mirror->files || files_stop(mirror->files, FILES_END_MS);

	return keeper_stop(mirror->keeper, within_ms) && are_files_ended;
}

void mirror_free(struct mirror *mirror)
{
	if (!mirror)
		return;
	files_free(mirror->files);
	keeper_free(mirror->keeper);
	offices_free(mirror->offices);
	call_watch_free(mirror->watch);
	call_asked_free(mirror->asked);
	calls_free(mirror->calls);
	sent_free(mirror->sent);
	news_free(mirror->news);
	calm_free(mirror->calm);
	presences_free(mirror->presences);
	seal_free(mirror->question_seal);
	seal_free(mirror->seal);
	book_free(mirror->book);
	free(mirror->desk);
	free(mirror);
}
