-- 11_house.sql - the clock, forms, and what every table and function has.
\ir helper.sql
SELECT plan(27);

-- The clock.
SELECT results_eq('SELECT now_at, offset_ms <> 0 FROM api.clock()',
	$$VALUES ('2026-11-30T07:00:00Z', true)$$, 'the clinic''s now');
SELECT results_eq('SELECT version FROM api.version()', $$SELECT max(substr(name, 1,
	4)::integer) FROM clinic.migration$$, 'the schema''s version');

-- Forms.
SELECT lives_ok($$SELECT api.form_save('jane@localhost', '', '{"command": "book"}')
	$$, 'a stranger''s form');
SELECT lives_ok($$SELECT api.form_save('jane@localhost', 'adhoc1', '{"n": 2}')$$,
	'another session');
SELECT is((SELECT form::jsonb ->> 'command' FROM api.hear('jane@localhost', '')),
	'book', 'is there');
SELECT is((SELECT form::jsonb ->> 'n' FROM api.hear('jane@localhost', 'adhoc1')),
	'2', 'so is the other');
SELECT is((SELECT form FROM api.hear('jane@localhost', 'adhoc2')), NULL,
	'and no third');
SELECT is((SELECT form FROM api.hear('tom@localhost', '')), NULL, 'nobody else has it');
SELECT api.form_save('jane@localhost', '', '{"command": "help"}') \g /dev/null
SELECT is((SELECT form::jsonb ->> 'command' FROM api.hear('jane@localhost', '')),
	'help', 'a newer one instead');
SELECT pg_temp.at('2026-12-01 07:59') \g /dev/null
SELECT isnt((SELECT form FROM api.hear('jane@localhost', '')), NULL,
	'it is there for a day');
SELECT pg_temp.at('2026-12-01 08:01') \g /dev/null
SELECT is((SELECT form FROM api.hear('jane@localhost', '')), NULL, 'not longer');
SELECT api.form_save('tom@localhost', '', '{}') \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.conversation), 1, 'and forgotten');
SELECT api.form_save('tom@localhost', '', NULL) \g /dev/null
SELECT is((SELECT count(*)::integer FROM clinic.conversation), 0, 'NULL forgets it');
SELECT api.form_save('mia@localhost', n::text, '{}')
	FROM generate_series(1, 12) n \g /dev/null
SELECT is((SELECT count(*) FROM clinic.conversation WHERE jid = 'mia@localhost'),
	10::bigint, 'an address has at most ten sessions');
SELECT throws_ok($$SELECT api.form_save('tom@localhost', '',
	to_jsonb(repeat('x', 70000)))$$, 'CL001', 'that is too much for one form',
	'a form has an end');
SELECT api.refused('jane@localhost', 'stats') \g /dev/null
SELECT results_eq('SELECT jid, action, subject FROM clinic.audit',
	$$VALUES ('jane@localhost', 'refused', 'stats')$$, 'a refusal is written down');

-- Everything says what it is for.
CREATE TEMP VIEW ours AS SELECT oid, proname, prosrc, pronamespace FROM pg_proc
WHERE pronamespace IN ('api'::regnamespace, 'clinic'::regnamespace)
	AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
		AND objid = pg_proc.oid AND deptype = 'e');
SELECT is_empty($$SELECT oid::regprocedure FROM ours
	WHERE obj_description(oid, 'pg_proc') IS NULL$$, 'every function');
SELECT is_empty($$SELECT oid::regclass FROM pg_class
	WHERE relnamespace = 'clinic'::regnamespace AND relkind = 'r'
		AND obj_description(oid, 'pg_class') IS NULL$$, 'every table');
SELECT is_empty($$SELECT indexrelid::regclass FROM pg_index
		LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('u', 'x')
	WHERE indrelid IN (SELECT oid FROM pg_class
			WHERE relnamespace = 'clinic'::regnamespace AND relkind = 'r')
		AND NOT indisprimary
		AND obj_description(indexrelid, 'pg_class') IS NULL
		AND obj_description(pg_constraint.oid, 'pg_constraint') IS NULL$$,
	'every index: which query it serves');
SELECT is_empty($$SELECT proname FROM ours WHERE pronamespace = 'api'::regnamespace
	AND prosrc !~ '^\s*-- [A-Z]'$$, 'every api function, in its first line too');
SELECT is_empty($$SELECT conname FROM pg_constraint c WHERE contype = 'f'
	AND connamespace = 'clinic'::regnamespace AND confdeltype = 'c'
	AND conrelid = 'clinic.appointment'::regclass$$, 'no visit goes with a person');

-- One function changes appointments.
SELECT results_eq($$SELECT proname FROM ours
	WHERE prosrc ~* '(insert into|update|delete from)\s+(clinic\.)?appointment\M'$$,
	$$VALUES ('appointment_put'::name)$$, 'one function writes appointments');
SELECT results_eq($$SELECT proname FROM ours
	WHERE prosrc ~* 'pg_catalog\.now\(|clock_timestamp|current_(date|time)|\mnow\(\)'
		AND prosrc !~* 'clinic\.now\(\)' ORDER BY 1$$,
	$$VALUES ('now'::name)$$, 'one function reads the clock');
SELECT is_empty($$SELECT proname FROM ours WHERE prosrc ~* 'at time zone'
	AND prosrc ~* '::timestamp\s+at time zone'$$, 'one function makes instants');

-- The state table.
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset
CREATE FUNCTION pg_temp.become(wanted text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	visit clinic.appointment;
BEGIN
	SELECT * INTO visit FROM clinic.appointment LIMIT 1;
	visit.state := wanted;
	RETURN (clinic.appointment_put(visit, NULL)).state;
END $$;
SELECT throws_ok($$SELECT pg_temp.become('held')$$, 'CL004', NULL,
	'what is booked is not held again');
SELECT is(pg_temp.become('arrived') || ' ' || pg_temp.become('fulfilled'),
	'arrived fulfilled', 'she comes and is seen');
SELECT throws_ok($$SELECT pg_temp.become('cancelled')$$, 'CL004', NULL,
	'then it cannot be cancelled');

SELECT * FROM finish();
ROLLBACK;
