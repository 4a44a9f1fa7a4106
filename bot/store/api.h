/* api.h - the functions of the schema "api" that the bot calls: one row each.
 *
 * The row names the function, its parameters' SQL types, and whether calling it
 * twice does the same as calling it once (then a call that may have committed is
 * made again after the connection was lost). At start every row is compared with
 * the database. What a function does and returns is said in schema/api/. */
#ifndef STORE_API_H
#define STORE_API_H

#include <stdbool.h>

/* Must equal the number of the last migration in schema/. */
#define API_SCHEMA_VERSION 24

struct api_function {
	const char *name;
	const char *parameters; /* SQL types, separated by ", " */
	bool is_idempotent;
};

/* clang-format off */
static const struct api_function api_functions[] = {
	/* the house */
	{"version", "", true},
	{"configure", "text, text, text, text, text, integer, text, text, integer, integer, integer", true},
	{"clock", "", true},
	/* a conversation */
	{"hear", "text, text", true},
	{"form_save", "text, text, jsonb", true},
	{"refused", "text, text", false},
	{"spoken_left", "text, bigint", true},
	/* people */
	{"register", "text, text, date, text, text, boolean, text", true},
	{"my", "text", true},
	{"my_set", "text, text, text", true},
	{"people", "text, text, integer, integer", true},
	{"children", "text", true},
	{"child_add", "text, text, date", true},
	{"child_remove", "text, bigint", false},
	/* the directory */
	{"specialties", "text", true},
	{"doctors", "text, bigint, date, date, time, time, text, bigint", true},
	{"mentions", "text, text", true},
	{"usual_doctor", "text, bigint", true},
	/* appointments */
	{"slots", "text, bigint, bigint, date, date, time, time, timestamptz, integer, text, text, bigint", true},
	{"hold", "text, bigint, timestamptz, text, bigint, text", true},
	{"release", "text", true},
	{"book", "text, bigint, timestamptz, text, bigint", true},
	{"move", "text, text, timestamptz", true},
	{"cancel", "text, text, text", true},
	{"book_series", "text, bigint, jsonb, text, bigint, boolean", true},
	{"cancel_several", "text, text, text", true},
	{"cancel_following", "text, text, text", true},
	{"appointments", "text, text, bigint", true},
	{"visits_of", "text, text", true},
	{"agenda", "text, date, date, integer, integer", true},
	{"next_visit", "text", true},
	{"visit_types", "text, bigint, bigint", true},
	{"visit_type_set", "text, bigint, bigint, text, jsonb", true},
	{"visit_type_remove", "text, bigint, bigint, text", false},
	{"rooms", "text", true},
	{"room_add", "text, text", true},
	{"room_remove", "text, bigint", false},
	/* requests and offers */
	{"approval", "text", true},
	{"approval_set", "text, boolean, integer", true},
	{"questions", "text", true},
	{"approve", "text, text", true},
	{"decline", "text, text, text", true},
	{"waitlist", "text", true},
	{"waitlist_join", "text, bigint, bigint, date, date, time, time, text, bigint", true},
	{"waitlist_leave", "text, bigint", false},
	{"accept", "text, text", true},
	{"pass", "text, text", true},
	{"unanswered", "text", true},
	{"away_offers", "text", true},
	/* the day of a doctor */
	{"day", "text, boolean, text", true},
	{"visit_mark", "text, text, text", true},
	{"late", "text, integer", false},
	{"history", "text, bigint, integer, integer", true},
	{"patients", "text, text", true},
	/* reminders */
	{"reminders", "text", true},
	{"reminders_set", "text, text", true},
	{"confirm", "text, text, text", true},
	/* a doctor's time */
	{"hours", "text", true},
	{"hours_outside", "text", true},
	{"horizon", "text", true},
	{"hours_set", "text, jsonb, jsonb", true},
	{"off", "text", true},
	{"off_add", "text, timestamp, timestamp, text", true},
	{"off_remove", "text, bigint", false},
	{"also", "text", true},
	{"also_add", "text, jsonb", false},
	{"also_remove", "text, bigint", false},
	{"horizons_claim", "integer, integer", false},
	{"horizon_set", "bigint, date, date, jsonb, bigint", true},
	{"why_not", "text, bigint, timestamp, text, bigint", true},
	/* the clinic */
	{"specialty_add", "text, text", true},
	{"doctor_add", "text, text, text, bigint, numeric, text, integer", true},
	{"doctor_remove", "text, bigint", false},
	{"holidays", "text", true},
	{"holiday_add", "text, timestamp, timestamp", true},
	{"holiday_remove", "text, bigint", true},
	{"admin_add", "text, text", true},
	{"admin_remove", "text, text", false},
	{"stats", "text", true},
	/* the post room */
	{"deliveries_claim", "text, integer, integer", false},
	{"deliveries_done", "text, text", true},
	{"delivery_failed", "text, bigint, text", false},
	{"delivery_bounced", "text, text, text", true},
	{"deliveries_wait", "", true},
	/* teams */
	{"teams_configure", "text", true},
	{"team_patients", "text, text", true},
	{"team_add", "text, bigint, bigint", false},
	{"team_remove", "text, bigint, bigint", false},
	{"team_close", "text, bigint", false},
	{"teams", "text, bigint", true},
	{"teams_open", "", true},
	{"team_invited", "bigint", true},
	{"team_destroyed", "text", true},
	{"team_said", "text, text, text, text", true},
	{"team_here", "text", true},
	/* files */
	{"file_put", "bigint, bigint, text, text, text, bigint", false},
	{"files", "text, bigint, timestamp, integer, integer", true},
	{"files_over", "integer, integer", true},
	{"file_removed", "text", true},
	/* what is old */
	{"tidy", "integer, integer", true},
	/* the mirror */
	{"mirror_configure", "integer, boolean", true},
	{"book_clock", "", true},
	{"book_people", "bigint, bigint, integer", true},
	{"book_pairs", "bigint, bigint", true},
	{"book_offices", "", true},
	{"mirror_note", "text, jsonb", true},
	{"parked_put", "bigint, bigint, text, text", false},
	{"parked_take", "bigint", true},
	{"parked_sent", "bigint, bigint", true},
	{"chat_who", "text, bigint", true},
	{"contact_set", "text, bigint, text", true},
	/* what was written */
	{"messages", "text, bigint, timestamp, timestamp, text, integer, integer", true},
	{"team_messages", "text, bigint, timestamp, integer, integer", true},
	{"talks", "text, integer, integer", true},
	{"privacy", "text, boolean", true},
	{"office_hours", "text, jsonb, text", true},
	{"hand_over", "text, bigint, text", true},
	/* calls */
	{"calls_configure", "integer, integer, integer, boolean, text", true},
	{"call_ask", "text, bigint", true},
	{"call_next", "text", true},
	{"chat_with", "text, bigint", true},
	{"calls_open", "", true},
	{"hide_ip", "text, boolean", true},
};
/* clang-format on */

#endif
