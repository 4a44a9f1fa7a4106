/* settings_check.h - what the text of a setting may be.
 *
 * Each returns whether it fits, and may rewrite it into its proper form. */
#ifndef SETTINGS_CHECK_H
#define SETTINGS_CHECK_H

#include <stdbool.h>

typedef bool check(char **text);

check is_given;
check is_domain;
check is_domain_or_none;
check is_local_part;
/* A zone of the system's table, which is PostgreSQL's too on Debian. Where there
 * is no table, the database has the word. */
check is_zone;
/* As clinic.read_name() of the database takes it: a line with a letter. */
check is_name;
check is_database;
check is_currency;
check is_language;
/* "1 day, 1 hour" becomes "1440 60". */
check are_durations;
/* "21:00-08:00", or nothing. */
check are_quiet_hours;
check is_yes_or_no;
/* "https://files.clinic.example", or nothing. What stands behind its host stays,
 * without a slash at the end. */
check is_base_url;
check is_path;
check is_ip_address;
/* "https://meet.example/{room}", or nothing. */
check is_meeting_url;
/* "Admin@LOCALHOST, boss@clinic.example" becomes what jid_prepare() makes of
 * them, with blanks between. */
check are_addresses;

#endif
