/*
 * runtime/check/schedule.h -- the choices of one run, and how the next run differs from it.
 *
 * It knows numbers only: at each point there are so many alternatives, of which 0 is to go on.
 */
#ifndef RUNTIME_CHECK_SCHEDULE_H
#define RUNTIME_CHECK_SCHEDULE_H

#include "runtime/check/explore.h"

/** Begins an exploration. */
void schedule_init(const struct explore_options *options);

/** Begins a run. */
void schedule_rewind(void);

/**
 * One choice of the run.
 *
 * @param count    alternatives, 2 to 9
 * @param is_free  choosing another than 0 is no preemption
 *
 * @return 0 to count - 1; -1 when the run has too many choices
 */
int schedule_choose(unsigned count, bool is_free);

/** After a run: whether there is another one. */
bool schedule_next(void);

/** Whether this run's choices are none that an earlier run made. */
bool schedule_is_new(void);

/** The choices of the run so far as text; `text` has room for EXPLORE_CHOICES_MAX + 1. */
void schedule_print(char *text);

void schedule_fini(void);

#endif
