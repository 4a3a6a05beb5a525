/*
 * workers.h -- the threads of the multithreaded apartment.
 *
 * They take items from their apartment's inbox in the order of the posts and run them at the same
 * time. Started on demand: a worker that takes an item makes sure first that another one is free,
 * so that neither a post nor a blocked server method ever has to start a thread for others to get
 * on.
 */
#ifndef RUNTIME_WORKERS_H
#define RUNTIME_WORKERS_H

#include <stddef.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

struct apartment;
struct worker;
struct workers;

/* Workers that are not blocked; a blocked one does not count, so it may become more. */
enum { WORKERS_LIMIT = 64 };

/** Starts no thread. The apartment is borrowed and outlives the workers. NULL: out of memory. */
struct workers *uvcom__workers_create(struct apartment *apartment);

/** After uvcom__workers_stop, or if no thread was ever started. NULL is allowed. */
void uvcom__workers_destroy(struct workers *workers);

/** Makes sure that there is a worker. S_OK, E_OUTOFMEMORY, RPC_E_DISCONNECTED (stopped). Any
 * thread. */
HRESULT uvcom__workers_ready(struct workers *workers);

/** The inbox is no longer empty. Any thread; starts nothing, allocates nothing, never waits. */
void uvcom__workers_notify(struct workers *workers);

/**
 * Ends all workers and joins them; an item that is being run is run to its end. What is queued is
 * left for uvcom__apartment_close. Not on a worker.
 */
void uvcom__workers_stop(struct workers *workers);

/** The calling worker is about to sleep, or has slept, for something other than its queue. */
void uvcom__worker_block(struct worker *worker);
void uvcom__worker_unblock(struct worker *worker);

/** How many threads there are. For tests. */
size_t uvcom__workers_count(struct workers *workers);

#endif
