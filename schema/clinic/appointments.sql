-- appointments.sql - the one way in which an appointment changes.

CREATE FUNCTION clinic.new_code() RETURNS text
LANGUAGE plpgsql AS $$
-- A code that is not used yet: five characters, a digit and a letter in it.
DECLARE
	letters constant text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
	made text;
BEGIN
	LOOP
		SELECT string_agg(substr(letters, 1 + floor(random() * 32)::integer, 1), '')
		INTO made FROM generate_series(1, 5);
		EXIT WHEN made ~ '[0-9]' AND made ~ '[A-Z]'
			AND NOT EXISTS (SELECT FROM appointment WHERE appointment.code = made);
	END LOOP;
	RETURN made;
END $$;
COMMENT ON FUNCTION clinic.new_code() IS 'A code that no appointment has yet.';

CREATE FUNCTION clinic.appointment_put(
	wanted clinic.appointment,            -- as it is to be; id NULL: a new one
	actor bigint,
	because text DEFAULT NULL
) RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- Writes an appointment, and with it, in the same transaction, the event, the
-- patient's reminders and the notices to everybody concerned but the actor.
-- Nothing else writes appointments. A time that is taken is CL004.
DECLARE
	old appointment;
	put appointment;
	broken text;
BEGIN
	BEGIN
		IF wanted.id IS NULL THEN
			INSERT INTO appointment (code, doctor, patient, during, state,
				held_until, fee, currency, booked_by)
			VALUES (new_code(), wanted.doctor, wanted.patient, wanted.during,
				wanted.state, wanted.held_until, wanted.fee, wanted.currency,
				actor)
			RETURNING * INTO put;
		ELSE
			SELECT * INTO old FROM appointment WHERE id = wanted.id FOR UPDATE;
			IF NOT EXISTS (SELECT FROM appointment_transition
				WHERE was = old.state AND becomes = wanted.state)
			THEN
				RAISE EXCEPTION 'the visit % is % and cannot become %',
					quoted(old.code), old.state, wanted.state
					USING ERRCODE = 'CL004';
			END IF;
			UPDATE appointment SET during = wanted.during, state = wanted.state,
				held_until = wanted.held_until, started_at = wanted.started_at,
				confirmed_at = CASE WHEN wanted.during = old.during
					THEN wanted.confirmed_at END
			WHERE id = wanted.id RETURNING * INTO put;
		END IF;
	EXCEPTION WHEN exclusion_violation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
		RAISE EXCEPTION '%', CASE broken
			WHEN 'appointment_patient_once' THEN 'there is another visit at that time'
			ELSE 'that time was just taken' END USING ERRCODE = 'CL004';
	END;
	INSERT INTO appointment_event (appointment, actor, was, state, was_during,
		during, reason, is_confirmation)
	VALUES (put.id, actor, old.state, put.state, old.during, put.during, because,
		put.confirmed_at IS NOT NULL AND old.confirmed_at IS NULL);
	PERFORM reminders_put(put);
	IF put.state = 'cancelled' THEN
		PERFORM notices_put('cancelled', put, NULL, actor, because);
	ELSIF old.during <> put.during THEN
		PERFORM notices_put('moved', put, old.during, actor, because);
	ELSIF put.state = 'booked' AND old.state IS DISTINCT FROM 'booked' THEN
		PERFORM notices_put('booked', put, NULL, actor, because);
	END IF;
	RETURN put;
END $$;
COMMENT ON FUNCTION clinic.appointment_put(clinic.appointment, bigint, text) IS
	'The only function that writes an appointment or changes its state.';

CREATE FUNCTION clinic.appointment_get(wanted_code text, who bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql STABLE AS $$
-- The appointment with a code when this person may know of it: its patient, its
-- doctor, an admin. For everybody else it does not exist (CL003).
DECLARE
	found appointment;
BEGIN
	SELECT * INTO found FROM appointment WHERE code = read_code(wanted_code);
	IF found.patient = who OR (found.doctor = who AND has_role(who, 'doctor'))
		OR (found.id IS NOT NULL AND has_role(who, 'admin'))
	THEN
		RETURN found;
	END IF;
	RAISE EXCEPTION 'there is no appointment %', quoted(upper(btrim(wanted_code)))
		USING ERRCODE = 'CL003';
END $$;
COMMENT ON FUNCTION clinic.appointment_get(text, bigint) IS
	'The appointment with a code, for those whom it concerns.';

CREATE FUNCTION clinic.appointment_to_change(wanted_code text, who bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- The same, locked, when it can still be moved or cancelled.
DECLARE
	found appointment := appointment_get(wanted_code, who);
BEGIN
	PERFORM doctor_lock(found.doctor);
	PERFORM patient_lock(found.patient);
	SELECT * INTO found FROM appointment WHERE id = found.id;
	IF found.state = 'cancelled' THEN
		RAISE EXCEPTION 'the visit % is cancelled already', quoted(found.code)
			USING ERRCODE = 'CL004';
	ELSIF upper(found.during) <= clinic.now() OR NOT found.is_live THEN
		RAISE EXCEPTION 'the visit % is over', quoted(found.code)
			USING ERRCODE = 'CL004';
	ELSIF lower(found.during) <= clinic.now() OR found.state = 'arrived' THEN
		RAISE EXCEPTION 'the visit % has already begun', quoted(found.code)
			USING ERRCODE = 'CL004';
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION clinic.appointment_to_change(text, bigint) IS
	'The appointment with a code, locked, when it is still to come.';

CREATE FUNCTION clinic.slot_check(which bigint, who bigint, asker bigint,
	starts timestamptz, moving bigint) RETURNS tstzrange
LANGUAGE plpgsql STABLE AS $$
-- The time of a visit that is to start then, or why it cannot be (CL004).
-- The locks of both are held.
DECLARE
	of_doctor doctor;
	span tstzrange;
	other appointment;
BEGIN
	SELECT * INTO of_doctor FROM doctor WHERE person = which;
	IF of_doctor.is_active IS NOT TRUE THEN
		RAISE EXCEPTION 'there is no such doctor' USING ERRCODE = 'CL003';
	ELSIF which = who THEN
		RAISE EXCEPTION 'nobody can be their own doctor' USING ERRCODE = 'CL004';
	ELSIF starts IS NULL OR NOT isfinite(starts) THEN
		RAISE EXCEPTION 'a visit needs a time' USING ERRCODE = 'CL001';
	ELSIF starts <= clinic.now() THEN
		RAISE EXCEPTION 'that time has passed' USING ERRCODE = 'CL004';
	END IF;
	span := tstzrange(starts, starts + of_doctor.minutes * interval '1 minute');
	SELECT * INTO other FROM appointment
	WHERE patient = who AND during && span AND is_live
		AND id IS DISTINCT FROM moving
	ORDER BY during LIMIT 1;
	IF other.id IS NOT NULL THEN
		RAISE EXCEPTION '% another visit at that time, %',
			CASE WHEN who = asker THEN 'you have' ELSE 'the patient has' END,
			CASE WHEN who = asker OR other.doctor = asker
					OR has_role(asker, 'admin') THEN quoted(other.code)
				ELSE 'with another doctor' END
			USING ERRCODE = 'CL004';
	ELSIF EXISTS (SELECT FROM appointment
		WHERE doctor = which AND during && span AND is_live
			AND id IS DISTINCT FROM moving)
	THEN
		RAISE EXCEPTION 'that time was just taken' USING ERRCODE = 'CL004';
	ELSIF NOT isempty(closed(span)) THEN
		RAISE EXCEPTION 'the clinic is closed at that time' USING ERRCODE = 'CL004';
	ELSIF EXISTS (SELECT FROM time_off
		WHERE doctor = which AND during && span)
	THEN
		RAISE EXCEPTION 'the doctor is away at that time' USING ERRCODE = 'CL004';
	ELSIF NOT EXISTS (SELECT FROM opening
		WHERE doctor = which AND during && span AND during @> span
			AND extract(epoch FROM starts - lower(during))
				% (of_doctor.minutes * 60) = 0)
	THEN
		RAISE EXCEPTION 'no visit can start at that time' USING ERRCODE = 'CL004';
	END IF;
	RETURN span;
END $$;
COMMENT ON FUNCTION
	clinic.slot_check(bigint, bigint, bigint, timestamptz, bigint) IS
	'The time of a visit that starts then, refused when it cannot (book, move).';

CREATE FUNCTION clinic.booking(which bigint, in_zone text)
RETURNS TABLE (code text, doctor bigint, doctor_name text, patient_name text,
	starts_at text, starts text, ends text, zone text, fee text, currency text,
	reminders text)
LANGUAGE plpgsql STABLE AS $$
-- What book, move and cancel say of an appointment.
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT appointment.code, appointment.doctor,
		doctor_title(doctor.name), patient.name,
		instant_text(lower(during)), local_text(lower(during), in_zone),
		local_text(upper(during), in_zone), in_zone,
		fee_text(appointment.fee), appointment.currency,
		coalesce((SELECT string_agg(minutes_before::text, ' '
				ORDER BY minutes_before DESC)
			FROM delivery
			WHERE delivery.appointment = which AND outcome IS NULL
				AND kind = 'reminder'), '')
	FROM appointment
		JOIN person doctor ON doctor.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
	WHERE appointment.id = which;
END $$;
COMMENT ON FUNCTION clinic.booking(bigint, text) IS
	'What is said of an appointment that was booked, moved or cancelled.';
