-- 34_kinds.sql - which kind a visit is, where a doctor has several.
\ir helper.sql
SELECT plan(9);
SELECT pg_temp.id('ruiz') AS ruiz, pg_temp.id('tom') AS tom,
	pg_temp.spec('Dermatology') AS skin \gset
SELECT pg_temp.booked('tom', 'ruiz', '2026-11-30 10:00') \g /dev/null
CREATE FUNCTION pg_temp.kinds() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', 'agenda', kind, is_video)
	FROM api.agenda('ruiz@localhost', NULL, NULL)
	UNION ALL SELECT concat_ws(' ', 'day', kind, is_video)
	FROM api.day('ruiz@localhost', false, NULL)
	UNION ALL SELECT concat_ws(' ', 'next', kind, is_video)
	FROM api.next_visit('ruiz@localhost')
$$;

SELECT results_eq('SELECT pg_temp.kinds()',
	$$VALUES ('agenda f'), ('day f'), ('next f')$$, 'one kind goes without saying');
SELECT visit_type_set('ruiz@localhost', :ruiz, NULL, 'Talk',
	'{"minutes": 15, "fee": 30, "video": true}') \g /dev/null
SELECT results_eq('SELECT pg_temp.kinds()', format(
	$$VALUES ('agenda %1$s f'), ('day %1$s f'), ('next %1$s f')$$, name),
	'of several it is said')
FROM visit_type WHERE doctor = :ruiz ORDER BY id LIMIT 1;
SELECT is_empty($$SELECT FROM api.day('admin@localhost', true, 'tom')
	WHERE doctor_name = 'Dr. Wei Chen' AND kind IS NOT NULL$$, 'each doctor her own');

-- What is waited for.
SELECT is(whom, 'Dr. Ana Ruiz', 'a doctor') FROM api.waitlist_join('tom@localhost',
	:ruiz, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT is(whom, 'Dr. Ana Ruiz, Talk', 'and a kind of visit')
FROM api.waitlist_join('tom@localhost', :ruiz, NULL, NULL, NULL, NULL, NULL, 'talk',
	NULL);
SELECT is(whom, 'Dermatology, Talk', 'that a doctor of the specialty has')
FROM api.waitlist_join('mia@localhost', NULL, :skin, NULL, NULL, NULL, NULL, 'TALK',
	NULL);
SELECT results_eq($$SELECT whom FROM api.waitlist('tom@localhost')$$,
	$$VALUES ('Dr. Ana Ruiz, Talk')$$, 'one row for a doctor');
SELECT visit_type_remove('ruiz@localhost', :ruiz, NULL, 'Talk') \g /dev/null
SELECT results_eq($$SELECT whom FROM api.waitlist('tom@localhost')$$,
	$$VALUES ('Dr. Ana Ruiz, talk')$$, 'as it was said when it is there no more');
SELECT results_eq('SELECT pg_temp.kinds()',
	$$VALUES ('agenda f'), ('day f'), ('next f')$$, 'and one kind is left');
SELECT * FROM finish();
ROLLBACK;
