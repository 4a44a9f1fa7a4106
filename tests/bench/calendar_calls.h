/* calendar_calls.h - what bench_calendar measures: the calls, as the bot makes them.
 *
 * A client has a connection of its own and picks whom and what it asks about; a
 * call is one function of the schema "api". Included by bench_calendar.c alone. */
#ifndef BENCH_CALENDAR_CALLS_H
#define BENCH_CALENDAR_CALLS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/civil.h"
#include "store/store.h"

#define CALLS 2000   /* of one function, by all clients together */
#define VISITS 800   /* that are booked, moved and cancelled */
#define NEAR_DAYS 12 /* for so long all clinics are alike */
#define PAGE "9"     /* how many free times the desk asks for */
#define WORD 48

struct visit {
	char patient[WORD], doctor[WORD], starts_at[WORD], code[WORD];
};

struct clinic {
	const char *name; /* of its database */
	char *url;
	size_t patient_count;
	struct rows *doctors, *specialties;
	size_t doctor_count;
	int32_t today;
};

/* One connection, and what is asked over it next. */
struct client {
	const struct clinic *clinic;
	struct store *store;
	size_t number, of; /* the how manieth of how many */
	uint64_t dice;
	char patient[WORD], doctor_jid[WORD], day[CIVIL_TEXT_SIZE];
	const char *doctor, *specialty;
	struct visit visits[VISITS], *visit;
	size_t visit_count;
	double ms[CALLS + VISITS];
	size_t count, refused_count;
};

static _Noreturn void stop(const char *what, const struct error *error)
{
	fprintf(stderr, "bench_calendar: %s: %s (%s)\n", what, error->message,
		error->detail);
	exit(1);
}

/* The same numbers at every run. */
static size_t pick(struct client *client, size_t count)
{
	client->dice ^= client->dice << 13;
	client->dice ^= client->dice >> 7;
	client->dice ^= client->dice << 17;
	return (size_t)(client->dice % count);
}

/* One that no other client picks, where there are enough. */
static size_t pick_own(struct client *client, size_t count)
{
	size_t share = count / client->of;

	return share ? pick(client, share) * client->of + client->number
		     : pick(client, count);
}

static void pick_all(struct client *client)
{
	const struct clinic *clinic = client->clinic;
	size_t doctor = pick_own(client, clinic->doctor_count);
	size_t patient = pick_own(client, clinic->patient_count);
	size_t specialty = pick(client, rows_count(clinic->specialties));

	client->doctor = rows_text(clinic->doctors, doctor, "id");
	client->specialty = rows_text(clinic->specialties, specialty, "id");
	(void)snprintf(client->patient, sizeof(client->patient),
		"patient%zu@localhost", patient + 1);
	(void)snprintf(client->doctor_jid, sizeof(client->doctor_jid),
		"doctor%zu@localhost", doctor + 1);
	(void)civil_print_date(
		clinic->today + (int32_t)pick(client, NEAR_DAYS), client->day);
}

/* What is measured -------------------------------------------------------- */

static struct rows *slots(struct client *client, struct error *error,
	const char *doctor, const char *specialty, const char *day,
	const char *most)
{
	return store_call(client->store, error, "slots", client->patient,
		doctor, specialty, day, NULL, NULL, NULL, NULL, most, NULL,
		NULL, NULL, STORE_END);
}

static struct rows *call_slots(struct client *client, struct error *error)
{
	return slots(client, error, client->doctor, NULL, NULL, PAGE);
}

static struct rows *call_day(struct client *client, struct error *error)
{
	return slots(client, error, client->doctor, NULL, client->day, PAGE);
}

static struct rows *call_month(struct client *client, struct error *error)
{
	char last_day[CIVIL_TEXT_SIZE];

	(void)civil_print_date(client->clinic->today + 30, last_day);
	return store_call(client->store, error, "slots", client->patient,
		client->doctor, NULL, NULL, last_day, NULL, NULL, NULL, "10000",
		NULL, NULL, NULL, STORE_END);
}

static struct rows *call_afternoon(struct client *client, struct error *error)
{
	return store_call(client->store, error, "slots", client->patient,
		client->doctor, NULL, client->day, NULL, "15:00", "24:00", NULL,
		PAGE, NULL, NULL, NULL, STORE_END);
}

static struct rows *call_specialty(struct client *client, struct error *error)
{
	return slots(client, error, NULL, client->specialty, NULL, PAGE);
}

static struct rows *call_anybody(struct client *client, struct error *error)
{
	return slots(client, error, NULL, NULL, NULL, "1");
}

static struct rows *call_doctors(struct client *client, struct error *error)
{
	return store_call(client->store, error, "doctors", client->patient,
		client->specialty, NULL, NULL, NULL, NULL, NULL, NULL,
		STORE_END);
}

static struct rows *call_hear(struct client *client, struct error *error)
{
	return store_call(
		client->store, error, "hear", client->patient, "", STORE_END);
}

static struct rows *call_mine(struct client *client, struct error *error)
{
	return store_call(client->store, error, "appointments", client->patient,
		NULL, NULL, STORE_END);
}

static struct rows *call_agenda(struct client *client, struct error *error)
{
	return store_call(client->store, error, "agenda", client->doctor_jid,
		client->day, client->day, NULL, NULL, STORE_END);
}

static struct rows *call_mentions(struct client *client, struct error *error)
{
	return store_call(client->store, error, "mentions", client->patient,
		"could i see dr kovenco the cardiolgist tomorrow at twenty to "
		"ten instead please",
		STORE_END);
}

static struct rows *call_book(struct client *client, struct error *error)
{
	struct visit *visit = client->visit;
	struct rows *rows =
		store_call(client->store, error, "book", visit->patient,
			visit->doctor, visit->starts_at, NULL, NULL, STORE_END);

	if (rows)
		(void)snprintf(visit->code, sizeof(visit->code), "%s",
			rows_text(rows, 0, "code"));
	return rows;
}

static struct rows *call_hold(struct client *client, struct error *error)
{
	return store_call(client->store, error, "hold", client->visit->patient,
		client->visit->doctor, client->visit->starts_at, NULL, NULL,
		NULL, STORE_END);
}

static struct rows *call_move(struct client *client, struct error *error)
{
	return store_call(client->store, error, "move", client->visit->patient,
		client->visit->code, client->visit->starts_at, STORE_END);
}

static struct rows *call_cancel(struct client *client, struct error *error)
{
	return store_call(client->store, error, "cancel",
		client->visit->patient, client->visit->code, NULL, STORE_END);
}

/* Finds a free time for a visit, on some day; another day if there is none. */
static void find_time(struct client *client, struct visit *visit)
{
	for (int tries = 0; tries < 20; tries++) {
		struct error error;
		struct rows *rows AUTO(rows_release) = store_call(client->store,
			&error, "slots", visit->patient, visit->doctor, NULL,
			client->day, NULL, NULL, NULL, NULL, PAGE,
			*visit->code ? visit->code : NULL, NULL, NULL,
			STORE_END);

		if (!rows)
			stop("slots", &error);
		if (rows_count(rows)) {
			(void)snprintf(visit->starts_at,
				sizeof(visit->starts_at), "%s",
				rows_text(rows, pick(client, rows_count(rows)),
					"starts_at"));
			return;
		}
		pick_all(client);
	}
}

static void seek_visits(struct client *client)
{
	for (size_t i = 0; i < VISITS / client->of; i++) {
		struct visit *visit = &client->visits[i];

		pick_all(client);
		(void)snprintf(visit->patient, sizeof(visit->patient), "%s",
			client->patient);
		(void)snprintf(visit->doctor, sizeof(visit->doctor), "%s",
			client->doctor);
		find_time(client, visit);
	}
	client->visit_count = VISITS / client->of;
}

static void seek_again(struct client *client)
{
	for (size_t i = 0; i < client->visit_count; i++) {
		pick_all(client);
		find_time(client, &client->visits[i]);
	}
}

/* What a call is about: one person; one of the visits; many doctors, so that it
 * cannot be compared where there are fewer. */
enum subject { OF_ONE, OF_A_VISIT, OF_MANY };

/* clang-format off */
static const struct operation {
	const char *name;
	double target_ms; /* p50 with one client; 0: none */
	struct rows *(*call)(struct client *client, struct error *error);
	enum subject subject;
	void (*prepare)(struct client *client); /* is not counted */
} operations[] = {
	{"next free times of one doctor", 2, call_slots, OF_ONE, NULL},
	{"the same from some day on", 2, call_day, OF_ONE, NULL},
	{"the same, afternoons", 2, call_afternoon, OF_ONE, NULL},
	{"all free times of one doctor, 30 days", 0, call_month, OF_ONE, NULL},
	{"next free times of a specialty", 10, call_specialty, OF_MANY, NULL},
	{"a specialty's doctors, each with her next", 10, call_doctors, OF_MANY, NULL},
	{"first free time of anybody", 0, call_anybody, OF_MANY, NULL},
	{"hold a time", 0, call_hold, OF_A_VISIT, seek_visits},
	{"book it", 0, call_book, OF_A_VISIT, NULL},
	{"move", 0, call_move, OF_A_VISIT, seek_again},
	{"cancel", 0, call_cancel, OF_A_VISIT, NULL},
	{"hear: who writes", 0, call_hear, OF_ONE, NULL},
	{"a patient's visits to come", 0, call_mine, OF_ONE, NULL},
	{"a doctor's agenda of a day", 0, call_agenda, OF_ONE, NULL},
	{"who is meant in a sentence with typos", 0, call_mentions, OF_MANY, NULL},
};
/* clang-format on */

#endif
