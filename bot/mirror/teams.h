/* teams.h - care teams' rooms on the server's chat service (XEP-0045).
 *
 * Who is in which team stands in the database (schema/api/teams.sql). The bot owns
 * a room for each team and makes it fit: it joins, sets the room up (members
 * only, hidden, kept, nobody sees addresses), compares the room's list of members
 * with the register, puts it right, and invites who was not invited yet. It does
 * so when the register changes (NOTIFY team), when it or the server or the chat
 * service has been away, and now and then looks whether it is still there.
 *
 * One thread with its own database connection keeps the register and the time;
 * what the rooms answer comes from the workers. */
#ifndef MIRROR_TEAMS_H
#define MIRROR_TEAMS_H

#include <stdbool.h>

#include "base/attributes.h"
#include "switchboard.h"
#include "xmpp/stanza.h"

struct settings;
struct stream;
struct teams;

/* Borrows both. */
struct teams *teams_new(
	const struct settings *settings, struct stream *stream) MUST_CHECK;
/* Starts its thread; once. */
void teams_start(struct teams *teams);
/* Any thread: the stream came up, so no room knows us any more. */
void teams_wake(struct teams *teams);
/* False when its thread has not ended within within_ms: then it must not be
 * freed. */
bool teams_stop(struct teams *teams, int within_ms) MUST_CHECK;
void teams_free(struct teams *teams); /* NULL is fine */

/* What the chat service sends: presences of who is in a room, and answers. */
handler teams_hear;
/* What is said in a room, or to the bot alone through it. Kept for the record;
 * "desk: ..." is answered for everybody to see. */
handler teams_talk;

/* The real bare address of who has a nickname in a room. False: nobody has. */
bool teams_occupant(struct teams *teams, const char *room, const char *nick,
	char *bare) MUST_CHECK;

#endif
