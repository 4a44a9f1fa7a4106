-- 14_mirror.sql - clinic addresses, who may write to whom, what is put down.
\ir helper.sql
SELECT plan(50);

-- addresses
SELECT is(local, 'dr.ana.ruiz', 'a doctor''s address is made of the name')
FROM address WHERE person = pg_temp.id('ruiz');
SELECT matches(local, '^tom\.[2-9a-hjkmnp-z]{4}$', 'a patient''s of the first name')
FROM address WHERE person = pg_temp.id('tom');
SELECT is((SELECT count(*) FROM address WHERE person = pg_temp.id('admin')), 0::bigint,
	'who is neither has none');
SELECT person AS jane FROM register('jane@localhost', 'Jané D''Oe', '1990-04-23',
	NULL, NULL) \gset
SELECT matches(local, '^jane\.[2-9a-hjkmnp-z]{4}$', 'without accents')
FROM address WHERE person = :jane;
SELECT local AS jane_local FROM address WHERE person = :jane \gset
SELECT my_set('jane@localhost', 'name', 'Janet Doe') \g /dev/null
SELECT is(local, :'jane_local', 'it stays when the name changes')
FROM address WHERE person = :jane;
SELECT person AS wei FROM register('wei@localhost', '王伟', '1990-04-23', NULL, NULL) \gset
SELECT matches(local, '^[a-z]+\.[2-9a-hjkmnp-z]{4}$', 'a name in any letters')
FROM address WHERE person = :wei;
SELECT doctor AS ana FROM doctor_add('admin@localhost', 'ana@localhost', 'Ana Ruiz',
	pg_temp.spec('Cardiology'), 40, 'EUR', 20) \gset
SELECT is(local, 'dr.ana.ruiz2', 'two of a name have different addresses')
FROM address WHERE person = :ana;
SELECT doctor FROM doctor_add('admin@localhost', 'jane@localhost', 'Jane Doe',
	pg_temp.spec('Cardiology'), 40, 'EUR', 20) \g /dev/null
SELECT results_eq(format('SELECT local, is_former FROM book_people(%s, %s, 10)',
	:jane - 1, :jane), format('VALUES (%L, false), (%L, true)', 'dr.jane.doe',
	:'jane_local'), 'a patient who becomes a doctor has both');
DELETE FROM address WHERE local = 'dr.jane.doe';
DELETE FROM role WHERE person = :jane AND role = 'doctor';
DELETE FROM doctor_specialty WHERE doctor = :jane;
DELETE FROM visit_type WHERE doctor = :jane;
DELETE FROM doctor WHERE person = :jane;
SAVEPOINT before;
DELETE FROM conversation;
DELETE FROM person WHERE id = :wei;
SELECT is((SELECT count(*)::integer FROM address WHERE person IS NULL), 1,
	'an address outlives its owner, so nobody gets it again');
ROLLBACK TO before;

-- the book
SELECT is((SELECT count(*) FROM book_people(0, 1000000, 1000)),
	(SELECT count(*) FROM address), 'everybody is in the book');
SELECT is((SELECT count(*)::integer FROM book_people(0, 1000000, 2)), 2, 'by pages');
SELECT results_eq(format('SELECT jid, name, is_doctor, has_parked, keeps_messages
	FROM book_people(%s, %s, 10)', :jane - 1, :jane),
	$$VALUES ('jane@localhost', 'Jane Doe', false, false, true)$$, 'with their names');
SELECT is(day, 20787, 'the clinic''s day') FROM book_clock();
SELECT is(day_ends_ms, 1796079600000, 'ends at midnight there') FROM book_clock();

-- pairs
CREATE FUNCTION pg_temp.days(who text, with_doctor text) RETURNS bigint
LANGUAGE sql AS $$
	SELECT CASE until_s WHEN 4294967295 THEN -1 ELSE
		(until_s - extract(epoch FROM clinic.now()))::bigint / 86400 END
	FROM api.book_pairs(pg_temp.id(who) - 1, pg_temp.id(who)) pair
	WHERE pair.doctor = pg_temp.id(with_doctor)
$$;
SELECT is(pg_temp.days('jane', 'ruiz'), NULL, 'without a visit there is no pair');
SELECT pg_temp.booked('jane', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT is(pg_temp.days('jane', 'ruiz'), 33::bigint, 'a visit, and 30 days after it');
SELECT is(visit_local, '2026-12-03 15:20', 'the next visit by the doctor''s clock')
FROM book_pairs(:jane - 1, :jane);
SELECT cancel('jane@localhost', :'code', NULL) \g /dev/null
SELECT is(pg_temp.days('jane', 'ruiz'), NULL, 'a cancelled visit is none');
SELECT pg_temp.booked('jane', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT mirror_configure(5, true) \g /dev/null
SELECT is(pg_temp.days('jane', 'ruiz'), 8::bigint, 'the clinic says how many days');
SELECT mirror_configure(30, true) \g /dev/null
SELECT pg_temp.at('2027-02-01 08:00') \g /dev/null
SELECT ok(pg_temp.days('jane', 'ruiz') < 0, 'long after the visit it is over');
SELECT mirror_note('b1', jsonb_build_array(jsonb_build_object('kind', 'message',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane, 'from_doctor', true,
	'id', 'd-1', 'body', 'how are you?', 'is_kept', true))) \g /dev/null
SELECT is(pg_temp.days('jane', 'ruiz'), 30::bigint, 'unless the doctor writes');
SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null
UPDATE contact SET ended_at = clinic.now() + interval '1 s', doctor_wrote_at = NULL;
SELECT ok(coalesce(pg_temp.days('jane', 'ruiz'), 0) <= 0, 'or ends it');
UPDATE contact SET is_allowed = true;
SELECT is(pg_temp.days('jane', 'ruiz'), -1::bigint, 'or allows it for ever');
UPDATE contact SET muted_at = clinic.now(), blocked_at = clinic.now();
SELECT ok(is_muted AND is_blocked, 'muted and blocked')
FROM book_pairs(:jane - 1, :jane);

-- a guardian writes for the child
INSERT INTO person (name, guardian) VALUES ('Kid Wong', pg_temp.id('mia'))
RETURNING id AS kid \gset
INSERT INTO role VALUES (:kid, 'patient');
SELECT is(pg_temp.days('mia', 'okafor'), NULL, 'the mother has no visit');
SELECT appointment_put((jsonb_populate_record(appointment, jsonb_build_object('id',
	NULL, 'patient', :kid, 'doctor', pg_temp.id('okafor')))), pg_temp.id('mia'))
FROM appointment WHERE code = :'code' \g /dev/null
SELECT is(pg_temp.days('mia', 'okafor'), 33::bigint, 'but the child has');
SELECT is((SELECT count(*)::integer FROM book_pairs(:kid - 1, :kid)), 0,
	'who writes for themselves does not');

-- what is put down
SELECT is((SELECT count(*)::integer FROM message), 1, 'what was said is kept');
SELECT mirror_note('b1', jsonb_build_array(jsonb_build_object('kind', 'message',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane, 'from_doctor', true,
	'id', 'd-1', 'body', 'how are you?', 'is_kept', true))) \g /dev/null
SELECT is((SELECT count(*)::integer FROM message), 1, 'a batch once');
SELECT mirror_note('b2', jsonb_build_array(
	jsonb_build_object('kind', 'message', 'doctor', pg_temp.id('ruiz'), 'patient',
		:jane, 'from_doctor', false, 'id', 'm-1', 'body', 'well', 'is_kept', false),
	jsonb_build_object('kind', 'introduced', 'doctor', pg_temp.id('ruiz'),
		'patient', :jane))) \g /dev/null
SELECT is((SELECT count(*)::integer FROM message), 1, 'not what may not be kept');
SELECT results_eq($$SELECT doctor_count, patient_count, is_introduced FROM talk
	WHERE day = '2026-11-30'$$, 'VALUES (0, 1, true)', 'but that it was said');
SELECT ok(is_introduced, 'today the doctor knows who it is')
FROM book_pairs(:jane - 1, :jane);
SELECT pg_temp.at('2026-12-01 08:00') \g /dev/null
SELECT ok(NOT is_introduced, 'tomorrow not') FROM book_pairs(:jane - 1, :jane);
SELECT mirror_note('b3', jsonb_build_array(jsonb_build_object('kind', 'retract',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane, 'from_doctor', false, 'id',
	'd-1'))) \g /dev/null
SELECT is((SELECT body FROM message), 'how are you?', 'only its writer takes it back');
SELECT mirror_note('b4', jsonb_build_array(jsonb_build_object('kind', 'retract',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane, 'from_doctor', true, 'id',
	'd-1'))) \g /dev/null
SELECT results_eq('SELECT body, is_retracted FROM message',
	'VALUES (NULL::text, true)', 'then the words are gone');
SELECT mirror_note('b5', jsonb_build_array(jsonb_build_object('kind', 'asked_doctor',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane), jsonb_build_object('kind',
	'message', 'doctor', 999999, 'patient', :jane, 'is_kept', true))) \g /dev/null
SELECT ok(has_asked_doctor AND NOT has_asked_patient AND NOT has_agreed_doctor,
	'what was asked once')
FROM book_pairs(:jane - 1, :jane);
SELECT mirror_note('b51', jsonb_build_array(jsonb_build_object('kind', 'agreed_doctor',
	'doctor', pg_temp.id('ruiz'), 'patient', :jane))) \g /dev/null
SELECT ok(has_agreed_doctor AND NOT has_agreed_patient, 'and agreed to')
FROM book_pairs(:jane - 1, :jane);

SELECT ok(NOT is_told, 'who was not told yet') FROM book_people(:jane - 1, :jane, 1);
SELECT mirror_note('b6', jsonb_build_array(jsonb_build_object('kind', 'told', 'doctor',
	pg_temp.id('ruiz'), 'patient', :jane))) \g /dev/null
SELECT ok(is_told AND keeps_messages, 'is told once')
FROM book_people(:jane - 1, :jane, 1);

-- what came back
SELECT results_eq(format('SELECT * FROM parked_put(%s, %s, %L, %L)', :jane,
	pg_temp.id('ruiz'), 'm-1', '<message/>'), 'VALUES (true, false)', 'the first');
SELECT results_eq(format('SELECT * FROM parked_put(%s, %s, %L, %L)', :jane,
	pg_temp.id('ruiz'), 'm-2', '<message/>'), 'VALUES (false, false)', 'another');
SELECT ok(has_parked, 'it waits')
FROM book_people(pg_temp.id('ruiz') - 1, pg_temp.id('ruiz'), 1);
SELECT results_eq(format('SELECT sender, id FROM parked_take(%s)',
	pg_temp.id('ruiz')), format('VALUES (%s::bigint, %L), (%s, %L)', :jane, 'm-1',
	:jane, 'm-2'), 'and goes out again, in order');
SELECT is(count(*), 2::bigint, 'once more, until the server has it')
FROM parked_take(pg_temp.id('ruiz'));
SELECT parked_sent(pg_temp.id('ruiz'), min(number)) FROM parked_take(pg_temp.id('ruiz'))
	\g /dev/null
SELECT is(min(id), 'm-2', 'what it has is not sent again')
FROM parked_take(pg_temp.id('ruiz'));
SELECT parked_sent(pg_temp.id('ruiz'), max(number)) FROM parked_take(pg_temp.id('ruiz'))
	\g /dev/null
SELECT is_empty(format('SELECT FROM parked_take(%s)', pg_temp.id('ruiz')),
	'then nothing waits');
SELECT bool_or(is_given_up) AS is_given_up FROM generate_series(1, 50) n,
	LATERAL parked_put(:jane, pg_temp.id('ruiz'), 'm-1' || left(n::text, 0), '<a/>') \gset
SELECT ok(:'is_given_up'::boolean, 'fifty times, then it is given up');
SELECT is(array_agg(n) FILTER (WHERE is_given_up), ARRAY[101, 102],
	'a hundred wait at the most')
FROM generate_series(1, 102) n,
	LATERAL parked_put(pg_temp.id('tom'), pg_temp.id('chen'), 'p' || n, '<a/>');

SELECT is((SELECT array_agg(open) FROM book_offices()), NULL, 'no office hours');
INSERT INTO office_hours VALUES (pg_temp.id('ruiz'), 2, '09:00', '10:00');
SELECT is(open, '1796112000 1796115600', 'or from then to then') FROM book_offices();
SELECT * FROM finish();
ROLLBACK;
