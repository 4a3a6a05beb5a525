/*
 * desk_server.h -- the servers of the conformance cases: a desk on uvcom_object, the same desk
 * written by hand, and a witness that counts its references.
 *
 * All counters are the process's; a setting begins with desk_reset and ends with desk_check. The
 * desks know nothing of asynchrony. Their methods note nothing in the journal: a hook can.
 */
#ifndef TESTS_CONFORMANCE_DESK_SERVER_H
#define TESTS_CONFORMANCE_DESK_SERVER_H

#include <stdatomic.h>
#include <stdint.h>

#include <uvcom/uvcom.h>

#include "desk.h"

#include "tests/support/gate.h"

/* What a case sets and reads. The gate is closed at first; everything else is zero. */
struct desk {
    struct gate gate;                 /* Hold, Read, Change and Pass wait here */
    HRESULT (*hook)(LONG number);     /* what Run runs */
    atomic_int live;                  /* desks that exist */
    atomic_int made;                  /* desks that were ever made */
    atomic_int entered;               /* methods begun, of all desks */
    atomic_int held;                  /* those of them that came to the gate */
    atomic_int left;                  /* methods that are over */
    atomic_int inside;                /* methods under way */
    atomic_int overlaps;              /* methods that began while another one was under way */
    atomic_int queries;               /* QueryInterface calls that reached a desk */
    _Atomic(uintptr_t) thread;        /* who ran the latest method */
    _Atomic(uintptr_t) end_thread;    /* who ran the latest end of a desk */
    void (*_Atomic query_hook)(void); /* what the next QueryInterface runs first, once */
};

extern struct desk desk;
extern const CLSID CLSID_Desk;

void desk_reset(void);
/* Asserts that no desk and no method is left. */
void desk_check(void);
/* Waits until so many methods are over. */
void desk_await_left(int count);

/* Each a uvcom_create_fn. A desk answers IDeskMore, IDesk, ISide and IPlain. */
HRESULT desk_create(IUnknown *outer, REFIID riid, void **ppv);
/* Without ICallFactory of its own (UVCOM_CLASS_NO_CALL_FACTORY). */
HRESULT desk_create_silent(IUnknown *outer, REFIID riid, void **ppv);
/* Without uvcom_object: counts and answers by itself, as any old COM object does. */
HRESULT plain_create(IUnknown *outer, REFIID riid, void **ppv);

/* A class object that makes desks, for CoRegisterClassObject; it lives in static memory. */
IClassFactory *desk_factory(void);

/* An object in static memory or on a stack that counts its references, to see who holds it. */
struct witness {
    IUnknown unknown;
    atomic_int references;
    void (*on_add_ref)(struct witness *witness); /* whoever refers to it runs this; NULL: nothing */
    void *context;                               /* the case's own */
};

/* With one reference. */
void witness_init(struct witness *witness);
int witness_references(struct witness *witness);
/* Waits until others have let go of it: a server may be a little later than its client. On the
   thread of a single-threaded apartment it serves that apartment meanwhile. */
void witness_await(struct witness *witness, int references);

/* Waits until an atomic has a value, serving like witness_await. */
void await_value(atomic_int *value, int wanted);

#endif
