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

#include "calendar_calls.h"

#define CLIENTS_MAX 16
#define CLINICS_MAX 4
#define WARM 20        /* calls that are not counted, over each connection */
#define TIME_MAX_S 4.0 /* of one function, at least a call each */
#define NO_DAY "1970-01-01"

struct figure {
	double p50_ms, p99_ms, per_s;
	size_t refused_count;
};

/* Measuring --------------------------------------------------------------- */

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

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
	for (size_t i = 0; job->operation->subject != OF_A_VISIT && i < WARM;
		i++) {
		pick_all(client);
		(void)call_once(client, job->operation);
	}
	(void)pthread_barrier_wait(job->start);
	if (job->operation->subject == OF_A_VISIT)
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

struct measured {
	struct clinic clinic;
	struct figure one[COUNT_OF(operations)], many[COUNT_OF(operations)];
};

/* The last two columns: how the first clinic compares with this one; of the first
 * itself what it can do, and what it is to do. */
static void print_growth(
	const struct measured *measured, const struct measured *first, size_t i)
{
	const struct operation *operation = &operations[i];

	if (measured == first) {
		printf("%7.0f |", measured->many[i].per_s);
		if (operation->target_ms > 0)
			printf(" < %5.0f |\n", operation->target_ms);
		else
			printf(" %7s |\n", "");
	} else if (operation->subject == OF_MANY &&
		   measured->clinic.doctor_count !=
			   first->clinic.doctor_count) {
		printf("%7s | %7s |\n", "", "");
	} else {
		printf("%7.2f | %7.2f |\n",
			first->one[i].p50_ms / measured->one[i].p50_ms,
			first->many[i].p50_ms / measured->many[i].p50_ms);
	}
}

static void print_table(
	const struct measured *measured, const struct measured *first)
{
	size_t refused_count = 0;

	printf("\n| %-41s | one client |  p99 ms | sixteen |  p99 ms |%s\n",
		measured->clinic.name,
		measured == first ? " calls/s |  target |"
				  : "  growth | sixteen |");
	puts("| ----------------------------------------- | ---------: "
	     "| ------: | ------: | ------: | ------: | ------: |");
	for (size_t i = 0; i < COUNT_OF(operations); i++) {
		const struct figure *one = &measured->one[i],
				    *many = &measured->many[i];

		printf("| %-41s | %10.2f | %7.2f | %7.2f | %7.2f | ",
			operations[i].name, one->p50_ms, one->p99_ms,
			many->p50_ms, many->p99_ms);
		print_growth(measured, first, i);
		refused_count += one->refused_count + many->refused_count;
	}
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
	clinic->doctor_count = rows_count(clinic->doctors);
}

int main(int argc, char *argv[])
{
	static struct measured all[CLINICS_MAX];

	for (int i = 0; i < argc - 1 && i < CLINICS_MAX; i++) {
		struct clinic *clinic = &all[i].clinic;

		if (!strchr(argv[i + 1], '='))
			return 2;
		read_clinic(clinic, argv[i + 1]);
		measure_all(clinic, 1, all[i].one);
		measure_all(clinic, CLIENTS_MAX, all[i].many);
		print_table(&all[i], &all[0]);
		rows_free(clinic->doctors);
		rows_free(clinic->specialties);
		free(clinic->url);
	}
	return 0;
}
