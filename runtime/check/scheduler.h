/*
 * runtime/check/scheduler.h -- one run: which fiber goes on, who sleeps, what time it is.
 *
 * The exploring half of runtime/platform.h (operations.c) is built on this. It takes its choices
 * from schedule.h and does not know how they come about.
 */
#ifndef RUNTIME_CHECK_SCHEDULER_H
#define RUNTIME_CHECK_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Runs the program once. @return false: it failed, and `failure` has the reason */
bool scheduler_run(void (*program)(void *argument), void *argument, unsigned steps_max,
                   char *failure, size_t failure_size);

/* ---- from inside a run ---------------------------------------------------------------------- */

/** The number of the fiber that runs. */
int scheduler_self(void);

/** A point at which another fiber may go on first; before every operation that others can see. */
void scheduler_point(void);

/** The same, but the others come first if there are any: this one only waits for them. */
void scheduler_yield(void);

/** Sleeps until somebody wakes this address or the schedule lets the deadline come. */
void scheduler_sleep(const void *address, uint64_t deadline_ns);
void scheduler_wake(const void *address);

/** @return the new fiber's number; -1: there are no more */
int scheduler_start(void (*run)(void *argument), void *argument);

/** Waits until that fiber has ended. */
void scheduler_join(int fiber);

uint64_t scheduler_now_ns(void);

/** Ends the run as failed; does not return. */
_Noreturn void scheduler_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
