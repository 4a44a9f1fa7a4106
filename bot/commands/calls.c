/* calls.c - how and when to call, and what somebody wishes of their calls. */
#include <string.h>

#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const char *const on_or_off[] = {
	"on", "On: calls go through relays only", "off", "Off", NULL};

static const struct field hide_ip_fields[] = {{
	.name = "wish",
	.type = &field_choice,
	.label = "Hide my IP address in calls",
	.question = "Hide your IP address in calls? (on / off)",
	.options = on_or_off,
	.need = FIELD_OPTIONAL,
}};

static bool run_hide_ip(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *wish = form_text(form, "wish");
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "hide_ip", request->jid,
			!wish                     ? NULL
			: strcmp(wish, "on") == 0 ? "true"
						  : "false",
			STORE_END);

	if (!rows)
		return false;
	if (wish)
		say(answer, request->language, "All right. ", NULL);
	say(answer, request->language,
		rows_bool(rows, 0, "is_hidden")
			? "In calls nobody learns your IP address: they go "
			  "through relays only. If calls do not connect, your "
			  "provider or the other one has no relay: write "
			  "\"hide my ip off\"."
			: "Calls go straight from app to app, so the other app "
			  "learns your IP address. If you do not want that, "
			  "write \"hide my ip on\".",
		NULL);
	return true;
}

const struct command command_hide_ip = {
	.name = "hide ip",
	.words = "hide my ip 9, hide my ip address 9, hide my address 8, show "
		 "my "
		 "ip 7, ip address 6",
	.summary = "whether calls show your IP address",
	.synopsis = "hide ip [on or off]",
	.example = "hide my ip on",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = hide_ip_fields,
	.field_count = COUNT_OF(hide_ip_fields),
	.run = run_hide_ip,
};

/* "Your next video visit is with Dr. Ana Ruiz, Tue 1 Dec, 10:00 (A7K3F)." */
static void say_next(struct strbuf *answer, const struct request *request,
	const struct rows *rows)
{
	struct strbuf when AUTO(strbuf_release) = STRBUF_INIT;
	struct strbuf zone AUTO(strbuf_release) = STRBUF_INIT;
	const char *child = rows_text(rows, 0, "child");
	char opens[CIVIL_TEXT_SIZE], until[CIVIL_TEXT_SIZE];

	say_moment(&when, request->language, moment_of(rows, 0, "starts"),
		request->now, SAY_DAY | SAY_TIME);
	civil_print_minute(moment_of(rows, 0, "opens").minute, opens);
	add_zone(&zone, request);
	civil_print_minute(moment_of(rows, 0, "closes").minute, until);
	say(answer, request->language,
		child ? "{child}'s next video visit is with {doctor}, {time}"
			"{zone} ({code}). "
		      : "Your next video visit is with {doctor}, {time}{zone} "
			"({code}). ",
		"child", child, "doctor", rows_text(rows, 0, "doctor_name"),
		"time", when.text, "zone", zone.text, "code",
		rows_text(rows, 0, "code"), NULL);
	say(answer, request->language,
		rows_bool(rows, 0, "is_open")
			? "You can call now, until {until}: open the chat with "
			  "{address}@{domain} in your app, and make a video "
			  "call there."
			: "You can call then from {opens} to {until}: open the "
			  "chat with {address}@{domain} in your app, and make "
			  "a video call there. I write to you when it begins.",
		"opens", opens, "until", until, "address",
		rows_text(rows, 0, "address"), "domain", request->domain, NULL);
	if (rows_text(rows, 0, "link"))
		say(answer, request->language,
			" If your app cannot call, meet at {link} instead.",
			"link", rows_text(rows, 0, "link"), NULL);
}

static bool run_calls(struct request *request, const struct form *form UNUSED,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) = NULL;

	if (!(request->roles & ROLE_PATIENT)) {
		say(answer, request->language,
			"Open the chat with a patient in your app and call "
			"there, at any time. When a video visit begins I send "
			"both of you the other's address.",
			NULL);
		return true;
	}
	rows = store_call(
		request->store, error, "call_next", request->jid, STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows))
		say_next(answer, request, rows);
	else
		say(answer, request->language,
			"You have no video visit to come, and calls are for "
			"these. Write for example \"book a video visit\" to "
			"have one, where a doctor has them, or call the "
			"clinic by telephone.",
			NULL);
	return true;
}

const struct command command_calls = {
	.name = "calls",
	.words = "how do i call 9, how can i call 9, how to call 9, how do we "
		 "call 9, how do i join 9, how can i join 9, how to join 9, "
		 "how do we join 9, how do i start the video 9, how do i video "
		 "9, how does the video 9, how do video visits work 9, how "
		 "does a video visit work 9, where is the video 9, where is "
		 "the link 9, what is the link 9, video link 9, link for the "
		 "video 9, link to the video 9, link for the call 9, join the "
		 "video 9, join the call 9, join my video 9, join my call 9, "
		 "join my visit 9, join my appointment 9, start the video 9, "
		 "call the doctor 8, call my doctor 8, can i call dr 8, can i "
		 "call my doctor 9, can i call the doctor 9, when can i call "
		 "9, how will the doctor call 9",
	.summary = "how and when to make a video call",
	.synopsis = "calls",
	.example = "calls",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.run = run_calls,
};
