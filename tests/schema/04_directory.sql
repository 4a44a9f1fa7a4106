-- 04_directory.sql - specialties, doctors, and who is meant by what was written.
\ir helper.sql
SELECT plan(46);

SELECT results_eq($$SELECT name, doctor_count FROM api.specialties('x@y')$$,
	$$VALUES ('Cardiology', 1), ('Dermatology', 2), ('Pediatrics', 1)$$,
	'the specialties, for a stranger too');
SELECT api.specialty_add('admin@localhost', 'neurology') \g /dev/null
SELECT is((SELECT count(*)::integer FROM api.specialties('tom@localhost')), 3,
	'one without a doctor is not shown');
SELECT is((SELECT count(*)::integer FROM api.specialties('admin@localhost')), 4,
	'but to an admin');

SELECT results_eq($$SELECT name, short, specialties, fee, currency, minutes,
		next_starts_at, next_starts
		FROM api.doctors('jane@localhost', NULL, NULL, NULL, NULL, NULL)$$,
	$$VALUES ('Dr. Ana Ruiz', 'Dr. Ruiz', 'Dermatology', '40', 'EUR', 20,
			'2026-11-30T08:00:00Z', '2026-11-30 09:00'),
		('Dr. Ngozi Okafor', 'Dr. Okafor', 'Dermatology, Pediatrics', '45', 'EUR',
			20, '2026-11-30T09:00:00Z', '2026-11-30 10:00'),
		('Dr. Wei Chen', 'Dr. Chen', 'Cardiology', '60', 'EUR', 20,
			'2026-11-30T08:00:00Z', '2026-11-30 09:00')$$, 'the doctors by name');
SELECT results_eq($$SELECT short FROM api.doctors('jane@localhost',
	pg_temp.spec('Dermatology'), NULL, NULL, NULL, NULL)$$,
	$$VALUES ('Dr. Ruiz'), ('Dr. Okafor')$$, 'of a specialty');
SELECT is_empty($$SELECT * FROM api.doctors('x@y', pg_temp.spec('Neurology'),
	NULL, NULL, NULL, NULL)$$, 'a specialty without doctors');
SELECT results_eq($$SELECT next_starts FROM api.doctors('jane@localhost', NULL,
	'2026-12-01', '2026-12-01', '15:00', '24:00')$$,
	$$VALUES ('2026-12-01 15:00'), (NULL), (NULL)$$, 'next free in a window');
SELECT results_eq($$SELECT next_starts FROM api.doctors('jane@localhost', NULL,
	'2026-12-05', '2026-12-06', NULL, NULL)$$,
	$$VALUES (NULL::text), (NULL), (NULL)$$, 'nothing at the weekend');
SELECT results_eq($$SELECT next_starts FROM api.doctors('jane@localhost', NULL,
	'2026-12-05', '2026-12-01', NULL, NULL)$$,
	$$VALUES (NULL::text), (NULL), (NULL)$$, 'nothing on days the wrong way round');
SELECT pg_temp.booked('tom', 'ruiz', '2026-11-30 09:00') \g /dev/null
SELECT results_eq($$SELECT next_starts FROM api.doctors('tom@localhost', NULL, NULL,
	NULL, NULL, NULL)$$, $$VALUES ('2026-11-30 09:20'), ('2026-11-30 10:00'),
	('2026-11-30 09:20')$$, 'what is taken is not free, nor one''s own time');
SELECT results_eq($$SELECT next_starts FROM api.doctors('mia@localhost',
	pg_temp.spec('Cardiology'), NULL, NULL, NULL, NULL)$$,
	$$VALUES ('2026-11-30 09:00')$$, 'for others it is');
SELECT api.my_set('mia@localhost', 'timezone', 'Asia/Kolkata') \g /dev/null
SELECT results_eq($$SELECT next_starts_at, next_starts FROM
	api.doctors('mia@localhost', pg_temp.spec('Cardiology'), NULL, NULL, NULL,
	NULL)$$, $$VALUES ('2026-11-30T08:00:00Z', '2026-11-30 13:30')$$,
	'and shown by one''s own clock');
SELECT api.my_set('mia@localhost', 'timezone', NULL) \g /dev/null

-- A fee with cents.
SELECT api.doctor_add('admin@localhost', 'perez@localhost', 'Dr. Ana Pérez-Gil',
	pg_temp.spec('Neurology'), 50.5, NULL, 30) \g /dev/null
SELECT results_eq($$SELECT name, short, fee, currency, minutes FROM
	api.doctors('x@y', pg_temp.spec('Neurology'), NULL, NULL, NULL, NULL)$$,
	$$VALUES ('Dr. Ana Pérez-Gil', 'Dr. Pérez-Gil', '50.50', 'EUR', 30)$$,
	'a fee with cents');

-- Who is meant: "word index:name score" in order.
CREATE FUNCTION pg_temp.meant(words text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(word || ':' || regexp_replace(name, '^.* ', '')
		|| CASE WHEN score < 1 THEN ' ' || score ELSE '' END, ', '
		ORDER BY word, score DESC, name), '')
	FROM api.mentions('tom@localhost', words)
$$;
SELECT is(pg_temp.meant(words), wanted, quote_literal(words))
FROM (VALUES
	('book dr ruiz tomorrow', '2:Ruiz'),
	('ana', '0:Pérez-Gil, 0:Ruiz'),
	('ana ruiz', '0:Pérez-Gil, 0:Ruiz, 1:Ruiz'),
	('dr rius please', '1:Ruiz 0.7'),
	('dr riuz', '1:Ruiz 0.8'),
	('okafo', '0:Okafor 0.8'),
	('chne', '0:Chen 0.8'),
	('and then when', ''),
	('chen''s', '0:Chen'),
	('perez', '0:Pérez-Gil'),
	('pérez', '0:Pérez-Gil'),
	('peres', '0:Pérez-Gil 0.8'),
	('wei', '0:Chen'),
	('wee', ''),
	('i need a cardiologist next week in the morning', '3:Cardiology'),
	('a heart doctor', '1:Cardiology, 2:Cardiology'),
	('dermatolgy', '0:Dermatology 0.8'),
	('skin', '0:Dermatology'),
	('a children s doctor', '1:Pediatrics, 2:Pediatrics, 3:Pediatrics'),
	('paediatrician', '0:Pediatrics'),
	('kids', '0:Pediatrics'),
	('neurologists', '0:Neurology'),
	('urologist', ''),
	('could i see the doctor next tuesday at nine', ''),
	('', ''), ('   ', ''), ('''; drop table doctor; --', ''), ('%', ''),
	('<b>ruiz</b>', ''), (repeat('ruizz ', 3), '0:Ruiz 0.8, 1:Ruiz 0.8, '
	|| '2:Ruiz 0.8')
) said (words, wanted);
SELECT is_empty($$SELECT * FROM api.mentions('tom@localhost', NULL)$$,
	'nothing means nobody');
SELECT lives_ok(format('SELECT api.mentions(%L, %L)', 'tom@localhost',
	repeat('xyzzy', 5000)), 'a very long word');

-- A specialty nobody listed is found by its stem.
SELECT api.specialty_add('admin@localhost', 'Mycology') \g /dev/null
SELECT is(pg_temp.meant('the mycologist'), '1:Mycology 0.9', 'by its stem');

SELECT * FROM finish();
ROLLBACK;
