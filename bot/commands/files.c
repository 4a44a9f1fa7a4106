/* files.c - the files that patients and doctors sent each other. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "commands/list.h"
#include "commands/talks.h"
#include "desk/fields.h"
#include "desk/wording.h"

#define FILES_SHOWN 10
#define KIB 1024LL

/* "240 KB", "3.4 MB" */
static void add_size(struct strbuf *out, long long bytes)
{
	if (bytes < KIB * KIB)
		strbuf_addf(out, "%lld KB", (bytes + KIB - 1) / KIB);
	else
		strbuf_addf(out, "%lld.%lld MB", bytes / (KIB * KIB),
			bytes % (KIB * KIB) * 10 / (KIB * KIB));
}

static void add_link(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	char days[16];
	int days_left = 0;
	char *link AUTO(free_text) =
		request->file_link && rows_bool(rows, row, "is_there")
			? request->file_link(request->files,
				  rows_text(rows, row, "digest"),
				  rows_text(rows, row, "name"),
				  rows_number(rows, row, "sent_s"), &days_left)
			: NULL;

	(void)snprintf(days, sizeof(days), "%d", days_left);
	say(answer, request->language,
		!link            ? ", not kept any more"
		: days_left == 1 ? ", kept until tomorrow:\n{link}"
				 : ", kept for {days} more days:\n{link}",
		"days", days, "link", link, NULL);
}

static void add_file(struct strbuf *answer, const struct request *request,
	const struct rows *rows, size_t row)
{
	struct strbuf size AUTO(strbuf_release) = STRBUF_INIT;

	add_size(&size, rows_number(rows, row, "bytes"));
	strbuf_add_char(answer, '\n');
	say_moment(answer, request->language, moment_of(rows, row, "at_local"),
		request->now, SAY_DAY | SAY_TIME);
	say(answer, request->language,
		rows_bool(rows, row, "is_own") ? "  you to {name}: "
					       : "  {name}: ",
		"name", rows_text(rows, row, "other_name"), NULL);
	strbuf_addf(answer, "%s, %s", rows_text(rows, row, "name"), size.text);
	add_link(answer, request, rows, row);
}

static bool run_files(struct request *request, const struct form *form,
	struct strbuf *answer, struct error *error)
{
	const char *since = form_label(form, "since");
	struct rows *rows AUTO(rows_release) = NULL;
	char most[16], skip[24];
	size_t count;

	(void)snprintf(most, sizeof(most), "%d", FILES_SHOWN + 1);
	(void)snprintf(skip, sizeof(skip), "%zu", request->list_from);
	rows = store_call(request->store, error, "files", request->jid,
		form_text(form, "partner"), form_text(form, "since"), most,
		skip, STORE_END);
	if (!rows)
		return false;
	if (rows_count(rows))
		say_latest(answer, request, since);
	else
		say(answer, request->language,
			since ? "No files were sent since {since}."
			      : "No files were sent. To send one, attach it in "
				"the chat with a doctor or patient.",
			"since", since, NULL);
	count = request_page(request, rows_count(rows), FILES_SHOWN);
	for (size_t row = 0; row < count; row++)
		add_file(answer, request, rows, row);
	return true;
}

const struct command command_files = {
	.name = "files",
	.words = "my files 9, list files 9, ^files with 9, ^files from 9, "
		 "^photos with 8, ^photos from 8, =my photos 8, "
		 "show me the files 9, ^which files 8, ^documents from 8, "
		 "=my documents 8",
	.summary = "the files that you and a doctor or patient sent each other",
	.synopsis = "files [with NAME] [since DAY]",
	.example = "files with dr ruiz since monday",
	.roles = ROLE_PATIENT | ROLE_DOCTOR,
	.fields = talk_fields,
	.field_count = TALK_FIELDS,
	.run = run_files,
};
