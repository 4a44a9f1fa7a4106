-- 03_people.sql - registering, one's own data, the list of everybody.
\ir helper.sql
SELECT plan(69);

-- hear
SELECT results_eq($$SELECT person, name, roles, zone, is_clinic_zone, clinic_name,
		clinic_zone, currency, language, now_local, form, appointment_count
		FROM api.hear('jane@localhost', '')$$,
	$$VALUES (NULL::bigint, NULL, '', 'Europe/Madrid', true, 'Riverside Clinic',
		'Europe/Madrid', 'EUR', 'en', '2026-11-30 08:00', NULL, 0)$$,
	'a stranger is heard');
SELECT is((SELECT roles FROM api.hear(who || '@localhost', '')), roles,
	who || ' is ' || roles)
FROM (VALUES ('tom', 'patient'), ('ruiz', 'doctor'), ('admin', 'admin'))
	people (who, roles);

-- register
SELECT results_eq($$SELECT name FROM api.register('jane@localhost',
		'  Jane   Doe ', '1990-04-23', NULL, NULL)$$, $$VALUES ('Jane Doe')$$,
	'Jane registers');
SELECT is((SELECT roles FROM api.hear('jane@localhost', '')), 'patient',
	'and is a patient');
SELECT lives_ok($$SELECT api.register('jane@localhost', 'Jane Doe', '1990-04-23',
	NULL, NULL)$$, 'the same call once more is no harm');
SELECT throws_ok($$SELECT api.register('jane@localhost', 'Joan Doe', '1990-04-23',
	NULL, NULL)$$, 'CL004', 'you are registered already', 'another name is');
SELECT is((SELECT count(*)::integer FROM clinic.person
	WHERE jid = 'jane@localhost'), 1, 'she is there once');
SELECT throws_ok(format('SELECT api.register(%L, %L, %L, %L, %L)',
	'new@localhost', name, birth, phone, email), 'CL001', NULL, why)
FROM (VALUES
	('', '1990-01-01', NULL, NULL, 'a name is needed'),
	('   ', '1990-01-01', NULL, NULL, 'spaces are no name'),
	('12345', '1990-01-01', NULL, NULL, 'a number is no name'),
	(repeat('x', 101), '1990-01-01', NULL, NULL, 'a name has an end'),
	(E'Jane\u202Eeod', '1990-01-01', NULL, NULL, 'nor has it another direction'),
	(E'Jane\nDoe', '1990-01-01', NULL, NULL, 'or two lines'),
	(NULL, '1990-01-01', NULL, NULL, 'nothing is no name'),
	('Jane', NULL, NULL, NULL, 'a date of birth is needed'),
	('Jane', '2030-01-01', NULL, NULL, 'it is not in the future'),
	('Jane', '1066-10-14', NULL, NULL, 'it is not too long ago'),
	('Jane', '1990-01-01', 'call me', NULL, 'a phone has a number'),
	('Jane', '1990-01-01', '123', NULL, 'a long one'),
	('Jane', '1990-01-01', '12345678901234567890', NULL, 'not too long'),
	('Jane', '1990-01-01', NULL, 'jane', 'an e-mail has a domain'),
	('Jane', '1990-01-01', NULL, 'jane@x', 'with a point'),
	('Jane', '1990-01-01', NULL, 'jane@x.y <b>', 'and nothing else')
) bad (name, birth, phone, email, why);
SELECT is((SELECT count(*)::integer FROM clinic.person WHERE jid = 'new@localhost'),
	0, 'a refusal leaves nobody behind');
SELECT results_eq($$SELECT person = pg_temp.id('ruiz'), name
	FROM api.register('ruiz@localhost', 'Dr. Ana Ruiz', '1980-02-03',
		'+34 (600) 111-222', 'ana@example.org')$$,
	$$VALUES (true, 'Ana Ruiz')$$, 'a doctor may be a patient as well');
SELECT is((SELECT roles FROM api.hear('ruiz@localhost', '')), 'patient doctor',
	'and has two roles');

-- my, my_set
SELECT results_eq($$SELECT * FROM api.my('ruiz@localhost')$$,
	$$VALUES ('Ana Ruiz', '1980-02-03'::date, '+34 600 111-222', 'ana@example.org',
		'Europe/Madrid', true, 'en', '2026-11-30'::date)$$, 'my own data');
SELECT throws_ok($$SELECT api.my('who@localhost')$$, 'CL002',
	'please register first: write "register"', 'a stranger has none');
SELECT throws_ok($$SELECT api.my_set('who@localhost', 'name', 'Who')$$, 'CL002',
	NULL, 'and changes none');
SELECT is((SELECT value FROM api.my_set('tom@localhost', what, given)), stored,
	what || ' ' || coalesce(given, '(none)'))
FROM (VALUES
	('name', ' Thomas  Baker', 'Thomas Baker'), ('birth_date', '1975-07-01',
	'1975-07-01'), ('phone', '600 123 456', '600 123 456'), ('phone', NULL, NULL),
	('email', 'tom@example.org', 'tom@example.org'), ('email', NULL, NULL),
	('timezone', 'america/bogota', 'America/Bogota'),
	('timezone', 'AMERICA/NEW YORK', 'America/New_York'),
	('timezone', 'bogotá', 'America/Bogota'), ('timezone', 'lord howe',
	'Australia/Lord_Howe'), ('timezone', NULL, NULL), ('language', 'es', 'es'),
	('language', 'pt-BR', 'pt-BR'), ('language', NULL, NULL)
) sets (what, given, stored);
SELECT throws_ok($$SELECT api.my_set('tom@localhost', 'timezone', 'bogotta')$$,
	'CL001', 'there is no time zone "bogotta": did you mean "America/Bogota"? '
	|| 'A city works, like "Europe/Madrid"', 'an unknown zone gets a hint');
SELECT throws_ok(format($$SELECT api.my_set('tom@localhost', %L, %L)$$, what, bad),
	'CL001', NULL, what || ' is not ' || coalesce(quote_literal(bad), 'nothing'))
FROM (VALUES ('name', NULL), ('birth_date', NULL), ('birth_date', 'yesterday'),
	('birth_date', '1990-02-30'), ('phone', 'x'), ('email', 'x'),
	('language', 'the english'), ('timezone', 'x''; DROP TABLE zone; --'),
	('jid', 'mia@localhost'), ('roles', 'admin')) bads (what, bad);
SELECT is((SELECT value FROM api.my_set('ruiz@localhost', 'name', 'Dr. Ana Ruiz')),
	'Ana Ruiz', 'a doctor''s title is not part of her name');

-- people
SELECT throws_ok($$SELECT api.people('tom@localhost', '', 10, 0)$$, 'CL002',
	'only an administrator can do that', 'the list is for admins');
SELECT is((SELECT string_agg(name, ', ') FROM api.people('admin@localhost', query,
	10, 0)), wanted, 'people ' || quote_literal(query))
FROM (VALUES ('baker', 'Thomas Baker'), ('ANÁ', 'Ana Ruiz'),
	('wong doe', NULL), ('mia wong', 'Mia Wong'), ('600 111', 'Ana Ruiz'),
	('%', NULL), ('_', NULL), ('doe', 'Jane Doe'), ('@', 'Alex Admin, Ana Ruiz, '
	|| 'Jane Doe, Mia Wong, Ngozi Okafor, Thomas Baker, Wei Chen'),
	(NULL, 'Alex Admin, Ana Ruiz, Jane Doe, Mia Wong, Ngozi Okafor, Thomas Baker, '
	|| 'Wei Chen')) queries (query, wanted);
SELECT is((SELECT string_agg(name, ', ') FROM api.people('admin@localhost', '', 2,
	2)), 'Jane Doe, Mia Wong', 'a page of it');

SELECT * FROM finish();
ROLLBACK;
