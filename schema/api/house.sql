-- house.sql - the clinic as a whole: its version, settings and clock.

CREATE FUNCTION api.version() RETURNS TABLE (version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The number of the last migration that was applied.
BEGIN
	RETURN QUERY SELECT max(migration.number) FROM migration;
END $$;
COMMENT ON FUNCTION api.version() IS
	'The number of the last migration that was applied.';

CREATE FUNCTION api.configure(name text, zone text, currency text, language text,
	reminders text, horizon_days integer, admins text,
	quiet_hours text DEFAULT NULL, hold_minutes integer DEFAULT NULL,
	missed_limit integer DEFAULT NULL, offer_minutes integer DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Stores the clinic's settings and makes the people named its admins. Quiet hours
-- are '21:00-08:00', or '' for none; NULL leaves a setting as it is.
#variable_conflict use_column
DECLARE
	new_zone text := read_zone(configure.zone);
	was clinic := (SELECT clinic FROM clinic);
	made clinic;
	quiet text[] := regexp_match(configure.quiet_hours,
		'^\s*(?:([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}))?\s*$');
	admin text;
BEGIN
	IF new_zone IS NULL THEN
		RAISE EXCEPTION 'the clinic needs a time zone, like "Europe/Madrid"'
			USING ERRCODE = 'CL001';
	ELSIF configure.reminders !~ '^\s*([0-9]{1,6}(\s+[0-9]{1,6}){0,9})?\s*$' THEN
		RAISE EXCEPTION 'reminders are minutes, like "1440 60", unlike %',
			quoted(configure.reminders) USING ERRCODE = 'CL001';
	ELSIF configure.horizon_days NOT BETWEEN 1 AND 730 THEN
		RAISE EXCEPTION 'the horizon is 1 to 730 days, unlike "%"',
			configure.horizon_days USING ERRCODE = 'CL001';
	ELSIF configure.quiet_hours IS NOT NULL AND (quiet IS NULL
		OR greatest(quiet[1], quiet[2]) > '23:59' OR quiet[1] = quiet[2]
		OR greatest(substr(quiet[1], 4), substr(quiet[2], 4)) > '59')
	THEN
		RAISE EXCEPTION 'quiet hours are like "21:00-08:00", unlike %',
			quoted(configure.quiet_hours) USING ERRCODE = 'CL001';
	ELSIF configure.hold_minutes NOT BETWEEN 1 AND 60 THEN
		RAISE EXCEPTION 'a time is held for 1 to 60 minutes, unlike "%"',
			configure.hold_minutes USING ERRCODE = 'CL001';
	ELSIF configure.missed_limit NOT BETWEEN 0 AND 100 THEN
		RAISE EXCEPTION 'the limit of missed visits is 0 to 100, unlike "%"',
			configure.missed_limit USING ERRCODE = 'CL001';
	ELSIF configure.offer_minutes NOT BETWEEN 5 AND 1440 THEN
		RAISE EXCEPTION 'an offer stands for 5 to 1440 minutes, unlike "%"',
			configure.offer_minutes USING ERRCODE = 'CL001';
	END IF;
	UPDATE clinic SET
		name = read_name(configure.name, 'the clinic''s name'),
		zone = new_zone,
		currency = coalesce(read_currency(configure.currency), clinic.currency),
		language = coalesce(read_language(configure.language), clinic.language),
		reminders = coalesce((SELECT array_agg(DISTINCT minutes::integer
				ORDER BY minutes::integer DESC)
			FROM regexp_split_to_table(btrim(configure.reminders), '\s+') minutes
			WHERE minutes ~ '[1-9]'), '{}'),
		horizon_days = coalesce(configure.horizon_days, clinic.horizon_days),
		quiet_from = CASE WHEN quiet IS NULL THEN clinic.quiet_from
			ELSE quiet[1]::time END,
		quiet_to = CASE WHEN quiet IS NULL THEN clinic.quiet_to
			ELSE quiet[2]::time END,
		hold_minutes = coalesce(configure.hold_minutes, clinic.hold_minutes),
		missed_limit = coalesce(configure.missed_limit, clinic.missed_limit),
		offer_minutes = coalesce(configure.offer_minutes, clinic.offer_minutes)
	RETURNING * INTO made;
	IF (made.reminders, made.zone, made.quiet_from, made.quiet_to)
		IS DISTINCT FROM (was.reminders, was.zone, was.quiet_from, was.quiet_to)
	THEN
		PERFORM reminders_rewrite_later();
	END IF;
	IF made.zone <> was.zone THEN
		-- Hours in the clinic's zone are to be expanded anew.
		UPDATE doctor SET openings_through = NULL,
			rules_version = rules_version + 1 WHERE zone IS NULL;
	END IF;
	FOR admin IN SELECT DISTINCT read_jid(word)
		FROM regexp_split_to_table(btrim(configure.admins), '\s+') word
		WHERE word <> '' ORDER BY 1
	LOOP
		PERFORM role_give(person_at(admin), 'admin');
	END LOOP;
END $$;
COMMENT ON FUNCTION
	api.configure(text, text, text, text, text, integer, text, text, integer,
		integer, integer) IS
	'Stores the clinic''s settings; the JIDs named become admins.';

CREATE FUNCTION api.clock() RETURNS TABLE (now_at text, offset_ms bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What the clinic takes for now, and how far that is from the real time.
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT instant_text(clinic.now()), clock.offset_ms FROM clock;
END $$;
COMMENT ON FUNCTION api.clock() IS
	'The clinic''s now, and how far it is from the real one.';
