/* bench_calendar.c - how long the calendar's functions take, as the bot calls them.
 *
 *	build/bench/bench_calendar DATABASE=PATIENTS...
 *
 * Each database holds a clinic that tests/bench/calendar_load.sql made. Every
 * function is called again and again with other people, doctors and days, first
 * over one connection, then over sixteen at once; the time is the caller's, with
 * the way to the server and back. The others are compared with the first
 * database. What is booked is cancelled in the end. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/civil.h"
#include "base/memory.h"
#include "store/store.h"

#define CLIENTS_MAX 16
#define CLINICS_MAX 4
#define WARM 20        /* calls that are not counted, over each connection */
#define CALLS 2000     /* of one function, by all clients together */
#define VISITS 800     /* that are booked, moved and cancelled */
#define TIME_MAX_S 4.0 /* of one function, at least a call each */
#define PAGE "9"       /* how many free times the desk asks for */
#define NO_DAY "1970-01-01"
#define WORD 48

struct visit {
	char patient[WORD], doctor[WORD], starts_at[WORD], code[WORD];
};

struct clinic {
	const char *name; /* of its database */
	char *url;
	size_t patient_count;
	struct rows *doctors, *specialties;
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

struct figure {
	double p50_ms, p99_ms, per_s;
	size_t refused_count;
};

static _Noreturn void stop(const char *what, const struct error *error)
{
	fprintf(stderr, "bench_calendar: %s: %s (%s)\n", what, error->message,
		error->detail);
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
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
	size_t doctor = pick_own(client, rows_count(clinic->doctors));
	size_t patient = pick_own(client, clinic->patient_count);
	size_t specialty = pick(client, rows_count(clinic->specialties));

	client->doctor = rows_text(clinic->doctors, doctor, "id");
	client->specialty = rows_text(clinic->specialties, specialty, "id");
	(void)snprintf(client->patient, sizeof(client->patient),
		"patient%zu@localhost", patient + 1);
	(void)snprintf(client->doctor_jid, sizeof(client->doctor_jid),
		"doctor%zu@localhost", doctor + 1);
	(void)civil_print_date(
		clinic->today + (int32_t)pick(client, 25), client->day);
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

/* clang-format off */
static const struct operation {
	const char *name;
	double target_ms; /* p50 with one client; 0: none */
	struct rows *(*call)(struct client *client, struct error *error);
	bool is_of_visit;
	void (*prepare)(struct client *client); /* is not counted */
} operations[] = {
	{"next free times of one doctor", 2, call_slots, false, NULL},
	{"the same from some day on", 2, call_day, false, NULL},
	{"the same, afternoons", 2, call_afternoon, false, NULL},
	{"all free times of one doctor, 30 days", 0, call_month, false, NULL},
	{"next free times of a specialty", 10, call_specialty, false, NULL},
	{"a specialty's doctors, each with her next", 10, call_doctors, false, NULL},
	{"first free time of anybody", 0, call_anybody, false, NULL},
	{"hold a time", 0, call_hold, true, seek_visits},
	{"book it", 0, call_book, true, NULL},
	{"move", 0, call_move, true, seek_again},
	{"cancel", 0, call_cancel, true, NULL},
	{"hear: who writes", 0, call_hear, false, NULL},
	{"a patient's visits to come", 0, call_mine, false, NULL},
	{"a doctor's agenda of a day", 0, call_agenda, false, NULL},
	{"who is meant in a sentence with typos", 0, call_mentions, false, NULL},
};
/* clang-format on */

/* Measuring --------------------------------------------------------------- */

/* Makes one call; whether it was not refused: a time may have been taken since
 * it was found, and nobody may have twenty visits to come. */
static bool call_once(struct client *client, const struct operation *operation)
{
	struct error error;
	struct rows *rows AUTO(rows_release) = operation->call(client, &error);

	if (!rows &&
		(error.kind == ERROR_BUG || error.kind == ERROR_UNAVAILABLE))
		stop(operation->name, &error);
	return rows != NULL;
}

static void measure_visits(
	struct client *client, const struct operation *operation)
{
	for (size_t i = 0; i < client->visit_count; i++) {
		double began_ms = now_ms();

		client->visit = &client->visits[i];
		if (call_once(client, operation))
			client->ms[client->count++] = now_ms() - began_ms;
		else
			client->refused_count++;
	}
}

static void measure_calls(
	struct client *client, const struct operation *operation)
{
	double end_ms = now_ms() + TIME_MAX_S * 1e3;

	do {
		double began_ms;

		pick_all(client);
		began_ms = now_ms();
		(void)call_once(client, operation);
		client->ms[client->count++] = now_ms() - began_ms;
	} while (client->count < CALLS / client->of && now_ms() < end_ms);
}

struct job {
	struct client *client;
	const struct operation *operation;
	pthread_barrier_t *start;
	pthread_t thread;
};

static void *run_job(void *data)
{
	const struct job *job = data;
	struct client *client = job->client;

	client->count = client->refused_count = 0;
	if (job->operation->prepare)
		job->operation->prepare(client);
	for (size_t i = 0; !job->operation->is_of_visit && i < WARM; i++) {
		pick_all(client);
		(void)call_once(client, job->operation);
	}
	(void)pthread_barrier_wait(job->start);
	if (job->operation->is_of_visit)
		measure_visits(client, job->operation);
	else
		measure_calls(client, job->operation);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static struct figure figure_of(
	const struct client *clients, size_t count, double took_ms)
{
	struct figure figure = {.refused_count = 0};
	double *all = xcalloc((CALLS + VISITS) * count, sizeof(*all));
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		memcpy(all + total, clients[i].ms,
			clients[i].count * sizeof(*all));
		total += clients[i].count;
		figure.refused_count += clients[i].refused_count;
	}
	qsort(all, total, sizeof(*all), compare);
	if (total) {
		figure.p50_ms = all[total / 2];
		figure.p99_ms = all[total * 99 / 100];
		figure.per_s = (double)total / took_ms * 1e3;
	}
	free(all);
	return figure;
}

static struct figure measure(
	struct client *clients, size_t count, const struct operation *operation)
{
	struct job jobs[CLIENTS_MAX];
	pthread_barrier_t start;
	double began_ms;

	(void)pthread_barrier_init(&start, NULL, (unsigned)count + 1);
	for (size_t i = 0; i < count; i++) {
		jobs[i] = (struct job){&clients[i], operation, &start, 0};
		if (pthread_create(&jobs[i].thread, NULL, run_job, &jobs[i])) {
			fputs("bench_calendar: no more threads\n", stderr);
			exit(1);
		}
	}
	(void)pthread_barrier_wait(&start);
	began_ms = now_ms();
	for (size_t i = 0; i < count; i++)
		(void)pthread_join(jobs[i].thread, NULL);
	(void)pthread_barrier_destroy(&start);
	return figure_of(clients, count, now_ms() - began_ms);
}

static void measure_all(const struct clinic *clinic, size_t client_count,
	struct figure figures[])
{
	struct client *clients = xcalloc(client_count, sizeof(*clients));
	struct store_settings settings = {.url = clinic->url,
		.application = "bench",
		.patience_ms = 60000};

	for (size_t i = 0; i < client_count; i++) {
		clients[i].clinic = clinic;
		clients[i].number = i;
		clients[i].of = client_count;
		clients[i].dice = 88172645463325252u + i * 2654435761u;
		clients[i].store = store_new(&settings);
	}
	for (size_t i = 0; i < COUNT_OF(operations); i++) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%-70s\r%s, %zu at once: %s", "",
				clinic->name, client_count, operations[i].name);
		figures[i] = measure(clients, client_count, &operations[i]);
	}
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%-70s\r", "");
	for (size_t i = 0; i < client_count; i++)
		store_free(clients[i].store);
	free(clients);
}

/* Printing ---------------------------------------------------------------- */

/* figures[0]: one client, [1]: sixteen. first: what is compared with, or NULL. */
static void print_table(const struct clinic *clinic,
	struct figure figures[2][COUNT_OF(operations)],
	struct figure first[2][COUNT_OF(operations)])
{
	size_t refused_count = 0;

	printf("\n| %-41s | one client |  p99 ms | sixteen |  p99 ms |%s\n",
		clinic->name,
		first ? "  growth | sixteen |" : " calls/s |  target |");
	puts("| ----------------------------------------- | ---------: "
	     "| ------: | ------: | ------: | ------: | ------: |");
	for (size_t i = 0; i < COUNT_OF(operations); i++) {
		const struct figure *one = &figures[0][i],
				    *many = &figures[1][i];

		printf("| %-41s | %10.2f | %7.2f | %7.2f | %7.2f | ",
			operations[i].name, one->p50_ms, one->p99_ms,
			many->p50_ms, many->p99_ms);
		if (first)
			printf("%7.2f | %7.2f |\n",
				first[0][i].p50_ms / one->p50_ms,
				first[1][i].p50_ms / many->p50_ms);
		else if (operations[i].target_ms > 0)
			printf("%7.0f | < %5.0f |\n", many->per_s,
				operations[i].target_ms);
		else
			printf("%7.0f | %7s |\n", many->per_s, "");
	}
	for (size_t i = 0; i < COUNT_OF(operations); i++)
		refused_count += figures[0][i].refused_count +
				 figures[1][i].refused_count;
	if (refused_count)
		printf("(%zu times that were taken meanwhile were refused and "
		       "are not counted)\n",
			refused_count);
	(void)fflush(stdout);
}

/* The clinic as its own functions tell it. "large=1000000" */
static void read_clinic(struct clinic *clinic, char *argument)
{
	char *patients = strchr(argument, '=');
	struct store_settings settings = {.application = "bench"};
	struct store *store AUTO(store_release) = NULL;
	struct rows *rows AUTO(rows_release) = NULL;
	struct civil_moment now;
	struct error error;

	*patients++ = '\0';
	clinic->name = argument;
	clinic->patient_count = strtoul(patients, NULL, 10);
	clinic->url = xasprintf("dbname=%s user=bot", argument);
	settings.url = clinic->url;
	store = store_new(&settings);
	rows = store_call(
		store, &error, "hear", "patient1@localhost", "", STORE_END);
	if (!rows || !civil_read_moment(rows_text(rows, 0, "now_local"), &now))
		stop("hear", &error);
	clinic->today = now.day;
	clinic->specialties = store_call(
		store, &error, "specialties", "patient1@localhost", STORE_END);
	clinic->doctors =
		clinic->specialties
			? store_call(store, &error, "doctors",
				  "patient1@localhost", NULL, NO_DAY, NO_DAY,
				  NULL, NULL, NULL, NULL, STORE_END)
			: NULL;
	if (!clinic->doctors)
		stop("doctors", &error);
}

int main(int argc, char *argv[])
{
	struct clinic clinics[CLINICS_MAX] = {{.name = NULL}};
	static struct figure figures[CLINICS_MAX][2][COUNT_OF(operations)];

	for (int i = 1; i < argc && i <= CLINICS_MAX; i++) {
		struct clinic *clinic = &clinics[i - 1];

		if (!strchr(argv[i], '='))
			return 2;
		read_clinic(clinic, argv[i]);
		measure_all(clinic, 1, figures[i - 1][0]);
		measure_all(clinic, CLIENTS_MAX, figures[i - 1][1]);
		print_table(clinic, figures[i - 1], i > 1 ? figures[0] : NULL);
		rows_free(clinic->doctors);
		rows_free(clinic->specialties);
		free(clinic->url);
	}
	return 0;
}
