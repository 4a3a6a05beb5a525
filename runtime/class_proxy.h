/*
 * class_proxy.h -- the IClassFactory that a client of another apartment is given.
 */
#ifndef RUNTIME_CLASS_PROXY_H
#define RUNTIME_CLASS_PROXY_H

#include <uvcom/unknwn.h>

struct target;

/**
 * @param target  borrowed: an IClassFactory in its apartment
 * @param riid    IID_IUnknown or IID_IClassFactory
 *
 * For the current apartment.
 *
 * @return S_OK, E_OUTOFMEMORY. *ppv is NULL on failure.
 */
HRESULT uvcom__class_proxy_create(struct target *target, REFIID riid, void **ppv);

#endif
