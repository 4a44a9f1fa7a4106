/* said.h - what several subjects of commands say alike. */
#ifndef COMMANDS_SAID_H
#define COMMANDS_SAID_H

#include "desk/command.h"

struct hours;

/* A line for each row with starts and ends: "Thu 24 Dec to Sat 2 Jan". */
void say_stretches(struct strbuf *answer, const struct request *request,
	const struct rows *rows);
/* The sentence and then, a line each, the visits that a change touches: code,
 * starts, patient_name and, is_clinic, doctor_name. Nothing when there are none. */
void say_touched(struct strbuf *answer, const struct request *request,
	const struct rows *rows, bool is_clinic, const char *sentence);
/* Notes that the form's "period" is a doctor's time off, or closed for all
 * (is_clinic): the sentence says so with {period}, then the visits in it. */
bool note_closed(struct request *request, const struct form *form,
	bool is_clinic, const char *sentence, struct strbuf *answer,
	bool *has_visits, struct error *error) MUST_CHECK;
/* Takes such a time back, which the field chose, by a function of the API; the
 * sentence says so with {period}. */
bool take_closed_back(struct request *request, const struct form *form,
	const char *field, const char *function, const char *sentence,
	struct strbuf *answer, struct error *error) MUST_CHECK;
/* Hours as hours_set and office_hours take them; the caller's. */
char *print_hours_rules(const struct hours *hours) MUST_CHECK;
/* Adds hours as they can be typed, from the rows from first_row on: a rule, its
 * first day, starts and ends. */
bool print_hours(const struct rows *rows, size_t first_row,
	const char *rule_column, const char *day_column,
	struct strbuf *text) MUST_CHECK;

#endif
