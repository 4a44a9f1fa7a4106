/* expand.c - prints the openings of hours, as the database takes them.
 *
 *	expand FROM THROUGH HOURS     expand 2026-01-01 2030-12-31 "mon 9-12"
 */
#include <stdio.h>

#include "base/attributes.h"
#include "desk/hours.h"

int main(int count, char *words[])
{
	struct expansion expansion AUTO(expansion_release) = EXPANSION_INIT;
	struct strbuf json AUTO(strbuf_release) = STRBUF_INIT;
	struct hours hours;
	struct error error = {.message = "expand FROM THROUGH HOURS"};
	int32_t from, through;

	if (count != 4 || !civil_read_date(words[1], &from) ||
		!civil_read_date(words[2], &through) ||
		!hours_read(words[3], from, &hours, &error) ||
		!hours_expand(&hours, from, through, &expansion, &error)) {
		(void)fprintf(stderr, "%s\n", error.message);
		return 1;
	}
	expansion_print(&expansion, &json);
	(void)puts(json.text);
	return 0;
}
