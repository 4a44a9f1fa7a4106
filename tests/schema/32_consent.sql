-- 32_consent.sql - who said what to keeping their messages.
\ir helper.sql
SELECT plan(21);

CREATE FUNCTION pg_temp.said(who text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', consent.keeps_messages, way, asked)
	FROM consent WHERE person = pg_temp.id(who) ORDER BY id
$$;
-- Whether what Dr. Ruiz and somebody write is kept, as the bot believes it is.
CREATE FUNCTION pg_temp.is_kept(who text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	before bigint := (SELECT count(*) FROM message);
BEGIN
	PERFORM mirror_note(gen_random_uuid()::text, jsonb_build_array(
		jsonb_build_object('kind', 'message', 'doctor', pg_temp.id('ruiz'),
			'patient', pg_temp.id(who), 'from_doctor', false, 'id', 'm',
			'body', 'hello', 'is_kept', true)));
	RETURN (SELECT count(*) FROM message) > before;
END $$;

SELECT ok(keeps_messages, 'the desk knows that the clinic keeps messages')
FROM hear('jane@localhost', '');
SELECT register('jane@localhost', 'Jane Doe', '1990-04-23', NULL, NULL, false,
	'Shall we?') \g /dev/null
SELECT register('ben@localhost', 'Ben Doe', '1990-04-23', NULL, NULL, true,
	'Shall we?') \g /dev/null
SELECT register('old@localhost', 'Old Doe', '1990-04-23', NULL, NULL) \g /dev/null
SELECT results_eq($$SELECT pg_temp.said('jane')$$,
	$$VALUES ('f registration Shall we?')$$, 'Jane said no, to these words');
SELECT results_eq($$SELECT pg_temp.said('ben')$$,
	$$VALUES ('t registration Shall we?')$$, 'Ben said yes');
SELECT is_empty($$SELECT pg_temp.said('old')$$, 'who was not asked said nothing');
SELECT results_eq($$SELECT jid, action FROM audit WHERE action LIKE 'keep%'
	ORDER BY id$$, $$VALUES ('jane@localhost', 'keep no messages'),
		('ben@localhost', 'keep messages')$$, 'it is audited');
SELECT register('ben@localhost', 'Ben Doe', '1990-04-23', NULL, NULL, true,
	'Shall we?') \g /dev/null
SELECT is((SELECT count(*)::integer FROM pg_temp.said('ben')), 1,
	'the same once more changes nothing');

SELECT ok(NOT pg_temp.is_kept('jane'), 'nothing of Jane''s is kept');
SELECT ok(pg_temp.is_kept('ben'), 'of Ben''s it is');
SELECT ok(pg_temp.is_kept('old'), 'as of who was not asked');
SELECT results_eq(format($$SELECT keeps_messages, is_told FROM book_people(%s, %s, 1)$$,
		pg_temp.id(who) - 1, pg_temp.id(who)),
	format('VALUES (%L::boolean, %L::boolean)', keeps, told), who)
FROM (VALUES ('jane', false, true), ('ben', true, true), ('old', true, false))
	people (who, keeps, told);
SELECT mirror_note('told ' || who, jsonb_build_array(jsonb_build_object('kind', 'told',
	'doctor', pg_temp.id('ruiz'), 'patient', pg_temp.id(who))))
FROM (VALUES ('jane'), ('old')) people (who) \g /dev/null
SELECT mirror_note('told again', jsonb_build_array(jsonb_build_object('kind', 'told',
	'doctor', pg_temp.id('ruiz'), 'patient', pg_temp.id('jane')))) \g /dev/null
SELECT results_eq($$SELECT pg_temp.said('old')$$, $$VALUES ('t told')$$,
	'then they are told');
SELECT is((SELECT count(*)::integer FROM pg_temp.said('jane')), 1,
	'who said no is not told otherwise');

SELECT pg_temp.at('2026-12-01 08:00') \g /dev/null
SELECT results_eq($$SELECT keeps_messages, said_way, said_local
	FROM privacy('jane@localhost', NULL)$$,
	$$VALUES (false, 'registration', '2026-11-30 08:00')$$, 'privacy tells it');
SELECT results_eq($$SELECT keeps_messages, said_way, said_local
	FROM privacy('jane@localhost', true)$$,
	$$VALUES (true, 'privacy', '2026-12-01 08:00')$$, 'and changes it');
SELECT ok(pg_temp.is_kept('jane'), 'from then on it is kept');
SELECT throws_ok($$SELECT privacy('ruiz@localhost', false)$$, 'CL002', NULL,
	'a doctor does not decide it');

-- a child writes nothing: its guardian does
SELECT child_add('jane@localhost', 'Leo', '2019-05-02') \g /dev/null
SELECT is_empty($$SELECT FROM consent JOIN person ON person.id = consent.person
	WHERE guardian IS NOT NULL$$, 'a child is not asked');
UPDATE clinic SET keeps_messages = false;
SELECT ok(NOT pg_temp.is_kept('ben'), 'a clinic that keeps nothing keeps nothing');
SELECT ok(NOT keeps_messages, 'and has nothing to ask')
FROM hear('jane@localhost', '');
SELECT * FROM finish();
ROLLBACK;
