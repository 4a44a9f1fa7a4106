/* file_link.c - the clinic's own links to files. */
#include "mirror/file_link.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"

/* Sealed they are 54 bytes, which are 72 characters of base64 with no rest. */
#define PLAIN_BYTES (CRYPTO_SHA256_BYTES + 4 + 2)
#define SEALED_BYTES (PLAIN_BYTES + CRYPTO_SIV_EXTRA)
#define TOKEN_LENGTH (SEALED_BYTES / 3 * 4)
_Static_assert(SEALED_BYTES % 3 == 0, "the token has no padding");

struct file_links {
	struct crypto_siv *siv;
	char *prefix; /* of all links */
};

struct file_links *file_links_new(const char *secret, const char *base)
{
	struct file_links *links = xcalloc(1, sizeof(*links));

	links->siv = crypto_siv_new(secret, "carelay files");
	links->prefix = xasprintf("%s%s", base, FILE_ROUTE);
	return links;
}

void file_links_free(struct file_links *links)
{
	if (!links)
		return;
	crypto_siv_free(links->siv);
	free(links->prefix);
	free(links);
}

/* Of two alphabets of base64, the one that may stand in a link, and back. */
static void exchange(char *text, char from, char to)
{
	for (; (text = strchr(text, from)); text++)
		*text = to;
}

static void add_escaped(struct strbuf *out, const char *text)
{
	for (; *text; text++)
		if (isalnum((unsigned char)*text) || strchr("-._~", *text))
			strbuf_add_char(out, *text);
		else
			strbuf_addf(out, "%%%02X", (unsigned char)*text);
}

char *file_link_make(const struct file_links *links,
	const uint8_t digest[CRYPTO_SHA256_BYTES], int64_t until_s,
	const char *name)
{
	uint8_t plain[PLAIN_BYTES] = {0}, sealed[SEALED_BYTES];
	char token[CRYPTO_BASE64_SIZE(SEALED_BYTES)];
	struct strbuf link = STRBUF_INIT;

	memcpy(plain, digest, CRYPTO_SHA256_BYTES);
	for (int i = 0; i < 4; i++)
		plain[CRYPTO_SHA256_BYTES + i] = (uint8_t)(until_s >> (8 * i));
	crypto_siv_seal(links->siv, 0, plain, sizeof(plain), sealed);
	crypto_base64(sealed, sizeof(sealed), token);
	exchange(token, '+', '-');
	exchange(token, '/', '_');
	strbuf_addf(&link, "%s%s/", links->prefix, token);
	add_escaped(&link, name);
	return strbuf_detach(&link);
}

bool file_link_is_ours(const struct file_links *links, const char *url)
{
	return strncmp(url, links->prefix, strlen(links->prefix)) == 0;
}

bool file_link_open(const struct file_links *links, const char *path,
	int64_t now_s, uint8_t digest[CRYPTO_SHA256_BYTES])
{
	uint8_t plain[PLAIN_BYTES], sealed[SEALED_BYTES];
	char token[TOKEN_LENGTH + 1];
	uint32_t until_s = 0;

	/* A name follows: who serves the file reads the type from it. */
	if (strcspn(path, "/") != TOKEN_LENGTH || !path[TOKEN_LENGTH])
		return false;
	memcpy(token, path, TOKEN_LENGTH);
	token[TOKEN_LENGTH] = '\0';
	exchange(token, '-', '+');
	exchange(token, '_', '/');
	if (!crypto_base64_read(token, TOKEN_LENGTH, sealed) ||
		!crypto_siv_open(links->siv, 0, sealed, sizeof(sealed), plain))
		return false;
	for (int i = 0; i < 4; i++)
		until_s |= (uint32_t)plain[CRYPTO_SHA256_BYTES + i] << (8 * i);
	if (now_s >= until_s)
		return false;
	memcpy(digest, plain, CRYPTO_SHA256_BYTES);
	return true;
}

static int hex_value(char digit)
{
	return isdigit((unsigned char)digit)
		       ? digit - '0'
		       : tolower((unsigned char)digit) - 'a' + 10;
}

/* The last part of a link or of a path, with %20 and the like read, without what
 * comes after the last dot. */
static void read_stem(const char *wanted, char *stem, size_t size)
{
	size_t end = strcspn(wanted, "?#"), length = 0;
	const char *at = wanted;
	char *dot;

	for (size_t i = 0; i < end; i++)
		if (wanted[i] == '/' || wanted[i] == '\\')
			at = wanted + i + 1;
	for (; at < wanted + end && length + 1 < size; at++)
		if (*at == '%' && isxdigit((unsigned char)at[1]) &&
			isxdigit((unsigned char)at[2])) {
			stem[length++] = (char)(hex_value(at[1]) * 16 +
						hex_value(at[2]));
			at += 2;
		} else {
			stem[length++] = *at;
		}
	stem[length] = '\0';
	if ((dot = strrchr(stem, '.')))
		*dot = '\0';
}

/* Letters and digits of ASCII and what may stand between them. */
static void make_plain(char *stem)
{
	for (; *stem; stem++)
		if (!isascii((unsigned char)*stem) ||
			(!isalnum((unsigned char)*stem) &&
				!strchr(" -_()", *stem)))
			*stem = '_';
}

static bool has_part(const char *stem, const char *part, size_t length)
{
	AUTO(free_text) char *copy = xstrndup(part, length);

	return length && strcasestr(stem, copy);
}

/* Whether a name tells who or where its sender is. */
static bool tells(const char *stem, const char *sender_jid)
{
	size_t local = strcspn(sender_jid, "@");
	const char *domain = sender_jid + local + (sender_jid[local] == '@');

	return has_part(stem, sender_jid, local) ||
	       has_part(stem, domain, strcspn(domain, "."));
}

/* A number, perhaps of base 16, which may be made of an address. */
static bool is_number(const char *stem)
{
	size_t decimals = 0, digits = 0, letters = 0;

	for (; *stem; stem++) {
		decimals += isdigit((unsigned char)*stem) != 0;
		digits += isxdigit((unsigned char)*stem) != 0;
		letters += isalpha((unsigned char)*stem) &&
			   !isxdigit((unsigned char)*stem);
	}
	return (letters == 0 && decimals > 0) || digits >= 24 ||
	       letters + digits == 0;
}

void file_name(char name[FILE_NAME_SIZE], const char *wanted,
	const char *sender_jid, const struct file_type *type)
{
	char stem[FILE_NAME_SIZE - 12] = "";

	if (wanted)
		read_stem(wanted, stem, sizeof(stem));
	bool is_good = *stem && !tells(stem, sender_jid);
	make_plain(stem);
	if (!is_good || is_number(stem))
		(void)snprintf(name, FILE_NAME_SIZE, "%s.%s", type->noun,
			type->extension);
	else
		(void)snprintf(
			name, FILE_NAME_SIZE, "%s.%s", stem, type->extension);
}
