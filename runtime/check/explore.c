/*
 * runtime/check/explore.c -- the search: run after run until one fails or none is left.
 */
#include "runtime/check/explore.h"

#include "runtime/check/ledger.h"
#include "runtime/check/schedule.h"
#include "runtime/check/scheduler.h"

#include <stdio.h>
#include <string.h>

#define STEPS_DEFAULT 10000

static bool run_once(void (*program)(void *argument), void *argument, unsigned steps,
                     struct explore_result *result)
{
    size_t leaked;

    schedule_rewind();
    result->failed = !scheduler_run(program, argument, steps != 0 ? steps : STEPS_DEFAULT,
                                    result->failure, sizeof result->failure);
    leaked = ledger_reset();
    if (!result->failed && leaked != 0) {
        result->failed = true;
        snprintf(result->failure, sizeof result->failure, "%zu blocks leaked", leaked);
    }
    result->schedules++;
    result->distinct += schedule_is_new();
    return !result->failed;
}

void explore(void (*program)(void *argument), void *argument, const struct explore_options *options,
             struct explore_result *result)
{
    bool more = true;

    memset(result, 0, sizeof *result);
    schedule_init(options);
    while (more && run_once(program, argument, options->steps, result)) {
        more = schedule_next();
        if (options->schedules != 0 && result->schedules >= options->schedules)
            break;
    }
    schedule_print(result->schedule);
    result->exhausted = !more && options->search == EXPLORE_DEPTH_FIRST;
    schedule_fini();
}

void explore_check(bool holds, const char *text)
{
    if (!holds)
        scheduler_fail("fiber %d: %s", scheduler_self(), text);
}

unsigned explore_choose(unsigned count)
{
    const int choice = count > 1 ? schedule_choose(count, true) : 0;

    if (choice < 0)
        scheduler_fail("more than %d choices in one run", EXPLORE_CHOICES_MAX);
    return (unsigned)choice;
}
