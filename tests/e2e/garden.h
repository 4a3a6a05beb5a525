/*
 * garden.h -- objects with an interface that derives from another, a taker that they are handed to,
 * and the fixture: both in apartments of their own, the client in the multithreaded one.
 *
 * The fixture's end asserts that no object was left. A checked fixture only: there must be no
 * thread before Check forks.
 */
#ifndef TESTS_E2E_GARDEN_H
#define TESTS_E2E_GARDEN_H

#include <stdatomic.h>

#include <uvcom/uvcom.h>

#include "grown.h"
#include "tests/support/assert_hr.h"
#include "tests/support/gate.h"
#include "tests/support/runner.h"

extern const CLSID CLSID_Grown;
extern const CLSID CLSID_AgileGrown;
extern const CLSID CLSID_Taker;

struct garden {
    IGrown *grown; /* proxies */
    ITaker *taker;
    struct gate gate;             /* Hold waits here; closed at first */
    atomic_int live;              /* objects that exist */
    atomic_int count;             /* of marks */
    LONG marks[8];                /* in the order in which the taker was given them */
    void (*_Atomic at_end)(void); /* called once, by the end of the next object that ends */
};

extern struct garden garden;

/* One reference. */
IGrown *grown_create(void);
IGrown *grown_create_agile(void);

void garden_begin(void);
void garden_end(void);

/* Any interface of an object; one reference. */
void *garden_query(void *object, REFIID iid);
ULONG garden_drop(void *object);

/* Runs a function on a thread that is in no apartment. */
void garden_run_nowhere(void (*run)(void));

#endif
