-- weekly.sql - expands plain weekly rules to openings, for tests without a bot.
--
-- Real rules are libical's business; this reads FREQ=WEEKLY;BYDAY=MO,TU alone,
-- for every active doctor whose openings do not reach the horizon.

BEGIN;
SET LOCAL search_path = clinic, api, pg_temp;
SELECT horizon_set(doctor, from_day, through_day, (
	SELECT coalesce(jsonb_agg(jsonb_build_array(day::date || ' ' || rule.starts,
		day::date || ' ' || rule.ends)), '[]')
	FROM horizons_due() rule, generate_series(from_day::timestamp,
		through_day::timestamp, interval '1 day') day
	WHERE rule.doctor = due.doctor
		AND (string_to_array('MO TU WE TH FR SA SU', ' '))
			[extract(isodow FROM day)] = ANY (string_to_array(
				substring(rule.rrule FROM '^FREQ=WEEKLY;BYDAY=([A-Z,]+)$'), ','))))
FROM (SELECT DISTINCT doctor, from_day, through_day FROM horizons_due()) due
\g /dev/null
COMMIT;
