/*
 * search.h -- what the tests of this folder ask of the explorer: that nothing is found, or
 * something.
 */
#ifndef TESTS_EXPLORE_SEARCH_H
#define TESTS_EXPLORE_SEARCH_H

#include "runtime/check/explore.h"

/** Explores depth first up to so many preemptions, and then at random; both must find nothing.
   Prints how many schedules there were. UVCOM_EXPLORE_SCHEDULES raises the number. */
void search_expects_nothing(const char *name, void (*program)(void *argument), const void *argument,
                            unsigned preemptions);

/**
 * Both searches must find a mistake, and the schedule that they print must show it again.
 *
 * @param failure  a part of the report that says that it is this mistake
 */
void search_expects_failure(const char *name, void (*program)(void *argument), const void *argument,
                            const char *failure);

#endif
