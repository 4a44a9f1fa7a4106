-- 14_children.sql - dependants, and the doctor of last time.
\ir helper.sql
SELECT plan(58);

CREATE FUNCTION pg_temp.child(who text, name text, born text) RETURNS bigint
LANGUAGE sql AS $$
	SELECT person FROM api.child_add(who || '@localhost', name, born::date)
$$;
CREATE FUNCTION pg_temp.audit(what text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT action || ': ' || jid || ', ' || subject FROM clinic.audit
	WHERE action LIKE what ORDER BY id
$$;
CREATE FUNCTION pg_temp.usual(who text, child bigint DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
	SELECT doctor_name FROM api.usual_doctor(who || '@localhost', child)
$$;

-- Adding and listing.
SELECT results_eq($$SELECT name, birth_date::text, is_new
	FROM api.child_add('tom@localhost', 'leo', '2019-05-02')$$,
	$$VALUES ('leo Baker', '2019-05-02', true)$$,
	'a given name gets the guardian''s last name');
SELECT results_eq($$SELECT name, is_new
	FROM api.child_add('tom@localhost', 'Léo  Baker', '2019-05-02')$$,
	$$VALUES ('leo Baker', false)$$, 'once more changes nothing');
SELECT throws_ok($$SELECT pg_temp.child('tom', 'Leo', '2018-05-02')$$, 'CL004',
	'leo Baker is on your list already, born 2019-05-02', 'not on another date');
SELECT pg_temp.child('tom', 'Ada van Dyck', '1949-01-31') AS ada \gset
SELECT pg_temp.child('mia', 'Leo', '2019-05-02') AS other \gset
SELECT results_eq($$SELECT name, birth_date::text, next_code
	FROM api.children('tom@localhost')$$,
	$$VALUES ('Ada van Dyck', '1949-01-31', NULL), ('leo Baker', '2019-05-02', NULL)$$,
	'the oldest first, a full name as it is');
SELECT id AS leo FROM api.children('tom@localhost') WHERE name LIKE 'leo%' \gset
SELECT is((SELECT count(*)::integer FROM api.children('mia@localhost')), 1,
	'one''s own alone');
SELECT is((SELECT dependant_count FROM api.hear('tom@localhost', '')), 2,
	'the desk knows how many');
SELECT is((SELECT dependant_count FROM api.hear('nobody@localhost', '')), 0,
	'a stranger has none');
SELECT throws_ok(format($$SELECT pg_temp.child(%L, %L, %L)$$, who, name, born), state,
	NULL, why)
FROM (VALUES ('ruiz', 'Leo', '2019-05-02', 'CL002', 'who is no patient'),
	('nobody', 'Leo', '2019-05-02', 'CL002', 'a stranger'),
	('tom', '7', '2019-05-02', 'CL001', 'a number'),
	('tom', 'Leo', '2026-12-01', 'CL001', 'not born yet'))
	bad (who, name, born, state, why);
SELECT pg_temp.child('mia', 'Child ' || chr(64 + n), '2019-05-02')
FROM generate_series(1, 9) n \g /dev/null
SELECT throws_ok($$SELECT pg_temp.child('mia', 'Zoe', '2019-05-02')$$, 'CL001',
	'you have ten people on your list already, please remove one first or ask the '
	|| 'clinic', 'ten are enough');

-- Acting for them.
SELECT code AS visit FROM api.book('tom@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-02 10:00'), NULL, :leo) \gset
SELECT results_eq(format($$SELECT starts, patient_name, is_for_other
	FROM api.appointments('tom@localhost', NULL, NULL)$$),
	$$VALUES ('2026-12-02 10:00', 'leo Baker', true)$$, 'the guardian sees it');
SELECT results_eq($$SELECT next_code IS NOT NULL, next_doctor_name, next_starts
	FROM api.children('tom@localhost') WHERE name = 'leo Baker'$$,
	$$VALUES (true, 'Dr. Ngozi Okafor', '2026-12-02 10:00')$$, 'in the list too');
SELECT lives_ok($$SELECT pg_temp.booked('tom', 'chen', '2026-12-02 10:00')$$,
	'the guardian''s own visit may be at the same time');
SELECT throws_ok(format($$SELECT api.book('tom@localhost', pg_temp.id('chen'),
	pg_temp.m('2026-12-02 10:00'), NULL, %s)$$, :leo), 'CL004', NULL,
	'the child''s may not');
SELECT throws_ok(format($$SELECT api.book('mia@localhost', pg_temp.id('chen'),
	pg_temp.m('2026-12-03 10:00'), NULL, %s)$$, :leo), 'CL003',
	'there is no such patient', 'nobody else books for them');
SELECT throws_ok(format($$SELECT api.hold('mia@localhost', pg_temp.id('chen'),
	pg_temp.m('2026-12-03 10:00'), NULL, %s, NULL)$$, :leo), 'CL003', NULL,
	'nor holds');
SELECT throws_ok(format($$SELECT api.cancel('mia@localhost', %L, NULL)$$, :'visit'),
	'CL003', NULL, 'nor cancels');
SELECT throws_ok(format($$SELECT api.confirm('mia@localhost', %L, NULL)$$, :'visit'),
	'CL003', NULL, 'nor confirms');
SELECT results_eq(format($$SELECT starts, patient_name, is_for_other
	FROM api.confirm('tom@localhost', %L, NULL)$$, :'visit'),
	$$VALUES ('2026-12-02 10:00', 'leo Baker', true)$$, 'the guardian confirms');
SELECT is((SELECT reason FROM api.why_not('tom@localhost', pg_temp.id('ruiz'),
	'2026-12-02 10:00', NULL, :leo)), 'own', 'why not: the child''s own visit');
SELECT is((SELECT reason FROM api.why_not('tom@localhost', pg_temp.id('ruiz'),
	'2026-12-02 10:00', NULL, :ada)), 'free', 'which is in nobody else''s way');
SELECT throws_ok(format($$SELECT api.why_not('mia@localhost', pg_temp.id('ruiz'),
	'2026-12-02 10:00', NULL, %s)$$, :leo), 'CL003', NULL, 'not for others');
SELECT api.move('tom@localhost', :'visit', pg_temp.m('2026-12-02 11:00')) \g /dev/null
SELECT results_eq($$SELECT pg_temp.audit('% for another')$$, format($$VALUES
	('book for another: tom@localhost, %1$s, person %2$s'),
	('confirm for another: tom@localhost, %1$s, person %2$s'),
	('move for another: tom@localhost, %1$s, person %2$s')$$, :'visit', :leo),
	'the audit says who acted for whom');

-- What people are told.
SELECT results_eq(format($$SELECT jid, kind, patient_name, child_name
	FROM api.deliveries_claim('a', 50, 60) WHERE code = %L AND kind <> 'reminder'
	ORDER BY kind$$, :'visit'), $$VALUES
	('okafor@localhost', 'booked', 'leo Baker (child of Tom Baker)', NULL),
	('okafor@localhost', 'moved', 'leo Baker (child of Tom Baker)', NULL)$$,
	'the doctor is told whose child it is');
SELECT code AS adas FROM api.book('tom@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-02 12:00'), NULL, :ada) \gset
SELECT is(clinic.patient_title(id), title, title)
FROM clinic.person JOIN (VALUES (:ada, 'Ada van Dyck (relative of Tom Baker)'),
	(pg_temp.id('tom'), 'Tom Baker')) wanted (id, title) USING (id);
SELECT api.cancel('okafor@localhost', :'adas', 'ill') \g /dev/null
SELECT results_eq($$SELECT jid, child_name
	FROM api.deliveries_claim('a', 50, 60) WHERE kind = 'cancelled'$$,
	$$VALUES ('tom@localhost', 'Ada')$$, 'the guardian is told');
SELECT pg_temp.at('2026-12-02 10:01') \g /dev/null
SELECT results_eq($$SELECT jid, child_name, starts
	FROM api.deliveries_claim('a', 50, 60) WHERE kind = 'reminder'$$,
	$$VALUES ('tom@localhost', 'leo', '2026-12-02 11:00')$$, 'and reminded');
SELECT is((SELECT count(*)::integer FROM api.late('okafor@localhost', 15)), 1, 'late');
SELECT results_eq($$SELECT jid, child_name
	FROM api.deliveries_claim('a', 50, 60) WHERE kind = 'late'$$,
	$$VALUES ('tom@localhost', 'leo')$$, 'the guardian is told of that too');

-- The past.
SELECT pg_temp.at('2026-12-02 12:00') \g /dev/null
SELECT api.visit_mark('okafor@localhost', :'visit', 'done') \g /dev/null
SELECT results_eq($$SELECT patient_name, doctor_name, state, is_for_other
	FROM api.history('tom@localhost', NULL, 10, 0)$$, $$VALUES
	('Ada van Dyck', 'Dr. Ngozi Okafor', 'cancelled', true),
	('leo Baker', 'Dr. Ngozi Okafor', 'fulfilled', true),
	('Tom Baker', 'Dr. Wei Chen', 'booked', false)$$,
	'the history is the dependants'' too');
SELECT results_eq(format($$SELECT code FROM api.history('tom@localhost', %s, 10, 0)$$,
	:leo), format($$VALUES (%L)$$, :'visit'), 'or that of one');
SELECT throws_ok(format($$SELECT api.history('mia@localhost', %s, 10, 0)$$, :leo),
	'CL002', NULL, 'not for others');
SELECT results_eq(format($$SELECT code FROM api.history('okafor@localhost', %s, 10,
	0)$$, :leo), format($$VALUES (%L)$$, :'visit'), 'for the doctor what was with her');

-- The doctor of last time.
SELECT is(pg_temp.usual('tom'), 'Dr. Wei Chen', 'the last visit''s');
SELECT is(pg_temp.usual('tom', :leo), 'Dr. Ngozi Okafor', 'the child''s own');
SELECT is(pg_temp.usual('tom', :ada), NULL, 'not of a cancelled one');
SELECT is(pg_temp.usual('mia'), NULL, 'none');
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-10 10:00') \g /dev/null
SELECT pg_temp.booked('mia', 'chen', '2026-12-09 10:00') \g /dev/null
SELECT is(pg_temp.usual('mia'), 'Dr. Wei Chen', 'else the next one''s');
SELECT pg_temp.at('2026-12-09 10:30') \g /dev/null
SELECT is(pg_temp.usual('mia'), 'Dr. Wei Chen', 'then it is the last one''s');
SELECT is((SELECT state FROM api.visit_mark('chen@localhost', (SELECT code
	FROM clinic.appointment WHERE patient = pg_temp.id('mia')
		AND doctor = pg_temp.id('chen')), 'noshow')), 'noshow', 'she did not come');
SELECT is(pg_temp.usual('mia'), 'Dr. Ana Ruiz', 'who was not seen is not hers');
SELECT throws_ok(format($$SELECT pg_temp.usual('mia', %s)$$, :leo), 'CL003', NULL,
	'not of others');
SELECT throws_ok($$SELECT pg_temp.usual('nobody')$$, 'CL002', NULL,
	'nor of a stranger');
UPDATE clinic.doctor SET is_active = false WHERE person = pg_temp.id('chen');
SELECT is(pg_temp.usual('tom'), NULL, 'who has left is nobody''s');

-- Removing.
SELECT code AS next FROM api.book('tom@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-11 10:00'), NULL, :leo) \gset
SELECT throws_ok(format($$SELECT api.child_remove('mia@localhost', %s)$$, :leo),
	'CL003', 'there is nobody like that on your list', 'not somebody else''s');
SELECT throws_ok(format($$SELECT api.child_remove('tom@localhost', %s)$$, :leo),
	'CL004', format('leo Baker has visits to come, please cancel them first: %s',
	:'next'), 'not with a visit to come');
SELECT api.cancel('tom@localhost', :'next', NULL) \g /dev/null
SELECT is((SELECT name FROM api.child_remove('tom@localhost', :leo)), 'leo Baker',
	'removed');
SELECT is((SELECT count(*)::integer FROM api.children('tom@localhost')), 1,
	'off the list');
SELECT throws_ok(format($$SELECT api.book('tom@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-11 10:00'), NULL, %s)$$, :leo), 'CL003', NULL, 'nor booked for');
SELECT is((SELECT count(*)::integer FROM api.history('okafor@localhost', :leo, 10,
	0)), 1, 'what was stays');
SELECT is(pg_temp.child('tom', 'Leo', '2019-05-02'), :leo::bigint,
	'who is added again is the same');
SELECT results_eq($$SELECT pg_temp.audit('% child') LIMIT 1$$,
	format($$VALUES ('add child: tom@localhost, person %s')$$, :leo), 'it is noted');
-- An account has at most twenty visits to come, whoever they are for.
SELECT is((SELECT count(code)::integer FROM api.book_series('tom@localhost',
	pg_temp.id('ruiz'), (SELECT jsonb_agg('2026-12-14 ' || to_char(at, 'HH24:MI'))
		FROM generate_series('2026-12-14 09:00'::timestamp, '2026-12-14 12:40',
			'20 minutes') at), NULL, :ada, true)), 12, 'twelve for one');
SELECT throws_ok(format($$SELECT api.book('tom@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-14 10:00') + n * interval '20 minutes', NULL, %s)
	FROM generate_series(0, 8) n$$, :leo), 'CL001', 'you have twenty visits to come '
	|| 'already, please cancel one first or ask the clinic', 'eight more for another');
SELECT lives_ok(format($$SELECT api.book('admin@localhost', pg_temp.id('okafor'),
	pg_temp.m('2026-12-14 10:00') + n * interval '20 minutes', NULL, %s)
	FROM generate_series(0, 8) n$$, :leo), 'the clinic counts each patient''s');
SELECT * FROM finish();
ROLLBACK;
