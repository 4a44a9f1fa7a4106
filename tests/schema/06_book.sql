-- 06_book.sql - booking, moving, cancelling, and who may see it.
\ir helper.sql
SELECT plan(77);

-- Booking.
SELECT results_eq($$SELECT code ~ '^[2-9A-HJ-NP-Z]{5}$', doctor, doctor_name,
		patient_name, starts_at, starts, ends, zone, fee, currency, reminders
		FROM api.book('tom@localhost', pg_temp.id('ruiz'),
			pg_temp.m('2026-12-03 15:20'))$$,
	$$VALUES (true, pg_temp.id('ruiz'), 'Dr. Ana Ruiz', 'Tom Baker',
		'2026-12-03T14:20:00Z', '2026-12-03 15:20', '2026-12-03 15:40',
		'Europe/Madrid', '40', 'EUR', '1440 60')$$, 'a booking');
SELECT code FROM api.appointments('tom@localhost', NULL, NULL) \gset
SELECT results_eq($$SELECT pg_temp.mail('tom')$$,
	$$VALUES ('reminder 1440'), ('reminder 60')$$, 'Tom will be reminded');
SELECT results_eq($$SELECT next_at FROM clinic.delivery WHERE kind = 'reminder'
	ORDER BY 1$$, ARRAY[pg_temp.m('2026-12-02 15:20'),
	pg_temp.m('2026-12-03 14:20')], 'a day and an hour before');
SELECT results_eq($$SELECT pg_temp.mail('ruiz')$$, $$VALUES ('booked')$$,
	'the doctor is told');
SELECT results_eq($$SELECT actor, was::text, state::text FROM clinic.appointment_event
	$$, $$VALUES (pg_temp.id('tom'), NULL, 'booked')$$, 'and it is written down');
SELECT is((SELECT appointment_count FROM api.hear('tom@localhost', '')), 1,
	'Tom has one');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-03 15:20')$$,
	'CL004', 'that time was just taken', 'nobody else gets that time');
SELECT throws_ok($$SELECT pg_temp.booked('tom', 'chen', '2026-12-03 15:20')$$,
	'CL004', format('you have another visit at that time, "%s"', :'code'),
	'he cannot be in two places');
SELECT throws_ok(format('SELECT pg_temp.booked(%L, %L, %L)', 'mia', doctor, local),
	state, message, why)
FROM (VALUES
	('ruiz', '2026-12-03 16:30', 'CL004', 'no visit can start at that time',
		'not on the grid'),
	('ruiz', '2026-12-03 08:00', 'CL004', 'no visit can start at that time',
		'before hours'),
	('ruiz', '2026-12-03 18:00', 'CL004', 'no visit can start at that time',
		'after hours'),
	('ruiz', '2026-12-05 10:00', 'CL004', 'no visit can start at that time',
		'on a Saturday'),
	('ruiz', '2036-12-05 10:00', 'CL004', 'no visit can start at that time',
		'beyond the horizon'),
	('ruiz', '2026-11-27 10:00', 'CL004', 'that time has passed', 'in the past'),
	('ruiz', 'infinity', 'CL001', 'a visit needs a time', 'never'),
	('ruiz', NULL, 'CL001', 'a visit needs a time', 'at no time'),
	('tom', '2026-12-03 10:00', 'CL003', 'there is no such doctor',
		'with a patient'),
	('nobody', '2026-12-03 10:00', 'CL003', 'there is no such doctor',
		'with nobody')
) bad (doctor, local, state, message, why);
SELECT throws_ok(format('SELECT pg_temp.booked(%L, %L, %L)', who, 'ruiz',
	'2026-12-03 10:00'), 'CL002', 'please register first: write "register"',
	who || ' is no patient')
FROM unnest(ARRAY['jane', 'chen', 'admin']) who;
SELECT api.off_add('chen@localhost', '2026-12-03 00:00', '2026-12-04 00:00',
	NULL) \g /dev/null
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'chen', '2026-12-03 10:00')$$,
	'CL004', 'the doctor is away at that time', 'in time off');
SELECT api.register('ruiz@localhost', 'Ana Ruiz', '1980-01-01', NULL, NULL)
	\g /dev/null
SELECT throws_ok($$SELECT pg_temp.booked('ruiz', 'ruiz', '2026-12-03 10:00')$$,
	'CL004', 'nobody can be their own doctor', 'with herself');
SELECT lives_ok($$SELECT pg_temp.booked('ruiz', 'okafor', '2026-12-03 10:00')$$,
	'but a doctor may see another');

-- Reminders that still make sense.
SELECT is((SELECT reminders FROM api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m(local))), wanted, 'reminders of ' || local)
FROM (VALUES ('2026-11-30 10:00', '60'), ('2026-11-30 09:00', ''),
	('2026-11-30 09:20', '60'), ('2026-12-01 09:00', '1440 60')) soon (local, wanted);
UPDATE clinic.clinic SET reminders = '{}';
SELECT is((SELECT reminders FROM api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-04 09:00'))), '', 'a clinic without reminders');
UPDATE clinic.clinic SET reminders = '{60,2880,60}';
SELECT is((SELECT reminders FROM api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-04 09:20'))), '2880 60', 'other reminders, each once');
UPDATE clinic.clinic SET reminders = '{1440,60}';

-- Reading.
SELECT results_eq(format($$SELECT code, doctor, doctor_name, patient_name,
		starts_at, starts, ends, minutes, state, fee, currency, is_mine_as_doctor,
		visit_type, is_usual, is_video, patient, is_for_other
	FROM api.appointments('tom@localhost', %L, NULL)$$, lower(:'code')),
	format($$VALUES (%L, pg_temp.id('ruiz'), 'Dr. Ana Ruiz', 'Tom Baker',
		'2026-12-03T14:20:00Z', '2026-12-03 15:20', '2026-12-03 15:40', 20,
		'booked', '40', 'EUR', false, 'Visit', true, false, pg_temp.id('tom'),
		false)$$, :'code'), 'by its code, in any case');
SELECT results_eq(format($$SELECT is_mine_as_doctor
	FROM api.appointments('ruiz@localhost', %L, NULL)$$, :'code'),
	$$VALUES (true)$$, 'its doctor sees it');
SELECT lives_ok(format('SELECT api.appointments(%L, %L, NULL)', 'admin@localhost',
	:'code'), 'an admin sees it');
SELECT throws_ok(format('SELECT api.appointments(%L, %L, NULL)', who || '@localhost',
	:'code'), 'CL003', format('there is no appointment "%s"', :'code'),
	who || ' does not')
FROM unnest(ARRAY['mia', 'chen', 'jane']) who;
SELECT throws_ok($$SELECT api.appointments('tom@localhost', 'x'' OR 1=1', NULL)$$,
	'CL003', 'there is no appointment "X'' OR 1=1"', 'a strange code');
SELECT is((SELECT count(*)::integer FROM api.appointments('mia@localhost', NULL,
	NULL)), 6, 'Mia''s own');
SELECT is_empty($$SELECT * FROM api.appointments('mia@localhost', NULL,
	pg_temp.id('chen'))$$, 'with a doctor');
SELECT is_empty($$SELECT * FROM api.appointments('jane@localhost', NULL, NULL)$$,
	'a stranger''s');
SELECT results_eq($$SELECT day, patient_name, starts, ends, state
		FROM api.agenda('ruiz@localhost', '2026-12-01', '2026-12-03')$$,
	$$VALUES ('2026-12-01', 'Mia Wong', '2026-12-01 09:00', '2026-12-01 09:20',
			'booked'),
		('2026-12-03', 'Tom Baker', '2026-12-03 15:20', '2026-12-03 15:40',
			'booked')$$, 'the doctor''s agenda');
SELECT is((SELECT string_agg(substr(starts, 12), ' ') FROM
	api.agenda('ruiz@localhost', NULL, NULL)), '09:00 09:20 10:00', 'today');
SELECT is((SELECT substr(starts, 12) FROM api.next_visit('ruiz@localhost')),
	'09:00', 'the next visit');
SELECT pg_temp.at('2026-11-30 09:19') \g /dev/null
SELECT is((SELECT substr(starts, 12) FROM api.next_visit('ruiz@localhost')),
	'09:00', 'it is next until it ends');
SELECT pg_temp.at('2026-11-30 09:20') \g /dev/null
SELECT is((SELECT substr(starts, 12) FROM api.next_visit('ruiz@localhost')),
	'09:20', 'then it is the one after');
SELECT is_empty($$SELECT * FROM api.next_visit('chen@localhost')$$, 'or none');
SELECT throws_ok(call, 'CL002', 'only a doctor can do that', call)
FROM unnest(ARRAY['SELECT api.agenda(''tom@localhost'', NULL, NULL)',
	'SELECT api.next_visit(''admin@localhost'')']) call;

-- Moving.
DELETE FROM clinic.delivery WHERE kind <> 'reminder';
SELECT results_eq(format($$SELECT code, starts, ends, reminders, was_starts
		FROM api.move('tom@localhost', %L, pg_temp.m('2026-12-04 10:00'))$$, :'code'),
	format($$VALUES (%L, '2026-12-04 10:00', '2026-12-04 10:20', '1440 60',
		'2026-12-03 15:20')$$, :'code'), 'a patient moves');
SELECT results_eq($$SELECT next_at FROM clinic.delivery WHERE kind = 'reminder'
		AND recipient = pg_temp.id('tom') ORDER BY 1$$,
	ARRAY[pg_temp.m('2026-12-03 10:00'), pg_temp.m('2026-12-04 09:00')],
	'the reminders move along');
SELECT results_eq($$SELECT recipient, kind, lower(during), lower(was_during)
		FROM clinic.delivery WHERE kind <> 'reminder'$$,
	$$VALUES (pg_temp.id('ruiz'), 'moved', pg_temp.m('2026-12-04 10:00'),
		pg_temp.m('2026-12-03 15:20'))$$, 'the doctor is told');
SELECT lives_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-03 15:20')$$,
	'the old time is free');
SELECT throws_ok(format($$SELECT api.move('tom@localhost', %L, pg_temp.m(%L))$$,
	:'code', local), 'CL004', message, 'to ' || local)
FROM (VALUES ('2026-12-03 15:20', 'that time was just taken'),
	('2026-12-04 10:10', 'no visit can start at that time'),
	('2026-11-30 09:00', 'that time has passed'))
	bad (local, message);
SELECT is((SELECT is_again FROM api.move('tom@localhost', :'code',
	pg_temp.m('2026-12-04 10:00'))), true, 'asked twice it is as it was');
SELECT lives_ok(format($$SELECT api.move('ruiz@localhost', %L,
	pg_temp.m('2026-12-04 11:00'))$$, :'code'), 'its doctor moves it');
SELECT lives_ok(format($$SELECT api.move('admin@localhost', %L,
	pg_temp.m('2026-12-04 12:00'))$$, :'code'), 'an admin moves it');
SELECT results_eq($$SELECT count(*) FILTER (WHERE recipient = pg_temp.id('ruiz')),
		count(*) FILTER (WHERE recipient = pg_temp.id('tom'))
		FROM clinic.delivery WHERE kind = 'moved'$$, $$VALUES (2::bigint, 2::bigint)$$,
	'both others are told, never the one who moved');
SELECT throws_ok(format($$SELECT api.%s('%s@localhost', %L, %s)$$, verb, who, :'code',
	last), 'CL003', format('there is no appointment "%s"', :'code'),
	who || ' cannot ' || verb)
FROM (VALUES ('move', 'now()'), ('cancel', 'NULL')) verbs (verb, last),
	unnest(ARRAY['mia', 'chen', 'jane']) who;

-- Cancelling.
SELECT results_eq(format($$SELECT code, starts, reminders
		FROM api.cancel('tom@localhost', %L, E' I am\n ill ')$$, :'code'),
	format($$VALUES (%L, '2026-12-04 12:00', '')$$, :'code'), 'a patient cancels');
SELECT is_empty($$SELECT * FROM clinic.delivery WHERE kind = 'reminder'
	AND recipient = pg_temp.id('tom')$$, 'the reminders are gone');
SELECT is((SELECT reason FROM clinic.delivery WHERE kind = 'cancelled'
	AND recipient = pg_temp.id('ruiz')), 'I am ill', 'the doctor is told why');
SELECT is((SELECT is_again FROM api.cancel('tom@localhost', :'code', NULL)), true,
	'asked twice it is as it was');
SELECT throws_ok(format('SELECT api.cancel(%L, %L, NULL)', 'admin@localhost',
	:'code'), 'CL004', format('the visit "%s" is cancelled already', :'code'),
	'once');
SELECT lives_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-04 12:00')$$,
	'its time is free again');

-- An admin finds visits by a name.
SELECT results_eq(format('SELECT DISTINCT patient_name, starts >= %L '
		'FROM api.visits_of(%L, %L)', '2026-11-30', 'admin@localhost', words),
	$$VALUES ('Mia Wong', true)$$, 'the visits of ' || words)
FROM unnest(ARRAY['mia', 'Wong Mia']) words;
SELECT is_empty($$SELECT * FROM api.visits_of('admin@localhost', 'mia baker')$$,
	'each word is of the name');
SELECT throws_ok($$SELECT api.visits_of('ruiz@localhost', 'mia')$$, 'CL002', NULL,
	'only an admin');
SELECT code FROM api.next_visit('ruiz@localhost') \gset
SELECT pg_temp.at('2026-11-30 09:20') \g /dev/null
SELECT throws_ok(format('SELECT api.cancel(%L, %L, NULL)', 'ruiz@localhost',
	:'code'), 'CL004', format('the visit "%s" has already begun', :'code'),
	'not one that has begun');
SELECT pg_temp.at('2026-11-30 09:40') \g /dev/null
SELECT throws_ok(format('SELECT api.move(%L, %L, now())', 'ruiz@localhost',
	:'code'), 'CL004', format('the visit "%s" is over', :'code'),
	'nor one that is over');

SELECT * FROM finish();
ROLLBACK;
