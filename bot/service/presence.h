/* presence.h - the desk and the component in somebody's contact list.
 *
 * Anybody may have them there, and they are always available while the bot
 * runs. Nothing is stored: the server asks with a probe whenever somebody logs
 * in. */
#ifndef SERVICE_PRESENCE_H
#define SERVICE_PRESENCE_H

#include "switchboard.h"

/* The resource of the desk's and the component's full addresses. */
#define SERVICE_RESOURCE "carelay"

handler presence_subscribe;
handler presence_unsubscribe;
handler presence_probe;
/* For an address that nobody has. */
handler presence_refuse;

#endif
