/*
 * host.h -- a thread of the application's own that serves a class of gated objects: in the loop
 * that it runs, or in a wait.
 *
 * Unlike a class of uvcom_register_class the host can end while clients still hold its objects, and
 * so shows what becomes of their calls.
 */
#ifndef TESTS_E2E_HOST_H
#define TESTS_E2E_HOST_H

#include <uv.h>

#include "client.h"

extern const CLSID CLSID_Hosted;

enum host_kind {
    HOST_LOOP, /* its loop is adopted, and it runs it */
    HOST_WAIT  /* it has no loop, and serves while it waits */
};

struct host {
    pthread_t thread;
    enum host_kind kind;
    struct gate gate;   /* the host passes it when it serves */
    uintptr_t number;   /* of its thread */
    uv_async_t end;     /* ends a HOST_LOOP */
    ISynchronize *wait; /* ends a HOST_WAIT when it is signaled */
    HRESULT hr;         /* the first thing that went wrong, or S_OK; read after host_end */
};

/* Returns when the host serves. */
void host_start(struct host *host, enum host_kind kind);
/* Asks for the end; any thread, the host's own too. */
void host_ask_to_end(struct host *host);
/* Asks, waits until its thread has gone, and asserts that nothing went wrong. */
void host_end(struct host *host);
/* The same without asking. */
void host_join(struct host *host);

/* An object of the host's, for this thread's apartment; one reference. */
IGated *host_object(void);

#endif
