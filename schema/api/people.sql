-- people.sql - a person's own data, and the list of everybody for admins.

CREATE FUNCTION api.register(actor text, new_name text, new_birth_date date,
	new_phone text, new_email text, keep boolean DEFAULT NULL,
	asked text DEFAULT NULL) RETURNS TABLE (person bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Makes somebody a patient. keep: what they said to keeping their messages, asked in
-- these words; NULL: they were not asked. The same once more changes nothing; who is
-- a patient already under another name or date is refused (CL004).
#variable_conflict use_column
DECLARE
	read_as person;
	who person;
BEGIN
	read_as.name := read_name(new_name);
	read_as.birth_date := read_birth_date(new_birth_date);
	read_as.phone := read_phone(new_phone);
	read_as.email := read_email(new_email);
	who.id := person_at(read_jid(actor));
	PERFORM patient_lock(who.id);
	SELECT * INTO who FROM person WHERE id = who.id;
	IF has_role(who.id, 'doctor') THEN
		read_as.name := read_doctor_name(new_name);
	END IF;
	IF role_give(who.id, 'patient') THEN
		UPDATE person SET name = read_as.name, birth_date = read_as.birth_date,
			phone = coalesce(read_as.phone, phone),
			email = coalesce(read_as.email, email),
			registered_at = clinic.now()
		WHERE id = who.id;
		PERFORM audit_put(actor, 'register', NULL);
		PERFORM consent_put(who.id, keep, 'registration', asked)
		WHERE keep IS NOT NULL;
	ELSIF who.name <> read_as.name OR who.birth_date <> read_as.birth_date THEN
		RAISE EXCEPTION 'you are registered already' USING ERRCODE = 'CL004';
	END IF;
	RETURN QUERY SELECT who.id, read_as.name;
END $$;
COMMENT ON FUNCTION
	api.register(text, text, date, text, text, boolean, text) IS
	'Makes somebody a patient.';

CREATE FUNCTION api.my(actor text)
RETURNS TABLE (name text, birth_date date, phone text, email text, zone text,
	is_clinic_zone boolean, language text, registered date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What the clinic knows about who asks; nothing (CL002) about a stranger.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	RETURN QUERY SELECT who.name, who.birth_date, who.phone, who.email, who.zone,
		who.zone = clinic.zone, coalesce(who.language, clinic.language),
		(who.registered_at AT TIME ZONE who.zone)::date
	FROM clinic;
END $$;
COMMENT ON FUNCTION api.my(text) IS 'What the clinic knows about who asks.';

CREATE FUNCTION api.my_set(actor text, what text, new_value text)
RETURNS TABLE (value text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Changes one thing of a person's own data and returns it as it is stored. NULL
-- clears phone, email, timezone and language.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	stored text;
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	CASE what
	WHEN 'name' THEN
		UPDATE person SET name = CASE WHEN has_role(id, 'doctor')
			THEN read_doctor_name(new_value) ELSE read_name(new_value) END
		WHERE id = who.id RETURNING name INTO stored;
	WHEN 'birth_date' THEN
		IF new_value !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
			OR NOT is_date(new_value)
		THEN
			RAISE EXCEPTION 'a date looks like "1990-04-23", unlike %',
				quoted(new_value) USING ERRCODE = 'CL001';
		END IF;
		UPDATE person SET birth_date = read_birth_date(new_value::date)
		WHERE id = who.id RETURNING birth_date::text INTO stored;
	WHEN 'phone' THEN
		UPDATE person SET phone = read_phone(new_value)
		WHERE id = who.id RETURNING phone INTO stored;
	WHEN 'email' THEN
		UPDATE person SET email = read_email(new_value)
		WHERE id = who.id RETURNING email INTO stored;
	WHEN 'timezone' THEN
		UPDATE person SET zone = read_zone(new_value)
		WHERE id = who.id RETURNING zone INTO stored;
		PERFORM reminders_rewrite(who.id); -- nights are at other times now
	WHEN 'language' THEN
		UPDATE person SET language = read_language(new_value)
		WHERE id = who.id RETURNING language INTO stored;
	ELSE
		RAISE EXCEPTION 'there is nothing called % to change', quoted(what)
			USING ERRCODE = 'CL001';
	END CASE;
	PERFORM audit_put(actor, 'set ' || what, NULL);
	RETURN QUERY SELECT stored;
END $$;
COMMENT ON FUNCTION api.my_set(text, text, text) IS
	'Changes one thing of a person''s own data.';

CREATE FUNCTION api.people(actor text, query text, most integer, skip integer)
RETURNS TABLE (person bigint, name text, jid text, roles text, birth_date date,
	phone text, email text, next_starts text, missed integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Everybody whose name, JID or phone contains the words asked for, by name. For
-- admins.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	at_now timestamptz := clinic.now();
	words text := btrim(plain(coalesce(left(query, 200), '')));
	digits text := regexp_replace(coalesce(left(query, 200), ''), '[^0-9]', '', 'g');
	pattern text := '%' || regexp_replace(
		regexp_replace(words, '([\\%_])', '\\\1', 'g'), '\s+', '%', 'g') || '%';
BEGIN
	RETURN QUERY WITH page AS (
		SELECT * FROM person
		WHERE words = '' OR search LIKE pattern
			OR (length(digits) >= 5 AND search LIKE '%' || digits || '%')
		ORDER BY person.name COLLATE "und-x-icu", id
		LIMIT least(coalesce(most, 20), 200) OFFSET greatest(coalesce(skip, 0), 0))
	SELECT page.id, page.name, page.jid, roles_text(page.id), page.birth_date,
		page.phone, page.email,
		(SELECT local_text(lower(during), who.zone) FROM appointment
			WHERE patient = page.id AND during && tstzrange(at_now, NULL)
				AND is_planned
			ORDER BY during LIMIT 1), missed_count(page.id)
	FROM page ORDER BY page.name COLLATE "und-x-icu", page.id;
END $$;
COMMENT ON FUNCTION api.people(text, text, integer, integer) IS
	'People by part of their name, JID or phone, for admins.';
