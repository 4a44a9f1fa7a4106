-- 12_day.sql - arrived, begun, done, missed, late; history and patients.
\ir helper.sql
SELECT no_plan();

SELECT pg_temp.booked('tom', 'ruiz', '2026-11-30 09:00') AS tom \gset
SELECT pg_temp.booked('mia', 'ruiz', '2026-11-30 09:20') AS mia \gset
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-01 09:00') AS tomorrow \gset
SELECT pg_temp.booked('mia', 'chen', '2026-11-30 10:00') AS chen \gset

-- Who may note what.
SELECT throws_ok(format('SELECT api.visit_mark(%L, %L, %L)', who || '@localhost',
	:'tom', mark), state, message, who || ' ' || mark)
FROM (VALUES
	('tom', 'arrived', 'CL002', 'only the doctor of a visit can do that'),
	('admin', 'start', 'CL002', 'only the doctor of a visit can do that'),
	('admin', 'done', 'CL002', 'only the doctor of a visit can do that'),
	('chen', 'arrived', 'CL003', format('there is no appointment "%s"', :'tom')),
	('jane', 'noshow', 'CL003', format('there is no appointment "%s"', :'tom')),
	('ruiz', 'eaten', 'CL001', 'there is nothing called "eaten" to note')
) bad (who, mark, state, message);

-- The order of things.
SELECT throws_ok(format('SELECT api.visit_mark(%L, %L, %L)', 'ruiz@localhost',
	code, mark), 'CL004', message, message)
FROM (VALUES
	(:'mia', 'noshow', format('the visit "%s" has not begun yet', :'mia')),
	(:'tomorrow', 'arrived', format('the visit "%s" is not today', :'tomorrow')),
	(:'tomorrow', 'done', format('the visit "%s" is not today', :'tomorrow')),
	(:'tomorrow', 'noshow', format('the visit "%s" is not today', :'tomorrow'))
) bad (code, mark, message);
SELECT results_eq(format($$SELECT code, doctor_name, patient_name, starts, state,
		was_state, is_new, missed FROM api.visit_mark('admin@localhost', %L,
			'arrived')$$, :'tom'),
	format($$VALUES (%L, 'Dr. Ana Ruiz', 'Tom Baker', '2026-11-30 09:00', 'arrived',
		'booked', true, 0)$$, :'tom'), 'the reception notes an arrival');
SELECT results_eq(format($$SELECT state, is_new
		FROM api.visit_mark('ruiz@localhost', %L, 'arrived')$$, :'tom'),
	$$VALUES ('arrived', false)$$, 'twice is harmless');
SELECT is((SELECT count(*)::integer FROM clinic.appointment_event
	WHERE state = 'arrived'), 1, 'and written down once');
SELECT throws_ok(format('SELECT api.cancel(%L, %L, NULL)', 'tom@localhost', :'tom'),
	'CL004', format('the visit "%s" has already begun', :'tom'),
	'who is here does not cancel');
SELECT is((SELECT state FROM api.next_visit('ruiz@localhost')), 'arrived',
	'who waits is next');
SELECT pg_temp.at('2026-11-30 09:30') \g /dev/null
SELECT is((SELECT code FROM api.next_visit('ruiz@localhost')), :'tom',
	'even after the time of the visit');
SELECT is((SELECT is_new FROM api.visit_mark('ruiz@localhost', :'tom', 'start')),
	true, 'the visit begins');
SELECT is((SELECT is_new FROM api.visit_mark('ruiz@localhost', :'tom', 'start')),
	false, 'once');
SELECT results_eq($$SELECT was::text, state::text, actor FROM
		clinic.appointment_event WHERE was IS NOT NULL ORDER BY id$$,
	$$VALUES ('booked', 'arrived', pg_temp.id('admin')),
		('arrived', 'arrived', pg_temp.id('ruiz'))$$, 'every change has a row');
SELECT is((SELECT code FROM api.next_visit('ruiz@localhost')), :'mia',
	'next is who is not in yet');
SELECT throws_ok(format('SELECT api.visit_mark(%L, %L, %L)', 'ruiz@localhost',
	:'tom', 'noshow'), 'CL004', format('the visit "%s" is under way', :'tom'),
	'who is in has come');
SELECT is((SELECT state || ' ' || is_new FROM api.visit_mark('ruiz@localhost',
	:'tom', 'done')), 'fulfilled true', 'it is done');
SELECT is((SELECT state || ' ' || is_new FROM api.visit_mark('ruiz@localhost',
	:'tom', 'done')), 'fulfilled false', 'twice is harmless');
SELECT throws_ok(format('SELECT api.visit_mark(%L, %L, %L)', 'ruiz@localhost',
	:'tom', mark), 'CL004', format('the visit "%s" is done already', :'tom'),
	'not ' || mark || ' after it is done')
FROM unnest(ARRAY['arrived', 'start', 'noshow']) mark;

-- Who did not come, is counted, and may come after all.
SELECT is((SELECT state || ' ' || missed FROM api.visit_mark('ruiz@localhost',
	:'mia', 'noshow')), 'noshow 1', 'nobody came');
SELECT is((SELECT state || ' ' || missed FROM api.visit_mark('ruiz@localhost',
	:'mia', 'noshow')), 'noshow 1', 'that counts once');
SELECT is((SELECT missed FROM api.people('admin@localhost', 'mia', 1, 0)), 1,
	'admins see it');
SELECT results_eq($$SELECT code, state, has_begun
		FROM api.day('ruiz@localhost', false, NULL)$$,
	format($$VALUES (%L, 'fulfilled', true), (%L, 'noshow', true)$$, :'tom', :'mia'),
	'the doctor''s day has what is over too');
SELECT results_eq($$SELECT code, doctor_name
		FROM api.day('admin@localhost', true, 'Mía')$$,
	format($$VALUES (%L, 'Dr. Ana Ruiz'), (%L, 'Dr. Wei Chen')$$, :'mia', :'chen'),
	'an admin''s is everybody''s, by name');
SELECT throws_ok(call, 'CL002', NULL, call)
FROM unnest(ARRAY['SELECT api.day(''ruiz@localhost'', true, NULL)',
	'SELECT api.day(''admin@localhost'', false, NULL)',
	'SELECT api.day(''tom@localhost'', false, NULL)',
	'SELECT api.late(''admin@localhost'', 10)',
	'SELECT api.history(''admin@localhost'', NULL, 10, 0)',
	'SELECT api.history(''tom@localhost'', 1, 10, 0)',
	'SELECT api.patients(''tom@localhost'', NULL)']) call;
SELECT is((SELECT state FROM api.visit_mark('ruiz@localhost', :'mia', 'arrived')),
	'arrived', 'she comes after all');
SELECT is((SELECT missed FROM api.visit_mark('ruiz@localhost', :'mia', 'done')), 0,
	'and has missed nothing');

-- Late: told once, to those who wait, and never when it has passed.
SELECT pg_temp.at('2026-11-30 09:31') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-11-30 10:20') AS late \gset
SELECT pg_temp.booked('mia', 'ruiz', '2026-11-30 10:40') AS later \gset
DELETE FROM clinic.delivery;
SELECT results_eq($$SELECT code, patient_name, starts, expected
		FROM api.late('ruiz@localhost', 20)$$,
	format($$VALUES
		(%L, 'Tom Baker', '2026-11-30 10:20', '2026-11-30 10:40'),
		(%L, 'Mia Wong', '2026-11-30 10:40', '2026-11-30 11:00')$$, :'late',
		:'later'), 'who waits today is told');
SELECT is_empty($$SELECT * FROM api.late('ruiz@localhost', 20)$$, 'once');
SELECT results_eq($$SELECT lower(during) FROM clinic.appointment WHERE is_live
		AND doctor = pg_temp.id('ruiz') ORDER BY 1$$,
	ARRAY[pg_temp.m('2026-11-30 10:20'), pg_temp.m('2026-11-30 10:40'),
		pg_temp.m('2026-12-01 09:00')], 'the visits keep their times');
SELECT results_eq($$SELECT pg_temp.mail('tom')$$, $$VALUES ('late')$$, 'one message');
SELECT is((SELECT count(*)::integer FROM api.late('ruiz@localhost', 40)), 2,
	'later still');
SELECT results_eq($$SELECT pg_temp.mail('tom')$$, $$VALUES ('late')$$,
	'what was not sent yet is replaced');
SELECT results_eq($$SELECT expected FROM api.day('ruiz@localhost', false, NULL)
		WHERE state = 'booked'$$,
	$$VALUES ('2026-11-30 11:00'), ('2026-11-30 11:20')$$, 'her day shows it');
SELECT results_eq($$SELECT kind, starts, was_starts
		FROM api.deliveries_claim('x', 10, 60) WHERE jid = 'tom@localhost'$$,
	$$VALUES ('late', '2026-11-30 11:00', '2026-11-30 10:20')$$, 'what he is told');
SELECT api.late('ruiz@localhost', 10) \g /dev/null
SELECT api.cancel('ruiz@localhost', :'late', NULL) \g /dev/null
SELECT is_empty($$SELECT * FROM api.deliveries_claim('y', 10, 60)
	WHERE jid = 'tom@localhost' AND kind = 'late'$$,
	'not when the visit is off');
SELECT pg_temp.at('2026-11-30 10:51') \g /dev/null
SELECT is_empty($$SELECT * FROM api.deliveries_claim('z', 10, 60)
	WHERE kind = 'late'$$, 'nor when that time has passed');
SELECT throws_ok(format('SELECT api.late(%L, %s)', 'ruiz@localhost', bad), 'CL001',
	NULL, 'late ' || bad)
FROM unnest(ARRAY['-1', '481', 'NULL']) bad;

-- History, a page at a time; each doctor sees what was with her.
SELECT api.cancel('mia@localhost', :'tomorrow', ' the  flu ') \g /dev/null
SELECT results_eq($$SELECT code, state, reason
		FROM api.history('mia@localhost', NULL, 10, 0)$$,
	format($$VALUES (%L, 'cancelled', 'the flu'), (%L, 'booked', NULL),
		(%L, 'fulfilled', NULL)$$, :'tomorrow', :'chen', :'mia'),
	'the latest first');
SELECT is((SELECT code FROM api.history('mia@localhost', NULL, 1, 2)), :'mia',
	'further on');
SELECT results_eq($$SELECT code FROM api.history('ruiz@localhost',
		pg_temp.id('mia'), 10, 0)$$,
	ARRAY[:'tomorrow', :'mia'], 'with one doctor');
SELECT is_empty($$SELECT * FROM api.history('okafor@localhost', pg_temp.id('mia'),
	10, 0)$$, 'nothing with another');
SELECT results_eq($$SELECT name, visits FROM api.patients('ruiz@localhost', 'wong mía')$$,
	$$VALUES ('Mia Wong', 3)$$, 'her patients, by name');
SELECT is_empty($$SELECT * FROM api.patients('okafor@localhost', 'mia')$$,
	'nobody else''s');

-- Pages of the agenda.
SELECT is((SELECT count(*)::integer FROM api.agenda('chen@localhost', '2026-11-30',
	'2026-12-31', 1, 0)), 1, 'a page of the agenda');
SELECT is_empty($$SELECT * FROM api.agenda('chen@localhost', '2026-11-30',
	'2026-12-31', 1, 1)$$, 'the page after');

SELECT * FROM finish();
ROLLBACK;
