/* bench_when.c - how many sentences are read right, and how fast.
 *
 *	build/bench/bench_when [FILE.jsonl]
 *
 * The file has a JSON object a line: utterance, slot (appointment_date or
 * appointment_time), canonical (the answer), ref (today). Without it the
 * project's own sentences are read. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/attributes.h"
#include "base/memory.h"
#include "desk/when.h"

#include "../unit/when_cases.h"

#define SPEED_S 1.0 /* how long the speed is measured */

struct sentence {
	struct when_context context;
	char *text, *day, *time; /* day or time NULL: nobody asks */
};

struct sentences {
	struct sentence *list;
	size_t count;
};

static struct sentence *add_sentence(struct sentences *all)
{
	all->list = xrealloc(all->list, all->count + 1, sizeof(all->list[0]));
	all->list[all->count] = (struct sentence){0};
	return &all->list[all->count++];
}

static char *copy_member(const json_t *object, const char *name)
{
	return xstrdup(json_string_value(json_object_get(object, name)));
}

static void add_line(struct sentences *all, const char *line)
{
	json_t *object = json_loads(line, 0, NULL);
	const char *slot = json_string_value(json_object_get(object, "slot"));
	const char *ref = json_string_value(json_object_get(object, "ref"));
	int32_t today;

	if (slot && ref && civil_read_date(ref, &today)) {
		struct sentence *sentence = add_sentence(all);
		bool is_day = strcmp(slot, "appointment_date") == 0;
		char *answer = copy_member(object, "canonical");

		sentence->context.now =
			(struct civil_moment){.day = today, .minute = 8 * 60};
		sentence->text = copy_member(object, "utterance");
		sentence->day = is_day ? answer : NULL;
		sentence->time = is_day ? NULL : answer;
	}
	json_decref(object);
}

static bool read_file(const char *path, struct sentences *all)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return false;
	while (getline(&line, &size, file) > 0)
		add_line(all, line);
	free(line);
	(void)fclose(file);
	return true;
}

static bool read_cases(struct sentences *all)
{
	FILE *table = fopen(WHEN_CASES, "r");
	struct when_case c;

	if (!table)
		return false;
	while (when_case_next(table, &c)) {
		struct sentence *sentence = add_sentence(all);

		sentence->context.now = c.context.now;
		sentence->context.language =
			strcmp(c.language, "en-GB") == 0 ? "en-GB" : "en";
		sentence->text = xstrdup(c.sentence);
		sentence->day = strcmp(c.day, "*") == 0 ? NULL : xstrdup(c.day);
		sentence->time =
			strcmp(c.time, "*") == 0 ? NULL : xstrdup(c.time);
	}
	(void)fclose(table);
	return true;
}

static void print_share(const char *what, size_t right, size_t count)
{
	if (count)
		printf("%s: %zu of %zu right, %.2f %%\n", what, right, count,
			100.0 * (double)right / (double)count);
}

static void print_right(const struct sentences *all)
{
	size_t days = 0, days_right = 0, times = 0, times_right = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct sentence *sentence = &all->list[i];
		struct when when;
		char day[WHEN_TEXT_SIZE], time[WHEN_TEXT_SIZE];

		(void)when_read(&sentence->context, sentence->text, &when);
		when_print_day(&when, day);
		when_print_time(&when, time);
		days += sentence->day != NULL;
		times += sentence->time != NULL;
		days_right += sentence->day && !strcmp(sentence->day, day);
		times_right += sentence->time && !strcmp(sentence->time, time);
	}
	print_share("days", days_right, days);
	print_share("times", times_right, times);
	print_share("both", days_right + times_right, days + times);
}

static double now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_speed(const struct sentences *all)
{
	double begin = now_s(), used = 0;
	size_t read = 0;

	while (all->count && used < SPEED_S) {
		for (size_t i = 0; i < all->count; i++) {
			struct when when;

			(void)when_read(&all->list[i].context,
				all->list[i].text, &when);
		}
		read += all->count;
		used = now_s() - begin;
	}
	printf("speed: %.0f sentences a second on one core\n",
		(double)read / used);
}

static void forget(struct sentences *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->list[i].text);
		free(all->list[i].day);
		free(all->list[i].time);
	}
	free(all->list);
}

int main(int argc, char *argv[])
{
	struct sentences all = {0};
	const char *path = argc > 1 ? argv[1] : NULL;

	if (path && read_file(path, &all)) {
		printf("when: %s\n", path);
	} else {
		if (path)
			printf("when: there is no file %s\n", path);
		if (!read_cases(&all)) {
			fprintf(stderr,
				"bench_when: cannot read " WHEN_CASES "\n");
			return 1;
		}
		printf("when: the project's own sentences, " WHEN_CASES "\n");
	}
	print_right(&all);
	print_speed(&all);
	forget(&all);
	return 0;
}
