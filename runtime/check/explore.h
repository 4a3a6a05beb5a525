/*
 * runtime/check/explore.h -- runs a small concurrent program under every order of its steps, or
 * many.
 *
 * The program is an ordinary function that starts fibers by uvcom__thread_start and uses
 * runtime/platform.h, compiled with -DUVCOM_EXPLORE. Before each operation on an atomic or a futex
 * the scheduler decides which fiber goes on; everything between two such points happens at once. A
 * run fails by explore_check, by memory that two fibers use without an order between them
 * (UVCOM__CELL_READ, UVCOM__CELL_WRITE), when everybody sleeps, by a leak, a double free or a use
 * of freed memory, and when it makes too many steps.
 *
 * Not found: what a weak memory model does to the values of atomics themselves. Every load sees the
 * last store; only the orders between ordinary memory accesses are checked by the rules of C11.
 *
 * One exploration at a time in a process.
 */
#ifndef RUNTIME_CHECK_EXPLORE_H
#define RUNTIME_CHECK_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#define EXPLORE_FIBERS_MAX 8     /* the program's own function is the first */
#define EXPLORE_CHOICES_MAX 4095 /* in one run */

enum explore_search {
    EXPLORE_DEPTH_FIRST, /* every order with at most so many preemptions, once each */
    EXPLORE_RANDOM,      /* orders drawn from a seed; how many of them differ is counted */
    EXPLORE_REPLAY,      /* the one order that is given as text */
};

struct explore_options {
    enum explore_search search;
    unsigned preemptions; /* depth first: switches away from a fiber that could go on */
    uint64_t schedules;   /* at most so many runs; 0: no limit */
    uint64_t seed;
    const char *schedule; /* replay: the text of an earlier result */
    unsigned steps;       /* at most so many in one run; 0: 10,000 */
};

struct explore_result {
    bool failed;
    bool exhausted;                         /* depth first: there is no other order in the bound */
    uint64_t schedules;                     /* runs made */
    uint64_t distinct;                      /* of which no two had the same order */
    char failure[256];                      /* what went wrong in the last run */
    char schedule[EXPLORE_CHOICES_MAX + 1]; /* its order: one character for each choice, '.' for the
                                               first alternative, else its number; '.' at the end
                                               left out */
};

/**
 * Runs the program again and again until a run fails or the search is over.
 *
 * The program must set up all its state itself, and take it down: a run may be abandoned in the
 * middle when it fails, and only what came from uvcom__alloc is then freed.
 *
 * @param result  [out] the outcome
 */
void explore(void (*program)(void *argument), void *argument, const struct explore_options *options,
             struct explore_result *result);

/** Inside a program: ends the run as failed unless `holds`. */
void explore_check(bool holds, const char *text);

/** Inside a program: a choice that the search makes as well, 0 to count - 1. */
unsigned explore_choose(unsigned count);

#endif
