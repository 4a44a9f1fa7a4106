/* text.h - what people type, made fit to be read, compared and shown.
 *
 * Nothing that comes from outside is stored, compared or said before it went
 * through text_clean(): so no control character, no right-to-left override and
 * no invisible letter ever reaches the database or another person. */
#ifndef DESK_TEXT_H
#define DESK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* Longer messages are not read as commands, in bytes. */
#define TEXT_LIMIT 1000

/* Adds raw in Unicode normal form C, with every run of white space one space,
 * none at the ends, and without control, format and unassigned characters. False
 * when raw is not UTF-8: nothing is added then. */
bool text_clean(const char *raw, struct strbuf *clean) MUST_CHECK;
/* Adds clean text as it is compared: case folded, accents off, typographic
 * quotes and dashes as ASCII. */
void text_fold(const char *clean, struct strbuf *folded);
/* How many single-letter mistakes (one missing, added, wrong, or two exchanged)
 * lie between two folded words; limit + 1 when more than limit (at most 3). */
int text_distance(const char *one, const char *other, int limit);
/* A name typed all in small or all in capital letters as names are written:
 * each word with a capital. Any other is left as it is. The caller frees it. */
char *text_name(const char *clean) MUST_CHECK;
/* How many letters (Unicode category L) text has. */
size_t text_letter_count(const char *text);

#endif
