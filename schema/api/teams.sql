-- teams.sql - care teams: made, joined, left, closed; and their rooms.

CREATE FUNCTION api.teams_configure(service text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- Where rooms are made; empty: nowhere.
	UPDATE clinic SET chat_service = coalesce(service, '')
	WHERE chat_service IS DISTINCT FROM coalesce(service, '')
$$;
COMMENT ON FUNCTION api.teams_configure(text) IS 'Where teams'' rooms are made.';

CREATE FUNCTION api.team_patients(actor text, words text)
RETURNS TABLE (person bigint, name text, birth_date date, has_team boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The patients whose team somebody may see or make, by words of their name: a
-- doctor's own and those of her teams; all of them for an admin, who must say a
-- word of the name.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	is_admin boolean := has_role(who.id, 'admin');
	sought text[] := string_to_array(nullif(btrim(plain(left(words, 200))), ''),
		' ');
BEGIN
	IF NOT is_admin THEN
		who := asker(actor, 'doctor');
	END IF;
	RETURN QUERY SELECT person.id, patient_title(person.id), person.birth_date,
		team.id IS NOT NULL
	FROM person LEFT JOIN team ON team.patient = person.id AND closed_at IS NULL
	WHERE person.id IN (
			SELECT patient FROM appointment WHERE appointment.doctor = who.id
				AND state IN ('booked', 'arrived', 'fulfilled', 'noshow')
			UNION SELECT team.patient FROM team_member
				JOIN team ON team.id = team_member.team AND closed_at IS NULL
			WHERE team_member.person = who.id AND removed_at IS NULL
			UNION SELECT role.person FROM role
			WHERE role.role = 'patient' AND is_admin AND sought IS NOT NULL
			UNION SELECT team.patient FROM team WHERE closed_at IS NULL AND is_admin)
		AND (sought IS NULL OR NOT EXISTS (SELECT FROM unnest(sought) word
			WHERE position(word IN plain(person.name)) = 0))
	ORDER BY person.name COLLATE "und-x-icu", person.id
	LIMIT 60;
END $$;
COMMENT ON FUNCTION api.team_patients(text, text) IS
	'The patients whose team somebody may see or make.';

CREATE FUNCTION api.team_add(actor text, of_patient bigint, doctor bigint)
RETURNS TABLE (patient_name text, doctor_name text, room text, is_new boolean,
	is_new_team boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Puts a doctor into a patient's team, which is made when there is none: with the
-- doctor who asks in it.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	its team;
	was_made boolean := false;
	was_added boolean;
BEGIN
	PERFORM team_may(who, of_patient);
	IF (SELECT chat_service FROM clinic) = '' THEN
		RAISE EXCEPTION 'this clinic has no rooms for teams yet, please ask whoever '
			'runs the bot' USING ERRCODE = 'CL003';
	ELSIF NOT EXISTS (SELECT FROM doctor WHERE doctor.person = team_add.doctor
		AND is_active)
	THEN
		RAISE EXCEPTION 'only doctors of this clinic can be in a team'
			USING ERRCODE = 'CL003';
	END IF;
	INSERT INTO team (patient, created_by) VALUES (of_patient, who.id)
	ON CONFLICT (patient) WHERE closed_at IS NULL DO NOTHING RETURNING * INTO its;
	IF its.id IS NOT NULL THEN
		was_made := true;
		IF has_role(who.id, 'doctor') THEN
			PERFORM team_join(its, who.id, who.id);
		END IF;
		PERFORM audit_put(actor, 'team made', of_patient::text);
	ELSE
		SELECT * INTO its FROM team_find(of_patient) FOR UPDATE;
	END IF;
	was_added := team_join(its, team_add.doctor, who.id)
		OR (was_made AND team_add.doctor = who.id);
	IF was_added THEN
		PERFORM audit_put(actor, 'team joined',
			format('%s %s', of_patient, team_add.doctor));
	END IF;
	RETURN QUERY SELECT patient_title(of_patient), doctor_title(person.name),
		its.room || '@' || clinic.chat_service, was_added, was_made
	FROM clinic, person WHERE person.id = team_add.doctor;
END $$;
COMMENT ON FUNCTION api.team_add(text, bigint, bigint) IS
	'Puts a doctor into a patient''s team, which is made when there is none.';

CREATE FUNCTION api.team_remove(actor text, of_patient bigint, doctor bigint)
RETURNS TABLE (patient_name text, doctor_name text, is_closed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a doctor (NULL: who asks) out of a patient's team. When nobody is left, the
-- team is closed.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	gone bigint := coalesce(team_remove.doctor, who.id);
	its team := team_find(of_patient);
	is_over boolean;
BEGIN
	IF gone IS DISTINCT FROM who.id OR its.id IS NULL THEN
		PERFORM team_may(who, of_patient);
	END IF;
	IF its.id IS NULL OR NOT team_part(its, gone, who.id) THEN
		RAISE EXCEPTION '%', CASE WHEN gone = who.id
			THEN 'you are not in that team'
			ELSE 'that doctor is not in the team' END USING ERRCODE = 'CL003';
	END IF;
	is_over := NOT EXISTS (SELECT FROM team_member
		WHERE team = its.id AND removed_at IS NULL);
	UPDATE team SET closed_at = clinic.now() WHERE id = its.id AND is_over;
	PERFORM audit_put(actor, 'team left', format('%s %s', of_patient, gone));
	RETURN QUERY SELECT patient_title(of_patient), doctor_title(person.name), is_over
	FROM person WHERE person.id = gone;
END $$;
COMMENT ON FUNCTION api.team_remove(text, bigint, bigint) IS
	'Takes a doctor out of a patient''s team.';

CREATE FUNCTION api.team_close(actor text, of_patient bigint)
RETURNS TABLE (patient_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Closes a patient's team and its room. What was said stays on record.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	its team := team_find(of_patient);
BEGIN
	PERFORM team_may(who, of_patient);
	IF its.id IS NULL THEN
		RAISE EXCEPTION '% has no team', patient_title(of_patient)
			USING ERRCODE = 'CL003';
	END IF;
	PERFORM team_part(its, person, who.id) FROM team_member
	WHERE team = its.id AND removed_at IS NULL;
	UPDATE team SET closed_at = clinic.now() WHERE id = its.id;
	PERFORM audit_put(actor, 'team closed', of_patient::text);
	RETURN QUERY SELECT patient_title(of_patient);
END $$;
COMMENT ON FUNCTION api.team_close(text, bigint) IS 'Closes a patient''s team.';

CREATE FUNCTION api.teams(actor text, of_patient bigint)
RETURNS TABLE (patient bigint, patient_name text, room text, members text,
	is_mine boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The teams that somebody is in (an admin: all), or a patient's: who is in them, a
-- name a line.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	is_admin boolean := has_role(who.id, 'admin');
BEGIN
	IF of_patient IS NOT NULL THEN
		PERFORM team_may(who, of_patient);
	ELSIF NOT is_admin THEN
		who := asker(actor, 'doctor');
	END IF;
	RETURN QUERY SELECT team.patient, patient_title(team.patient),
		team.room || '@' || clinic.chat_service,
		(SELECT string_agg(doctor_title(person.name), E'\n'
				ORDER BY person.name COLLATE "und-x-icu", person.id)
			FROM team_member JOIN person ON person.id = team_member.person
			WHERE team_member.team = team.id AND removed_at IS NULL),
		is_in_team(who.id, team.id)
	FROM clinic, team JOIN person about ON about.id = team.patient
	WHERE closed_at IS NULL AND CASE WHEN of_patient IS NOT NULL
		THEN team.patient = of_patient
		ELSE is_admin OR is_in_team(who.id, team.id) END
	ORDER BY about.name COLLATE "und-x-icu", team.id
	LIMIT 200;
END $$;
COMMENT ON FUNCTION api.teams(text, bigint) IS
	'The teams that somebody is in, or a patient''s, and who is in them.';

-- The rooms ------------------------------------------------------------------------

CREATE FUNCTION api.teams_open()
RETURNS TABLE (room text, title text, jid text, name text, member bigint,
	is_invited boolean, is_closed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- Every room that is to be looked after, a row for each member (jid NULL: it has
	-- none): is_closed: it is to be destroyed.
	SELECT team.room || '@' || clinic.chat_service,
		'Team of ' || patient_title(team.patient),
		person.jid, doctor_title(person.name), team_member.id,
		team_member.invited_at IS NOT NULL, closed_at IS NOT NULL
	FROM clinic CROSS JOIN team
		LEFT JOIN team_member ON team_member.team = team.id AND removed_at IS NULL
		LEFT JOIN person ON person.id = team_member.person
	WHERE (closed_at IS NULL OR NOT is_destroyed) AND clinic.chat_service <> ''
	ORDER BY team.id, team_member.id
$$;
COMMENT ON FUNCTION api.teams_open() IS
	'Every room that is to be looked after, and who belongs there.';

CREATE FUNCTION api.team_invited(which bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- A member was invited to the room.
	UPDATE team_member SET invited_at = clinic.now()
	WHERE id = which AND invited_at IS NULL
$$;
COMMENT ON FUNCTION api.team_invited(bigint) IS
	'A member was invited to the room.';

CREATE FUNCTION api.team_destroyed(room text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
	-- The room of a closed team is gone.
	UPDATE team SET is_destroyed = true
	WHERE team.room = split_part(team_destroyed.room, '@', 1)
		AND closed_at IS NOT NULL
$$;
COMMENT ON FUNCTION api.team_destroyed(text) IS
	'The room of a closed team is gone.';

CREATE FUNCTION api.team_said(room text, sender_jid text, id text, body text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Something was said in a room: kept under the same rule as other messages.
#variable_conflict use_column
BEGIN
	INSERT INTO team_message (team, sender, stanza_id, body)
	SELECT team.id, person.id, left(team_said.id, 1023),
		left(team_said.body, 65536)
	FROM clinic CROSS JOIN team JOIN person ON person.jid = sender_jid
	WHERE team.room = split_part(team_said.room, '@', 1)
		AND clinic.keeps_messages
	ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION api.team_said(text, text, text, text) IS
	'Something was said in a team''s room.';

CREATE FUNCTION api.team_here(room text)
RETURNS TABLE (patient_name text, members text, visits text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What the desk tells everybody in a team's room: whose team it is, who is in it,
-- and the patient's visits to come, by the clinic's clock.
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT patient_title(team.patient),
		(SELECT string_agg(doctor_title(person.name), ', '
				ORDER BY person.name COLLATE "und-x-icu", person.id)
			FROM team_member JOIN person ON person.id = team_member.person
			WHERE team_member.team = team.id AND removed_at IS NULL),
		(SELECT string_agg(local_text(lower(during), clinic.zone) || ' '
				|| doctor_title(person.name), E'\n' ORDER BY lower(during))
			FROM appointment JOIN person ON person.id = appointment.doctor
			WHERE appointment.patient = team.patient
				AND state IN ('booked', 'arrived') AND upper(during) > clinic.now())
	FROM clinic CROSS JOIN team
	WHERE team.room = split_part(team_here.room, '@', 1) AND closed_at IS NULL;
END $$;
COMMENT ON FUNCTION api.team_here(text) IS
	'What the desk tells everybody in a team''s room.';
