/* team_room.h - one team's room: what it should be, and the next step to it.
 *
 *	OUT -> JOINING -> SETTING_UP -> LISTING -> MENDING -> IN
 *
 * Each step asks the chat service one thing and waits for the answer; what goes
 * wrong or is not answered begins again from OUT, later each time. Of a change in
 * the register, LISTING begins again. Nothing here locks; teams.c does. */
#ifndef MIRROR_TEAM_ROOM_H
#define MIRROR_TEAM_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xmpp/stanza.h"
#include "xmpp/stream.h"

enum room_state {
	ROOM_OUT,
	ROOM_JOINING,
	ROOM_SETTING_UP,
	ROOM_LISTING,
	ROOM_MENDING,
	ROOM_IN,
	ROOM_LOOKING,    /* in, and asking whether it is so (XEP-0410) */
	ROOM_DESTROYING, /* the team is closed */
	ROOM_GONE,
};

/* Who belongs there. */
struct room_member {
	char *jid; /* bare */
	char *row; /* of the register */
	bool is_invited, is_listed;
};

/* Who is there. */
struct room_occupant {
	char *nick, *jid; /* bare */
};

struct room_listed {
	char *jid;
};

struct team_room {
	char *jid, *title;
	enum room_state state;
	bool is_closed;  /* it is to be destroyed */
	bool is_changed; /* the register: what is under way is out of date */
	bool is_seen;    /* in the register, when that is read again */
	struct room_member *members;
	size_t member_count;
	struct room_occupant *occupants;
	size_t occupant_count;
	struct room_listed *strays; /* listed, and not in the register */
	size_t stray_count;
	size_t list;    /* which of the lists is being read */
	char asked[40]; /* the id of what was asked last */
	int64_t due_ms; /* the next look */
	int failures;
	struct team_room *next;
};

/* What a room needs to speak. */
struct room_voice {
	struct stream *stream;
	const char *self; /* the bot's full address */
	const char *nick;
	/* A member was invited: to be put down. */
	void (*on_invited)(void *context, const struct room_member *member);
	/* The room is destroyed: to be put down. */
	void (*on_destroyed)(void *context, const struct team_room *room);
	void *context;
};

struct team_room *team_room_new(const char *jid);
void team_room_free(struct team_room *room); /* NULL is fine */
/* Nobody belongs there (then they are added one by one). */
void team_room_clear(struct team_room *room);
void team_room_add(struct team_room *room, const char *jid, const char *row,
	bool is_invited);

/* The time has come, or the register has changed. */
void team_room_step(
	struct team_room *room, const struct room_voice *voice, int64_t now_ms);
/* The stream, or the room, has forgotten us. */
void team_room_leave(struct team_room *room);
/* A presence, an answer or an error from the room. */
void team_room_hear(struct team_room *room, const struct room_voice *voice,
	const stanza *incoming, int64_t now_ms);

#endif
