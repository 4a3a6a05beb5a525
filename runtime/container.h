/*
 * container.h -- ISynchronizeContainer: what the rest of the runtime and its tests need of it.
 */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include <stddef.h>

#include <uvcom/objidl.h>

/** As uvcom_register_class takes it: CLSID_SynchronizeContainer, with its limit of 63 (CON-01). In
    any apartment; the object is agile. */
HRESULT uvcom__container_create(IUnknown *outer, REFIID riid, void **ppv);

/** How many members all its WaitMultiple together have looked at. For tests. */
size_t uvcom__container_looks(ISynchronizeContainer *container);

#endif
