/* echo.c - a component that sends every message back, and does nothing else.
 *
 *	build/mirror/echo PORT DOMAIN SECRET
 *
 * What the mirror's speed is compared with: it exchanges two attributes in the
 * text and parses nothing, so what it reaches is what the server can do. It ends
 * with its connection. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/strbuf.h"

static int open_stream(int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int yes = 1, stream = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(stream, (struct sockaddr *)&address, sizeof(address)) != 0)
		exit(1);
	setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return stream;
}

static void put(int stream, const char *text, size_t length)
{
	while (length) {
		ssize_t count = write(stream, text, length);

		if (count <= 0)
			exit(0);
		text += count;
		length -= (size_t)count;
	}
}

static void get(int stream, struct strbuf *text)
{
	static char bytes[65536];
	ssize_t count = read(stream, bytes, sizeof(bytes));

	if (count <= 0)
		exit(0);
	strbuf_add_bytes(text, bytes, (size_t)count);
}

static void shake_hands(int stream, const char *domain, const char *secret)
{
	AUTO(free_text)
	char *header =
		xasprintf("<stream:stream xmlns='jabber:component:accept' "
			  "xmlns:stream='http://etherx.jabber.org/streams' "
			  "to='%s'>",
			domain);
	AUTO(strbuf_release) struct strbuf answer = STRBUF_INIT;
	AUTO(strbuf_release) struct strbuf proof = STRBUF_INIT;
	unsigned char digest[EVP_MAX_MD_SIZE];
	const char *id;

	put(stream, header, strlen(header));
	while (!(id = strstr(answer.text, "id='")) || !strchr(id, '>'))
		get(stream, &answer);
	id += 4;
	strbuf_add_bytes(&proof, id, strcspn(id, "'"));
	strbuf_add(&proof, secret);
	EVP_Digest(proof.text, proof.length, digest, NULL, EVP_sha1(), NULL);
	strbuf_reset(&proof);
	strbuf_add(&proof, "<handshake>");
	for (int i = 0; i < 20; i++)
		strbuf_addf(&proof, "%02x", digest[i]);
	strbuf_add(&proof, "</handshake>");
	put(stream, proof.text, proof.length);
	strbuf_reset(&answer);
	while (!strstr(answer.text, "handshake"))
		get(stream, &answer);
}

/* Exchanges the names of the attributes from and to in the stanza's tag. */
static void turn_round(char *stanza)
{
	char *end = strchr(stanza, '>');
	char *from = strstr(stanza, " from="), *to = strstr(stanza, " to=");

	if (!from || !to || from > end || to > end)
		return;
	/* " to=" has room for two letters less: "from" moves into a blank. */
	AUTO(strbuf_release) struct strbuf text = STRBUF_INIT;
	for (char *at = stanza; *at;)
		if (at == from) {
			strbuf_add(&text, " to=");
			at += strlen(" from=");
		} else if (at == to) {
			strbuf_add(&text, " from=");
			at += strlen(" to=");
		} else {
			strbuf_add_char(&text, *at++);
		}
	memcpy(stanza, text.text, text.length);
}

int main(int argc, char **argv)
{
	static const char end[] = "</message>";
	AUTO(strbuf_release) struct strbuf in = STRBUF_INIT;
	int stream;

	if (argc != 4)
		return 2;
	stream = open_stream((int)strtol(argv[1], NULL, 10));
	shake_hands(stream, argv[2], argv[3]);
	puts("ready");
	fflush(stdout);
	for (;;) {
		AUTO(strbuf_release) struct strbuf out = STRBUF_INIT;
		char *at, *next;

		get(stream, &in);
		for (at = in.text; (next = strstr(at, end)); at = next) {
			char *begin = strstr(at, "<message");

			next += strlen(end);
			if (!begin || begin > next)
				continue;
			AUTO(free_text)
			char *stanza = xstrndup(begin, (size_t)(next - begin));
			turn_round(stanza);
			strbuf_add(&out, stanza);
		}
		put(stream, out.text, out.length);
		AUTO(free_text) char *rest = xstrdup(at);
		strbuf_reset(&in);
		strbuf_add(&in, rest);
	}
}
