/* news.h - inside the mirror: what was told last, so that it is not told twice.
 *
 * A server may say the same twice, because it was asked in two ways; and what is
 * asked for again and again need be passed on only when it has changed. Numbers
 * (keyed_hash()) stand for what it is about and what was told. Limited: what was told
 * long ago may be forgotten, and is told again. Any thread. */
#ifndef MIRROR_NEWS_H
#define MIRROR_NEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"

#define NEWS_FOR_EVER INT64_MAX

struct news;

struct news *news_new(void) MUST_CHECK;
void news_free(struct news *news); /* NULL is fine */
/* Whether it is to be told: something else was told last, or it was told more than
 * again_ms ago. It is noted that it is told now (monotonic). */
bool news_take(struct news *news, uint64_t about, uint64_t what,
	int64_t again_ms, int64_t now_ms) MUST_CHECK;

#endif
