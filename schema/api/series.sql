-- series.sql - several visits that are booked, or cancelled, together.

CREATE FUNCTION api.book_series(actor text, of_doctor bigint, times jsonb,
	of_type text, of_patient bigint, is_sure boolean)
RETURNS TABLE (code text, starts text, reason text, state text, doctor_name text,
	patient_name text, visit_type text, is_video boolean, fee text, currency text,
	reminders text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Books visits that start at these times of the asker's clock, ["2026-12-07 10:00",
-- ...]: all of them or none. A row for each, in order of time: with its code, or
-- with the reason why it cannot be; then no row has a code. is_sure false: only
-- tells what could be. What is booked already, so and with that doctor, stands.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	for_patient bigint := patient_for(who, of_patient);
	locals timestamp[];
	made said[] := '{}';
	reasons text[] := '{}';
	first appointment;
	visit appointment;
	is_undone boolean := false;
BEGIN
	IF jsonb_typeof(times) IS DISTINCT FROM 'array'
		OR jsonb_array_length(times) NOT BETWEEN 1 AND 60
		OR EXISTS (SELECT FROM jsonb_array_elements_text(times) one
			WHERE one !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$')
	THEN
		RAISE EXCEPTION 'a series has 1 to 60 visits' USING ERRCODE = 'CL001';
	END IF;
	SELECT array_agg(DISTINCT one::timestamp ORDER BY one::timestamp) INTO locals
	FROM jsonb_array_elements_text(times) one;
	PERFORM doctor_lock(of_doctor);
	PERFORM patient_lock(for_patient);
	BEGIN
		FOR i IN 1 .. cardinality(locals) LOOP
			BEGIN
				visit := series_visit(actor, who, of_doctor, for_patient, of_type,
					locals[i], first);
				made[i] := booking(visit.id, who.zone);
				first := CASE WHEN first.id IS NULL THEN visit ELSE first END;
			EXCEPTION WHEN SQLSTATE 'CL001' OR SQLSTATE 'CL004' THEN
				reasons[i] := SQLERRM;
			END;
		END LOOP;
		IF first.series IS NULL AND cardinality(locals) > 1
			AND first.state IN ('requested', 'booked')
		THEN
			first.series := first.id;
			first := appointment_put(first, who.id);
		END IF;
		PERFORM notices_join(ARRAY(SELECT id FROM appointment
			WHERE code = ANY (ARRAY(SELECT (one).code FROM unnest(made) one))),
			'booked');
		IF NOT is_sure OR cardinality(reasons) > 0 THEN
			RAISE EXCEPTION 'all or nothing' USING ERRCODE = 'CL009';
		END IF;
	EXCEPTION WHEN SQLSTATE 'CL009' THEN
		is_undone := true;
	END;
	RETURN QUERY SELECT CASE WHEN NOT is_undone THEN (made[i]).code END,
		to_char(locals[i], 'YYYY-MM-DD HH24:MI'), reasons[i], (made[i]).state,
		(made[i]).doctor_name, (made[i]).patient_name, (made[i]).visit_type,
		(made[i]).is_video, (made[i]).fee, (made[i]).currency,
		(made[i]).reminders
	FROM generate_series(1, cardinality(locals)) i ORDER BY i;
END $$;
COMMENT ON FUNCTION api.book_series(text, bigint, jsonb, text, bigint, boolean) IS
	'Books several visits, all or none, and says which cannot be and why.';

CREATE FUNCTION api.cancel_several(actor text, codes text, because text)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Cancels the visits with these codes (a space between them), soonest first: all of
-- them, or none when one cannot be.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visits appointment[];
	visit appointment;
BEGIN
	SELECT array_agg(one ORDER BY one.during, one.id) INTO visits
	FROM (SELECT DISTINCT word FROM regexp_split_to_table(codes, ' +') word) named,
		appointment_get(word, who.id) one;
	IF visits IS NULL THEN
		RAISE EXCEPTION 'no visit is named' USING ERRCODE = 'CL001';
	END IF;
	PERFORM doctors_lock(ARRAY(SELECT doctor FROM unnest(visits)));
	PERFORM patient_lock(patient)
	FROM (SELECT DISTINCT patient FROM unnest(visits) ORDER BY patient) patients;
	FOREACH visit IN ARRAY visits LOOP
		RETURN QUERY SELECT * FROM api.cancel(actor, visit.code, because);
	END LOOP;
	PERFORM notices_join(ARRAY(SELECT id FROM unnest(visits)), 'cancelled');
END $$;
COMMENT ON FUNCTION api.cancel_several(text, text, text) IS
	'Cancels several visits together.';

CREATE FUNCTION api.cancel_following(actor text, which text, because text)
RETURNS SETOF clinic.said
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Cancels a visit and those after it of its series, soonest first. The same who
-- may cancel each; once more, soon after, changes nothing.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	visit appointment := appointment_get(which, who.id);
	visits bigint[] := '{}';
	made said;
BEGIN
	IF visit.state = 'cancelled' THEN
		FOR visit IN SELECT * FROM appointment
			WHERE series = visit.series AND patient = visit.patient
				AND lower(during) >= lower(visit.during)
				AND appointment.state = 'cancelled' AND EXISTS (
					SELECT FROM appointment_event
					WHERE appointment = appointment.id AND state = 'cancelled'
						AND actor = who.id
						AND at > clinic.now() - interval '10 minutes')
			ORDER BY during
		LOOP
			made := booking(visit.id, who.zone);
			made.is_again := true;
			RETURN NEXT made;
		END LOOP;
		IF made.code IS NOT NULL THEN
			RETURN;
		END IF;
	END IF;
	visit := appointment_to_change(which, who.id, 'cancel');
	FOR visit IN SELECT (visit).*
		UNION ALL SELECT * FROM series_from(visit) WHERE id <> visit.id
	LOOP
		visit := appointment_to_change(visit.code, who.id, 'cancel');
		visit.state := 'cancelled';
		visit.expires_at := NULL;
		visit := appointment_put(visit, who.id, cleaned(because, 200));
		PERFORM acted_for(actor, who.id, 'cancel', visit);
		visits := visits || visit.id;
		RETURN NEXT booking(visit.id, who.zone);
	END LOOP;
	PERFORM notices_join(visits, 'cancelled');
END $$;
COMMENT ON FUNCTION api.cancel_following(text, text, text) IS
	'Cancels a visit and those after it of its series.';
