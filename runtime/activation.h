/*
 * activation.h -- fetching an interface pointer out of another apartment.
 *
 * CoCreateInstance, CoGetClassObject and the class-object proxy all do the same: something makes or
 * finds an object at home, a target takes hold of it there, and a proxy for the target is made
 * here.
 */
#ifndef RUNTIME_ACTIVATION_H
#define RUNTIME_ACTIVATION_H

#include <stdbool.h>

#include <uvcom/unknwn.h>

struct apartment;
struct target;
struct uvcom_interface;

/* One journey. Lives on the stack of the thread that waits for it. */
struct activation {
    HRESULT (*make)(void *context, REFIID riid, void **ppv); /* runs at home */
    void *context;
    REFIID riid;
    struct apartment *home; /* borrowed, as is the context */
    struct target *target;  /* [out] transfer */
    bool arrived;           /* [out] make was called: the apartment was not closed */
};

/**
 * Makes the object at home and takes hold of it.
 *
 * On any thread with an apartment; that apartment's calls are served meanwhile.
 *
 * @return what make returned; RPC_E_DISCONNECTED, E_OUTOFMEMORY. On failure the object has been
 *         released at home.
 */
HRESULT uvcom__activation_fetch(struct activation *activation);

/**
 * The same, and a proxy for the object here.
 *
 * @return also E_NOINTERFACE: no generated code for the interface. Then nothing was made.
 */
HRESULT uvcom__activation_proxy(struct activation *activation, void **ppv);

#endif
