/* when_main.c - reads sentences, one a line, and prints their day and time.
 *
 * build/when --now 2019-03-01T08:00 --zone UTC [--language en] [--answer] */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "desk/when.h"

static const char usage[] =
	"usage: when --now 2019-03-01T08:00 --zone UTC [--language en]\n"
	"            [--answer]\n"
	"Reads sentences from standard input, one a line, and prints for each\n"
	"date<TAB>time: 2019-03-07, 2019-03-04..2019-03-10 or -; 16:00,\n"
	"12:00-18:00 or -. The zone is where --now is the time on the wall.\n"
	"With --answer a bare number is a time or a day.\n";

static bool is_zone(const char *zone)
{
	size_t length = strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789/_+-");

	return length > 0 && length <= 64 && zone[length] == '\0' &&
	       zone[0] != '/' && zone[0] != '-';
}

static bool read_options(int argc, char *argv[], struct when_context *context)
{
	static const struct option options[] = {
		{"now", required_argument, NULL, 'n'},
		{"zone", required_argument, NULL, 'z'},
		{"language", required_argument, NULL, 'l'},
		{"answer", no_argument, NULL, 'a'},
		{NULL, 0, NULL, 0},
	};
	bool has_now = false, has_zone = false;

	for (int option;
		(option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'n')
			has_now = civil_read_moment(optarg, &context->now);
		else if (option == 'z')
			has_zone = is_zone(optarg);
		else if (option == 'l')
			context->language = optarg;
		else if (option == 'a')
			context->is_answer = true;
		else
			return false;
	}
	return has_now && has_zone && optind == argc;
}

int main(int argc, char *argv[])
{
	struct when_context context = {.language = "en"};
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!read_options(argc, argv, &context)) {
		fputs(usage, stderr);
		return 2;
	}
	while ((length = getline(&line, &size, stdin)) >= 0) {
		struct when when;
		char day[WHEN_TEXT_SIZE], time[WHEN_TEXT_SIZE];

		if (length && line[length - 1] == '\n')
			line[length - 1] = '\0';
		(void)when_read(&context, line, &when);
		printf("%s\t%s\n", when_print_day(&when, day),
			when_print_time(&when, time));
	}
	free(line);
	return fflush(stdout) ? 1 : 0;
}
