/*
 * order.c -- the call object of AsyncIBakery written by hand, as servers of COM have it: Begin_
 * refuses while it is busy, resets its event, saves what it was given and queues the work; the work
 * stores the results and signals; Finish_ waits and hands the results out. (SRV-02, SRV-03)
 *
 * For every ISynchronize it asks its own identity, so an outer object's own counts (SYN-16).
 */
#include <stdlib.h>

#include <uvcom/synchronize.h>

#include "ovens.h"

struct order {
    IUnknown inner;
    AsyncIBakery async;
    IUnknown *outer; /* the controlling one: its own if it stands alone */
    IUnknown *event; /* aggregated; NULL: the outer object has one */
    atomic_int references;
    struct job *job; /* with the results, until Finish_ */
    HRESULT hr;
};

static struct order *order_from_async(AsyncIBakery *This)
{
    return (struct order *)((char *)This - offsetof(struct order, async));
}

/* ---- identity ---- */

static HRESULT STDMETHODCALLTYPE inner_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct order *order = (struct order *)This;

    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown)) {
        *ppv = This;
        IUnknown_AddRef(This);
        return S_OK;
    }
    if (IsEqualIID(riid, &IID_AsyncIBakery)) {
        *ppv = &order->async;
        IUnknown_AddRef(order->outer);
        return S_OK;
    }
    return order->event ? IUnknown_QueryInterface(order->event, riid, ppv) : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE inner_AddRef(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct order *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE inner_Release(IUnknown *This)
{
    struct order *order = (struct order *)This;
    const int left = atomic_fetch_sub(&order->references, 1) - 1;

    if (left == 0) {
        atomic_store(&order->references, 1000); /* the event counts on it while it ends */
        atomic_store(&bakery.end_thread, bakery_this_thread());
        if (order->event)
            IUnknown_Release(order->event);
        if (order->job) {
            if (order->job->thing)
                IUnknown_Release(order->job->thing);
            job_destroy(order->job);
        }
        free(order);
        atomic_fetch_add(&bakery.ends, 1);
        atomic_fetch_sub(&bakery.orders, 1);
    }
    return (ULONG)left;
}

static HRESULT STDMETHODCALLTYPE order_QueryInterface(AsyncIBakery *This, REFIID riid, void **ppv)
{
    return IUnknown_QueryInterface(order_from_async(This)->outer, riid, ppv);
}

static ULONG STDMETHODCALLTYPE order_AddRef(AsyncIBakery *This)
{
    return IUnknown_AddRef(order_from_async(This)->outer);
}

static ULONG STDMETHODCALLTYPE order_Release(AsyncIBakery *This)
{
    return IUnknown_Release(order_from_async(This)->outer);
}

/* ---- Begin_ ---- */

static ISynchronize *synchronize_of(struct order *order)
{
    void *found = NULL;

    IUnknown_QueryInterface(order->outer, &IID_ISynchronize, &found);
    return found;
}

static HRESULT reset(struct order *order)
{
    ISynchronize *synchronize = synchronize_of(order);
    HRESULT hr = synchronize ? ISynchronize_Reset(synchronize) : E_UNEXPECTED;

    if (synchronize)
        ISynchronize_Release(synchronize);
    return hr;
}

static HRESULT discard(struct job *job, HRESULT hr)
{
    if (job->thing)
        IUnknown_Release(job->thing);
    job_destroy(job);
    return hr;
}

static HRESULT begin(AsyncIBakery *This, struct job *job)
{
    struct order *order = order_from_async(This);
    HRESULT hr;

    atomic_fetch_add(&bakery.begins, 1);
    atomic_store(&bakery.begin_thread, bakery_this_thread());
    if (!job)
        return E_OUTOFMEMORY;
    if (order->job)
        return discard(job, RPC_E_CALL_PENDING);
    hr = reset(order);
    bakery.identity = order->outer;
    if (bakery.hook)
        bakery.hook();
    if (SUCCEEDED(hr))
        hr = bakery.begin_hr;
    if (FAILED(hr))
        return discard(job, hr);
    job->order = order;
    order->job = job;
    if (!bakery.is_rash)
        IUnknown_AddRef(order->outer);
    job_offer(job);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE order_Begin_Bake(AsyncIBakery *This, LONG dough)
{
    return begin(This, job_create(BAKE, dough, NULL, NULL));
}

static HRESULT STDMETHODCALLTYPE order_Begin_Label(AsyncIBakery *This, const char *text)
{
    return begin(This, job_create(LABEL, 0, text, NULL));
}

static HRESULT STDMETHODCALLTYPE order_Begin_Wrap(AsyncIBakery *This, IUnknown *thing)
{
    return begin(This, job_create(WRAP, 0, NULL, thing));
}

static HRESULT STDMETHODCALLTYPE order_Begin_Change(AsyncIBakery *This, LONG *count, char **text)
{
    return begin(This, job_create(CHANGE, *count, *text, NULL));
}

/* ---- the work ---- */

HRESULT order_end(struct job *job, HRESULT hr)
{
    struct order *order = job->order;
    const bool is_rash = bakery.is_rash;
    ISynchronize *synchronize = synchronize_of(order);
    HRESULT signaled;

    order->hr = hr;
    if (SUCCEEDED(hr) && bakery.style != BAKERY_LATE)
        order->hr = job_do(job);
    atomic_fetch_add(&bakery.signals, 1);
    signaled = ISynchronize_Signal(synchronize);
    ISynchronize_Release(synchronize);
    if (!is_rash)
        IUnknown_Release(order->outer);
    return signaled;
}

void order_drop(struct job *job)
{
    if (!bakery.is_rash)
        IUnknown_Release(job->order->outer);
}

void order_signal(struct job *job)
{
    ISynchronize *synchronize = synchronize_of(job->order);

    ISynchronize_Signal(synchronize);
    ISynchronize_Release(synchronize);
}

/* ---- Finish_ ---- */

/* The job with its results: now the caller's, who destroys it. */
static HRESULT finish(AsyncIBakery *This, struct job **job)
{
    struct order *order = order_from_async(This);
    ISynchronize *synchronize = synchronize_of(order);
    HRESULT hr;

    atomic_fetch_add(&bakery.finishes, 1);
    hr = ISynchronize_Wait(synchronize, COWAIT_DEFAULT, INFINITE);
    ISynchronize_Release(synchronize);
    atomic_store(&bakery.finish_thread, bakery_this_thread());
    if (bakery.finish_hook)
        bakery.finish_hook();
    *job = order->job;
    order->job = NULL;
    if (SUCCEEDED(hr))
        hr = order->hr;
    if (SUCCEEDED(hr) && bakery.style == BAKERY_LATE)
        hr = job_do(*job);
    return hr;
}

static HRESULT hand_out(struct job *job, HRESULT hr)
{
    if (FAILED(hr))
        return discard(job, hr);
    job_destroy(job);
    return hr;
}

static HRESULT STDMETHODCALLTYPE order_Finish_Bake(AsyncIBakery *This, LONG *bread)
{
    struct job *job;
    HRESULT hr = finish(This, &job);

    *bread = SUCCEEDED(hr) ? job->number : 0;
    return hand_out(job, hr);
}

/* The text, out of the job. */
static char *take_label(struct job *job, HRESULT hr)
{
    char *label = SUCCEEDED(hr) ? job->label : NULL;

    if (label)
        job->label = NULL;
    return label;
}

static HRESULT STDMETHODCALLTYPE order_Finish_Label(AsyncIBakery *This, char **label)
{
    struct job *job;
    HRESULT hr = finish(This, &job);

    *label = take_label(job, hr);
    return hand_out(job, hr);
}

static HRESULT STDMETHODCALLTYPE order_Finish_Wrap(AsyncIBakery *This, IUnknown **wrapped)
{
    struct job *job;
    HRESULT hr = finish(This, &job);

    *wrapped = SUCCEEDED(hr) ? job->thing : NULL;
    return hand_out(job, hr);
}

/* What stood in the place before is not looked at (CALL-15). */
static HRESULT STDMETHODCALLTYPE order_Finish_Change(AsyncIBakery *This, LONG *count, char **text)
{
    struct job *job;
    HRESULT hr = finish(This, &job);

    *count = SUCCEEDED(hr) ? job->number : 0;
    *text = take_label(job, hr);
    return hand_out(job, hr);
}

static const AsyncIBakeryVtbl order_vtbl = {
    .QueryInterface = order_QueryInterface,
    .AddRef = order_AddRef,
    .Release = order_Release,
    .Begin_Bake = order_Begin_Bake,
    .Finish_Bake = order_Finish_Bake,
    .Begin_Label = order_Begin_Label,
    .Finish_Label = order_Finish_Label,
    .Begin_Wrap = order_Begin_Wrap,
    .Finish_Wrap = order_Finish_Wrap,
    .Begin_Change = order_Begin_Change,
    .Finish_Change = order_Finish_Change,
};

static const IUnknownVtbl inner_vtbl = {
    .QueryInterface = inner_QueryInterface,
    .AddRef = inner_AddRef,
    .Release = inner_Release,
};

HRESULT order_create(IUnknown *outer, REFIID riid, IUnknown **ppv)
{
    struct order *order = calloc(1, sizeof *order);
    HRESULT hr = S_OK;

    if (!order)
        return E_OUTOFMEMORY;
    order->inner.lpVtbl = &inner_vtbl;
    order->async.lpVtbl = &order_vtbl;
    order->outer = outer ? outer : &order->inner;
    atomic_init(&order->references, 1);
    atomic_fetch_add(&bakery.orders, 1);
    if (!outer || bakery.style == BAKERY_EVENT)
        hr = CoCreateInstance(&CLSID_ManualResetEvent, order->outer, CLSCTX_INPROC_SERVER,
                              &IID_IUnknown, (void **)&order->event);
    if (SUCCEEDED(hr))
        hr = IUnknown_QueryInterface(&order->inner, riid, (void **)ppv);
    IUnknown_Release(&order->inner);
    return hr;
}
