/*
 * exchange.h -- objects that go from one apartment to another: the listener that is handed on, the
 * exchange that it is handed to, and fixtures for each way in which the two can stand to each
 * other.
 *
 * A fixture's end asserts that no object was left. Checked fixtures only: there must be no thread
 * before Check forks.
 */
#ifndef TESTS_E2E_EXCHANGE_H
#define TESTS_E2E_EXCHANGE_H

#include <stdatomic.h>

#include <uvcom/uvcom.h>

#include "runtime/apartment.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/gate.h"
#include "tests/support/runner.h"
#include "trade.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

extern const CLSID CLSID_Exchange;

/* What the objects note down. The gate is closed at first. */
struct exchange_notes {
    atomic_int listeners;          /* that exist */
    atomic_int exchanges;          /* that exist */
    _Atomic(uintptr_t) told_on;    /* the thread of the latest Tell */
    _Atomic(uintptr_t) ended_on;   /* the thread of the latest end of a listener */
    _Atomic(uintptr_t) entered_on; /* the thread of the latest method of an exchange */
    struct gate gate;              /* Hold and MakeLate wait here */
    struct gate ended;             /* open; `arrived` counts the ends of listeners */
};

extern struct exchange_notes notes;

uintptr_t this_thread(void);

void notes_reset(void);
void notes_check(void);

/* ---- the objects ---- */

/* A listener of this apartment, or one of any; one reference. Answers IListener, IWhere, IHidden.
 * NULL: out of memory. */
IListener *listener_create(void);
IListener *listener_create_agile(void);

/* A uvcom_create_fn: an exchange. */
HRESULT exchange_create(IUnknown *outer, REFIID riid, void **ppv);

/* ---- the fixtures ---- */

struct market {
    IExchange *server;     /* a proxy, or the object itself */
    AsyncIExchange *call;  /* idle */
    IListener *listener;   /* of the client's apartment */
    bool client_is_single; /* the client has an apartment of its own */
    bool is_direct;        /* client and server are in one apartment */
};

extern struct market market;

/* Adds a TCase for each way, with all tests that `fill` adds. */
void market_add_cases(Suite *suite, void (*fill)(TCase *tcase));
/* One TCase: clients in the multithreaded apartment, the server in one of its own. */
void market_add_multithreaded_case(Suite *suite, void (*fill)(TCase *tcase));

/* Any interface of an object; one reference. */
void *query(void *object, REFIID iid);
/* Releases; NULL is allowed. Returns the count. */
ULONG drop(void *object);
/* Whether two pointers are to one object. */
bool are_same(void *one, void *other);
/* Waits until so many listeners have ended altogether, serving this apartment meanwhile. */
void await_ends(size_t count);

/* Runs a function in an apartment. */
void run_in(struct apartment *apartment, void (*run)(void *arg), void *arg);

#endif
