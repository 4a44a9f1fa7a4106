/* adhoc.h - the desk's commands as ad-hoc commands (XEP-0050).
 *
 * Every command of the desk is one: its declaration makes the pages, its role
 * table decides who sees it. A session is a form kept in the database under its
 * session id, so it survives a restart like a conversation does. */
#ifndef SERVICE_ADHOC_H
#define SERVICE_ADHOC_H

#include "switchboard.h"

/* iq set with <command/>: begins, goes on with, goes back in or ends one. */
handler adhoc_command;

/* Adds the commands that the asker may use to a disco#items answer. */
void adhoc_list(struct room *room, const stanza *incoming, stanza *query);
/* Whether there is a command of this node; its summary then, else NULL. */
const char *adhoc_summary(const char *node);

#endif
