-- people.sql - making people and giving them roles.

CREATE FUNCTION clinic.role_give(who bigint, given clinic.role_name)
RETURNS boolean
LANGUAGE sql AS $$
	WITH added AS (INSERT INTO role (person, role) VALUES (who, given)
		ON CONFLICT DO NOTHING RETURNING 1)
	SELECT EXISTS (SELECT FROM added)
$$;
COMMENT ON FUNCTION clinic.role_give(bigint, clinic.role_name) IS
	'Gives a role; whether it is new.';

CREATE FUNCTION clinic.person_at(address text) RETURNS bigint
LANGUAGE plpgsql AS $$
-- The person with a JID, made when there is none yet.
DECLARE
	who bigint;
BEGIN
	SELECT id INTO who FROM person WHERE jid = address;
	IF who IS NULL THEN
		INSERT INTO person (jid) VALUES (address)
		ON CONFLICT (jid) DO UPDATE SET jid = excluded.jid RETURNING id INTO who;
	END IF;
	RETURN who;
END $$;
COMMENT ON FUNCTION clinic.person_at(text) IS
	'The person with a JID, made when there is none yet.';

CREATE FUNCTION clinic.recipient_of(patient bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(guardian, id) FROM person WHERE id = patient);
END $$;
COMMENT ON FUNCTION clinic.recipient_of(bigint) IS
	'Who is told what concerns a patient: they, or their guardian.';

CREATE FUNCTION clinic.dependants(of_guardian bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
	SELECT id FROM person WHERE guardian = of_guardian AND has_role(id, 'patient')
$$;
COMMENT ON FUNCTION clinic.dependants(bigint) IS
	'For whom somebody books besides themselves: not who was removed.';

CREATE FUNCTION clinic.patient_title(which bigint) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT own.name || CASE WHEN guardian.id IS NULL THEN ''
		WHEN own.birth_date > clinic.now() - interval '18 years'
			THEN format(' (child of %s)', guardian.name)
		ELSE format(' (relative of %s)', guardian.name) END
	FROM person own LEFT JOIN person guardian ON guardian.id = own.guardian
	WHERE own.id = which
$$;
COMMENT ON FUNCTION clinic.patient_title(bigint) IS
	'A patient as a doctor is told of them: Leo Doe (child of Jane Doe).';

CREATE FUNCTION clinic.consent_put(who bigint, keep boolean, new_way text,
	new_asked text) RETURNS void
LANGUAGE plpgsql AS $$
-- Somebody said whether their messages may be kept: from now on it is so, and what
-- was said stays on record.
BEGIN
	UPDATE person SET keeps_messages = keep WHERE id = who;
	INSERT INTO consent (person, keeps_messages, way, asked)
	VALUES (who, keep, new_way, left(new_asked, 1000));
	PERFORM audit_put(jid, CASE WHEN new_way = 'told' THEN 'told of keeping'
		WHEN keep THEN 'keep messages' ELSE 'keep no messages' END, NULL)
	FROM person WHERE id = who;
	-- Who was told is known to the bot, which told them.
	PERFORM pg_notify('book', 'person ' || who) WHERE new_way <> 'told';
END $$;
COMMENT ON FUNCTION clinic.consent_put(bigint, boolean, text, text) IS
	'Somebody said whether their messages may be kept.';

CREATE FUNCTION clinic.may_keep(patient bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT clinic.keeps_messages AND coalesce(person.keeps_messages, true)
	FROM clinic, person WHERE person.id = patient
$$;
COMMENT ON FUNCTION clinic.may_keep(bigint) IS
	'Whether what a patient and a doctor write to each other may be kept.';
