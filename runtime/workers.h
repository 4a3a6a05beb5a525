/*
 * workers.h -- the threads of the multithreaded apartment.
 *
 * They take items from their apartment's inbox in the order of the posts and run them at the same
 * time. Started on demand: a worker that takes an item makes sure first that another one is free,
 * so that a post need not start a thread (it tries to only while the system has refused one to
 * blocked workers). A worker that finds enough others idle ends itself.
 */
#ifndef RUNTIME_WORKERS_H
#define RUNTIME_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

struct apartment;
struct worker;
struct workers;

enum {
    WORKERS_LIMIT = 64,  /* that are not blocked; a blocked one makes room for another */
    WORKERS_TOTAL = 512, /* altogether: what 1 GiB of address space for stacks allows */
    WORKERS_IDLE = 8     /* that stay when there is nothing to do; enough for calls in bursts */
};

/** Starts no thread. The apartment is borrowed and outlives the workers. NULL: out of memory. */
struct workers *uvcom__workers_create(struct apartment *apartment);

/** After uvcom__workers_stop, or if no thread was ever started. NULL is allowed. */
void uvcom__workers_destroy(struct workers *workers);

/** Makes sure that there is a worker. S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED (stopped). Any
 * thread. */
HRESULT uvcom__workers_ready(struct workers *workers);

/**
 * The inbox is no longer empty. Any thread; never waits, and starts and allocates nothing but in
 * one case: when all workers were blocked and no thread could be had for them, it tries once more.
 */
void uvcom__workers_notify(struct workers *workers);

/**
 * Closes the inbox, refuses what is queued, ends all workers and joins them; an item that is being
 * run is run to its end. Not on a worker, but on a thread that is in the apartment.
 */
void uvcom__workers_stop(struct workers *workers);

/** The calling worker is about to sleep, or has slept, for something other than its queue. */
void uvcom__worker_block(struct worker *worker);
void uvcom__worker_unblock(struct worker *worker);

/**
 * As uvcom__worker_block. False: all others are blocked and there is no thread to be had, so the
 * worker is not blocked: it must wait by uvcom__worker_wait, or nobody would serve the queue.
 */
bool uvcom__worker_block_or_serve(struct worker *worker);

/** As uvcom__apartment_wait, on the worker. Nests SERVING_DEPTH deep, then it only sleeps. */
HRESULT uvcom__worker_wait(struct worker *worker, bool (*is_done)(void *arg), void *arg,
                           uint64_t deadline_ns);

/** Makes every such wait ask is_done again. Any thread. */
void uvcom__workers_wake(struct workers *workers);

/** How many threads there are, and how many of them have nothing to do. For tests. */
size_t uvcom__workers_count(struct workers *workers);
size_t uvcom__workers_idle_count(struct workers *workers);

#endif
