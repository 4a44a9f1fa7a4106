-- away.sql - new times for those whose doctor will be away.

CREATE FUNCTION clinic.away_ends(visit clinic.appointment) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT least(clinic.now() + 8 * offer_minutes * interval '1 minute',
		lower(visit.during) - (lower(visit.during) - clinic.now()) / 4) FROM clinic
$$;
COMMENT ON FUNCTION clinic.away_ends(clinic.appointment) IS
	'Until when a new time is held for a patient whose doctor is away: longer than '
	'what is offered to those who wait.';
