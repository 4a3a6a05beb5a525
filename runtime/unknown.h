/*
 * unknown.h -- the Release that every interface pointer knows, for pointers of any type.
 */
#ifndef RUNTIME_UNKNOWN_H
#define RUNTIME_UNKNOWN_H

#include <uvcom/unknwn.h>

/** NULL is allowed. Calls out: no lock may be held. */
static inline void uvcom__unknown_release(void *iface)
{
    IUnknown *unknown = iface;

    if (unknown)
        unknown->lpVtbl->Release(unknown);
}

#endif
