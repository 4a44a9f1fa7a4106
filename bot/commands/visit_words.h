/* visit_words.h - how commands say a visit that they changed: the first row of a
 * function that returns clinic.said. */
#ifndef COMMANDS_VISIT_WORDS_H
#define COMMANDS_VISIT_WORDS_H

#include "base/strbuf.h"
#include "desk/request.h"
#include "store/store.h"

/* The moment in a column, with its year and, if need be, its zone. */
void say_visit(struct strbuf *out, const struct request *request,
	const struct rows *rows, const char *column);
/* The other person of a visit, as the asker knows them: a patient's doctor,
 * "Leo Doe with Dr. Ana Ruiz" for a guardian, a patient for staff. */
void add_other_party(struct strbuf *out, const struct request *request,
	const struct rows *rows, size_t row);
/* Whether it is a visit of the asker's own, or of a dependant. */
bool is_patients_visit(
	const struct request *request, const struct rows *rows, size_t row);

#endif
