/* money.h - an amount as people write it: "50 EUR", "$60", "12,50". */
#ifndef DESK_MONEY_H
#define DESK_MONEY_H

#include <stdbool.h>

#define MONEY_SIZE 32

/* Reads an amount, with the sign or name of a currency before or after it or
 * with none, as "12.50 EUR"; currency (ISO 4217) is for one that has none. */
bool money_read(const char *piece, const char *currency, char text[MONEY_SIZE]);

#endif
