/*
 * call.h -- the call object: one identity for the client, one word for the protocol, one operation
 * at a time.
 *
 * Files: call.c (identity, counts, life), call_outer.c (aggregation: what goes through the outer
 * object's ISynchronize), call_begin.c (prepare, start), call_serve.c (the server's side),
 * call_complete.c (completion), call_cancel.c (ICancelMethodCalls), call_finish.c (collect,
 * retire), call_wait.c (who sleeps and who wakes), synchronize.c (ISynchronize), listener.c
 * (uvcom_on_complete). The rules themselves are in call_state.c, as a table.
 *
 * Counts. `references` are the clients'. `pins` keep the memory: all clients together are one pin,
 * each operation under way is one, each Begin_ and Finish_ on a stack is one, each registered
 * callback is one. So a client may release the call object at any time, the method runs on, and
 * whoever lets go last frees it (LIFE-01, LIFE-05, RACE-07).
 *
 * Of an aggregated call object `references` are those of its inner IUnknown, which the outer object
 * holds; its other interfaces count on the outer object (AGG-01).
 */
#ifndef RUNTIME_CALL_H
#define RUNTIME_CALL_H

#include <uvcom/objidl.h>
#include <uvcom/proxy.h>

#include "runtime/call_word.h"
#include "runtime/deadline.h"
#include "runtime/observer.h"
#include "runtime/operation.h"
#include "runtime/platform.h"

struct announcement;
struct apartment;
struct listener;
struct target;

struct call {
    const void *async_vtable; /* AsyncIFoo: its pointer is the address of this field */
    ISynchronize synchronize;
    ISynchronizeHandle handle;
    ICancelMethodCalls cancel;
    IUnknown inner;  /* an aggregated call object's own IUnknown, which does not delegate */
    IUnknown *outer; /* the controlling IUnknown, not counted; NULL: the call object stands alone */
    uvcom__atomic64 word; /* see call_state.h */
    uvcom__atomic32 references;
    uvcom__atomic32 pins;
    uvcom__atomic_ptr spare;        /* a clean operation for the next Begin_, or NULL */
    struct operation *operation;    /* the outstanding one: written by the claimer, read by the
                                       Finish_ that won DONE */
    uvcom__atomic_ptr announcement; /* of the outstanding call, or a stale one; for whoever
                                       ends that call. NULL without an outer object */
    uvcom__atomic_ptr spare_announcement; /* for the next Begin_, or NULL */
    const struct uvcom_interface *interface;
    struct target *target; /* one reference */
    bool is_clients;       /* not a proxy's own, for plain calls */
    /* A server call (server_create.c): its Begin_ runs Start_ functions where it is called. */
    const void *starts;               /* their table; NULL: an ordinary call object */
    bool starts_anywhere;             /* its server is bound to no apartment */
    struct uvcom_operation *upstream; /* the client's call that it was made for: one share of the
                                         ticket; or NULL */
    struct deadline deadline;         /* of the outstanding call */
    uvcom__atomic32 impatience;       /* its time: ~milliseconds, so that 0 is INFINITE */
    uvcom__atomic_ptr principal;      /* of uvcom_call_set_principal; changed under the lock */
    uvcom__atomic64 canceled;         /* epoch of the latest call that Finish_ found cancelled */
    /* What uvcom__apartment_of_loop said on the thread whose loop alone can complete the
       outstanding call; compared, never followed. NULL: others can, too. Cleared by Begin_. */
    uvcom__atomic_ptr completes_on;
    struct uvcom__lock lock;    /* guards the rest, never held across a call-out */
    struct observers observers; /* of the event: who waits or shows it */
    struct listener *listener;  /* at most one: it counts for one Begin_ */
};

/** A call is begun and its result is not claimed yet. */
static inline bool uvcom__call_is_outstanding(uint64_t word)
{
    const enum call_state state = uvcom__call_state_of(word);

    return state != UVCOM__CALL_IDLE && state != UVCOM__CALL_FINISHING;
}

/** Whether it is a server call: its Begin_ runs Start_ functions where it is called. */
static inline bool uvcom__call_is_direct(const struct call *call)
{
    return call->starts != NULL;
}

/**
 * The call object whose pointer this is: an interface pointer that the call object itself has given
 * out, and not one of another object that hands interfaces through. Of an aggregated one those are
 * its AsyncIFoo, its own ISynchronize and ICancelMethodCalls, and its inner IUnknown.
 *
 * @param pointer  borrowed: an interface pointer of any object
 *
 * @return with a client's reference, which uvcom_call_Release gives back; NULL: it is no call
 *         object
 */
struct call *uvcom__call_of(IUnknown *pointer);

/* What a call object is made of. */
struct call_plan {
    const struct uvcom_interface *interface; /* constant; has an asynchronous twin */
    struct target *target;                   /* borrowed */
    IUnknown *outer;                         /* borrowed: pCtrlUnk of CreateCall; or NULL */
    /* A server call; else zeroes. */
    const void *starts; /* its table of Start_ functions: borrowed as long as the call object is */
    bool starts_anywhere;
    struct uvcom_operation *upstream; /* borrowed, or NULL */
};

/**
 * For every CreateCall. The outer object is neither called nor counted.
 *
 * @param riid  an interface of the call object; with an outer object it is IID_IUnknown, which
 *              uvcom__create_call_check has seen to (FAC-06)
 * @param ppv   [out] transfer; NULL on failure. With an outer object: the inner IUnknown
 *
 * @return S_OK, E_OUTOFMEMORY, E_NOINTERFACE (and the object is gone again: FAC-08)
 */
HRESULT uvcom__call_create(const struct call_plan *plan, REFIID riid, void **ppv);

/** The same without a client: for a plain call through a proxy. One reference. NULL: out of memory.
 */
struct call *uvcom__call_create_plain(struct target *target,
                                      const struct uvcom_interface *interface);

/** False, with no reference, when the clients have gone. Counts the inner IUnknown of an aggregated
 * call object: who may call the client needs uvcom__call_hold_outer as well. */
bool uvcom__call_add_ref_if_used(struct call *call);
void uvcom__call_release(struct call *call);
void uvcom__call_pin(struct call *call);
void uvcom__call_unpin(struct call *call);

/* ---- call_begin.c ---- */

struct operation *uvcom__call_prepare(struct call *call, unsigned method, HRESULT *hr);
HRESULT uvcom__call_start(struct call *call, struct operation *operation, HRESULT hr);
/** Cleans the operation and keeps it for the next Begin_, if none is kept yet. */
void uvcom__call_recycle(struct call *call, struct operation *operation);

/* ---- call_serve.c ---- */
/** What is known before the claim: S_OK, RPC_E_DISCONNECTED, RPC_E_WRONG_THREAD, as below. */
HRESULT uvcom__call_check_server(const struct call *call);

/**
 * Hands a claimed operation to its server. On success it is the server's, and the call may be over
 * before this returns.
 *
 * @return S_OK; RPC_E_DISCONNECTED (the server's apartment has closed): it is still the caller's;
 *         of a server call also RPC_E_WRONG_THREAD (its server lives in another apartment),
 *         CO_E_NOTINITIALIZED, E_OUTOFMEMORY, and what its Start_ function failed with (SRV-07)
 */
HRESULT uvcom__call_dispatch(struct call *call, struct operation *operation);

/**
 * Completes a call with what its server's method came to: gives out the results, or frees them if
 * that is a failure. In the server's apartment, unless no result and no parameter has interface
 * pointers; the operation is consumed.
 *
 * @return as uvcom__call_complete
 */
HRESULT uvcom__call_answer(struct operation *operation, HRESULT hr);

/* ---- call_complete.c ---- */

/**
 * The end of the server's part, once. Any thread; the operation is consumed.
 *
 * @return S_OK; RPC_E_CALL_COMPLETE: the call had ended before, and nobody gets the results
 */
HRESULT uvcom__call_complete(struct operation *operation, HRESULT hr);

/**
 * Ends a call without its server: a cancel, a deadline, an apartment that has gone. Who sleeps for
 * it is woken, callbacks are sent, an outer object's Signal is called before this returns, all as
 * completion does it. While the call still starts this is noted down, and Begin_ carries it out.
 *
 * @param call   the caller's own reference or pin keeps it
 * @param epoch  of the call that is meant; UVCOM__CALL_ANY_EPOCH: whichever is in progress
 *
 * Any thread, no lock held. Allocates nothing.
 *
 * @return S_OK                 Finish_ answers the verdict; the operation stays the server's
 *         RPC_E_CALL_COMPLETE  no such call in progress, or it has its result
 *         RPC_E_CALL_CANCELED  somebody else has ended it like this before
 */
HRESULT uvcom__call_end(struct call *call, uint64_t epoch, enum call_verdict verdict);

/** After a step that moved the word to DONE or CANCELED: tells everybody. The caller has a pin.
 *
 * @param announcement  transfer: read from the call object before that step */
void uvcom__call_over(struct call *call, const struct call_step *step,
                      struct announcement *announcement);

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
 *         HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK): the call runs further up this stack, only
 *         this thread's loop can complete it, or this is not the thread to wait on
 */
HRESULT uvcom__call_wait(struct call *call, enum call_wait_for what, uint64_t epoch,
                         uint64_t deadline_ns);

/**
 * After every step that set or cleared the event: if it set it, wakes whoever observes it, and
 * fires the listener if it also `completed` the call; keeps the descriptor in step. Costs nothing
 * without the NODES bit.
 */
void uvcom__call_notify(struct call *call, const struct call_step *step, bool completed);

/** For who has found the event set, or the call complete: from here on the descriptor shows it. */
void uvcom__call_settle(struct call *call);

/** Any thread. If the event is set the observer is notified at once, too. */
void uvcom__call_observe(struct call *call, struct observer *observer);
void uvcom__call_unobserve(struct call *call, struct observer *observer);

/** What a Wait of 0 milliseconds asks. */
bool uvcom__call_is_set(struct call *call);

/** As ISynchronizeHandle::GetHandle: borrowed. @return S_OK, RPC_E_OUT_OF_RESOURCES */
HRESULT uvcom__call_descriptor(struct call *call, int *descriptor);

/** Under the lock: there may be nobody left to tell; takes the bit off the word then. */
void uvcom__call_unmark_locked(struct call *call);

/* ---- synchronize.c ---- */

extern const ISynchronizeVtbl uvcom__call_synchronize_vtable;
extern const ISynchronizeHandleVtbl uvcom__call_handle_vtable;

/** The call object that this is the own ISynchronize of, borrowed; NULL: it is something else. */
struct call *uvcom__call_of_synchronize(ISynchronize *synchronize);

#endif
