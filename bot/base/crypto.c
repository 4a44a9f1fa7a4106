/* crypto.c - the few things that want a cryptographic library (OpenSSL). */
#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/log.h"
#include "base/memory.h"

#define KEY_BYTES 64 /* AES-256-SIV has two keys in one */

struct crypto_siv {
	EVP_CIPHER *cipher;
	uint8_t key[KEY_BYTES];
};

static void must(bool is_done, const char *what)
{
	if (is_done)
		return;
	log_error("bot stops reason=\"OpenSSL cannot do %s\"", what);
	exit(1);
}

const char *crypto_sha1(
	const char *bytes, size_t length, char text[CRYPTO_SHA1_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	must(EVP_Digest(bytes, length, digest, NULL, EVP_sha1(), NULL) == 1,
		"SHA-1");
	EVP_EncodeBlock((unsigned char *)text, digest, CRYPTO_SHA1_BYTES);
	return text;
}

void crypto_sha256(const uint8_t *bytes, size_t length,
	uint8_t digest[CRYPTO_SHA256_BYTES])
{
	must(EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) == 1,
		"SHA-256");
}

void crypto_base64(const uint8_t *bytes, size_t length, char *text)
{
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
}

bool crypto_base64_read(const char *text, size_t length, uint8_t *bytes)
{
	return length % 4 == 0 && EVP_DecodeBlock(bytes, (const uint8_t *)text,
					  (int)length) == (int)length / 4 * 3;
}

static void derive(const char *secret, const char *purpose, uint8_t *key)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	AUTO(free_text) char *digest = xstrdup("SHA256");
	AUTO(free_text) char *from = xstrdup(secret);
	AUTO(free_text) char *info = xstrdup(purpose);
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string("digest", digest, 0),
		OSSL_PARAM_construct_octet_string("key", from, strlen(from)),
		OSSL_PARAM_construct_octet_string("info", info, strlen(info)),
		OSSL_PARAM_construct_end(),
	};

	must(context && EVP_KDF_derive(context, key, KEY_BYTES, parameters) > 0,
		"HKDF");
	explicit_bzero(from, strlen(from));
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
}

struct crypto_siv *crypto_siv_new(const char *secret, const char *purpose)
{
	struct crypto_siv *siv = xcalloc(1, sizeof(*siv));

	siv->cipher = EVP_CIPHER_fetch(NULL, "AES-256-SIV", NULL);
	must(siv->cipher != NULL, "AES-256-SIV");
	derive(secret, purpose, siv->key);
	return siv;
}

void crypto_siv_free(struct crypto_siv *siv)
{
	if (!siv)
		return;
	explicit_bzero(siv->key, sizeof(siv->key));
	EVP_CIPHER_free(siv->cipher);
	free(siv);
}

static void put_number(uint64_t number, uint8_t bytes[8])
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(number >> (8 * i));
}

void crypto_siv_seal(const struct crypto_siv *siv, uint64_t bound,
	const uint8_t *plain, size_t length, uint8_t *sealed)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t number[8];
	int count;

	put_number(bound, number);
	must(context &&
			EVP_EncryptInit_ex2(context, siv->cipher, siv->key,
				NULL, NULL) == 1 &&
			EVP_EncryptUpdate(context, NULL, &count, number,
				sizeof(number)) == 1 &&
			EVP_EncryptUpdate(context, sealed + CRYPTO_SIV_EXTRA,
				&count, plain, (int)length) == 1 &&
			EVP_EncryptFinal_ex(context, sealed, &count) == 1 &&
			EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
				CRYPTO_SIV_EXTRA, sealed) == 1,
		"AES-256-SIV");
	EVP_CIPHER_CTX_free(context);
}

bool crypto_siv_open(const struct crypto_siv *siv, uint64_t bound,
	const uint8_t *sealed, size_t length, uint8_t *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t number[8], tag[CRYPTO_SIV_EXTRA];
	bool is_ours;
	int count;

	put_number(bound, number);
	memcpy(tag, sealed, sizeof(tag));
	must(context &&
			EVP_DecryptInit_ex2(context, siv->cipher, siv->key,
				NULL, NULL) == 1 &&
			EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG,
				sizeof(tag), tag) == 1 &&
			EVP_DecryptUpdate(context, NULL, &count, number,
				sizeof(number)) == 1,
		"AES-256-SIV");
	is_ours = EVP_DecryptUpdate(context, plain, &count,
			  sealed + CRYPTO_SIV_EXTRA,
			  (int)(length - CRYPTO_SIV_EXTRA)) == 1;
	EVP_CIPHER_CTX_free(context);
	return is_ours;
}
