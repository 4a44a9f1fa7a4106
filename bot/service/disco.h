/* disco.h - what can be found here, and what it can do (XEP-0030).
 *
 * One table of nodes: the plain address (no node) and the list of commands; a
 * new node is a row. */
#ifndef SERVICE_DISCO_H
#define SERVICE_DISCO_H

#include "switchboard.h"

handler disco_info;
handler disco_items;

#endif
