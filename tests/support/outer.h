/*
 * outer.h -- an outer object that aggregates a call object, as clients write it: it forwards to the
 * inner's ISynchronize and then acts; or, by its fields, forgets, refuses, lies, or has an event of
 * its own.
 *
 * It keeps the inner's ISynchronize without a count (LIFE-06) and guards its own end (AGG-03). What
 * it does not know it asks the inner for, but only the interfaces that it means to have (AGG-04).
 */
#ifndef TESTS_SUPPORT_OUTER_H
#define TESTS_SUPPORT_OUTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <uvcom/uvcom.h>

struct outer {
    IUnknown unknown;
    ISynchronize synchronize;
    atomic_int references;
    IUnknown *inner;         /* the call object: one reference; NULL until outer_attach */
    const IID *async_iid;    /* what else it answers, beside ICancelMethodCalls */
    ISynchronize *event;     /* the inner's, not counted; or another one, borrowed */
    bool has_no_synchronize; /* the interface is not there */
    bool hands_on;           /* the inner's ISynchronize is answered: nothing is overridden */
    bool forgets;            /* Signal and Reset do not forward */
    bool is_early;           /* Wait returns S_OK at once */
    HRESULT query_hr;        /* a failure: of QueryInterface(IID_ISynchronize) */
    HRESULT reset_hr;        /* failures: answered without forwarding */
    HRESULT signal_hr;       /* answered after forwarding */
    HRESULT wait_hr;         /* answered without waiting */
    void (*on_reset)(struct outer *outer);
    void (*on_signal)(struct outer *outer); /* after forwarding; may drop the last reference */
    void (*on_end)(struct outer *outer);    /* the last thing but the memory */
    void *context;
    atomic_int resets;
    atomic_int signals;
    atomic_int waits;
};

static inline struct outer *outer_of(ISynchronize *iface)
{
    return (struct outer *)((char *)iface - offsetof(struct outer, synchronize));
}

static inline ULONG outer_add_ref(struct outer *outer)
{
    return (ULONG)atomic_fetch_add(&outer->references, 1) + 1;
}

static inline ULONG outer_release(struct outer *outer)
{
    const int left = atomic_fetch_sub(&outer->references, 1) - 1;

    if (left > 0)
        return (ULONG)left;
    atomic_store(&outer->references,
                 1000); /* what is released on the way out does not end it twice */
    if (outer->inner)
        IUnknown_Release(outer->inner);
    if (outer->on_end)
        outer->on_end(outer);
    free(outer);
    return 0;
}

static inline HRESULT outer_query(struct outer *outer, REFIID riid, void **ppv)
{
    const bool is_synchronize = IsEqualIID(riid, &IID_ISynchronize);

    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown))
        *ppv = &outer->unknown;
    else if (is_synchronize && FAILED(outer->query_hr))
        return outer->query_hr;
    else if (is_synchronize && !outer->has_no_synchronize && !outer->hands_on)
        *ppv = &outer->synchronize;
    if (*ppv) {
        outer_add_ref(outer);
        return S_OK;
    }
    if (outer->inner &&
        ((is_synchronize && outer->hands_on) || IsEqualIID(riid, &IID_ICancelMethodCalls) ||
         (outer->async_iid && IsEqualIID(riid, outer->async_iid))))
        return IUnknown_QueryInterface(outer->inner, riid, ppv);
    return E_NOINTERFACE;
}

static inline HRESULT STDMETHODCALLTYPE outer_unknown_query(IUnknown *This, REFIID riid, void **ppv)
{
    return outer_query((struct outer *)This, riid, ppv);
}

static inline ULONG STDMETHODCALLTYPE outer_unknown_add_ref(IUnknown *This)
{
    return outer_add_ref((struct outer *)This);
}

static inline ULONG STDMETHODCALLTYPE outer_unknown_release(IUnknown *This)
{
    return outer_release((struct outer *)This);
}

static inline HRESULT STDMETHODCALLTYPE outer_synchronize_query(ISynchronize *This, REFIID riid,
                                                                void **ppv)
{
    return outer_query(outer_of(This), riid, ppv);
}

static inline ULONG STDMETHODCALLTYPE outer_synchronize_add_ref(ISynchronize *This)
{
    return outer_add_ref(outer_of(This));
}

static inline ULONG STDMETHODCALLTYPE outer_synchronize_release(ISynchronize *This)
{
    return outer_release(outer_of(This));
}

static inline HRESULT STDMETHODCALLTYPE outer_wait(ISynchronize *This, DWORD flags, DWORD ms)
{
    struct outer *outer = outer_of(This);

    atomic_fetch_add(&outer->waits, 1);
    if (FAILED(outer->wait_hr))
        return outer->wait_hr;
    return outer->is_early ? S_OK : ISynchronize_Wait(outer->event, flags, ms);
}

static inline HRESULT STDMETHODCALLTYPE outer_signal(ISynchronize *This)
{
    struct outer *outer = outer_of(This);
    const HRESULT hr = outer->signal_hr;

    atomic_fetch_add(&outer->signals, 1);
    if (!outer->forgets)
        ISynchronize_Signal(outer->event);
    if (outer->on_signal)
        outer->on_signal(outer);
    return hr;
}

static inline HRESULT STDMETHODCALLTYPE outer_reset(ISynchronize *This)
{
    struct outer *outer = outer_of(This);
    HRESULT hr = outer->reset_hr;

    atomic_fetch_add(&outer->resets, 1);
    if (outer->on_reset)
        outer->on_reset(outer);
    if (SUCCEEDED(hr) && !outer->forgets)
        hr = ISynchronize_Reset(outer->event);
    return hr;
}

/* One reference; NULL: out of memory. There is no inner yet. */
static inline struct outer *outer_create(void)
{
    static const IUnknownVtbl unknown_vtbl = {outer_unknown_query, outer_unknown_add_ref,
                                              outer_unknown_release};
    static const ISynchronizeVtbl synchronize_vtbl = {outer_synchronize_query,
                                                      outer_synchronize_add_ref,
                                                      outer_synchronize_release,
                                                      outer_wait,
                                                      outer_signal,
                                                      outer_reset};
    struct outer *outer = calloc(1, sizeof *outer);

    if (!outer)
        return NULL;
    outer->unknown.lpVtbl = &unknown_vtbl;
    outer->synchronize.lpVtbl = &synchronize_vtbl;
    atomic_init(&outer->references, 1);
    return outer;
}

/* Makes a call object of the server a part of it. */
static inline HRESULT outer_attach(struct outer *outer, void *server, REFIID async_iid)
{
    ICallFactory *factory;
    HRESULT hr = IUnknown_QueryInterface((IUnknown *)server, &IID_ICallFactory, (void **)&factory);

    if (FAILED(hr))
        return hr;
    hr = ICallFactory_CreateCall(factory, async_iid, &outer->unknown, &IID_IUnknown, &outer->inner);
    ICallFactory_Release(factory);
    if (FAILED(hr))
        return hr;
    outer->async_iid = async_iid;
    hr = IUnknown_QueryInterface(outer->inner, &IID_ISynchronize, (void **)&outer->event);
    /* The reference that came with it counts on the outer itself. */
    if (SUCCEEDED(hr))
        ISynchronize_Release(outer->event);
    return hr;
}

#endif
