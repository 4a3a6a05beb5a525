/*
 * aggregable.h -- an object of the runtime's that stands alone or is a part of an outer object
 * (AGG-01): its inner IUnknown and its count.
 *
 * The struct is a member of the object's own. Its interfaces call the three functions below, which
 * go to the controlling IUnknown; that is the outer object's or, for an object that stands alone,
 * the inner one.
 */
#ifndef RUNTIME_AGGREGABLE_H
#define RUNTIME_AGGREGABLE_H

#include <uvcom/objidl.h>

#include "runtime/platform.h"

struct aggregable;

/* What a kind of object adds. */
struct aggregable_class {
    /* The object's own interface of this id, borrowed; NULL: it has none. Not asked for IUnknown.
     */
    void *(*find)(struct aggregable *object, REFIID riid);
    /* The last reference has gone: frees the object. */
    void (*destroy)(struct aggregable *object);
};

struct aggregable {
    IUnknown inner;
    IUnknown *controlling; /* of an outer object: not counted */
    const struct aggregable_class *class;
    uvcom__atomic32 references;
};

/**
 * What a create function answers before it makes anything.
 *
 * @return S_OK; E_INVALIDARG: an outer object may ask for IID_IUnknown only (AGG-02)
 */
HRESULT uvcom__aggregable_check(IUnknown *outer, REFIID riid);

/**
 * Begins the object's life and answers its creator. On failure the object is gone.
 *
 * @param object  zeroed
 * @param outer   NULL: it stands alone
 * @param ppv     [out] transfer; NULL on failure. With an outer object: the inner IUnknown
 *
 * @return S_OK, E_NOINTERFACE
 */
HRESULT uvcom__aggregable_begin(struct aggregable *object, const struct aggregable_class *class,
                                IUnknown *outer, REFIID riid, void **ppv);

HRESULT uvcom__aggregable_query(struct aggregable *object, REFIID riid, void **ppv);
ULONG uvcom__aggregable_add_ref(struct aggregable *object);
ULONG uvcom__aggregable_release(struct aggregable *object);

#endif
