/*
 * outer.c -- see outer.h.
 */
#include "tests/conformance/outer.h"

#include <stddef.h>
#include <stdlib.h>

#include <check.h>

#include "tests/support/assert_hr.h"

atomic_int outers_live;

static struct outer *from_synchronize(ISynchronize *This)
{
    return (struct outer *)((char *)This - offsetof(struct outer, synchronize));
}

void outer_add_ref(struct outer *outer)
{
    atomic_fetch_add(&outer->references, 1);
}

/* The artificial reference keeps what the inner does meanwhile from ending it again. (AGG-03) */
static void destroy(struct outer *outer)
{
    atomic_store(&outer->references, 1);
    if (outer->inner)
        IUnknown_Release(outer->inner);
    atomic_fetch_sub(&outers_live, 1);
    free(outer);
}

void outer_release(struct outer *outer)
{
    if (atomic_fetch_sub(&outer->references, 1) == 1)
        destroy(outer);
}

static HRESULT query(struct outer *outer, REFIID riid, void **ppv)
{
    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown))
        *ppv = &outer->unknown;
    else if (IsEqualIID(riid, &IID_ISynchronize) && !outer->is_eventless)
        *ppv = &outer->synchronize;
    if (*ppv) {
        outer_add_ref(outer);
        return S_OK;
    }
    /* Only what it means to hand on. (AGG-04) */
    if (outer->inner && !IsEqualIID(riid, &IID_ISynchronize) &&
        (IsEqualIID(riid, &IID_AsyncIDesk) || IsEqualIID(riid, &IID_ICancelMethodCalls)))
        return IUnknown_QueryInterface(outer->inner, riid, ppv);
    return E_NOINTERFACE;
}

/* ---- IUnknown ---- */

static HRESULT STDMETHODCALLTYPE unknown_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    return query((struct outer *)This, riid, ppv);
}

static ULONG STDMETHODCALLTYPE unknown_AddRef(IUnknown *This)
{
    outer_add_ref((struct outer *)This);
    return 1;
}

static ULONG STDMETHODCALLTYPE unknown_Release(IUnknown *This)
{
    outer_release((struct outer *)This);
    return 0;
}

/* ---- ISynchronize ---- */

static HRESULT STDMETHODCALLTYPE synchronize_QueryInterface(ISynchronize *This, REFIID riid,
                                                            void **ppv)
{
    return query(from_synchronize(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE synchronize_AddRef(ISynchronize *This)
{
    outer_add_ref(from_synchronize(This));
    return 1;
}

static ULONG STDMETHODCALLTYPE synchronize_Release(ISynchronize *This)
{
    outer_release(from_synchronize(This));
    return 0;
}

static HRESULT STDMETHODCALLTYPE synchronize_Wait(ISynchronize *This, DWORD flags,
                                                  DWORD milliseconds)
{
    struct outer *outer = from_synchronize(This);

    atomic_fetch_add(&outer->waits, 1);
    return (outer->wait ? outer->wait : outer_forward_wait)(outer, flags, milliseconds);
}

/* What the case does in Signal may drop the last reference but this one's. */
static HRESULT STDMETHODCALLTYPE synchronize_Signal(ISynchronize *This)
{
    struct outer *outer = from_synchronize(This);
    HRESULT hr;

    outer_add_ref(outer);
    atomic_fetch_add(&outer->signals, 1);
    hr = (outer->signal ? outer->signal : outer_forward_signal)(outer);
    atomic_fetch_add(&outer->signaled, 1);
    outer_release(outer);
    return hr;
}

static HRESULT STDMETHODCALLTYPE synchronize_Reset(ISynchronize *This)
{
    struct outer *outer = from_synchronize(This);

    atomic_fetch_add(&outer->resets, 1);
    return (outer->reset ? outer->reset : outer_forward_reset)(outer);
}

HRESULT outer_forward_wait(struct outer *outer, DWORD flags, DWORD milliseconds)
{
    return ISynchronize_Wait(outer->event, flags, milliseconds);
}

HRESULT outer_forward_signal(struct outer *outer)
{
    return ISynchronize_Signal(outer->event);
}

HRESULT outer_forward_reset(struct outer *outer)
{
    return ISynchronize_Reset(outer->event);
}

/* ---- making one ---- */

struct outer *outer_create_empty(void)
{
    static const IUnknownVtbl unknown_vtbl = {
        .QueryInterface = unknown_QueryInterface,
        .AddRef = unknown_AddRef,
        .Release = unknown_Release,
    };
    static const ISynchronizeVtbl synchronize_vtbl = {
        .QueryInterface = synchronize_QueryInterface,
        .AddRef = synchronize_AddRef,
        .Release = synchronize_Release,
        .Wait = synchronize_Wait,
        .Signal = synchronize_Signal,
        .Reset = synchronize_Reset,
    };
    struct outer *outer = calloc(1, sizeof *outer);

    ck_assert_ptr_nonnull(outer);
    outer->unknown.lpVtbl = &unknown_vtbl;
    outer->synchronize.lpVtbl = &synchronize_vtbl;
    atomic_init(&outer->references, 1);
    atomic_fetch_add(&outers_live, 1);
    return outer;
}

/* The inner's AsyncIDesk counts on this object, so that count is given back at once, or nobody
   could ever end it (LIFE-06). Its own ISynchronize does so too. */
HRESULT outer_fill(struct outer *outer, IDesk *server)
{
    ICallFactory *factory;
    HRESULT hr = IDesk_QueryInterface(server, &IID_ICallFactory, (void **)&factory);

    if (FAILED(hr))
        return hr;
    hr = ICallFactory_CreateCall(factory, &IID_AsyncIDesk, &outer->unknown, &IID_IUnknown,
                                 &outer->inner);
    ICallFactory_Release(factory);
    if (FAILED(hr))
        return hr;
    ck_assert_hr(IUnknown_QueryInterface(outer->inner, &IID_AsyncIDesk, (void **)&outer->call),
                 S_OK);
    outer_release(outer);
    ck_assert_hr(IUnknown_QueryInterface(outer->inner, &IID_ISynchronize, (void **)&outer->event),
                 S_OK);
    outer_release(outer);
    return S_OK;
}

struct outer *outer_create(IDesk *server)
{
    struct outer *outer = outer_create_empty();

    ck_assert_hr(outer_fill(outer, server), S_OK);
    return outer;
}
