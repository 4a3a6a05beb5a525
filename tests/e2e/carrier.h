/*
 * carrier.h -- calls of ICarried with the values of cargo.h: the server, the client's fixture, and
 * one call in each of the ways in which there are calls.
 *
 * All of it is the process's, as in gated_server.h: a fixture begins with carrier_open and ends
 * with carrier_close, which asserts that nothing is left.
 */
#ifndef TESTS_E2E_CARRIER_H
#define TESTS_E2E_CARRIER_H

#include "cargo.h"
#include "tests/support/gate.h"

/* What the server does and has seen. A method waits at the gate, says what it was given, makes its
   results with the maker and says what these are. */
struct carrier {
    struct gate gate;   /* open at first */
    struct gate left;   /* its `arrived` counts the methods that are about to return */
    size_t left_before; /* its `arrived` at the last carrier_reset */
    struct cargo_maker maker;
    void (*act)(void *args); /* instead of the maker; a row's own arguments */
    HRESULT hr;              /* what the methods return */
    struct cargo_text seen;
    struct cargo_text made;
    ICarried *server;
    AsyncICarried *call;
};

extern struct carrier carrier;

/* A client in the multithreaded apartment, a server in an apartment of its own. */
void carrier_open(void);
void carrier_close(void);

/* Forgets what was said, and gives the server other choices. No call may be under way. */
void carrier_reset(const unsigned char *data, size_t size, bool may_err);
/* Waits until the server has nothing more to do with the one call that was begun since
   carrier_reset. The gate must be open. */
void carrier_settle(void);

/* A maker of the client's values. */
struct cargo_maker carrier_client(enum cargo_memory outer, enum cargo_memory inner,
                                  const unsigned char *data, size_t size);

/* A uvcom_create_fn. */
HRESULT carrier_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
