-- 08_clinic.sql - settings, specialties, doctors, admins, figures.
\ir helper.sql
SELECT plan(68);

-- Only admins.
SELECT throws_ok(format('SELECT api.%s(%L%s)', name, who || '@localhost', arguments),
	'CL002', 'only an administrator can do that', who || ' cannot ' || name)
FROM (VALUES ('specialty_add', ', ''X'''),
	('doctor_add', ', ''a@b'', ''A B'', 1, 1, NULL, 20'), ('doctor_remove', ', 1'),
	('admin_add', ', ''a@b'''), ('admin_remove', ', ''admin@localhost'''),
	('stats', '')) calls (name, arguments),
	unnest(ARRAY['tom', 'ruiz', 'nobody']) who;

-- Specialties.
SELECT results_eq($$SELECT name FROM api.specialty_add('admin@localhost',
	'neurology')$$, $$VALUES ('Neurology')$$, 'a specialty');
SELECT is((SELECT name FROM api.specialty_add('admin@localhost', typed)), stored,
	quote_literal(typed) || ' is there')
FROM (VALUES ('NEUROLOGY ', 'Neurology'), ('Néurology', 'Neurology'),
	('paediatrics', 'Pediatrics'), ('Dermatología', 'Dermatology'))
	typed (typed, stored);
SELECT is((SELECT count(*)::integer FROM clinic.specialty), 4, 'still there are four');
SELECT throws_ok(format('SELECT api.specialty_add(%L, %L)', 'admin@localhost', bad),
	'CL001', NULL, 'not ' || coalesce(quote_literal(left(bad, 10)), 'nothing'))
FROM unnest(ARRAY['', NULL, '123', repeat('x', 61), E'a\u202Eb']) bad;

-- Doctors.
SELECT results_eq($$SELECT doctor = pg_temp.id('ruiz2'), name FROM
	api.doctor_add('admin@localhost', 'Ruiz2@localhost', ' dr.  Ana   Perez',
		pg_temp.spec('Neurology'), 50, 'eur', 30)$$,
	$$VALUES (true, 'Dr. Ana Perez')$$, 'a doctor');
SELECT results_eq($$SELECT type.minutes, type.fee, type.currency, doctor.is_active
	FROM clinic.doctor JOIN clinic.visit_type type ON type.doctor = person
	WHERE person = pg_temp.id('ruiz2')$$, $$VALUES (30, 50.00, 'EUR', true)$$,
	'with what was said');
SELECT results_eq($$SELECT pg_temp.mail('ruiz2')$$, $$VALUES ('welcome_doctor')$$,
	'is welcomed');
SELECT lives_ok($$SELECT api.doctor_add('admin@localhost', 'ruiz2@localhost',
	'Ana Pérez', pg_temp.spec('Cardiology'), NULL, NULL, NULL)$$, 'again');
SELECT results_eq($$SELECT name, specialties, minutes, fee FROM
	api.doctors('x@y', pg_temp.spec('Neurology'), NULL, NULL, NULL, NULL)$$,
	$$VALUES ('Dr. Ana Pérez', 'Cardiology, Neurology', 30, '50')$$,
	'adds the specialty and keeps what was not said');
SELECT is((SELECT count(*)::integer FROM pg_temp.mail('ruiz2')), 1,
	'without another welcome');
SELECT throws_ok(format('SELECT api.doctor_add(%L, %L, %L, %s, %s, %L, %s)',
	'admin@localhost', jid, name, specialty, fee, currency, minutes), state, NULL,
	why)
FROM (VALUES
	('not an address', 'A B', '1', '1', 'EUR', '20', 'CL001', 'no address'),
	('a@b/c', 'A B', '1', '1', 'EUR', '20', 'CL001', 'a full address'),
	('a@b', 'Dr.', '1', '1', 'EUR', '20', 'CL001', 'no name'),
	('a@b', NULL, '1', '1', 'EUR', '20', 'CL001', 'still no name'),
	('a@b', 'A B', '0', '1', 'EUR', '20', 'CL003', 'no such specialty'),
	('a@b', 'A B', '1', '-1', 'EUR', '20', 'CL001', 'a fee below nothing'),
	('a@b', 'A B', '1', '''NaN''', 'EUR', '20', 'CL001', 'no number'),
	('a@b', 'A B', '1', '1', 'euro', '20', 'CL001', 'no currency'),
	('a@b', 'A B', '1', '1', 'EUR', '4', 'CL001', 'too short'),
	('a@b', 'A B', '1', '1', 'EUR', '481', 'CL001', 'too long'))
	bad (jid, name, specialty, fee, currency, minutes, state, why);
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:00') AS code \gset
SELECT results_eq($$SELECT * FROM api.doctor_remove('admin@localhost',
	pg_temp.id('ruiz'))$$, $$VALUES ('Dr. Ana Ruiz', 1)$$, 'a doctor leaves');
SELECT is((SELECT roles FROM api.hear('ruiz@localhost', '')), '', 'her role is gone');
SELECT is_empty($$SELECT * FROM api.mentions('x@y', 'ruiz')$$, 'nobody means her');
SELECT throws_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-01 10:00')$$,
	'CL003', 'there is no such doctor', 'nobody books her');
SELECT lives_ok(format('SELECT api.cancel(%L, %L, NULL)', 'tom@localhost', :'code'),
	'what was booked can be cancelled');
SELECT throws_ok($$SELECT api.doctor_remove('admin@localhost', pg_temp.id('ruiz'))$$,
	'CL003', 'there is no such doctor', 'she cannot leave twice');
SELECT api.doctor_add('admin@localhost', 'ruiz@localhost', 'Ana Ruiz',
	pg_temp.spec('Dermatology'), NULL, NULL, NULL) \g /dev/null
SELECT lives_ok($$SELECT pg_temp.booked('mia', 'ruiz', '2026-12-01 10:00')$$,
	'she may come back, with her hours');

-- Admins.
SELECT results_eq($$SELECT name FROM api.admin_add('admin@localhost',
	'tom@localhost')$$, $$VALUES ('Tom Baker')$$, 'an admin');
SELECT results_eq($$SELECT name FROM api.admin_add('admin@localhost',
	'new@localhost')$$, $$VALUES (NULL::text)$$, 'whom nobody knew');
SELECT results_eq($$SELECT pg_temp.mail('new')$$, $$VALUES ('welcome_admin')$$,
	'is welcomed');
SELECT throws_ok($$SELECT api.admin_remove('admin@localhost', 'mia@localhost')$$,
	'CL003', '"mia@localhost" is not an administrator', 'who is none');
SELECT lives_ok($$SELECT api.admin_remove('tom@localhost', jid) FROM
	unnest(ARRAY['new@localhost', 'admin@localhost']) jid$$, 'others go');
SELECT throws_ok($$SELECT api.admin_remove('tom@localhost', 'tom@localhost')$$,
	'CL004', 'the last administrator cannot be removed', 'not the last');

-- Settings.
SELECT lives_ok($$SELECT api.configure('New Name', 'america/bogota', 'usd', 'es',
	' 60  1440 60 ', 30, ' boss@localhost tom@localhost ')
	FROM generate_series(1, 2)$$, 'the settings, twice');
SELECT results_eq($$SELECT name, zone, currency, language, reminders, horizon_days
	FROM clinic.clinic$$, $$VALUES ('New Name', 'America/Bogota', 'USD', 'es',
		'{1440,60}'::integer[], 30)$$, 'are kept');
SELECT is((SELECT roles FROM api.hear('boss@localhost', '')), 'admin',
	'and make admins');
SELECT throws_ok(format('SELECT api.configure(%L, %L, %L, %L, %L, %s, %L)', 'X', zone,
	currency, language, reminders, days, admins), 'CL001', NULL, why)
FROM (VALUES ('Mars/Base', 'EUR', 'en', '60', 1, '', 'no such zone'),
	('UTC', 'E', 'en', '60', 1, '', 'no currency'),
	('UTC', 'EUR', '!', '60', 1, '', 'no language'),
	('UTC', 'EUR', 'en', '1 day', 1, '', 'no minutes'),
	('UTC', 'EUR', 'en', '60', 0, '', 'no horizon'),
	('UTC', 'EUR', 'en', '60', 1, 'a/b', 'no address')
) bad (zone, currency, language, reminders, days, admins, why);

-- Figures.
SELECT is((SELECT string_agg(name || ' ' || value, ', ') FROM
	api.stats('tom@localhost')), 'people 9, patients 2, doctors 4, specialties 4, '
	|| 'visits today 0, visits in the next 7 days 1, booked in the last 30 days 2, '
	|| 'cancelled in the last 30 days 1, messages waiting 6, '
	|| 'messages that could not be delivered 0', 'figures');

SELECT * FROM finish();
ROLLBACK;
