-- 30_files.sql - the record of files: who, to whom, until when.
\ir helper.sql
SELECT plan(21);

SELECT pg_temp.patient('jane') AS jane \gset
SELECT repeat('ab', 32) AS photo \gset
SELECT repeat('cd', 32) AS other \gset

SELECT api.file_put(:jane, pg_temp.id('ruiz'), :'photo', 'image/jpeg', 'knee.jpg',
	12345) \g /dev/null
SELECT api.file_put(:jane, pg_temp.id('chen'), :'other', 'image/png', E'a\nb.png',
	77) \g /dev/null
SELECT results_eq($$SELECT sender, recipient, at, encode(digest, 'hex'),
		media_type, name, bytes FROM clinic.file ORDER BY id$$,
	format($$VALUES (%s::bigint, %s::bigint, clinic.now(), '%s', 'image/jpeg',
			'knee.jpg', 12345::bigint),
		(%s, %s, clinic.now(), '%s', 'image/png', 'a b.png', 77)$$,
		:jane, pg_temp.id('ruiz'), :'photo', :jane, pg_temp.id('chen'), :'other'),
	'it is put down who sent what to whom');
SELECT throws_ok(format($$SELECT api.file_put(%s, %1$s, 'ab', 'x/y', 'n', 1)$$,
	:jane), '23514', NULL, 'with a whole digest');
SELECT throws_ok($$SELECT api.file_put(0, 0, repeat('ab', 32), 'x/y', 'n', 1)$$,
	'23503', NULL, 'of people who are here');
SELECT is_empty($$SELECT api.files_over(30, 10)$$, 'nothing is old');

SELECT pg_temp.at('2026-12-29 08:00') \g /dev/null
SELECT is_empty($$SELECT api.files_over(30, 10)$$, 'nor after 29 days');
SELECT api.file_put(pg_temp.id('ruiz'), :jane, :'photo', 'image/jpeg', 'knee.jpg',
	12345) \g /dev/null
SELECT pg_temp.at('2026-12-30 08:00') \g /dev/null
SELECT results_eq($$SELECT digest FROM api.files_over(30, 10)$$,
	format($$VALUES ('%s')$$, :'other'),
	'after 30 days it is, unless it was sent again');
SELECT is_empty($$SELECT api.files_over(31, 10)$$, 'the setting says how many');
SELECT is_empty($$SELECT api.files_over(30, 0)$$, 'some at a time');
SELECT api.file_removed(:'other') \g /dev/null

-- The two concerned see what they sent each other, and nobody else.
SELECT results_eq($$SELECT at_local, is_own, other_name, name, bytes, digest,
		is_there, sent_s FROM api.files('jane@localhost', NULL, NULL, 20, 0)$$,
	format($$VALUES ('2026-12-29 08:00', false, 'Dr. Ana Ruiz', 'knee.jpg', 12345::bigint,
			'%1$s', true, 1798527600::bigint),
		('2026-11-30 08:00', true, 'Dr. Wei Chen', 'a b.png', 77, '%2$s', false,
			1796022000),
		('2026-11-30 08:00', true, 'Dr. Ana Ruiz', 'knee.jpg', 12345, '%1$s', true,
			1796022000)$$, :'photo', :'other'), 'a patient''s files, latest first');
SELECT results_eq(format($$SELECT name, other_name FROM api.files('jane@localhost',
	%s, NULL, 20, 0)$$, pg_temp.id('chen')), $$VALUES ('a b.png', 'Dr. Wei Chen')$$,
	'with one doctor');
SELECT results_eq($$SELECT is_own, other_name FROM api.files('ruiz@localhost', NULL,
	NULL, 20, 0)$$, $$VALUES (true, 'Jane Test'), (false, 'Jane Test')$$,
	'the doctor''s');
SELECT is((SELECT count(*)::integer FROM api.files('ruiz@localhost', NULL,
	'2026-12-01 00:00', 20, 0)), 1, 'since a day');
SELECT is((SELECT count(*)::integer FROM api.files('ruiz@localhost', NULL, NULL, 20,
	1)), 1, 'by pages');
SELECT is_empty(format($$SELECT FROM api.files('okafor@localhost', %s, NULL, 20, 0)$$,
	:jane), 'no other doctor');
SELECT is_empty($$SELECT FROM api.files('admin@localhost', NULL, NULL, 20, 0)$$,
	'nor the staff');
SELECT throws_ok($$SELECT api.files('stranger@localhost', NULL, NULL, 20, 0)$$,
	'CL002', NULL, 'nor a stranger');
SELECT is_empty($$SELECT api.files_over(30, 10)$$, 'once');
SELECT results_eq($$SELECT name, removed_at FROM clinic.file ORDER BY id$$,
	$$VALUES ('knee.jpg', NULL), ('a b.png', clinic.now()), ('knee.jpg', NULL)$$,
	'that it was sent stays on record');
SELECT pg_temp.at('2027-01-28 08:00') \g /dev/null
SELECT results_eq($$SELECT digest FROM api.files_over(30, 10)$$,
	format($$VALUES ('%s')$$, :'photo'), 'then the other is old too, once');

-- Who wants nothing kept: the file has to pass, but then its name goes with it.
SELECT api.privacy('jane@localhost', false) \g /dev/null
SELECT api.file_put(pg_temp.id('ruiz'), :jane, repeat('ef', 32), 'image/jpeg',
	'result.jpg', 77) \g /dev/null
SELECT api.file_removed(repeat('ef', 32)) \g /dev/null
SELECT results_eq($$SELECT name FROM clinic.file
	WHERE encode(digest, 'hex') = repeat('ef', 32)$$, $$VALUES ('file')$$,
	'no name stays of the files of who said no');

SET LOCAL ROLE carelay_bot;
SELECT throws_ok($$SELECT * FROM clinic.file$$, '42501', NULL,
	'the bot reads no table');
SELECT * FROM finish();
ROLLBACK;
