/*
 * viewer.h -- methods that look at the context of their own call: for the tests of what a call
 * carries.
 *
 * The methods are hooks of the gated server's Run, by number. They leave what they saw in `seen`,
 * and the codes that they got in `codes`, and assert nothing themselves.
 */
#ifndef TESTS_E2E_VIEWER_H
#define TESTS_E2E_VIEWER_H

#include "client.h"

/* What a method saw of its own context. */
struct view {
    HRESULT got;      /* of CoGetCallContext */
    HRESULT remained; /* of GetRemainingTime */
    HRESULT tested;   /* of TestCancel */
    HRESULT asked;    /* of GetPrincipal */
    GUID id;
    DWORD remaining;
    const void *principal; /* compared only */
    const void *context;   /* the same */
};

struct viewer {
    struct view seen[32];
    HRESULT codes[16];
    IUvcomCallContext *kept; /* by viewer_keep, one reference */
};

extern struct viewer viewer;

/* In a test: before and after all else. Everything is cleared, and the gate is open; the principals
   must have been released. */
void viewer_open(void);
void viewer_close(void);
/* One Run of the client's call object with this hook. */
void viewer_run(HRESULT (*hook)(LONG number), LONG number);

/* The current context; one reference. NULL: none. */
IUvcomCallContext *viewer_current(void);
void viewer_look(struct view *view);

/* Hooks. */
HRESULT viewer_look_at_it(LONG number);    /* into seen[number] */
HRESULT viewer_look_and_keep(LONG number); /* and keeps the context */
HRESULT viewer_wait_and_look(LONG number); /* when the gate lets it */

/* An object of an apartment that no other object here lives in, for the thread that asks. */
IGated *viewer_far(void);

/* Principals that count their references. */
struct person {
    IUnknown unknown;
    atomic_int references;
};

extern struct person alice, bob;

#endif
