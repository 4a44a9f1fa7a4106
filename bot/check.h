/* check.h - carelay --check: looks at everything the bot needs, and ends. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "settings.h"

/* Writes one line each about the database, its schema and the XMPP server.
 * True: the bot can start. It connects to the server for a moment; when the bot
 * already runs, the server's refusal of a second one is a good sign. */
bool check(const struct settings *settings, FILE *out);

#endif
