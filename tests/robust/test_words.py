#!/usr/bin/python3
"""test_words.py - what people might send, meant or not: the desk answers in
clear words, nothing changes, nothing leaks, and the bot lives.

	[CARELAY=PROGRAM] tests/robust/test_words.py
"""
import asyncio
import sys
import unittest

from prober import NOW, XEP, StackTest

MARK = "Xyzzymark"      # must never be seen in the log
OVERRIDE = "\u202e"     # writes from right to left
TROUBLE = [
    "????", '""', " ", "\n\n", ".", "3", "yes", "no", "0", "-1",
    "99999999999999999999999", "x" * 4000, "1 " * 2000, "\u00e9" * 4000,
    "\U0001f600" * 1000, "a\u0301" * 500, OVERRIDE + MARK, "\u200b" * 50,
    "%s%n%x%p" * 20, "{name} {doctor} {}", "$1 ${HOME} `id`",
    "'; DROP TABLE clinic.person; --", "' OR '1'='1", "\\'; \\x00",
    "<body>hi</body>", "&lt;&amp;&#0;", "]]>", "<!-- " + MARK,
    "book " + "9" * 500, "book dr " + "ruiz " * 500, "help " * 800,
    "cancel '; DELETE FROM clinic.appointment; --", "my name " + OVERRIDE,
    "remove doctor ruiz", "add admin jane@localhost", "stats", "people",
    "book dr ruiz 32 december 25:61", "off 30 feb", "cancel", "move", "back",
    "stop", "\u05d0\u05d1\u05d2", "\u3042" * 300, "/help", "!book",
    "book dr ruiz tomorrow\x85\u2028 9:40",
]
BAD_NAMES = ["Jane" + OVERRIDE + "eoD", "\u200b\u200b", "J\u2066ane\u2069",
             "????", "12345", "x" * 500, "Jane\tDoe\nAdmin\nRoot",
             "<b>Jane</b>", "Jane \u0000".replace("\u0000", "\ufeff")]
SNAPSHOT = """SELECT md5(string_agg(t, '|')) FROM (
	SELECT person::text AS t FROM clinic.person
	UNION ALL SELECT role::text FROM clinic.role
	UNION ALL SELECT doctor::text FROM clinic.doctor
	UNION ALL SELECT appointment::text FROM clinic.appointment
		WHERE state <> 'held'
	ORDER BY 1) AS rows"""


class Words(StackTest):
    """Bodies."""

    def test_whatever_a_patient_writes_is_answered_and_changes_nothing(self):
        self.chat("tom", self.all_trouble)

    def test_whatever_a_stranger_writes_is_answered(self):
        self.chat("jane", self.all_trouble)

    async def all_trouble(self, person):
        before = self.query(SNAPSHOT)
        for words in TROUBLE:
            person.say("stop")
            await person.hear(10)
            with self.subTest(words=words[:60]):
                person.say(words)
                answer = await person.hear(10)
                self.assertTrue(answer.strip())
                self.assertLess(len(answer), 2500)
                self.assertNotIn(OVERRIDE, answer)
                self.assertNotRegex(answer, r"SQLSTATE|ERROR:|\{\w+\}.*\{\w")
                await person.caught_up()
                self.assertEqual(person.unread.qsize(), 0, "two answers")
                person.forget()
        self.assertEqual(self.query(SNAPSHOT), before)
        self.assertNotIn(MARK, self.stack.log_since(0))

    def test_an_empty_body_does_no_harm(self):
        async def talk(person):
            person.say("")
            await person.caught_up()
            person.forget()
            await self.still_answers(person)
        self.chat("tom", talk)

    def test_names_that_deceive_are_cleaned_or_not_taken(self):
        async def talk(person):
            for name in BAD_NAMES:
                with self.subTest(name=name[:30]):
                    await asyncio.to_thread(self.stack.reset, NOW)
                    await person.ask("hi")
                    answer = await person.ask(name)
                    self.assertNotIn(OVERRIDE, answer)
                    self.assertRegex(answer, "(?i)name|birth")
                    await person.ask("1990-04-23")
                    await person.ask("skip")
                    await person.ask("yes")
                    self.assertEqual(self.query(
                        "SELECT name FROM clinic.person WHERE NOT"
                        " clinic.is_clean(name) OR name ~ '[[:cntrl:]]'"), "")
        self.chat("jane", talk)

    def test_names_from_all_over_the_world_are_taken(self):
        async def talk(person):
            await person.ask("hi")
            for name in ["Jos\u00e9 O'Neill-Garc\u00eda", "\u738b\u5c0f\u660e",
                         "\u0645\u062d\u0645\u062f \u0639\u0644\u064a"]:
                with self.subTest(name=name):
                    await person.ask("stop")
                    await person.ask("register")
                    answer = await person.ask(name)
                    self.assertRegex(answer, "(?i)birth")
        self.chat("jane", talk)

    def test_somebody_elses_code_says_nothing(self):
        code = self.query(
            "SELECT code FROM api.slots('tom@localhost', NULL, NULL, NULL,"
            " NULL, NULL, NULL, NULL, 1, NULL) s, api.book('tom@localhost',"
            " s.doctor, s.starts_at::timestamptz)")

        async def talk(person):
            none = "ZZZ22" if code != "ZZZ22" else "ZZZ33"
            for words in ("cancel {}, yes", "move {} to friday 10:00, yes",
                          "cancel {}"):
                await person.ask("stop")
                theirs = await person.ask(words.format(code))
                await person.ask("stop")
                nothing = await person.ask(words.format(none))
                with self.subTest(words=words):
                    self.assertEqual(theirs.replace(code, "#"),
                                     nothing.replace(none, "#"))
                    self.assertNotRegex(theirs, "Tom|Baker")
            self.assertEqual(self.query(
                "SELECT state FROM clinic.appointment "
                f"WHERE code = '{code}'"), "booked")
        self.chat("mia", talk)

    def test_five_hundred_at_once_all_get_an_answer(self):
        async def talk(person):
            for number in range(500):
                person.say(f"help {number}")
            for _ in range(500):
                self.assertTrue(await person.hear(60))
            await self.still_answers(person)
        self.chat("tom", talk)


class Stanzas(StackTest):
    """What is around the bodies."""

    def test_what_is_not_talk_is_not_answered(self):
        silent = [
            f'<active xmlns="{XEP["states"]}"/>',
            f'<composing xmlns="{XEP["states"]}"/>'
            '<no-store xmlns="urn:xmpp:hints"/>',
            f'<received xmlns="{XEP["receipts"]}" id="1"/>',
            '<displayed xmlns="urn:xmpp:chat-markers:0" id="1"/>',
            '<subject>no body</subject>', '',
        ]

        async def talk(person):
            for inner in silent:
                person.raw_message(inner)
            for kind in ("error", "groupchat", "headline"):
                person.raw_message("<body>book</body>", kind)
            await person.caught_up()
            self.assertEqual(person.unread.qsize(), 0)
            await self.still_answers(person)
        self.chat("tom", talk)

    def test_sealed_messages_get_a_clear_answer(self):
        async def talk(person):
            person.raw_message(
                f'<encrypted xmlns="{XEP["omemo"]}"><header sid="1"/>'
                '<payload>AAAA</payload></encrypted>'
                f'<encryption xmlns="{XEP["eme"]}" name="OMEMO" '
                f'namespace="{XEP["omemo"]}"/>'
                '<body>I sent you an OMEMO encrypted message but your client '
                "doesn't seem to support that. book dr ruiz</body>")
            self.assertRegex(await person.hear(10), "(?i)encrypt")
            person.raw_message(
                f'<encrypted xmlns="{XEP["omemo"]}"><header sid="1"/>'
                '<payload>AAAA</payload></encrypted>')
            self.assertRegex(await person.hear(10), "(?i)encrypt")
            self.assertEqual(person.unread.qsize(), 0)
        self.chat("tom", talk)

    def test_receipts_come_once_and_only_when_asked_for(self):
        async def talk(person):
            person.raw_message("<body>help</body>"
                               f'<request xmlns="{XEP["receipts"]}"/>',
                               ident="r1")
            await person.hear(10)
            await person.caught_up()
            person.raw_message("<body>help</body>", ident="r2")
            await person.hear(10)
            await person.caught_up()
            received = [one.get("id") for message in person.stanzas("message")
                        for one in message.findall(
                            f'{{{XEP["receipts"]}}}received')]
            self.assertEqual(received, ["r1"])
        self.chat("tom", talk)

    def test_deep_and_wide_messages_do_no_harm(self):
        shapes = [(f"<x{' ' * 3}xmlns='a'>" * depth) + "</x>" * depth
                  for depth in (63, 64, 65, 500, 3000)]
        shapes.append("<y xmlns='a'/>" * 5000)
        shapes.append("<z xmlns='a' " + " ".join(
            f"a{n}='{n}'" for n in range(400)) + "/>")

        async def talk(person):
            for shape in shapes:
                person.raw_message("<body>help</body>" + shape)
                self.assertTrue(await person.hear(10))
                await self.still_answers(person)
            person.raw_message("<body>" + "long " * 45000 + "</body>")
            answer = await person.hear(10)
            self.assertLess(len(answer), 2500)
            await self.still_answers(person)
        self.chat("tom", talk)

    def test_every_request_gets_one_answer(self):
        commands = XEP["commands"]
        form = ('<x xmlns="jabber:x:data" type="submit">{}</x>')
        field = "<field var='{}'><value>{}</value></field>"
        wide = "".join(field.format(n, "v" * 50) for n in range(1000))
        odd = "".join(field.format("doctor", value) for value in (
            "1", "'; --", "&lt;b&gt;", OVERRIDE, ""))
        requests = [
            ("get", '<query xmlns="no:such:thing"/>'), ("set", ""),
            ("get", ""), ("get", "<a xmlns='b'/><c xmlns='d'/>"),
            ("get", f'<query xmlns="{XEP["info"]}" node="{"n" * 3000}"/>'),
            ("get", f'<query xmlns="{XEP["items"]}" node="\'--"/>'),
            ("set", f'<command xmlns="{commands}"/>'),
            ("set", f'<command xmlns="{commands}" node="nothing"/>'),
            ("set", f'<command xmlns="{commands}" node="book" '
             'action="dance"/>'),
            ("set", f'<command xmlns="{commands}" node="book" '
             'sessionid="\' OR 1=1 --" action="next"/>'),
            ("set", f'<command xmlns="{commands}" node="book" '
             f'sessionid="{"s" * 3000}" action="complete"/>'),
            ("set", f'<command xmlns="{commands}" node="book">'
             + form.format(odd) + "</command>"),
            ("set", f'<command xmlns="{commands}" node="book">'
             + form.format(wide) + "</command>"),
            ("set", f'<command xmlns="{commands}" node="hours">'
             + form.format(odd) + "</command>"),
        ]

        async def talk(person):
            for to in (person.desk, person.clinic, "nobody@" + person.clinic,
                       person.desk + "/x"):
                for kind, inner in requests:
                    with self.subTest(to=to, inner=inner[:80]):
                        answer = await person.ask_iq(to, kind, inner)
                        self.assertIn(answer.get("type"), ("result", "error"))
                        self.assertEqual(answer.get("from"), to)
            await self.still_answers(person)
        self.chat("tom", talk)

    def test_presence_of_every_kind_does_no_harm(self):
        async def talk(person):
            for to in (person.desk, person.clinic, "nobody@" + person.clinic,
                       person.desk + "/x"):
                for kind in ("subscribe", "subscribed", "unsubscribe",
                             "unsubscribed", "probe", "unavailable", "error",
                             "dance", ""):
                    person.send_raw(f'<presence to="{to}"'
                                    + (f' type="{kind}"' if kind else "")
                                    + "><priority>x</priority></presence>")
            await self.still_answers(person)
        self.chat("tom", talk)


if __name__ == "__main__":
    sys.exit(unittest.main())
