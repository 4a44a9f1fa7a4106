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
	day_to date, time_from time, time_to time)
RETURNS TABLE (id bigint, name text, short text, specialties text, fee text,
	currency text, minutes integer, next_starts_at text, next_starts text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET jit = off AS $$
-- The active doctors (of a specialty) by name, each with the next time that is
-- free for who asks, on those days at those times of their own zone.
#variable_conflict use_column
DECLARE
	who person := asker(actor);
	span tstzrange := days_window(day_from, day_to, who.zone)
		* tstzrange(clinic.now(), NULL, '()');
BEGIN
	RETURN QUERY SELECT person.id, doctor_title(person.name),
		doctor_short(person.name),
		(SELECT string_agg(specialty.name, ', '
				ORDER BY specialty.name COLLATE "und-x-icu")
			FROM doctor_specialty
				JOIN specialty ON specialty.id = doctor_specialty.specialty
			WHERE doctor_specialty.doctor = person.id),
		fee_text(doctor.fee), doctor.currency, doctor.minutes,
		instant_text(free.start), local_text(free.start, who.zone)
	FROM doctor JOIN person ON person.id = doctor.person
		CROSS JOIN LATERAL (SELECT next_free(person.id,
			doctor.minutes * interval '1 minute', span, who.id, who.zone,
			time_from, time_to) AS start) free
	WHERE doctor.is_active AND (of_specialty IS NULL OR EXISTS
		(SELECT FROM doctor_specialty
			WHERE doctor_specialty.doctor = doctor.person
				AND doctor_specialty.specialty = of_specialty))
	ORDER BY person.name COLLATE "und-x-icu", person.id;
END $$;
COMMENT ON FUNCTION api.doctors(text, bigint, date, date, time, time) IS
	'The active doctors by name, each with her next free time.';

CREATE FUNCTION api.mentions(actor text, words text)
RETURNS TABLE (kind text, id bigint, name text, word integer, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = clinic, pg_temp
SET jit = off AS $$
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
	RETURN QUERY WITH
	exact AS (
		SELECT first AS at, length, mention.doctor, mention.specialty,
			CASE WHEN mention.doctor IS NOT NULL AND EXISTS
					(SELECT FROM common_word WHERE common_word.word = mention.phrase)
				THEN 0.6 ELSE 1 END AS score
		FROM generate_series(1, cardinality(typed)) first
			CROSS JOIN generate_series(1, 4) length
			JOIN mention ON mention.phrase
				= array_to_string(typed[first : first + length - 1], ' ')
		WHERE first + length - 1 <= cardinality(typed) AND typed[first] <> ''
	),
	unknown AS (
		SELECT DISTINCT ON (typed[i]) i AS at, typed[i] AS typed_word
		FROM generate_series(1, cardinality(typed)) i
		WHERE length(typed[i]) BETWEEN 4 AND 30
			AND NOT EXISTS (SELECT FROM exact
				WHERE i BETWEEN exact.at AND exact.at + exact.length - 1)
			AND NOT EXISTS (SELECT FROM common_word
				WHERE common_word.word = typed[i])
			-- A specialty that this clinic does not have is not a typo.
			AND NOT EXISTS (SELECT FROM synonym WHERE synonym.phrase = typed[i])
		LIMIT 60
	),
	near AS (
		SELECT at, typed_word, mention.doctor, mention.specialty, 0.9 AS score
		FROM unknown JOIN mention ON mention.stem = stem(typed_word)
		UNION ALL
		SELECT at, typed_word, found.doctor, found.specialty,
			CASE WHEN found.typos = 1 THEN 0.8 ELSE 0.7 END
		FROM (
			SELECT at, typed_word, mention.doctor, mention.specialty,
				mention.phrase, true AS is_sound, typos(typed_word, mention.phrase)
			FROM unknown JOIN mention ON mention.sound = sound(typed_word)
			UNION ALL
			SELECT at, typed_word, mention.doctor, mention.specialty,
				mention.phrase, false, typos(typed_word, mention.phrase)
			FROM unknown
				CROSS JOIN LATERAL spellings(typed_word,
					CASE WHEN length(typed_word) < 6 THEN 1 ELSE 2 END) spelling
				JOIN mention_spelling ON mention_spelling.spelling = spelling.spelling
				JOIN mention ON mention.id = mention_spelling.mention
		) found (at, typed_word, doctor, specialty, phrase, is_sound, typos)
		WHERE found.typos <= CASE WHEN found.is_sound THEN 2
			ELSE typos_allowed(found.phrase) END
	),
	matches AS (
		SELECT exact.at + part AS at, exact.doctor, exact.specialty, exact.score
		FROM exact CROSS JOIN LATERAL generate_series(0, exact.length - 1) part
		UNION ALL
		SELECT again.i, near.doctor, near.specialty, near.score
		FROM near
			JOIN (SELECT typed_word, max(score) AS score FROM near
				GROUP BY typed_word) best USING (typed_word, score)
			JOIN LATERAL (SELECT i FROM generate_series(1, cardinality(typed)) i
				WHERE typed[i] = near.typed_word) again ON true
	)
	SELECT CASE WHEN matches.doctor IS NULL THEN 'specialty' ELSE 'doctor' END,
		coalesce(matches.doctor, matches.specialty),
		CASE WHEN matches.doctor IS NULL THEN specialty.name
			ELSE doctor_title(person.name) END,
		matches.at - 1, max(matches.score)::real
	FROM matches
		LEFT JOIN person ON person.id = matches.doctor
		LEFT JOIN specialty ON specialty.id = matches.specialty
	GROUP BY matches.at, matches.doctor, matches.specialty, person.name,
		specialty.name
	ORDER BY matches.at, max(matches.score) DESC,
		coalesce(specialty.name, person.name), coalesce(matches.doctor,
		matches.specialty)
	LIMIT 200;
END $$;
COMMENT ON FUNCTION api.mentions(text, text) IS
	'The doctors and specialties that a sentence means.';
