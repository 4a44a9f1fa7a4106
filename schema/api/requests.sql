-- requests.sql - visits that a doctor is asked for, and what she says.

CREATE FUNCTION api.approval(actor text)
RETURNS TABLE (is_on boolean, minutes integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Whether the doctor who asks says yes or no to each visit, and within how long.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	RETURN QUERY SELECT approves, approve_minutes FROM doctor
	WHERE person = who.id;
END $$;
COMMENT ON FUNCTION api.approval(text) IS
	'Whether a doctor says yes or no to each visit first.';

CREATE FUNCTION api.approval_set(actor text, is_wanted boolean,
	new_minutes integer)
RETURNS TABLE (is_on boolean, minutes integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Changes that; NULL leaves it as it is. What was asked before waits on.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	IF new_minutes NOT BETWEEN 5 AND 43200 THEN
		RAISE EXCEPTION 'a request waits for 5 minutes to 30 days for its answer'
			USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctor_lock(who.id);
	UPDATE doctor SET approves = coalesce(is_wanted, approves),
		approve_minutes = coalesce(new_minutes, approve_minutes)
	WHERE person = who.id;
	PERFORM audit_put(actor, 'approval', NULL);
	RETURN QUERY SELECT * FROM api.approval(actor);
END $$;
COMMENT ON FUNCTION api.approval_set(text, boolean, integer) IS
	'Changes whether a doctor says yes or no to each visit first.';

CREATE FUNCTION api.questions(actor text)
RETURNS TABLE (code text, kind text, doctor_name text, patient_name text,
	starts text, ends text, until text, visit_type text, is_usual boolean,
	missed integer, is_mine boolean, is_for_other boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- What waits for a yes or no of who asks, soonest first: visits that a doctor is
-- asked for (an admin sees those of every doctor), times that somebody is offered.
-- kind: 'request' or 'offer'. missed: to how many visits the patient did not come.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	at_now timestamptz := clinic.now();
	is_admin boolean := has_role(who.id, 'admin');
BEGIN
	RETURN QUERY SELECT visit.code, CASE visit.state WHEN 'held' THEN 'offer'
			ELSE 'request' END, doctor_title(doctor.name), patient_title(patient.id),
		local_text(lower(visit.during), who.zone),
		local_text(upper(visit.during), who.zone),
		local_text(visit.expires_at, who.zone), visit_type.name,
		visit_type.id = usual.id, missed_count(visit.patient),
		visit.doctor = who.id, patient.guardian IS NOT DISTINCT FROM who.id
	FROM (SELECT appointment.* FROM doctor JOIN appointment
				ON appointment.doctor = doctor.person
			WHERE appointment.state = 'requested' AND appointment.expires_at > at_now
				AND (is_admin OR doctor.person = who.id AND has_role(who.id, 'doctor'))
		UNION ALL SELECT appointment.*
			FROM (SELECT who.id UNION ALL SELECT id FROM person
				WHERE guardian = who.id) mine (id)
				JOIN appointment ON appointment.patient = mine.id
					AND lower(during) > at_now
				JOIN offer ON offer.appointment = appointment.id
			WHERE appointment.state = 'held' AND appointment.expires_at > at_now
				AND told_at IS NOT NULL) visit
		JOIN person doctor ON doctor.id = visit.doctor
		JOIN person patient ON patient.id = visit.patient
		JOIN visit_type ON visit_type.id = visit.visit_type
		LEFT JOIN LATERAL chosen_type(visit.doctor, NULL, NULL) usual ON true
	ORDER BY visit.during, visit.id LIMIT 300;
END $$;
COMMENT ON FUNCTION api.questions(text) IS
	'What waits for a yes or no of who asks: requests and offers.';

CREATE FUNCTION api.approve(actor text, which text) RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The doctor, or an admin, says yes to a visit that she was asked for: it is booked.
-- Once more changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := request_get(which, who.id);
	made said;
	is_again boolean := visit.state <> 'requested';
BEGIN
	IF is_again AND was_answered(visit) <> 'booked' THEN
		RAISE EXCEPTION 'the request % is over: it was declined, or not answered in '
			'time', quoted(visit.code) USING ERRCODE = 'CL004';
	ELSIF is_again AND visit.state = 'cancelled' THEN
		RAISE EXCEPTION 'the visit % is cancelled already', quoted(visit.code)
			USING ERRCODE = 'CL004';
	ELSIF NOT is_again THEN
		visit.state := 'booked';
		visit.expires_at := NULL;
		visit := appointment_put(visit, who.id);
		PERFORM acted_for(actor, who.id, 'approve', visit);
	END IF;
	made := booking(visit.id, who.zone);
	made.is_again := is_again;
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.approve(text, text) IS
	'The doctor says yes to a visit that she was asked for.';

CREATE FUNCTION api.decline(actor text, which text, because text)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The doctor, or an admin, says no to a visit that she was asked for; the patient is
-- told the reason. Once more changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := request_get(which, who.id);
	made said;
	is_again boolean := visit.state <> 'requested';
BEGIN
	IF is_again AND was_answered(visit) = 'booked' AND visit.state <> 'cancelled'
	THEN
		RAISE EXCEPTION 'the visit % is booked already, write "cancel" to cancel it',
			quoted(visit.code) USING ERRCODE = 'CL004';
	ELSIF NOT is_again THEN
		visit.state := 'cancelled';
		visit.expires_at := NULL;
		visit := appointment_put(visit, who.id, cleaned(because, 200));
		PERFORM acted_for(actor, who.id, 'decline', visit);
	END IF;
	made := booking(visit.id, who.zone);
	made.is_again := is_again;
	RETURN NEXT made;
END $$;
COMMENT ON FUNCTION api.decline(text, text, text) IS
	'The doctor says no to a visit that she was asked for.';
