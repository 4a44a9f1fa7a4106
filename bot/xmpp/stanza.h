/* stanza.h - XML elements as XMPP sends them: read, build, answer.
 *
 * The type is libstrophe's own, named here so that the other rooms need not
 * include it. A stanza is a tree; whoever holds its root frees it with
 * stanza_free(), and a tree is used by one thread at a time. What a getter
 * returns is borrowed from the tree. */
#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/error.h"

typedef struct _xmpp_stanza_t stanza;

#define NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define NS_COMMANDS "http://jabber.org/protocol/commands"
#define NS_DATA "jabber:x:data"
#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_REACTIONS "urn:xmpp:reactions:0"
#define NS_PING "urn:xmpp:ping"
#define NS_VERSION "jabber:iq:version"
#define NS_VCARD "vcard-temp"
#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_OMEMO "eu.siacs.conversations.axolotl"
#define NS_EME "urn:xmpp:eme:0"

/* A root element; ns may be NULL. */
stanza *stanza_new(const char *name, const char *ns) MUST_CHECK;
/* A deep copy, independent of the original. */
stanza *stanza_copy(const stanza *original) MUST_CHECK;
/* Reads one element from XML text; NULL when it is not well formed. */
stanza *stanza_parse(const char *xml) MUST_CHECK;
void stanza_free(stanza *root);
void stanza_release(stanza **root); /* for AUTO */

/* Adds a child and returns it (borrowed, owned by the parent). ns NULL: the
 * parent's. */
stanza *stanza_add(stanza *parent, const char *name, const char *ns);
/* Adds a child with text, the commonest case; text NULL adds an empty child. */
stanza *stanza_add_text(stanza *parent, const char *name, const char *text);
/* Hands a whole tree to a parent. */
void stanza_adopt(stanza *parent, stanza *child);
/* Sets an attribute; NULL removes it. "xml:lang" is written so. */
void stanza_set(stanza *element, const char *attribute, const char *value);
/* Sets the element's text; it must have no children. Characters that XML 1.0
 * forbids are left out. */
void stanza_set_text(stanza *element, const char *text);

/* Puts another text in the place of an element's; it has text and no children. */
void stanza_replace_text(stanza *element, const char *text);

const char *stanza_name(const stanza *element); /* never NULL */
const char *stanza_ns(const stanza *element);   /* "" when none */
const char *stanza_get(const stanza *element, const char *attribute);
/* All attributes: name, value, name, value ...; at most this many of them, how
 * many there are is returned. "xmlns" is one of them. */
size_t stanza_attributes(
	const stanza *element, const char **pairs, size_t most);
bool stanza_is(const stanza *element, const char *name, const char *ns);
/* The text directly inside; "" when none. The caller frees it. */
char *stanza_text(const stanza *element) MUST_CHECK;
/* Its length. */
size_t stanza_text_length(const stanza *element);
/* Children, elements only. ns NULL: any. name NULL: any. */
stanza *stanza_first(const stanza *parent);
stanza *stanza_next(const stanza *element);
stanza *stanza_find(const stanza *parent, const char *name, const char *ns);

/* Whether text is UTF-8 without characters that XML 1.0 forbids. */
bool stanza_text_is_clean(const char *text);

/* The element as XML. The caller frees it. */
char *stanza_print(const stanza *element) MUST_CHECK;

/* The answer to a stanza: same name and id, to and from exchanged (libstrophe's
 * own drops from, which ends the stream on ejabberd). type may be NULL. */
stanza *stanza_reply(const stanza *request, const char *type) MUST_CHECK;
/* A stanza error (RFC 6120 section 8.3): type "cancel", "modify", "auth" or
 * "wait", a defined condition, and a sentence (or NULL) for the person. NULL
 * when the request must not be answered (itself an error, or an IQ result). */
stanza *stanza_error(const stanza *request, const char *type,
	const char *condition, const char *text) MUST_CHECK;
/* The same from an error: its kind alone picks type and condition. */
stanza *stanza_failure(
	const stanza *request, const struct error *error) MUST_CHECK;
/* A chat message. id may be NULL. */
stanza *stanza_chat(const char *to, const char *from, const char *id,
	const char *body) MUST_CHECK;

#endif
