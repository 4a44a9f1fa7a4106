-- 0011_teams.sql - care teams: rooms in which a patient's doctors talk.

SET LOCAL search_path = clinic, pg_temp;

ALTER TABLE clinic.clinic ADD COLUMN chat_service text NOT NULL DEFAULT '';
COMMENT ON COLUMN clinic.clinic.chat_service IS
	'The server''s service for rooms, conference.example; empty: there are no teams.';

CREATE TABLE clinic.team (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	patient bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	room text NOT NULL UNIQUE CHECK (room ~ '^[a-z0-9-]{1,100}$')
		DEFAULT 'team-' || left(replace(gen_random_uuid()::text, '-', ''), 12),
	created_by bigint REFERENCES clinic.person ON DELETE SET NULL,
	created_at timestamptz NOT NULL DEFAULT clinic.now(),
	closed_at timestamptz,
	is_destroyed boolean NOT NULL DEFAULT false CHECK (closed_at IS NOT NULL
		OR NOT is_destroyed)
);
COMMENT ON TABLE clinic.team IS
	'The doctors who look after one patient together. They talk in a room of the '
	'server''s chat service, whose address says nothing.';
COMMENT ON COLUMN clinic.team.is_destroyed IS
	'Whether the room itself is known to be gone, after the team was closed.';
COMMENT ON CONSTRAINT team_room_key ON clinic.team IS 'A team by its room (team_said).';
CREATE UNIQUE INDEX team_of ON clinic.team (patient) WHERE closed_at IS NULL;
COMMENT ON INDEX clinic.team_of IS 'A patient''s team; one at a time (team_find).';
CREATE INDEX team_open ON clinic.team (id)
	WHERE closed_at IS NULL OR NOT is_destroyed;
COMMENT ON INDEX clinic.team_open IS 'What the bot has to look after (teams_open).';

CREATE TABLE clinic.team_member (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	team bigint NOT NULL REFERENCES clinic.team ON DELETE CASCADE,
	person bigint NOT NULL REFERENCES clinic.person ON DELETE CASCADE,
	added_by bigint REFERENCES clinic.person ON DELETE SET NULL,
	added_at timestamptz NOT NULL DEFAULT clinic.now(),
	invited_at timestamptz,
	removed_at timestamptz
);
COMMENT ON TABLE clinic.team_member IS
	'Who is, or was, in a team. The room''s own list is made to fit this one.';
COMMENT ON COLUMN clinic.team_member.invited_at IS
	'When they were invited to the room: once. NULL: not yet.';
CREATE UNIQUE INDEX team_member_once ON clinic.team_member (team, person)
	WHERE removed_at IS NULL;
COMMENT ON INDEX clinic.team_member_once IS 'Who is in a team (teams, teams_open).';
CREATE INDEX team_member_of ON clinic.team_member (person)
	WHERE removed_at IS NULL;
COMMENT ON INDEX clinic.team_member_of IS 'Somebody''s teams (teams).';

CREATE TABLE clinic.team_message (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	team bigint NOT NULL REFERENCES clinic.team ON DELETE CASCADE,
	sender bigint REFERENCES clinic.person ON DELETE SET NULL,
	at timestamptz NOT NULL DEFAULT clinic.now(),
	stanza_id text CHECK (length(stanza_id) <= 1023),
	body text NOT NULL CHECK (length(body) <= 65536)
);
COMMENT ON TABLE clinic.team_message IS
	'What was said in teams'' rooms, for the record, when the clinic keeps messages.';
COMMENT ON COLUMN clinic.team_message.sender IS 'NULL: somebody who is not here any more.';
CREATE UNIQUE INDEX team_message_once ON clinic.team_message
	(team, sender, stanza_id) WHERE stanza_id IS NOT NULL;
COMMENT ON INDEX clinic.team_message_once IS
	'What a room tells again when the bot comes back (team_said).';
CREATE INDEX team_message_of ON clinic.team_message (team, at);
COMMENT ON INDEX clinic.team_message_of IS 'What was said in a team.';

CREATE FUNCTION clinic.team_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NOTIFY team;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION clinic.team_changed() IS
	'Trigger: tells the bot that rooms are to be put right.';
CREATE TRIGGER team_changed AFTER INSERT OR UPDATE OF closed_at OR DELETE
ON clinic.team FOR EACH STATEMENT EXECUTE FUNCTION clinic.team_changed();
CREATE TRIGGER team_changed AFTER INSERT OR UPDATE OF removed_at OR DELETE
ON clinic.team_member FOR EACH STATEMENT EXECUTE FUNCTION clinic.team_changed();

-- Two more kinds, whatever kinds there are by now.
DO $$
DECLARE
	kinds text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint
		WHERE conrelid = 'clinic.delivery'::regclass
			AND conname = 'delivery_kind_check');
BEGIN
	ALTER TABLE clinic.delivery DROP CONSTRAINT delivery_kind_check;
	EXECUTE 'ALTER TABLE clinic.delivery ADD CONSTRAINT delivery_kind_check '
		|| replace(kinds, 'ARRAY[',
			'ARRAY[''team_added''::text, ''team_removed''::text, ');
END $$;
