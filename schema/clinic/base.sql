-- base.sql - times, names and checks that the other functions share.
--
-- Everything in schema/clinic is private and re-created at every migration.
-- These functions run inside an api function and with its search_path. Those that
-- look into a table are plpgsql, which keeps its plans; sql is for what becomes a
-- part of the query that calls it: else each call is planned anew.

CREATE FUNCTION clinic.instant(local timestamp, zone text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
-- The instant of a local time. One that does not exist moves forward by the
-- gap; one that exists twice means the first (PostgreSQL takes the second).
DECLARE
	late timestamptz := local AT TIME ZONE zone;
	day_before timestamptz := late - interval '1 day';
	early timestamptz;
BEGIN
	IF NOT isfinite(local) THEN
		RETURN late;
	END IF;
	-- With the offset of the day before: the same unless the clocks changed.
	early := (local - (day_before AT TIME ZONE zone
		- day_before AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC';
	RETURN CASE WHEN early < late AND early AT TIME ZONE zone = local
		THEN early ELSE late END;
END $$;
COMMENT ON FUNCTION clinic.instant(timestamp, text) IS
	'The instant of a local time: past the gap, the first of two.';

CREATE FUNCTION clinic.local_text(instant timestamptz, zone text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT to_char(instant AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI')
$$;
COMMENT ON FUNCTION clinic.local_text(timestamptz, text) IS
	'An instant as people read it: 2026-12-03 15:20, in their zone.';

CREATE FUNCTION clinic.instant_text(instant timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
COMMENT ON FUNCTION clinic.instant_text(timestamptz) IS
	'An instant as programs read it: 2026-12-03T14:20:00Z.';

CREATE FUNCTION clinic.time_text(value time) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN value = '24:00' THEN '24:00'
		ELSE to_char(value, 'HH24:MI') END
$$;
COMMENT ON FUNCTION clinic.time_text(time) IS 'A time of day: 09:00, or 24:00.';

CREATE FUNCTION clinic.fee_text(fee numeric) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN fee = trunc(fee) THEN trunc(fee)::bigint::text
		ELSE to_char(fee, 'FM999999999990.00') END
$$;
COMMENT ON FUNCTION clinic.fee_text(numeric) IS 'A fee: 40, or 40.50.';

CREATE FUNCTION clinic.doctor_title(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 'Dr. ' || name $$;
COMMENT ON FUNCTION clinic.doctor_title(text) IS 'Dr. Ana Ruiz.';

CREATE FUNCTION clinic.doctor_short(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT 'Dr. ' || regexp_replace(name, '^.* ', '')
$$;
COMMENT ON FUNCTION clinic.doctor_short(text) IS 'Dr. Ruiz.';

CREATE FUNCTION clinic.cleaned(value text, most integer) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT nullif(btrim(left(btrim(regexp_replace(value,
		'[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e'
		|| '\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f[:space:]]+',
		' ', 'g')), most)), '')
$$;
COMMENT ON FUNCTION clinic.cleaned(text, integer) IS
	'What is left of a text when it must be one harmless line; NULL when nothing.';

CREATE FUNCTION clinic.quoted(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT '"' || CASE WHEN length(shown) > 60 THEN left(shown, 57) || '...'
		ELSE shown END || '"'
	FROM (SELECT coalesce(clinic.cleaned(value, 61), '') AS shown) line
$$;
COMMENT ON FUNCTION clinic.quoted(text) IS
	'A value in a message: in quotes, harmless, not longer than a line.';

-- Who asks ---------------------------------------------------------------------

CREATE FUNCTION clinic.asker(actor text, needed clinic.role_name DEFAULT NULL)
RETURNS clinic.person
LANGUAGE plpgsql STABLE AS $$
-- The person who acts, with the zone that they see times in. A stranger has no
-- id. Refuses (CL002) who does not have the role that is needed.
DECLARE
	who clinic.person;
BEGIN
	SELECT * INTO who FROM person WHERE jid = actor;
	who.zone := coalesce(who.zone, (SELECT zone FROM clinic));
	IF needed IS NULL OR EXISTS (SELECT FROM role
		WHERE role.person = who.id AND role.role = needed)
	THEN
		RETURN who;
	END IF;
	RAISE EXCEPTION '%', CASE needed
		WHEN 'patient' THEN 'please register first: write "register"'
		WHEN 'doctor' THEN 'only a doctor can do that'
		ELSE 'only an administrator can do that' END
		USING ERRCODE = 'CL002';
END $$;
COMMENT ON FUNCTION clinic.asker(text, clinic.role_name) IS
	'The person who acts, refused without the role that is needed.';

CREATE FUNCTION clinic.has_role(who bigint, wanted clinic.role_name)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM role
		WHERE role.person = who AND role.role = wanted);
END $$;
COMMENT ON FUNCTION clinic.has_role(bigint, clinic.role_name) IS
	'Whether a person has a role.';

CREATE FUNCTION clinic.roles_text(who bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT string_agg(role.role::text, ' ' ORDER BY role.role)
		FROM role WHERE role.person = who), '');
END $$;
COMMENT ON FUNCTION clinic.roles_text(bigint) IS
	'A person''s roles, separated by spaces.';

CREATE FUNCTION clinic.audit_put(actor text, action text, subject text)
RETURNS void
LANGUAGE sql AS $$
	INSERT INTO audit (jid, action, subject)
	VALUES (left(actor, 2047), left(action, 100), left(subject, 2047))
$$;
COMMENT ON FUNCTION clinic.audit_put(text, text, text) IS
	'Remembers that somebody did, or was refused, something.';

CREATE FUNCTION clinic.pattern_of(words text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT '%' || regexp_replace(regexp_replace(btrim(plain(left(words, 200))),
		'([\\%_])', '\\\1', 'g'), '\s+', '%', 'g') || '%'
$$;
COMMENT ON FUNCTION clinic.pattern_of(text) IS
	'A LIKE pattern for plain text with these words in it, in order.';

-- Reading what people typed: the value as it is stored, or CL001 -----------------

CREATE FUNCTION clinic.read_name(value text, what text DEFAULT 'a name')
RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := btrim(regexp_replace(normalize(coalesce(value, ''), NFC),
		'[[:blank:]]+', ' ', 'g'));
BEGIN
	IF NOT is_clean(cleaned) THEN
		RAISE EXCEPTION '% may not have control characters in it', what
			USING ERRCODE = 'CL001';
	ELSIF length(cleaned) NOT BETWEEN 1 AND 100 THEN
		RAISE EXCEPTION '% has 1 to 100 characters', what
			USING ERRCODE = 'CL001';
	ELSIF cleaned COLLATE "und-x-icu" !~ '[[:alpha:]]' THEN
		RAISE EXCEPTION '% has a letter in it, unlike %', what, quoted(value)
			USING ERRCODE = 'CL001';
	END IF;
	RETURN cleaned;
END $$;
COMMENT ON FUNCTION clinic.read_name(text, text) IS
	'A name: trimmed, one line, with a letter.';

CREATE FUNCTION clinic.read_doctor_name(value text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT read_name(regexp_replace(btrim(value),
		'^(dr|dra|doctor|doctora)(\.\s*|\s+)', '', 'i'), 'a doctor''s name')
$$;
COMMENT ON FUNCTION clinic.read_doctor_name(text) IS
	'A doctor''s name, without a typed "Dr.".';

CREATE FUNCTION clinic.read_birth_date(value date) RETURNS date
LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF value IS NULL THEN
		RAISE EXCEPTION 'a date of birth is needed' USING ERRCODE = 'CL001';
	ELSIF value > clinic.now()::date THEN
		RAISE EXCEPTION 'a date of birth is not in the future, like "%"', value
			USING ERRCODE = 'CL001';
	ELSIF value < '1880-01-01' THEN
		RAISE EXCEPTION 'a date of birth is after 1880, unlike "%"', value
			USING ERRCODE = 'CL001';
	END IF;
	RETURN value;
END $$;
COMMENT ON FUNCTION clinic.read_birth_date(date) IS
	'A date of birth: not in the future, not too long ago.';

CREATE FUNCTION clinic.read_phone(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := nullif(btrim(regexp_replace(value, '\s+', ' ', 'g')), '');
BEGIN
	IF cleaned !~ '^[+(]?[0-9][0-9 ()./-]{3,28}[0-9]$'
		OR length(regexp_replace(cleaned, '[^0-9]', '', 'g')) NOT BETWEEN 5 AND 15
	THEN
		RAISE EXCEPTION 'a phone number looks like "+34 600 123 456", unlike %',
			quoted(value) USING ERRCODE = 'CL001';
	END IF;
	RETURN replace(replace(cleaned, '(', ''), ')', '');
END $$;
COMMENT ON FUNCTION clinic.read_phone(text) IS
	'A phone number: 5 to 15 digits. Empty is NULL.';

CREATE FUNCTION clinic.read_email(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := nullif(btrim(value), '');
BEGIN
	IF cleaned IS NOT NULL AND NOT (is_line(cleaned, 254)
		AND cleaned ~ '^[^@[:space:]<>"]+@[^@[:space:]<>"]+\.[^@[:space:]<>".]+$')
	THEN
		RAISE EXCEPTION 'an e-mail address looks like "jane@example.org", unlike %',
			quoted(value) USING ERRCODE = 'CL001';
	END IF;
	RETURN cleaned;
END $$;
COMMENT ON FUNCTION clinic.read_email(text) IS
	'An e-mail address. Empty is NULL.';

CREATE FUNCTION clinic.read_jid(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := lower(btrim(value));
BEGIN
	IF cleaned IS NULL OR NOT (is_line(cleaned, 2047) AND cleaned ~
		'^([^@/[:space:]"&''<>]+@)?[^@/[:space:]"&''<>]+$')
	THEN
		RAISE EXCEPTION 'a Jabber address looks like "ana@example.org", unlike %',
			quoted(value) USING ERRCODE = 'CL001';
	END IF;
	RETURN cleaned;
END $$;
COMMENT ON FUNCTION clinic.read_jid(text) IS 'A bare Jabber address.';

CREATE FUNCTION clinic.read_currency(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := upper(btrim(value));
BEGIN
	IF cleaned !~ '^[A-Z]{3}$' THEN
		RAISE EXCEPTION 'a currency has three letters, like "EUR", unlike %',
			quoted(value) USING ERRCODE = 'CL001';
	END IF;
	RETURN cleaned;
END $$;
COMMENT ON FUNCTION clinic.read_currency(text) IS 'A currency: EUR. NULL is NULL.';

CREATE FUNCTION clinic.read_language(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
	cleaned text := nullif(btrim(value), '');
BEGIN
	IF cleaned !~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$' OR length(cleaned) > 35 THEN
		RAISE EXCEPTION 'a language is a code like "en" or "pt-BR", unlike %',
			quoted(value) USING ERRCODE = 'CL001';
	END IF;
	RETURN cleaned;
END $$;
COMMENT ON FUNCTION clinic.read_language(text) IS
	'A language''s code. Empty is NULL.';

CREATE FUNCTION clinic.read_zone(value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
-- A time zone by its name or its last part, in any case. Empty is NULL.
DECLARE
	typed text := lower(regexp_replace(btrim(value), '[[:space:]_]+', ' ', 'g'));
	found text[];
BEGIN
	IF coalesce(typed, '') = '' THEN
		RETURN NULL;
	END IF;
	SELECT array_agg(zone.name) INTO found FROM zone
	WHERE zone.plain = regexp_replace(typed, ' */ *', '/', 'g');
	IF found IS NULL THEN
		SELECT array_agg(zone.name ORDER BY zone.name) INTO found
		FROM zone WHERE zone.city = plain(typed);
	END IF;
	IF cardinality(found) = 1 THEN
		RETURN found[1];
	ELSIF cardinality(found) > 1 THEN
		RAISE EXCEPTION 'there are several such time zones: write "%"',
			array_to_string(found[1:4], '" or "') USING ERRCODE = 'CL001';
	END IF;
	SELECT array_agg(near.name) INTO found FROM (SELECT zone.name FROM zone
		WHERE zone.name LIKE '%/%'
		ORDER BY greatest(similarity(zone.plain, plain(typed)),
			similarity(zone.city, plain(typed))) DESC, zone.name
		LIMIT 1) near;
	RAISE EXCEPTION 'there is no time zone %: did you mean "%"? A city works, '
		'like "Europe/Madrid"', quoted(value), found[1] USING ERRCODE = 'CL001';
END $$;
COMMENT ON FUNCTION clinic.read_zone(text) IS
	'A time zone''s name from what was typed: america/bogota, new york, bogota.';

CREATE FUNCTION clinic.read_code(value text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT translate(upper(btrim(value)), 'O0I1', 'QQLL')
$$;
COMMENT ON FUNCTION clinic.read_code(text) IS
	'A visit''s code as it is stored: O and 0, I and 1 are in no code.';

CREATE FUNCTION clinic.is_date(value text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN value::date IS NOT NULL;
EXCEPTION WHEN data_exception THEN
	RETURN false;
END $$;
COMMENT ON FUNCTION clinic.is_date(text) IS 'Whether a text is a day that exists.';

CREATE FUNCTION clinic.read_closed(from_local timestamp, to_local timestamp,
	in_zone text, what text) RETURNS tstzrange
LANGUAGE plpgsql STABLE AS $$
-- When somebody does not work, or nobody does; refused when it is over or too far.
DECLARE
	starts_at timestamptz := instant(from_local, in_zone);
	ends_at timestamptz := instant(to_local, in_zone);
BEGIN
	IF starts_at IS NULL OR ends_at IS NULL OR NOT isfinite(starts_at)
		OR NOT isfinite(ends_at) OR starts_at >= ends_at
	THEN
		RAISE EXCEPTION '% begins before it ends', what USING ERRCODE = 'CL001';
	ELSIF ends_at <= clinic.now() THEN
		RAISE EXCEPTION 'that time is over' USING ERRCODE = 'CL001';
	ELSIF ends_at > clinic.now() + interval '5 years' THEN
		RAISE EXCEPTION '% is within the next five years', what
			USING ERRCODE = 'CL001';
	END IF;
	RETURN tstzrange(starts_at, ends_at);
END $$;
COMMENT ON FUNCTION clinic.read_closed(timestamp, timestamp, text, text) IS
	'The time of a holiday or of time off, as it is stored, or CL001.';
