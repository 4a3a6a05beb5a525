/*
 * context_server.h -- servers that work asynchronously for the cases about the call's context: one
 * with a Start_ function, one with a call object by hand. Their Run calls the case's function while
 * the call begins, and the function may complete the call from inside.
 */
#ifndef TESTS_CONFORMANCE_CONTEXT_SERVER_H
#define TESTS_CONFORMANCE_CONTEXT_SERVER_H

#include <uvcom/uvcom.h>

#include "desk.h"

/* What a case sets. */
struct context_server {
    void (*begin)(LONG number); /* inside Start_Run or Begin_Run */
    void (*finish)(void);       /* inside Finish_Run by hand; NULL: nothing */
};

extern struct context_server context_server;

/* A uvcom_create_fn each: IDesk, of which only Run works. */
HRESULT context_create_starts(IUnknown *outer, REFIID riid, void **ppv);
HRESULT context_create_by_hand(IUnknown *outer, REFIID riid, void **ppv);

/* Inside `begin`: completes the call, or calls Signal. Else it is done after that. */
HRESULT context_complete(void);

#endif
