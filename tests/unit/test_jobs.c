/* test_jobs.c - what waits for the keeper has its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "mirror/jobs.h"

static struct job *with_text(size_t length)
{
	AUTO(free_text) char *body = xcalloc(length + 1, 1);

	memset(body, 'x', length);
	return job_new_note(&(struct note){.kind = "message",
		.doctor = 1,
		.patient = 2,
		.id = "m",
		.body = body});
}

static bool put(struct jobs *jobs, struct job *job)
{
	bool is_put = jobs_put(jobs, job);

	if (!is_put)
		job_free(job);
	return is_put;
}

static void texts_are_bounded_in_bytes(void **state UNUSED)
{
	const size_t length = (size_t)1024 * 1024;
	struct jobs *jobs = jobs_new();
	size_t count = 0;

	while (put(jobs, with_text(length)))
		count++;
	assert_int_equal(count, JOBS_BYTES_MOST / length - 1);
	/* What has no text goes on. */
	assert_true(put(jobs, job_new(JOB_WAKE, 0, 0)));
	job_free(jobs_take(jobs));
	assert_true(put(jobs, with_text(length)));
	assert_false(put(jobs, with_text(length)));
	for (struct job *job; (job = jobs_take(jobs));)
		job_free(job);
	assert_true(put(jobs, with_text(length)));
	jobs_free(jobs);
}

static void jobs_are_bounded_in_count(void **state UNUSED)
{
	struct jobs *jobs = jobs_new();

	for (size_t i = 0; i < JOBS_MOST; i++)
		assert_true(put(jobs, job_new(JOB_WAKE, 0, 0)));
	assert_false(put(jobs, job_new(JOB_WAKE, 0, 0)));
	jobs_free(jobs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_bounded_in_bytes),
		cmocka_unit_test(jobs_are_bounded_in_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
