-- 05_slots.sql - which starts are offered.
\ir helper.sql
SELECT plan(25);

CREATE FUNCTION pg_temp.offered(doctor text, day_from date, day_to date,
	time_from time DEFAULT NULL, time_to time DEFAULT NULL,
	after timestamptz DEFAULT NULL, most integer DEFAULT 100,
	moving text DEFAULT NULL, who text DEFAULT 'jane', specialty text DEFAULT NULL)
RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(to_char(starts::timestamp, 'DD/HH24:MI'), ' '
		ORDER BY number), '')
	FROM api.slots(who || '@localhost', pg_temp.id(doctor),
		pg_temp.spec(specialty), day_from, day_to, time_from, time_to, after, most,
		moving) WITH ORDINALITY slots (doctor, doctor_name, starts_at, starts, ends,
		fee, currency, comes_twice, number)
$$;

SELECT results_eq($$SELECT doctor, doctor_name, starts_at, starts, ends, fee,
		currency FROM api.slots('jane@localhost', pg_temp.id('ruiz'), NULL, NULL,
		NULL, NULL, NULL, NULL, 1, NULL)$$,
	$$VALUES (pg_temp.id('ruiz'), 'Dr. Ana Ruiz', '2026-11-30T08:00:00Z',
		'2026-11-30 09:00', '2026-11-30 09:20', '40', 'EUR')$$, 'a slot');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01'),
	'01/09:00 01/09:20 01/09:40 01/10:00 01/10:20 01/10:40 01/11:00 01/11:20 '
	|| '01/11:40 01/12:00 01/12:20 01/12:40 01/15:00 01/15:20 01/15:40 01/16:00 '
	|| '01/16:20 01/16:40 01/17:00 01/17:20 01/17:40', 'a whole day');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '09:30', '10:20'),
	'01/09:40 01/10:00', 'from a time, to a time that is not in');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-02', '09:40', '09:40'),
	'01/09:40 02/09:40', 'exactly at a time');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '09:50', '09:50'),
	'', 'a time that is not on the grid');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '17:30', '24:00'),
	'01/17:40', 'until midnight');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '17:30', '09:10'),
	'01/09:00 01/17:40', 'through the night');
SELECT is(pg_temp.offered('ruiz', '2026-12-04', '2026-12-07', '12:30', '15:10'),
	'04/12:40 04/15:00 07/12:40 07/15:00', 'over a weekend');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', NULL, most => 2,
	after => pg_temp.m('2026-12-01 09:20')), '01/09:40 01/10:00', 'more');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', most => 0), '',
	'none of them');
SELECT is(pg_temp.offered('ruiz', '2026-12-05', '2026-12-06'), '', 'a weekend');
SELECT is(pg_temp.offered('ruiz', '2025-01-01', '2025-12-31'), '', 'last year');
SELECT is(pg_temp.offered('ruiz', '2026-12-02', '2026-12-01'), '',
	'days the wrong way round');
SELECT is(pg_temp.offered('ruiz', '-infinity', 'infinity', most => 1), '30/09:00',
	'all days');
SELECT pg_temp.at('2026-11-30 09:00') \g /dev/null
SELECT is(pg_temp.offered('ruiz', NULL, NULL, most => 1), '30/09:20',
	'what begins now is too late');
SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null

-- Whose time it is.
SELECT pg_temp.patient('jane') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:20') \g /dev/null
SELECT pg_temp.booked('jane', 'chen', '2026-12-01 09:40') AS code \gset
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '09:00', '10:20'),
	'01/09:00 01/10:00', 'another''s visit and one''s own visit elsewhere');
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01', '09:00', '10:20',
	who => 'mia'), '01/09:00 01/09:40 01/10:00', 'for others there is more');
SELECT is(pg_temp.offered('chen', '2026-12-01', '2026-12-01', '09:20', '10:20',
	moving => :'code'), '01/09:20 01/10:00',
	'what is being moved blocks nothing, but is not moved to itself');
SELECT is(pg_temp.offered('chen', '2026-12-01', '2026-12-01', '09:20', '10:20',
	who => 'chen', moving => lower(:'code')), '01/09:20 01/10:00',
	'nor when the doctor moves it');
SELECT throws_ok(format($$SELECT pg_temp.offered('chen', NULL, NULL,
	moving => %L, who => 'tom')$$, :'code'), 'CL003',
	format('there is no appointment "%s"', :'code'), 'nobody else moves it');
SELECT results_eq($$SELECT doctor_name, starts FROM api.slots('jane@localhost',
		NULL, pg_temp.spec('Dermatology'), '2026-12-01', NULL, '10:00', '24:00',
		NULL, 3, NULL)$$, $$VALUES ('Dr. Ngozi Okafor', '2026-12-01 10:00'),
	('Dr. Ngozi Okafor', '2026-12-01 10:20'), ('Dr. Ngozi Okafor',
	'2026-12-01 10:40')$$, 'any doctor of a specialty: whose turn it is');
SELECT is((SELECT count(DISTINCT doctor)::integer FROM api.slots('jane@localhost',
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, 30, NULL)), 3, 'any doctor at all');

-- Time off, and hours that changed: the grid is the opening's.
SELECT api.off_add('ruiz@localhost', '2026-12-01 09:30', '2026-12-01 17:10',
	NULL) \g /dev/null
SELECT is(pg_temp.offered('ruiz', '2026-12-01', '2026-12-01'),
	'01/09:00 01/17:20 01/17:40', 'not in time off, not even half');
UPDATE clinic.doctor SET minutes = 45 WHERE person = pg_temp.id('ruiz');
UPDATE clinic.visit_type SET minutes = 45 WHERE doctor = pg_temp.id('ruiz');
SELECT is(pg_temp.offered('ruiz', '2026-12-02', '2026-12-02', '09:00', '14:00'),
	'02/09:00 02/09:45 02/10:30 02/11:15 02/12:00', 'no visit ends after hours');
UPDATE clinic.doctor SET is_active = false WHERE person = pg_temp.id('ruiz');
SELECT is(pg_temp.offered('ruiz', NULL, NULL), '', 'a removed doctor has none');

SELECT * FROM finish();
ROLLBACK;
