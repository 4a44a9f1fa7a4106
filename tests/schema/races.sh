#!/bin/bash
# races.sh - what many do to one clinic at the same moment; prints TAP.
#
# tests/schema/run starts it: the connection's settings and ROOT are set. It works
# on a database of its own. Everybody waits for one advisory lock, which opens for
# all at once.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"; psql -X -q -d clinic -c "DROP DATABASE IF EXISTS races \
	WITH (FORCE)" -c "DROP DATABASE IF EXISTS twice WITH (FORCE)"' EXIT
number=0
ask() { psql -X -q -A -t -d races -c "$1"; }

# is HAVE WANT WHAT
is()
{
	number=$((number + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $number - $3"
	else
		echo "not ok $number - $3"
		printf '# have: %s\n# want: %s\n' "$1" "$2"
	fi
}

# together FILE...: runs each file of SQL in its own session, all at once; the
# output of each goes to FILE.out.
together()
{
	local file gate pids=()
	psql -X -q -d races -v "wanted=$#" >/dev/null <<-'SQL' &
	SELECT pg_advisory_lock(42);
	SELECT set_config('races.wanted', :'wanted', false);
	DO $$ BEGIN
		WHILE (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
			AND objid = 42 AND NOT granted)
			< current_setting('races.wanted')::integer
		LOOP
			PERFORM pg_sleep(0.02);
		END LOOP;
	END $$;
	SQL
	gate=$!
	while [ "$(ask "SELECT count(*) FROM pg_locks WHERE objid = 42")" = 0 ]; do
		sleep 0.02
	done
	for file in "$@"; do
		{
			echo 'SELECT pg_advisory_lock_shared(42) \g /dev/null'
			cat "$file"
		} | psql -X -q -A -t -v VERBOSITY=verbose -d races >"$file.out" 2>&1 &
		pids+=($!)
	done
	wait "$gate" "${pids[@]}" || true
}

# fresh: empty folder for the next race's files.
fresh() { rm -f "$folder"/*; }

echo 1..29
psql -X -q -d clinic -c 'CREATE DATABASE races'
"$ROOT/schema/migrate" --demo dbname=races >/dev/null
psql -X -q -d races -f "$ROOT/schema/weekly.sql"
ruiz=$(ask "SELECT id FROM clinic.person WHERE jid = 'ruiz@localhost'")
chen=$(ask "SELECT id FROM clinic.person WHERE jid = 'chen@localhost'")
ask "SELECT api.register('p' || n || '@localhost', 'Patient ' || n, '1990-01-01',
	NULL, NULL) FROM generate_series(1, 100) n" >/dev/null
slot() { ask "SELECT starts_at FROM api.slots('x@y', $1, NULL, NULL, NULL, NULL,
	NULL, NULL, 500, NULL) OFFSET $2 LIMIT 1"; }

# A hundred patients, one slot.
at=$(slot "$ruiz" 30)
for n in $(seq 100); do
	echo "SELECT 'booked' FROM api.book('p$n@localhost', $ruiz, '$at');" \
		>"$folder/$n"
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c '^booked')" 1 "of 100 who book one slot one gets it"
is "$(cat "$folder"/*.out | grep -c 'CL004: that time was just taken')" 99 \
	"the others are told that it was taken"
is "$(cat "$folder"/*.out | grep ERROR | grep -vc CL004 || true)" 0 \
	"nobody sees another error"
is "$(ask "SELECT count(*) FROM clinic.appointment")" 1 "there is one appointment"
is "$(ask "SELECT count(*) FROM clinic.delivery WHERE kind = 'booked'")" 1 \
	"and one notice"

# One patient, fifty sessions, two doctors, the same time.
fresh
at=$(slot "$ruiz" 40)
for n in $(seq 50); do
	doctor=$([ $((n % 2)) = 0 ] && echo "$ruiz" || echo "$chen")
	echo "SELECT 'booked' FROM api.book('p1@localhost', $doctor, '$at');" \
		>"$folder/$n"
done
together "$folder"/*
is "$(ask "SELECT count(*) FROM clinic.appointment WHERE lower(during) = '$at'")" 1 \
	"one patient, one place at a time"
is "$(cat "$folder"/*.out | grep ERROR | grep -vc CL004 || true)" 0 \
	"and no other error"

# Twenty patients move to each other's times and to one that is free, while the
# doctor changes her hours and takes time off.
fresh
for n in $(seq 20); do
	ask "SELECT code FROM api.book('p$n@localhost', $chen,
		'$(slot "$chen" 60)')" >/dev/null
done
free=$(slot "$chen" 60)
for n in $(seq 20); do
	code=$(ask "SELECT code FROM api.appointments('p$n@localhost', NULL, $chen)")
	{
		echo "SELECT 'moved' FROM api.move('p$n@localhost', '$code', '$free');"
		echo "SELECT 'moved' FROM api.move('chen@localhost', '$code',
			(SELECT starts_at::timestamptz FROM api.slots('p$n@localhost', $chen,
			NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL) OFFSET 0));"
		[ $((n % 2)) = 0 ] ||
			echo "SELECT 'cancelled' FROM api.cancel('p$n@localhost', '$code',
				NULL);"
	} >"$folder/$n"
done
cat >"$folder/hours" <<-SQL
SELECT api.off_add('chen@localhost', (now() + interval '40 days')::timestamp,
	(now() + interval '42 days')::timestamp, NULL);
SELECT api.horizon_set($chen, current_date + 100, current_date + 110, '[]');
SQL
together "$folder"/*
is "$(cat "$folder"/*.out | grep ERROR | grep -vc CL004 || true)" 0 \
	"moving, cancelling and new hours at once: no other error"
is "$(cat "$folder"/*.out | grep -c '^cancelled')" 10 "who cancels can, wherever to"
is "$(ask "SELECT count(*) FROM clinic.appointment a JOIN clinic.appointment b
	ON a.doctor = b.doctor AND a.id < b.id AND a.during && b.during
	AND a.is_live AND b.is_live")" 0 "no two at one time"
is "$(ask "SELECT count(*) FROM clinic.delivery JOIN clinic.appointment a
	ON a.id = appointment WHERE kind = 'reminder' AND (NOT is_live
	OR next_at + minutes_before * interval '1 minute' <> lower(a.during))")" 0 \
	"reminders are those of the visits that are left"

# Two post rooms and more: every delivery is claimed once.
fresh
ask "DELETE FROM clinic.delivery; INSERT INTO clinic.delivery (recipient, kind)
	SELECT $ruiz, 'welcome_doctor' FROM generate_series(1, 400)" >/dev/null
for n in $(seq 8); do
	for _ in $(seq 10); do
		echo "SELECT 'id', id FROM api.deliveries_claim('holder $n', 7, 60);"
	done >"$folder/$n"
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c '^id')" 400 "eight claimants take all there is"
is "$(cat "$folder"/*.out | sort -u | grep -c '^id')" 400 "each delivery once"

# Eight bots expand the doctors whose horizon has moved.
fresh
ask "UPDATE clinic.doctor SET openings_through = current_date + 10,
	expanding_until = NULL" >/dev/null
for n in $(seq 8); do
	for _ in 1 2; do
		echo "SELECT DISTINCT 'doctor', doctor FROM api.horizons_claim(1, 60);"
	done >"$folder/$n"
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c '^doctor')" 3 "eight bots claim three doctors"
is "$(cat "$folder"/*.out | sort -u | grep -c '^doctor')" 3 "each doctor once"

# Two admins remove each other.
fresh
ask "SELECT api.admin_add('admin@localhost', 'p1@localhost')" >/dev/null
echo "SELECT api.admin_remove('admin@localhost', 'p1@localhost');" >"$folder/1"
echo "SELECT api.admin_remove('p1@localhost', 'admin@localhost');" >"$folder/2"
together "$folder"/*
is "$(ask "SELECT count(*) FROM clinic.role WHERE role = 'admin'")" 1 \
	"of two admins who remove each other one stays"

# Ten wait, ten visits are cancelled at once: an offer to each, the time to one.
fresh
ask "UPDATE clinic.clinic SET quiet_from = NULL, quiet_to = NULL;
	DELETE FROM clinic.delivery" >/dev/null
for n in $(seq 10); do
	ask "SELECT api.book('p$((n + 40))@localhost', $chen, '$(slot "$chen" 80)')" \
		>/dev/null
done
ask "INSERT INTO clinic.waiting (patient, doctor, specialty, span, zone)
	SELECT person.id, CASE WHEN n % 2 = 0 THEN $chen END, CASE WHEN n % 2 = 1 THEN
		(SELECT specialty FROM clinic.doctor_specialty WHERE doctor = $chen) END,
		tstzrange(now(), now() + interval '90 days'), 'UTC'
	FROM generate_series(61, 70) n JOIN clinic.person
		ON jid = 'p' || n || '@localhost'" >/dev/null
for n in $(seq 10); do
	code=$(ask "SELECT code FROM api.appointments('p$((n + 40))@localhost', NULL,
		$chen) LIMIT 1")
	echo "SELECT 'cancelled' FROM api.cancel('p$((n + 40))@localhost', '$code', NULL);" \
		>"$folder/$n"
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c '^cancelled')" 10 "ten cancel at once"
is "$(ask "SELECT count(DISTINCT waiting) || ' ' || count(DISTINCT starts_at)
	FROM clinic.offer")" "10 10" "ten who wait are offered ten times, one each"

# Each takes it in four sessions at once.
fresh
ask "DELETE FROM clinic.delivery" >/dev/null
for n in $(seq 61 70); do
	code=$(ask "SELECT code FROM clinic.offer JOIN clinic.appointment
		ON appointment.id = appointment JOIN clinic.person ON person.id = patient
		WHERE jid = 'p$n@localhost'")
	for again in 1 2 3 4; do
		echo "SELECT 'taken', is_again FROM api.accept('p$n@localhost', '$code');" \
			>"$folder/$n.$again"
	done
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c '^taken|f')" 10 "each offer is taken once"
is "$(cat "$folder"/*.out | grep -c '^taken|t')" 30 "and again changes nothing"
is "$(ask "SELECT count(*) FROM clinic.delivery WHERE kind = 'booked'")" 10 \
	"the doctor is told once of each"

# Offers are over while eight post rooms look: each goes to the next, once.
fresh
ask "INSERT INTO clinic.waiting (patient, doctor, span, zone)
	SELECT id, $ruiz, tstzrange(now(), now() + interval '90 days'), 'UTC'
	FROM clinic.person WHERE jid IN ('p71@localhost', 'p72@localhost')" >/dev/null
at=$(slot "$ruiz" 50)
code=$(ask "SELECT code FROM api.book('p73@localhost', $ruiz, '$at')")
ask "SELECT api.cancel('p73@localhost', '$code', NULL)" >/dev/null
ask "UPDATE clinic.clinic SET quiet_from = quiet_from; UPDATE clinic.appointment
	SET expires_at = now() WHERE state = 'held'" >/dev/null
for n in $(seq 8); do
	echo "SELECT kind FROM api.deliveries_claim('holder $n', 50, 60);" >"$folder/$n"
done
together "$folder"/*
is "$(cat "$folder"/*.out | grep -c ERROR || true)" 0 "eight look at once"
is "$(ask "SELECT string_agg(coalesce(outcome, 'open'), ' ' ORDER BY created_at,
	appointment) FROM clinic.offer WHERE doctor = $ruiz")" "over open" \
	"what is over goes to the next, once"

# A request is answered by many at once, with yes and no: one answer holds. Which
# of two admins is left by now is a matter of luck.
fresh
ask "INSERT INTO clinic.role SELECT id, 'admin' FROM clinic.person
	WHERE jid = 'admin@localhost' ON CONFLICT DO NOTHING" >/dev/null
ask "SELECT api.approval_set('okafor@localhost', true, 60)" >/dev/null
okafor=$(ask "SELECT id FROM clinic.person WHERE jid = 'okafor@localhost'")
code=$(ask "SELECT code FROM api.book('p80@localhost', $okafor,
	'$(slot "$okafor" 30)')")
for n in $(seq 6); do
	echo "SELECT 'yes', is_again FROM api.approve('okafor@localhost', '$code');" \
		>"$folder/yes$n"
	echo "SELECT 'no', is_again FROM api.decline('admin@localhost', '$code', NULL);" \
		>"$folder/no$n"
	echo "SELECT kind FROM api.deliveries_claim('holder $n', 50, 60);" >"$folder/c$n"
done
together "$folder"/*
is "$(ask "SELECT count(*) FROM clinic.appointment_event
	WHERE was = 'requested' AND state IN ('booked', 'cancelled')")" 1 \
	"a request is answered once"
is "$(cat "$folder"/*.out | grep -cE '^(yes|no)\|f')" 1 "one of twelve has answered"
is "$(cat "$folder"/*.out | grep ERROR | grep -v CL004 || true)" "" \
	"and no other error"

# Two bots start at once on an empty database.
psql -X -q -d clinic -c 'CREATE DATABASE twice'
pids=()
for n in 1 2 3; do
	"$ROOT/schema/migrate" --demo dbname=twice >"$folder/m$n" 2>&1 &
	pids+=($!)
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=$?; done
is "$status" 0 "three who migrate at once all succeed"
is "$(cat "$folder"/m? | grep -c '^applied 0001_')" 1 "one of them does the work"

# A listener hears of a delivery and of the clock.
is "$(psql -X -A -t -q -d races -c 'LISTEN delivery' -c 'LISTEN clock' \
	-c "SELECT api.admin_add(jid, 'p9@localhost') FROM clinic.person
		JOIN clinic.role ON person = id WHERE role = 'admin' LIMIT 1" \
	-c 'UPDATE clinic.clock SET offset_ms = 1' -c 'SELECT 1' 2>&1 |
	grep -o 'notification "[a-z]*"' | sort -u | tr -d '\n')" \
	'notification "clock"notification "delivery"' "the post room hears"
