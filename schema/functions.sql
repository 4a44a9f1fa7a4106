-- functions.sql - makes room for the functions, which are created anew.
--
-- The schema api goes as a whole. Of the private functions everything goes that
-- no table, trigger or extension needs.

DROP SCHEMA IF EXISTS api CASCADE;
CREATE SCHEMA api;
COMMENT ON SCHEMA api IS 'What the bot may call: one function for each operation.';
COMMENT ON SCHEMA clinic IS 'The clinic: tables, and functions that are private.';

DO $$
DECLARE
	gone text;
BEGIN
	FOR gone IN SELECT oid::regprocedure FROM pg_proc
		WHERE pronamespace = 'clinic'::regnamespace
			AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
				AND objid = pg_proc.oid AND deptype = 'e')
			AND NOT EXISTS (SELECT FROM pg_depend
				WHERE refclassid = 'pg_proc'::regclass AND refobjid = pg_proc.oid)
	LOOP
		EXECUTE 'DROP FUNCTION ' || gone;
	END LOOP;
END $$;

-- Bodies name functions that come later.
SET LOCAL check_function_bodies = off;
SET LOCAL search_path = clinic, pg_temp;
