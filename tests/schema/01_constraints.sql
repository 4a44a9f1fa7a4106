-- 01_constraints.sql - what the tables refuse, whoever writes to them.
\ir helper.sql
SELECT plan(46);

-- An appointment written past the function, to see the constraints alone.
CREATE FUNCTION pg_temp.visit(doctor text, patient text, local text,
	minutes integer DEFAULT 20, state text DEFAULT 'booked', code text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO clinic.appointment (code, doctor, patient, visit_type, during,
		blocked, state, expires_at, fee, currency, booked_by)
	VALUES (coalesce(code, clinic.new_code()), pg_temp.id(doctor),
		pg_temp.id(patient), (SELECT min(id) FROM clinic.visit_type),
		tstzrange(pg_temp.m(local),
			pg_temp.m(local) + minutes * interval '1 minute'),
		tstzrange(pg_temp.m(local),
			pg_temp.m(local) + minutes * interval '1 minute'),
		state::clinic.appointment_state,
		CASE WHEN state IN ('held', 'requested') THEN now() END, 0, 'EUR', pg_temp.id(patient))
$$;

SELECT lives_ok($$SELECT pg_temp.visit('ruiz', 'tom', '2026-12-01 09:00')$$,
	'a visit');
SELECT throws_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 09:10')$$,
	'23P01', 'conflicting key value violates exclusion constraint '
		|| '"appointment_doctor_once"', 'a doctor sees one patient at a time');
SELECT throws_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 08:50', 60)$$,
	'23P01', NULL, 'a longer one around it does not pass either');
SELECT throws_ok($$SELECT pg_temp.visit('chen', 'tom', '2026-12-01 09:19')$$,
	'23P01', 'conflicting key value violates exclusion constraint '
		|| '"appointment_patient_once"', 'a patient sees one doctor at a time');
SELECT lives_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 09:20')$$,
	'the next may begin when it ends');
SELECT throws_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 09:00', 20,
	'held')$$, '23P01', NULL, 'a held time is taken');
SELECT throws_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 09:00', 20,
	'requested')$$, '23P01', NULL, 'so is a requested one');
SELECT lives_ok($$SELECT pg_temp.visit('ruiz', 'mia', '2026-12-01 09:00', 20,
	'cancelled')$$, 'a cancelled one is free');
SELECT throws_ok($$SELECT pg_temp.visit('ruiz', 'ruiz', '2026-12-02 09:00')$$,
	'23514', NULL, 'nobody is their own doctor');
SELECT throws_ok($$SELECT pg_temp.visit('tom', 'mia', '2026-12-02 09:00')$$,
	'23503', NULL, 'a patient is no doctor');
SELECT throws_ok($$SELECT pg_temp.visit('chen', 'mia', '2026-12-02 09:00', 0)$$,
	'23514', NULL, 'a visit takes time');
SELECT throws_ok($$SELECT pg_temp.visit('chen', 'mia', '2026-12-02 09:00', 1500)$$,
	'23514', NULL, 'but not more than a day');
SELECT throws_ok(format($$SELECT pg_temp.visit('chen', 'mia',
	'2026-12-02 09:00', 20, 'booked', %L)$$, bad), '23514', NULL,
	'"' || bad || '" is no code')
FROM unnest(ARRAY['ABCDE', '22222', 'A7K3', 'A7K3FF', 'A7K30', 'a7k3f', 'A7KIF'])
	bad;

SELECT throws_ok(format($$INSERT INTO clinic.person (jid, name)
	VALUES ('x@localhost', %L)$$, bad), '23514', NULL,
	'a name is not ' || quote_literal(left(bad, 20)))
FROM unnest(ARRAY['', ' Jane', E'Jane\nDoe', E'Jane\u202EDoe', E'Jane\u0007',
	E'Jane\u200B', E'\u2066Jane', repeat('x', 101)]) bad;
SELECT lives_ok(format($$INSERT INTO clinic.person (jid, name) VALUES (%L, %L)$$,
	'p' || i || '@localhost', name), 'a name may be ' || name)
FROM unnest(ARRAY['X', repeat('x', 100), 'Ñoño O''Brien-Łuk', '李小龍',
	'محمد', E'Zu\u0308rich', 'Robert''); DROP TABLE person;--'])
	WITH ORDINALITY names (name, i);
SELECT throws_ok(format($$INSERT INTO clinic.person (jid) VALUES (%L)$$, bad),
	'23514', NULL, 'a JID is not ' || quote_literal(bad))
FROM unnest(ARRAY['', 'tom@localhost/phone', 'a b@c', '<a@b>', '@b', 'a@']) bad;
SELECT throws_ok($$INSERT INTO clinic.person (jid) VALUES ('tom@localhost')$$,
	'23505', NULL, 'a JID is one person');

SELECT throws_ok($$INSERT INTO clinic.opening
	SELECT doctor, during FROM clinic.opening LIMIT 1$$, '23P01', NULL,
	'openings never overlap');
SELECT throws_ok($$INSERT INTO clinic.availability (doctor, rrule, starts, ends)
	VALUES (pg_temp.id('ruiz'), 'FREQ=DAILY', '13:00', '09:00')$$, '23514', NULL,
	'hours begin before they end');
SELECT throws_ok($$INSERT INTO clinic.availability (doctor, rrule, starts, ends)
	VALUES (pg_temp.id('ruiz'), 'every day', '09:00', '13:00')$$, '23514', NULL,
	'a rule is a rule');
SELECT throws_ok($$INSERT INTO clinic.specialty (name) VALUES ('CARDIOLÓGY')$$,
	'23505', NULL, 'one specialty in any spelling');
SELECT throws_ok($$INSERT INTO clinic.clinic (is_only, name, zone, currency,
	language, reminders, horizon_days) VALUES (false, 'x', 'UTC', 'EUR', 'en',
	'{}', 1)$$, '23514', NULL, 'there is one clinic');

SELECT * FROM finish();
ROLLBACK;
