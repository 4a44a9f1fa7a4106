-- reminders.sql - when a patient is reminded, of what, and what was answered.
--
-- A visit's reminders are rows of "delivery", one for each length of time before
-- it. They are planned when the visit is made or moved or when somebody changes
-- what they wish, and looked at again when their time has come.

CREATE FUNCTION clinic.quiet(at timestamptz, zone text) RETURNS tstzrange
LANGUAGE plpgsql STABLE AS $$
-- The quiet hours around an instant by the clock of a zone, or NULL. When clocks
-- change in the middle they are taken as the clock shows them first.
DECLARE
	local timestamp := at AT TIME ZONE zone;
	first time;
	last time;
	day date := local::date;
	found tstzrange;
BEGIN
	SELECT quiet_from, quiet_to INTO first, last FROM clinic;
	IF first < last THEN
		IF local::time < first OR local::time >= last THEN
			RETURN NULL;
		END IF;
	ELSIF first > last THEN
		IF local::time < last THEN
			day := day - 1;
		ELSIF local::time < first THEN
			RETURN NULL;
		END IF;
	ELSE
		RETURN NULL;
	END IF;
	found := tstzrange(instant(day + first, zone),
		instant((CASE WHEN first < last THEN day ELSE day + 1 END) + last, zone));
	RETURN CASE WHEN found @> at THEN found END;
EXCEPTION WHEN data_exception THEN
	RETURN NULL; -- an hour that is skipped
END $$;
COMMENT ON FUNCTION clinic.quiet(timestamptz, text) IS
	'The quiet hours that an instant is in, by the clock of a zone; or NULL.';

CREATE FUNCTION clinic.is_useful(at timestamptz, minutes integer,
	starts timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT starts - at >= least(interval '10 minutes',
		minutes * interval '20 seconds')
$$;
COMMENT ON FUNCTION clinic.is_useful(timestamptz, integer, timestamptz) IS
	'Whether somebody who is reminded then can still come in time.';

CREATE FUNCTION clinic.reminder_time(starts timestamptz, minutes integer,
	zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
-- So long before the visit. In quiet hours: when they end, if half the time is
-- left then; else shortly before they begin.
DECLARE
	before interval := minutes * interval '1 minute';
	night tstzrange := quiet(starts - before, zone);
BEGIN
	RETURN CASE WHEN night IS NULL THEN starts - before
		WHEN starts - upper(night) >= before / 2 THEN upper(night)
		ELSE lower(night) - interval '10 minutes' END;
END $$;
COMMENT ON FUNCTION clinic.reminder_time(timestamptz, integer, text) IS
	'When somebody is reminded of a visit so many minutes before it.';

CREATE FUNCTION clinic.reminders_put(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
-- What is wanted no more, or for another time, goes; what has left the house
-- already is kept as dropped. What waits gets its time anew. What is missing is
-- written, unless its time was over, or all but over, when it was asked for.
DECLARE
	at_now timestamptz := clinic.now();
	margin constant interval := '10 minutes';
	own_zone text;
	wanted integer[] := '{}';
BEGIN
	IF visit.state = 'booked' AND lower(visit.during) > at_now THEN
		SELECT coalesce(person.reminders, clinic.reminders),
			coalesce(person.zone, clinic.zone) INTO wanted, own_zone
		FROM clinic, person
		WHERE person.id = recipient_of(visit.patient)
			AND person.jid IS NOT NULL;
		wanted := coalesce(wanted, '{}');
	END IF;
	DELETE FROM delivery
	WHERE appointment = visit.id AND outcome IS NULL AND kind = 'reminder'
		AND claimed_at IS NULL
		AND NOT (during = visit.during AND minutes_before = ANY (wanted));
	UPDATE delivery SET outcome = 'dropped', ended_at = at_now
	WHERE appointment = visit.id AND outcome IS NULL AND kind = 'reminder'
		AND NOT (during = visit.during AND minutes_before = ANY (wanted));
	UPDATE delivery
	SET next_at = reminder_time(lower(during), minutes_before, own_zone)
	WHERE appointment = visit.id AND outcome IS NULL AND kind = 'reminder'
		AND claimed_at IS NULL AND next_at > at_now;
	INSERT INTO delivery (recipient, kind, appointment, during, minutes_before,
		next_at)
	SELECT recipient_of(visit.patient), 'reminder', visit.id, visit.during, minutes, planned
	FROM (SELECT DISTINCT unnest(wanted) AS minutes) one CROSS JOIN LATERAL
		reminder_time(lower(visit.during), minutes, own_zone) planned
	WHERE least(planned, lower(visit.during) - minutes * interval '1 minute')
		> at_now + margin
	ON CONFLICT (appointment, minutes_before, during) WHERE kind = 'reminder'
		DO NOTHING;
END $$;
COMMENT ON FUNCTION clinic.reminders_put(clinic.appointment) IS
	'Makes a visit''s waiting reminders what they should be.';

CREATE FUNCTION clinic.reminders_rewrite(who bigint) RETURNS void
LANGUAGE sql AS $$
	SELECT reminders_put(appointment) FROM appointment
	WHERE patient IN (SELECT id FROM person WHERE id = who OR guardian = who)
		AND is_planned AND during && tstzrange(clinic.now(), NULL)
$$;
COMMENT ON FUNCTION clinic.reminders_rewrite(bigint) IS
	'Writes the reminders of a patient''s visits to come anew.';

CREATE FUNCTION clinic.reminders_rewrite_later() RETURNS void
LANGUAGE sql AS $$
	INSERT INTO reminder_change (appointment)
	SELECT appointment.id FROM doctor JOIN appointment
		ON appointment.doctor = doctor.person
			AND lower(during) > clinic.now()
	WHERE appointment.state = 'booked'
	ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION clinic.reminders_rewrite_later() IS
	'Has the post room write the reminders of every visit to come anew.';

CREATE FUNCTION clinic.reminders_rewrite_some(most integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	visit appointment;
BEGIN
	FOR visit IN WITH taken AS (DELETE FROM reminder_change
			WHERE appointment IN (SELECT appointment FROM reminder_change
				LIMIT most FOR UPDATE SKIP LOCKED) RETURNING appointment)
		SELECT appointment.* FROM taken
			JOIN appointment ON appointment.id = taken.appointment
	LOOP
		PERFORM reminders_put(visit);
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.reminders_rewrite_some(integer) IS
	'Writes the reminders of some such visits anew (deliveries_claim).';

CREATE FUNCTION clinic.reminders_sift(due bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
-- Of what is due: drops the reminders that came too late or for nothing, and
-- puts those off whose recipient has quiet hours now.
DECLARE
	at_now timestamptz := clinic.now();
BEGIN
	UPDATE delivery SET outcome = 'dropped', ended_at = at_now
	WHERE id = ANY (due) AND kind = 'reminder' AND (
		NOT is_useful(at_now, minutes_before, lower(during))
		OR NOT EXISTS (SELECT FROM appointment
			WHERE appointment.id = delivery.appointment
				AND appointment.state = 'booked'
				AND appointment.during = delivery.during)
		OR is_called_off(appointment)
		-- A later one has come, is due too, or will do better because less than
		-- a third of the time is left (half of it may have been the plan).
		OR EXISTS (SELECT FROM delivery other
			WHERE other.appointment = delivery.appointment
				AND other.kind = 'reminder' AND other.during = delivery.during
				AND other.minutes_before < delivery.minutes_before
				AND (other.outcome = 'sent' OR (other.outcome IS NULL
					AND (other.next_at <= at_now
						OR lower(delivery.during) - at_now
							< delivery.minutes_before * interval '20 seconds')))));
	UPDATE delivery SET holder = NULL, next_at = upper(night),
		outcome = CASE WHEN NOT is_useful(upper(night), minutes_before,
			lower(during)) THEN 'dropped'::delivery_outcome END,
		ended_at = CASE WHEN NOT is_useful(upper(night), minutes_before,
			lower(during)) THEN at_now END
	FROM person, clinic, quiet(at_now, coalesce(person.zone, clinic.zone)) night
	WHERE delivery.id = ANY (due) AND delivery.kind = 'reminder'
		AND outcome IS NULL AND person.id = delivery.recipient
		AND night IS NOT NULL;
END $$;
COMMENT ON FUNCTION clinic.reminders_sift(bigint[]) IS
	'Drops or puts off what is due but not to be sent now (deliveries_claim).';

CREATE FUNCTION clinic.day_of(at timestamptz, who bigint) RETURNS date
LANGUAGE sql STABLE AS $$
	SELECT (at AT TIME ZONE coalesce(person.zone, clinic.zone))::date
	FROM person, clinic WHERE person.id = who
$$;
COMMENT ON FUNCTION clinic.day_of(timestamptz, bigint) IS
	'The day of an instant by the clock of a person.';

CREATE FUNCTION clinic.reminders_join(due bigint[]) RETURNS bigint[]
LANGUAGE plpgsql AS $$
-- What is due, and the reminders that go with it in one message: of the same
-- person's visits on the same day, if they are due before the time until the
-- visit has halved. The first visit's one leads.
DECLARE
	at_now timestamptz := clinic.now();
	joined bigint[];
BEGIN
	SELECT due || coalesce(array_agg(id), '{}') INTO joined
	FROM (SELECT other.id
		FROM delivery JOIN delivery other ON other.recipient = delivery.recipient
				AND other.minutes_before = delivery.minutes_before
				AND other.appointment <> delivery.appointment
			JOIN appointment ON appointment.id = other.appointment
				AND appointment.state = 'booked'
				AND appointment.during = other.during
		WHERE delivery.id = ANY (due) AND delivery.kind = 'reminder'
			AND other.kind = 'reminder' AND other.outcome IS NULL
			AND other.holder IS NULL AND other.next_at > at_now
			AND other.next_at
				<= at_now + other.minutes_before * interval '1 minute'
			AND day_of(lower(other.during), other.recipient)
				= day_of(lower(delivery.during), other.recipient)
		FOR UPDATE OF other SKIP LOCKED) others;
	UPDATE delivery SET leader = nullif(one.lead, delivery.id)
	FROM (SELECT id, first_value(id) OVER (PARTITION BY recipient,
				day_of(lower(during), recipient) ORDER BY during, id) AS lead
		FROM delivery
		WHERE id = ANY (joined) AND kind = 'reminder') one
	WHERE delivery.id = one.id;
	RETURN joined;
END $$;
COMMENT ON FUNCTION clinic.reminders_join(bigint[]) IS
	'Puts reminders of several visits on one day into one message (deliveries_claim).';

CREATE FUNCTION clinic.told(message bigint) RETURNS SETOF clinic.appointment
LANGUAGE sql STABLE ROWS 1 AS $$
	SELECT appointment.* FROM delivery
		JOIN appointment ON appointment.id = delivery.appointment
	WHERE (delivery.id = message OR delivery.leader = message)
		AND delivery.kind = 'reminder' AND appointment.state = 'booked'
		AND appointment.during = delivery.during
		AND lower(appointment.during) > clinic.now()
	ORDER BY appointment.during
$$;
COMMENT ON FUNCTION clinic.told(bigint) IS
	'The visits, still to come, that a reminder''s message spoke of.';
