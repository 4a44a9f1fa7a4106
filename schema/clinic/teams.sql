-- teams.sql - who may do what in a care team.

CREATE FUNCTION clinic.is_doctor_of(doctor bigint, patient bigint)
RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM appointment
		WHERE appointment.doctor = is_doctor_of.doctor
			AND appointment.patient = is_doctor_of.patient
			AND state IN ('booked', 'arrived', 'fulfilled', 'noshow'))
$$;
COMMENT ON FUNCTION clinic.is_doctor_of(bigint, bigint) IS
	'Whether a doctor has seen a patient, or will.';

CREATE FUNCTION clinic.team_find(of_patient bigint) RETURNS clinic.team
LANGUAGE sql STABLE AS $$
	SELECT * FROM team WHERE patient = of_patient AND closed_at IS NULL
$$;
COMMENT ON FUNCTION clinic.team_find(bigint) IS 'A patient''s team; NULL: none.';

CREATE FUNCTION clinic.is_in_team(who bigint, which bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM team_member
		WHERE team = which AND person = who AND removed_at IS NULL)
$$;
COMMENT ON FUNCTION clinic.is_in_team(bigint, bigint) IS
	'Whether somebody is in a team.';

CREATE FUNCTION clinic.team_may(who clinic.person, of_patient bigint)
RETURNS void
LANGUAGE plpgsql STABLE AS $$
-- Refuses who is neither an admin nor a doctor of the patient or in the team.
BEGIN
	IF has_role(who.id, 'admin') OR (has_role(who.id, 'doctor')
		AND (is_doctor_of(who.id, of_patient)
			OR is_in_team(who.id, (team_find(of_patient)).id)))
	THEN
		RETURN;
	END IF;
	RAISE EXCEPTION 'only a doctor of the patient, or an admin, can do that'
		USING ERRCODE = 'CL002';
END $$;
COMMENT ON FUNCTION clinic.team_may(clinic.person, bigint) IS
	'Refuses who has nothing to do with a patient''s team.';

CREATE FUNCTION clinic.team_join(which clinic.team, who bigint, by bigint)
RETURNS boolean
LANGUAGE plpgsql AS $$
-- Puts somebody into a team; whether they were not in it. They are told, unless it
-- was they who did it.
BEGIN
	INSERT INTO team_member (team, person, added_by) VALUES (which.id, who, by)
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO delivery (recipient, kind, note, reason)
	SELECT who, 'team_added', left(patient_title(which.patient), 500),
		format('xmpp:%s@%s?join', which.room, clinic.chat_service)
	FROM clinic WHERE who IS DISTINCT FROM by;
	RETURN true;
END $$;
COMMENT ON FUNCTION clinic.team_join(clinic.team, bigint, bigint) IS
	'Puts somebody into a team.';

CREATE FUNCTION clinic.team_part(which clinic.team, who bigint, by bigint)
RETURNS boolean
LANGUAGE plpgsql AS $$
-- Takes somebody out of a team; whether they were in it.
BEGIN
	UPDATE team_member SET removed_at = clinic.now()
	WHERE team = which.id AND person = who AND removed_at IS NULL;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO delivery (recipient, kind, note)
	SELECT who, 'team_removed', left(patient_title(which.patient), 500)
	WHERE who IS DISTINCT FROM by;
	RETURN true;
END $$;
COMMENT ON FUNCTION clinic.team_part(clinic.team, bigint, bigint) IS
	'Takes somebody out of a team.';

CREATE FUNCTION clinic.team_said_to(who bigint)
RETURNS TABLE (team bigint, id bigint, at timestamptz, is_own boolean, name text,
	body text, team_name text)
LANGUAGE sql STABLE AS $$
	SELECT team.id, said.id, said.at, coalesce(said.sender = who, false),
		coalesce(doctor_title(person.name), 'somebody who is not here any more'),
		said.body, patient_title(team.patient)
	FROM team_member JOIN team ON team.id = team_member.team AND closed_at IS NULL
		JOIN team_message said ON said.team = team.id
		LEFT JOIN person ON person.id = said.sender
	WHERE team_member.person = who AND removed_at IS NULL
$$;
COMMENT ON FUNCTION clinic.team_said_to(bigint) IS
	'What was said in the rooms of the teams that somebody is in.';
