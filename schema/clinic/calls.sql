-- calls.sql - what becomes of calls, and what is told of them.

CREATE FUNCTION clinic.address_of(who bigint) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT local FROM address WHERE person = who
	ORDER BY is_doctors DESC, given_at, local LIMIT 1
$$;
COMMENT ON FUNCTION clinic.address_of(bigint) IS
	'The clinic address by which others know somebody; NULL: none.';

CREATE FUNCTION clinic.hides_ip(who bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT coalesce(person.hides_ip, clinic.hides_ip) FROM person, clinic
	WHERE person.id = who
$$;
COMMENT ON FUNCTION clinic.hides_ip(bigint) IS
	'Whether somebody''s calls go through relays only (book_people).';

CREATE FUNCTION clinic.call_window(during tstzrange) RETURNS tstzrange
LANGUAGE sql STABLE AS $$
	SELECT tstzrange(lower(during) - call_before_minutes * interval '1 minute',
		upper(during) + call_after_minutes * interval '1 minute') FROM clinic
$$;
COMMENT ON FUNCTION clinic.call_window(tstzrange) IS
	'When the patient of a video visit may call for it.';

CREATE FUNCTION clinic.video_visits(of_doctor bigint, of_patient bigint)
RETURNS SETOF clinic.appointment
LANGUAGE sql STABLE AS $$
	-- A guardian calls for the child.
	SELECT appointment.* FROM (SELECT of_patient AS id
			UNION ALL SELECT id FROM person WHERE guardian = of_patient) about
		JOIN appointment ON appointment.patient = about.id
	WHERE doctor = of_doctor AND is_video
		AND state IN ('booked', 'arrived', 'fulfilled', 'noshow')
		AND lower(during) > clinic.now() - interval '3 days'
	ORDER BY during
$$;
COMMENT ON FUNCTION clinic.video_visits(bigint, bigint) IS
	'The video visits of a doctor and a patient that are to come or hardly over.';

CREATE FUNCTION clinic.visit_to_call(of_doctor bigint, of_patient bigint,
	at timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$
	SELECT id FROM video_visits(of_doctor, of_patient)
	WHERE call_window(during) @> at
	ORDER BY (during @> at) DESC, abs(extract(epoch FROM lower(during) - at))
	LIMIT 1
$$;
COMMENT ON FUNCTION clinic.visit_to_call(bigint, bigint, timestamptz) IS
	'The video visit for which a call at that time is; NULL: none.';

CREATE FUNCTION clinic.call_why(was clinic.call, by_doctor boolean, why text)
RETURNS clinic.call_ending
LANGUAGE sql IMMUTABLE AS $$
	-- why: what our side did with it, or a reason of Jingle's (XEP-0166).
	SELECT CASE
		WHEN why IN ('offline', 'refused') THEN why::call_ending
		WHEN why ~ '^(connectivity-error|failed-|general-error|timeout|gone'
			'|media-error|security-error|unsupported-|incompatible-|error)'
			AND (was.answered_at IS NOT NULL OR by_doctor <> was.is_doctors)
			THEN 'failed'
		WHEN was.answered_at IS NOT NULL THEN 'hung_up'
		WHEN by_doctor = was.is_doctors THEN 'missed'
		WHEN why = 'busy' THEN 'busy'
		ELSE 'declined' END::call_ending
$$;
COMMENT ON FUNCTION clinic.call_why(clinic.call, boolean, text) IS
	'Why a call ended, from who ended it and what they said.';

CREATE FUNCTION clinic.call_put(of_doctor bigint, of_patient bigint,
	of_sid text, by_doctor boolean, happened text, what text, at timestamptz)
RETURNS void
LANGUAGE plpgsql AS $$
-- Something happened to a call: it begun (what: "video" or "audio"), rang, was
-- answered, is between these devices (what: the caller's and the callee's, sealed,
-- "-" for one that was not seen), or ended (what: why). In any order, and again
-- without harm. What is said of a call that never begun here, or has ended, changes
-- nothing.
DECLARE
	one call;
BEGIN
	IF happened = 'begun' THEN
		PERFORM calls_close(of_doctor, of_patient, at);
		INSERT INTO call (doctor, patient, is_doctors, sid, is_video, appointment,
			begun_at)
		VALUES (of_doctor, of_patient, by_doctor, of_sid, what = 'video',
			visit_to_call(of_doctor, of_patient, at), at)
		ON CONFLICT DO NOTHING RETURNING * INTO one;
		PERFORM call_will_be_missed(one) WHERE one.id IS NOT NULL;
		RETURN;
	END IF;
	SELECT * INTO one FROM call
	WHERE doctor = of_doctor AND patient = of_patient AND sid = of_sid
		AND ended_at IS NULL
	ORDER BY begun_at DESC LIMIT 1 FOR UPDATE;
	IF one.id IS NULL THEN
		RETURN;
	ELSIF happened = 'rang' THEN
		UPDATE call SET rang_at = at WHERE id = one.id AND rang_at IS NULL;
	ELSIF happened = 'answered' AND one.answered_at IS NULL THEN
		UPDATE call SET answered_at = at WHERE id = one.id RETURNING * INTO one;
		PERFORM call_not_missed(one.id);
		PERFORM call_visit(one);
	ELSIF happened = 'devices' THEN
		UPDATE call SET caller_device = nullif(split_part(what, ' ', 1), '-'),
			callee_device = nullif(split_part(what, ' ', 2), '-')
		WHERE id = one.id;
	ELSIF happened = 'ended' THEN
		PERFORM call_end(one, call_why(one, by_doctor, what), at);
	END IF;
END $$;
COMMENT ON FUNCTION clinic.call_put(bigint, bigint, text, boolean, text, text,
	timestamptz) IS 'Notes what happened to a call (note_put).';

CREATE FUNCTION clinic.call_end(one clinic.call, why clinic.call_ending,
	at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	ended call;
BEGIN
	UPDATE call SET ended_at = greatest(at, answered_at, begun_at), ending = why
	WHERE id = one.id AND ended_at IS NULL RETURNING * INTO ended;
	IF ended.answered_at IS NOT NULL THEN
		PERFORM call_visit(ended);
	ELSIF why IN ('declined', 'refused') THEN
		PERFORM call_not_missed(ended.id);
	ELSE
		UPDATE delivery SET next_at = least(next_at, clinic.now())
		WHERE call = ended.id AND outcome IS NULL AND holder IS NULL;
		NOTIFY delivery;
	END IF;
END $$;
COMMENT ON FUNCTION
	clinic.call_end(clinic.call, clinic.call_ending, timestamptz) IS
	'Ends a call: who missed it is told, and its visit is over.';

CREATE FUNCTION clinic.call_will_be_missed(one clinic.call) RETURNS void
LANGUAGE sql AS $$
	-- Nobody's phone rings longer than that, and not every app says that it stops.
	INSERT INTO delivery (recipient, kind, call, appointment, during, next_at)
	SELECT id, 'missed_call', one.id, one.appointment,
		tstzrange(one.begun_at, one.begun_at, '[]'),
		clinic.now() + interval '2 minutes'
	FROM person
	WHERE id = CASE WHEN one.is_doctors THEN one.patient ELSE one.doctor END
		AND jid IS NOT NULL
$$;
COMMENT ON FUNCTION clinic.call_will_be_missed(clinic.call) IS
	'Tells who is called that they missed it, unless it is answered in time.';

CREATE FUNCTION clinic.call_not_missed(which bigint) RETURNS void
LANGUAGE sql AS $$
	UPDATE delivery SET outcome = 'dropped', ended_at = clinic.now()
	WHERE call = which AND outcome IS NULL
$$;
COMMENT ON FUNCTION clinic.call_not_missed(bigint) IS
	'Nobody is told of a call that was answered or declined.';

CREATE FUNCTION clinic.calls_close(of_doctor bigint, of_patient bigint,
	at timestamptz) RETURNS void
LANGUAGE sql AS $$
	-- Two who call each other at once have two calls, and one soon ends. Who talks
	-- may be called again meanwhile, and says no.
	SELECT call_end(call, 'missed', at) FROM call
	WHERE doctor = of_doctor AND patient = of_patient AND ended_at IS NULL
		AND answered_at IS NULL AND begun_at < at - interval '2 minutes'
$$;
COMMENT ON FUNCTION clinic.calls_close(bigint, bigint, timestamptz) IS
	'Ends the calls that nobody answered, when the same two call again.';

CREATE FUNCTION clinic.call_visit(one clinic.call) RETURNS void
LANGUAGE plpgsql AS $$
-- The visit of a call that was answered has begun; one that ended after a minute
-- or more is over.
DECLARE
	visit appointment;
	was appointment_state;
BEGIN
	IF one.appointment IS NULL THEN
		RETURN;
	END IF;
	SELECT * INTO visit FROM appointment WHERE id = one.appointment;
	PERFORM doctor_lock(visit.doctor);
	PERFORM patient_lock(visit.patient);
	SELECT * INTO visit FROM appointment WHERE id = one.appointment;
	was := visit.state;
	IF visit.state NOT IN ('booked', 'arrived', 'noshow') THEN
		RETURN;
	ELSIF one.ended_at >= one.answered_at + interval '1 minute' THEN
		visit.state := 'fulfilled';
		PERFORM visit_over_put(visit);
	ELSE
		visit.state := 'arrived';
	END IF;
	IF visit.state <> was OR visit.started_at IS NULL THEN
		visit.started_at := coalesce(visit.started_at, one.answered_at);
		PERFORM appointment_put(visit, one.doctor);
	END IF;
EXCEPTION WHEN SQLSTATE 'CL004' THEN
	NULL; -- nobody came, and its time was given to somebody else since
END $$;
COMMENT ON FUNCTION clinic.call_visit(clinic.call) IS
	'Notes of a call''s visit that it has begun, or is over.';

CREATE FUNCTION clinic.visit_over_put(visit clinic.appointment) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO delivery (recipient, kind, appointment, during)
	SELECT id, 'visit_over', visit.id, visit.during FROM person
	WHERE id IN (visit.doctor, recipient_of(visit.patient)) AND jid IS NOT NULL
	ON CONFLICT (appointment, recipient) WHERE kind = 'visit_over' DO NOTHING
$$;
COMMENT ON FUNCTION clinic.visit_over_put(clinic.appointment) IS
	'Asks the doctor for a note of a visit, and the patient how it was.';

-- When a video visit begins ------------------------------------------------------

CREATE FUNCTION clinic.call_now_put(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
-- Both are told when their video visit begins, with a room to meet in. What was
-- planned for another time goes.
DECLARE
	is_wanted boolean := visit.is_video AND visit.state = 'booked'
		AND lower(visit.during) > clinic.now();
BEGIN
	IF visit.state IN ('arrived', 'fulfilled') THEN
		RETURN;
	END IF;
	UPDATE delivery SET outcome = 'dropped', ended_at = clinic.now()
	WHERE appointment = visit.id AND kind = 'call_now' AND outcome IS NULL
		AND NOT (is_wanted AND during = visit.during);
	IF is_wanted THEN
		INSERT INTO meeting (appointment) VALUES (visit.id)
		ON CONFLICT DO NOTHING;
		INSERT INTO delivery (recipient, kind, appointment, during, next_at)
		SELECT id, 'call_now', visit.id, visit.during, lower(visit.during)
		FROM person
		WHERE id IN (visit.doctor, recipient_of(visit.patient))
			AND jid IS NOT NULL
		-- It may be moved away and back again.
		ON CONFLICT (appointment, recipient, during) WHERE kind = 'call_now'
			DO UPDATE SET outcome = NULL, ended_at = NULL, holder = NULL
			WHERE delivery.outcome = 'dropped';
	END IF;
END $$;
COMMENT ON FUNCTION clinic.call_now_put(clinic.appointment) IS
	'Plans that both are told when their video visit begins (appointment_put).';

CREATE FUNCTION clinic.calls_sift(due bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
-- Of what is due: a call that nobody answered by now is missed; who talk already,
-- or whose visit is not then any more, need not be told to call.
BEGIN
	PERFORM call_end(one, 'missed', clinic.now()) FROM delivery
		JOIN call one ON one.id = delivery.call
	WHERE delivery.id = ANY (due) AND delivery.outcome IS NULL
		AND one.ended_at IS NULL;
	UPDATE delivery SET outcome = 'dropped', ended_at = clinic.now()
	WHERE id = ANY (due) AND outcome IS NULL AND kind = 'call_now'
		AND NOT EXISTS (SELECT FROM appointment
			WHERE appointment.id = delivery.appointment
				AND appointment.during = delivery.during
				AND state IN ('booked', 'arrived') AND started_at IS NULL
				AND clinic.now() < upper(appointment.during));
END $$;
COMMENT ON FUNCTION clinic.calls_sift(bigint[]) IS
	'Drops what need not be said of calls any more (deliveries_claim).';

CREATE FUNCTION clinic.meeting_link(visit bigint) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT replace(meeting_url, '{room}', room) FROM clinic, meeting
	WHERE appointment = visit
$$;
COMMENT ON FUNCTION clinic.meeting_link(bigint) IS
	'Where a video visit meets when an app cannot call; NULL: nowhere.';
