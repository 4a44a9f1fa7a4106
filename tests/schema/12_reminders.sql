-- 12_reminders.sql - when patients are reminded, and what they answer.
\ir helper.sql
SELECT plan(63);

-- What is planned: minutes and Madrid's clock, soonest first.
CREATE FUNCTION pg_temp.plan_of(visit text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(minutes_before || ' ' || clinic.local_text(next_at,
		'Europe/Madrid'), ', ' ORDER BY next_at, minutes_before DESC), '')
	FROM clinic.delivery JOIN clinic.appointment ON appointment.id = appointment
	WHERE code = visit AND kind = 'reminder' AND outcome IS NULL
$$;
-- Claims all that is due and says of what people are reminded: who, when, codes.
CREATE FUNCTION pg_temp.reminded() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE claimed AS SELECT * FROM api.deliveries_claim('a', 50, 60);
	PERFORM api.deliveries_done('a', (SELECT string_agg(DISTINCT id::text, ' ')
		FROM claimed));
	RETURN QUERY SELECT split_part(jid, '@', 1) || ': '
			|| string_agg(starts, ', ' ORDER BY starts)
		FROM claimed WHERE kind = 'reminder' GROUP BY jid, id ORDER BY 1;
	DROP TABLE claimed;
END $$;
CREATE FUNCTION pg_temp.quiet(hours text) RETURNS void LANGUAGE sql AS $$
	SELECT api.configure('Riverside Clinic', 'Europe/Madrid', NULL, NULL,
		'1440 60', 120, '', hours)
$$;
CREATE FUNCTION pg_temp.planned(starts text, minutes integer, zone text)
RETURNS text LANGUAGE sql AS $$
	SELECT clinic.local_text(clinic.reminder_time(starts::timestamp
		AT TIME ZONE zone, minutes, zone), zone)
$$;

-- Quiet hours: after them when half the time is left, else before.
SELECT is(pg_temp.planned(starts, minutes, zone), wanted, starts || ', ' || minutes)
FROM (VALUES
	('2026-12-03 15:20', 60, 'Europe/Madrid', '2026-12-03 14:20'),
	('2026-12-03 09:00', 60, 'Europe/Madrid', '2026-12-03 08:00'),
	('2026-12-03 08:59', 60, 'Europe/Madrid', '2026-12-03 08:00'),
	('2026-12-03 08:29', 60, 'Europe/Madrid', '2026-12-02 20:50'),
	('2026-12-03 08:00', 60, 'America/Bogota', '2026-12-02 20:50'),
	('2026-12-03 22:00', 60, 'Europe/Madrid', '2026-12-03 20:50'),
	('2026-12-03 21:59', 60, 'Europe/Madrid', '2026-12-03 20:59'),
	('2026-12-03 03:00', 1440, 'Europe/Madrid', '2026-12-02 08:00'),
	('2026-12-03 00:30', 1440, 'Europe/Madrid', '2026-12-02 08:00'),
	('2026-12-03 23:30', 1440, 'Asia/Kolkata', '2026-12-03 08:00'),
	('2027-03-28 09:00', 120, 'Europe/Madrid', '2027-03-28 08:00'),
	('2027-03-28 10:00', 300, 'Europe/Madrid', '2027-03-27 20:50'),
	('2026-10-25 08:30', 60, 'Europe/Madrid', '2026-10-25 08:00')
) cases (starts, minutes, zone, wanted);
SELECT pg_temp.quiet('12:00-14:00') \g /dev/null
SELECT is(pg_temp.planned('2026-12-03 14:30', 60, 'Europe/Madrid'),
	'2026-12-03 14:00', 'a siesta');
SELECT pg_temp.quiet('02:15-02:45') \g /dev/null
SELECT isnt(pg_temp.planned('2027-03-28 04:00', minutes, 'Europe/Madrid'), NULL,
	'in a night of the change, ' || minutes) FROM unnest(ARRAY[30, 60, 75]) minutes;
SELECT isnt(pg_temp.planned('2026-10-25 04:00', minutes, 'Europe/Madrid'), NULL,
	'in the other, ' || minutes) FROM unnest(ARRAY[60, 80, 140]) minutes;
SELECT pg_temp.quiet('') \g /dev/null
SELECT is(pg_temp.planned('2026-12-03 03:00', 60, 'Europe/Madrid'),
	'2026-12-03 02:00', 'none');
SELECT throws_ok(format('SELECT pg_temp.quiet(%L)', hours), 'CL001', NULL, hours)
FROM unnest(ARRAY['21-8', '25:00-08:00', '21:00-08:60', '08:00-08:00']) hours;
SELECT pg_temp.quiet('21:00-08:00') \g /dev/null
SELECT pg_temp.quiet(NULL) \g /dev/null
SELECT results_eq($$SELECT * FROM api.reminders('tom@localhost')$$,
	$$VALUES ('1440 60', false, '21:00', '08:00')$$, 'NULL leaves them');

-- Each patient's own.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT is(pg_temp.plan_of(:'code'), '1440 2026-12-02 15:20, 60 2026-12-03 14:20',
	'as the clinic does');
SELECT results_eq($$SELECT * FROM api.reminders_set('tom@localhost', '180 2880')$$,
	$$VALUES ('2880 180', true, '21:00', '08:00')$$, 'as Tom wants');
SELECT is(pg_temp.plan_of(:'code'), '2880 2026-12-01 15:20, 180 2026-12-03 12:20',
	'visits to come follow');
SELECT api.reminders_set('tom@localhost', '') \g /dev/null
SELECT is(pg_temp.plan_of(:'code'), '', 'none');
SELECT is((SELECT reminders FROM api.book('tom@localhost', pg_temp.id('chen'),
	pg_temp.m('2026-12-04 09:20'))), '', 'nor for a new one');
SELECT api.reminders_set('tom@localhost', NULL) \g /dev/null
SELECT is(pg_temp.plan_of(:'code'), '1440 2026-12-02 15:20, 60 2026-12-03 14:20',
	'as the clinic does again');
SELECT pg_temp.at('2026-12-02 16:00') \g /dev/null
SELECT bag_eq('SELECT pg_temp.reminded()', $$VALUES ('tom: 2026-12-03 15:20')$$,
	'the first is sent');
SELECT api.reminders_set('tom@localhost', '60 1440 1500') \g /dev/null
SELECT is(pg_temp.plan_of(:'code'), '60 2026-12-03 14:20',
	'not once more, nor what it is too late for');
SELECT api.my_set('tom@localhost', 'timezone', 'America/Bogota') \g /dev/null
SELECT is(pg_temp.plan_of(:'code'), '60 2026-12-03 14:20',
	'half past eight in Bogota is day');
SELECT api.my_set('tom@localhost', 'timezone', 'Pacific/Auckland') \g /dev/null
SELECT is(pg_temp.plan_of(:'code'), '60 2026-12-03 08:50',
	'two at night in Auckland is not');
SELECT api.my_set('tom@localhost', 'timezone', NULL) \g /dev/null
SELECT throws_ok(format('SELECT api.reminders_set(''tom@localhost'', %L)', wrong),
	'CL001', NULL, 'not ' || wrong)
FROM unnest(ARRAY['1', '999999', 'x', '1 2 3 4 5 6 7 8 9 10 11', '-5']) wrong;
SELECT throws_ok($$SELECT api.reminders_set('ruiz@localhost', '60')$$, 'CL002',
	NULL, 'a doctor is not reminded');

-- The clinic's change reaches the visits to come a little later.
SELECT api.configure('Riverside Clinic', 'Europe/Madrid', NULL, NULL, '120', 120, '')
	\g /dev/null
SELECT pg_temp.booked('mia', 'okafor', '2026-12-07 11:00') AS mias \gset
SELECT pg_temp.quiet('21:00-08:00') \g /dev/null
SELECT results_eq('SELECT * FROM api.deliveries_wait()', $$VALUES (0::bigint)$$,
	'there is something to do');
SELECT pg_temp.reminded() \g /dev/null
SELECT is(pg_temp.plan_of(:'mias'), '1440 2026-12-06 11:00, 60 2026-12-07 10:00',
	'done');
SELECT is_empty('SELECT * FROM clinic.reminder_change', 'once');

-- Confirming.
SELECT pg_temp.at('2026-12-06 11:00') \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-07 12:20') AS second \gset
SELECT bag_eq('SELECT pg_temp.reminded()', $$VALUES ('mia: 2026-12-07 11:00, '
	|| '2026-12-07 12:20')$$, 'two visits on one day');
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')),
	:'mias' || ' ' || :'second', 'are what was spoken of last');
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', 'adhoc')), NULL,
	'in the chat alone');
SELECT results_eq(format($$SELECT code FROM api.confirm('mia@localhost', NULL, %L)$$,
	stanza_id), format('VALUES (%L), (%L)', :'mias', :'second'),
	'a sign under the message confirms both')
FROM clinic.delivery WHERE kind = 'reminder' AND outcome = 'sent' AND leader IS NULL
	AND recipient = pg_temp.id('mia') AND minutes_before = 1440;
SELECT api.confirm('mia@localhost', :'mias', NULL) \g /dev/null
SELECT results_eq($$SELECT actor, was::text, state::text, during = was_during
	FROM clinic.appointment_event WHERE is_confirmation ORDER BY id$$,
	$$SELECT pg_temp.id('mia'), 'booked', 'booked', true FROM generate_series(1, 2)$$,
	'each is a row of its history, once');
SELECT is((SELECT is_confirmed FROM api.agenda('okafor@localhost', '2026-12-07',
	NULL)), true, 'the doctor sees it');
SELECT is(pg_temp.plan_of(:'mias'), '60 2026-12-07 10:00', 'the other stays');
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE kind = 'booked' AND recipient = pg_temp.id('okafor')), 1,
	'and the doctor is not told anew');
SELECT throws_ok(format($$SELECT api.confirm('tom@localhost', %L, NULL)$$, :'mias'),
	'CL003', NULL, 'not somebody else''s');
SELECT api.form_save('mia@localhost', '', '{}') \g /dev/null
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')),
	:'mias' || ' ' || :'second', 'a question of the same moment');
SELECT pg_temp.at('2026-12-06 11:10') \g /dev/null
SELECT api.form_save('mia@localhost', '', '{}') \g /dev/null
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')), NULL,
	'a later one was asked since');
SELECT api.form_save('mia@localhost', '', NULL) \g /dev/null
SELECT api.move('mia@localhost', :'mias', pg_temp.m('2026-12-08 11:00')) \g /dev/null
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')), :'second',
	'what was moved is another visit');
SELECT is((SELECT confirmed_at FROM clinic.appointment WHERE code = :'mias'), NULL,
	'and confirmed no more');
SELECT api.spoken_left(jid, spoken_id) FROM (SELECT 'mia@localhost' AS jid,
	* FROM api.hear('mia@localhost', '')) heard \g /dev/null
SELECT is((SELECT spoken_codes FROM api.hear('mia@localhost', '')), NULL,
	'she went on to something else');

-- A message of two that fails is tried again as one.
SELECT pg_temp.booked('mia', 'chen', '2026-12-10 09:00') \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-10 11:00') AS code \gset
SELECT pg_temp.at('2026-12-09 09:00') \g /dev/null
SELECT api.delivery_failed('a', id, 'x')
FROM (SELECT DISTINCT id FROM api.deliveries_claim('a', 50, 60)) due \g /dev/null
SELECT pg_temp.at('2026-12-09 09:05') \g /dev/null
SELECT bag_eq('SELECT pg_temp.reminded()', $$VALUES ('mia: 2026-12-10 09:00, '
	|| '2026-12-10 11:00')$$, 'later, together');
SELECT api.delivery_bounced('mia@localhost', stanza_id, 'gone')
FROM clinic.delivery WHERE kind = 'reminder' AND leader IS NULL
	AND lower(during) = pg_temp.m('2026-12-10 09:00') AND minutes_before = 1440
	\g /dev/null
SELECT api.cancel('mia@localhost', :'code', NULL) \g /dev/null
SELECT pg_temp.at('2026-12-09 09:30') \g /dev/null
SELECT bag_eq('SELECT pg_temp.reminded()', $$VALUES ('mia: 2026-12-10 09:00')$$,
	'and again, without what was cancelled');
SELECT is_empty('SELECT pg_temp.reminded()', 'then no more');

-- What is planned for half its time is not too late a moment after.
SELECT pg_temp.at('2026-12-09 10:00') \g /dev/null
SELECT api.reminders_set('tom@localhost', '120 15') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-11 09:00') \g /dev/null
SELECT pg_temp.at('2026-12-11 08:00:02') \g /dev/null
SELECT bag_eq('SELECT pg_temp.reminded()', $$VALUES ('tom: 2026-12-11 09:00')$$,
	'two hours before, put off to the end of the night');

SELECT * FROM finish();
ROLLBACK;
