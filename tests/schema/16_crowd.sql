-- 16_crowd.sql - free times where there are more doctors than are looked at.
\ir helper.sql
SELECT plan(8);

-- A hundred doctors of a new specialty; the first were booked longest ago. They
-- work on Tuesday, the later ones earlier than the others.
INSERT INTO clinic.specialty (name) VALUES ('Crowd');
INSERT INTO clinic.person (jid, name)
SELECT 'crowd' || n || '@localhost', 'Doctor ' || chr(64 + n / 10) || n
FROM generate_series(1, 100) n ORDER BY n;
INSERT INTO clinic.role (person, role)
SELECT id, 'doctor' FROM clinic.person WHERE jid LIKE 'crowd%';
INSERT INTO clinic.doctor (person, minutes, last_booked_at)
SELECT id, 20, clinic.now() - (200 - substring(jid FROM '[0-9]+')::integer)
	* interval '1 minute'
FROM clinic.person WHERE jid LIKE 'crowd%';
INSERT INTO clinic.visit_type (doctor, name, minutes, currency)
SELECT person, 'Visit', 20, 'EUR' FROM clinic.doctor JOIN clinic.person ON id = person
WHERE jid LIKE 'crowd%';
INSERT INTO clinic.doctor_specialty
SELECT id, pg_temp.spec('Crowd') FROM clinic.person WHERE jid LIKE 'crowd%';

CREATE FUNCTION pg_temp.works(first integer, last integer, starts text, ends text)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO clinic.opening (doctor, during)
	SELECT pg_temp.id('crowd' || n),
		tstzrange(pg_temp.m('2026-12-01 ' || starts), pg_temp.m('2026-12-01 ' || ends))
	FROM generate_series(first, last) n
$$;
CREATE FUNCTION pg_temp.first_free(most integer) RETURNS SETOF text
LANGUAGE sql AS $$
	SELECT right(starts, 5) || ' ' || doctor_name FROM api.slots('tom@localhost', NULL,
		pg_temp.spec('Crowd'), NULL, NULL, NULL, NULL, NULL, most, NULL)
$$;

SELECT is_empty($$SELECT pg_temp.first_free(1)$$, 'nobody works: nothing is free');
SELECT pg_temp.works(95, 100, '11:00', '12:00') \g /dev/null
SELECT results_eq($$SELECT pg_temp.first_free(1)$$,
	$$VALUES ('11:00 Dr. Doctor I95')$$, 'the last ones alone work: they are found');
SELECT pg_temp.works(1, 90, '11:00', '12:00') \g /dev/null
SELECT results_eq($$SELECT pg_temp.first_free(2)$$,
	$$VALUES ('11:00 Dr. Doctor @1'), ('11:20 Dr. Doctor @1')$$,
	'of many it is the turn of whoever was booked longest ago');
SELECT pg_temp.works(91, 94, '9:00', '9:40') \g /dev/null
SELECT results_eq($$SELECT pg_temp.first_free(3)$$,
	$$VALUES ('09:00 Dr. Doctor I91'), ('09:20 Dr. Doctor I91'),
		('11:00 Dr. Doctor @1')$$, 'who works earlier comes first');

-- The first seventy have no time.
INSERT INTO clinic.time_off (doctor, during)
SELECT pg_temp.id('crowd' || n), tstzrange(pg_temp.m('2026-12-01 10:00'),
	pg_temp.m('2026-12-01 12:00'))
FROM generate_series(1, 70) n;
SELECT results_eq($$SELECT pg_temp.first_free(3)$$,
	$$VALUES ('09:00 Dr. Doctor I91'), ('09:20 Dr. Doctor I91'),
		('11:00 Dr. Doctor G71')$$, 'who is not looked at first is found too');
SELECT results_eq($$SELECT count(*), count(DISTINCT one) FROM pg_temp.first_free(20) one$$,
	$$VALUES (5::bigint, 5::bigint)$$, 'each time is offered once');

-- Openings in a window.
SELECT results_eq($$SELECT count(*) FROM clinic.openings_in(pg_temp.id('crowd91'),
	tstzrange(pg_temp.m('2026-12-01 09:39'), pg_temp.m('2026-12-02 09:00')))$$,
	$$VALUES (1::bigint)$$, 'an opening that has begun is in the window');
SELECT throws_ok($$INSERT INTO clinic.opening (doctor, during) VALUES
	(pg_temp.id('crowd91'), '[2026-12-05Z, 2026-12-07 01:00Z)')$$, '23514', NULL,
	'none is longer than two days');

SELECT * FROM finish();
ROLLBACK;
