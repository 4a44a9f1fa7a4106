-- waitlist.sql - waiting for time to come free, and answering what is offered.

CREATE FUNCTION api.waitlist(actor text)
RETURNS TABLE (id bigint, whom text, patient_name text, is_for_other boolean,
	first_day text, last_day text, time_from text, time_to text, place integer,
	kept_code text, kept_starts text, offer_code text, offer_doctor text,
	offer_starts text, offer_until text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What who asks and their dependants wait for: for whom, when (days by the clock
-- that was theirs then; last_day NULL: any), at which place in the line; the visit
-- that is kept until then; the time that is offered just now.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT own.id, waited_for(own), patient.name,
		patient.id <> who.id,
		to_char(lower(span) AT TIME ZONE own.zone, 'YYYY-MM-DD'),
		CASE WHEN upper(span) < at_now + interval '11 months' THEN
			to_char((upper(span) - interval '1 second') AT TIME ZONE own.zone,
				'YYYY-MM-DD') END,
		time_text(own.time_from), time_text(own.time_to),
		place_in_line(own), kept.code, local_text(lower(kept.during), who.zone),
		offered.code, doctor_title(doctor.name),
		local_text(lower(offered.during), who.zone),
		local_text(offered.expires_at, who.zone)
	FROM waiting own JOIN person patient ON patient.id = own.patient
		LEFT JOIN appointment kept ON kept.id = own.instead_of
			AND kept.is_planned AND lower(kept.during) > at_now
		LEFT JOIN offer ON offer.waiting = own.id AND offer.outcome IS NULL
			AND offer.told_at IS NOT NULL
		LEFT JOIN appointment offered ON offered.id = offer.appointment
			AND offered.state = 'held' AND offered.expires_at > at_now
		LEFT JOIN person doctor ON doctor.id = offered.doctor
	WHERE own.ended_at IS NULL
		AND (patient.id = who.id OR patient.guardian = who.id)
	ORDER BY own.created_at, own.id;
END $$;
COMMENT ON FUNCTION api.waitlist(text) IS
	'What who asks waits for, and at which place in the line.';

CREATE FUNCTION api.waitlist_join(actor text, of_doctor bigint, of_specialty bigint,
	day_from date, day_to date, time_from time, time_to time,
	of_type text DEFAULT NULL, of_patient bigint DEFAULT NULL)
RETURNS TABLE (id bigint, whom text, is_new boolean, place integer, kept_code text,
	kept_starts text, offer_code text, offer_doctor text, offer_starts text,
	offer_until text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Puts a patient on the waitlist of a doctor, or of a specialty, with a wish; who is
-- on it already keeps the place and changes the wish. A later visit there is kept
-- until an earlier one is booked. If something fits already it is offered at once.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	for_whom bigint := patient_for(who, of_patient);
	wanted tstzrange := days_window(day_from, day_to, who.zone)
		* tstzrange(clinic.now(), clinic.now() + interval '1 year');
	doctors bigint[] := (SELECT array_agg(person) FROM doctor
		WHERE is_active AND person <> for_whom AND CASE WHEN of_doctor IS NOT NULL
			THEN person = of_doctor ELSE person IN (SELECT doctor
				FROM doctor_specialty WHERE specialty = of_specialty) END);
	mine waiting;
	was_there boolean;
BEGIN
	IF num_nonnulls(of_doctor, of_specialty) <> 1 THEN
		RAISE EXCEPTION 'one waits for a doctor or for a specialty'
			USING ERRCODE = 'CL001';
	ELSIF doctors IS NULL THEN
		RAISE EXCEPTION 'there is no such %', CASE WHEN of_doctor IS NULL
			THEN 'specialty' ELSE 'doctor' END USING ERRCODE = 'CL003';
	ELSIF isempty(wanted) THEN
		RAISE EXCEPTION 'that time is over' USING ERRCODE = 'CL001';
	ELSIF recipient_of(for_whom) <> who.id THEN
		RAISE EXCEPTION 'patients join the waitlist themselves'
			USING ERRCODE = 'CL002';
	END IF;
	PERFORM doctors_lock(doctors);
	PERFORM patient_lock(for_whom);
	SELECT * INTO mine FROM waiting
	WHERE waiting.patient = for_whom AND ended_at IS NULL
		AND (doctor = of_doctor OR specialty = of_specialty) FOR UPDATE;
	was_there := mine.id IS NOT NULL;
	IF NOT was_there AND (SELECT count(*) >= 10 FROM waiting
		WHERE waiting.patient = for_whom AND ended_at IS NULL)
	THEN
		RAISE EXCEPTION 'you wait for ten doctors already, write "leave waitlist" '
			'first' USING ERRCODE = 'CL001';
	END IF;
	mine.instead_of := (SELECT appointment.id FROM appointment
		WHERE appointment.patient = for_whom AND during && tstzrange(lower(wanted), NULL)
			AND is_planned AND appointment.doctor = ANY (doctors)
			AND appointment.state IN ('booked', 'requested')
		ORDER BY during LIMIT 1);
	IF was_there THEN
		UPDATE waiting SET span = wanted, zone = who.zone,
			time_from = waitlist_join.time_from, time_to = waitlist_join.time_to,
			visit_type = plain(cleaned(of_type, 60)), instead_of = mine.instead_of
		WHERE waiting.id = mine.id RETURNING * INTO mine;
	ELSE
		INSERT INTO waiting (patient, doctor, specialty, visit_type, span, zone,
			time_from, time_to, instead_of)
		VALUES (for_whom, of_doctor, of_specialty, plain(cleaned(of_type, 60)), wanted,
			who.zone, waitlist_join.time_from, waitlist_join.time_to, mine.instead_of)
		RETURNING * INTO mine;
		PERFORM audit_put(actor, 'waitlist for another', format('person %s', for_whom))
		WHERE for_whom <> who.id;
	END IF;
	PERFORM offer_at_once(mine, doctors);
	RETURN QUERY SELECT own.id, own.whom, NOT was_there, own.place, own.kept_code,
		own.kept_starts, own.offer_code, own.offer_doctor, own.offer_starts,
		own.offer_until
	FROM api.waitlist(actor) own WHERE own.id = mine.id;
END $$;
COMMENT ON FUNCTION api.waitlist_join(text, bigint, bigint, date, date, time, time,
	text, bigint) IS 'Puts a patient on the waitlist; offers what fits already.';

CREATE FUNCTION api.waitlist_leave(actor text, which bigint)
RETURNS TABLE (whom text, patient_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes who asks, or a dependant, off the waitlist; what they were offered goes to
-- the next.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment;
	mine waiting;
BEGIN
	SELECT appointment.* INTO visit FROM offer
		JOIN appointment ON appointment.id = offer.appointment
	WHERE offer.waiting = which AND offer.outcome IS NULL
		AND appointment.state = 'held';
	PERFORM doctor_lock(visit.doctor) WHERE visit.id IS NOT NULL;
	UPDATE waiting SET ended_at = clinic.now(), outcome = 'left'
	WHERE waiting.id = which AND ended_at IS NULL AND acts_for(who.id, patient)
	RETURNING * INTO mine;
	IF mine.id IS NULL THEN
		RAISE EXCEPTION 'you are not on that waitlist' USING ERRCODE = 'CL003';
	END IF;
	SELECT * INTO visit FROM appointment
	WHERE appointment.id = visit.id AND state = 'held';
	PERFORM offer_end(visit, 'passed', who.id) WHERE visit.id IS NOT NULL;
	RETURN QUERY SELECT waited_for(mine), person.name FROM person
	WHERE person.id = mine.patient;
END $$;
COMMENT ON FUNCTION api.waitlist_leave(text, bigint) IS
	'Takes somebody off the waitlist.';

CREATE FUNCTION api.accept(actor text, which text) RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Takes a time that was offered: it is booked, or asked for where the doctor says
-- yes or no first; the visit that was kept until then (was_starts) is released when
-- it is booked. Once more changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := offer_get(which, who.id);
	kept appointment;
	wished wish;
	made said;
	is_again boolean := visit.state IN ('requested', 'booked');
BEGIN
	SELECT appointment.* INTO kept FROM offer
		JOIN appointment ON appointment.id = offer.instead_of
	WHERE offer.appointment = visit.id;
	IF NOT is_again AND (visit.state <> 'held' OR visit.expires_at <= clinic.now())
	THEN
		RAISE EXCEPTION 'that offer is over; %', offer_advice(visit)
			USING ERRCODE = 'CL004';
	ELSIF NOT is_again THEN
		wished.patient := visit.patient;
		-- A doctor who offers another time herself has said yes.
		wished.is_staff := coalesce(kept.doctor = visit.doctor AND EXISTS (
			SELECT FROM offer WHERE appointment = visit.id AND waiting IS NULL), false);
		visit.state := CASE WHEN needs_approval(visit.doctor, wished)
			THEN 'requested' ELSE 'booked' END;
		visit.expires_at := CASE WHEN visit.state = 'requested'
			THEN request_ends(visit) END;
		UPDATE offer SET answered_at = clinic.now() WHERE appointment = visit.id;
		IF kept.during && visit.during THEN
			PERFORM release_for(visit, kept.id, who.id); -- one place at a time
		END IF;
		visit := appointment_put(visit, who.id);
		PERFORM acted_for(actor, who.id, 'accept', visit);
	END IF;
	made := booking(visit.id, who.zone);
	made.is_again := is_again;
	made.was_starts := local_text(lower(kept.during), who.zone);
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.accept(text, text) IS 'Takes a time that was offered.';

CREATE FUNCTION api.pass(actor text, which text)
RETURNS TABLE (code text, doctor_name text, starts text, is_waiting boolean,
	kept_code text, kept_starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Does not take a time that was offered: it goes to the next. is_waiting: they still
-- wait; kept: the visit that they have instead.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := offer_get(which, who.id);
BEGIN
	IF visit.state IN ('requested', 'booked') THEN
		RAISE EXCEPTION 'the visit % is booked already, write "cancel" to cancel it',
			quoted(visit.code) USING ERRCODE = 'CL004';
	ELSIF visit.state = 'held' THEN
		PERFORM offer_end(visit, 'passed', who.id);
	END IF;
	RETURN QUERY SELECT visit.code, doctor_title(person.name),
		local_text(lower(visit.during), who.zone), waiting.ended_at IS NULL
			AND waiting.id IS NOT NULL, kept.code,
		local_text(lower(kept.during), who.zone)
	FROM offer JOIN person ON person.id = visit.doctor
		LEFT JOIN waiting ON waiting.id = offer.waiting
		LEFT JOIN appointment kept ON kept.id = offer.instead_of AND kept.is_planned
	WHERE offer.appointment = visit.id;
END $$;
COMMENT ON FUNCTION api.pass(text, text) IS
	'Does not take a time that was offered.';
