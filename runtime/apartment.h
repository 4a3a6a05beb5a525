/*
 * apartment.h -- the places in which server objects live and calls run.
 *
 * An apartment is an inbox and somebody who serves it: the thread it is bound to (in its blocking
 * waits, and on its loop if it has one), a thread that the runtime started for it, the workers of
 * the multithreaded apartment, or, for completion callbacks only, a loop. The runtime's other parts
 * post items, wait, and invoke; they seldom need to know which of these they deal with.
 *
 * It knows nothing of calls, proxies or classes.
 *
 * Rules that hold everywhere: an apartment is counted, and a pointer to it stays good after it has
 * closed; a closed apartment answers RPC_E_DISCONNECTED. No lock of the runtime is held while run,
 * refuse, disconnect, is_done or an invoked function is called, so each may do anything, even wait
 * or leave the apartment. Items run in the order of their posts; those of a single-threaded
 * apartment never overlap, but one that waits may have others run inside it (APT-05).
 */
#ifndef RUNTIME_APARTMENT_H
#define RUNTIME_APARTMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#include "runtime/inbox.h"

struct apartment;
struct poll_wait;

/* Something that must not outlive its apartment: a server object that others hold pointers to. */
struct apartment_export {
    struct apartment_export *prev; /* the apartment's, while attached */
    struct apartment_export *next;
    /* The apartment is closing. Called once, in the apartment, with the export detached already. */
    void (*disconnect)(struct apartment_export *item);
};

/** Borrowed; NULL: this thread is in no apartment (CO_E_NOTINITIALIZED), or the process forked. */
struct apartment *uvcom__apartment_current(void);

/**
 * Where completion callbacks for this thread's loop (an adopted one, or that of a thread which the
 * runtime keeps) are posted. It is never the current apartment: no objects live in it, a blocking
 * wait does not serve it, and it closes when the loop is given back. Borrowed; NULL: no loop here.
 */
struct apartment *uvcom__apartment_of_loop(void);

/** Any thread. A pointer that was handed out as "borrowed" may be kept by adding a reference. */
void uvcom__apartment_add_ref(struct apartment *apartment);
void uvcom__apartment_release(struct apartment *apartment);

bool uvcom__apartment_is_multithreaded(const struct apartment *apartment);

/** Whether the calling thread is in it, so that its objects may be called directly. */
bool uvcom__apartment_is_here(const struct apartment *apartment);

/** Whether it has begun to close: nothing will be served in it any more. Any thread. */
bool uvcom__apartment_is_closed(struct apartment *apartment);

/**
 * Hands an item to the apartment.
 *
 * Any thread, with a reference to the apartment of the caller's own: one that belongs to the item
 * may be gone, and the apartment with it, before this returns.
 *
 * Allocates nothing (but see uvcom__workers_notify), never waits. S_OK: exactly one of
 * the item's run and refuse will be called, in the apartment (refuse of the multithreaded one: on
 * the thread that closes it). A loop_only item may only be posted to what uvcom__apartment_of_loop
 * gave. A multithreaded apartment must have been made ready once.
 *
 * @return S_OK
 *         RPC_E_DISCONNECTED  closed; the item is still the caller's
 */
HRESULT uvcom__apartment_post(struct apartment *apartment, struct inbox_item *item);

/**
 * Makes sure that somebody can serve it: the multithreaded apartment starts its first worker here.
 *
 * @return S_OK (always for the other kinds)
 *         E_OUTOFMEMORY       no worker, and none could be started
 *         RPC_E_DISCONNECTED  closed
 */
HRESULT uvcom__apartment_ready(struct apartment *apartment);

/**
 * Makes an apartment on a thread of its own, with a loop of its own.
 *
 * Any thread that is in an apartment. On failure nothing is left behind. If nobody stops it, the
 * last CoUninitialize of the process does.
 *
 * @param apartment  [out] transfer; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, RPC_E_OUT_OF_RESOURCES (no descriptors or threads left),
 *         CO_E_NOTINITIALIZED (this thread is in no apartment, or the runtime is closing)
 */
HRESULT uvcom__apartment_start(struct apartment **apartment);

/**
 * Closes an apartment that uvcom__apartment_start made, and waits for its thread to end. The
 * reference stays the caller's. May be called again, and from several threads: one of them waits.
 * Called on the apartment's own thread it only asks for the end, which comes when the loop gets its
 * turn.
 */
void uvcom__apartment_stop(struct apartment *apartment);

/**
 * The multithreaded apartment of the process. It exists while any thread is initialised.
 *
 * @param apartment  [out] transfer; NULL on failure
 *
 * @return S_OK, CO_E_NOTINITIALIZED (no thread of the process is initialised, or a forked child)
 */
HRESULT uvcom__apartment_multithreaded(struct apartment **apartment);

/**
 * Runs fn(arg) in the apartment and waits for it; directly if that is here. On an apartment's
 * thread its own incoming items are served meanwhile.
 *
 * @return what fn returned
 *         RPC_E_DISCONNECTED  the apartment has closed; fn was not called
 *         E_OUTOFMEMORY       multithreaded, without a worker; fn was not called
 */
HRESULT uvcom__apartment_invoke(struct apartment *apartment, HRESULT (*fn)(void *arg), void *arg);

/**
 * Waits on a single-threaded apartment's own thread (or on a worker that
 * uvcom__blocking_enter_or_serve told to, then in the multithreaded apartment), running its
 * incoming items, until is_done(arg). Completion callbacks are left for the loop, in their order.
 * Whoever makes is_done true calls uvcom__apartment_wake after that.
 *
 * Waits nest, but not without end: inside 64 items (SERVING_DEPTH) that are run one in the other, a
 * wait serves nothing and only sleeps; the items stay queued, in order, until the stack unwinds. So
 * a chain of calls that comes back to this apartment more than 64 times deep, or that comes back
 * while 64 others are being served, waits for itself: until its deadline, or for ever. That is
 * preferred to running out of stack, which ends the process.
 *
 * is_done is asked before anything is dispatched (CON-09). With a deadline that has already passed
 * (0 is one) this is a poll: nothing is dispatched if a loop will do it (APT-04), else what is
 * queued is run once, so that a thread which only polls gets on.
 *
 * @return S_OK, RPC_E_TIMEOUT
 */
HRESULT uvcom__apartment_wait(struct apartment *apartment, bool (*is_done)(void *arg), void *arg,
                              uint64_t deadline_ns);

/**
 * The same on a single-threaded apartment's own thread, when is_done may also become true by one of
 * some descriptors: the thread sleeps on those as well. See poll_wait.h.
 *
 * @return S_OK, RPC_E_TIMEOUT, RPC_E_OUT_OF_RESOURCES
 */
HRESULT uvcom__apartment_wait_polling(struct apartment *apartment, struct poll_wait *polled,
                                      bool (*is_done)(void *arg), void *arg, uint64_t deadline_ns);

/** Makes a wait on the apartment's thread ask is_done again. Any thread, also after closing. */
void uvcom__apartment_wake(struct apartment *apartment);

/**
 * Stand round a sleep on a multithreaded thread: while a worker sleeps, another may take its place.
 * On other threads they do nothing. May be nested.
 */
void uvcom__blocking_enter(void);
void uvcom__blocking_leave(void);

/**
 * As uvcom__blocking_enter, before a sleep that may last for ever. False: this is the last worker
 * that is not blocked and there is no thread to be had for another one. Then it has not entered,
 * must not leave, and waits by uvcom__apartment_wait on the multithreaded apartment, which runs
 * queued items here meanwhile; who makes its is_done true wakes that apartment.
 */
bool uvcom__blocking_enter_or_serve(void);

/**
 * From now until detached, the closing apartment calls the export's disconnect; an adopted loop is
 * kept alive meanwhile. In the apartment. The export is zeroed but for `disconnect`.
 *
 * @return S_OK, RPC_E_DISCONNECTED (closed or closing; not attached)
 */
HRESULT uvcom__apartment_attach(struct apartment *apartment, struct apartment_export *item);

/** Any thread. False: disconnect has been or is being called, or will be at once. */
bool uvcom__apartment_detach(struct apartment *apartment, struct apartment_export *item);

/**
 * While held, uv_run(UV_RUN_DEFAULT) on the adopted loop stays, waiting for items. Counted. On the
 * loop's thread, with what uvcom__apartment_of_loop gave; once that has closed they only count.
 */
void uvcom__loop_hold(struct apartment *apartment);
void uvcom__loop_drop(struct apartment *apartment);

#endif
