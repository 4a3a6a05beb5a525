/*
 * outer.h -- an outer object that a call object is aggregated into: the client's own ISynchronize
 * in front of the call's.
 *
 * It counts what it is asked, and hands it on to the inner's own event, which is found through the
 * inner IUnknown (AGG-06). A case that wants something else sets the function; it may hand on with
 * outer_forward_.... The object is counted: the last Release ends it, from whatever thread.
 *
 *     struct outer *outer = outer_create(scene.server);
 *     AsyncIDesk *call = outer->call;                  borrowed, as long as there is a reference
 *     outer->signal = my_signal;
 *     ...
 *     outer_release(outer);
 */
#ifndef TESTS_CONFORMANCE_OUTER_H
#define TESTS_CONFORMANCE_OUTER_H

#include <stdatomic.h>
#include <stdbool.h>

#include <uvcom/uvcom.h>

#include "desk.h"

struct outer {
    IUnknown unknown;         /* the controlling IUnknown: its address is the outer's */
    ISynchronize synchronize; /* what QueryInterface(IID_ISynchronize) answers */
    atomic_int references;
    IUnknown *inner;     /* one reference */
    AsyncIDesk *call;    /* the inner's, without a count: it counts on this object */
    ISynchronize *event; /* the inner's own, without a count */

    /* Any of them NULL: it is handed on. Set before Begin_. */
    HRESULT (*wait)(struct outer *outer, DWORD flags, DWORD milliseconds);
    HRESULT (*signal)(struct outer *outer);
    HRESULT (*reset)(struct outer *outer);
    void *context;     /* the case's own */
    bool is_eventless; /* IID_ISynchronize is E_NOINTERFACE */

    atomic_int waits; /* calls of Wait, Signal and Reset that have begun */
    atomic_int signals;
    atomic_int resets;
    atomic_int signaled; /* calls of Signal that are over */
};

/* How many there are; a case asserts that none is left. */
extern atomic_int outers_live;

/* With one reference, and a call object for this server inside. Fails the case if it cannot be. */
struct outer *outer_create(IDesk *server);
/* The same without a call object, for cases that make it themselves. */
struct outer *outer_create_empty(void);
/* Makes the call object; the HRESULT of CreateCall. */
HRESULT outer_fill(struct outer *outer, IDesk *server);

void outer_add_ref(struct outer *outer);
void outer_release(struct outer *outer);

HRESULT outer_forward_wait(struct outer *outer, DWORD flags, DWORD milliseconds);
HRESULT outer_forward_signal(struct outer *outer);
HRESULT outer_forward_reset(struct outer *outer);

#endif
