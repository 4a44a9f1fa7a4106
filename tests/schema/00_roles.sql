-- 00_roles.sql - the bot may execute the functions of "api", and nothing else.
\ir helper.sql
SELECT plan(16);

SELECT is_empty($$
	SELECT c.oid::regclass FROM pg_class c
	WHERE c.relnamespace NOT IN
			('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
		AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
		AND c.relnamespace <> 'tap'::regnamespace AND c.relpersistence <> 't'
		AND has_table_privilege('carelay_bot', c.oid,
			'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
	$$, 'the bot has no privilege on any table');
SELECT is_empty($$
	SELECT c.oid::regclass FROM pg_class c
	WHERE c.relpersistence <> 't' AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('carelay_bot',
		c.oid, 'USAGE, SELECT, UPDATE') END
	$$, 'nor on any sequence');
SELECT is_empty($$
	SELECT a.attrelid::regclass, a.attname FROM pg_attribute a
	WHERE a.attacl::text LIKE '%carelay_bot%'
	$$, 'nor on any column');
SELECT results_eq($$
	SELECT nspname FROM pg_namespace
	WHERE has_schema_privilege('carelay_bot', oid, 'USAGE')
		AND nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'tap')
		AND nspname !~ '^pg_(toast|temp)'
	$$, $$VALUES ('api'::name)$$, 'it may use the schema api alone');
SELECT is_empty($$
	SELECT nspname FROM pg_namespace
	WHERE has_schema_privilege('carelay_bot', oid, 'CREATE')
	$$, 'and create nothing in any');
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc p
	WHERE has_function_privilege('carelay_bot', p.oid, 'EXECUTE')
		AND has_schema_privilege('carelay_bot', p.pronamespace, 'USAGE')
		AND p.pronamespace NOT IN ('api'::regnamespace, 'tap'::regnamespace,
			'pg_catalog'::regnamespace, 'information_schema'::regnamespace,
			pg_my_temp_schema())
	$$, 'it may execute no function outside api');
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.pronamespace = 'clinic'::regnamespace
		AND p.proowner = 'owner'::regrole
		AND has_function_privilege('carelay_bot', p.oid, 'EXECUTE')
	$$, 'none of ours in clinic even if it could reach them');
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.pronamespace = 'api'::regnamespace
		AND NOT has_function_privilege('carelay_bot', p.oid, 'EXECUTE')
	$$, 'it may execute everything in api');
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc p, aclexplode(p.proacl) acl
	WHERE p.pronamespace = 'api'::regnamespace AND acl.grantee = 0
	$$, 'which PUBLIC may not');
SELECT is_empty($$
	SELECT p.oid::regprocedure FROM pg_proc p
	WHERE p.pronamespace = 'api'::regnamespace AND NOT (p.prosecdef
		AND 'search_path=clinic, pg_temp' = ANY (p.proconfig))
	$$, 'every one runs as the owner with a fixed search_path');
SELECT ok(NOT has_database_privilege('carelay_bot', 'clinic', 'TEMP, CREATE'),
	'it may not even make a temporary table');

CREATE FUNCTION pg_temp.as_bot(query text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE carelay_bot;
	EXECUTE query;
	RESET ROLE;
END $$;
PREPARE as_bot (text) AS SELECT pg_temp.as_bot($1);
SELECT throws_ok($$EXECUTE as_bot('SELECT * FROM clinic.person')$$, '42501',
	NULL, 'a table is closed to it');
SELECT throws_ok($$EXECUTE as_bot('SELECT clinic.now()')$$, '42501',
	NULL, 'so is a private function');
SELECT throws_ok($$EXECUTE as_bot('UPDATE clinic.clock SET offset_ms = 1')$$,
	'42501', NULL, 'it cannot move the clock');
SELECT throws_ok($$EXECUTE as_bot('CREATE TEMP TABLE x ()')$$, '42501',
	NULL, 'it cannot put a table in the way');
SELECT lives_ok($$EXECUTE as_bot('SELECT api.hear(''tom@localhost'', '''')')$$,
	'it can hear');

SELECT * FROM finish();
ROLLBACK;
