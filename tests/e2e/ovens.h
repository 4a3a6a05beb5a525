/*
 * ovens.h -- servers that work asynchronously, one for each style in which they are written, and
 * what a test sees of them.
 *
 * The object lies in wait for work to be done by others: each call becomes a job, and a test takes
 * it (bakery_take) and ends it on any thread (bakery_end). The synchronous methods of the object
 * give the same results and are counted, so a test can tell that they were not run.
 *
 * All state is the process's: a fixture begins with bakery_reset and ends with bakery_check.
 */
#ifndef TESTS_E2E_OVENS_H
#define TESTS_E2E_OVENS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <uvcom/uvcom.h>

#include "bakery.h"

enum bakery_style {
    BAKERY_STARTS, /* uvcom_object with a table of Start_ functions */
    BAKERY_CALL,   /* ICallFactory by hand, which returns uvcom_create_server_call */
    BAKERY_EVENT,  /* call objects by hand that aggregate a ManualResetEvent, as in the SDK */
    BAKERY_OUTER,  /* call objects by hand that use their outer object's ISynchronize */
    BAKERY_LATE,   /* the same; they signal inside Begin_ and do the work inside Finish_ */
    BAKERY_STYLES
};

struct bakery {
    enum bakery_style style;
    bool at_once;              /* jobs are ended inside Start_ or Begin_ */
    bool is_rash;              /* a job holds no reference on its call object */
    HRESULT create_hr;         /* what CreateCall answers, if it is a failure */
    HRESULT begin_hr;          /* what Start_ or Begin_ answers, if it is a failure */
    bool stands_alone;         /* call objects by hand ignore their outer object */
    IUnknown *identity;        /* of the call object by hand that was begun last; borrowed */
    void (*hook)(void);        /* run inside Start_ or Begin_ */
    void (*finish_hook)(void); /* run inside a Finish_ by hand */
    atomic_int live;           /* objects that exist */
    atomic_int orders;         /* call objects by hand that exist */
    atomic_int creates;        /* CreateCall, of factories by hand */
    atomic_int outers;         /* those of them with an outer object */
    atomic_int begins;         /* Begin_ or Start_ */
    atomic_int signals;        /* Signal, or completion */
    atomic_int finishes;       /* Finish_ by hand */
    atomic_int ends;           /* call objects by hand that have ended */
    atomic_int runs;           /* synchronous methods */
    atomic_int cleanings;
    _Atomic(uintptr_t) begin_thread, finish_thread, end_thread; /* of the latest */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct job *first, **last; /* jobs that nobody has taken yet */
    struct job *dropped;       /* of call objects by hand: they are kept until they are signaled */
};

extern struct bakery bakery;
extern const CLSID CLSID_Bakery;

uintptr_t bakery_this_thread(void);
void bakery_reset(enum bakery_style style);
/* Signals late for what was dropped, and asserts that nothing is left. */
void bakery_check(void);
/* A uvcom_create_fn: IBakeryMore, IBakery, ICleaner. */
HRESULT bakery_create(IUnknown *outer, REFIID riid, void **ppv);
static inline bool bakery_is_by_hand(void)
{
    return bakery.style >= BAKERY_EVENT;
}

enum bakery_method { BAKE = 1, LABEL, WRAP, CHANGE, COUNT };

/* What a method was given and what it made of that. */
struct job {
    struct job *next;
    enum bakery_method method;
    uvcom_operation *operation; /* of Start_; NULL: of a call object by hand */
    struct order *order;
    LONG number;     /* in, and out */
    char *text;      /* in; task memory */
    char *label;     /* out; task memory */
    IUnknown *thing; /* in, and out; used in the object's apartment only */
    void *places[2]; /* of Start_ */
};

/* Waits for the next job. */
struct job *bakery_take(void);
/* Does the job, with this result: signals, or completes. @return what that answered */
HRESULT bakery_end(struct job *job, HRESULT hr);
/* Lets go of a job that was not done. */
void bakery_drop(struct job *job);
/* How many are there to be taken. */
int bakery_waiting(void);

/* ---- the parts ---- */

/* A job for these values. The text is copied. NULL: out of memory. */
struct job *job_create(enum bakery_method method, LONG number, const char *text, IUnknown *thing);
void job_destroy(struct job *job);
/* From now on it can be taken; or it is done at once. */
HRESULT job_offer(struct job *job);
/* Fills number, label and thing. Any thread. */
HRESULT job_do(struct job *job);

extern const AsyncIBakeryMoreServer bakery_starts;

/* A call object by hand. */
HRESULT order_create(IUnknown *outer, REFIID riid, IUnknown **ppv);
HRESULT order_end(struct job *job, HRESULT hr);
void order_drop(struct job *job);
/* Long after order_drop. */
void order_signal(struct job *job);

#endif
