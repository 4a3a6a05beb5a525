/*
 * actor.h -- threads of a case, and a line that they start from together.
 *
 *     static void begin(void *arg) { ... start_line_wait(&line); ... }
 *
 *     start_line_init(&line, 2);
 *     actor_start(&other, begin, &result);
 *     start_line_wait(&line);                     both go on at the same moment
 *     ...
 *     actor_join(&other);
 *
 * The line can be used again at once, so one pair of threads runs any number of rounds. It spins: a
 * lock would let one of them go first. Assertions belong to the case's own thread: an actor leaves
 * what it saw in its argument.
 */
#ifndef TESTS_CONFORMANCE_ACTOR_H
#define TESTS_CONFORMANCE_ACTOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct actor {
    pthread_t thread;
    void (*run)(void *arg);
    void *arg;
    bool is_bare;
};

/* Starts a thread that joins the multithreaded apartment, runs the function, and leaves it. */
void actor_start(struct actor *actor, void (*run)(void *arg), void *arg);
/* The same without CoInitializeEx. */
void actor_start_bare(struct actor *actor, void (*run)(void *arg), void *arg);
void actor_join(struct actor *actor);

/* Start and join in one. */
void actor_run(void (*run)(void *arg), void *arg);
void actor_run_bare(void (*run)(void *arg), void *arg);

/* This thread, as a number that is never 0. */
uintptr_t this_thread(void);

struct start_line {
    atomic_uint waiting;
    atomic_uint round;
    unsigned count;
};

/* For `count` threads, the case's own among them if it waits too. */
void start_line_init(struct start_line *line, unsigned count);
/* Returns when all of them are here. */
void start_line_wait(struct start_line *line);

#endif
