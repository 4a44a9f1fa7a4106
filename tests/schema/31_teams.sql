-- 31_teams.sql - care teams: who may, who is in, what their rooms should be.
\ir helper.sql
SELECT plan(45);

SELECT api.teams_configure('rooms.localhost') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset
SELECT pg_temp.id('tom') AS tom, pg_temp.id('ruiz') AS ruiz,
	pg_temp.id('chen') AS chen, pg_temp.id('okafor') AS okafor \gset
DELETE FROM clinic.delivery WHERE kind = 'booked';
CREATE FUNCTION pg_temp.members() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(split_part(jid, '@', 1), ' ' ORDER BY jid)
	FROM api.teams_open() WHERE NOT is_closed
$$;

-- Who may.
SELECT throws_ok(format($$SELECT api.team_add('chen@localhost', %s, %s)$$, :tom,
	:chen), 'CL002', NULL, 'a doctor who does not know the patient may not');
SELECT throws_ok(format($$SELECT api.team_add('tom@localhost', %s, %s)$$, :tom,
	:chen), 'CL002', NULL, 'nor the patient');
SELECT throws_ok(format($$SELECT api.team_add('nobody@localhost', %s, %s)$$, :tom,
	:chen), 'CL002', NULL, 'nor a stranger');
SELECT throws_ok(format($$SELECT api.team_add('ruiz@localhost', %s, %1$s)$$, :tom),
	'CL003', NULL, 'only doctors can be in it');
SELECT is_empty($$SELECT * FROM api.teams_open()$$, 'and nothing was made');
SELECT is_empty($$SELECT * FROM api.team_patients('chen@localhost', NULL)$$,
	'who has no patients has none to choose from');
SELECT results_eq($$SELECT name, has_team
		FROM api.team_patients('ruiz@localhost', 'baker')$$,
	$$VALUES ('Tom Baker', false)$$, 'a doctor has hers');
SELECT results_eq($$SELECT name FROM api.team_patients('admin@localhost', 'mia')$$,
	$$VALUES ('Mia Wong')$$, 'an admin everybody, by name');
SELECT is_empty($$SELECT * FROM api.team_patients('admin@localhost', NULL)$$,
	'not as a list');

-- Made.
SELECT results_eq(format($$SELECT patient_name, doctor_name, is_new, is_new_team,
		room LIKE 'team-%%@rooms.localhost'
		FROM api.team_add('ruiz@localhost', %s, %s)$$, :tom, :chen),
	$$VALUES ('Tom Baker', 'Dr. Wei Chen', true, true, true)$$, 'a team is made');
SELECT is(pg_temp.members(), 'chen ruiz', 'with who asked in it');
SELECT results_eq($$SELECT pg_temp.mail('chen')$$, $$VALUES ('team_added')$$,
	'who was added is told');
SELECT is_empty($$SELECT pg_temp.mail('ruiz') EXCEPT
	SELECT 'reminder'$$, 'who asked is not');
SELECT results_eq(format($$SELECT is_new, is_new_team
		FROM api.team_add('ruiz@localhost', %s, %s)$$, :tom, :chen),
	$$VALUES (false, false)$$, 'twice is once');
SELECT results_eq(format($$SELECT is_new
		FROM api.team_add('chen@localhost', %s, %s)$$, :tom, :okafor),
	$$VALUES (true)$$, 'who is in it may add others');
SELECT results_eq($$SELECT patient_name, members, is_mine
		FROM api.teams('okafor@localhost', NULL)$$,
	$$VALUES ('Tom Baker', E'Dr. Ana Ruiz\nDr. Ngozi Okafor\nDr. Wei Chen', true)$$,
	'each sees her teams');
SELECT results_eq($$SELECT patient_name, is_mine
		FROM api.teams('admin@localhost', NULL)$$,
	$$VALUES ('Tom Baker', false)$$, 'an admin all of them');
SELECT throws_ok($$SELECT api.teams('tom@localhost', NULL)$$, 'CL002', NULL,
	'a patient none');

-- Invited once.
SELECT member, room FROM api.teams_open() WHERE jid = 'chen@localhost' \gset
SELECT api.team_invited(:member) \g /dev/null
SELECT results_eq($$SELECT split_part(jid, '@', 1), is_invited
		FROM api.teams_open() ORDER BY jid$$,
	$$VALUES ('chen', true), ('okafor', false), ('ruiz', false)$$,
	'who was invited is not again');

-- What is said, and what the desk says.
SELECT api.team_said(:'room', 'ruiz@localhost', 'a1', 'hello') \g /dev/null
SELECT api.team_said(:'room', 'ruiz@localhost', 'a1', 'hello') \g /dev/null
SELECT api.team_said('team-other@rooms.localhost', 'ruiz@localhost', 'a1', 'x')
\g /dev/null
SELECT results_eq($$SELECT sender, body FROM clinic.team_message$$,
	format($$VALUES (%s::bigint, 'hello')$$, :ruiz), 'what is said is kept once');
UPDATE clinic.clinic SET keeps_messages = false;
SELECT api.team_said(:'room', 'ruiz@localhost', 'a2', 'secret') \g /dev/null
SELECT is((SELECT count(*) FROM clinic.team_message), 1::bigint,
	'when the clinic keeps messages');
SELECT results_eq(format($$SELECT * FROM api.team_here('%s')$$, :'room'),
	$$VALUES ('Tom Baker', 'Dr. Ana Ruiz, Dr. Ngozi Okafor, Dr. Wei Chen',
		'2026-12-03 15:20 Dr. Ana Ruiz')$$, 'the desk tells of the patient');

-- What was said is for those who are in it.
SELECT results_eq(format($$SELECT at_local, is_own, other_name, body, team_name
		FROM api.team_messages(%L, %s, NULL, 20, 0)$$, who || '@localhost', :tom),
	format($$VALUES ('2026-11-30 08:00', %L::boolean, 'Dr. Ana Ruiz', 'hello',
		'Tom Baker')$$, who = 'ruiz'), who || ' sees it')
FROM unnest(ARRAY['ruiz', 'chen']) who;
SELECT is_empty(format($$SELECT FROM api.team_messages('chen@localhost', %s,
	'2026-11-30 09:00', 20, 0)$$, :tom), 'since a time');
SELECT throws_ok(format('SELECT api.team_messages(%L, %s, NULL, 20, 0)',
	who || '@localhost', :tom), 'CL002', NULL, who || ' does not')
FROM unnest(ARRAY['tom', 'mia', 'admin', 'stranger']) who;
SELECT results_eq($$SELECT other_name, body, team_name FROM api.messages(
		'chen@localhost', NULL, NULL, NULL, 'HELL', 20, 0)$$,
	$$VALUES ('Dr. Ana Ruiz', 'hello', 'Tom Baker')$$, 'words are found in it');
SELECT is_empty(format($$SELECT FROM api.messages(%L, NULL, NULL, NULL, 'hello', 20,
	0)$$, who || '@localhost'), 'not by ' || who)
FROM unnest(ARRAY['tom', 'mia', 'admin']) who;
SELECT is_empty($$SELECT FROM api.messages('chen@localhost', NULL, NULL, NULL, NULL,
	20, 0)$$, 'it is none of the messages with people');
SELECT results_eq($$SELECT doctor_name, patient_name, doctor_count, last_at, is_team
		FROM api.talks('admin@localhost', 20, 0)$$,
	$$VALUES ('Dr. Ana Ruiz', 'Tom Baker', 1, '2026-11-30 08:00', true)$$,
	'the staff see that it was said');

-- Left and closed.
SELECT throws_ok(format($$SELECT api.team_remove('tom@localhost', %s, %s)$$, :tom,
	:chen), 'CL002', NULL, 'a patient removes nobody');
SELECT results_eq(format($$SELECT doctor_name, is_closed
		FROM api.team_remove('ruiz@localhost', %s, %s)$$, :tom, :okafor),
	$$VALUES ('Dr. Ngozi Okafor', false)$$, 'one is removed');
SELECT throws_ok(format($$SELECT api.team_remove('ruiz@localhost', %s, %s)$$, :tom,
	:okafor), 'CL003', NULL, 'once');
SELECT is(pg_temp.members(), 'chen ruiz', 'and is out');
SELECT throws_ok(format($$SELECT api.team_messages('okafor@localhost', %s, NULL, 20,
	0)$$, :tom), 'CL002', NULL, 'and sees no more of it');
SELECT api.team_close('ruiz@localhost', :tom) \g /dev/null
SELECT results_eq($$SELECT jid, is_closed FROM api.teams_open()$$,
	$$VALUES (NULL::text, true)$$, 'a closed room is to be destroyed');
SELECT api.team_destroyed(:'room') \g /dev/null
SELECT is_empty($$SELECT * FROM api.teams_open()$$, 'until it is');
SELECT throws_ok(format($$SELECT api.team_close('ruiz@localhost', %s)$$, :tom),
	'CL003', NULL, 'there is nothing to close any more');
SELECT api.team_add('admin@localhost', :tom, :chen) \g /dev/null
SELECT results_eq(format($$SELECT is_closed
		FROM api.team_remove('chen@localhost', %s, NULL)$$, :tom),
	$$VALUES (true)$$, 'a team that nobody is left in is closed');
SELECT api.teams_configure('') \g /dev/null
SELECT throws_ok(format($$SELECT api.team_add('ruiz@localhost', %s, %s)$$, :tom,
	:chen), 'CL003', NULL, 'without a chat service there are no teams');
SELECT * FROM finish();
ROLLBACK;
