/*
 * call.h -- the call object: one identity for the client, one word for the protocol, one operation
 * at a time.
 *
 * Files: call.c (identity, counts, life), call_begin.c (prepare, start, and the server's side up to
 * completion), call_finish.c (collect, retire), call_wait.c (who sleeps and who wakes),
 * synchronize.c (ISynchronize), listener.c (uvcom_on_complete). The rules themselves are in
 * call_state.c, as a table.
 *
 * Counts. `references` are the clients'. `pins` keep the memory: all clients together are one pin,
 * each operation under way is one, each Begin_ and Finish_ on a stack is one, each registered
 * callback is one. So a client may release the call object at any time, the method runs on, and
 * whoever lets go last frees it (LIFE-01, LIFE-05, RACE-07).
 */
#ifndef RUNTIME_CALL_H
#define RUNTIME_CALL_H

#include <uvcom/objidl.h>
#include <uvcom/proxy.h>

#include "runtime/call_word.h"
#include "runtime/operation.h"
#include "runtime/platform.h"

struct apartment;
struct listener;
struct target;

struct call {
    const void *async_vtable; /* AsyncIFoo: its pointer is the address of this field */
    ISynchronize synchronize;
    uvcom__atomic64 word; /* see call_state.h */
    uvcom__atomic32 references;
    uvcom__atomic32 pins;
    uvcom__atomic_ptr spare;     /* a clean operation for the next Begin_, or NULL */
    struct operation *operation; /* the outstanding one: written by the claimer, read by the
                                    Finish_ that won DONE */
    const struct uvcom_interface *interface;
    struct target *target;   /* one reference */
    struct uvcom__lock lock; /* guards the two lists below, never held across a call-out */
    struct waiter *waiters;
    struct listener *listener; /* at most one: it counts for one Begin_ */
};

/** A call is begun and its result is not claimed yet. */
static inline bool uvcom__call_is_outstanding(uint64_t word)
{
    enum call_state state = uvcom__call_state_of(word);

    return state != UVCOM__CALL_IDLE && state != UVCOM__CALL_FINISHING;
}

/* An apartment's thread that waits for this call, on its stack. See call_wait.c. */
struct waiter {
    struct waiter *next;
    struct apartment *apartment;
};

/**
 * The call object whose pointer this is: of its asynchronous interface or its ISynchronize, and not
 * of another object that hands interfaces through.
 *
 * @param pointer  borrowed: an interface pointer of any object
 *
 * @return with a reference; NULL: it is no call object
 */
struct call *uvcom__call_of(IUnknown *pointer);

/**
 * @param target     borrowed
 * @param interface  borrowed, constant; has an asynchronous twin
 * @param riid       an interface of the call object
 * @param ppv        [out] transfer; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, E_NOINTERFACE (and the object is gone again: FAC-08)
 */
HRESULT uvcom__call_create(struct target *target, const struct uvcom_interface *interface,
                           REFIID riid, void **ppv);

/** The same without a client: for a plain call through a proxy. One reference. NULL: out of memory.
 */
struct call *uvcom__call_create_plain(struct target *target,
                                      const struct uvcom_interface *interface);

/** False when the clients have all gone; then no reference was added. */
bool uvcom__call_add_ref_if_used(struct call *call);
void uvcom__call_release(struct call *call);
void uvcom__call_pin(struct call *call);
void uvcom__call_unpin(struct call *call);

/* ---- call_begin.c ---- */

struct operation *uvcom__call_prepare(struct call *call, unsigned method, HRESULT *hr);
HRESULT uvcom__call_start(struct call *call, struct operation *operation, HRESULT hr);
/** Cleans the operation and keeps it for the next Begin_, if none is kept yet. */
void uvcom__call_recycle(struct call *call, struct operation *operation);

/* ---- call_finish.c ---- */

struct operation *uvcom__call_collect(struct call *call, unsigned method, HRESULT *hr);
void uvcom__call_retire(struct call *call, struct operation *operation);

/* ---- call_wait.c ---- */

enum call_wait_for {
    CALL_WAIT_EVENT,     /* ISynchronize::Wait: whoever sets it */
    CALL_WAIT_COMPLETION /* Finish_: the operation itself, or a cancel */
};

/**
 * Sleeps until the event is set, or the call of `epoch` is complete.
 *
 * @param epoch        of the call to wait for; UVCOM__CALL_ANY_EPOCH: none is running, only the
 * event
 * @param deadline_ns  UVCOM__FOREVER, or a time of uvcom__now_ns; 0 polls
 *
 * @return S_OK, RPC_E_TIMEOUT, CO_E_NOTINITIALIZED (a child after fork), or
 *         HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK): the call runs further up this stack
 */
HRESULT uvcom__call_wait(struct call *call, enum call_wait_for what, uint64_t epoch,
                         uint64_t deadline_ns);

/** After a step that set the event: wakes apartment threads, and fires the listener if `completed`.
 */
void uvcom__call_notify(struct call *call, const struct call_step *step, bool completed);

/* ---- synchronize.c ---- */

extern const ISynchronizeVtbl uvcom__call_synchronize_vtable;

#endif
