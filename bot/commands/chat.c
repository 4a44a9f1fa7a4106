/* chat.c - where to write to a doctor or a patient. */
#include "commands/list.h"
#include "desk/fields.h"
#include "desk/wording.h"

static const struct field chat_fields[] = {{
	.name = "partner",
	.type = &field_partner,
	.label = "With whom",
	.question = "With whom do you want to chat?",
}};

static bool run_chat(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	struct rows *rows AUTO(rows_release) =
		store_call(request->store, error, "chat_with", request->jid,
			form_text(form, "partner"), STORE_END);

	if (!rows)
		return false;
	say(answer, request->language,
		rows_bool(rows, 0, "may_write")
			? "I pass nothing on from here: write to {name} at "
			  "{local}@{domain}. Add this address to the contacts "
			  "in your app, or open "
			  "xmpp:{local}@{domain}?message there. Photos, files "
			  "and calls go the same way. Neither of you sees the "
			  "other's own address."
			: "I pass nothing on from here, and you can write to "
			  "{name} only around a visit. Write \"book {name}\" "
			  "to get one. If it cannot wait, please call the "
			  "clinic by telephone.",
		"name", rows_text(rows, 0, "other_name"), "local",
		rows_text(rows, 0, "local"), "domain", request->domain, NULL);
	return true;
}

const struct command command_chat = {
	.name = "chat",
	.words = "^chat 9, chat with 9, write to 9, write a message 9, send a "
		 "message 9, message to 9, ^message 8, message for 9, ^tell 9, "
		 "talk to dr 9, talk with dr 9, speak to dr 9, speak with dr "
		 "9, talk to my doctor 9, talk to the doctor 9, contact dr 9, "
		 "reach dr 9, address of dr 9, chat address 9, write my doctor "
		 "9, write dr 9, ask dr 9, send a photo 9, send a picture 9, "
		 "send a file 9, send photos 9, how do i send 9, how can i "
		 "send 9, how do i write 9, how can i write 9, how do i reach "
		 "9, how do i chat 9",
	.summary =
		"where to write to a doctor or patient, send photos and call",
	.synopsis = "chat NAME",
	.example = "chat dr ruiz",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = chat_fields,
	.field_count = COUNT_OF(chat_fields),
	.run = run_chat,
};
