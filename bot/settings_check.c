/* settings_check.c - what the text of a setting may be. */
#include "settings_check.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "desk/text.h"
#include "store/store.h"
#include "xmpp/jid.h"

#define NAME_CHARACTERS 100

bool is_given(char **text)
{
	return **text != '\0';
}

bool is_domain(char **text)
{
	AUTO(free_text) char *somebody = xasprintf("x@%s", *text);
	char prepared[JID_SIZE];

	return jid_prepare(somebody, prepared) && strchr(*text, '.') &&
	       strcmp(prepared, somebody) == 0;
}

bool is_domain_or_none(char **text)
{
	return !**text || is_domain(text);
}

#define ZONES "/usr/share/zoneinfo"

bool is_local_part(char **text)
{
	AUTO(free_text) char *somebody = xasprintf("%s@x", *text);
	char prepared[JID_SIZE];

	return jid_prepare(somebody, prepared) &&
	       strcmp(prepared, somebody) == 0;
}

bool is_zone(char **text)
{
	static const char *const others[] = {
		"posix/", "right/", "localtime", "posixrules"};
	AUTO(free_text) char *path = xasprintf("%s/%s", ZONES, *text);
	char magic[4] = "";

	if (!**text || **text == '/' || strstr(*text, ".."))
		return false;
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (strncmp(*text, others[i], strlen(others[i])) == 0)
			return false;
	if (access(ZONES, R_OK) != 0)
		return true;
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	size_t count = fread(magic, 1, sizeof(magic), file);
	(void)fclose(file);
	return count == sizeof(magic) &&
	       memcmp(magic, "TZif", sizeof(magic)) == 0;
}

bool is_name(char **text)
{
	AUTO(strbuf_release) struct strbuf clean = STRBUF_INIT;
	size_t characters = 0;

	if (!text_clean(*text, &clean) || !text_letter_count(clean.text))
		return false;
	for (const char *at = clean.text; *at; at++)
		characters += (*at & 0xc0) != 0x80;
	free(*text);
	*text = strbuf_detach(&clean);
	return characters <= NAME_CHARACTERS;
}

bool is_database(char **text)
{
	return store_url_reads(*text);
}

static bool is_code(const char *text, size_t least, size_t most,
	int (*is_member)(int character))
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (!is_member((unsigned char)text[i]))
			return false;
	return length >= least && length <= most;
}

bool is_currency(char **text)
{
	return is_code(*text, 3, 3, isupper);
}

bool is_language(char **text)
{
	return is_code(*text, 2, 3, islower);
}

/* Splits at commas, and trims; NULL at the end. */
static char *next_part(char **rest)
{
	char *part = strsep(rest, ",");

	if (!part)
		return NULL;
	part += strspn(part, " \t");
	for (size_t end = strlen(part); end && strchr(" \t", part[end - 1]);)
		part[--end] = '\0';
	return part;
}

/* The minutes of "2 hours"; 0 when it is no duration. */
static long duration_minutes(const char *text)
{
	/* clang-format off */
	static const struct { const char *name; long minutes; } units[] = {
		{"minute", 1}, {"hour", 60}, {"day", 1440}, {"week", 10080},
	};
	/* clang-format on */
	char *unit;
	long number = strtol(text, &unit, 10);

	if (!isdigit((unsigned char)*text) || number < 1 || number > 1000)
		return 0;
	unit += strspn(unit, " \t");
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		size_t length = strlen(units[i].name);

		if (strncmp(unit, units[i].name, length) == 0 &&
			(!unit[length] || strcmp(unit + length, "s") == 0))
			return number * units[i].minutes;
	}
	return 0;
}

/* What the database takes (schema/api/house.sql). */
#define REMINDERS_MOST 10
#define REMINDER_MOST (365L * 24 * 60) /* minutes */

bool are_durations(char **text)
{
	AUTO(free_text) char *copy = xstrdup(*text);
	AUTO(strbuf_release) struct strbuf minutes = STRBUF_INIT;
	char *rest = copy, *part;
	int parts = 0;

	while (**text && (part = next_part(&rest))) {
		long count = duration_minutes(part);

		if (!count || count > REMINDER_MOST || ++parts > REMINDERS_MOST)
			return false;
		strbuf_addf(
			&minutes, "%s%ld", minutes.length ? " " : "", count);
	}
	free(*text);
	*text = strbuf_detach(&minutes);
	return true;
}

static bool is_clock(const char *text)
{
	return strlen(text) >= 5 && isdigit((unsigned char)text[0]) &&
	       isdigit((unsigned char)text[1]) && text[2] == ':' &&
	       text[3] >= '0' && text[3] <= '5' &&
	       isdigit((unsigned char)text[4]) &&
	       (text[0] < '2' || (text[0] == '2' && text[1] < '4'));
}

bool are_quiet_hours(char **text)
{
	return !**text || (strlen(*text) == 11 && is_clock(*text) &&
				  (*text)[5] == '-' && is_clock(*text + 6) &&
				  strncmp(*text, *text + 6, 5) != 0);
}

bool is_yes_or_no(char **text)
{
	return strcmp(*text, "yes") == 0 || strcmp(*text, "no") == 0;
}

bool is_base_url(char **text)
{
	size_t length = strlen(*text);
	const char *host = strstr(*text, "://");

	while (length && (*text)[length - 1] == '/')
		(*text)[--length] = '\0';
	return !length ||
	       ((strncmp(*text, "https://", 8) == 0 ||
			strncmp(*text, "http://", 7) == 0) &&
		       host[3] && strcspn(*text, " \"<>?#") == length);
}

bool is_path(char **text)
{
	return **text == '/';
}

bool is_ip_address(char **text)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, *text, bytes) == 1 ||
	       inet_pton(AF_INET6, *text, bytes) == 1;
}

bool is_meeting_url(char **text)
{
	return !**text ||
	       (strncmp(*text, "http", 4) == 0 && strstr(*text, "://") &&
		       strstr(*text, "{room}") && strlen(*text) <= 300 &&
		       !strpbrk(*text, " \t"));
}

bool are_addresses(char **text)
{
	AUTO(free_text) char *copy = xstrdup(*text);
	AUTO(strbuf_release) struct strbuf prepared = STRBUF_INIT;
	char bare[JID_SIZE], *rest = copy, *part;

	while (**text && (part = next_part(&rest))) {
		if (!jid_prepare(part, bare))
			return false;
		strbuf_addf(
			&prepared, "%s%s", prepared.length ? " " : "", bare);
	}
	free(*text);
	*text = strbuf_detach(&prepared);
	return true;
}
