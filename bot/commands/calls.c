/* calls.c - what somebody wishes of their calls. */
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
