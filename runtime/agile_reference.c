/*
 * agile_reference.c -- RoGetAgileReference: an agile pointer as an object.
 *
 * It is itself agile: any thread may have it, resolve it and release it.
 */
#include <uvcom/marshal.h>
#include <uvcom/object.h>

#include "runtime/agile.h"
#include "runtime/platform.h"

struct agile_reference {
    uvcom_object object;
    IAgileReference IAgileReference_iface;
    struct agile_pointer pointer;
};

UVCOM_OBJECT_IUNKNOWN(agile_reference, IAgileReference)

static HRESULT STDMETHODCALLTYPE agile_reference_Resolve(IAgileReference *This, REFIID riid,
                                                         void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    return uvcom__agile_unpack(&agile_reference_from_IAgileReference(This)->pointer, riid, ppv);
}

static const IAgileReferenceVtbl agile_reference_vtbl = {
    agile_reference_IAgileReference_QueryInterface,
    agile_reference_IAgileReference_AddRef,
    agile_reference_IAgileReference_Release,
    agile_reference_Resolve,
};

static void agile_reference_destroy(uvcom_object *object)
{
    struct agile_reference *reference = (struct agile_reference *)object;

    uvcom__agile_drop(&reference->pointer);
    uvcom__free(reference);
}

HRESULT RoGetAgileReference(AgileReferenceOptions options, REFIID riid, IUnknown *pUnk,
                            IAgileReference **ppAgileReference)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(agile_reference, IAgileReference)};
    static const uvcom_class class_ = {interfaces, 1, agile_reference_destroy,
                                       UVCOM_CLASS_NO_CALL_FACTORY | UVCOM_CLASS_AGILE};
    struct agile_reference *reference;
    HRESULT hr;

    if (!ppAgileReference)
        return E_POINTER;
    *ppAgileReference = NULL;
    if (!riid || !pUnk)
        return E_INVALIDARG;
    if (options != AGILEREFERENCE_DEFAULT && options != AGILEREFERENCE_DELAYEDMARSHAL)
        return E_INVALIDARG;
    reference = uvcom__alloc(sizeof *reference);
    if (!reference)
        return E_OUTOFMEMORY;
    uvcom_object_init(&reference->object, &class_);
    reference->IAgileReference_iface.lpVtbl = &agile_reference_vtbl;
    hr = uvcom__agile_pack(pUnk, riid, &reference->pointer);
    if (SUCCEEDED(hr))
        *ppAgileReference = &reference->IAgileReference_iface;
    else
        uvcom_object_Release(&reference->object);
    return hr;
}
