/* page.h - a command's form as pages of data forms (XEP-0004).
 *
 * The same declarations as the conversation: a page shows the fields that can be
 * asked together, up to the next one whose choices depend on an answer. */
#ifndef SERVICE_PAGE_H
#define SERVICE_PAGE_H

#include "desk/form.h"
#include "desk/request.h"
#include "xmpp/stanza.h"

/* The data form for what form.asking and the fields after it want to know.
 * is_first: also the fields that are never asked, only offered. reason (or NULL)
 * says why it is shown again. NULL: there is nothing to choose from, or no
 * database. */
stanza *page_new(struct form *form, struct request *request, bool is_first,
	const char *reason, struct error *error) MUST_CHECK;
/* The data form for the last question, from which the answers that a chat offers
 * are cut. */
stanza *page_last(const struct form *form, const struct request *request,
	struct strbuf *question) MUST_CHECK;
/* Reads a submitted page into the form. What was left empty and may be is
 * skipped. False: the error says what to mend. */
bool page_read(struct form *form, struct request *request,
	const stanza *submitted, struct error *error) MUST_CHECK;

#endif
