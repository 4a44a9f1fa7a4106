/* form.h - data forms (XEP-0004): ask with one, read the answer.
 *
 * A form is an <x/> element inside something else. Build it with form_new and
 * the form_add functions in the order of the page, then stanza_adopt() it. */
#ifndef XMPP_FORM_H
#define XMPP_FORM_H

#include <stdbool.h>

#include "base/attributes.h"
#include "xmpp/stanza.h"

/* What a client shows for a field. These are the ones that all clients know. */
enum form_input {
	FORM_TEXT,    /* one line */
	FORM_LINES,   /* several lines */
	FORM_CHOICE,  /* one of the options */
	FORM_BOOLEAN, /* a box to tick; its value is "1" or "0" */
	FORM_ADDRESS, /* a bare address */
	FORM_FIXED,   /* a text to read, no answer */
	FORM_HIDDEN,  /* comes back as it is */
};

/* A form to fill in. Title and instructions may be NULL. */
stanza *form_new(const char *title, const char *instructions) MUST_CHECK;
/* A form that only tells something: the result of a command. */
stanza *form_new_result(const char *title) MUST_CHECK;

struct form_field {
	const char *name; /* "var"; may be NULL for FORM_FIXED */
	enum form_input input;
	const char *label; /* may be NULL */
	const char *value; /* what stands there at first; may be NULL */
	bool is_required;
};
/* Adds a field and returns it (borrowed), to add options to. The lines of a
 * FORM_LINES value become values of their own. */
stanza *form_add(stanza *form, const struct form_field *field);
/* Adds an option; the label may be NULL. */
void form_add_option(stanza *field, const char *value, const char *label);

/* The form inside an element (a command), or NULL. Borrowed. */
stanza *form_find(const stanza *parent);
/* Whether the form is a person's answer, not a question or a cancellation. */
bool form_is_submitted(const stanza *form);
/* What was answered to a field: its values, joined by line ends. NULL when the
 * field is not there or has no value, which clients do for an empty one. Only
 * the values directly inside the field count: Gajim repeats the options, which
 * have values too. The caller frees it. */
char *form_value(const stanza *form, const char *name) MUST_CHECK;
/* Whether a FORM_BOOLEAN was ticked. */
bool form_is_ticked(const stanza *form, const char *name);

#endif
