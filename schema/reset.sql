-- reset.sql - empties the clinic and loads the demo again, for tests.
--
-- For the owner: psql -f schema/reset.sql. The clock stays where it is.

\set ON_ERROR_STOP 1
\set QUIET 1
BEGIN;
SET LOCAL search_path = clinic, pg_temp;
-- Few rows: DELETE is faster than TRUNCATE and does not wait for readers.
DELETE FROM delivery;
DELETE FROM appointment_event;
DELETE FROM appointment;
DELETE FROM resource;
DELETE FROM conversation;
DELETE FROM audit;
DELETE FROM holiday;
DELETE FROM doctor;
DELETE FROM specialty;
DELETE FROM file;
DELETE FROM address;
DELETE FROM team;
DELETE FROM person;
COMMIT;
\ir demo.sql
\ir weekly.sql
