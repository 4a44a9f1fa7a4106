/* test_rewrite.c - what passes between a patient and a doctor, and as what.
 *
 * A case is what one side sent and what the other gets. {d} stands for the
 * doctor's clinic address, {p} for the patient's, with the resource that the other
 * one's device is sealed to: {d/}, {p/}. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "mirror/rewrite.h"

#define PATIENT "pat@home.example"
#define PATIENT_DEVICE "Conversations.aB1"
#define DOCTOR "smith@hosp.example"
#define DOCTOR_DEVICE "dino.77"
#define SHOWN_PATIENT "jane.k7f3@clinic.example"
#define SHOWN_DOCTOR "dr.smith@clinic.example"

static struct seal *seal;
static char sealed_patient[SEAL_SIZE], sealed_doctor[SEAL_SIZE];

static int set_up(void **state UNUSED)
{
	seal = seal_new("secret", SEAL_DEVICES);
	assert_true(seal_close(seal, 1, PATIENT_DEVICE, sealed_patient));
	assert_true(seal_close(seal, 2, DOCTOR_DEVICE, sealed_doctor));
	return 0;
}

static int tear_down(void **state UNUSED)
{
	seal_free(seal);
	return 0;
}

static struct passage patient_to_doctor(void)
{
	return (struct passage){
		.seal = seal,
		.sender = {1, PATIENT, SHOWN_PATIENT},
		.receiver = {2, DOCTOR, SHOWN_DOCTOR},
		.sender_resource = PATIENT_DEVICE,
	};
}

/* Fills {p/}, {d/} in; the caller frees it. */
static char *filled(const char *text)
{
	struct strbuf out = STRBUF_INIT;

	for (; *text; text++)
		if (strncmp(text, "{p/}", 4) == 0) {
			strbuf_addf(&out, SHOWN_PATIENT "/%s", sealed_patient);
			text += 3;
		} else if (strncmp(text, "{d/}", 4) == 0) {
			strbuf_addf(&out, SHOWN_DOCTOR "/%s", sealed_doctor);
			text += 3;
		} else {
			strbuf_add_char(&out, *text);
		}
	return strbuf_detach(&out);
}

/* Whether two elements say the same; attributes may come in any order. */
static bool is_same(const stanza *one, const stanza *other)
{
	AUTO(free_text) char *text = stanza_text(one);
	AUTO(free_text) char *other_text = stanza_text(other);
	const char *pairs[64], *others[64];
	size_t count = stanza_attributes(one, pairs, 32);
	const stanza *child = stanza_first(one);
	const stanza *other_child = stanza_first(other);

	if (!stanza_is(one, stanza_name(other), NULL) ||
		strcmp(text, other_text) != 0 ||
		stanza_attributes(other, others, 32) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *value = stanza_get(other, pairs[2 * i]);

		if (!value || strcmp(value, pairs[2 * i + 1]) != 0)
			return false;
	}
	for (; child && other_child; child = stanza_next(child),
				     other_child = stanza_next(other_child))
		if (!is_same(child, other_child))
			return false;
	return !child && !other_child;
}

static void assert_rewritten(
	const struct passage *passage, const char *in, const char *expected)
{
	AUTO(free_text) char *in_text = filled(in);
	AUTO(free_text) char *expected_text = filled(expected);
	AUTO(stanza_release) stanza *incoming = stanza_parse(in_text);
	AUTO(stanza_release) stanza *wanted = stanza_parse(expected_text);
	AUTO(stanza_release) stanza *got = rewrite(passage, incoming, NULL);
	AUTO(free_text) char *text = NULL;
	/* stanza_parse() of a printed one, so that both have what is inherited
	 * in the same way. */
	AUTO(stanza_release) stanza *again = NULL;

	assert_non_null(wanted);
	assert_non_null(got);
	text = stanza_print(got);
	again = stanza_parse(text);
	if (!is_same(again, wanted))
		fail_msg("expected %s\n     got %s", expected_text, text);
}

/* The whole message of a child, from the patient. */
static void assert_child(const char *in, const char *expected)
{
	struct passage passage = patient_to_doctor();
	AUTO(free_text)
	char *incoming = xasprintf("<message type='chat' id='m' from='" PATIENT
				   "/" PATIENT_DEVICE "' to='" SHOWN_DOCTOR
				   "'>%s</message>",
		in);
	AUTO(free_text)
	char *outgoing = xasprintf("<message type='chat' id='m' from='{p/}' "
				   "to='" DOCTOR "'>%s</message>",
		expected);

	assert_rewritten(&passage, incoming, outgoing);
}

#define SAME(text) assert_child(text, text)

static void a_message_has_other_addresses_and_the_same_id(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();

	assert_rewritten(&passage,
		"<message type='chat' id='m-77' xml:lang='en' "
		"from='pat@home.example/Conversations.aB1' "
		"to='dr.smith@clinic.example'><body xml:lang='de'>Tag</body>"
		"<origin-id xmlns='urn:xmpp:sid:0' id='m-77'/></message>",
		"<message type='chat' id='m-77' xml:lang='en' from='{p/}' "
		"to='smith@hosp.example'><body xml:lang='de'>Tag</body>"
		"<origin-id xmlns='urn:xmpp:sid:0' id='m-77'/></message>");
	passage.receiver_resource = DOCTOR_DEVICE;
	assert_rewritten(&passage,
		"<message id='m' from='x' to='y'><body>a</body></message>",
		"<message type='chat' id='m' from='{p/}' "
		"to='smith@hosp.example/dino.77'><body>a</body></message>");
	passage.sender_resource = NULL;
	assert_rewritten(&passage,
		"<message type='normal' from='x' to='y' xml:lang='../x'>"
		"<body>a</body></message>",
		"<message type='chat' from='jane.k7f3@clinic.example' "
		"to='smith@hosp.example/dino.77'><body>a</body></message>");
}

static void what_is_talk_is_of_type_chat(void **state UNUSED)
{
	static const char *const talk[] = {"<body>a</body>",
		"<encrypted xmlns='eu.siacs.conversations.axolotl'/>",
		"<propose xmlns='urn:xmpp:jingle-message:0' id='s'/>",
		"<ringing xmlns='urn:xmpp:jingle-message:0' id='s'/>"};
	static const char *const other[] = {
		"<received xmlns='urn:xmpp:receipts' id='d-1'/>",
		"<displayed xmlns='urn:xmpp:chat-markers:0' id='d-1'/>",
		"<paused xmlns='http://jabber.org/protocol/chatstates'/>"};
	struct passage passage = patient_to_doctor();

	for (size_t i = 0; i < COUNT_OF(talk) + COUNT_OF(other); i++) {
		bool is_talk = i < COUNT_OF(talk);
		const char *inner =
			is_talk ? talk[i] : other[i - COUNT_OF(talk)];
		AUTO(free_text)
		char *without = xasprintf(
			"<message from='x' to='y'>%s</message>", inner);
		AUTO(free_text)
		char *normal = xasprintf(
			"<message type='normal' from='x' to='y'>%s</message>",
			inner);
		AUTO(free_text)
		char *chat = xasprintf("<message %sfrom='{p/}' "
				       "to='smith@hosp.example'>%s</message>",
			is_talk ? "type='chat' " : "", inner);
		AUTO(free_text)
		char *kept = xasprintf("<message type='%s' from='{p/}' "
				       "to='smith@hosp.example'>%s</message>",
			is_talk ? "chat" : "normal", inner);

		assert_rewritten(&passage, without, chat);
		assert_rewritten(&passage, normal, kept);
	}
}

static void what_chats_are_made_of_passes(void **state UNUSED)
{
	SAME("<body>a &amp; b &lt;c/&gt;</body><active "
	     "xmlns='http://jabber.org/protocol/chatstates'/>");
	SAME("<composing xmlns='http://jabber.org/protocol/chatstates'/>");
	SAME("<received xmlns='urn:xmpp:receipts' id='d-1'/>");
	SAME("<body>x</body><request xmlns='urn:xmpp:receipts'/>"
	     "<markable xmlns='urn:xmpp:chat-markers:0'/>");
	SAME("<displayed xmlns='urn:xmpp:chat-markers:0' id='d-1'/>"
	     "<store xmlns='urn:xmpp:hints'/>");
	SAME("<body>x</body><replace id='a' "
	     "xmlns='urn:xmpp:message-correct:0'/>");
	SAME("<reactions id='a' xmlns='urn:xmpp:reactions:0'>"
	     "<reaction>\xf0\x9f\x91\x8d</reaction><reaction>ok</reaction>"
	     "</reactions>");
	SAME("<retract id='a' xmlns='urn:xmpp:message-retract:1'/>");
	SAME("<apply-to id='a' xmlns='urn:xmpp:fasten:0'><retract "
	     "xmlns='urn:xmpp:message-retract:0'/></apply-to>");
	SAME("<thread parent='t'>u</thread><subject>s</subject>");
}

static void a_reply_names_addresses_that_the_receiver_knows(void **state UNUSED)
{
	static const char fallback[] =
		"<body>&gt; Take it\nnow?</body><fallback "
		"xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
		"<body start='0' end='10'/></fallback>";
	static const struct {
		const char *to, *seen;
	} cases[] = {
		{"{d/}", "smith@hosp.example/dino.77"},
		{SHOWN_DOCTOR, DOCTOR},
		{"Dr.Smith@clinic.example", DOCTOR},
		{SHOWN_DOCTOR "/forged", DOCTOR},
		{PATIENT "/Conversations.aB1", "{p/}"},
		{PATIENT, SHOWN_PATIENT},
		{"dr.chen@clinic.example/x", NULL},
		{"smith@hosp.example", NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO(free_text)
		char *in = xasprintf("%s<reply xmlns='urn:xmpp:reply:0' "
				     "id='d-12' to='%s'/>",
			fallback, cases[i].to);
		AUTO(free_text)
		char *out =
			cases[i].seen
				? xasprintf("%s<reply xmlns='urn:xmpp:reply:0' "
					    "id='d-12' to='%s'/>",
					  fallback, cases[i].seen)
				: xasprintf("%s<reply xmlns='urn:xmpp:reply:0' "
					    "id='d-12'/>",
					  fallback);

		assert_child(in, out);
	}
}

static void what_is_not_known_stays_behind(void **state UNUSED)
{
	static const char *const leaks[] = {
		"<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='" PATIENT "'/>",
		"<nick xmlns='http://jabber.org/protocol/nick'>Pat</nick>",
		"<addresses xmlns='http://jabber.org/protocol/address'>"
		"<address type='replyto' jid='" PATIENT "/r'/></addresses>",
		"<x xmlns='jabber:x:conference' jid='r@" PATIENT "'/>",
		"<x xmlns='vcard-temp:x:update'><photo>ab</photo></x>",
		"<c xmlns='http://jabber.org/protocol/caps' node='n' ver='v'/>",
		"<reference xmlns='urn:xmpp:reference:0' uri='xmpp:" PATIENT
		"'/>",
		"<html xmlns='http://jabber.org/protocol/xhtml-im'/>",
		"<forwarded xmlns='urn:xmpp:forward:0'><message from='" PATIENT
		"'/></forwarded>",
		"<event xmlns='http://jabber.org/protocol/pubsub#event'>"
		"<items><item publisher='" PATIENT "'/></items></event>",
		"<body xmlns='http://www.w3.org/1999/xhtml'>pat</body>",
		"<unheard xmlns='of' jid='" PATIENT "'/>",
	};

	for (size_t i = 0; i < COUNT_OF(leaks); i++) {
		AUTO(free_text)
		char *in = xasprintf("%s<body>a</body>%s", leaks[i], leaks[i]);

		assert_child(in, "<body>a</body>");
	}
	assert_child("<body>a</body><delay xmlns='urn:xmpp:delay' "
		     "stamp='2026-11-30T07:00:00Z' from='" PATIENT
		     "'>Offline at home.example</delay>",
		"<body>a</body><delay xmlns='urn:xmpp:delay' "
		"stamp='2026-11-30T07:00:00Z'/>");
	assert_child("<body jid='" PATIENT "' xml:lang='" PATIENT "'>a</body>",
		"<body>a</body>");
	assert_child("<reactions id='a' xmlns='urn:xmpp:reactions:0'>"
		     "<reaction by='" PATIENT "'>x<evil/></reaction>"
		     "<evil xmlns='urn:xmpp:reactions:0'/></reactions>",
		"<reactions id='a' xmlns='urn:xmpp:reactions:0'>"
		"<reaction>x</reaction></reactions>");
}

static void ciphertext_passes_as_it_is(void **state UNUSED)
{
	static const char encrypted[] =
		"<encrypted xmlns='eu.siacs.conversations.axolotl'>"
		"<header sid='27183'><key rid='31415' prekey='true'>QUJD</key>"
		"<key rid='9'>REVG</key><iv>AAEC</iv></header>"
		"<payload>c2VjcmV0</payload></encrypted><encryption "
		"xmlns='urn:xmpp:eme:0' name='OMEMO' "
		"namespace='eu.siacs.conversations.axolotl'/>";
	AUTO(free_text)
	char *more = xasprintf("%s<encrypted xmlns='urn:xmpp:omemo:2'><header "
			       "sid='1'><keys jid='" PATIENT
			       "'/></header></encrypted>",
		encrypted);

	SAME(encrypted);
	assert_child(more, encrypted);
	assert_child("<encrypted xmlns='eu.siacs.conversations.axolotl'>"
		     "<payload by='" PATIENT "'>to " PATIENT "</payload>"
		     "</encrypted>",
		"<encrypted xmlns='eu.siacs.conversations.axolotl'>"
		"<payload/></encrypted>");
}

static void an_error_is_its_kind_and_nothing_else(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();

	assert_rewritten(&passage,
		"<message type='error' id='d-1' from='pat@home.example' to='x'>"
		"<body>echoed for pat@home.example</body>"
		"<error type='cancel' code='503' by='home.example'>"
		"<service-unavailable "
		"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
		"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>pat is away"
		"</text><x xmlns='y'/></error></message>",
		"<message type='error' id='d-1' from='{p/}' "
		"to='smith@hosp.example'><error type='cancel'>"
		"<service-unavailable "
		"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
		"</message>");
	assert_rewritten(&passage,
		"<iq type='error' id='d-1' from='pat@home.example' to='x'>"
		"<error/></iq>",
		"<iq type='error' id='d-1' from='{p/}' "
		"to='smith@hosp.example'><error type='cancel'>"
		"<undefined-condition "
		"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
}

static void presence_shows_how_and_not_what(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();

	assert_rewritten(&passage,
		"<presence from='x' to='y' xml:lang='de'><show>away</show>"
		"<status>in the car</status><priority>5</priority>"
		"<c xmlns='http://jabber.org/protocol/caps' node='n' ver='v'/>"
		"<idle xmlns='urn:xmpp:idle:1' since='2026'/></presence>",
		"<presence from='{p/}' to='smith@hosp.example'>"
		"<show>away</show><priority>5</priority></presence>");
	assert_rewritten(&passage,
		"<presence from='x' to='y'><show>at pat's</show>"
		"<priority>pat</priority></presence>",
		"<presence from='{p/}' to='smith@hosp.example'/>");
}

static void what_is_counted(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();
	AUTO(stanza_release)
	stanza *incoming = stanza_parse(
		"<message from='x' to='y'><body>a</body><store "
		"xmlns='urn:xmpp:hints'/><stanza-id xmlns='urn:xmpp:sid:0'/>"
		"<a xmlns='b'/><c xmlns='d'/></message>");
	struct rewritten counts = {0};

	stanza_free(rewrite(&passage, incoming, &counts));
	assert_int_equal(counts.kept, 1);
	assert_int_equal(counts.dropped, 2);
}

static void what_cannot_be_sealed_does_not_pass(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();
	AUTO(stanza_release)
	stanza *incoming = stanza_parse("<iq from='x' to='y' id='1'/>");
	char resource[SEAL_PLAIN + 2];

	memset(resource, 'x', sizeof(resource) - 1);
	resource[sizeof(resource) - 1] = '\0';
	passage.sender_resource = resource;
	assert_null(rewrite(&passage, incoming, NULL));
	passage.sender_resource = PATIENT_DEVICE;
	stanza_set(incoming, "id", "Pat@home.example-1");
	assert_null(rewrite(&passage, incoming, NULL));
}

/* An IQ of the patient's app with a session of Jingle. */
static void assert_session(const struct passage *passage,
	const char *attributes, const char *in, const char *seen,
	const char *expected)
{
	AUTO(free_text)
	char *incoming =
		xasprintf("<iq type='set' id='j' from='x' to='y'><jingle "
			  "xmlns='urn:xmpp:jingle:1' action='a' sid='S' "
			  "%s>%s</jingle></iq>",
			attributes, in);
	AUTO(free_text)
	char *outgoing =
		xasprintf("<iq type='set' id='j' from='{p/}' "
			  "to='smith@hosp.example/dino.77'><jingle "
			  "xmlns='urn:xmpp:jingle:1' action='a' sid='S' "
			  "%s>%s</jingle></iq>",
			seen, expected);

	assert_rewritten(passage, incoming, outgoing);
}

#define ICE "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u'>"
#define FINGERPRINT                                                        \
	"<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' " \
	"setup='actpass'>02:1A</fingerprint>"
#define SEALED_FINGERPRINT                                                  \
	"<fingerprint xmlns='http://gultsch.de/xmpp/drafts/omemo/"          \
	"dlts-srtp-verification' hash='sha-256' setup='active'><encrypted " \
	"xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key "      \
	"rid='2'>QQ==</key></header></encrypted></fingerprint>"
#define RELAY                                                            \
	"<candidate component='1' foundation='1' id='r' ip='192.0.2.1' " \
	"port='9' priority='1' protocol='udp' type='relay'/>"
#define HOST                                                            \
	"<candidate component='1' foundation='1' id='h' ip='10.0.0.1' " \
	"port='9' priority='2' protocol='udp' type='host'/>"
#define RELATED                                                          \
	"<candidate component='1' foundation='1' id='r' ip='192.0.2.1' " \
	"port='9' priority='1' protocol='udp' type='relay' "             \
	"rel-addr='10.0.0.1' rel-port='9'/>"

static void a_session_names_those_whom_the_receiver_knows(void **state UNUSED)
{
	static const struct {
		const char *written, *seen;
	} cases[] = {
		{"", ""},
		{"initiator='" PATIENT "/Conversations.aB1'",
			"initiator='{p/}'"},
		{"initiator='" PATIENT "'", "initiator='{p/}'"},
		{"initiator='{d/}'", "initiator='smith@hosp.example/dino.77'"},
		{"responder='" SHOWN_DOCTOR "'",
			"responder='smith@hosp.example/dino.77'"},
		{"initiator='dr.chen@clinic.example/x'", ""},
		{"initiator=''", ""},
	};
	struct passage passage = patient_to_doctor();

	passage.receiver_resource = DOCTOR_DEVICE;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_session(
			&passage, cases[i].written, "", cases[i].seen, "");
}

static void a_session_is_passed_with_what_media_need(void **state UNUSED)
{
	static const char whole[] =
		"<group xmlns='urn:xmpp:jingle:apps:grouping:0' "
		"semantics='BUNDLE'><content name='0'/></group><content "
		"creator='initiator' name='0' senders='both'><description "
		"xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
		"<payload-type id='111' name='opus'><parameter name='a' "
		"value='1'/><rtcp-fb type='nack' "
		"xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0'/></payload-type>"
		"<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'>"
		"<parameter name='cname' value='x'/></source><rtcp-mux/>"
		"</description>" ICE FINGERPRINT HOST RELATED
		"</transport></content>";
	struct passage passage = patient_to_doctor();

	passage.receiver_resource = DOCTOR_DEVICE;
	assert_session(&passage, "", whole, "", whole);
	assert_session(&passage, "",
		"<content name='f'><description "
		"xmlns='urn:xmpp:jingle:apps:file-transfer:5'/><security "
		"xmlns='urn:xmpp:jingle:jet:0'/></content><muji "
		"xmlns='urn:xmpp:jingle:muji:0' room='a@b'/><reason><text>"
		"pat@home.example hung up</text><success/></reason>",
		"", "<content name='f'/><reason><success/></reason>");
}

static void a_hidden_address_is_in_no_candidate(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();

	passage.receiver_resource = DOCTOR_DEVICE;
	passage.hides_ip = true;
	assert_session(&passage, "",
		"<content name='0'>" ICE HOST RELATED
		"<remote-candidate component='1' ip='10.0.0.1' port='9'/>"
		"</transport></content>",
		"", "<content name='0'>" ICE RELAY "</transport></content>");
}

static void a_fingerprint_is_sealed_only_where_keys_pass(void **state UNUSED)
{
	static const char sealed[] = "<content name='0'>" ICE SEALED_FINGERPRINT
				     "</transport></content>";
	struct passage passage = patient_to_doctor();

	passage.receiver_resource = DOCTOR_DEVICE;
	assert_session(&passage, "", sealed, "", sealed);
	passage.is_keyless = true;
	assert_session(&passage, "", sealed, "",
		"<content name='0'>" ICE "</transport></content>");
}

static void of_a_list_of_devices_their_numbers_pass_alone(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();
	AUTO(stanza_release)
	stanza *item = stanza_parse(
		"<item><list xmlns='eu.siacs.conversations.axolotl' by='x'>"
		"<device id='4711' label='Pat at home.example'/>"
		"<device id='4712'/><name>Pat</name></list></item>");
	AUTO(stanza_release) stanza *copy = stanza_new("item", NULL);

	rewrite_children(&passage, "keys", item, copy, NULL);
	AUTO(free_text) char *text = stanza_print(copy);
	assert_string_equal(text,
		"<item><list xmlns=\"eu.siacs.conversations.axolotl\">"
		"<device id=\"4711\"/><device id=\"4712\"/></list></item>");
}

static void the_words_of_a_call_pass(void **state UNUSED)
{
	SAME("<propose xmlns='urn:xmpp:jingle-message:0' id='S'><description "
	     "xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>"
	     "<request xmlns='urn:xmpp:receipts'/>"
	     "<store xmlns='urn:xmpp:hints'/>");
	SAME("<proceed xmlns='urn:xmpp:jingle-message:0' id='S'><device "
	     "xmlns='http://gultsch.de/xmpp/drafts/omemo/"
	     "dlts-srtp-verification' id='4711'/></proceed>");
	SAME("<finish xmlns='urn:xmpp:jingle-message:0' id='S'><reason "
	     "xmlns='urn:xmpp:jingle:1'><success/></reason><migrated "
	     "to='T'/></finish>");
	assert_child("<propose xmlns='urn:xmpp:jingle-message:0' id='S'>"
		     "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'"
		     "/></propose><reject xmlns='urn:xmpp:jingle-message:0' "
		     "id='S'><reason xmlns='urn:xmpp:jingle:1'><busy/><text>"
		     "pat@home.example</text></reason></reject>",
		"<propose xmlns='urn:xmpp:jingle-message:0' id='S'/><reject "
		"xmlns='urn:xmpp:jingle-message:0' id='S'><reason "
		"xmlns='urn:xmpp:jingle:1'><busy/></reason></reject>");
}

static void its_cost(void **state UNUSED)
{
	struct passage passage = patient_to_doctor();
	AUTO(stanza_release)
	stanza *incoming = stanza_parse(
		"<message type='chat' id='m-77' xml:lang='en' from='x' to='y'>"
		"<body>Take it twice a day, morning and evening?</body>"
		"<request xmlns='urn:xmpp:receipts'/><markable "
		"xmlns='urn:xmpp:chat-markers:0'/><origin-id "
		"xmlns='urn:xmpp:sid:0' id='m-77'/><active "
		"xmlns='http://jabber.org/protocol/chatstates'/></message>");
	int64_t began = clock_monotonic_ms();
	const int count = 5000;

	for (int i = 0; i < count; i++)
		stanza_free(rewrite(&passage, incoming, NULL));
	print_message("rewritten in %.1f us\n",
		(double)(clock_monotonic_ms() - began) * 1000 / count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_has_other_addresses_and_the_same_id),
		cmocka_unit_test(what_is_talk_is_of_type_chat),
		cmocka_unit_test(what_chats_are_made_of_passes),
		cmocka_unit_test(
			a_reply_names_addresses_that_the_receiver_knows),
		cmocka_unit_test(what_is_not_known_stays_behind),
		cmocka_unit_test(ciphertext_passes_as_it_is),
		cmocka_unit_test(an_error_is_its_kind_and_nothing_else),
		cmocka_unit_test(presence_shows_how_and_not_what),
		cmocka_unit_test(what_is_counted),
		cmocka_unit_test(what_cannot_be_sealed_does_not_pass),
		cmocka_unit_test(a_session_names_those_whom_the_receiver_knows),
		cmocka_unit_test(a_session_is_passed_with_what_media_need),
		cmocka_unit_test(a_hidden_address_is_in_no_candidate),
		cmocka_unit_test(a_fingerprint_is_sealed_only_where_keys_pass),
		cmocka_unit_test(of_a_list_of_devices_their_numbers_pass_alone),
		cmocka_unit_test(the_words_of_a_call_pass),
		cmocka_unit_test(its_cost),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
