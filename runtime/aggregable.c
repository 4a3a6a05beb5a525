/*
 * aggregable.c -- see aggregable.h.
 */
#include "runtime/aggregable.h"

#include <stddef.h>

#include "runtime/count.h"

static struct aggregable *from_inner(IUnknown *This)
{
    return (struct aggregable *)((char *)This - offsetof(struct aggregable, inner));
}

static HRESULT STDMETHODCALLTYPE inner_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct aggregable *object = from_inner(This);
    IUnknown *found;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    found = IsEqualGUID(riid, &IID_IUnknown) ? This : object->class->find(object, riid);
    if (!found)
        return E_NOINTERFACE;
    found->lpVtbl->AddRef(found);
    *ppv = found;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE inner_AddRef(IUnknown *This)
{
    return uvcom__count_up(&from_inner(This)->references);
}

static ULONG STDMETHODCALLTYPE inner_Release(IUnknown *This)
{
    struct aggregable *object = from_inner(This);
    ULONG left = uvcom__count_down(&object->references);

    if (left == 0)
        object->class->destroy(object);
    return left;
}

static const IUnknownVtbl inner_vtable = {
    .QueryInterface = inner_QueryInterface,
    .AddRef = inner_AddRef,
    .Release = inner_Release,
};

HRESULT uvcom__aggregable_check(IUnknown *outer, REFIID riid)
{
    return outer && !IsEqualGUID(riid, &IID_IUnknown) ? E_INVALIDARG : S_OK;
}

HRESULT uvcom__aggregable_begin(struct aggregable *object, const struct aggregable_class *class,
                                IUnknown *outer, REFIID riid, void **ppv)
{
    HRESULT hr;

    object->inner.lpVtbl = &inner_vtable;
    object->controlling = outer ? outer : &object->inner;
    object->class = class;
    uvcom__store32(&object->references, 1, UVCOM__RELAXED);
    hr = inner_QueryInterface(&object->inner, riid, ppv);
    inner_Release(&object->inner);
    return hr;
}

HRESULT uvcom__aggregable_query(struct aggregable *object, REFIID riid, void **ppv)
{
    return object->controlling->lpVtbl->QueryInterface(object->controlling, riid, ppv);
}

ULONG uvcom__aggregable_add_ref(struct aggregable *object)
{
    return object->controlling->lpVtbl->AddRef(object->controlling);
}

ULONG uvcom__aggregable_release(struct aggregable *object)
{
    return object->controlling->lpVtbl->Release(object->controlling);
}
