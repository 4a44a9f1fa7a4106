-- 15_series.sql - visits booked together; whose turn it is when nobody is named.
\ir helper.sql
SELECT plan(48);

-- Books at these times of the asker's clock, or only asks.
CREATE FUNCTION pg_temp.series(who text, doctor text, starts text,
	is_sure boolean DEFAULT true, of_patient bigint DEFAULT NULL,
	of_type text DEFAULT NULL)
RETURNS TABLE (starts text, is_booked boolean, reason text) LANGUAGE sql AS $$
	SELECT starts, code IS NOT NULL, reason
	FROM api.book_series(who || '@localhost', pg_temp.id(doctor), starts::jsonb,
		of_type, of_patient, is_sure)
$$;
-- The visits to come of somebody, as "Mon 07 Dec 10:00".
CREATE FUNCTION pg_temp.visits(who text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(to_char(starts::timestamp, 'Dy DD Mon HH24:MI'), ', '
		ORDER BY starts), '')
	FROM api.appointments(who || '@localhost', NULL, NULL)
$$;

-- All can be.
SELECT results_eq($$SELECT * FROM pg_temp.series('tom', 'ruiz',
	'["2026-12-14 10:00", "2026-12-07 10:00", "2026-12-21 10:00"]', false)$$,
	$$VALUES ('2026-12-07 10:00', false, NULL), ('2026-12-14 10:00', false, NULL),
		('2026-12-21 10:00', false, NULL)$$, 'asked, by time');
SELECT is(pg_temp.visits('tom'), '', 'asking books nothing');
SELECT is((SELECT count(*)::integer FROM clinic.delivery), 0, 'and tells nobody');
SELECT is((SELECT count(*)::integer FROM clinic.appointment_event), 0,
	'and leaves no trace');
SELECT results_eq($$SELECT * FROM pg_temp.series('tom', 'ruiz',
	'["2026-12-07 10:00", "2026-12-14 10:00", "2026-12-21 10:00"]')$$,
	$$VALUES ('2026-12-07 10:00', true, NULL), ('2026-12-14 10:00', true, NULL),
		('2026-12-21 10:00', true, NULL)$$, 'booked');
SELECT is(pg_temp.visits('tom'),
	'Mon 07 Dec 10:00, Mon 14 Dec 10:00, Mon 21 Dec 10:00', 'all of them');
SELECT results_eq($$SELECT count(DISTINCT series)::integer,
		min(series) = min(id) FROM clinic.appointment$$, $$VALUES (1, true)$$,
	'they are one series, called by its first');
SELECT results_eq($$SELECT following FROM api.appointments('tom@localhost', NULL,
	NULL)$$, $$VALUES (2), (1), (0)$$, 'each knows how many follow');
SELECT results_eq($$SELECT * FROM pg_temp.series('tom', 'ruiz',
	'["2026-12-07 10:00", "2026-12-14 10:00", "2026-12-21 10:00"]')$$,
	$$VALUES ('2026-12-07 10:00', true, NULL), ('2026-12-14 10:00', true, NULL),
		('2026-12-21 10:00', true, NULL)$$, 'the same again changes nothing');
SELECT is((SELECT count(*)::integer FROM clinic.appointment), 3, 'nothing');
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE kind = 'booked'), 3, 'the doctor is told of each');
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE kind = 'reminder'), 6, 'the patient is reminded of each');

-- The doctor gets one message, of whatever size the batches are; after a failure
-- each goes alone.
CREATE FUNCTION pg_temp.claimed(most integer) RETURNS TABLE (messages integer,
	told integer) LANGUAGE sql AS $$
	SELECT count(DISTINCT stanza_id)::integer, count(*)::integer
	FROM api.deliveries_claim('a', most, 60) WHERE kind = 'booked'
$$;
SELECT results_eq($$SELECT * FROM pg_temp.claimed(1)$$, $$VALUES (1, 3)$$,
	'one message');
SELECT results_eq($$SELECT * FROM pg_temp.claimed(50)$$, $$VALUES (0, 0)$$,
	'which is in hand');
UPDATE clinic.clock SET offset_ms = offset_ms + 61000;
SELECT results_eq($$SELECT * FROM pg_temp.claimed(2)$$, $$VALUES (1, 3)$$,
	'and again when nobody said that it was sent');
SELECT api.delivery_failed('a', (SELECT min(id) FROM clinic.delivery
	WHERE kind = 'booked'), 'away') \g /dev/null
UPDATE clinic.clock SET offset_ms = offset_ms + 61000;
SELECT results_eq($$SELECT * FROM pg_temp.claimed(50)$$, $$VALUES (3, 3)$$,
	'then one by one');
SELECT api.deliveries_done('a', (SELECT string_agg(id::text, ' ')
	FROM clinic.delivery WHERE kind = 'booked')) \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.delivery
	WHERE kind = 'booked' AND outcome = 'sent'), 3, 'sent');

-- Some cannot be.
SELECT api.holiday_add('admin@localhost', '2026-12-25', '2026-12-26') \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-11 10:00') AS hers \gset
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-18 10:00') \g /dev/null
SELECT results_eq($$SELECT * FROM pg_temp.series('mia', 'chen',
	'["2026-12-04 10:00", "2026-12-11 10:00", "2026-12-18 10:00", "2026-12-25 10:00",
	"2026-11-27 10:00", "2026-12-27 10:00", "2027-04-30 10:00"]')$$,
	format($$VALUES ('2026-11-27 10:00', false, 'that time has passed'),
		('2026-12-04 10:00', false, NULL),
		('2026-12-11 10:00', false, NULL),
		('2026-12-18 10:00', false, 'you have another visit at that time, "%s"'),
		('2026-12-25 10:00', false, 'the clinic is closed at that time'),
		('2026-12-27 10:00', false, 'no visit can start at that time'),
		('2027-04-30 10:00', false,
			'that is too far ahead: you can book until 30 Mar 2027 so far')$$,
		(SELECT code FROM clinic.appointment WHERE patient = pg_temp.id('mia')
			AND doctor = pg_temp.id('ruiz'))), 'each says why not');
SELECT is(pg_temp.visits('mia'), 'Fri 11 Dec 10:00, Fri 18 Dec 10:00',
	'then none is booked');
SELECT results_eq($$SELECT * FROM pg_temp.series('mia', 'chen',
	'["2026-12-04 10:00", "2026-12-11 10:00"]')$$,
	$$VALUES ('2026-12-04 10:00', true, NULL), ('2026-12-11 10:00', true, NULL)$$,
	'the others can be');
SELECT is(pg_temp.visits('mia'),
	'Fri 04 Dec 10:00, Fri 11 Dec 10:00, Fri 18 Dec 10:00',
	'with the one that was there');
SELECT results_eq($$SELECT * FROM pg_temp.series('tom', 'chen',
	'["2026-12-04 10:00", "2026-12-04 10:20"]', false)$$,
	$$VALUES ('2026-12-04 10:00', false, 'that time was just taken'),
		('2026-12-04 10:20', false, NULL)$$, 'somebody else''s time');
SELECT api.visit_type_set('chen@localhost', pg_temp.id('chen'), NULL, 'Long',
	'{"minutes": 60}') \g /dev/null
SELECT is((SELECT reason FROM pg_temp.series('tom', 'chen',
	'["2026-12-08 10:00", "2026-12-08 10:40"]', true, NULL, 'long')
	WHERE starts = '2026-12-08 10:40') ~ '^you have another visit at that time',
	true, 'visits of one series do not overlap');
SELECT throws_ok(format($$SELECT pg_temp.series('tom', %L, %L, true, %s, %L)$$,
	doctor, starts, patient, type), state, NULL, why)
FROM (VALUES
	('nobody', '["2026-12-08 10:00"]', 'NULL', NULL, 'CL003', 'no such doctor'),
	('chen', '["2026-12-08 10:00"]', 'NULL', 'nonsense', 'CL003', 'no such type'),
	('chen', '["2026-12-08 10:00"]', '-1', NULL, 'CL003', 'no such patient'),
	('chen', '[]', 'NULL', NULL, 'CL001', 'nothing'),
	('chen', '{}', 'NULL', NULL, 'CL001', 'no list'),
	('chen', '["tomorrow"]', 'NULL', NULL, 'CL001', 'no time'))
	bad (doctor, starts, patient, type, state, why);

-- The limit of twenty visits to come holds.
SELECT results_eq($$SELECT count(*) FILTER (WHERE reason IS NULL)::integer,
		count(*) FILTER (WHERE reason LIKE 'you have twenty visits%')::integer,
		bool_or(is_booked)
	FROM pg_temp.series('tom', 'okafor', (SELECT jsonb_agg(to_char(day,
			'YYYY-MM-DD 10:00'))::text
		FROM generate_series('2026-12-01'::timestamp, '2026-12-31', '1 day') day
		WHERE extract(isodow FROM day) < 6))$$,
	$$VALUES (17, 2, false)$$, 'twenty, with the three that are there');

-- For a child; the doctor says yes or no first.
SELECT person AS leo FROM api.child_add('tom@localhost', 'Leo', '2019-05-02') \gset
UPDATE clinic.doctor SET approves = true WHERE person = pg_temp.id('okafor');
SELECT results_eq(format($$SELECT starts, state, patient_name
	FROM api.book_series('tom@localhost', pg_temp.id('okafor'),
		'["2026-12-07 10:00", "2026-12-14 10:00"]', NULL, %s, true)$$, :leo),
	$$VALUES ('2026-12-07 10:00', 'requested', 'Leo Baker'),
		('2026-12-14 10:00', 'requested', 'Leo Baker')$$, 'for a child, asked for');
SELECT is((SELECT count(*)::integer FROM clinic.audit
	WHERE action = 'book for another'), 2, 'the audit has each');
UPDATE clinic.doctor SET approves = false;

-- When the clocks change 10:00 stays 10:00.
SELECT bool_and(is_booked) FROM pg_temp.series('mia', 'ruiz',
	'["2027-03-22 10:00", "2027-03-29 10:00"]') \g /dev/null
SELECT results_eq($$SELECT starts, starts_at
	FROM api.appointments('mia@localhost', NULL, NULL) WHERE starts > '2027-03'$$,
	$$VALUES ('2027-03-22 10:00', '2027-03-22T09:00:00Z'),
		('2027-03-29 10:00', '2027-03-29T08:00:00Z')$$, 'through the spring');

-- Cancelling.
SELECT code AS second FROM api.appointments('tom@localhost', NULL, NULL)
WHERE starts = '2026-12-14 10:00' AND patient = pg_temp.id('tom') \gset
SELECT api.move('tom@localhost', :'second', pg_temp.m('2026-12-15 11:00')) \g /dev/null
SELECT throws_ok(format($$SELECT api.cancel_following('mia@localhost', %L, NULL)$$,
	:'second'), 'CL003', NULL, 'not somebody else''s');
SELECT results_eq(format($$SELECT starts, state, is_again
	FROM api.cancel_following('tom@localhost', %L, 'well again')$$, :'second'),
	$$VALUES ('2026-12-15 11:00', 'cancelled', false),
		('2026-12-21 10:00', 'cancelled', false)$$,
	'one and what follows, moved or not');
SELECT results_eq(format($$SELECT starts, is_again
	FROM api.cancel_following('tom@localhost', %L, 'well again')$$, :'second'),
	$$VALUES ('2026-12-15 11:00', true), ('2026-12-21 10:00', true)$$,
	'the same again');
SELECT results_eq($$SELECT starts, following
	FROM api.appointments('tom@localhost', NULL, NULL) WHERE NOT is_for_other$$,
	$$VALUES ('2026-12-07 10:00', 0)$$, 'what was before it stays');
SELECT results_eq(format($$SELECT code
	FROM api.cancel_following('mia@localhost', %L, NULL)$$, code),
	format($$VALUES (%L)$$, code), 'a visit of no series is alone')
FROM clinic.appointment WHERE patient = pg_temp.id('mia')
	AND doctor = pg_temp.id('ruiz') AND series IS NULL;
SELECT api.visit_type_set('ruiz@localhost', pg_temp.id('ruiz'), NULL, 'Visit',
	'{"cancel": 1440}') \g /dev/null
SELECT pg_temp.at('2026-12-06 10:01') \g /dev/null
SELECT throws_ok(format($$SELECT api.cancel_following('tom@localhost', %L, NULL)$$,
	code), 'CL002', NULL, 'each keeps its deadline')
FROM api.appointments('tom@localhost', NULL, NULL) WHERE NOT is_for_other;

-- Several together, or none.
SELECT bool_and(is_booked) FROM pg_temp.series('mia', 'okafor',
	'["2026-12-08 10:00", "2026-12-15 10:00"]') \g /dev/null
SELECT string_agg(code, ' ' ORDER BY starts DESC) AS mias
FROM api.appointments('mia@localhost', NULL, pg_temp.id('okafor')) \gset
SELECT throws_ok(format($$SELECT api.cancel_several('mia@localhost', %L, NULL)$$,
	:'mias' || ' ' || code), 'CL003', NULL, 'somebody else''s is among them')
FROM api.appointments('tom@localhost', NULL, NULL) WHERE NOT is_for_other;
SELECT is((SELECT count(*)::integer
	FROM api.appointments('mia@localhost', NULL, pg_temp.id('okafor'))), 2,
	'so none is cancelled');
SELECT results_eq(format($$SELECT starts, state, is_again
	FROM api.cancel_several('mia@localhost', %L, NULL)$$, :'mias'),
	$$VALUES ('2026-12-08 10:00', 'cancelled', false),
		('2026-12-15 10:00', 'cancelled', false)$$, 'soonest first');
SELECT results_eq(format($$SELECT is_again
	FROM api.cancel_several('mia@localhost', %L, NULL)$$, :'mias'),
	$$VALUES (true), (true)$$, 'the same again');

-- Fair rotation: many ask for any dermatologist at the first free time, or at one
-- time of some day; two are equally free from ten to one.
SELECT pg_temp.at('2027-01-04 08:00') \g /dev/null
CREATE FUNCTION pg_temp.any_one(who text, day date, from_time time)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	slot record;
BEGIN
	SELECT * INTO slot FROM api.slots(who || '@localhost', NULL,
		pg_temp.spec('Dermatology'), day, day, from_time, '13:00', NULL, 1, NULL);
	PERFORM api.book(who || '@localhost', slot.doctor, slot.starts_at::timestamptz);
	-- Each is asked for a moment later.
	UPDATE clinic.clock SET offset_ms = offset_ms + 1000;
	RETURN slot.doctor_name;
END $$;
SELECT pg_temp.patient('p' || n) FROM generate_series(1, 60) n \g /dev/null
SELECT results_eq($$SELECT doctor, count(*)::integer
	FROM (SELECT pg_temp.any_one('p' || n, '2027-01-05', '10:00') AS doctor
		FROM generate_series(1, 18) n) turns GROUP BY doctor ORDER BY doctor$$,
	$$VALUES ('Dr. Ana Ruiz', 9), ('Dr. Ngozi Okafor', 9)$$,
	'the first free times of a morning are shared');
SELECT is((SELECT bool_and(doctors = 2) FROM (SELECT count(DISTINCT doctor) AS doctors
	FROM clinic.appointment WHERE lower(during)::date = '2027-01-05'
	GROUP BY during) starts), true, 'both at each time');
SELECT results_eq($$SELECT doctor, count(*)::integer
	FROM (SELECT pg_temp.any_one('p' || n, '2027-01-06'::date + n % 5 * 7,
			('10:00'::time + n / 5 % 7 * interval '20 minutes')::time) AS doctor
		FROM generate_series(20, 53) n) turns GROUP BY doctor ORDER BY doctor$$,
	$$VALUES ('Dr. Ana Ruiz', 17), ('Dr. Ngozi Okafor', 17)$$,
	'and so are times here and there');
SELECT is((SELECT count(*)::integer FROM (SELECT doctor = lag(doctor)
		OVER (ORDER BY id) AS is_same FROM clinic.appointment
		WHERE lower(during)::date BETWEEN '2027-01-06' AND '2027-02-28') turns WHERE is_same), 0,
	'in turn');
SELECT results_eq($$SELECT starts, count(*)::integer FROM api.slots('p60@localhost',
	NULL, pg_temp.spec('Dermatology'), '2027-01-07', '2027-01-07', '10:00', '10:21',
	NULL, 10, NULL) GROUP BY starts ORDER BY starts$$,
	$$VALUES ('2027-01-07 10:00', 1), ('2027-01-07 10:20', 1)$$,
	'each start is offered once');
SELECT * FROM finish();
ROLLBACK;
