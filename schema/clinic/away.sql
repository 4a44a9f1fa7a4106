-- away.sql - new times for those whose doctor will be away.

CREATE FUNCTION clinic.away_ends(visit clinic.appointment) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT least(clinic.now() + 8 * offer_minutes * interval '1 minute',
		lower(visit.during) - (lower(visit.during) - clinic.now()) / 4) FROM clinic
$$;
COMMENT ON FUNCTION clinic.away_ends(clinic.appointment) IS
	'Until when a new time is held for a patient whose doctor is away: longer than '
	'what is offered to those who wait.';

CREATE FUNCTION clinic.is_called_off(which bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM appointment visit
		JOIN time_off ON time_off.doctor = visit.doctor
			AND time_off.during && visit.during
		WHERE visit.id = which AND (EXISTS (SELECT FROM offer
				WHERE instead_of = visit.id AND waiting IS NULL)
			OR EXISTS (SELECT FROM delivery
				WHERE delivery.appointment = visit.id AND kind = 'away')))
$$;
COMMENT ON FUNCTION clinic.is_called_off(bigint) IS
	'Whether a patient was told that a visit cannot take place: the doctor is away '
	'then (reminders_sift).';

CREATE FUNCTION clinic.away_visits(of_doctor bigint)
RETURNS TABLE (id bigint, answer text, offered bigint)
LANGUAGE plpgsql STABLE AS $$
-- A doctor's visits that are still booked in her time off, soonest first, and what
-- their patients say: 'unasked' (nobody asked them), 'asked', 'told' (there was no
-- time to offer), 'no' (not that time), or 'silent' (the offer is over).
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT visit.id, CASE WHEN last.id IS NULL AND told.id IS NULL
			THEN 'unasked'
		WHEN last.id IS NULL THEN 'told'
		WHEN last.outcome IS NULL AND last.expires_at > clinic.now() THEN 'asked'
		WHEN last.outcome = 'passed' THEN 'no' ELSE 'silent' END, last.id
	FROM time_off JOIN appointment visit ON visit.doctor = time_off.doctor
			AND visit.blocked && time_off.during AND visit.is_live
		LEFT JOIN LATERAL (SELECT offer.appointment AS id, outcome, expires_at
			FROM offer JOIN appointment ON appointment.id = offer.appointment
			WHERE instead_of = visit.id AND waiting IS NULL
			ORDER BY offer.created_at DESC LIMIT 1) last ON true
		LEFT JOIN LATERAL (SELECT delivery.id FROM delivery
			WHERE delivery.appointment = visit.id AND kind = 'away'
				AND delivery.during = visit.during LIMIT 1) told ON true
	WHERE time_off.doctor = of_doctor
		AND time_off.during && tstzrange(clinic.now(), NULL)
		AND visit.during && time_off.during
		AND visit.state IN ('booked', 'requested')
		-- What is past was not called off, unless its patient was told so.
		AND (lower(visit.during) > clinic.now() OR num_nonnulls(last.id, told.id) > 0)
	ORDER BY visit.during;
END $$;
COMMENT ON FUNCTION clinic.away_visits(bigint) IS
	'A doctor''s visits in her time off, and what their patients say.';

CREATE FUNCTION clinic.away_start(visit clinic.appointment, doctors bigint[],
	reach interval) RETURNS clinic.appointment
LANGUAGE plpgsql STABLE AS $$
-- The first free time of some doctors after a visit's begin, of a visit of the same
-- kind; an empty row when there is none in reach.
DECLARE
	who person;
	wished wish;
	type visit_type;
	found record;
	made appointment;
	soon timestamptz := greatest(lower(visit.during),
		clinic.now() + interval '1 hour');
BEGIN
	SELECT * INTO who FROM person WHERE id = recipient_of(visit.patient);
	who.zone := coalesce(who.zone, (SELECT zone FROM clinic));
	wished := wish_of(who, visit.patient, tstzrange(soon, soon + reach), NULL, NULL,
		(SELECT name FROM visit_type WHERE id = visit.visit_type));
	wished.asker := NULL;
	wished.is_staff := true;
	-- A colleague may see the patient at the very time.
	IF visit.doctor <> ALL (doctors) THEN
		wished.moving := visit.id;
	END IF;
	SELECT * INTO found FROM next_free(array_remove(doctors, visit.patient), wished)
	ORDER BY start LIMIT 1;
	IF found.start IS NOT NULL THEN
		SELECT * INTO type FROM chosen_type(found.doctor, wished.visit_type, NULL);
		made.doctor := found.doctor;
		made.patient := visit.patient;
		made.visit_type := type.id;
		made.during := tstzrange(found.start,
			found.start + type.minutes * interval '1 minute');
		made.blocked := buffered(made.during, type);
		made.fee := type.fee;
		made.currency := type.currency;
		made.is_video := type.is_video;
	END IF;
	RETURN made;
END $$;
COMMENT ON FUNCTION clinic.away_start(clinic.appointment, bigint[], interval) IS
	'The first free time for a patient whose doctor is away (away_offers).';

CREATE FUNCTION clinic.away_offer(visit clinic.appointment, colleagues bigint[])
RETURNS void
LANGUAGE plpgsql AS $$
-- Apologises to a patient and holds a new time: the doctor's next within a week, a
-- colleague's, or hers later; when there is none that is told. Not in quiet hours,
-- unless the visit is near. The locks of all these doctors are held.
DECLARE
	made appointment := away_start(visit, ARRAY[visit.doctor], '7 days');
	told_to person;
	night tstzrange;
	tell_at timestamptz := clinic.now();
BEGIN
	IF made.doctor IS NULL THEN
		made := away_start(visit, colleagues, '7 days');
	END IF;
	IF made.doctor IS NULL THEN
		made := away_start(visit, ARRAY[visit.doctor], '2 years');
	END IF;
	SELECT * INTO told_to FROM person WHERE id = recipient_of(visit.patient);
	night := quiet(tell_at, coalesce(told_to.zone, (SELECT zone FROM clinic)));
	IF lower(visit.during) - upper(night) >= interval '1 hour' THEN
		tell_at := upper(night);
	END IF;
	IF told_to.jid IS NULL THEN
		RETURN;
	ELSIF made.doctor IS NULL THEN
		INSERT INTO delivery (recipient, kind, appointment, during, next_at)
		VALUES (told_to.id, 'away', visit.id, visit.during, tell_at);
	ELSE
		PERFORM offer_write(made, NULL, visit.id, 'away_offer', tell_at);
	END IF;
END $$;
COMMENT ON FUNCTION clinic.away_offer(clinic.appointment, bigint[]) IS
	'Apologises to a patient whose doctor is away, and holds a new time (away_offers).';
