-- 19_calls.sql - calls as rows, video visits, who may call whom.
\ir helper.sql
SELECT plan(51);

CREATE FUNCTION pg_temp.call(who text, doctor text, sid text, by_doctor boolean,
	happened text, what text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	SELECT clinic.call_put(pg_temp.id(doctor), pg_temp.id(who), sid, by_doctor,
		happened, what, clinic.now())
$$;
CREATE FUNCTION pg_temp.call_row(wanted text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', CASE WHEN is_doctors THEN 'doctor' ELSE 'patient' END,
		CASE WHEN is_video THEN 'video' ELSE 'audio' END,
		CASE WHEN rang_at IS NOT NULL THEN 'rang' END,
		extract(epoch FROM ended_at - answered_at)::integer,
		coalesce(ending::text, 'under way'),
		(SELECT code FROM clinic.appointment WHERE id = call.appointment))
	FROM clinic.call WHERE sid = wanted
$$;
CREATE FUNCTION pg_temp.may(who text, doctor text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN is_allowed THEN 'yes' ELSE concat_ws(' ', 'no', starts, opens)
		END
	FROM api.call_ask(who || '@localhost', pg_temp.id(doctor))
$$;
-- Claims all that is due: who, kind, to a doctor, of whom.
CREATE FUNCTION pg_temp.told() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE claimed AS SELECT * FROM api.deliveries_claim('a', 50, 60);
	PERFORM api.deliveries_done('a', (SELECT string_agg(DISTINCT id::text, ' ')
		FROM claimed));
	RETURN QUERY SELECT concat_ws(' ', split_part(jid, '@', 1), kind,
			CASE WHEN is_doctor THEN patient_name ELSE doctor_name END,
			regexp_replace(address, '^(tom|mia)\.[^.]{4}$', '\1'),
			regexp_replace(link, '[0-9a-f]{32}', 'ROOM'))
		FROM claimed WHERE kind IN ('call_now', 'missed_call', 'visit_over')
		ORDER BY 1;
	DROP TABLE claimed;
END $$;
SELECT api.mirror_configure(30, true) \g /dev/null
SELECT api.reminders_set('tom@localhost', '') \g /dev/null
UPDATE clinic.visit_type SET is_video = true
WHERE doctor = pg_temp.id('ruiz') \g /dev/null
SELECT api.calls_configure(10, 15, 60, false, 'https://meet.example/{room}')
\g /dev/null

-- Who may call.
SELECT is(pg_temp.may('tom', 'ruiz'), 'no', 'nobody calls without a visit');
SELECT pg_temp.booked('tom', 'ruiz', '2026-11-30 10:00') AS code \gset
SELECT is(pg_temp.may('tom', 'ruiz'), 'no 2026-11-30 10:00 2026-11-30 09:50',
	'too early, but when');
SELECT pg_temp.at('2026-11-30 09:49:59') \g /dev/null
SELECT matches(pg_temp.may('tom', 'ruiz'), '^no', 'a second too early');
SELECT pg_temp.at('2026-11-30 09:50') \g /dev/null
SELECT is(pg_temp.may('tom', 'ruiz'), 'yes', 'ten minutes before');
SELECT is(pg_temp.may('tom', 'chen'), 'no', 'but not somebody else');
SELECT is(pg_temp.may('mia', 'ruiz'), 'no', 'nor somebody else her');
SELECT pg_temp.at('2026-11-30 10:34:59') \g /dev/null
SELECT is(pg_temp.may('tom', 'ruiz'), 'yes', 'until a quarter of an hour after');
SELECT pg_temp.at('2026-11-30 10:35:01') \g /dev/null
SELECT is(pg_temp.may('tom', 'ruiz'), 'no', 'and no longer');
SELECT pg_temp.call('mia', 'ruiz', 'r1', true, 'begun', 'audio') \g /dev/null
SELECT is(pg_temp.may('mia', 'ruiz'), 'yes', 'the doctor called first');
SELECT pg_temp.at('2026-11-30 11:36') \g /dev/null
SELECT is(pg_temp.may('mia', 'ruiz'), 'no', 'an hour ago');
SELECT pg_temp.call('mia', 'ruiz', 'm1', false, 'begun', 'audio') \g /dev/null
SELECT is(pg_temp.may('mia', 'ruiz'), 'no', 'not for a call of her own');
SELECT pg_temp.call('mia', 'ruiz', 'm2', false, 'begun', 'audio'),
	pg_temp.call('mia', 'ruiz', 'm2', false, 'ended', 'refused') \g /dev/null

-- Which are under way, for a bot that starts.
CREATE FUNCTION pg_temp.open() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', sid, is_doctors, is_answered, age_s,
		coalesce(caller_device, 'none'), coalesce(callee_device, 'none'))
	FROM api.calls_open()
	WHERE doctor = pg_temp.id('ruiz') AND patient = pg_temp.id('mia')
$$;
SELECT pg_temp.at('2026-11-30 11:37') \g /dev/null
SELECT pg_temp.call('mia', 'ruiz', 'm3', true, 'begun', 'audio'),
	pg_temp.call('mia', 'ruiz', 'm3', false, 'answered'),
	pg_temp.call('mia', 'ruiz', 'm3', true, 'devices', 'abc -'),
	pg_temp.call('mia', 'ruiz', 'm2', true, 'devices', 'x y') \g /dev/null
SELECT results_eq('SELECT pg_temp.open()',
	$$VALUES ('m1 f f 60 none none'), ('m3 t t 0 abc none')$$,
	'one that rings, one that was answered and whose devices are known');
SELECT pg_temp.at('2026-11-30 11:40') \g /dev/null
SELECT results_eq('SELECT pg_temp.open()', $$VALUES ('m3 t t 180 abc none')$$,
	'nothing rings that long');
SELECT pg_temp.call('mia', 'ruiz', 'm4', true, 'begun', 'audio') \g /dev/null
SELECT results_eq('SELECT pg_temp.open()',
	$$VALUES ('m3 t t 180 abc none'), ('m4 t f 0 none none')$$,
	'who talks may be called again');
SELECT is(pg_temp.call_row('m1'), 'patient audio missed',
	'but nobody answers the one before');
SELECT pg_temp.call('mia', 'ruiz', sid, true, 'ended', 'success')
FROM unnest(ARRAY['m3', 'm4']) sid \g /dev/null
SELECT is_empty('SELECT pg_temp.open()', 'all are over');

-- Both are told when it begins.
SELECT pg_temp.at('2026-11-30 09:00') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:00') AS code \gset
SELECT count(*) FROM pg_temp.told() \g /dev/null
SELECT pg_temp.at('2026-12-01 08:59') \g /dev/null
SELECT pg_temp.told() \g /dev/null
SELECT is_empty('SELECT pg_temp.told()', 'not before');
SELECT api.cancel('ruiz@localhost', :'code', NULL) \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-01 09:20') AS code \gset
SELECT pg_temp.at('2026-12-01 09:01') \g /dev/null
SELECT is_empty('SELECT pg_temp.told()', 'not of one that is cancelled');
SELECT pg_temp.at('2026-12-01 09:20') \g /dev/null
SELECT results_eq('SELECT pg_temp.told()', $$VALUES
	('ruiz call_now Tom Baker tom https://meet.example/ROOM'),
	('tom call_now Dr. Ana Ruiz dr.ana.ruiz https://meet.example/ROOM')$$,
	'both, and where to meet otherwise');
SELECT is((SELECT count(DISTINCT room) FROM clinic.meeting), 3::bigint,
	'a room for each visit');

-- A call for it.
SELECT pg_temp.call('tom', 'ruiz', 's1', false, 'begun', 'video'),
	pg_temp.call('tom', 'ruiz', 's1', true, 'rang') \g /dev/null
SELECT is(pg_temp.call_row('s1'), 'patient video rang under way ' || :'code',
	'it rings');
SELECT pg_temp.call('tom', 'ruiz', 's1', true, 'answered'),
	pg_temp.call('tom', 'ruiz', 's1', true, 'answered') \g /dev/null
SELECT is((SELECT state::text || ' ' || (started_at = clinic.now())
	FROM clinic.appointment WHERE code = :'code'), 'arrived true', 'it has begun');
SELECT pg_temp.at('2026-12-01 09:23') \g /dev/null
SELECT pg_temp.call('tom', 'ruiz', 's1', false, 'ended', 'success'),
	pg_temp.call('tom', 'ruiz', 's1', true, 'ended', 'success') \g /dev/null
SELECT is(pg_temp.call_row('s1'), 'patient video rang 180 hung_up ' || :'code',
	'three minutes');
SELECT is((SELECT state::text FROM clinic.appointment WHERE code = :'code'),
	'fulfilled', 'the visit is over');
SELECT is((SELECT string_agg(was || ' ' || state, ', ' ORDER BY id)
	FROM clinic.appointment_event WHERE was IS NOT NULL AND appointment =
		(SELECT id FROM clinic.appointment WHERE code = :'code')),
	'booked arrived, arrived fulfilled', 'each change has its row');
SELECT results_eq('SELECT pg_temp.told()', $$VALUES
	('ruiz visit_over Tom Baker tom'), ('tom visit_over Dr. Ana Ruiz dr.ana.ruiz')$$,
	'both are asked how it was');
SELECT pg_temp.call('tom', 'ruiz', 's2', true, 'begun', 'video'),
	pg_temp.call('tom', 'ruiz', 's2', false, 'answered') \g /dev/null
SELECT pg_temp.at('2026-12-01 09:26') \g /dev/null
SELECT pg_temp.call('tom', 'ruiz', 's2', false, 'ended', 'connectivity-error')
\g /dev/null
SELECT is(pg_temp.call_row('s2'), 'doctor video 180 failed ' || :'code',
	'again, for the same visit');
SELECT is_empty('SELECT pg_temp.told()', 'who is asked once');

-- Missed, declined and so on: who is told.
SELECT pg_temp.call('tom', 'ruiz', 's3', false, 'begun', 'audio'),
	pg_temp.call('tom', 'ruiz', 's3', false, 'ended', 'cancel') \g /dev/null
SELECT results_eq('SELECT pg_temp.told()',
	$$VALUES ('ruiz missed_call Tom Baker tom')$$, 'a caller who gives up');
SELECT pg_temp.call('tom', 'ruiz', 's4', true, 'begun', 'audio') \g /dev/null
SELECT is_empty('SELECT pg_temp.told()', 'while it rings nobody is told');
SELECT pg_temp.at('2026-12-01 09:28:01') \g /dev/null
SELECT results_eq('SELECT pg_temp.told()',
	$$VALUES ('tom missed_call Dr. Ana Ruiz dr.ana.ruiz')$$, 'nobody answers');
SELECT is(pg_temp.call_row('s4'), 'doctor audio missed ' || :'code', 'so it is over');
SELECT pg_temp.call('tom', 'ruiz', sid, true, 'begun', 'audio'),
	pg_temp.call('tom', 'ruiz', sid, by_doctor, 'ended', why)
FROM (VALUES ('s5', false, 'decline'), ('s6', false, 'busy'),
	('s7', true, 'offline'), ('s8', false, 'error'), ('s9', true, 'refused'),
	('s10', true, 'connectivity-error')) one (sid, by_doctor, why) \g /dev/null
SELECT is((SELECT string_agg(sid || ' ' || ending, ', ' ORDER BY id)
	FROM clinic.call WHERE id > (SELECT id FROM clinic.call WHERE sid = 's4')),
	's5 declined, s6 busy, s7 offline, s8 failed, s9 refused, s10 missed',
	'why each ended');
SELECT is((SELECT count(*) FROM pg_temp.told()), 4::bigint,
	'told are all but those who said no, and of what was refused');
SELECT pg_temp.call('tom', 'ruiz', 'never', false, 'answered'),
	pg_temp.call('tom', 'ruiz', 'never', false, 'ended', 'success') \g /dev/null
SELECT is(pg_temp.call_row('never'), NULL, 'what never began is nothing');

-- Nobody told that it ended.
SELECT pg_temp.call('tom', 'ruiz', 'open', true, 'begun', 'audio'),
	pg_temp.call('tom', 'ruiz', 'open', false, 'answered') \g /dev/null
SELECT pg_temp.at('2026-12-01 22:00') \g /dev/null
SELECT api.tidy(10, 730) \g /dev/null
SELECT matches(pg_temp.call_row('open'), 'failed', 'half a day later it has');

-- A visit that was missed and then held after all; a child's visit.
SELECT pg_temp.booked('mia', 'ruiz', '2026-12-02 09:00') AS code \gset
SELECT pg_temp.at('2026-12-02 09:15') \g /dev/null
SELECT api.visit_mark('ruiz@localhost', :'code', 'noshow') \g /dev/null
SELECT pg_temp.call('mia', 'ruiz', 'late', true, 'begun', 'video'),
	pg_temp.call('mia', 'ruiz', 'late', false, 'answered'),
	pg_temp.call('mia', 'ruiz', 'late', false, 'ended', 'success') \g /dev/null
SELECT is((SELECT state::text FROM clinic.appointment WHERE code = :'code'),
	'arrived', 'late, but there');
INSERT INTO clinic.person (name, guardian, birth_date)
VALUES ('Kim Wong', pg_temp.id('mia'), '2019-01-01') RETURNING id AS kim \gset
INSERT INTO clinic.role (person, role) VALUES (:kim, 'patient');
SELECT code FROM api.book('mia@localhost', pg_temp.id('ruiz'),
	pg_temp.m('2026-12-02 12:00'), NULL, :kim) \gset
SELECT pg_temp.at('2026-12-02 12:00') \g /dev/null
SELECT is(pg_temp.may('mia', 'ruiz'), 'yes', 'a mother calls for the child');
SELECT pg_temp.call('mia', 'ruiz', 'child', false, 'begun', 'video') \g /dev/null
SELECT is(pg_temp.call_row('child'), 'patient video under way ' || :'code',
	'for the child''s visit');
SELECT results_eq('SELECT pg_temp.told()', $$VALUES
	('mia call_now Dr. Ana Ruiz dr.ana.ruiz https://meet.example/ROOM'),
	('ruiz call_now Kim Wong (child of Mia Wong) mia https://meet.example/ROOM')$$,
	'the mother is told');
SELECT results_eq($$SELECT child, starts, opens, closes, is_open, address,
		link ~ '^https://meet.example/.' FROM api.call_next('mia@localhost')$$,
	$$VALUES ('Kim', '2026-12-02 12:00', '2026-12-02 11:50', '2026-12-02 12:35',
		true, 'dr.ana.ruiz', true)$$, 'who asks is told when to call, and whom');
SELECT is_empty($$SELECT * FROM api.call_next('ruiz@localhost')$$,
	'a doctor is no patient');

-- Whose address is hidden.
SELECT results_eq($$SELECT * FROM api.hide_ip('mia@localhost', NULL)$$,
	'VALUES (false, false)', 'as the clinic does');
SELECT results_eq($$SELECT * FROM api.hide_ip('mia@localhost', true)$$,
	'VALUES (true, true)', 'as she wishes');
SELECT ok(clinic.hides_ip(pg_temp.id('mia'))
	AND NOT clinic.hides_ip(pg_temp.id('tom')), 'she alone');
SELECT api.calls_configure(10, 15, 60, true, '') \g /dev/null
SELECT ok(clinic.hides_ip(pg_temp.id('tom')), 'the clinic wishes so for all');
SELECT throws_ok($$SELECT api.hide_ip('stranger@localhost', true)$$, 'CL002');
SELECT throws_ok(format('SELECT api.calls_configure(10, 15, 60, true, %L)', url),
	'CL001', NULL, url)
FROM unnest(ARRAY['meet', 'https://meet.example/', 'ftp://meet.example/{room}',
	'https://meet.example/{room} x']) url;

SELECT * FROM finish();
ROLLBACK;
