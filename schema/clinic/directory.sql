-- directory.sql - the words that mean a doctor or a specialty, and typos.

CREATE FUNCTION clinic.spellings(word text, most integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE ROWS 30 AS $$
BEGIN
	RETURN QUERY SELECT word
	UNION
	SELECT overlay(word PLACING '' FROM first FOR 1)
	FROM generate_series(1, length(word)) first WHERE most >= 1
	UNION
	SELECT overlay(overlay(word PLACING '' FROM last FOR 1)
		PLACING '' FROM first FOR 1)
	FROM generate_series(1, length(word)) first,
		generate_series(first + 1, length(word)) last WHERE most >= 2;
END $$;
COMMENT ON FUNCTION clinic.spellings(text, integer) IS
	'A word with up to 0, 1 or 2 letters left out.';

CREATE FUNCTION clinic.typos_allowed(word text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN length(word) < 4 THEN 0 WHEN length(word) < 7 THEN 1
		ELSE 2 END
$$;
COMMENT ON FUNCTION clinic.typos_allowed(text) IS
	'How many typos a word may have to be recognised.';

CREATE FUNCTION clinic.typos(a text, b text) RETURNS integer
LANGUAGE sql STABLE AS $$
	SELECT least(levenshtein(a, b), (SELECT 1 + min(levenshtein(
			left(a, i - 1) || substr(a, i + 1, 1) || substr(a, i, 1)
			|| substr(a, i + 2), b))
		FROM generate_series(1, length(a) - 1) i))
$$;
COMMENT ON FUNCTION clinic.typos(text, text) IS
	'How many typos lead from one word to the other; two swapped letters are one.';

CREATE FUNCTION clinic.sound(word text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN length(word) >= 4 AND word ~ '^[a-z]+$'
		THEN left(word, 1) || nullif(dmetaphone(word), '') END
$$;
COMMENT ON FUNCTION clinic.sound(text) IS
	'What a word begins with and sounds like; NULL when too short.';

CREATE FUNCTION clinic.stem(word text) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN length(word) >= 6 AND word ~ ending
		THEN regexp_replace(word, ending, '\1') END
	FROM (VALUES ('(olog|iatr|ist|ic|surg)(y|ies|ist|ists|ic|ics|ical|ician|'
		|| 'icians|ian|ians|s|al|ry|eon|eons|ery|e|o|a|ia)?$')) known (ending)
$$;
COMMENT ON FUNCTION clinic.stem(text) IS
	'What neurology and neurologist share; NULL for a word without such an end.';

CREATE FUNCTION clinic.mention_add(of_doctor bigint, of_specialty bigint,
	new_phrase text) RETURNS void
LANGUAGE plpgsql AS $$
-- A short word of a specialty ("skin") is like too many others to allow typos.
DECLARE
	is_one_word boolean := new_phrase !~ ' ';
	has_typos boolean := is_one_word AND length(new_phrase) <= 30
		AND length(new_phrase) >= CASE WHEN of_doctor IS NULL THEN 6 ELSE 4 END;
	added bigint;
BEGIN
	INSERT INTO clinic.mention (doctor, specialty, phrase, sound, stem)
	VALUES (of_doctor, of_specialty, new_phrase,
		CASE WHEN has_typos THEN clinic.sound(new_phrase) END,
		CASE WHEN of_doctor IS NULL AND is_one_word
			THEN clinic.stem(new_phrase) END)
	RETURNING id INTO added;
	INSERT INTO clinic.mention_spelling (spelling, mention)
	SELECT spelling, added FROM clinic.spellings(new_phrase,
		clinic.typos_allowed(new_phrase)) spelling
	WHERE has_typos;
END $$;
COMMENT ON FUNCTION clinic.mention_add(bigint, bigint, text) IS
	'Adds a phrase that means a doctor or a specialty.';

CREATE FUNCTION clinic.name_words(name text) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
	-- Each word, and a hyphenated one also as a whole; no particles.
	SELECT DISTINCT word FROM (
		SELECT regexp_replace(part, '[^[:alnum:]]+', '', 'g') AS word
		FROM regexp_split_to_table(
			clinic.plain(name) COLLATE "und-x-icu", '[[:space:]]+') part
		UNION ALL
		SELECT regexp_replace(part, '[^[:alnum:]]+', '', 'g')
		FROM regexp_split_to_table(
			replace(clinic.plain(name), '''', '') COLLATE "und-x-icu",
			'[[:space:]-]+') part
	) words
	WHERE length(word) >= 2 AND word NOT IN ('de', 'la', 'le', 'el', 'al', 'der',
		'den', 'di', 'da', 'do', 'dos', 'del', 'las', 'los', 'van', 'von', 'bin',
		'ben', 'the', 'of', 'and', 'y', 'e', 'dr', 'md', 'phd')
$$;
COMMENT ON FUNCTION clinic.name_words(text) IS
	'The words of a name by which somebody may be meant.';

CREATE FUNCTION clinic.doctor_mentions(of_doctor bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM clinic.mention WHERE doctor = of_doctor;
	PERFORM clinic.mention_add(of_doctor, NULL, word)
	FROM clinic.doctor JOIN clinic.person ON person.id = doctor.person
		CROSS JOIN LATERAL clinic.name_words(person.name) word
	WHERE doctor.person = of_doctor AND doctor.is_active;
END $$;
COMMENT ON FUNCTION clinic.doctor_mentions(bigint) IS
	'Writes the words of an active doctor''s name anew.';

CREATE FUNCTION clinic.specialty_mentions(of_specialty bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	plain_name text;
BEGIN
	DELETE FROM clinic.mention WHERE specialty = of_specialty;
	SELECT btrim(regexp_replace(plain COLLATE "und-x-icu", '[^[:alnum:]]+', ' ',
		'g')) INTO plain_name
	FROM clinic.specialty WHERE id = of_specialty;
	-- Its name, each long word of it that is not common, everything that a
	-- phrase of the same known specialty is.
	PERFORM clinic.mention_add(NULL, of_specialty, phrase)
	FROM (SELECT plain_name AS phrase WHERE plain_name <> ''
		UNION
		SELECT word FROM regexp_split_to_table(plain_name, ' ') word
		WHERE length(word) >= 5 AND NOT EXISTS
			(SELECT FROM clinic.common_word WHERE common_word.word = word.word)
		UNION
		SELECT phrase FROM clinic.synonym
		WHERE specialty IN (SELECT known.specialty FROM clinic.synonym known
			WHERE known.phrase = plain_name)
	) phrases;
END $$;
COMMENT ON FUNCTION clinic.specialty_mentions(bigint) IS
	'Writes the words that mean a specialty anew.';

CREATE FUNCTION clinic.meant_nearly(word text)
RETURNS TABLE (doctor bigint, specialty bigint, score real)
LANGUAGE plpgsql STABLE ROWS 5 AS $$
-- Who is meant by a word that is nobody's: 0.9 by the same stem, 0.8 with one
-- typo, 0.7 with two or by the same sound. Only the best of these.
#variable_conflict use_column
BEGIN
	RETURN QUERY WITH candidate AS MATERIALIZED (
		SELECT mention_spelling.mention AS id, false AS is_sound
		FROM spellings(word, CASE WHEN length(word) < 6 THEN 1 ELSE 2 END) typed
			JOIN mention_spelling ON mention_spelling.spelling = typed
		UNION
		SELECT mention.id, true FROM mention WHERE mention.sound = sound(word)
	), near AS (
		SELECT mention.doctor, mention.specialty, 0.9::real AS score
		FROM mention WHERE mention.stem = stem(word)
		UNION ALL
		SELECT mention.doctor, mention.specialty,
			CASE WHEN slip.count = 1 THEN 0.8 ELSE 0.7 END
		FROM candidate JOIN mention ON mention.id = candidate.id
			CROSS JOIN LATERAL (SELECT typos(word, mention.phrase) AS count) slip
		WHERE slip.count
			<= CASE WHEN is_sound THEN 2 ELSE typos_allowed(mention.phrase) END
	)
	SELECT DISTINCT near.doctor, near.specialty, near.score FROM near
	WHERE near.score = (SELECT max(score) FROM near);
END $$;
COMMENT ON FUNCTION clinic.meant_nearly(text) IS
	'The doctors and specialties that a misspelt word means.';

CREATE FUNCTION clinic.meant(typed text[])
RETURNS TABLE (doctor bigint, specialty bigint, word integer, score real)
LANGUAGE plpgsql STABLE ROWS 10 AS $$
-- Who is meant by which word, counted from 0: phrases of up to four words first,
-- then every word that is no part of one and no ordinary word.
#variable_conflict use_column
DECLARE
	is_read boolean[] := array_fill(false, ARRAY[cardinality(typed)]);
	words text;
	unread record;
BEGIN
	FOR a IN 1 .. cardinality(typed) LOOP
		FOR b IN a .. least(a + 3, cardinality(typed)) LOOP
			words := array_to_string(typed[a : b], ' ');
			FOR doctor, specialty, score IN
				SELECT mention.doctor, mention.specialty, CASE
					WHEN mention.doctor IS NOT NULL AND EXISTS (SELECT
						FROM common_word WHERE common_word.word = words)
					THEN 0.6 ELSE 1 END
				FROM mention WHERE mention.phrase = words
			LOOP
				FOR i IN a .. b LOOP
					is_read[i] := true;
					word := i - 1;
					RETURN NEXT;
				END LOOP;
			END LOOP;
		END LOOP;
	END LOOP;
	FOR unread IN SELECT one.word, array_agg(one.i) AS places
		FROM unnest(typed, is_read) WITH ORDINALITY one (word, is_read, i)
		WHERE NOT one.is_read AND length(one.word) BETWEEN 4 AND 30
			AND NOT EXISTS (SELECT FROM common_word
				WHERE common_word.word = one.word)
			-- A specialty that this clinic does not have is not a typo.
			AND NOT EXISTS (SELECT FROM synonym WHERE synonym.phrase = one.word)
		GROUP BY one.word LIMIT 60
	LOOP
		RETURN QUERY SELECT near.doctor, near.specialty, place::integer - 1, near.score
		FROM meant_nearly(unread.word) near, unnest(unread.places) place;
	END LOOP;
END $$;
COMMENT ON FUNCTION clinic.meant(text[]) IS
	'The doctors and specialties that a sentence means (mentions).';
