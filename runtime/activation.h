/*
 * activation.h -- fetching an interface pointer out of another apartment.
 *
 * CoCreateInstance, CoGetClassObject and the class-object proxy all do the same: something makes or
 * finds an object at home, an agile pointer takes hold of it there, and the pointer that is good
 * here is made of that: mostly a proxy.
 */
#ifndef RUNTIME_ACTIVATION_H
#define RUNTIME_ACTIVATION_H

#include <stdbool.h>

#include <uvcom/unknwn.h>

#include "runtime/agile.h"

struct apartment;

/* One journey. Lives on the stack of the thread that waits for it. */
struct activation {
    HRESULT (*make)(void *context, REFIID riid, void **ppv); /* runs at home */
    void *context;
    REFIID riid;
    struct apartment *home;    /* borrowed, as is the context */
    struct apartment *client;  /* of this thread; only compared */
    struct agile_pointer made; /* [out] */
    bool arrived;              /* [out] make was called: the apartment was not closed */
};

/**
 * Makes the object at home, and a pointer to it here.
 *
 * On any thread with an apartment; that apartment's calls are served meanwhile.
 *
 * @return what make returned; RPC_E_DISCONNECTED, E_OUTOFMEMORY; E_NOINTERFACE: the object would
 *         have to be a proxy, and there is no generated code for the interface; E_UNEXPECTED: make
 *         says S_OK and gives nothing. On failure the object has been released at home.
 */
HRESULT uvcom__activation_proxy(struct activation *activation, void **ppv);

#endif
