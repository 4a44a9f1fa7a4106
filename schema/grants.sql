-- grants.sql - the bot may execute the functions of "api", and nothing else.
--
-- The variable "bot" is the role's name; it is made (NOLOGIN) when there is none.

-- Of an extension's functions, which another role may own, nothing can be
-- revoked; a warning for each says so. Nobody reaches them: the schema is closed.
SET LOCAL client_min_messages = error;
SELECT set_config('carelay.bot', :'bot', true) \g /dev/null
DO $$
DECLARE
	bot constant text := current_setting('carelay.bot');
	kind text;
BEGIN
	BEGIN
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = bot) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN', bot);
		END IF;
	EXCEPTION
		WHEN duplicate_object OR unique_violation THEN
			NULL; -- somebody else was faster, for another database
		WHEN insufficient_privilege THEN
			RAISE 'there is no role "%", and "%" may not create it', bot,
				current_user;
	END;
	IF bot = current_user OR (SELECT rolsuper FROM pg_roles WHERE rolname = bot) THEN
		RAISE 'the bot''s role "%" must be neither the owner nor a superuser', bot;
	END IF;
	EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I',
		current_database(), bot);
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), bot);
	EXECUTE format('REVOKE ALL ON SCHEMA clinic, api FROM PUBLIC, %I', bot);
	FOREACH kind IN ARRAY ARRAY['TABLES', 'SEQUENCES', 'ROUTINES'] LOOP
		EXECUTE format('REVOKE ALL ON ALL %s IN SCHEMA clinic, api FROM PUBLIC, %I',
			kind, bot);
	END LOOP;
	EXECUTE format('GRANT USAGE ON SCHEMA api TO %I', bot);
	EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO %I', bot);
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- What is refused quotes what a person wrote: it is for the person, not for the
-- server's log. Only a superuser may say so; the README tells the others.
DO $$
BEGIN
	EXECUTE format('ALTER ROLE %I SET log_min_messages = fatal',
		current_setting('carelay.bot'));
	EXECUTE format('ALTER ROLE %I SET log_min_error_statement = panic',
		current_setting('carelay.bot'));
EXCEPTION
	WHEN insufficient_privilege THEN
		NULL;
END $$;
