-- away.sql - new times for the patients of a day off, and who has not answered.

CREATE FUNCTION api.unanswered(actor text)
RETURNS TABLE (code text, patient_name text, starts text, answer text,
	new_doctor text, new_starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The visits that are still booked in the time off of the doctor who asks, and what
-- their patients said to a new time, if they were offered one.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
BEGIN
	RETURN QUERY SELECT visit.code, patient_title(visit.patient),
		local_text(lower(visit.during), who.zone), away.answer,
		doctor_title(person.name), local_text(lower(offered.during), who.zone)
	FROM away_visits(who.id) away JOIN appointment visit ON visit.id = away.id
		LEFT JOIN appointment offered ON offered.id = away.offered
		LEFT JOIN person ON person.id = offered.doctor
	ORDER BY visit.during LIMIT 300;
END $$;
COMMENT ON FUNCTION api.unanswered(text) IS
	'The visits still booked in a doctor''s time off, and what their patients said.';

CREATE FUNCTION api.away_offers(actor text)
RETURNS TABLE (code text, patient_name text, starts text, answer text,
	new_doctor text, new_starts text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- Offers a new time to every patient with a visit in the time off of the doctor who
-- asks; to each once. The visits stay booked until they answer.
#variable_conflict use_column
DECLARE
	who person := asker(actor, 'doctor');
	visit appointment;
	colleagues bigint[] := (SELECT array_agg(DISTINCT other.doctor)
		FROM doctor_specialty own JOIN doctor_specialty other
				ON other.specialty = own.specialty
			JOIN doctor ON doctor.person = other.doctor AND is_active
		WHERE own.doctor = who.id AND other.doctor <> who.id);
	asked bigint[];
BEGIN
	PERFORM doctors_lock(who.id || colleagues);
	asked := (SELECT array_agg(id) FROM away_visits(who.id)
		WHERE answer = 'unasked');
	FOR visit IN SELECT * FROM appointment WHERE id = ANY (asked) ORDER BY during
	LOOP
		PERFORM away_offer(visit, coalesce(colleagues, '{}'));
	END LOOP;
	PERFORM audit_put(actor, 'new times', NULL);
	RETURN QUERY SELECT told.code, told.patient_name, told.starts, told.answer,
		told.new_doctor, told.new_starts
	FROM api.unanswered(actor) told JOIN appointment ON appointment.code = told.code
	WHERE appointment.id = ANY (asked) ORDER BY appointment.during;
END $$;
COMMENT ON FUNCTION api.away_offers(text) IS
	'Offers a new time to the patients of a doctor''s time off.';
