/*
 * proxy_object.h -- the structs that proxy.c and proxy_call.c share.
 */
#ifndef RUNTIME_PROXY_OBJECT_H
#define RUNTIME_PROXY_OBJECT_H

#include <uvcom/objidl.h>
#include <uvcom/proxy.h>

#include "runtime/identity.h"
#include "runtime/platform.h"

struct apartment;
struct target;

/* One interface of a proxy: what a client's IFoo pointer points to. */
struct facet {
    const void *vtable;  /* generated; the interface pointer is the address of this field */
    struct proxy *proxy; /* borrowed: facets live as long as it does */
    const struct uvcom_interface *interface;
    struct target *target;        /* borrowed: of the proxy's object, which lives as long */
    uvcom__atomic_ptr spare_call; /* a struct call for the next plain call, one reference */
    struct facet *next;
};

/* The proxy object. */
struct proxy {
    IUnknown unknown; /* its identity for the client */
    ICallFactory factory;
    struct identity identity;    /* (apartment, object); counts the client's references */
    struct apartment *apartment; /* where it may be used; one reference */
    struct target *object;       /* the object's IUnknown; one reference */
    struct uvcom__lock lock;     /* guards facets; the list only grows */
    struct facet *facets;
};

/** A private interface: QueryInterface answers it with the struct proxy, referenced. */
extern const IID uvcom__IID_proxy;

/** S_OK, CO_E_NOTINITIALIZED, or RPC_E_WRONG_THREAD outside the proxy's apartment. */
HRESULT uvcom__proxy_check_thread(const struct proxy *proxy);

#endif
