/* rows.h - inside the store: rows are made of libpq's results. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include <libpq-fe.h>

#include "base/attributes.h"
#include "store/store.h"

/* Takes over the result. */
struct rows *rows_new(PGresult *result) MUST_CHECK;

#endif
