/*
 * proxy.h -- the pointer by which a client uses an object of another apartment.
 */
#ifndef RUNTIME_PROXY_H
#define RUNTIME_PROXY_H

#include <uvcom/proxy.h>
#include <uvcom/unknwn.h>

struct target;

/** IUnknown: no methods of its own, known without generated code. */
extern const struct uvcom_interface uvcom__unknown_interface;

/** ICallFactory: every proxy's own, known without generated code. */
extern const struct uvcom_interface uvcom__call_factory_interface;

/**
 * The current apartment's proxy for an object of another one, by one of its interfaces. There is
 * one proxy for an object and an apartment: the one that somebody has already, or a new one.
 *
 * @param target     borrowed: any target of the object
 * @param iid        the interface. If nobody has asked the object for it yet, nor for one that
 *                   derives from it, it is asked: this waits, and an apartment's thread serves its
 *                   calls meanwhile
 * @param ppv        [out] transfer: the interface pointer; NULL on failure
 *
 * @return S_OK, E_OUTOFMEMORY, CO_E_NOTINITIALIZED, RPC_E_DISCONNECTED, E_NOINTERFACE (no
 *         generated code), or what the object answered
 */
HRESULT uvcom__proxy_get(struct target *target, REFIID iid, void **ppv);

/**
 * Whether a pointer is one of ours to an object of another apartment, and not to an object that
 * only hands interfaces through to one. Waits for nobody.
 *
 * @param object  [out] transfer: the object's identity; NULL: the pointer is no proxy
 *
 * @return S_OK; RPC_E_WRONG_THREAD, CO_E_NOTINITIALIZED (a proxy, of another apartment); in a
 *         forked child CO_E_NOTINITIALIZED for any pointer
 */
HRESULT uvcom__proxy_object(IUnknown *pointer, struct target **object);

#endif
