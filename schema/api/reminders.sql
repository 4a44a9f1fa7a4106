-- reminders.sql - a patient's own reminders, and the answer to one.

CREATE FUNCTION api.reminders(actor text)
RETURNS TABLE (minutes text, is_own boolean, quiet_from text, quiet_to text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- How long before a visit the patient who asks is reminded ('1440 60', '' for
-- never), and when not.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
BEGIN
	RETURN QUERY SELECT array_to_string(coalesce(who.reminders, clinic.reminders),
			' '), who.reminders IS NOT NULL, time_text(clinic.quiet_from),
		time_text(clinic.quiet_to)
	FROM clinic;
END $$;
COMMENT ON FUNCTION api.reminders(text) IS
	'How long before a visit the patient who asks is reminded.';

CREATE FUNCTION api.reminders_set(actor text, new_minutes text)
RETURNS TABLE (minutes text, is_own boolean, quiet_from text, quiet_to text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Changes that ('' for never, NULL for as the clinic does), also for the visits
-- to come. What was to be sent before now is not sent after.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
BEGIN
	IF new_minutes !~ '^\s*([0-9]{1,6}(\s+[0-9]{1,6}){0,9})?\s*$' OR EXISTS (
		SELECT FROM regexp_split_to_table(btrim(new_minutes), '\s+') word
		WHERE word <> '' AND word::integer NOT BETWEEN 5 AND 129600)
	THEN
		RAISE EXCEPTION 'you can be reminded up to ten times, 5 minutes to 90 days '
			'before a visit' USING ERRCODE = 'CL001';
	END IF;
	PERFORM patient_lock(who.id);
	UPDATE person SET reminders = CASE WHEN new_minutes IS NOT NULL THEN coalesce((
			SELECT array_agg(DISTINCT word::integer ORDER BY word::integer DESC)
			FROM regexp_split_to_table(btrim(new_minutes), '\s+') word
			WHERE word <> ''), '{}') END
	WHERE id = who.id;
	PERFORM audit_put(actor, 'set reminders', NULL);
	PERFORM reminders_rewrite(who.id);
	RETURN QUERY SELECT * FROM api.reminders(actor);
END $$;
COMMENT ON FUNCTION api.reminders_set(text, text) IS
	'Changes how long before a visit the patient who asks is reminded.';

CREATE FUNCTION api.confirm(actor text, which text, stanza text)
RETURNS TABLE (code text, doctor_name text, starts text, patient_name text,
	is_for_other boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The patient, or their guardian, says that they will come: to the visits with
-- these codes, or to those that the reminder with this stanza id spoke of (none,
-- when it is not theirs or they are no more). Once more changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'patient');
	visit appointment;
	visits bigint[] := '{}';
	one text;
BEGIN
	IF stanza IS NOT NULL THEN
		SELECT array_agg(told.id) INTO visits
		FROM delivery CROSS JOIN LATERAL told(delivery.id) told
		WHERE stanza_id = stanza AND recipient = who.id
			AND delivery.kind = 'reminder';
	ELSIF coalesce(btrim(which), '') = '' THEN
		RAISE EXCEPTION 'a visit is named by its code' USING ERRCODE = 'CL001';
	ELSE
		FOREACH one IN ARRAY regexp_split_to_array(btrim(which), '\s+') LOOP
			SELECT * INTO visit FROM appointment
			WHERE appointment.code = read_code(one)
				AND acts_for(who.id, appointment.patient);
			IF visit.id IS NULL THEN
				RAISE EXCEPTION 'there is no appointment %',
					quoted(upper(one)) USING ERRCODE = 'CL003';
			ELSIF visit.state <> 'booked'
				OR lower(visit.during) <= clinic.now()
			THEN
				RAISE EXCEPTION 'the visit % is not to come any more',
					quoted(visit.code) USING ERRCODE = 'CL004';
			END IF;
			visits := visits || visit.id;
		END LOOP;
	END IF;
	PERFORM doctor_lock(doctor) FROM (SELECT DISTINCT doctor FROM appointment
		WHERE id = ANY (visits) ORDER BY doctor) doctors;
	PERFORM patient_lock(patient) FROM (SELECT DISTINCT patient FROM appointment
		WHERE id = ANY (visits) ORDER BY patient) patients;
	FOR visit IN SELECT * FROM appointment
		WHERE id = ANY (visits) AND state = 'booked' AND confirmed_at IS NULL
	LOOP
		visit.confirmed_at := clinic.now();
		visit := appointment_put(visit, who.id);
		PERFORM acted_for(actor, who.id, 'confirm', visit);
	END LOOP;
	RETURN QUERY SELECT appointment.code, doctor_title(person.name),
		local_text(lower(during), who.zone), patient.name,
		patient.guardian IS NOT DISTINCT FROM who.id
	FROM appointment JOIN person ON person.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
	WHERE appointment.id = ANY (visits)
		AND appointment.confirmed_at IS NOT NULL
	ORDER BY during;
END $$;
COMMENT ON FUNCTION api.confirm(text, text, text) IS
	'The patient says that they will come to some visits.';
