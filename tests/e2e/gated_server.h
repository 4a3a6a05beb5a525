/*
 * gated_server.h -- the server of the call tests: an object whose methods enter, wait at a gate and
 * leave, a class object for it, and a witness that counts its references.
 *
 * All counters are the process's: a fixture begins with gated_reset and ends with gated_check,
 * which asserts that no object was left behind. The object itself knows nothing of asynchrony.
 */
#ifndef TESTS_E2E_GATED_SERVER_H
#define TESTS_E2E_GATED_SERVER_H

#include <stdatomic.h>

#include <uvcom/uvcom.h>

#include "gated.h"
#include "tests/support/gate.h"

/* What a test sets and reads. The gate is closed at first; everything else is zero. */
struct gated {
    atomic_int live;                 /* objects that exist */
    atomic_int factories;            /* class objects that exist */
    atomic_int entered;              /* methods begun, of all objects */
    atomic_int inside;               /* methods under way */
    atomic_int overlaps;             /* methods that began while another one was under way */
    atomic_int queries;              /* QueryInterface calls that reached an object */
    _Atomic(uintptr_t) query_thread; /* who made the latest one */
    _Atomic(uintptr_t) thread;       /* who ran the latest method */
    _Atomic(uintptr_t) end_thread;   /* who ran the latest end of an object */
    struct gate gate;                /* Enter, Sum and Hold wait here */
    struct gate left;                /* open; its `arrived` counts the methods that have returned */
    ULONG claimed;                   /* Fill adds this to the number of bytes that it wrote */
    HRESULT (*hook)(LONG number);    /* what Run runs */
    HRESULT hook_hr;                 /* for a hook to leave something for the test */
    void (*_Atomic query_hook)(void); /* what the next QueryInterface runs first, once */
    void (*_Atomic end_hook)(void);   /* what the next end of an object runs, once */
    atomic_bool lies;                 /* QueryInterface says S_OK and gives NULL */
};

extern struct gated gated;
extern const CLSID CLSID_Gated;

/* This thread, as the members of struct gated tell it. */
uintptr_t gated_this_thread(void);

void gated_reset(void);
void gated_check(void);

/* A uvcom_create_fn. The object answers IGatedMore, IGated, ISide and IPlain. */
HRESULT gated_create(IUnknown *outer, REFIID riid, void **ppv);
/* The same object without ICallFactory of its own. */
HRESULT gated_create_silent(IUnknown *outer, REFIID riid, void **ppv);

/* A class object for gated_create; one reference. */
IClassFactory *gated_factory(void);

/* An object that does nothing but count, to see who holds it. */
struct witness {
    IUnknown unknown;
    atomic_int references;
};

void witness_init(struct witness *witness);
int witness_references(struct witness *witness);
/* Waits until somebody else has let go of it: a server may be a little later than its client. */
void witness_await(struct witness *witness, int references);

#endif
