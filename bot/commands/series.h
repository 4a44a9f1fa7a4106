/* series.h - booking several visits together, for the command "book". */
#ifndef COMMANDS_SERIES_H
#define COMMANDS_SERIES_H

#include "desk/command.h"

/* The last question: which visits can be, and which cannot and why. A conflict
 * when something changed since they were listed. who: "Dr. Ana Ruiz", as the
 * question begins. */
bool confirm_series(struct request *request, const struct form *form,
	const char *who, struct strbuf *question,
	struct error *error) MUST_CHECK;
/* Books them, all or none. */
bool run_series(struct request *request, const struct form *form,
	const char *who, struct strbuf *answer, struct error *error) MUST_CHECK;

#endif
