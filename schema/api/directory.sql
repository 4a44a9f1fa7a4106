-- directory.sql - specialties, doctors, and the words that mean them.

CREATE FUNCTION api.specialties(actor text)
RETURNS TABLE (id bigint, name text, doctor_count integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The specialties that have an active doctor; for an admin all of them.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
BEGIN
	RETURN QUERY SELECT specialty.id, specialty.name,
		count(doctor.person)::integer
	FROM specialty
		LEFT JOIN doctor_specialty ON doctor_specialty.specialty = specialty.id
		LEFT JOIN doctor ON doctor.person = doctor_specialty.doctor
			AND doctor.is_active
	GROUP BY specialty.id
	HAVING count(doctor.person) > 0 OR has_role(who.id, 'admin')
	ORDER BY specialty.name COLLATE "und-x-icu";
END $$;
COMMENT ON FUNCTION api.specialties(text) IS
	'The specialties that have an active doctor; for an admin all.';

CREATE FUNCTION api.doctors(actor text, of_specialty bigint, day_from date,
	day_to date, time_from time, time_to time, of_type text DEFAULT NULL,
	of_patient bigint DEFAULT NULL)
RETURNS TABLE (id bigint, name text, short text, specialties text, fee text,
	fee_most text, currency text, minutes integer, next_starts_at text,
	next_starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- The active doctors (of a specialty, who have a type of visit) by name, each with
-- the next time that is free for the patient, on those days at those times of the
-- asker's zone. The fee is the lowest of her types, fee_most the highest; minutes
-- are those of the usual type.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	wished wish := wish_of(who, coalesce(of_patient, who.id),
		days_window(day_from, day_to, who.zone)
			* tstzrange(clinic.now(), NULL, '()'), time_from, time_to, of_type);
	ids bigint[] := doctors_asked(NULL, of_specialty);
BEGIN
	IF of_patient IS NOT NULL THEN
		wished.patient := patient_for(who, of_patient);
	END IF;
	RETURN QUERY SELECT person.id, doctor_title(person.name),
		doctor_short(person.name),
		(SELECT string_agg(specialty.name, ', '
				ORDER BY specialty.name COLLATE "und-x-icu")
			FROM doctor_specialty
				JOIN specialty ON specialty.id = doctor_specialty.specialty
			WHERE doctor_specialty.doctor = person.id),
		fee_text(fees.lowest), fee_text(fees.highest), usual.currency,
		usual.minutes, instant_text(free.start), local_text(free.start, who.zone)
	FROM unnest(ids) one (id) JOIN person ON person.id = one.id
		CROSS JOIN LATERAL chosen_type(one.id, wished.visit_type, NULL) usual
		CROSS JOIN LATERAL (SELECT min(type.fee) AS lowest, max(type.fee) AS highest
			FROM types_of(one.id) type
			WHERE wished.visit_type IS NULL OR type.id = usual.id) fees
		LEFT JOIN next_free(ids, wished) free ON free.doctor = one.id
	ORDER BY person.name COLLATE "und-x-icu", person.id;
END $$;
COMMENT ON FUNCTION
	api.doctors(text, bigint, date, date, time, time, text, bigint) IS
	'The active doctors by name, each with her next free time.';

CREATE FUNCTION api.usual_doctor(actor text, of_patient bigint)
RETURNS TABLE (doctor bigint, doctor_name text, patient_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
-- The doctor of a patient's last visit (NULL: of who asks), or else of the next
-- one; of those who are still here. Not of one that was cancelled or missed. Always
-- one row; doctor is NULL when there was none.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	for_patient bigint := patient_for(who, of_patient);
	at_now timestamptz := clinic.now();
BEGIN
	RETURN QUERY SELECT last.doctor, doctor_title(doctor.name), patient.name
	FROM person patient LEFT JOIN LATERAL (SELECT appointment.doctor
			FROM appointment JOIN doctor ON doctor.person = appointment.doctor
			WHERE appointment.patient = patient.id AND is_active
				AND (is_planned OR appointment.state = 'fulfilled')
			ORDER BY lower(during) <= at_now DESC,
				CASE WHEN lower(during) <= at_now THEN lower(during) END DESC,
				lower(during) LIMIT 1) last ON true
		LEFT JOIN person doctor ON doctor.id = last.doctor
	WHERE patient.id = for_patient;
END $$;
COMMENT ON FUNCTION api.usual_doctor(text, bigint) IS
	'The doctor of a patient''s last visit.';

CREATE FUNCTION api.mentions(actor text, words text)
RETURNS TABLE (kind text, id bigint, name text, word integer, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
-- The doctors and specialties that a sentence means, and by which of its words,
-- counted from 0. A phrase counts once for each of its words. Scores: 1 an exact
-- word; 0.9 the same stem; 0.8 one typo; 0.7 two, or the same sound; 0.6 an exact
-- name that is an ordinary word too ("may"). Of one word's typos only the best.
#variable_conflict use_column
DECLARE
	typed text[] := (string_to_array(plain(left(coalesce(words, ''), 4096)),
		' '))[1:200];
BEGIN
	FOR i IN 1 .. cardinality(typed) LOOP
		typed[i] := regexp_replace(regexp_replace(typed[i] COLLATE "und-x-icu",
			'[''’]s?$', ''), '[^[:alnum:]]+', '', 'g');
	END LOOP;
	RETURN QUERY SELECT
		CASE WHEN meant.doctor IS NULL THEN 'specialty' ELSE 'doctor' END,
		coalesce(meant.doctor, meant.specialty),
		coalesce(doctor_title(person.name), specialty.name), meant.word,
		max(meant.score)
	FROM meant(typed) meant
		LEFT JOIN person ON person.id = meant.doctor
		LEFT JOIN specialty ON specialty.id = meant.specialty
	GROUP BY meant.word, meant.doctor, meant.specialty, person.name, specialty.name
	ORDER BY meant.word, max(meant.score) DESC, 3, 2
	LIMIT 200;
END $$;
COMMENT ON FUNCTION api.mentions(text, text) IS
	'The doctors and specialties that a sentence means.';
