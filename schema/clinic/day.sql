-- day.sql - what happens on the day of a visit.

CREATE FUNCTION clinic.missed_count(who bigint) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT count(*)::integer FROM appointment
		WHERE patient = who AND state = 'noshow');
END $$;
COMMENT ON FUNCTION clinic.missed_count(bigint) IS
	'To how many visits a patient did not come.';

CREATE FUNCTION clinic.expected(which clinic.appointment) RETURNS tstzrange
LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT tstzrange(lower(which.during) + minutes * interval '1 minute',
			upper(which.during) + minutes * interval '1 minute')
		FROM delay
		WHERE delay.appointment = which.id AND delay.during = which.during
			AND minutes > 0 AND which.is_live);
END $$;
COMMENT ON FUNCTION clinic.expected(clinic.appointment) IS
	'The time that a patient was told instead of the booked one; NULL: none.';

CREATE FUNCTION clinic.mark_check(visit clinic.appointment, mark text,
	zone text) RETURNS void
LANGUAGE plpgsql STABLE AS $$
-- Refuses (CL004) what cannot be noted of a visit, in words.
DECLARE
	at_now timestamptz := clinic.now();
	why text;
BEGIN
	why := CASE
		WHEN visit.state = 'cancelled' THEN 'is cancelled'
		WHEN visit.state IN ('held', 'requested') THEN 'is not booked yet'
		WHEN visit.state = 'fulfilled' AND mark <> 'done' THEN 'is done already'
		WHEN mark = 'noshow' AND visit.started_at IS NOT NULL
			THEN 'is under way'
		WHEN (lower(visit.during) AT TIME ZONE zone)::date
				> (at_now AT TIME ZONE zone)::date
			THEN 'is not today'
		WHEN mark = 'noshow' AND lower(visit.during) > at_now
			THEN 'has not begun yet' END;
	IF why IS NOT NULL THEN
		RAISE EXCEPTION 'the visit % %', quoted(visit.code), why
			USING ERRCODE = 'CL004';
	END IF;
END $$;
COMMENT ON FUNCTION clinic.mark_check(clinic.appointment, text, text) IS
	'Refuses what cannot be noted of a visit (visit_mark).';
