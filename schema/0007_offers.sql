-- 0007_offers.sql - requests and their answers, the waitlist, offers of free time.

SET LOCAL search_path = clinic, pg_temp;

-- More kinds of messages, whatever kinds there are by now.
DO $$
DECLARE
	kinds text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid = 'clinic.delivery'::regclass
			AND conname = 'delivery_kind_check');
BEGIN
	ALTER TABLE clinic.delivery DROP CONSTRAINT delivery_kind_check;
	EXECUTE 'ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_kind_check '
		|| replace(kinds, 'ARRAY[', 'ARRAY[''requested''::text, '
			|| '''request_moved''::text, ''approved''::text, ''declined''::text, '
			|| '''request_over''::text, ''offer''::text, '
			|| '''wait_over''::text, ''away''::text, ''away_offer''::text, ');
END $$;
ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_of_request
	CHECK (kind NOT IN ('requested', 'request_moved', 'approved', 'declined',
			'request_over', 'offer', 'away', 'away_offer')
		OR (appointment IS NOT NULL AND during IS NOT NULL));
COMMENT ON COLUMN clinic.delivery.is_answered IS
	'Of what can be answered: its recipient has gone on to something else since.';

DROP INDEX clinic.delivery_reminded;
CREATE INDEX delivery_spoken ON clinic.delivery (recipient, claimed_at)
	WHERE kind IN ('reminder', 'requested', 'request_moved', 'offer', 'away_offer')
		AND claimed_at IS NOT NULL;
COMMENT ON INDEX clinic.delivery_spoken IS
	'What somebody was told last that can be answered (hear).';

CREATE INDEX appointment_requests ON clinic.appointment (doctor, created_at)
	WHERE state = 'requested';
COMMENT ON INDEX clinic.appointment_requests IS
	'The requests that wait for a doctor''s answer (questions).';

-- An offer that nobody was told yet gets its time when they are.
INSERT INTO clinic.appointment_transition (was, becomes) VALUES ('held', 'held');

ALTER TABLE clinic.clinic ADD COLUMN offer_minutes integer NOT NULL DEFAULT 30
	CHECK (offer_minutes BETWEEN 5 AND 1440);
COMMENT ON COLUMN clinic.clinic.offer_minutes IS
	'How long a time that came free is held for whoever waits for it.';

-- The waitlist -----------------------------------------------------------------

CREATE TABLE clinic.waiting (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	doctor bigint REFERENCES clinic.doctor ON DELETE CASCADE,
	specialty bigint REFERENCES clinic.specialty ON DELETE CASCADE,
	visit_type text CHECK (length(visit_type) <= 60),
	span tstzrange NOT NULL CHECK (NOT isempty(span) AND upper(span) IS NOT NULL),
	zone text NOT NULL REFERENCES clinic.zone,
	time_from time,
	time_to time,
	instead_of bigint REFERENCES clinic.appointment ON DELETE SET NULL,
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	ended_at timestamptz,
	outcome text CHECK (outcome IN ('booked', 'left', 'over')),
	CHECK (num_nonnulls(doctor, specialty) = 1),
	CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE clinic.waiting IS
	'The waitlist: who would come to a doctor, or to any of a specialty, when time '
	'comes free as they wish. First come, first offered.';
COMMENT ON COLUMN clinic.waiting.span IS
	'When the visit shall begin; with the times of day by the clock of "zone".';
COMMENT ON COLUMN clinic.waiting.visit_type IS 'Its plain name; NULL: the usual one.';
COMMENT ON COLUMN clinic.waiting.instead_of IS
	'The later visit that is kept until an earlier one is booked.';
CREATE UNIQUE INDEX waiting_for_doctor ON clinic.waiting (doctor, patient)
	WHERE ended_at IS NULL AND doctor IS NOT NULL;
COMMENT ON INDEX clinic.waiting_for_doctor IS
	'Who waits for a doctor, each patient once (offers_make).';
CREATE UNIQUE INDEX waiting_for_specialty ON clinic.waiting (specialty, patient)
	WHERE ended_at IS NULL AND specialty IS NOT NULL;
COMMENT ON INDEX clinic.waiting_for_specialty IS
	'Who waits for a specialty, each patient once (offers_make).';
CREATE INDEX waiting_of_patient ON clinic.waiting (patient) WHERE ended_at IS NULL;
COMMENT ON INDEX clinic.waiting_of_patient IS
	'What a patient waits for (waitlist, appointment_put).';
CREATE INDEX waiting_ending ON clinic.waiting (upper(span)) WHERE ended_at IS NULL;
COMMENT ON INDEX clinic.waiting_ending IS
	'Whose wish is over (end_what_is_over).';

CREATE TABLE clinic.offer (
	appointment bigint PRIMARY KEY REFERENCES clinic.appointment ON DELETE CASCADE,
	waiting bigint REFERENCES clinic.waiting ON DELETE CASCADE,
	instead_of bigint REFERENCES clinic.appointment ON DELETE CASCADE,
	doctor bigint NOT NULL,
	starts_at timestamptz NOT NULL,
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	told_at timestamptz,
	answered_at timestamptz,
	outcome text CHECK (outcome IN ('booked', 'passed', 'over')),
	CONSTRAINT offer_once UNIQUE (waiting, doctor, starts_at),
	CHECK (num_nonnulls(waiting, instead_of) > 0)
);
COMMENT ON TABLE clinic.offer IS
	'A time that is held for somebody until they say yes or no: because they wait, '
	'or because the doctor will be away at the time of their visit.';
COMMENT ON COLUMN clinic.offer.instead_of IS
	'The visit that is released when this one is booked.';
COMMENT ON COLUMN clinic.offer.told_at IS
	'When it was told; its time runs from then. NULL: not yet.';
COMMENT ON COLUMN clinic.offer.outcome IS
	'NULL: not known yet; also when it was accepted and the doctor is asked.';
COMMENT ON CONSTRAINT offer_once ON clinic.offer IS
	'The same time is offered once to who waits (offers_make).';
CREATE UNIQUE INDEX offer_open ON clinic.offer (waiting)
	WHERE outcome IS NULL AND waiting IS NOT NULL;
COMMENT ON INDEX clinic.offer_open IS
	'Who waits has one offer at a time (offers_make, waitlist).';
CREATE INDEX offer_live ON clinic.offer (doctor) WHERE outcome IS NULL;
COMMENT ON INDEX clinic.offer_live IS
	'The offers of a doctor''s time that are open (offers_withdraw).';
CREATE INDEX offer_instead_of ON clinic.offer (instead_of);
COMMENT ON INDEX clinic.offer_instead_of IS
	'What was offered instead of a visit (unanswered).';

CREATE TABLE clinic.freed (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.doctor ON DELETE CASCADE,
	span tstzrange NOT NULL
);
COMMENT ON TABLE clinic.freed IS
	'Time of a doctor that came free, for which somebody waits. It is offered when '
	'the transaction ends or, if others change her calendar then, by the post room.';
CREATE FUNCTION clinic.freed_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = clinic, pg_temp AS $$
BEGIN
	PERFORM freed_offer(NEW);
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.freed_written() IS
	'Trigger, at the end of a transaction: offers what came free in it.';
CREATE CONSTRAINT TRIGGER freed_written AFTER INSERT ON clinic.freed
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION clinic.freed_written();
