/* adhoc.c - the desk's commands as ad-hoc commands (XEP-0050). */
#include "service/adhoc.h"

#include "base/log.h"
#include "base/random.h"
#include "commands/commands.h"
#include "desk/conversation.h"
#include "desk/filling.h"
#include "desk/wording.h"
#include "service/page.h"
#include "settings.h"
#include "xmpp/form.h"
#include "xmpp/jid.h"
#include "xmpp/stream.h"

/* One step of a session. */
struct step {
	struct room *room;
	const stanza *incoming;
	const stanza *asked; /* its <command/> */
	struct request request;
	struct form form;
	const char *session;
	struct strbuf note; /* a sentence for the person */
	bool is_wrong;      /* the note tells of a mistake */
};

static stanza *start_reply(
	const struct step *step, const char *status, stanza **command)
{
	stanza *reply = stanza_reply(step->incoming, "result");

	*command = stanza_add(reply, "command", NS_COMMANDS);
	stanza_set(*command, "node", stanza_get(step->asked, "node"));
	stanza_set(*command, "sessionid", step->session);
	stanza_set(*command, "status", status);
	return reply;
}

static void add_note(const struct step *step, stanza *command)
{
	stanza *note;

	if (!step->note.length)
		return;
	note = stanza_add(command, "note", NULL);
	stanza_set(note, "type", step->is_wrong ? "error" : "info");
	stanza_set_text(note, step->note.text);
}

static void finish(struct step *step, const char *status)
{
	stanza *command;
	stanza *reply = start_reply(step, status, &command);
	struct error error;

	form_let_go(&step->form, &step->request);
	add_note(step, command);
	if (!form_save(NULL, &step->request, &error))
		log_failure(&error, "ending a command");
	stream_send(step->room->stream, reply);
}

static void note_error(struct step *step, const struct error *error)
{
	if (error->kind == ERROR_BUG || error->kind == ERROR_UNAVAILABLE)
		log_failure(error, "ad-hoc command");
	strbuf_reset(&step->note);
	say_error(&step->note, step->request.language, error);
	step->is_wrong = true;
}

static void refuse_session(struct step *step)
{
	stanza *reply = stanza_error(step->incoming, "modify", "bad-request",
		"that form is closed, please begin again");

	if (reply)
		stanza_add(stanza_find(reply, "error", NULL), "bad-sessionid",
			NS_COMMANDS);
	stream_send(step->room->stream, reply);
}

/* Sends a page and keeps the form. */
static void send_stanza(
	struct step *step, stanza *page, bool is_first, bool is_last)
{
	stanza *command, *reply, *actions;
	struct error error;

	reply = start_reply(step, "executing", &command);
	actions = stanza_add(command, "actions", NULL);
	stanza_set(actions, "execute", is_last ? "complete" : "next");
	if (!is_first)
		stanza_add(actions, "prev", NULL);
	stanza_add(actions, is_last ? "complete" : "next", NULL);
	add_note(step, command);
	stanza_adopt(command, page);
	if (!form_save(&step->form, &step->request, &error)) {
		stanza_free(reply);
		stream_send(step->room->stream,
			stanza_failure(step->incoming, &error));
		return;
	}
	stream_send(step->room->stream, reply);
}

/* Sends the page of fields where the form stands. */
static void send_page(struct step *step, bool is_first)
{
	struct error error;
	/* Not every client shows an error's note above a form. */
	stanza *page = page_new(&step->form, &step->request, is_first,
		step->is_wrong ? step->note.text : NULL, &error);

	if (page) {
		send_stanza(step, page, is_first, false);
		return;
	}
	note_error(step, &error);
	finish(step, "completed");
}

/* Somebody else was faster: what can be had instead is asked. */
static bool reopen_contested(struct step *step, const struct error *error)
{
	struct form *form = &step->form;
	size_t field = form_contested(form);
	struct error why;

	if (error->kind != ERROR_CONFLICT ||
		field == form->command->field_count)
		return false;
	form_narrow(form, field, form->values[field].hint);
	note_error(step, error);
	if (form_ask(form, &step->request, field, &why))
		send_page(step, false);
	else
		finish(step, "completed");
	return true;
}

/* A page of a list that goes on: "next" tells more, "complete" ends. */
static void send_list(struct step *step)
{
	stanza *command, *reply, *actions;
	struct error error;

	step->form.asking = FORM_LIST;
	step->form.told = step->request.list_next;
	if (!form_save(&step->form, &step->request, &error)) {
		stream_send(step->room->stream,
			stanza_failure(step->incoming, &error));
		return;
	}
	reply = start_reply(step, "executing", &command);
	actions = stanza_add(command, "actions", NULL);
	stanza_set(actions, "execute", "next");
	stanza_add(actions, "next", NULL);
	stanza_add(actions, "complete", NULL);
	add_note(step, command);
	stream_send(step->room->stream, reply);
}

static void run(struct step *step)
{
	const struct command *command = step->form.command;
	struct error error;

	strbuf_reset(&step->note);
	step->request.list_next = 0;
	if (command->run(&step->request, &step->form, &step->note, &error)) {
		step->form.is_held = false; /* what was held was taken */
		if (step->request.list_next)
			send_list(step);
		else
			finish(step, "completed");
		return;
	}
	if (reopen_contested(step, &error))
		return;
	if (error.kind == ERROR_UNAVAILABLE || error.kind == ERROR_BUG) {
		log_failure(&error, "ad-hoc command");
		stream_send(step->room->stream,
			stanza_failure(step->incoming, &error));
		return; /* the session stays as it was */
	}
	note_error(step, &error);
	finish(step, "completed");
}

static bool has_extras(const struct command *command)
{
	for (size_t i = 0; i < command->field_count; i++)
		if (command->fields[i].need == FIELD_OPTIONAL)
			return true;
	return false;
}

/* All that must be known is known: the last question; or what else may be said,
 * when that was not shown yet; or it runs. */
static void conclude(struct step *step, bool is_first)
{
	struct strbuf question AUTO(strbuf_release) = STRBUF_INIT;
	bool is_question = false;
	struct error error;

	if (!form_confirm(&step->form, &step->request, &question, &is_question,
		    &error)) {
		if (reopen_contested(step, &error))
			return;
		note_error(step, &error);
		finish(step, "completed");
	} else if (is_question) {
		send_stanza(step,
			page_last(&step->form, &step->request, &question),
			false, true);
	} else if (is_first && has_extras(step->form.command)) {
		step->form.asking = FORM_EXTRAS;
		send_page(step, true);
	} else {
		run(step);
	}
}

/* Shows the next page, the last question, or runs. */
static void advance(struct step *step, bool is_first)
{
	struct error error;

	if (!form_advance(&step->form, &step->request, &error)) {
		note_error(step, &error);
		finish(step, "completed");
	} else if (step->form.asking >= 0) {
		send_page(step, is_first);
	} else {
		conclude(step, is_first);
	}
}

static void begin(struct step *step, const struct command *command)
{
	char id[RANDOM_ID_SIZE];

	step->session = random_id(id);
	step->request.session = id;
	form_init(&step->form, command);
	if (command->field_count)
		advance(step, true);
	else
		run(step);
	step->session = step->request.session = "";
}

static void go_back(struct step *step)
{
	struct error error;

	if (form_back(&step->form, &step->request, &error)) {
		send_page(step, false);
		return;
	}
	note_error(step, &error);
	advance(step, false);
}

static void go_on(struct step *step)
{
	const char *action = stanza_get(step->asked, "action");
	const stanza *submitted = form_find(step->asked);
	struct error error;

	if ((action && strcmp(action, "cancel") == 0) ||
		(submitted && !form_is_submitted(submitted))) {
		finish(step, "canceled");
	} else if (step->form.asking == FORM_LIST) {
		if (action && strcmp(action, "complete") == 0) {
			finish(step, "completed");
			return;
		}
		step->request.list_from = step->form.told;
		run(step);
	} else if (action && strcmp(action, "prev") == 0) {
		go_back(step);
	} else if (step->form.asking == FORM_CONFIRM) {
		run(step);
	} else if (submitted &&
		   !page_read(&step->form, &step->request, submitted, &error)) {
		note_error(step, &error);
		send_page(step, step->form.asking == FORM_EXTRAS);
	} else {
		advance(step, false);
	}
}

static void refuse(struct step *step, const struct command *command)
{
	char tag[JID_TAG_SIZE];
	struct error error;

	log_notice("command refused command=\"%s\" by=%s", command->name,
		jid_tag(step->request.jid, tag));
	if (!store_do(step->request.store, &error, "refused", step->request.jid,
		    command->name, STORE_END))
		log_failure(&error, "audit");
	stream_send(step->room->stream,
		stanza_error(step->incoming, "auth", "forbidden",
			command->roles & ROLE_STRANGER
				? "you are registered already"
			: command->roles & ROLE_PATIENT
				? "please register first: the command "
				  "\"register\""
				: "this command is for the clinic's staff"));
}

static void take_step(struct step *step)
{
	const char *node = stanza_get(step->asked, "node");
	const char *session = stanza_get(step->asked, "sessionid");
	const struct command *command = node ? command_named(node) : NULL;

	if (!command)
		stream_send(step->room->stream,
			stanza_error(step->incoming, "cancel", "item-not-found",
				"there is no such command"));
	else if (!(command->roles & step->request.roles))
		refuse(step, command);
	else if (!session)
		begin(step, command);
	else if (!form_load(&step->form, &step->request) ||
		 step->form.command != command)
		refuse_session(step);
	else
		go_on(step);
}

void adhoc_command(struct room *room, stanza *incoming)
{
	char bare[JID_SIZE];
	const stanza *asked = stanza_find(incoming, "command", NS_COMMANDS);
	const char *session = stanza_get(asked, "sessionid");
	struct step step = {
		.room = room,
		.incoming = incoming,
		.asked = asked,
		.session = session ? session : "",
		.note = STRBUF_INIT,
	};
	struct error error;

	form_init(&step.form, NULL);
	if (!jid_bare(stanza_get(incoming, "from"), bare))
		return;
	/* The chat's own form is session "", so a new session reads none. */
	if (request_open(&step.request, room->store, bare,
		    session && *session ? session : "-", &error)) {
		step.request.domain = room->settings->server_domain;
		step.request.file_link = room->file_link;
		step.request.files = room->files;
		take_step(&step);
	} else {
		stream_send(room->stream, stanza_failure(incoming, &error));
	}
	form_release(&step.form);
	strbuf_release(&step.note);
	request_release(&step.request);
}

void adhoc_list(struct room *room, const stanza *incoming, stanza *query)
{
	char bare[JID_SIZE];
	struct strbuf title AUTO(strbuf_release) = STRBUF_INIT;
	struct request request;
	struct error error;

	if (!jid_bare(stanza_get(incoming, "from"), bare))
		return;
	if (!request_open(&request, room->store, bare, "", &error))
		log_failure(&error, "listing commands");
	for (size_t i = 0; request.heard && commands[i]; i++) {
		stanza *item;

		if (!(commands[i]->roles & request.roles))
			continue;
		item = stanza_add(query, "item", NULL);
		stanza_set(item, "jid", stanza_get(incoming, "to"));
		stanza_set(item, "node", commands[i]->name);
		strbuf_reset(&title);
		say_title(&title, request.language, commands[i]->summary);
		stanza_set(item, "name", title.text);
	}
	request_release(&request);
}

const char *adhoc_summary(const char *node)
{
	const struct command *command = node ? command_named(node) : NULL;

	return command ? command->summary : NULL;
}
