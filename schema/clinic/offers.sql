-- offers.sql - the waitlist: who is offered what comes free.
--
-- appointment_put and those who change a doctor's hours say what came free
-- (time_freed). When the transaction ends, whoever waits longest and whom it fits
-- gets it held, as an offer; when the offer comes to nothing it is free again, and
-- so goes to the next.

CREATE FUNCTION clinic.is_awaited(of_doctor bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM waiting
			WHERE ended_at IS NULL AND waiting.doctor = of_doctor)
		OR EXISTS (SELECT FROM doctor_specialty JOIN waiting
				ON waiting.specialty = doctor_specialty.specialty
					AND ended_at IS NULL
			WHERE doctor_specialty.doctor = of_doctor);
END $$;
COMMENT ON FUNCTION clinic.is_awaited(bigint) IS
	'Whether anybody waits for a doctor''s time.';

CREATE FUNCTION clinic.time_freed(of_doctor bigint, span tstzrange)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO freed (doctor, span) SELECT of_doctor, span
	WHERE (upper(span) IS NULL OR upper(span) > clinic.now())
		AND is_awaited(of_doctor);
END $$;
COMMENT ON FUNCTION clinic.time_freed(bigint, tstzrange) IS
	'Has a doctor''s time that came free offered when the transaction ends.';

CREATE FUNCTION clinic.rooms_freed(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT cardinality(needs) = 0 FROM visit_type
		WHERE id = visit.visit_type)
	THEN
		RETURN; -- as most do; else every doctor would be looked at
	END IF;
	INSERT INTO freed (doctor, span)
	SELECT DISTINCT doctor.person, visit.blocked
	FROM visit_type own JOIN visit_type type ON type.needs && own.needs
			AND type.is_active
		JOIN doctor ON doctor.is_active AND doctor.person <> visit.doctor
			AND (doctor.person = type.doctor OR EXISTS (
				SELECT FROM doctor_specialty
				WHERE doctor_specialty.doctor = doctor.person
					AND doctor_specialty.specialty = type.specialty))
	WHERE own.id = visit.visit_type AND cardinality(own.needs) > 0
		AND upper(visit.blocked) > clinic.now() AND is_awaited(doctor.person)
		-- Another doctor who is busy just now is not waited for.
		AND pg_try_advisory_xact_lock(1, hashint8(doctor.person));
END $$;
COMMENT ON FUNCTION clinic.rooms_freed(clinic.appointment) IS
	'Has the time of other doctors offered who lacked a room that came free '
	'(appointment_put).';

CREATE FUNCTION clinic.hold_put(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
-- The post room ends a hold in time if somebody waits for that doctor. An offer that
-- was ended is over.
BEGIN
	IF visit.is_offer AND visit.state = 'cancelled' THEN
		UPDATE offer SET outcome = 'over'
		WHERE appointment = visit.id AND outcome IS NULL;
		PERFORM offer_missed(offer) FROM offer WHERE appointment = visit.id;
	ELSIF NOT visit.is_offer AND visit.state = 'held'
		AND is_awaited(visit.doctor)
	THEN
		NOTIFY delivery;
	END IF;
END $$;
COMMENT ON FUNCTION clinic.hold_put(clinic.appointment) IS
	'What follows from a hold or its end (appointment_put).';

CREATE FUNCTION clinic.offer_missed(made clinic.offer) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO freed (doctor, span)
	SELECT DISTINCT visit.doctor, event.was_during
	FROM waiting JOIN appointment visit
			ON visit.doctor IN (SELECT waiting.doctor UNION ALL SELECT doctor
				FROM doctor_specialty
				WHERE doctor_specialty.specialty = waiting.specialty)
				AND lower(visit.during) > clinic.now()
		JOIN appointment_event event ON event.appointment = visit.id
			AND event.at >= (SELECT min(created_at) FROM offer
				WHERE offer.waiting = made.waiting)
			AND (event.state = 'cancelled' OR event.was_during <> event.during)
			AND event.was_during && waiting.span
	WHERE waiting.id = made.waiting AND ended_at IS NULL
		-- Another doctor who is busy just now is not waited for.
		AND (visit.doctor = made.doctor
			OR pg_try_advisory_xact_lock(1, hashint8(visit.doctor)))
$$;
COMMENT ON FUNCTION clinic.offer_missed(clinic.offer) IS
	'Has what came free while somebody had other offers offered to them when those '
	'are over, if it is still free (hold_put, waiting_served).';

CREATE FUNCTION clinic.free_parts(of_doctor bigint, span tstzrange)
RETURNS tstzmultirange
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(range_agg(during * span), '{}') FROM opening
			WHERE doctor = of_doctor AND during && span)
		- (SELECT coalesce(range_agg(blocked), '{}') FROM appointment
			WHERE doctor = of_doctor AND blocked && span AND is_live)
		- (SELECT coalesce(range_agg(during), '{}') FROM time_off
			WHERE doctor = of_doctor AND during && span)
		- closed(span);
END $$;
COMMENT ON FUNCTION clinic.free_parts(bigint, tstzrange) IS
	'What of a span a doctor works and is free (offers_make).';

CREATE FUNCTION clinic.offer_tell_at(starts timestamptz, zone text)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN starts - tell_at >= interval '15 minutes' THEN tell_at END
	FROM (SELECT coalesce(upper(quiet(clinic.now(), zone)), clinic.now())
		AS tell_at) one
$$;
COMMENT ON FUNCTION clinic.offer_tell_at(timestamptz, text) IS
	'When somebody is told of a free time: now, or when their quiet hours end; '
	'NULL: that would be too late.';

CREATE FUNCTION clinic.offer_ends(told_at timestamptz, starts timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT told_at + greatest(interval '5 minutes', least((starts - told_at) / 4,
		offer_minutes * interval '1 minute')) FROM clinic
$$;
COMMENT ON FUNCTION clinic.offer_ends(timestamptz, timestamptz) IS
	'Until when an offer that was told then is held: shorter when the visit is near.';

CREATE FUNCTION clinic.waiting_wish(one clinic.waiting, span tstzrange)
RETURNS clinic.wish
LANGUAGE plpgsql STABLE AS $$
-- What somebody on the waitlist wishes in a span. No staff's privileges, and what
-- they hold just now is not free either.
DECLARE
	made wish;
	who person;
BEGIN
	SELECT * INTO who FROM person WHERE id = recipient_of(one.patient);
	who.zone := one.zone;
	made := wish_of(who, one.patient, one.span * span, one.time_from, one.time_to,
		one.visit_type);
	made.asker := NULL;
	made.is_staff := false;
	RETURN made;
END $$;
COMMENT ON FUNCTION clinic.waiting_wish(clinic.waiting, tstzrange) IS
	'What somebody on the waitlist wishes in a span.';

CREATE FUNCTION clinic.offer_write(visit clinic.appointment, of_waiting bigint,
	in_place_of bigint, new_kind text, tell_at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
-- Holds a time for somebody and has them told; its doctor's lock is held. Until they
-- are told it is held to the last moment at which that has sense.
DECLARE
	told_to bigint := recipient_of(visit.patient);
BEGIN
	visit.state := 'held';
	visit.is_offer := true;
	visit.expires_at := lower(visit.during) - interval '15 minutes';
	visit := appointment_put(visit, told_to);
	INSERT INTO offer (appointment, waiting, instead_of, doctor, starts_at)
	VALUES (visit.id, of_waiting, in_place_of, visit.doctor, lower(visit.during));
	INSERT INTO delivery (recipient, kind, appointment, during, was_during, next_at,
		note)
	VALUES (told_to, new_kind, visit.id, visit.during,
		(SELECT during FROM appointment WHERE id = in_place_of), tell_at,
		(SELECT doctor_title(name) FROM appointment kept
			JOIN person ON person.id = kept.doctor WHERE kept.id = in_place_of));
	RETURN visit.id;
END $$;
COMMENT ON FUNCTION clinic.offer_write(clinic.appointment, bigint, bigint, text,
	timestamptz) IS 'Holds a time for somebody and has them told.';

CREATE FUNCTION clinic.offer_try(one clinic.waiting, of_doctor bigint,
	freed tstzrange) RETURNS bigint
LANGUAGE plpgsql AS $$
-- Offers the first start of a free span that fits somebody on the waitlist: not one
-- that they were offered before, nor one that is no earlier than the visit they
-- have. Its doctor's lock is held. NULL: there is none, or somebody else deals with
-- this person just now.
DECLARE
	later timestamptz := (SELECT lower(during) FROM appointment
		WHERE id = one.instead_of AND is_planned);
	own_zone text := (SELECT coalesce(person.zone, clinic.zone) FROM person, clinic
		WHERE person.id = recipient_of(one.patient));
	soon timestamptz := clinic.now() + interval '15 minutes';
	type visit_type;
	visit appointment;
	start_at timestamptz;
BEGIN
	SELECT * INTO type FROM chosen_type(of_doctor, one.visit_type, NULL);
	SELECT free.start INTO start_at
	FROM free_starts(ARRAY[of_doctor], one.span * tstzrange(soon, NULL)
			* tstzrange(NULL, later) * tstzrange(lower(freed)
				- (type.minutes + type.after_minutes) * interval '1 minute',
				upper(freed) + type.before_minutes * interval '1 minute'),
		waiting_wish(one, tstzrange(lower(freed) - interval '1 day',
			upper(freed) + interval '1 day'))) free
	WHERE buffered(tstzrange(free.start, free.start + free.length), type) && freed
		AND offer_tell_at(free.start, own_zone) IS NOT NULL
		AND NOT EXISTS (SELECT FROM offer WHERE offer.waiting = one.id
			AND offer.doctor = of_doctor AND offer.starts_at = free.start)
	ORDER BY free.start LIMIT 1;
	IF start_at IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM FROM waiting WHERE id = one.id AND ended_at IS NULL
	FOR UPDATE SKIP LOCKED;
	IF NOT FOUND OR EXISTS (SELECT FROM offer
		WHERE offer.waiting = one.id AND outcome IS NULL)
	THEN
		RETURN NULL;
	END IF;
	visit.doctor := of_doctor;
	visit.patient := one.patient;
	visit.visit_type := type.id;
	visit.during := tstzrange(start_at, start_at + type.minutes * interval '1 minute');
	visit.blocked := buffered(visit.during, type);
	visit.fee := type.fee;
	visit.currency := type.currency;
	visit.is_video := type.is_video;
	RETURN offer_write(visit, one.id,
		CASE WHEN later IS NOT NULL THEN one.instead_of END, 'offer',
		offer_tell_at(start_at, own_zone));
END $$;
COMMENT ON FUNCTION clinic.offer_try(clinic.waiting, bigint, tstzrange) IS
	'Offers what is free in a span to somebody on the waitlist, if it fits.';

CREATE FUNCTION clinic.offers_make(of_doctor bigint, freed tstzrange)
RETURNS void
LANGUAGE plpgsql AS $$
-- Offers what is free in a span to those who wait, first come, first offered, one
-- offer to each. Whoever has an offer already is passed over.
DECLARE
	one waiting;
BEGIN
	PERFORM doctor_lock(of_doctor);
	IF NOT EXISTS (SELECT FROM doctor WHERE person = of_doctor AND is_active) THEN
		RETURN;
	END IF;
	freed := freed * tstzrange(clinic.now() + interval '15 minutes',
		clinic.now() + (SELECT horizon_days + 2 FROM clinic) * interval '1 day');
	FOR one IN SELECT waiting.* FROM waiting
		JOIN person ON person.id = recipient_of(waiting.patient)
			AND person.jid IS NOT NULL
		WHERE ended_at IS NULL AND waiting.patient <> of_doctor
			AND waiting.span && tstzrange(lower(freed) - interval '1 day',
				upper(freed) + interval '1 day')
			AND (waiting.doctor = of_doctor OR waiting.specialty IN (
				SELECT specialty FROM doctor_specialty
				WHERE doctor_specialty.doctor = of_doctor))
			AND NOT EXISTS (SELECT FROM offer
				WHERE offer.waiting = waiting.id AND outcome IS NULL)
		ORDER BY waiting.created_at, waiting.id
	LOOP
		EXIT WHEN isempty(freed) OR isempty(free_parts(of_doctor, freed));
		PERFORM offer_try(one, of_doctor, freed);
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.offers_make(bigint, tstzrange) IS
	'Offers what is free in a span to those who wait (at a transaction''s end).';

CREATE FUNCTION clinic.freed_offer(one clinic.freed) RETURNS void
LANGUAGE plpgsql AS $$
-- Never waits for the doctor's lock: at a transaction's end a patient's lock is
-- held, which comes after it. Then the post room does it. What came free twice is
-- offered once.
BEGIN
	IF NOT pg_try_advisory_xact_lock(1, hashint8(one.doctor)) THEN
		NOTIFY delivery;
	ELSIF EXISTS (SELECT FROM freed WHERE id = one.id) THEN
		DELETE FROM freed WHERE doctor = one.doctor AND span <@ one.span;
		PERFORM offers_make(one.doctor, one.span);
	END IF;
END $$;
COMMENT ON FUNCTION clinic.freed_offer(clinic.freed) IS
	'Offers what came free, if nobody else changes that calendar just now.';

CREATE FUNCTION clinic.freed_offer_some(most integer) RETURNS void
LANGUAGE sql AS $$
	SELECT freed_offer(one) FROM (SELECT * FROM freed ORDER BY id LIMIT most
		FOR UPDATE SKIP LOCKED) one
$$;
COMMENT ON FUNCTION clinic.freed_offer_some(integer) IS
	'Offers what could not be offered when it came free (deliveries_claim).';

CREATE FUNCTION clinic.offer_end(visit clinic.appointment, how text,
	who bigint) RETURNS void
LANGUAGE plpgsql AS $$
-- Ends an offer that comes to nothing; its doctor's lock is held. The time goes to
-- the next when the transaction ends.
BEGIN
	UPDATE offer SET outcome = how, answered_at = CASE WHEN who IS NOT NULL
		THEN clinic.now() END
	WHERE appointment = visit.id AND outcome IS NULL;
	visit.state := 'cancelled';
	visit.expires_at := NULL;
	visit := appointment_put(visit, who);
END $$;
COMMENT ON FUNCTION clinic.offer_end(clinic.appointment, text, bigint) IS
	'Ends an offer that comes to nothing (pass, leave, off_add).';

CREATE FUNCTION clinic.offers_withdraw(of_doctor bigint, span tstzrange)
RETURNS void
LANGUAGE sql AS $$
	SELECT doctors_lock((SELECT array_agg(doctor) FROM offer
		WHERE outcome IS NULL AND (of_doctor IS NULL OR doctor = of_doctor)));
	SELECT offer_end(held, 'over', NULL) FROM (SELECT appointment.*
		FROM offer JOIN appointment ON appointment.id = offer.appointment
		WHERE offer.outcome IS NULL AND appointment.state = 'held' AND during && span
			AND (of_doctor IS NULL OR offer.doctor = of_doctor)
		ORDER BY appointment.id FOR UPDATE OF appointment) held
$$;
COMMENT ON FUNCTION clinic.offers_withdraw(bigint, tstzrange) IS
	'Ends the offers of a time at which a doctor (NULL: everybody) is away after all '
	'(off_add, holiday_add).';

CREATE FUNCTION clinic.opened(of_doctor bigint) RETURNS tstzmultirange
LANGUAGE sql STABLE AS $$
	SELECT coalesce(range_agg(during), '{}') FROM opening
	WHERE opening.doctor = of_doctor AND during && tstzrange(clinic.now(), NULL)
		AND is_awaited(of_doctor)
$$;
COMMENT ON FUNCTION clinic.opened(bigint) IS
	'When a doctor works from now on, if anybody waits for her (times_freed).';

CREATE FUNCTION clinic.times_freed(of_doctor bigint, before tstzmultirange)
RETURNS void
LANGUAGE sql AS $$
	SELECT time_freed(of_doctor, part) FROM unnest(opened(of_doctor) - before) part
$$;
COMMENT ON FUNCTION clinic.times_freed(bigint, tstzmultirange) IS
	'Has the hours offered that a doctor works now and did not before (hours_set, '
	'also_add).';

CREATE FUNCTION clinic.release_for(visit clinic.appointment, in_place_of bigint,
	actor bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	gone appointment;
BEGIN
	SELECT * INTO gone FROM appointment WHERE id = in_place_of
		AND id <> visit.id AND state IN ('booked', 'requested');
	IF gone.id IS NOT NULL THEN
		gone.state := 'cancelled';
		gone.expires_at := NULL;
		gone := appointment_put(gone, actor,
			format('another time is booked instead (%s)', visit.code));
	END IF;
END $$;
COMMENT ON FUNCTION clinic.release_for(clinic.appointment, bigint, bigint) IS
	'Releases the visit that was kept until another was booked.';

CREATE FUNCTION clinic.waiting_served(put clinic.appointment,
	old clinic.appointment, actor bigint) RETURNS void
LANGUAGE plpgsql AS $$
-- What a visit that was booked or ended means for the waitlist: an offer that was
-- booked ends the waiting and releases the visit that was kept; who books as they
-- wished waits no more, and who books a later time keeps that until then.
DECLARE
	made offer;
	is_new boolean := old.state IS NULL OR old.state IN ('held', 'requested');
BEGIN
	IF put.is_offer AND put.state IN ('booked', 'cancelled') THEN
		UPDATE offer SET answered_at = coalesce(answered_at, clinic.now()),
			outcome = CASE put.state WHEN 'booked' THEN 'booked' ELSE 'over' END
		WHERE appointment = put.id AND outcome IS NULL RETURNING * INTO made;
		IF made.outcome = 'booked' THEN
			UPDATE waiting SET ended_at = clinic.now(), outcome = 'booked'
			WHERE id = made.waiting AND ended_at IS NULL;
			PERFORM release_for(put, made.instead_of, actor);
		ELSIF made.outcome = 'over' THEN
			PERFORM offer_missed(made);
		END IF;
	END IF;
	IF put.state = 'booked' AND (is_new OR put.during <> old.during) THEN
		UPDATE waiting SET
			ended_at = CASE WHEN is_fit THEN clinic.now() END,
			outcome = CASE WHEN is_fit THEN 'booked' END,
			instead_of = CASE WHEN is_fit THEN instead_of ELSE put.id END
		FROM (SELECT wished.id, lower(put.during) <@ wished.span
				AND (is_new OR lower(put.during) < lower(old.during))
				AND is_time((lower(put.during) AT TIME ZONE wished.zone)::time,
					wished.time_from, wished.time_to) AS is_fit
			FROM waiting wished
			WHERE wished.patient = put.patient AND wished.ended_at IS NULL
				AND (wished.doctor = put.doctor OR wished.specialty IN (
					SELECT specialty FROM doctor_specialty
					WHERE doctor_specialty.doctor = put.doctor))) one
		WHERE waiting.id = one.id AND (is_fit OR waiting.instead_of IS NULL
			AND lower(put.during) > lower(waiting.span));
	END IF;
END $$;
COMMENT ON FUNCTION clinic.waiting_served(clinic.appointment, clinic.appointment,
	bigint) IS 'What a change of a visit means for the waitlist (appointment_put).';

CREATE FUNCTION clinic.waitings_end(most integer) RETURNS void
LANGUAGE plpgsql AS $$
-- Ends wishes for a time that has passed, and says so.
DECLARE
	one waiting;
BEGIN
	FOR one IN SELECT * FROM waiting
		WHERE ended_at IS NULL AND upper(span) <= clinic.now()
		ORDER BY upper(span) LIMIT most FOR UPDATE SKIP LOCKED
	LOOP
		UPDATE waiting SET ended_at = clinic.now(), outcome = 'over'
		WHERE id = one.id;
		INSERT INTO delivery (recipient, kind, note)
		SELECT person.id, 'wait_over', waited_for(one) FROM person
		WHERE person.id = recipient_of(one.patient) AND person.jid IS NOT NULL;
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.waitings_end(integer) IS
	'Ends wishes of the waitlist for a time that has passed (end_what_is_over).';

CREATE FUNCTION clinic.waited_for(one clinic.waiting) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT concat_ws(', ', CASE WHEN one.doctor IS NOT NULL
			THEN (SELECT doctor_title(name) FROM person WHERE id = one.doctor)
			ELSE (SELECT name FROM specialty WHERE id = one.specialty) END,
		coalesce((SELECT name FROM visit_type
			WHERE plain = one.visit_type AND is_active
				AND (visit_type.doctor = one.doctor
					OR visit_type.specialty = one.specialty
					OR EXISTS (SELECT FROM doctor_specialty
						WHERE doctor_specialty.doctor
								= coalesce(one.doctor, visit_type.doctor)
							AND doctor_specialty.specialty
								= coalesce(one.specialty, visit_type.specialty)))
			ORDER BY visit_type.doctor NULLS LAST, id LIMIT 1), one.visit_type))
$$;
COMMENT ON FUNCTION clinic.waited_for(clinic.waiting) IS
	'Dr. Ana Ruiz, or Cardiology; and the kind of visit, if one was said.';

CREATE FUNCTION clinic.place_in_line(one clinic.waiting) RETURNS integer
LANGUAGE sql STABLE AS $$
	SELECT 1 + count(*)::integer FROM waiting other
	WHERE other.ended_at IS NULL AND (other.created_at, other.id)
			< (one.created_at, one.id)
		AND (other.doctor = one.doctor OR other.specialty = one.specialty
			OR EXISTS (SELECT FROM doctor_specialty
				WHERE doctor_specialty.doctor = coalesce(one.doctor, other.doctor)
					AND doctor_specialty.specialty
						= coalesce(one.specialty, other.specialty)))
$$;
COMMENT ON FUNCTION clinic.place_in_line(clinic.waiting) IS
	'How many wait for the same doctor or specialty since earlier, plus one.';

CREATE FUNCTION clinic.offers_tell(due bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
-- Of what is due: drops requests and offers that are over, puts offers off in quiet
-- hours, and lets the time of the others run from now.
DECLARE
	at_now timestamptz := clinic.now();
	visit appointment;
	one record;
BEGIN
	UPDATE delivery SET outcome = 'dropped', ended_at = at_now
	WHERE id = ANY (due) AND (kind IN ('requested', 'request_moved')
			AND NOT EXISTS (SELECT FROM appointment
				WHERE appointment.id = delivery.appointment
					AND appointment.state = 'requested'
					AND appointment.during = delivery.during
					AND expires_at > at_now)
		OR kind IN ('offer', 'away_offer') AND NOT EXISTS (SELECT FROM appointment
			WHERE appointment.id = delivery.appointment
				AND appointment.state = 'held' AND expires_at > at_now));
	FOR one IN SELECT live AS visit, offer.waiting,
			CASE kind WHEN 'offer' THEN offer_tell_at(lower(delivery.during),
				coalesce(person.zone, clinic.zone)) ELSE at_now END AS tell_at
		FROM delivery JOIN offer ON offer.appointment = delivery.appointment
				AND told_at IS NULL
			JOIN appointment live ON live.id = delivery.appointment
			JOIN person ON person.id = delivery.recipient CROSS JOIN clinic
		WHERE delivery.id = ANY (due) AND kind IN ('offer', 'away_offer')
			AND delivery.outcome IS NULL AND live.state = 'held'
		FOR UPDATE OF live
	LOOP
		visit := one.visit;
		IF one.tell_at > at_now THEN
			UPDATE delivery SET next_at = one.tell_at
			WHERE id = ANY (due) AND appointment = visit.id;
			CONTINUE;
		END IF;
		visit.expires_at := CASE WHEN one.tell_at IS NULL THEN at_now
			WHEN one.waiting IS NULL THEN away_ends(visit)
			ELSE offer_ends(at_now, lower(visit.during)) END;
		visit := appointment_put(visit, NULL);
		UPDATE offer SET told_at = at_now WHERE offer.appointment = visit.id;
		UPDATE delivery SET outcome = 'dropped', ended_at = at_now
		WHERE id = ANY (due) AND appointment = visit.id
			AND one.tell_at IS NULL;
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.offers_tell(bigint[]) IS
	'Drops or puts off offers that are due, or starts their time (deliveries_claim).';

CREATE FUNCTION clinic.offer_get(wanted_code text, who bigint)
RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- The visit that somebody, or their dependant, was offered, locked.
DECLARE
	visit appointment;
BEGIN
	SELECT * INTO visit FROM appointment
	WHERE code = read_code(wanted_code) AND is_offer AND acts_for(who, patient);
	IF visit.id IS NULL THEN
		RAISE EXCEPTION 'there is no offer %', quoted(upper(btrim(wanted_code)))
			USING ERRCODE = 'CL003';
	END IF;
	RETURN visit_lock(visit.id);
END $$;
COMMENT ON FUNCTION clinic.offer_get(text, bigint) IS
	'The visit that somebody was offered, locked (accept, pass).';

CREATE FUNCTION clinic.offer_advice(visit clinic.appointment) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN waiting.id IS NOT NULL AND waiting.ended_at IS NULL
			THEN 'you are still on the waitlist, and I tell you when something '
				'comes free'
		WHEN waiting.id IS NULL AND kept.id IS NOT NULL
			THEN format('write "move %s" to choose another time, or "cancel %s"',
				kept.code, kept.code)
		ELSE 'write "book" to find another time' END
	FROM offer LEFT JOIN waiting ON waiting.id = offer.waiting
		LEFT JOIN appointment kept ON kept.id = offer.instead_of AND kept.is_planned
	WHERE offer.appointment = visit.id
$$;
COMMENT ON FUNCTION clinic.offer_advice(clinic.appointment) IS
	'What somebody can do whose offer is over.';

CREATE FUNCTION clinic.offer_at_once(one clinic.waiting, doctors bigint[])
RETURNS void
LANGUAGE plpgsql AS $$
-- Offers what fits already to who has just joined; it is told in the answer. The
-- doctors' locks are held.
DECLARE
	wished wish;
	first record;
	made appointment;
BEGIN
	one.span := one.span * tstzrange(clinic.now() + interval '15 minutes', NULL)
		* tstzrange(NULL, (SELECT lower(during) FROM appointment
			WHERE id = one.instead_of AND is_planned));
	IF isempty(one.span) OR EXISTS (SELECT FROM offer
		WHERE offer.waiting = one.id AND outcome IS NULL)
	THEN
		RETURN;
	END IF;
	SELECT * INTO first FROM next_free(doctors, waiting_wish(one, one.span))
	ORDER BY start LIMIT 1;
	IF first.start IS NULL THEN
		RETURN;
	END IF;
	made.id := offer_try(one, first.doctor,
		tstzrange(first.start, first.start + interval '1 minute'));
	SELECT * INTO made FROM appointment WHERE id = made.id;
	IF made.id IS NOT NULL THEN
		made.expires_at := offer_ends(clinic.now(), lower(made.during));
		made := appointment_put(made, NULL);
		UPDATE offer SET told_at = clinic.now() WHERE appointment = made.id;
		UPDATE delivery SET outcome = 'sent', claimed_at = clinic.now(),
			ended_at = clinic.now()
		WHERE appointment = made.id AND kind = 'offer';
	END IF;
END $$;
COMMENT ON FUNCTION clinic.offer_at_once(clinic.waiting, bigint[]) IS
	'Offers what fits already to who joins the waitlist (waitlist_join).';
