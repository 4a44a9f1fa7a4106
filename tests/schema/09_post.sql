-- 09_post.sql - claiming deliveries, and what becomes of them.
\ir helper.sql
SELECT plan(41);

SELECT results_eq($$SELECT * FROM api.deliveries_wait()$$, $$VALUES (NULL::bigint)$$,
	'nothing waits');
SELECT is_empty($$SELECT * FROM api.deliveries_claim('a', 10, 30)$$, 'nothing to do');

-- A notice and two reminders, told by the recipient's clock.
SELECT api.my_set('tom@localhost', 'timezone', 'America/Bogota') \g /dev/null
SELECT api.my_set('tom@localhost', 'language', 'es') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT results_eq($$SELECT * FROM api.deliveries_wait()$$, $$VALUES (0::bigint)$$,
	'the notice is due');
SELECT results_eq($$SELECT stanza_id ~ '^d[0-9a-f]{32}$', jid, kind, language, zone,
		is_clinic_zone, code, doctor_name, patient_name, starts, ends, was_starts,
		now_local, reason, note FROM api.deliveries_claim('a', 10, 30)$$,
	format($$VALUES (true, 'ruiz@localhost', 'booked', 'en', 'Europe/Madrid', true,
		%L, 'Dr. Ana Ruiz', 'Tom Baker', '2026-12-03 15:20', '2026-12-03 15:40',
		NULL, '2026-11-30 08:00', NULL, NULL)$$, :'code'), 'the doctor''s notice');
SELECT is_empty($$SELECT * FROM api.deliveries_claim('b', 10, 30)$$,
	'is claimed once');
SELECT results_eq($$SELECT * FROM api.deliveries_wait()$$, $$VALUES (30000::bigint)$$,
	'until the lease ends');
SELECT pg_temp.at('2026-11-30 08:00:31') \g /dev/null
SELECT results_eq($$SELECT kind FROM api.deliveries_claim('b', 10, 30)$$,
	$$VALUES ('booked')$$, 'then another takes it');
SELECT id FROM clinic.delivery WHERE kind = 'booked' \gset
SELECT lives_ok(format($$SELECT api.delivery_failed('a', %s, 'late')$$, :id),
	'the first holder''s failure');
SELECT results_eq(format('SELECT holder, tries FROM clinic.delivery WHERE id = %s',
	:id), $$VALUES ('b', 0)$$, 'no longer counts');
SELECT api.deliveries_done('a', format(' %s 999999 ', :id)) \g /dev/null
SELECT results_eq(format('SELECT outcome::text FROM clinic.delivery WHERE id = %s',
	:id), $$VALUES ('sent')$$, 'but its success does');
SELECT pg_temp.at('2026-12-02 15:19:59') \g /dev/null
SELECT results_eq($$SELECT wait_ms BETWEEN 990 AND 1000 FROM api.deliveries_wait()$$,
	$$VALUES (true)$$, 'a day before, less a second');
SELECT is_empty($$SELECT * FROM api.deliveries_claim('a', 10, 30)$$, 'not yet');
SELECT pg_temp.at('2026-12-02 15:20') \g /dev/null
SELECT results_eq($$SELECT jid, kind, language, zone, is_clinic_zone, starts, ends,
		now_local FROM api.deliveries_claim('a', 10, 30)$$,
	$$VALUES ('tom@localhost', 'reminder', 'es', 'America/Bogota', false,
		'2026-12-03 09:20', '2026-12-03 09:40', '2026-12-02 09:20')$$,
	'the reminder, by Tom''s clock');
SELECT api.deliveries_done('a', (SELECT string_agg(id::text, ' ')
	FROM clinic.delivery WHERE holder = 'a')) \g /dev/null
SELECT api.move('tom@localhost', :'code', pg_temp.m('2026-12-07 10:00')) \g /dev/null
SELECT results_eq($$SELECT pg_temp.mail('tom')$$,
	$$VALUES ('reminder 1440'), ('reminder 60')$$, 'a new time is reminded of anew');
SELECT results_eq($$SELECT starts, was_starts FROM api.deliveries_claim('a', 10, 30)$$,
	$$VALUES ('2026-12-07 10:00', '2026-12-03 15:20')$$, 'the doctor is told of both');

-- After an outage: one reminder, and only of what is still to come.
SELECT api.my_set('tom@localhost', 'timezone', NULL) \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-07 09:00') \g /dev/null
SELECT pg_temp.at('2026-12-07 09:30') \g /dev/null
SELECT results_eq($$SELECT jid FROM api.deliveries_claim('a', 10, 30)
	WHERE kind = 'reminder'$$, $$VALUES ('tom@localhost')$$,
	'the day''s reminder, late, and the one of what began are not sent');
SELECT results_eq($$SELECT recipient, minutes_before FROM clinic.delivery
		WHERE outcome = 'dropped' ORDER BY 1, 2$$,
	$$SELECT * FROM (VALUES (pg_temp.id('tom'), 1440), (pg_temp.id('mia'), 60),
		(pg_temp.id('mia'), 1440)) t ORDER BY 1, 2$$, 'they are dropped');

-- Cancelled between its claim and the lease's end: never again.
SELECT pg_temp.at('2026-12-08 08:00') \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-10 09:00') AS code \gset
SELECT pg_temp.at('2026-12-09 09:00') \g /dev/null
SELECT is((SELECT count(*)::integer FROM api.deliveries_claim('a', 50, 30)
	WHERE kind = 'reminder'), 1, 'a reminder is claimed');
SELECT api.cancel('mia@localhost', :'code', NULL) \g /dev/null
SELECT pg_temp.at('2026-12-09 10:00') \g /dev/null
SELECT is((SELECT count(*)::integer FROM api.deliveries_claim('a', 50, 30)
	WHERE kind = 'reminder'), 0, 'and not after the cancelling');
-- One whose appointment is off without the reminders knowing.
SELECT pg_temp.booked('mia', 'chen', '2026-12-14 09:00') AS code \gset
UPDATE clinic.appointment SET state = 'noshow' WHERE code = :'code';
SELECT pg_temp.at('2026-12-13 09:00') \g /dev/null
SELECT is((SELECT count(*)::integer FROM api.deliveries_claim('a', 50, 30)
	WHERE kind = 'reminder'), 0, 'nor for what is not booked');

-- Failing: again later, in the end dead.
DELETE FROM clinic.delivery;
SELECT api.admin_add('admin@localhost', 'boss@localhost') \g /dev/null
SELECT id, stanza_id FROM clinic.delivery \gset
CREATE FUNCTION pg_temp.fail(how text) RETURNS numeric LANGUAGE plpgsql AS $$
-- Claims all that is due, lets it fail, and says after how many minutes it is
-- tried again.
DECLARE
	before timestamptz := clinic.now();
	mail record;
BEGIN
	FOR mail IN SELECT * FROM api.deliveries_claim('a', 10, 30) LOOP
		IF how = 'bounce' THEN
			PERFORM api.deliveries_done('a', mail.id::text);
			PERFORM api.delivery_bounced(mail.jid, mail.stanza_id, E'gone\naway');
		ELSE
			PERFORM api.delivery_failed('a', mail.id, how);
		END IF;
	END LOOP;
	UPDATE clinic.clock SET offset_ms = offset_ms
		+ greatest(0, (SELECT wait_ms FROM api.deliveries_wait()));
	RETURN round(extract(epoch FROM clinic.now() - before) / 60, 1);
END $$;
SELECT is(pg_temp.fail(CASE n % 2 WHEN 0 THEN 'bounce' ELSE 'no route' END),
	wanted::numeric, 'try ' || n || ': again after ' || wanted || ' minutes')
FROM unnest(ARRAY[1.0, 2, 4, 8, 16, 32, 64, 120, 120]) WITH ORDINALITY t (wanted, n);
SELECT results_eq('SELECT tries, error FROM clinic.delivery', $$VALUES (9,
	'no route')$$, 'nine tries');
SELECT is(pg_temp.fail('bounce'), 0.0, 'the tenth is the last');
SELECT results_eq($$SELECT outcome::text, tries, error FROM clinic.delivery
	WHERE kind = 'welcome_admin'$$, $$VALUES ('dead', 10, 'gone away')$$, 'it is dead');
SELECT results_eq($$SELECT jid, kind, reason, note
		FROM api.deliveries_claim('a', 10, 30) ORDER BY jid$$,
	$$VALUES ('admin@localhost', 'dead_letter', 'gone away',
		'welcome admin for boss@localhost'), ('boss@localhost', 'dead_letter',
		'gone away', 'welcome admin for boss@localhost')$$, 'every admin is told');
SELECT api.delivery_bounced('boss@localhost', :'stanza_id', 'x') \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.delivery), 3, 'once');
SELECT lives_ok($$SELECT pg_temp.fail('x') FROM generate_series(1, 25)$$,
	'dead letters die');
SELECT is((SELECT count(*)::integer FROM clinic.delivery), 3, 'without another');
SELECT is((SELECT value FROM api.stats('admin@localhost')
	WHERE name = 'messages that could not be delivered'), '3', 'the figures say so');

-- A bounce needs the right address and id.
DELETE FROM clinic.delivery;
SELECT api.admin_add('admin@localhost', 'chief@localhost') \g /dev/null
SELECT id, stanza_id FROM api.deliveries_claim('a', 10, 30) \gset
SELECT api.deliveries_done('a', :'id') \g /dev/null
SELECT api.delivery_bounced('tom@localhost', :'stanza_id', 'x') \g /dev/null
SELECT api.delivery_bounced('chief@localhost', 'd' || repeat('0', 32), 'x')
	\g /dev/null
SELECT results_eq('SELECT outcome::text FROM clinic.delivery',
	$$VALUES ('sent')$$, 'a bounce from elsewhere is nothing');
SELECT api.delivery_bounced('chief@localhost', :'stanza_id', repeat('x', 5000))
	\g /dev/null
SELECT results_eq('SELECT outcome::text, tries, length(error) FROM clinic.delivery',
	$$VALUES (NULL, 1, 200)$$, 'the right one opens it again');

-- A claim takes as many as it wants, the oldest first.
DELETE FROM clinic.delivery;
SELECT api.admin_add('admin@localhost', 'a' || n || '@localhost')
FROM generate_series(1, 5) n \g /dev/null
SELECT results_eq($$SELECT jid FROM api.deliveries_claim('a', 2, 30)$$,
	$$VALUES ('a1@localhost'), ('a2@localhost')$$, 'two of five');
SELECT results_eq($$SELECT jid FROM api.deliveries_claim('b', 10, 30)$$,
	$$VALUES ('a3@localhost'), ('a4@localhost'), ('a5@localhost')$$, 'the others');

SELECT * FROM finish();
ROLLBACK;
