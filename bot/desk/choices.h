/* choices.h - what is offered to choose from, in a chat or in a form's list. */
#ifndef DESK_CHOICES_H
#define DESK_CHOICES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

#define CHOICES_LIMIT 60

struct choice {
	char *value; /* as the field keeps it */
	char *label; /* as the list shows it */
	char *name;  /* as the field says it once chosen */
	char *note;  /* what is said after it, such as the fee; or NULL */
	char *group; /* "Tue 1 Dec": choices of one group stand together; or NULL */
	char *hint;   /* the field's once it is chosen; NULL: as it was */
	bool is_hint; /* choosing it narrows the field instead of filling it */
};

struct choices {
	struct choice items[CHOICES_LIMIT];
	size_t count;
	int picked;    /* the only sensible one, chosen without asking; or -1 */
	bool has_more; /* "more" shows further ones */
	/* What to say before the list, such as that the wanted time is taken. */
	struct strbuf intro;
};

#define CHOICES_INIT                               \
	{                                          \
		.picked = -1, .intro = STRBUF_INIT \
	}

/* Adds one and returns it, for a name, note or group to be set with choice_set;
 * the texts are copied, its name is the label. NULL (and has_more set) when the
 * limit is reached. */
struct choice *choices_add(
	struct choices *choices, const char *value, const char *label);
/* Sets one of a choice's texts to a copy; choice may be NULL. */
void choice_set(struct choice *choice, const char *name, const char *note,
	const char *group);
/* Sets its hint to a copy; choice may be NULL. */
void choice_set_hint(struct choice *choice, const char *hint);
/* "1  Cardiology" and so on, a line each; those of a group several to a line,
 * under its name. */
void choices_print(const struct choices *choices, struct strbuf *out);
void choices_reset(struct choices *choices);
void choices_release(struct choices *choices);

#endif
