-- deliveries.sql - writing what leaves the clinic.

CREATE FUNCTION clinic.notices_put(new_kind text, visit clinic.appointment,
	old_during tstzrange, actor bigint, because text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO delivery (recipient, kind, appointment, during, was_during, reason)
	SELECT id, new_kind, visit.id, visit.during, old_during, because
	FROM person
	WHERE id IN (visit.doctor, recipient_of(visit.patient))
		AND id IS DISTINCT FROM actor AND jid IS NOT NULL
		-- A doctor who has left is told nothing of her patients any more.
		AND (id <> visit.doctor OR EXISTS (SELECT FROM doctor
			WHERE doctor.person = id AND is_active));
END $$;
COMMENT ON FUNCTION
	clinic.notices_put(text, clinic.appointment, tstzrange, bigint, text) IS
	'Tells a visit''s doctor and patient of a change, but not who made it.';

CREATE FUNCTION clinic.notices_join(visits bigint[], of_kind text) RETURNS void
LANGUAGE sql AS $$
	UPDATE delivery SET leader = one.leader
	FROM (SELECT id, first_value(id) OVER (PARTITION BY recipient ORDER BY id)
				AS leader
			FROM delivery
			WHERE appointment = ANY (visits) AND kind = of_kind
				AND outcome IS NULL AND claimed_at IS NULL
				AND created_at = clinic.now()) one
	WHERE delivery.id = one.id AND one.leader <> one.id
$$;
COMMENT ON FUNCTION clinic.notices_join(bigint[], text) IS
	'Tells of what was just booked or cancelled together in one message each.';

CREATE FUNCTION clinic.notices_gather(due bigint[]) RETURNS bigint[]
LANGUAGE plpgsql AS $$
-- What is due, and the notices that go with it in one message. One whose message
-- is not due goes alone.
BEGIN
	UPDATE delivery SET leader = NULL
	WHERE id = ANY (due) AND kind <> 'reminder' AND leader <> ALL (due);
	RETURN due || ARRAY(SELECT id FROM delivery
		WHERE leader = ANY (due) AND kind <> 'reminder' AND outcome IS NULL
			AND next_at <= clinic.now() AND id <> ALL (due)
		FOR UPDATE SKIP LOCKED);
END $$;
COMMENT ON FUNCTION clinic.notices_gather(bigint[]) IS
	'Keeps notices that are one message together (deliveries_claim).';

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
	-- What was told in the same message did not get through either.
	UPDATE delivery SET tries = missed.tries, holder = NULL, error = missed.error,
		outcome = missed.outcome, ended_at = missed.ended_at,
		next_at = missed.next_at, leader = NULL
	WHERE leader = which AND (outcome IS NULL OR outcome = 'sent');
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
