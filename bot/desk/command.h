/* command.h - a command is a form: declared once, filled in three ways.
 *
 * One declaration gives the one-line command, the conversation, the ad-hoc
 * command with its data form, the help and the manual. To add a command is to
 * add one declaration (a row of commands/commands.c), one SQL function, its
 * wording and a conversation test. */
#ifndef DESK_COMMAND_H
#define DESK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "desk/choices.h"
#include "desk/form.h"
#include "desk/reading.h"
#include "desk/request.h"

struct field;

/* What a field type found in a sentence. */
enum found {
	FOUND_NOTHING,
	FOUND_HINT,  /* the choices are narrower now */
	FOUND_VALUE, /* the field is filled */
	FOUND_WRONG, /* meant for it, but wrong: the error says why */
};

/* One field being filled. */
struct filling {
	struct request *request;
	struct form *form;
	size_t index; /* of the field in the form */
	const struct field *field;
};

/* A type of field. Each knows how to find itself in a sentence and, if it has
 * any, how to list its choices. */
struct field_type {
	const char *name;
	/* The form field of XEP-0004 when there is nothing to choose from. */
	const char *form_type;
	/* Whether it takes any words, so that the others look first. */
	bool is_greedy;
	/* A form offers a box to write it in before what it depends on is known;
	 * it lists nothing to choose from until something was said. */
	bool is_written;
	/* It has a word of its own, after which the rest of the sentence is its:
	 * it looks before the others. */
	bool is_eager;
	/* It is answered by a yes or a no: "ok" is an answer. */
	bool is_agreement;
	/* Reads the unused words. is_asked: the sentence answers this field's
	 * question, so all of it may be meant. */
	enum found (*find)(struct filling *filling, struct reading *reading,
		bool is_asked, struct error *error);
	/* Lists what there is to choose from, with what is known so far. None
	 * at all is an error in words. NULL: nothing to choose from. */
	bool (*choose)(struct filling *filling, struct choices *choices,
		struct error *error);
	/* More of the same list, after the choices offered last. */
	bool (*choose_more)(struct filling *filling,
		const struct choices *offered, struct choices *choices,
		struct error *error);
	/* What is still wished when the choice that a hint left was not wanted:
	 * the caller's text, or NULL for nothing. NULL: hints stay. */
	char *(*loosen)(const char *hint);
	/* What may be answered, said after the list or question. */
	const char *how;
};

enum field_need {
	FIELD_NEEDED,    /* asked until known */
	FIELD_SKIPPABLE, /* asked once; "skip" is an answer */
	FIELD_OPTIONAL,  /* taken when the sentence has it, never asked */
};

struct field {
	const char *name;
	const struct field_type *type;
	const char *label;    /* in a data form */
	const char *question; /* in a conversation; {first} is the given name */
	enum field_need need;
	/* When this says false the field is not asked (NULL: always asked). */
	bool (*is_wanted)(
		const struct request *request, const struct form *form);
	/* The answers of a choice field: value, label, value, label, NULL. */
	const char *const *options;
	/* Its choices depend on an earlier field, so a data form shows it on a
	 * later page, and it is asked anew when one of those changes that it
	 * follows: these, or any earlier one. */
	bool is_dependent;
	const char *follows[2];
	/* The refusal "just taken" (a conflict), of run or of confirm, is about
	 * this field: it is asked again then. */
	bool is_contested;
};

struct command {
	const char *name; /* one or two words; also the ad-hoc node */
	/* What else it is called, with weights 1 to 9 for how surely it is
	 * meant: "reserve 8, an appointment 3". "^x" begins the sentence, "=x"
	 * is all of it, "did * write" has a gap (reading_find_phrase). The name has weight 9 where it begins the sentence, or
	 * is all of it when the command has no fields. */
	const char *words;
	const char *summary;
	const char *synopsis;
	const char *example; /* a sentence that runs it */
	unsigned roles;      /* who may: checked in one place, before it runs */
	/* Its words are ordinary ones ("start", "done"), which mean it only when
	 * somebody says them who may use it; nobody else is refused it. */
	bool is_jargon;
	const struct field *fields;
	size_t field_count;
	/* Says the question before it runs; is_question false: nothing to
	 * confirm. NULL: never confirmed. It may hold what it asks about; it is
	 * not called when the answer is known before. See form_confirm(). */
	bool (*confirm)(struct request *request, const struct form *form,
		struct strbuf *question, bool *is_question,
		struct error *error);
	/* Lets go of what confirm held, when the form is left or goes on with
	 * something else. NULL: it holds nothing. */
	bool (*let_go)(struct request *request, struct error *error);
	/* Does it and says what was done. One that tells a long list tells a
	 * page of it: see request_page(). */
	bool (*run)(struct request *request, const struct form *form,
		struct strbuf *answer, struct error *error);
};

#endif
