/*
 * plain_server.h -- what the server library of the tests is told and what it tells.
 *
 * The struct is the test program's (which exports it), so that it can be read when the library is
 * not loaded any more.
 */
#ifndef TESTS_RUNTIME_LIBRARIES_PLAIN_SERVER_H
#define TESTS_RUNTIME_LIBRARIES_PLAIN_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>

#include <uvcom/class.h>
#include <uvcom/object.h>
#include <uvcom/unknwn.h>

#include "tests/support/gate.h"

/* The one class of the library that fails. All others are the same. */
#define PLAIN_UNKNOWN_CLASS 0x71e0cbad

struct plain {
    /* set by the test */
    ULONG (*thread)(void);       /* the number of the calling thread */
    HRESULT (*hook)(void);       /* what GetThread runs first; NULL: nothing */
    HRESULT class_object;        /* what DllGetClassObject answers, if it is a failure */
    bool gives_nothing;          /* DllGetClassObject says S_OK and gives no pointer */
    bool is_agile;               /* objects answer IAgileObject */
    bool makes_by_query;         /* the class object answers IPlace: by a new object */
    bool is_careless;            /* DllCanUnloadNow says S_OK whatever there is */
    bool has_thread;             /* DllGetClassObject starts a thread, which waits at the gate */
    struct gate gate;            /* of that thread */
    struct gate unload_gate;     /* DllCanUnloadNow passes it; open at first */
    HRESULT (*asked_hook)(void); /* what DllCanUnloadNow runs first; NULL: nothing */
    /* What the constructor runs, with two things of the library's; NULL: nothing. */
    void (*load_hook)(uvcom_create_fn create, const uvcom_class *class_);

    /* and by the library */
    atomic_int loads;
    atomic_int unloads;
    atomic_int objects;
    atomic_int class_objects; /* references to the one that there is */
    atomic_int locks;
    atomic_int asked;       /* DllCanUnloadNow */
    atomic_uint made_on;    /* thread of the latest object */
    atomic_uint ended_on;   /* and of the latest end */
    atomic_uint given_on;   /* thread of the latest DllGetClassObject */
    _Atomic(void *) latest; /* the latest object */
    _Atomic(void *) outer;  /* what it was given */
};

extern struct plain plain;

#endif
