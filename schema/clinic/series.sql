-- series.sql - visits that were booked together.

CREATE FUNCTION clinic.series_from(visit clinic.appointment)
RETURNS SETOF clinic.appointment
LANGUAGE sql STABLE AS $$
	SELECT * FROM appointment
	WHERE series = visit.series AND patient = visit.patient
		AND lower(during) >= lower(visit.during)
		AND lower(during) > clinic.now() AND state IN ('requested', 'booked')
	ORDER BY during
$$;
COMMENT ON FUNCTION clinic.series_from(clinic.appointment) IS
	'A visit and those after it of its series, as far as they are to come.';

CREATE FUNCTION clinic.series_visit(actor text, who clinic.person,
	of_doctor bigint, for_patient bigint, of_type text, local timestamp,
	first clinic.appointment) RETURNS clinic.appointment
LANGUAGE plpgsql AS $$
-- Books one visit of a series, or says why it cannot be (CL001, CL004). One that
-- is there already stands. first: of the series, as far as there is one.
DECLARE
	start_at timestamptz := instant(local, who.zone);
	last_day date := (clinic.now() AT TIME ZONE who.zone)::date
		+ (SELECT horizon_days FROM clinic);
	visit appointment;
BEGIN
	IF local::date > last_day THEN
		RAISE EXCEPTION 'that is too far ahead: you can book until % so far',
			to_char(last_day, 'FMDD Mon YYYY') USING ERRCODE = 'CL004';
	END IF;
	SELECT * INTO visit FROM appointment
	WHERE patient = for_patient AND doctor = of_doctor AND is_planned
		AND during && tstzrange(start_at, start_at, '[]')
		AND lower(during) = start_at;
	IF visit.id IS NULL THEN
		visit := visit_book(who, of_doctor, for_patient, of_type, start_at,
			coalesce(first.series, first.id));
		PERFORM acted_for(actor, who.id, 'book', visit);
	END IF;
	RETURN visit;
END $$;
COMMENT ON FUNCTION clinic.series_visit(text, clinic.person, bigint, bigint, text,
	timestamp, clinic.appointment) IS 'Books one visit of a series (book_series).';
