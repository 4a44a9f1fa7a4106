/* rows.c - what a call returned: rows of named columns, as text. */
#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

struct rows {
	PGresult *result;
};

struct rows *rows_new(PGresult *result)
{
	struct rows *rows = xcalloc(1, sizeof(*rows));

	rows->result = result;
	return rows;
}

size_t rows_count(const struct rows *rows)
{
	return (size_t)PQntuples(rows->result);
}

/* To ask for what is not there is a mistake in our own text: nothing read
 * after it could be trusted. */
static int find_column(const struct rows *rows, size_t row, const char *column)
{
	int at = PQfnumber(rows->result, column);

	if (at >= 0 && row < rows_count(rows))
		return at;
	log_error("rows have no such value column=%s row=%zu", column, row);
	abort();
}

const char *rows_text(const struct rows *rows, size_t row, const char *column)
{
	int at = find_column(rows, row, column);

	if (PQgetisnull(rows->result, (int)row, at))
		return NULL;
	return PQgetvalue(rows->result, (int)row, at);
}

long long rows_number(const struct rows *rows, size_t row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

bool rows_bool(const struct rows *rows, size_t row, const char *column)
{
	const char *text = rows_text(rows, row, column);

	return text && strcmp(text, "t") == 0;
}

void rows_free(struct rows *rows)
{
	if (!rows)
		return;
	PQclear(rows->result);
	free(rows);
}

void rows_release(struct rows **rows)
{
	rows_free(*rows);
}
