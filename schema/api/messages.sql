-- messages.sql - what was written, for the two concerned; that it was, for admins.

CREATE FUNCTION api.messages(actor text, other bigint, from_local timestamp,
	to_local timestamp, words text, most integer, skip integer)
RETURNS TABLE (at_local text, is_own boolean, other_name text, body text,
	is_encrypted boolean, is_corrected boolean, team_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What the asker wrote and got, latest first: with one person or all (other NULL),
-- between two moments of the asker's clock (NULL: open), with these words in it
-- (NULL: any). What was corrected is told as it is now. Words are looked for in the
-- rooms of the asker's teams, too.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	partner_id bigint := recipient_of(other); -- a child writes nothing
	looked_for text := pattern_of(words);
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	RETURN QUERY SELECT local_text(found.at, who.zone), found.is_own,
		found.other_name, found.body, found.body IS NULL, found.is_corrected,
		found.team_name
	FROM (SELECT message.at, message.id,
			(message.doctor = who.id) = message.is_doctors AS is_own,
			CASE WHEN message.doctor = who.id THEN partner.name
				ELSE doctor_title(partner.name) END AS other_name,
			CASE WHEN newer.id IS NULL THEN message.body ELSE newer.body END AS body,
			newer.id IS NOT NULL AS is_corrected, NULL AS team_name
		FROM message JOIN person partner ON partner.id = CASE message.doctor
				WHEN who.id THEN message.patient ELSE message.doctor END
			-- The last of each, looked for once and not for each message.
			LEFT JOIN (SELECT DISTINCT ON (doctor, patient, is_doctors, replaces)
					corrected.*
				FROM message corrected
				WHERE (doctor = who.id OR patient = who.id)
					AND replaces IS NOT NULL AND NOT is_retracted
				ORDER BY doctor, patient, is_doctors, replaces, id DESC) newer
			ON (newer.doctor, newer.patient, newer.is_doctors, newer.replaces)
				= (message.doctor, message.patient, message.is_doctors,
					message.stanza_id)
		WHERE (message.doctor = who.id OR message.patient = who.id)
			AND coalesce(partner_id, partner.id) = partner.id
			AND message.at >= coalesce(instant(from_local, who.zone), '-infinity')
			AND message.at < coalesce(instant(to_local, who.zone), 'infinity')
			AND message.replaces IS NULL AND NOT message.is_retracted
			AND (words IS NULL OR plain(CASE WHEN newer.id IS NULL
				THEN message.body ELSE newer.body END) LIKE looked_for)
		UNION ALL
		SELECT said.at, said.id, said.is_own, said.name, said.body, false,
			said.team_name
		FROM team_said_to(who.id) said
		WHERE words IS NOT NULL AND partner_id IS NULL
			AND said.at >= coalesce(instant(from_local, who.zone), '-infinity')
			AND said.at < coalesce(instant(to_local, who.zone), 'infinity')
			AND plain(said.body) LIKE looked_for) found
	ORDER BY found.at DESC, found.id DESC
	LIMIT least(coalesce(most, 20), 200) OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION
	api.messages(text, bigint, timestamp, timestamp, text, integer, integer) IS
	'What the asker wrote and got, with somebody, in a time, with some words.';

CREATE FUNCTION api.team_messages(actor text, of_patient bigint,
	from_local timestamp, most integer, skip integer)
RETURNS TABLE (at_local text, is_own boolean, other_name text, body text,
	is_encrypted boolean, is_corrected boolean, team_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What was said in the room of a patient's team since a moment of the asker's clock
-- (NULL: ever), latest first. For those who are in it, and nobody else.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	its team := team_find(of_patient);
BEGIN
	IF its.id IS NULL OR NOT is_in_team(who.id, its.id) THEN
		RAISE EXCEPTION 'only who is in a team can see what was said in it'
			USING ERRCODE = 'CL002';
	END IF;
	RETURN QUERY SELECT local_text(said.at, who.zone), said.is_own, said.name,
		said.body, false, false, said.team_name
	FROM team_said_to(who.id) said
	WHERE said.team = its.id
		AND said.at >= coalesce(instant(from_local, who.zone), '-infinity')
	ORDER BY said.at DESC, said.id DESC
	LIMIT least(coalesce(most, 20), 200) OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.team_messages(text, bigint, timestamp, integer, integer) IS
	'What was said in a team''s room, for those who are in it.';

CREATE FUNCTION api.chat_with(actor text, other bigint)
RETURNS TABLE (other_name text, local text, may_write boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Where to write to a doctor, or to a patient of the asker's: the local part of the
-- address, NULL when the two have nothing to do with each other now.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	partner person;
	may_write boolean;
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	END IF;
	SELECT * INTO partner FROM person WHERE id = recipient_of(other); -- a child has none
	IF EXISTS (SELECT FROM doctor WHERE person = partner.id) THEN
		may_write := EXISTS (SELECT FROM pairs_of(ARRAY[who.id]) pair
			WHERE pair.doctor = partner.id AND pair.until_at > clinic.now()
				AND NOT pair.is_muted AND NOT pair.is_blocked);
		partner.name := doctor_title(partner.name);
	ELSE
		may_write := is_related(who.id, partner.id);
	END IF;
	RETURN QUERY SELECT partner.name, CASE WHEN may_write
		THEN address_of(partner.id) END, may_write;
END $$;
COMMENT ON FUNCTION api.chat_with(text, bigint) IS
	'Where to write to somebody, if the asker may.';

CREATE FUNCTION api.talks(actor text, most integer, skip integer)
RETURNS TABLE (day text, doctor_name text, patient_name text, doctor_count integer,
	patient_count integer, first_at text, last_at text, is_team boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Who wrote to whom, how often and when, latest first: not what. For admins. is_team:
-- it was the doctor alone, in the room of the patient's team.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'admin');
	zone text := (SELECT clinic.zone FROM clinic);
	through bigint := least(coalesce(most, 20), 200)
		+ greatest(coalesce(skip, 0), 0);
BEGIN
	RETURN QUERY SELECT said.day::text, coalesce(doctor_title(doctor.name),
			'somebody who is not here any more'), patient_title(said.patient),
		said.doctor_count, said.patient_count, local_text(said.first_at, who.zone),
		local_text(said.last_at, who.zone), said.is_team
	FROM ((SELECT talk.day, talk.doctor, talk.patient, talk.doctor_count,
				talk.patient_count, talk.first_at, talk.last_at, false AS is_team
			FROM talk WHERE talk.doctor_count + talk.patient_count > 0
			ORDER BY talk.day DESC, talk.last_at DESC LIMIT through)
		UNION ALL
		(SELECT (team_message.at AT TIME ZONE zone)::date AS day, sender,
				team.patient, count(*)::integer, 0, min(team_message.at),
				max(team_message.at) AS last_at, true
			FROM team_message JOIN team ON team.id = team_message.team
			GROUP BY (team_message.at AT TIME ZONE zone)::date, sender, team.id
			ORDER BY day DESC, last_at DESC LIMIT through)) said
		LEFT JOIN person doctor ON doctor.id = said.doctor
	ORDER BY said.day DESC, said.last_at DESC, said.doctor, said.patient
	LIMIT least(coalesce(most, 20), 200) OFFSET greatest(coalesce(skip, 0), 0);
END $$;
COMMENT ON FUNCTION api.talks(text, integer, integer) IS
	'Who wrote to whom and when, for admins: not what.';

CREATE FUNCTION api.privacy(actor text, keep boolean)
RETURNS TABLE (keeps_messages boolean, is_kept_here boolean, message_count integer,
	address text, said_way text, said_local text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What becomes of somebody's messages; keep: what they want from now on (NULL: as
-- it is). What was kept before stays in the record. said_way, said_local: how and
-- when it was decided; NULL: not yet.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
BEGIN
	IF who.id IS NULL THEN
		RAISE EXCEPTION 'please register first: write "register"'
			USING ERRCODE = 'CL002';
	ELSIF keep IS NOT NULL AND NOT has_role(who.id, 'patient') THEN
		RAISE EXCEPTION 'each patient decides that, with "privacy"'
			USING ERRCODE = 'CL002';
	ELSIF keep IS NOT NULL THEN
		PERFORM consent_put(who.id, keep, 'privacy', NULL);
		who.keeps_messages := keep;
	END IF;
	RETURN QUERY SELECT coalesce(who.keeps_messages, true), clinic.keeps_messages,
		(SELECT count(*)::integer FROM message
			WHERE who.id IN (patient, doctor) AND body IS NOT NULL),
		(SELECT local FROM address WHERE person = who.id
			ORDER BY is_doctors DESC, given_at, local LIMIT 1),
		said.way, local_text(said.at, who.zone)
	FROM clinic LEFT JOIN LATERAL (SELECT way, at FROM consent
		WHERE person = who.id ORDER BY id DESC LIMIT 1) said ON true;
END $$;
COMMENT ON FUNCTION api.privacy(text, boolean) IS
	'What becomes of somebody''s messages, and what they want.';

CREATE FUNCTION api.office_hours(actor text, rules jsonb, new_answer text)
RETURNS TABLE (weekday integer, starts text, ends text, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- When a doctor answers messages. rules: weekly ones as hours_set takes them, none
-- ([]) forgets them and the answer, NULL: as they are. new_answer: what patients are
-- told outside; '': the usual words, NULL: as it is.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	days constant text[] := ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
BEGIN
	IF jsonb_typeof(rules) IS DISTINCT FROM 'array' AND rules IS NOT NULL
		OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(rules, '[]')) rule
			WHERE NOT coalesce(rule ->> 'rrule' ~
					'^FREQ=WEEKLY;BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$'
				AND rule ->> 'starts' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
				AND rule ->> 'ends' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
				AND rule ->> 'starts' < rule ->> 'ends', false))
		OR jsonb_array_length(coalesce(rules, '[]')) > 50
	THEN
		RAISE EXCEPTION 'these hours are the same every week, like "mon-fri 9-17"'
			USING ERRCODE = 'CL001';
	ELSIF length(new_answer) > 500 OR NOT is_clean(new_answer) THEN
		RAISE EXCEPTION 'an answer is one line of at most 500 characters'
			USING ERRCODE = 'CL001';
	END IF;
	IF rules IS NOT NULL THEN
		DELETE FROM office_hours WHERE doctor = who.id;
		INSERT INTO office_hours (doctor, weekday, starts, ends)
		SELECT who.id, array_position(days, day),
			(rule ->> 'starts')::time, max((rule ->> 'ends')::time)
		FROM jsonb_array_elements(rules) rule,
			regexp_split_to_table(substr(rule ->> 'rrule', 19), ',') day
		GROUP BY array_position(days, day), (rule ->> 'starts')::time;
	END IF;
	IF new_answer <> '' AND NOT EXISTS (SELECT FROM office_hours
		WHERE doctor = who.id)
	THEN
		RAISE EXCEPTION 'say when you read messages first, for example "office hours '
			'mon-fri 9-17"' USING ERRCODE = 'CL003';
	ELSIF rules IS NOT NULL OR new_answer IS NOT NULL THEN
		UPDATE doctor SET office_answer = CASE WHEN rules = '[]' THEN NULL
			ELSE nullif(btrim(coalesce(new_answer, office_answer)), '') END
		WHERE person = who.id;
		PERFORM audit_put(actor, 'office hours', NULL);
	END IF;
	RETURN QUERY SELECT office.weekday, time_text(office.starts),
		time_text(office.ends), doctor.office_answer
	FROM office_hours office JOIN doctor ON doctor.person = office.doctor
	WHERE office.doctor = who.id ORDER BY office.weekday, office.starts;
END $$;
COMMENT ON FUNCTION api.office_hours(text, jsonb, text) IS
	'When a doctor answers messages, seen or set.';

CREATE FUNCTION api.hand_over(actor text, which bigint, words text)
RETURNS TABLE (colleague bigint, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Lets a colleague, named by words of the name, talk with one's patient.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	wanted text[] := ARRAY(SELECT word FROM name_words(words) word);
	found bigint[];
BEGIN
	IF NOT EXISTS (SELECT FROM pairs_of(ARRAY[which]) pair
		WHERE pair.doctor = who.id)
	THEN
		RAISE EXCEPTION 'that is no patient of yours' USING ERRCODE = 'CL003';
	END IF;
	SELECT array_agg(person.id) INTO found
	FROM doctor JOIN person ON person.id = doctor.person
	WHERE is_active AND person.id NOT IN (who.id, which)
		AND cardinality(wanted) > 0
		AND wanted <@ ARRAY(SELECT word FROM name_words(person.name) word);
	IF found IS NULL THEN
		RAISE EXCEPTION 'there is no other doctor called %', quoted(words)
			USING ERRCODE = 'CL003';
	ELSIF cardinality(found) > 1 THEN
		RAISE EXCEPTION 'several doctors are called %: write the whole name',
			quoted(words) USING ERRCODE = 'CL001';
	END IF;
	PERFORM contact_put(found[1], which);
	UPDATE contact SET is_allowed = true, ended_at = NULL, muted_at = NULL
	WHERE doctor = found[1] AND patient = which;
	PERFORM audit_put(actor, 'hand over', person.jid)
	FROM person WHERE id = which;
	RETURN QUERY SELECT person.id, doctor_title(person.name)
	FROM person WHERE person.id = found[1];
END $$;
COMMENT ON FUNCTION api.hand_over(text, bigint, text) IS
	'Lets a colleague talk with one''s patient.';
