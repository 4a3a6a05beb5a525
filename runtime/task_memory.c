/*
 * task_memory.c -- CoTaskMemAlloc and its two companions: memory that crosses interfaces.
 *
 * COM's rules where the C library leaves a choice: a block of no bytes is a block (it has an
 * address of its own and must be freed), Realloc to no bytes frees, and Realloc that fails leaves
 * the old block as it was. Nothing here needs an initialised thread: task memory outlives every
 * apartment, since a result may be freed after the last CoUninitialize.
 *
 * It keeps no books. Who leaks task memory is told by the address sanitizer, as for malloc.
 */
#include <uvcom/combase.h>

#include "runtime/platform.h"

void *CoTaskMemAlloc(size_t cb)
{
    /* Whether malloc(0) gives an address is the C library's choice; COM's callers rely on one. */
    return uvcom__alloc(cb ? cb : 1);
}

void *CoTaskMemRealloc(void *pv, size_t cb)
{
    if (!pv)
        return CoTaskMemAlloc(cb);
    if (!cb) {
        uvcom__free(pv);
        return NULL;
    }
    return uvcom__realloc(pv, cb);
}

void CoTaskMemFree(void *pv)
{
    if (pv)
        uvcom__free(pv);
}
