/*
 * search.c -- see search.h. The counts go to standard error, where meson keeps them in its log.
 */
#include "tests/explore/search.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t schedules_wanted(void)
{
    const char *text = getenv("UVCOM_EXPLORE_SCHEDULES");

    return text ? strtoull(text, NULL, 10) : 120000;
}

static void report(const char *name, const char *search, const struct explore_result *result)
{
    fprintf(stderr, "# %s: %s: %llu schedules, %llu distinct%s\n", name, search,
            (unsigned long long)result->schedules, (unsigned long long)result->distinct,
            result->exhausted ? ", all there are within the bound" : "");
    if (result->failed)
        fprintf(stderr, "#   found: %s\n#   schedule: %s\n", result->failure, result->schedule);
}

static void run(const char *name, void (*program)(void *argument), const void *argument,
                const struct explore_options *options, struct explore_result *result)
{
    /* Programs read their design only; explore hands it through as it came. */
    explore(program, (void *)(uintptr_t)argument, options, result);
    report(name, options->search == EXPLORE_RANDOM ? "random" : "depth first", result);
}

void search_expects_nothing(const char *name, void (*program)(void *argument), const void *argument,
                            unsigned preemptions)
{
    struct explore_options options = {EXPLORE_DEPTH_FIRST, .preemptions = preemptions,
                                      .schedules = schedules_wanted()};
    static struct explore_result result;

    run(name, program, argument, &options, &result);
    ck_assert_msg(!result.failed, "%s; schedule %s", result.failure, result.schedule);
    options.search = EXPLORE_RANDOM;
    options.schedules = schedules_wanted() / 3;
    run(name, program, argument, &options, &result);
    ck_assert_msg(!result.failed, "%s; schedule %s", result.failure, result.schedule);
}

static void expect(const char *name, void (*program)(void *argument), const void *argument,
                   const struct explore_options *options, const char *failure)
{
    static struct explore_result found, again;
    struct explore_options replay = {.search = EXPLORE_REPLAY, .schedule = found.schedule};

    run(name, program, argument, options, &found);
    ck_assert_msg(found.failed, "%s was not found", name);
    ck_assert_msg(strstr(found.failure, failure) != NULL, "found \"%s\" instead of \"%s\"",
                  found.failure, failure);
    explore(program, (void *)(uintptr_t)argument, &replay, &again);
    ck_assert_msg(again.failed && strcmp(again.failure, found.failure) == 0,
                  "the schedule gives \"%s\" the second time", again.failure);
}

void search_expects_failure(const char *name, void (*program)(void *argument), const void *argument,
                            const char *failure)
{
    const struct explore_options depth_first = {EXPLORE_DEPTH_FIRST, .preemptions = 2,
                                                .schedules = 200000};
    const struct explore_options random = {EXPLORE_RANDOM, .schedules = 200000, .seed = 1};

    expect(name, program, argument, &depth_first, failure);
    expect(name, program, argument, &random, failure);
}
