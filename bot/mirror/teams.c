/* teams.c - care teams' rooms on the server's chat service (XEP-0045). */
#include "mirror/teams.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "mirror/team_room.h"
#include "room.h"
#include "service/basics.h"
#include "settings.h"
#include "store/store.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

#define STEP_MS 1000
#define REGISTER_MS (5 * 60 * 1000)
#define NOTES_MOST 1000

/* Something to be put down. */
struct note {
	const char *function;
	char *value;
	struct note *next;
};

struct teams {
	const struct settings *settings;
	struct stream *stream;
	char *self;
	struct store *store; /* the thread's */
	pthread_t thread;
	bool is_started;
	int wake; /* eventfd */
	atomic_bool is_ending, has_ended, is_new_stream;
	pthread_mutex_t lock; /* for what follows */
	struct team_room *rooms;
	struct note *notes;
	size_t note_count;
};

static void poke(struct teams *teams)
{
	uint64_t one = 1;

	if (write(teams->wake, &one, sizeof(one)) < 0)
		return; /* it is awake already */
}

/* Under the lock: what is to be put down, which the thread does. */
static void note(struct teams *teams, const char *function, const char *value)
{
	struct note *made;

	if (teams->note_count >= NOTES_MOST)
		return;
	made = xcalloc(1, sizeof(*made));
	*made = (struct note){
		.function = function,
		.value = xstrdup(value),
		.next = teams->notes,
	};
	teams->notes = made;
	teams->note_count++;
	poke(teams);
}

static void on_invited(void *context, const struct room_member *member)
{
	note(context, "team_invited", member->row);
}

static void on_destroyed(void *context, const struct team_room *room)
{
	note(context, "team_destroyed", room->jid);
}

static struct room_voice voice_of(struct teams *teams)
{
	return (struct room_voice){
		.stream = teams->stream,
		.self = teams->self,
		.nick = teams->settings->bot_desk,
		.on_invited = on_invited,
		.on_destroyed = on_destroyed,
		.context = teams,
	};
}

struct teams *teams_new(const struct settings *settings, struct stream *stream)
{
	struct teams *teams = xcalloc(1, sizeof(*teams));

	teams->settings = settings;
	teams->stream = stream;
	teams->self = xasprintf(
		"%s@%s/teams", settings->bot_desk, settings->server_domain);
	teams->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&teams->lock, NULL);
	teams->store = store_new(&(struct store_settings){
		.url = settings->database_url.text,
		.application = "carelay teams",
		.patience_ms = settings->database_patience_s * 1000,
	});
	return teams;
}

static struct team_room *find_room(struct teams *teams, const char *jid)
{
	size_t length = strcspn(jid, "/");

	for (struct team_room *room = teams->rooms; room; room = room->next)
		if (strlen(room->jid) == length &&
			memcmp(room->jid, jid, length) == 0)
			return room;
	return NULL;
}

/* The register ---------------------------------------------------------------- */

static bool has_row(const struct team_room *room, const char *row)
{
	for (size_t i = 0; i < room->member_count; i++)
		if (strcmp(room->members[i].row, row) == 0)
			return true;
	return false;
}

/* Whether the members of a room, from a row on, are not those that are known. */
static bool differs(const struct team_room *room, const struct rows *rows,
	size_t from, size_t to)
{
	size_t count = 0;

	for (size_t row = from; row < to; row++) {
		const char *member = rows_text(rows, row, "member");

		if (!rows_text(rows, row, "jid"))
			continue;
		count++;
		if (!has_row(room, member))
			return true;
	}
	return count != room->member_count;
}

static void take_room(
	struct teams *teams, const struct rows *rows, size_t from, size_t to)
{
	const char *jid = rows_text(rows, from, "room");
	struct team_room *room = find_room(teams, jid);

	if (!room) {
		room = team_room_new(jid);
		room->next = teams->rooms;
		teams->rooms = room;
	}
	room->is_seen = true;
	free(room->title);
	room->title = xstrdup(rows_text(rows, from, "title"));
	room->is_closed = rows_bool(rows, from, "is_closed");
	if (!differs(room, rows, from, to))
		return;
	room->is_changed = true;
	team_room_clear(room);
	for (size_t row = from; row < to; row++)
		if (rows_text(rows, row, "jid"))
			team_room_add(room, rows_text(rows, row, "jid"),
				rows_text(rows, row, "member"),
				rows_bool(rows, row, "is_invited"));
}

static void drop_unseen(struct teams *teams)
{
	struct team_room **at = &teams->rooms;

	while (*at) {
		struct team_room *room = *at;

		if (room->is_seen) {
			at = &room->next;
			continue;
		}
		*at = room->next;
		team_room_free(room);
	}
}

static void read_register(struct teams *teams)
{
	struct error error;
	struct rows *rows AUTO(rows_release) =
		store_call(teams->store, &error, "teams_open", STORE_END);
	size_t from = 0;

	if (!rows) {
		log_failure(&error, "teams not read");
		return;
	}
	pthread_mutex_lock(&teams->lock);
	for (struct team_room *room = teams->rooms; room; room = room->next)
		room->is_seen = false;
	while (from < rows_count(rows)) {
		size_t to = from + 1;

		while (to < rows_count(rows) &&
			strcmp(rows_text(rows, from, "room"),
				rows_text(rows, to, "room")) == 0)
			to++;
		take_room(teams, rows, from, to);
		from = to;
	}
	drop_unseen(teams);
	pthread_mutex_unlock(&teams->lock);
}

/* The thread ------------------------------------------------------------------ */

static struct note *take_notes(struct teams *teams)
{
	struct note *notes;

	pthread_mutex_lock(&teams->lock);
	notes = teams->notes;
	teams->notes = NULL;
	teams->note_count = 0;
	pthread_mutex_unlock(&teams->lock);
	return notes;
}

static void put_down(struct teams *teams)
{
	struct note *notes = take_notes(teams);
	struct error error;

	while (notes) {
		struct note *next = notes->next;

		if (!store_do(teams->store, &error, notes->function,
			    notes->value, STORE_END))
			log_failure(&error, notes->function);
		free(notes->value);
		free(notes);
		notes = next;
	}
}

static void step_all(struct teams *teams)
{
	struct room_voice voice = voice_of(teams);
	int64_t now_ms = clock_monotonic_ms();

	pthread_mutex_lock(&teams->lock);
	bool is_new = atomic_exchange(&teams->is_new_stream, false);
	for (struct team_room *room = teams->rooms; room; room = room->next) {
		if (is_new)
			team_room_leave(room);
		if (stream_is_up(teams->stream))
			team_room_step(room, &voice, now_ms);
	}
	pthread_mutex_unlock(&teams->lock);
}

static bool tell_service(struct teams *teams)
{
	struct error error;

	if (store_do(teams->store, &error, "teams_configure",
		    teams->settings->teams_service, STORE_END))
		return true;
	log_failure(&error, "teams not configured");
	return false;
}

static void *run(void *context)
{
	struct teams *teams = context;
	bool is_told = false;
	int64_t read_ms = 0;

	store_listen(teams->store, "team");
	while (!atomic_load(&teams->is_ending)) {
		const char *channel;
		bool is_idle;
		uint64_t count;

		is_told = is_told || tell_service(teams);
		pthread_mutex_lock(&teams->lock);
		is_idle = !teams->rooms;
		pthread_mutex_unlock(&teams->lock);
		if (store_wait(teams->store, is_idle ? 30 * STEP_MS : STEP_MS,
			    teams->wake, &channel) ||
			clock_monotonic_ms() >= read_ms) {
			read_register(teams);
			read_ms = clock_monotonic_ms() + REGISTER_MS;
		}
		if (read(teams->wake, &count, sizeof(count)) < 0)
			count = 0;
		step_all(teams);
		put_down(teams);
	}
	atomic_store(&teams->has_ended, true);
	return NULL;
}

void teams_start(struct teams *teams)
{
	if (pthread_create(&teams->thread, NULL, run, teams) != 0) {
		log_error("bot stops reason=\"cannot start a thread\"");
		exit(1);
	}
	teams->is_started = true;
}

void teams_wake(struct teams *teams)
{
	atomic_store(&teams->is_new_stream, true);
	poke(teams);
}

bool teams_stop(struct teams *teams, int within_ms)
{
	int64_t deadline_ms = clock_monotonic_ms() + within_ms;

	if (!teams->is_started)
		return true;
	atomic_store(&teams->is_ending, true);
	poke(teams);
	while (!atomic_load(&teams->has_ended)) {
		if (clock_monotonic_ms() >= deadline_ms)
			return false;
		usleep(1000);
	}
	pthread_join(teams->thread, NULL);
	teams->is_started = false;
	return true;
}

void teams_free(struct teams *teams)
{
	if (!teams)
		return;
	for (struct team_room *room = teams->rooms, *next; room; room = next) {
		next = room->next;
		team_room_free(room);
	}
	for (struct note *notes = take_notes(teams), *next; notes;
		notes = next) {
		next = notes->next;
		free(notes->value);
		free(notes);
	}
	store_free(teams->store);
	pthread_mutex_destroy(&teams->lock);
	close(teams->wake);
	free(teams->self);
	free(teams);
}

/* The workers ----------------------------------------------------------------- */

void teams_hear(struct room *room, stanza *incoming)
{
	struct teams *teams = room->teams;
	const char *from = stanza_get(incoming, "from");
	const char *type = stanza_get(incoming, "type");
	struct team_room *its;

	if (!teams)
		return;
	if (stanza_is(incoming, "iq", NULL) && type &&
		(strcmp(type, "get") == 0 || strcmp(type, "set") == 0)) {
		refuse_request(room, incoming);
		return;
	}
	struct room_voice voice = voice_of(teams);
	pthread_mutex_lock(&teams->lock);
	its = find_room(teams, from);
	if (its)
		team_room_hear(its, &voice, incoming, clock_monotonic_ms());
	pthread_mutex_unlock(&teams->lock);
}

bool teams_occupant(
	struct teams *teams, const char *room, const char *nick, char *bare)
{
	bool is_found = false;

	pthread_mutex_lock(&teams->lock);
	struct team_room *its = find_room(teams, room);
	for (size_t i = 0; its && i < its->occupant_count; i++)
		if (strcmp(its->occupants[i].nick, nick) == 0) {
			is_found = jid_bare(its->occupants[i].jid, bare);
			break;
		}
	pthread_mutex_unlock(&teams->lock);
	return is_found;
}
