/*
 * process.h -- what the initialised threads of the process share: the multithreaded apartment.
 *
 * It is made by the first thread that comes and torn down by the last one that goes. After that
 * everything is freed, and the next thread that comes makes a new one.
 */
#ifndef RUNTIME_PROCESS_H
#define RUNTIME_PROCESS_H

#include <stdbool.h>

#include "runtime/platform.h"

struct apartment;
struct deadline_watch;
struct process;

/* What apartment_start.c notes down for a process, under its own lock. Zero at first. */
struct process_starts {
    bool closed;              /* the process ends: no more apartments are started */
    uvcom__atomic32 underway; /* threads being started; written under the lock, slept on without */
};

/** Counts the calling thread. NULL: out of memory. */
struct process *uvcom__process_keep(void);

/**
 * No longer counts the calling thread. The last one ends all threads of the runtime's and frees
 * everything, unless `is_exiting`: the end of a thread must not wait for others, so then all is
 * left for a later CoUninitialize.
 */
void uvcom__process_drop(struct process *process, bool is_exiting);

struct process_starts *uvcom__process_starts(struct process *process);

/** Who watches over the deadlines of its calls. Borrowed. */
struct deadline_watch *uvcom__process_watch(struct process *process);

/** Borrowed from a process that the calling thread keeps or works for. */
struct apartment *uvcom__process_multithreaded(struct process *process);

/** With a reference, for a thread that keeps nothing. NULL: no thread is initialised. */
struct apartment *uvcom__process_multithreaded_of_others(void);

#endif
