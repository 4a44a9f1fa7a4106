-- requests.sql - visits that a doctor is asked for, and what is over by itself.

CREATE FUNCTION clinic.doctors_lock(doctors bigint[]) RETURNS void
LANGUAGE sql AS $$
	SELECT doctor_lock(id) FROM (SELECT DISTINCT unnest(doctors) AS id ORDER BY 1) one
	WHERE id IS NOT NULL
$$;
COMMENT ON FUNCTION clinic.doctors_lock(bigint[]) IS
	'The locks of several doctors, always in the same order.';

CREATE FUNCTION clinic.visit_lock(which bigint) RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- A visit with the locks of its doctor and patient, and of the doctor of the visit
-- that is released for it.
DECLARE
	visit appointment;
BEGIN
	SELECT * INTO visit FROM appointment WHERE id = which;
	PERFORM doctors_lock(ARRAY[visit.doctor, (SELECT appointment.doctor
		FROM offer JOIN appointment ON appointment.id = offer.instead_of
		WHERE offer.appointment = which)]);
	PERFORM patient_lock(visit.patient);
	SELECT * INTO visit FROM appointment WHERE id = which;
	RETURN visit;
END $$;
COMMENT ON FUNCTION clinic.visit_lock(bigint) IS
	'A visit, locked with all that changes with it (approve, decline, accept).';

CREATE FUNCTION clinic.was_answered(visit clinic.appointment)
RETURNS clinic.appointment_state
LANGUAGE sql STABLE AS $$
	SELECT state FROM appointment_event
	WHERE appointment = visit.id AND was = 'requested' AND state <> 'requested'
		AND NOT coalesce(acts_for(actor, visit.patient), false)
	ORDER BY id DESC LIMIT 1
$$;
COMMENT ON FUNCTION clinic.was_answered(clinic.appointment) IS
	'What a request became when the doctor answered, or did not; NULL: it was none.';

CREATE FUNCTION clinic.request_get(wanted_code text, who bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- The visit that a doctor was asked for, locked: for herself and for admins.
DECLARE
	visit appointment := appointment_get(wanted_code, who);
BEGIN
	IF NOT is_staff_of(who, visit.doctor) THEN
		RAISE EXCEPTION 'only the doctor can answer that' USING ERRCODE = 'CL002';
	END IF;
	visit := visit_lock(visit.id);
	IF visit.state = 'requested' AND visit.expires_at <= clinic.now() THEN
		RAISE EXCEPTION 'the request % is over, it was not answered in time',
			quoted(visit.code) USING ERRCODE = 'CL004';
	ELSIF visit.state <> 'requested' AND was_answered(visit) IS NULL THEN
		RAISE EXCEPTION '%', CASE visit.state
			WHEN 'cancelled' THEN format('the visit %s was cancelled by its patient',
				quoted(visit.code))
			ELSE format('the visit %s is no request, it is booked',
				quoted(visit.code)) END USING ERRCODE = 'CL004';
	END IF;
	RETURN visit;
END $$;
COMMENT ON FUNCTION clinic.request_get(text, bigint) IS
	'The visit that a doctor was asked for, locked (approve, decline).';

CREATE FUNCTION clinic.end_what_is_over(most integer) RETURNS void
LANGUAGE plpgsql AS $$
-- Ends holds, requests and offers whose time is over, and wishes of the waitlist;
-- and offers what came free when others were at work on it. All locks are taken before anything is changed, in the usual order.
DECLARE
	at_now timestamptz := clinic.now();
	due bigint[] := (SELECT array_agg(id) FROM (SELECT id FROM appointment
		WHERE expires_at <= at_now ORDER BY expires_at LIMIT most) first);
	visit appointment;
BEGIN
	PERFORM waitings_end(most);
	PERFORM doctors_lock((SELECT array_agg(doctor) FROM appointment
		WHERE id = ANY (due)));
	PERFORM patient_lock(patient) FROM (SELECT DISTINCT patient FROM appointment
		WHERE id = ANY (due) ORDER BY patient) patients;
	FOR visit IN SELECT * FROM appointment
		WHERE id = ANY (due) AND expires_at <= at_now ORDER BY id
	LOOP
		visit.state := 'cancelled';
		visit.expires_at := NULL;
		visit := appointment_put(visit, NULL);
	END LOOP;
	PERFORM freed_offer_some(most);
END $$;
COMMENT ON FUNCTION clinic.end_what_is_over(integer) IS
	'Ends what nobody answered in time (deliveries_claim).';

CREATE FUNCTION clinic.next_end() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT least((SELECT min(expires_at) FROM appointment
			WHERE expires_at IS NOT NULL),
		(SELECT min(upper(span)) FROM waiting WHERE ended_at IS NULL),
		(SELECT clinic.now() + interval '0.2 seconds' FROM freed LIMIT 1))
$$;
COMMENT ON FUNCTION clinic.next_end() IS
	'When something is over next by itself (deliveries_wait).';

CREATE FUNCTION clinic.spoken_of(who bigint, asked_at timestamptz,
	OUT message bigint, OUT topic text, OUT codes text, OUT visit text)
LANGUAGE plpgsql STABLE AS $$
-- What somebody was told last that can be answered, within 26 hours, if nothing
-- was asked since; else NULL. Of requests and offers all that were told since then
-- and are still open, for "yes" to mean the right one; an offer that is over is
-- spoken of too, so that this can be said.
DECLARE
	since timestamptz := greatest(clinic.now() - interval '26 hours', asked_at);
	last delivery;
BEGIN
	SELECT * INTO last FROM delivery
	WHERE recipient = who AND kind IN ('reminder', 'requested', 'request_moved',
			'offer', 'away_offer')
		AND claimed_at > clinic.now() - interval '26 hours'
		AND (outcome = 'sent' OR (outcome IS NULL AND holder IS NOT NULL))
	ORDER BY claimed_at DESC, id DESC LIMIT 1;
	IF last.id IS NULL OR last.is_answered OR last.claimed_at < asked_at THEN
		RETURN;
	END IF;
	message := last.id;
	topic := CASE last.kind WHEN 'reminder' THEN 'reminder'
		WHEN 'offer' THEN 'offer' WHEN 'away_offer' THEN 'offer'
		ELSE 'request' END;
	IF topic = 'reminder' THEN
		SELECT string_agg(code, ' ' ORDER BY during) INTO codes
		FROM told(coalesce(last.leader, last.id));
	ELSE
		SELECT string_agg(code, ' ' ORDER BY during) INTO codes FROM appointment
		WHERE state = CASE topic WHEN 'offer' THEN 'held' ELSE 'requested' END
			::appointment_state AND expires_at > clinic.now()
			AND id IN (SELECT appointment FROM delivery
				WHERE recipient = who AND NOT is_answered AND claimed_at >= since
					AND kind IN ('reminder', 'requested', 'request_moved',
						'offer', 'away_offer'));
	END IF;
	IF codes IS NULL AND topic = 'offer' THEN
		SELECT code INTO codes FROM appointment WHERE id = last.appointment;
	END IF;
	-- A reminder may be of a visit that is no more; then it is of nothing.
	IF codes IS NULL THEN
		topic := NULL;
	ELSIF topic = 'offer' THEN
		visit := (SELECT code FROM offer
			JOIN appointment ON appointment.id = offer.instead_of AND is_planned
			WHERE offer.appointment = last.appointment);
	ELSIF codes !~ ' ' THEN
		visit := codes;
	END IF;
END $$;
COMMENT ON FUNCTION clinic.spoken_of(bigint, timestamptz) IS
	'What "yes", "no" or "cancel" now means (hear).';
