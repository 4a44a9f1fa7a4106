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
			INSERT INTO appointment (code, doctor, patient, visit_type, during,
				blocked, state, expires_at, is_offer, is_video, series, fee,
				currency, booked_by)
			VALUES (new_code(), wanted.doctor, wanted.patient, wanted.visit_type,
				wanted.during, wanted.blocked, wanted.state, wanted.expires_at,
				coalesce(wanted.is_offer, false), wanted.is_video, wanted.series,
				wanted.fee, wanted.currency, actor)
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
			UPDATE appointment SET during = wanted.during,
				blocked = wanted.blocked, state = wanted.state,
				expires_at = wanted.expires_at, started_at = wanted.started_at,
				series = wanted.series, confirmed_at = CASE WHEN wanted.during = old.during
					THEN wanted.confirmed_at END
			WHERE id = wanted.id RETURNING * INTO put;
		END IF;
		PERFORM rooms_put(put);
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
	IF old.is_live AND NOT (put.is_live AND put.blocked @> old.blocked) THEN
		PERFORM time_freed(put.doctor, old.blocked);
		PERFORM rooms_freed(old);
	END IF;
	IF put.state = 'held' OR (old.state = 'held' AND put.state = 'cancelled') THEN
		PERFORM hold_put(put);
		RETURN put; -- nobody was told of it
	END IF;
	PERFORM reminders_put(put);
	PERFORM call_now_put(put);
	IF put.state = 'cancelled' THEN
		PERFORM notices_put(CASE WHEN old.state <> 'requested' THEN 'cancelled'
				WHEN actor IS NULL THEN 'request_over'
				WHEN acts_for(actor, put.patient) THEN 'cancelled'
				ELSE 'declined' END, put, NULL, actor, because);
	ELSIF put.state = 'requested' AND old.state = 'requested' THEN
		PERFORM notices_put('request_moved', put, old.during, actor, because);
	ELSIF put.state = 'requested' THEN
		PERFORM notices_put('requested', put, NULL, actor, because);
	ELSIF old.during <> put.during THEN
		PERFORM notices_put('moved', put, old.during, actor, because);
	ELSIF put.state = 'booked' AND old.state IS DISTINCT FROM 'booked' THEN
		PERFORM notices_put(CASE WHEN old.state = 'requested' THEN 'approved'
			ELSE 'booked' END, put, NULL, actor, because);
		UPDATE doctor SET last_booked_at = clinic.now() WHERE person = put.doctor;
	END IF;
	PERFORM waiting_served(put, old, actor);
	RETURN put;
END $$;
COMMENT ON FUNCTION clinic.appointment_put(clinic.appointment, bigint, text) IS
	'The only function that writes an appointment or changes its state.';

CREATE FUNCTION clinic.acts_for(who bigint, patient bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN who = patient OR EXISTS (SELECT FROM person
		WHERE person.id = patient AND person.guardian = who);
END $$;
COMMENT ON FUNCTION clinic.acts_for(bigint, bigint) IS
	'Whether somebody is the patient, or the guardian of the patient.';

CREATE FUNCTION clinic.is_staff_of(who bigint, of_doctor bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN has_role(who, 'admin') OR (who = of_doctor AND has_role(who, 'doctor'));
END $$;
COMMENT ON FUNCTION clinic.is_staff_of(bigint, bigint) IS
	'Whether somebody may do with a doctor''s calendar what staff may.';

CREATE FUNCTION clinic.is_visit(visit clinic.appointment) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT CASE visit.state WHEN 'held' THEN false
		WHEN 'cancelled' THEN EXISTS (SELECT FROM appointment_event
			WHERE appointment_event.appointment = visit.id
				AND appointment_event.state IN ('requested', 'booked'))
		ELSE true END
$$;
COMMENT ON FUNCTION clinic.is_visit(clinic.appointment) IS
	'Whether it is or was a visit, or a request for one, and not only held.';

CREATE FUNCTION clinic.patient_for(who clinic.person, wanted bigint)
RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
-- For whom somebody books: NULL is themselves. Dependants, for their guardian; any
-- patient, for an admin; a doctor's own patients, for her. Others are not there.
BEGIN
	IF wanted IS NULL OR wanted = who.id THEN
		IF NOT has_role(who.id, 'patient') THEN
			RAISE EXCEPTION 'please register first: write "register"'
				USING ERRCODE = 'CL002';
		END IF;
		RETURN who.id;
	ELSIF has_role(wanted, 'patient') AND (acts_for(who.id, wanted)
		OR has_role(who.id, 'admin')
		OR has_role(who.id, 'doctor') AND is_related(who.id, wanted))
	THEN
		RETURN wanted;
	END IF;
	RAISE EXCEPTION 'there is no such patient' USING ERRCODE = 'CL003';
END $$;
COMMENT ON FUNCTION clinic.patient_for(clinic.person, bigint) IS
	'For whom somebody books, refused when they may not.';

CREATE FUNCTION clinic.acted_for(actor text, who bigint, action text,
	visit clinic.appointment) RETURNS void
LANGUAGE sql AS $$
	SELECT audit_put(actor, action || ' for another',
		format('%s, person %s', visit.code, visit.patient))
	WHERE who NOT IN (visit.patient, visit.doctor)
$$;
COMMENT ON FUNCTION clinic.acted_for(text, bigint, text, clinic.appointment) IS
	'Remembers in the audit who acted for whom.';

CREATE FUNCTION clinic.appointment_get(wanted_code text, who bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql STABLE AS $$
-- The appointment with a code when this person may know of it: its patient and
-- their guardian, its doctor, an admin. For everybody else it does not exist
-- (CL003), nor does what is only held.
DECLARE
	found appointment;
BEGIN
	SELECT * INTO found FROM appointment
	WHERE code = read_code(wanted_code) AND state <> 'held';
	IF found.id IS NOT NULL AND (acts_for(who, found.patient)
		OR is_staff_of(who, found.doctor))
	THEN
		RETURN found;
	END IF;
	RAISE EXCEPTION 'there is no appointment %', quoted(upper(btrim(wanted_code)))
		USING ERRCODE = 'CL003';
END $$;
COMMENT ON FUNCTION clinic.appointment_get(text, bigint) IS
	'The appointment with a code, for those whom it concerns.';

CREATE FUNCTION clinic.duration_text(minutes integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN minutes % 1440 = 0 THEN format('%s day%s', minutes / 1440,
			CASE WHEN minutes > 1440 THEN 's' END)
		WHEN minutes % 60 = 0 THEN format('%s hour%s', minutes / 60,
			CASE WHEN minutes > 60 THEN 's' END)
		ELSE format('%s minutes', minutes) END
$$;
COMMENT ON FUNCTION clinic.duration_text(integer) IS 'A length of time in words.';

CREATE FUNCTION clinic.appointment_to_change(wanted_code text, who bigint,
	change text) RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- The same, locked, when it can still be moved or cancelled ("change" is one of
-- these words). Each has a deadline in the visit's type, which staff need not keep;
-- nor does a request have one.
DECLARE
	found appointment := appointment_get(wanted_code, who);
	deadline integer;
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
	SELECT CASE change WHEN 'move' THEN move_minutes ELSE cancel_minutes END
	INTO deadline FROM visit_type WHERE id = found.visit_type;
	IF found.state = 'booked' AND NOT is_staff_of(who, found.doctor)
		AND lower(found.during) - clinic.now() < deadline * interval '1 minute'
	THEN
		RAISE EXCEPTION 'the visit % could be % until % before it, please ask the '
			'clinic', quoted(found.code),
			CASE change WHEN 'move' THEN 'moved' ELSE 'cancelled' END,
			duration_text(deadline) USING ERRCODE = 'CL002';
	END IF;
	RETURN found;
END $$;
COMMENT ON FUNCTION clinic.appointment_to_change(text, bigint, text) IS
	'The appointment with a code, locked, when it may still be moved or cancelled.';

CREATE FUNCTION clinic.slot_check(which bigint, wished clinic.wish,
	starts timestamptz) RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- The visit, not written yet, that starts then as wished, or why it cannot be
-- (CL004). The locks of both are held. Holds that are over go.
DECLARE
	of_doctor doctor;
	type visit_type;
	made appointment;
	span tstzrange;
	other appointment;
BEGIN
	SELECT * INTO of_doctor FROM doctor WHERE person = which;
	IF of_doctor.is_active IS NOT TRUE THEN
		RAISE EXCEPTION 'there is no such doctor' USING ERRCODE = 'CL003';
	ELSIF which = wished.patient THEN
		RAISE EXCEPTION 'nobody can be their own doctor' USING ERRCODE = 'CL004';
	ELSIF starts IS NULL OR NOT isfinite(starts) THEN
		RAISE EXCEPTION 'a visit needs a time' USING ERRCODE = 'CL001';
	ELSIF starts <= clinic.now() THEN
		RAISE EXCEPTION 'that time has passed' USING ERRCODE = 'CL004';
	END IF;
	SELECT * INTO type FROM chosen_type(which, wished.visit_type,
		wished.moving_type);
	IF type.id IS NULL THEN
		RAISE EXCEPTION 'there is no visit % with that doctor',
			quoted(wished.visit_type) USING ERRCODE = 'CL003';
	END IF;
	span := tstzrange(starts, starts + type.minutes * interval '1 minute');
	made.doctor := which;
	made.patient := wished.patient;
	made.visit_type := type.id;
	made.during := span;
	made.blocked := buffered(span, type);
	made.fee := type.fee;
	made.currency := type.currency;
	made.is_video := type.is_video;
	PERFORM holds_clear(which, type.needs, made.blocked);
	SELECT * INTO other FROM appointment
	WHERE patient = wished.patient AND during && span AND is_planned
		AND id IS DISTINCT FROM wished.moving
	ORDER BY during LIMIT 1;
	IF other.id IS NOT NULL THEN
		RAISE EXCEPTION '% another visit at that time, %',
			CASE WHEN wished.patient = wished.asker THEN 'you have'
				ELSE 'the patient has' END,
			CASE WHEN acts_for(wished.asker, wished.patient)
					OR is_staff_of(wished.asker, other.doctor)
				THEN quoted(other.code) ELSE 'with another doctor' END
			USING ERRCODE = 'CL004';
	ELSIF EXISTS (SELECT FROM appointment
		WHERE doctor = which AND blocked && made.blocked AND is_live
			AND id IS DISTINCT FROM wished.moving
			AND NOT is_passing(appointment, wished.asker, clinic.now()))
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
				% (least(of_doctor.minutes, type.minutes) * 60) = 0)
	THEN
		RAISE EXCEPTION 'no visit can start at that time' USING ERRCODE = 'CL004';
	END IF;
	PERFORM rules_check(which, type, wished, starts);
	IF NOT has_rooms(type.needs, made.blocked, wished) THEN
		RAISE EXCEPTION 'no room is free at that time' USING ERRCODE = 'CL004';
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION clinic.slot_check(bigint, clinic.wish, timestamptz) IS
	'The visit that starts then, refused when it cannot be (hold, book, move).';

CREATE FUNCTION clinic.rules_check(which bigint, type clinic.visit_type,
	wished clinic.wish, starts timestamptz) RETURNS void
LANGUAGE plpgsql STABLE AS $$
-- Refuses (CL004) a time that the rules of a visit's type do not allow.
DECLARE
	allowed tstzrange := bookable(type, wished.zone);
BEGIN
	IF NOT wished.is_staff AND starts < lower(allowed) THEN
		RAISE EXCEPTION 'that is too short notice: % before is the latest',
			duration_text(type.notice_minutes) USING ERRCODE = 'CL004';
	ELSIF NOT wished.is_staff AND starts >= upper(allowed) THEN
		RAISE EXCEPTION 'that is too far ahead: % before is the earliest',
			duration_text(type.ahead_days * 1440) USING ERRCODE = 'CL004';
	ELSIF type.most_per_day IS NOT NULL
		AND full_days(which, type, tstzrange(starts, starts, '[]'), wished) @> starts
	THEN
		RAISE EXCEPTION 'that day is full for this kind of visit'
			USING ERRCODE = 'CL004';
	END IF;
END $$;
COMMENT ON FUNCTION
	clinic.rules_check(bigint, clinic.visit_type, clinic.wish, timestamptz) IS
	'Refuses a time that the rules of a visit''s type do not allow (slot_check).';

CREATE FUNCTION clinic.needs_approval(which bigint, wished clinic.wish)
RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT NOT wished.is_staff AND (doctor.approves
			OR clinic.missed_limit BETWEEN 1 AND missed_count(wished.patient))
		FROM doctor, clinic WHERE doctor.person = which);
END $$;
COMMENT ON FUNCTION clinic.needs_approval(bigint, clinic.wish) IS
	'Whether the doctor says yes or no first: she wishes so, or the patient missed '
	'too many visits.';

CREATE FUNCTION clinic.booking(which bigint, in_zone text) RETURNS clinic.said
LANGUAGE plpgsql STABLE AS $$
DECLARE
	found said;
BEGIN
	SELECT appointment.code, appointment.doctor, doctor_title(doctor.name),
		appointment.patient, patient.name, instant_text(lower(during)),
		local_text(lower(during), in_zone), local_text(upper(during), in_zone),
		in_zone, fee_text(appointment.fee), appointment.currency,
		coalesce((SELECT string_agg(minutes_before::text, ' '
				ORDER BY minutes_before DESC)
			FROM delivery
			WHERE delivery.appointment = which AND outcome IS NULL
				AND kind = 'reminder'), ''),
		appointment.state::text, visit_type.name, appointment.is_video, false, NULL
	INTO found
	FROM appointment
		JOIN person doctor ON doctor.id = appointment.doctor
		JOIN person patient ON patient.id = appointment.patient
		JOIN visit_type ON visit_type.id = appointment.visit_type
	WHERE appointment.id = which;
	RETURN found;
END $$;
COMMENT ON FUNCTION clinic.booking(bigint, text) IS
	'What is said of an appointment that was held, booked, moved or cancelled.';

CREATE FUNCTION clinic.rest_of(span tstzrange, taken tstzrange)
RETURNS tstzrange
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN lower(taken) > lower(span) AND upper(taken) < upper(span)
		THEN tstzrange(upper(taken), upper(span)) ELSE span - taken END
$$;
COMMENT ON FUNCTION clinic.rest_of(tstzrange, tstzrange) IS
	'A span without what is taken of it; of two parts the later (hold).';

CREATE FUNCTION clinic.visit_book(who clinic.person, of_doctor bigint,
	for_patient bigint, of_type text, start_at timestamptz, in_series bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- Books one visit, or asks the doctor for it. The locks of both are held.
DECLARE
	wished wish := wish_of(who, for_patient, NULL, NULL, NULL, of_type);
	account bigint[] := CASE WHEN acts_for(who.id, for_patient)
		THEN who.id || ARRAY(SELECT id FROM person WHERE guardian = who.id)
		ELSE ARRAY[for_patient] END;
	at_now timestamptz := clinic.now();
	visit appointment;
	held bigint;
BEGIN
	wished.is_staff := is_staff_of(who.id, of_doctor);
	-- An account has so many, with those of its dependants.
	IF (SELECT count(*) >= 20 FROM unnest(account) one (id)
			JOIN appointment ON patient = one.id
		WHERE during && tstzrange(at_now, NULL) AND is_planned)
	THEN
		RAISE EXCEPTION '% twenty visits to come already, please cancel one first '
			'or ask the clinic', CASE WHEN acts_for(who.id, for_patient)
				THEN 'you have' ELSE 'the patient has' END
			USING ERRCODE = 'CL001';
	END IF;
	visit := slot_check(of_doctor, wished, start_at);
	visit.series := in_series;
	visit.state := CASE WHEN needs_approval(of_doctor, wished) THEN 'requested'
		ELSE 'booked' END;
	IF visit.state = 'requested' THEN
		visit.expires_at := request_ends(visit);
	END IF;
	SELECT id INTO held FROM appointment
	WHERE booked_by = who.id AND state = 'held' AND NOT is_offer
		AND doctor = of_doctor AND patient = for_patient
		AND visit_type = visit.visit_type AND during = visit.during
		AND blocked = visit.blocked;
	PERFORM holds_end(who.id, held);
	visit.id := held;
	RETURN appointment_put(visit, who.id);
END $$;
COMMENT ON FUNCTION clinic.visit_book(clinic.person, bigint, bigint, text,
	timestamptz, bigint) IS 'Books a free start, or what was held (book).';

CREATE FUNCTION clinic.request_ends(visit clinic.appointment)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT least(clinic.now() + approve_minutes * interval '1 minute',
		lower(visit.during))
	FROM doctor WHERE person = visit.doctor
$$;
COMMENT ON FUNCTION clinic.request_ends(clinic.appointment) IS
	'Until when the doctor has to answer a request.';
