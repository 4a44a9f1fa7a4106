-- 33_contact.sql - who may decide about a conversation, and what it relates.
\ir helper.sql
SELECT plan(31);
SELECT pg_temp.patient('jane') AS jane \gset
SELECT pg_temp.id('ruiz') AS ruiz, pg_temp.id('chen') AS chen,
	pg_temp.id('tom') AS tom \gset
CREATE FUNCTION pg_temp.pairs(patient bigint) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT person.jid FROM book_pairs(patient - 1, patient) pair
		JOIN person ON person.id = pair.doctor ORDER BY 1
$$;

-- A doctor decides about her patients.
SELECT throws_ok(format('SELECT contact_set(%L, %s, %L)', 'ruiz@localhost', :jane,
	what), 'CL003', 'that is no patient of yours', 'not ' || what)
FROM unnest(ARRAY['mute', 'unmute', 'end', 'allow']) what;
SELECT throws_ok($$SELECT contact_set('ruiz@localhost', 999999, 'allow')$$, 'CL003',
	'that is no patient of yours', 'who is nobody is none, too');
SELECT throws_ok(format('SELECT contact_set(%L, %s, %L)', 'jane@localhost', :tom,
	'allow'), 'CL002', NULL, 'a patient allows nothing');
SELECT is_empty($$SELECT FROM contact$$, 'nothing was put down');

-- A block relates nobody.
SELECT is(name, 'Dr. Wei Chen', 'a patient may block any doctor')
FROM contact_set('jane@localhost', :chen, 'block');
SELECT is_empty(format('SELECT pg_temp.pairs(%s)', :jane), 'which makes no pair');
SELECT throws_ok(format('SELECT chat_who(%L, %s)', 'chen@localhost', :jane), 'CL003',
	'that is no patient of yours', 'the doctor cannot look who it is');
SELECT throws_ok(format('SELECT hand_over(%L, %s, %L)', 'chen@localhost', :jane,
	'ruiz'), 'CL003', NULL, 'nor hand them over');
SELECT throws_ok(format('SELECT contact_set(%L, %s, %L)', 'chen@localhost', :jane,
	'allow'), 'CL003', NULL, 'nor allow it');
SELECT contact_set('jane@localhost', :chen, 'unblock') \g /dev/null
SELECT is_empty(format('SELECT pg_temp.pairs(%s)', :jane), 'nor does unblocking');
SELECT contact_set('jane@localhost', :chen, 'block') \g /dev/null

-- A visit does, and what was blocked before stays so.
SELECT pg_temp.booked('jane', 'ruiz', '2026-12-03 15:20') \g /dev/null
SELECT is(name, 'Jane Test', 'her own patient')
FROM contact_set('ruiz@localhost', :jane, 'allow');
SELECT contact_set('ruiz@localhost', :jane, 'end') \g /dev/null
SELECT hand_over('ruiz@localhost', :jane, 'chen') \g /dev/null
SELECT results_eq(format('SELECT pg_temp.pairs(%s)', :jane),
	$$VALUES ('chen@localhost'), ('ruiz@localhost')$$, 'handed over');
SELECT results_eq($$SELECT name, visits FROM patients('chen@localhost', 'jane')$$,
	$$VALUES ('Jane Test', 0)$$, 'and the colleague''s now');
SELECT is_empty($$SELECT FROM patients('okafor@localhost', 'jane')$$, 'nobody else''s');
SELECT is(name, 'Jane Test', 'who decides now')
FROM contact_set('chen@localhost', :jane, 'end');
SELECT ok(is_blocked, 'whom Jane had blocked') FROM book_pairs(:jane - 1, :jane)
WHERE doctor = :chen;

-- Who did not come is a patient all the same; for a child its guardian is meant.
SELECT pg_temp.booked('tom', 'okafor', '2026-12-02 10:00') AS code \gset
SELECT pg_temp.at('2026-12-02 10:30') \g /dev/null
SELECT visit_mark('okafor@localhost', :'code', 'noshow') \g /dev/null
SELECT is_empty(format('SELECT pg_temp.pairs(%s)', :tom), 'Tom did not come');
SELECT is(name, 'Tom Baker', 'she may let him write')
FROM contact_set('okafor@localhost', :tom, 'allow');
SELECT person AS kid FROM child_add('tom@localhost', 'Leo', '2019-05-02') \gset
SELECT code FROM book('tom@localhost', :ruiz, pg_temp.m('2026-12-04 10:00'), NULL,
	:kid) \g /dev/null
SELECT is(name, 'Tom Baker', 'who writes for the child')
FROM contact_set('ruiz@localhost', :kid, 'mute');
SELECT ok(is_muted, 'is muted') FROM book_pairs(:tom - 1, :tom) WHERE doctor = :ruiz;

-- When a doctor is away.
SELECT pg_temp.at('2026-11-30 08:00') \g /dev/null
CREATE FUNCTION pg_temp.away(doctor bigint) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(to_char(stretch[1] AT TIME ZONE 'Europe/Madrid', 'MM-DD HH24:MI')
		|| to_char(stretch[2] AT TIME ZONE 'Europe/Madrid', ' MM-DD HH24:MI')
		|| to_char(stretch[3], ' MM-DD HH24:MI'), '; ')
	FROM (SELECT ARRAY[to_timestamp(words[n]::bigint),
			to_timestamp(words[n + 1]::bigint),
			to_timestamp(words[n + 2]::bigint * 60) AT TIME ZONE 'UTC'] AS stretch
		FROM (SELECT string_to_array(away, ' ') FROM book_offices() one
				WHERE one.doctor = away.doctor) list (words),
			generate_series(1, cardinality(words), 3) n) each
$$;
SET LOCAL timezone = 'UTC';
SELECT is(pg_temp.away(:ruiz), NULL, 'she is there');
SELECT off_add('ruiz@localhost', '2026-11-30 10:00', '2026-11-30 15:00', NULL)
	\g /dev/null
SELECT is(pg_temp.away(:ruiz), NULL, 'some hours are not worth telling');
SELECT off_add('ruiz@localhost', '2026-12-01 00:00', '2026-12-03 00:00', NULL)
	\g /dev/null
SELECT is(pg_temp.away(:ruiz), '12-01 00:00 12-03 00:00 12-03 09:00',
	'days are, and when she is back');
SELECT holiday_add('admin@localhost', '2026-12-03 00:00', '2026-12-05 00:00')
	\g /dev/null
SELECT is(pg_temp.away(:ruiz), '12-01 00:00 12-05 00:00 12-07 09:00',
	'with the holiday after them, and the weekend');
SELECT is(pg_temp.away(:chen), '12-03 00:00 12-05 00:00 12-07 09:00',
	'the holiday is everybody''s');
SELECT off_remove('ruiz@localhost', id) FROM off('ruiz@localhost')
WHERE starts LIKE '2026-12-01%' \g /dev/null
SELECT is(pg_temp.away(:ruiz), pg_temp.away(:chen), 'what was given back is over');
SELECT pg_temp.at('2026-11-29 23:00') \g /dev/null
SELECT is(pg_temp.away(:ruiz), NULL, 'what is days off is not told yet');
SELECT is((SELECT count(*)::integer FROM book_offices() WHERE open IS NOT NULL), 0,
	'nobody has office hours');
SELECT * FROM finish();
ROLLBACK;
