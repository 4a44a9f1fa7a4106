-- 0006_mirror.sql - clinic addresses, who may talk to whom, what was said.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.clinic
	ADD talk_days integer NOT NULL DEFAULT 30 CHECK (talk_days BETWEEN 0 AND 3650),
	ADD keeps_messages boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN clinic.clinic.talk_days IS
	'How many days after a visit its patient may still write to the doctor.';
COMMENT ON COLUMN clinic.clinic.keeps_messages IS
	'Whether what patients and doctors write to each other is kept.';

ALTER TABLE clinic.person ADD keeps_messages boolean;
COMMENT ON COLUMN clinic.person.keeps_messages IS
	'What a patient said to keeping their messages. NULL: nothing against it.';

-- Addresses --------------------------------------------------------------------

CREATE TABLE clinic.address (
	local text PRIMARY KEY CHECK (local ~ '^[a-z0-9]+(\.[a-z0-9]+)*$'
		AND length(local) <= 100),
	person bigint REFERENCES clinic.person ON DELETE SET NULL,
	is_doctors boolean NOT NULL,
	given_at timestamptz NOT NULL DEFAULT clinic.now()
);
COMMENT ON TABLE clinic.address IS
	'Clinic addresses, which are all that others see: given once, never taken away, '
	'so never given to somebody else. Who becomes a doctor gets a second one.';
COMMENT ON COLUMN clinic.address.person IS 'NULL: whose it was is not here any more.';
CREATE INDEX address_of ON clinic.address (person);
COMMENT ON INDEX clinic.address_of IS 'Somebody''s addresses (address_give, book).';

-- Conversations ------------------------------------------------------------------

CREATE TABLE clinic.contact (
	doctor bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	is_allowed boolean NOT NULL DEFAULT false,
	doctor_wrote_at timestamptz,
	ended_at timestamptz,
	muted_at timestamptz,
	blocked_at timestamptz,
	doctor_asked_at timestamptz,
	patient_asked_at timestamptz,
	PRIMARY KEY (doctor, patient),
	CHECK (doctor <> patient)
);
COMMENT ON TABLE clinic.contact IS
	'What a doctor and a patient decided about writing to each other.';
COMMENT ON COLUMN clinic.contact.is_allowed IS
	'The doctor lets the patient write, visits or not.';
COMMENT ON COLUMN clinic.contact.doctor_wrote_at IS
	'When the doctor wrote last: the patient may answer.';
COMMENT ON COLUMN clinic.contact.ended_at IS
	'The doctor ended the conversation: earlier visits count no more.';
COMMENT ON COLUMN clinic.contact.muted_at IS
	'The doctor gets nothing from this patient since then. NULL: she does.';
COMMENT ON COLUMN clinic.contact.blocked_at IS
	'The patient gets nothing from this doctor since then. NULL: they do.';
COMMENT ON COLUMN clinic.contact.doctor_asked_at IS
	'When the doctor was asked to show the patient her presence: once.';
COMMENT ON COLUMN clinic.contact.patient_asked_at IS
	'When the patient was asked to show the doctor theirs: once.';
CREATE INDEX contact_of_patient ON clinic.contact (patient);
COMMENT ON INDEX clinic.contact_of_patient IS 'A patient''s contacts (pairs).';

CREATE TABLE clinic.talk (
	doctor bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	day date NOT NULL,
	first_at timestamptz NOT NULL,
	last_at timestamptz NOT NULL,
	doctor_count integer NOT NULL DEFAULT 0,
	patient_count integer NOT NULL DEFAULT 0,
	is_introduced boolean NOT NULL DEFAULT false,
	is_answered boolean NOT NULL DEFAULT false,
	PRIMARY KEY (doctor, patient, day)
);
COMMENT ON TABLE clinic.talk IS
	'That a doctor and a patient wrote to each other on a day of the clinic: how '
	'often and when, not what.';
COMMENT ON COLUMN clinic.talk.is_introduced IS
	'The doctor was told that day who the patient is.';
COMMENT ON COLUMN clinic.talk.is_answered IS
	'The patient was told that day that the doctor is out of her office hours.';
CREATE INDEX talk_by_day ON clinic.talk (day);
COMMENT ON INDEX clinic.talk_by_day IS 'Who wrote to whom (talks), and today (pairs).';
CREATE INDEX talk_of_patient ON clinic.talk (patient, day);
COMMENT ON INDEX clinic.talk_of_patient IS 'A patient''s conversations (pairs).';

CREATE TABLE clinic.message (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	doctor bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	is_doctors boolean NOT NULL,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	stanza_id text CHECK (length(stanza_id) <= 1023),
	body text CHECK (length(body) <= 65536),
	replaces text CHECK (length(replaces) <= 1023),
	is_retracted boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE clinic.message IS
	'What doctors and patients wrote to each other, for the record.';
COMMENT ON COLUMN clinic.message.body IS 'NULL: it was encrypted, or taken back.';
COMMENT ON COLUMN clinic.message.replaces IS
	'It corrects the sender''s message with this stanza id.';
CREATE INDEX message_of_pair ON clinic.message (patient, doctor, at);
COMMENT ON INDEX clinic.message_of_pair IS
	'What two people wrote in a period (messages, search).';
CREATE INDEX message_of_doctor ON clinic.message (doctor, at);
COMMENT ON INDEX clinic.message_of_doctor IS 'What a doctor wrote and got (search).';
CREATE INDEX message_stanza ON clinic.message (stanza_id) WHERE stanza_id IS NOT NULL;
COMMENT ON INDEX clinic.message_stanza IS 'A message that is taken back.';

CREATE TABLE clinic.noted (
	batch text PRIMARY KEY CHECK (length(batch) <= 100),
	at timestamptz NOT NULL DEFAULT clinic.now()
);
COMMENT ON TABLE clinic.noted IS
	'What the mirror has put down lately, so that the same is not put down twice.';
CREATE INDEX noted_at ON clinic.noted (at);
COMMENT ON INDEX clinic.noted_at IS 'Old ones, to forget them (mirror_note).';

CREATE TABLE clinic.parked (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sender bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	recipient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	stanza_id text NOT NULL CHECK (length(stanza_id) BETWEEN 1 AND 1023),
	stanza text NOT NULL CHECK (length(stanza) <= 262144),
	tries integer NOT NULL DEFAULT 1,
	parked_at timestamptz NOT NULL DEFAULT clinic.now(),
	sent_at timestamptz,
	UNIQUE (sender, recipient, stanza_id)
);
COMMENT ON TABLE clinic.parked IS
	'Messages that the other side''s server would not keep: sent again when their '
	'recipient is seen, then forgotten.';
COMMENT ON CONSTRAINT parked_sender_recipient_stanza_id_key ON clinic.parked IS
	'A message that came back again; what else waits (parked_put).';
COMMENT ON COLUMN clinic.parked.stanza IS 'As it was sent, in the clinic''s addresses.';
COMMENT ON COLUMN clinic.parked.sent_at IS 'When it was sent again. NULL: it waits.';
CREATE INDEX parked_for ON clinic.parked (recipient) WHERE sent_at IS NULL;
COMMENT ON INDEX clinic.parked_for IS 'What waits for somebody (parked_take, book).';
CREATE INDEX parked_sent ON clinic.parked (sent_at) WHERE sent_at IS NOT NULL;
COMMENT ON INDEX clinic.parked_sent IS 'What has arrived by now, to forget it.';

CREATE TABLE clinic.office_hours (
	doctor bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	weekday integer NOT NULL CHECK (weekday BETWEEN 1 AND 7),
	starts time NOT NULL,
	ends time NOT NULL,
	CHECK (starts < ends),
	PRIMARY KEY (doctor, weekday, starts)
);
COMMENT ON TABLE clinic.office_hours IS
	'When a doctor reads what patients write, in her zone; none: nobody says.';
ALTER TABLE clinic.doctor ADD office_answer text
	CHECK (length(office_answer) BETWEEN 1 AND 500);
COMMENT ON COLUMN clinic.doctor.office_answer IS
	'What a patient is told out of her office hours. NULL: a sentence of the clinic''s.';

-- What the bot holds in memory has changed ------------------------------------------

CREATE FUNCTION clinic.book_person_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = clinic, pg_temp AS $$
-- The person's column is the trigger's argument.
DECLARE
	which text := to_jsonb(NEW) ->> TG_ARGV[0];
	was text := to_jsonb(OLD) ->> TG_ARGV[0];
BEGIN
	IF TG_TABLE_NAME IN ('person', 'role') AND TG_OP <> 'DELETE' THEN
		PERFORM address_give(which::bigint);
	END IF;
	PERFORM pg_notify('book', 'person ' || changed)
	FROM (SELECT which UNION SELECT was) either (changed)
	WHERE changed IS NOT NULL;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.book_person_changed() IS
	'Trigger: tells the bot that what it holds of a person has changed.';
CREATE TRIGGER book_changed
AFTER INSERT OR DELETE OR UPDATE OF jid, name, language ON clinic.person
FOR EACH ROW EXECUTE FUNCTION clinic.book_person_changed('id');
CREATE TRIGGER book_changed AFTER INSERT OR DELETE ON clinic.role
FOR EACH ROW EXECUTE FUNCTION clinic.book_person_changed('person');
CREATE TRIGGER book_changed AFTER INSERT OR UPDATE OF is_active ON clinic.doctor
FOR EACH ROW EXECUTE FUNCTION clinic.book_person_changed('person');
CREATE TRIGGER book_changed AFTER INSERT OR UPDATE ON clinic.address
FOR EACH ROW EXECUTE FUNCTION clinic.book_person_changed('person');

CREATE FUNCTION clinic.book_pairs_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = clinic, pg_temp AS $$
-- Of many at once it is said once that much has changed.
DECLARE
	patients bigint[];
BEGIN
	SELECT array_agg(DISTINCT coalesce(person.guardian, person.id)) INTO patients
	FROM changed JOIN person ON person.id = changed.patient;
	IF cardinality(patients) > 1000 THEN
		PERFORM pg_notify('book', 'all');
	ELSE
		PERFORM pg_notify('book', 'pairs ' || patient)
		FROM unnest(patients) patient;
	END IF;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.book_pairs_changed() IS
	'Trigger: tells the bot that who may write to whom has changed.';
CREATE TRIGGER book_pairs_added AFTER INSERT ON clinic.appointment
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_pairs_changed();
CREATE TRIGGER book_pairs_changed AFTER UPDATE ON clinic.appointment
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_pairs_changed();
CREATE TRIGGER book_pairs_added AFTER INSERT ON clinic.contact
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_pairs_changed();
CREATE TRIGGER book_pairs_changed AFTER UPDATE ON clinic.contact
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_pairs_changed();

CREATE FUNCTION clinic.book_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = clinic, pg_temp AS $$
BEGIN
	PERFORM pg_notify('book', TG_ARGV[0]);
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.book_changed() IS
	'Trigger: tells the bot what to read anew.';
CREATE TRIGGER book_gone AFTER DELETE ON clinic.appointment
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('all');
CREATE TRIGGER book_guardian AFTER UPDATE OF guardian ON clinic.person
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('all');
CREATE TRIGGER book_settings AFTER UPDATE OF talk_days, keeps_messages, zone
	ON clinic.clinic
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('all');
CREATE TRIGGER book_offices AFTER INSERT OR UPDATE OR DELETE ON clinic.office_hours
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('offices');
CREATE TRIGGER book_offices AFTER UPDATE OF office_answer ON clinic.doctor
FOR EACH STATEMENT EXECUTE FUNCTION clinic.book_changed('offices');
