/*
 * proxy.h -- the pointer by which a client uses an object of another apartment.
 */
#ifndef RUNTIME_PROXY_H
#define RUNTIME_PROXY_H

#include <uvcom/proxy.h>

struct target;

/** IUnknown: no methods of its own, known without generated code. */
extern const struct uvcom_interface uvcom__unknown_interface;

/**
 * A new proxy object for the current apartment, with one interface.
 *
 * @param target     borrowed: the server's pointer of that interface
 * @param interface  constant
 * @param ppv        [out] transfer: the interface pointer; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, CO_E_NOTINITIALIZED
 */
HRESULT uvcom__proxy_create(struct target *target, const struct uvcom_interface *interface,
                            void **ppv);

#endif
