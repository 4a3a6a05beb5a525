/*
 * factory.h -- ICallFactory::CreateCall for an object that the caller holds directly.
 */
#ifndef RUNTIME_FACTORY_H
#define RUNTIME_FACTORY_H

#include <uvcom/unknwn.h>

struct apartment;
struct uvcom_interface;

/** What CreateCall was given. */
struct create_call {
    REFIID riid;     /* the asynchronous interface wanted */
    IUnknown *outer; /* borrowed, or NULL */
    REFIID riid2;    /* the interface of the call object to return */
    IUnknown **ppv;  /* [out] transfer */
    /* Of a server call: its table of Start_ functions, borrowed as long as it lives; else NULL. */
    const void *starts;
};

/**
 * Checks the arguments that every factory checks and finds the interface.
 *
 * @return S_OK, E_POINTER (no ppv: FAC-04), E_INVALIDARG (an id is NULL; an outer with riid2 other
 * than IUnknown: FAC-06), CO_E_NOTINITIALIZED, E_NOINTERFACE (riid is no asynchronous interface
 * that this process has code for: FAC-03)
 */
HRESULT uvcom__create_call_check(const struct create_call *request,
                                 const struct uvcom_interface **interface);

/**
 * CreateCall on a direct object: its calls run in the apartment `home`, those of a server call on
 * the thread that begins them, which must be in `home`.
 *
 * @param server  borrowed
 * @param home    borrowed; NULL: none, and calls run in the multithreaded apartment, those of a
 *                server call wherever they are begun
 *
 * @return as uvcom__create_call_check; or E_NOINTERFACE (the object has no such interface),
 * E_OUTOFMEMORY, RPC_E_DISCONNECTED, RPC_E_WRONG_THREAD (home is a single-threaded apartment, and
 * this thread is not in it). *ppv is NULL on failure.
 */
HRESULT uvcom__factory_create_call(IUnknown *server, struct apartment *home,
                                   const struct create_call *request);

#endif
