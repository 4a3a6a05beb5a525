/*
 * event_object.c -- the event classes: an event with ISynchronize and ISynchronizeEvent round it.
 *
 * They belong to no apartment and may be parts of an outer object, as the call object of a server
 * that is written by hand has one (SYN-01, SYN-14). What an event does is in event.c.
 */
#include "runtime/event_object.h"

#include <stddef.h>
#include <stdint.h>

#include <uvcom/synchronize.h>

#include "runtime/aggregable.h"
#include "runtime/event.h"

struct event_object {
    struct aggregable base;
    ISynchronize synchronize;
    ISynchronizeEvent handle; /* it is ISynchronizeHandle as well */
    struct event event;
};

const CLSID CLSID_StdEvent = {
    0x0000032b, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};
const CLSID CLSID_ManualResetEvent = {
    0x0000032c, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};

/* ---- ISynchronize ---- */

static struct event_object *from_synchronize(ISynchronize *This)
{
    return (struct event_object *)((char *)This - offsetof(struct event_object, synchronize));
}

static HRESULT STDMETHODCALLTYPE synchronize_QueryInterface(ISynchronize *This, REFIID riid,
                                                            void **ppv)
{
    return uvcom__aggregable_query(&from_synchronize(This)->base, riid, ppv);
}

static ULONG STDMETHODCALLTYPE synchronize_AddRef(ISynchronize *This)
{
    return uvcom__aggregable_add_ref(&from_synchronize(This)->base);
}

static ULONG STDMETHODCALLTYPE synchronize_Release(ISynchronize *This)
{
    return uvcom__aggregable_release(&from_synchronize(This)->base);
}

/* Calls that the thread serves meanwhile may give up the client's reference. */
static HRESULT STDMETHODCALLTYPE synchronize_Wait(ISynchronize *This, DWORD dwFlags,
                                                  DWORD dwMilliseconds)
{
    struct event_object *object = from_synchronize(This);
    HRESULT hr;

    uvcom__aggregable_add_ref(&object->base);
    hr = uvcom__event_wait(&object->event, dwFlags, dwMilliseconds);
    uvcom__aggregable_release(&object->base);
    return hr;
}

static HRESULT STDMETHODCALLTYPE synchronize_Signal(ISynchronize *This)
{
    return uvcom__event_signal(&from_synchronize(This)->event);
}

static HRESULT STDMETHODCALLTYPE synchronize_Reset(ISynchronize *This)
{
    return uvcom__event_reset(&from_synchronize(This)->event);
}

static const ISynchronizeVtbl synchronize_vtable = {
    .QueryInterface = synchronize_QueryInterface,
    .AddRef = synchronize_AddRef,
    .Release = synchronize_Release,
    .Wait = synchronize_Wait,
    .Signal = synchronize_Signal,
    .Reset = synchronize_Reset,
};

/* ---- ISynchronizeEvent ---- */

static struct event_object *from_handle(ISynchronizeEvent *This)
{
    return (struct event_object *)((char *)This - offsetof(struct event_object, handle));
}

static HRESULT STDMETHODCALLTYPE handle_QueryInterface(ISynchronizeEvent *This, REFIID riid,
                                                       void **ppv)
{
    return uvcom__aggregable_query(&from_handle(This)->base, riid, ppv);
}

static ULONG STDMETHODCALLTYPE handle_AddRef(ISynchronizeEvent *This)
{
    return uvcom__aggregable_add_ref(&from_handle(This)->base);
}

static ULONG STDMETHODCALLTYPE handle_Release(ISynchronizeEvent *This)
{
    return uvcom__aggregable_release(&from_handle(This)->base);
}

static HRESULT STDMETHODCALLTYPE handle_GetHandle(ISynchronizeEvent *This, HANDLE *ph)
{
    int descriptor;
    HRESULT hr;

    if (!ph)
        return E_POINTER;
    hr = uvcom__event_descriptor(&from_handle(This)->event, &descriptor);
    *ph = SUCCEEDED(hr) ? (HANDLE)(intptr_t)descriptor : NULL;
    return hr;
}

static HRESULT STDMETHODCALLTYPE handle_SetEventHandle(ISynchronizeEvent *This, HANDLE *ph)
{
    if (!ph)
        return E_POINTER;
    if ((intptr_t)*ph <= 0 || (intptr_t)*ph > INT32_MAX)
        return E_HANDLE;
    return uvcom__event_borrow(&from_handle(This)->event, (int)(intptr_t)*ph);
}

static const ISynchronizeEventVtbl handle_vtable = {
    .QueryInterface = handle_QueryInterface,
    .AddRef = handle_AddRef,
    .Release = handle_Release,
    .GetHandle = handle_GetHandle,
    .SetEventHandle = handle_SetEventHandle,
};

/* ---- life ---- */

static void *find(struct aggregable *base, REFIID riid)
{
    struct event_object *object = (struct event_object *)base;

    if (IsEqualGUID(riid, &IID_ISynchronize))
        return &object->synchronize;
    if (IsEqualGUID(riid, &IID_ISynchronizeHandle) || IsEqualGUID(riid, &IID_ISynchronizeEvent))
        return &object->handle;
    /* It has no methods of its own. */
    return IsEqualGUID(riid, &IID_IAgileObject) ? &object->synchronize : NULL;
}

static void destroy(struct aggregable *base)
{
    struct event_object *object = (struct event_object *)base;

    uvcom__event_end(&object->event);
    uvcom__free(object);
}

static const struct aggregable_class event_class = {.find = find, .destroy = destroy};

static HRESULT create(bool is_manual, IUnknown *outer, REFIID riid, void **ppv)
{
    HRESULT hr = uvcom__aggregable_check(outer, riid);
    struct event_object *object;

    if (FAILED(hr))
        return hr;
    object = uvcom__alloc(sizeof *object);
    if (!object)
        return E_OUTOFMEMORY;
    object->synchronize.lpVtbl = &synchronize_vtable;
    object->handle.lpVtbl = &handle_vtable;
    uvcom__event_init(&object->event, is_manual);
    return uvcom__aggregable_begin(&object->base, &event_class, outer, riid, ppv);
}

HRESULT uvcom__std_event_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(false, outer, riid, ppv);
}

HRESULT uvcom__manual_event_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(true, outer, riid, ppv);
}

struct event *uvcom__event_of_synchronize(ISynchronize *synchronize)
{
    if (synchronize->lpVtbl != &synchronize_vtable)
        return NULL;
    return &from_synchronize(synchronize)->event;
}
