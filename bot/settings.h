/* settings.h - what the operator decides: one table (settings.c).
 *
 * The file has sections and "key = value" lines; # begins a comment. A wrong
 * line is one error that names file, line, key and what is expected. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attributes.h"
#include "base/error.h"
#include "base/log.h"

/* Its own type, so that it cannot be printed by mistake. Never NULL. */
struct secret {
	char *text;
};

/* Named section_key. Texts are never NULL. */
struct settings {
	char *server_host;
	int server_port;
	char *server_domain;
	struct secret server_secret;
	char *server_secret_file;

	struct secret database_url; /* may hold a password */
	int database_patience_s;

	char *clinic_name;
	char *clinic_timezone;
	char *clinic_currency;
	char *clinic_language;
	char *clinic_reminders; /* in minutes, with blanks between: "1440 60" */
	char *clinic_quiet_hours; /* "21:00-08:00", or "" for none */
	char *clinic_admins;      /* prepared bare addresses, blanks between */
	int clinic_horizon_days;
	int clinic_audit_days;
	int clinic_hold_minutes;
	int clinic_missed_limit; /* 0: none */
	int clinic_offer_minutes;

	char *files_url; /* without a slash at its end; "": no files */
	char *files_folder;
	int files_size_mb;
	int files_days;
	int files_timeout_s;
	char *files_encrypted; /* "yes" or "no" */
	char *files_private;   /* "yes" or "no" */

	char *teams_service; /* "": there are no teams */

	char *web_host;
	int web_port; /* 0: no web server */

	int mirror_talk_days;
	char *mirror_keep_messages; /* "yes" or "no" */
	char *mirror_encryption;    /* "yes" or "no" */

	int calls_before_minutes;
	int calls_after_minutes;
	int calls_back_minutes;
	int calls_lost_s;
	int calls_answer_s;
	char *calls_hide_ip;     /* "yes" or "no" */
	char *calls_meeting_url; /* with "{room}" in it, or "" */

	char *bot_desk;
	int bot_workers;
	int bot_queue;
	int bot_kept;
	enum log_level bot_log_level;
};

/* The settings of a file. The caller frees them; NULL on failure (ERROR_USAGE,
 * "carelay.conf:12: server.port: expected a number from 1 to 65535"). A secret
 * that stands in a file of its own has been read from there. */
struct settings *settings_read(
	const char *path, struct error *error) MUST_CHECK;
/* The same from text; name stands for the file in messages. */
struct settings *settings_read_text(
	const char *text, const char *name, struct error *error) MUST_CHECK;
void settings_free(struct settings *settings);
/* For AUTO. */
void settings_release(struct settings **settings);

/* Writes the annotated sample: every setting with its default. */
void settings_print_sample(FILE *out);

#endif
