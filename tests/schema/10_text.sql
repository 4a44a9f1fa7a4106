-- 10_text.sql - SQL, XML and trickery in every text that somebody can send.
\ir helper.sql
SELECT plan(6);

CREATE TEMP TABLE evil (value text);
INSERT INTO evil VALUES
	(''), (' '), (NULL), ('''; DROP TABLE clinic.person; --'),
	('$$; SELECT pg_sleep(10); $$'), ('%s%n%'), ('\''); --'), ('<b>&amp;</b>'),
	(']]><message/>'), (repeat('x', 100000)), (repeat('9', 400)),
	(E'a\u0001b\u001f'), (E'\u202Eeod\u202C'), (E'\u200B'), (E'\uFEFF'),
	('NULL'), ('{}'), ('[1,2'), ('null'), ('1970-01-01'), ('-1'), ('1e400'),
	('💣'), (E'e\u0301\u0301\u0301'), ('İ'), ('ß'), ('Tom Baker'),
	('tom@localhost'), ('@'), ('/'), ('a@b/c'), (E'\\'), ('\x00'), ('_'), ('%');

-- Every text parameter of every function is tried with all of these, the others
-- being as they should be. What comes back is an answer or one of our refusals.
CREATE FUNCTION pg_temp.tried(call text, whom text DEFAULT 'tom@localhost')
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	value text;
BEGIN
	FOR value IN SELECT evil.value FROM evil LOOP
		BEGIN
			EXECUTE format('SELECT count(*) FROM api.%s', call) USING value, whom;
		EXCEPTION
			WHEN SQLSTATE 'CL001' OR SQLSTATE 'CL002' OR SQLSTATE 'CL003'
				OR SQLSTATE 'CL004' THEN
				IF length(SQLERRM) > 400 OR SQLERRM ~ E'[\u0001-\u001f\u202a-\u202e]'
				THEN
					RETURN NEXT call || ': ' || SQLERRM;
				END IF;
			WHEN OTHERS THEN
				RETURN NEXT format('%s with %s: %s %s', call, left(value, 40),
					SQLSTATE, SQLERRM);
		END;
	END LOOP;
END $$;

SELECT pg_temp.patient('jane') \g /dev/null
SELECT api.admin_add('admin@localhost', 'tom@localhost') \g /dev/null
SELECT pg_temp.booked('tom', 'ruiz', '2026-12-03 15:20') AS code \gset

-- The actor's address, in every function that has one.
SELECT is_empty($$SELECT tried FROM (SELECT name || '($1' || coalesce((SELECT
		string_agg(', NULL::' || format_type(type, NULL), '' ORDER BY number)
		FROM unnest(proargtypes) WITH ORDINALITY t (type, number)
		WHERE number > 1), '') || ')' AS call
	FROM (SELECT proname AS name, proargtypes FROM pg_proc
		WHERE pronamespace = 'api'::regnamespace
			AND proargnames[1] = 'actor') functions) calls,
	pg_temp.tried(call) tried$$, 'any actor, nothing else given');
SELECT is_empty($$SELECT tried FROM (SELECT name || '($2' || coalesce((SELECT
		string_agg(CASE type WHEN 'text'::regtype THEN ', $1'
			ELSE ', NULL::' || format_type(type, NULL) END, '' ORDER BY number)
		FROM unnest(proargtypes) WITH ORDINALITY t (type, number)
		WHERE number > 1), '') || ')' AS call
	FROM (SELECT proname AS name, proargtypes FROM pg_proc
		WHERE pronamespace = 'api'::regnamespace
			AND proargnames[1] = 'actor') functions) calls,
	unnest(ARRAY['tom@localhost', 'ruiz@localhost', 'jane@localhost',
		'admin@localhost', 'x@localhost']) whom,
	pg_temp.tried(call, whom) tried$$, 'any text, by everybody');
SELECT is_empty(format($$SELECT tried FROM unnest(ARRAY[
	'register(''new@localhost'', $1, ''1990-01-01'', $1, $1)',
	'register(''new@localhost'', $1, ''1990-01-01'', NULL, NULL)',
	'register(''new@localhost'', ''New'', ''1990-01-01'', $1, NULL)',
	'register(''new@localhost'', ''New'', ''1990-01-01'', NULL, $1)',
	'my_set($2, ''name'', $1)', 'my_set($2, ''phone'', $1)',
	'my_set($2, ''email'', $1)', 'my_set($2, ''timezone'', $1)',
	'my_set($2, ''language'', $1)', 'my_set($2, ''birth_date'', $1)',
	'people($2, $1, 10, 0)', 'mentions($2, $1)', 'refused($2, $1)',
	'form_save($2, $1, ''{}'')', 'form_save($2, $1, to_jsonb($1))',
	'move($2, $1, now())', 'slots($2, 1, 1, NULL, NULL, NULL, NULL, NULL, 1, $1)',
	'off_add(''ruiz@localhost'', ''2026-12-24'', ''2026-12-25'', $1)',
	'specialty_add($2, $1)', 'admin_add($2, $1)', 'admin_remove($2, $1)',
	'doctor_add($2, $1, $1, (SELECT min(id) FROM clinic.specialty), 1, $1, 20)',
	'doctor_add($2, ''d@localhost'', $1, (SELECT min(id) FROM clinic.specialty), 1,
		NULL, 20)',
	'configure($1, ''UTC'', ''EUR'', ''en'', ''60'', 10, '''')',
	'configure(''X'', $1, $1, $1, ''60'', 10, '''')',
	'configure(''X'', ''UTC'', ''EUR'', ''en'', $1, 10, '''')',
	'configure(''X'', ''UTC'', ''EUR'', ''en'', ''60'', 10, $1)',
	'deliveries_claim($1, 10, 10)', 'delivery_failed($1, 1, $1)',
	'delivery_bounced($1, $1, $1)', 'cancel($2, ''%s'', $1)'
	]) call, pg_temp.tried(call) tried$$, :'code'), 'any text among good ones');
SELECT is((SELECT count(*)::integer FROM clinic.person WHERE jid = 'tom@localhost'),
	1, 'everybody is still there');
SELECT is_empty($$SELECT * FROM clinic.person WHERE NOT clinic.is_clean(
	coalesce(name, '') || jid)$$, 'and nobody has a strange name');
SELECT is_empty($$SELECT * FROM clinic.audit WHERE NOT clinic.is_clean(
	coalesce(subject, '') || action)$$, 'nor the audit strange lines');

SELECT * FROM finish();
ROLLBACK;
