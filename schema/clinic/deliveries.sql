-- deliveries.sql - writing what leaves the clinic.

CREATE FUNCTION clinic.reminders_put(visit clinic.appointment) RETURNS void
LANGUAGE plpgsql AS $$
-- Takes a visit's waiting reminders away and, when it is booked, writes those
-- anew whose time is not over or all but over.
DECLARE
	margin constant interval := '10 minutes';
BEGIN
	DELETE FROM delivery
	WHERE appointment = visit.id AND outcome IS NULL AND kind = 'reminder';
	INSERT INTO delivery (recipient, kind, appointment, during, minutes_before,
		next_at)
	SELECT visit.patient, 'reminder', visit.id, visit.during, minutes,
		lower(visit.during) - minutes * interval '1 minute'
	FROM (SELECT DISTINCT unnest(reminders) AS minutes FROM clinic) wanted
	WHERE visit.state = 'booked'
		AND lower(visit.during) - minutes * interval '1 minute'
			> clinic.now() + margin
		AND EXISTS (SELECT FROM person
			WHERE person.id = visit.patient AND jid IS NOT NULL);
END $$;
COMMENT ON FUNCTION clinic.reminders_put(clinic.appointment) IS
	'Makes a visit''s waiting reminders what they should be.';

CREATE FUNCTION clinic.notices_put(new_kind text, visit clinic.appointment,
	old_during tstzrange, actor bigint, because text) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO delivery (recipient, kind, appointment, during, was_during, reason)
	SELECT id, new_kind, visit.id, visit.during, old_during, because
	FROM person
	WHERE id IN (visit.doctor, visit.patient) AND id IS DISTINCT FROM actor
		AND jid IS NOT NULL
$$;
COMMENT ON FUNCTION
	clinic.notices_put(text, clinic.appointment, tstzrange, bigint, text) IS
	'Tells a visit''s doctor and patient of a change, but not who made it.';

CREATE FUNCTION clinic.welcome_put(who bigint, new_kind text) RETURNS void
LANGUAGE sql AS $$
	INSERT INTO delivery (recipient, kind)
	SELECT id, new_kind FROM person WHERE id = who AND jid IS NOT NULL
$$;
COMMENT ON FUNCTION clinic.welcome_put(bigint, text) IS
	'Tells somebody that they are a doctor or an admin here now.';

CREATE FUNCTION clinic.delivery_miss(which bigint, why text) RETURNS void
LANGUAGE plpgsql AS $$
-- A delivery did not get through: again in 1, 2, 4 ... at most 120 minutes; after
-- ten tries it is dead and every admin is told once.
DECLARE
	missed delivery;
BEGIN
	UPDATE delivery SET tries = tries + 1, holder = NULL,
		error = cleaned(why, 200),
		outcome = CASE WHEN tries + 1 >= 10 THEN 'dead'::delivery_outcome END,
		ended_at = CASE WHEN tries + 1 >= 10 THEN clinic.now() END,
		next_at = clinic.now() + least(interval '2 hours',
			interval '1 minute' * 2 ^ tries)
	WHERE id = which RETURNING * INTO missed;
	IF missed.outcome = 'dead' AND missed.kind <> 'dead_letter' THEN
		INSERT INTO delivery (recipient, kind, appointment, during, reason, note)
		SELECT admin.id, 'dead_letter', missed.appointment, missed.during,
			cleaned(why, 200),
			left(format('%s for %s', replace(missed.kind, '_', ' '),
				coalesce(person.name, person.jid)), 500)
		FROM person JOIN role ON role.role = 'admin'
			JOIN person admin ON admin.id = role.person
		WHERE person.id = missed.recipient AND admin.jid IS NOT NULL;
	END IF;
END $$;
COMMENT ON FUNCTION clinic.delivery_miss(bigint, text) IS
	'Plans the next try of a delivery, or gives it up.';
