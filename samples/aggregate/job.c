/*
 * job.c -- aggregation, as COM has it: one identity for the client, two objects inside.
 *
 * The rules that are easy to break:
 *   - only the inner's own IUnknown is kept counted. Its other interfaces count on this object, so
 *     a counted one would be a circle, and neither would ever be freed;
 *   - Signal, Wait and Reset go to the inner first: that is the event which uvcom's own waits see;
 *   - Signal comes on the thread that completed the call, and what it calls may give up the last
 *     reference. So nothing is touched after that without a reference of one's own.
 */
#include "job.h"

#include <stddef.h>
#include <stdlib.h>

static struct job *job_from_ISynchronize(ISynchronize *iface)
{
    return (struct job *)((char *)iface - offsetof(struct job, ISynchronize_iface));
}

void job_add_ref(struct job *job)
{
    atomic_fetch_add(&job->references, 1);
}

void job_release(struct job *job)
{
    if (atomic_fetch_sub(&job->references, 1) != 1)
        return;
    /* While it ends, the inner may take and give references of this object: one that is not
       counted down to 0 again keeps it from ending twice. */
    atomic_store(&job->references, 1);
    if (job->inner)
        IUnknown_Release(job->inner);
    free(job);
}

/* What this object does not know it leaves to the call object: AsyncIPrinter, ICancelMethodCalls.
 */
static HRESULT STDMETHODCALLTYPE job_QueryInterface(ISynchronize *iface, REFIID riid, void **ppv)
{
    struct job *job = job_from_ISynchronize(iface);

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_ISynchronize)) {
        job_add_ref(job);
        *ppv = iface;
        return S_OK;
    }
    /* CreateCall may ask before there is an inner. */
    return job->inner ? IUnknown_QueryInterface(job->inner, riid, ppv) : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE job_AddRef(ISynchronize *iface)
{
    job_add_ref(job_from_ISynchronize(iface));
    return 1; /* says nothing, as COM allows */
}

static ULONG STDMETHODCALLTYPE job_Release(ISynchronize *iface)
{
    job_release(job_from_ISynchronize(iface));
    return 1;
}

/* The call object's own event, by its own IUnknown. The reference that comes along counts here. */
static HRESULT inner_event(struct job *job, ISynchronize **event)
{
    return IUnknown_QueryInterface(job->inner, &IID_ISynchronize, (void **)event);
}

static HRESULT STDMETHODCALLTYPE job_Wait(ISynchronize *iface, DWORD flags, DWORD milliseconds)
{
    ISynchronize *event;
    HRESULT hr = inner_event(job_from_ISynchronize(iface), &event);

    if (FAILED(hr))
        return hr;
    hr = ISynchronize_Wait(event, flags, milliseconds);
    ISynchronize_Release(event);
    return hr;
}

static HRESULT STDMETHODCALLTYPE job_Reset(ISynchronize *iface)
{
    ISynchronize *event;
    HRESULT hr = inner_event(job_from_ISynchronize(iface), &event);

    if (FAILED(hr))
        return hr;
    hr = ISynchronize_Reset(event);
    ISynchronize_Release(event);
    return hr;
}

/* Forward, then act. The reference on the event keeps this object until both is done. */
static HRESULT STDMETHODCALLTYPE job_Signal(ISynchronize *iface)
{
    struct job *job = job_from_ISynchronize(iface);
    ISynchronize *event;
    HRESULT hr = inner_event(job, &event);

    if (FAILED(hr))
        return hr;
    hr = ISynchronize_Signal(event);
    if (job->completed)
        job->completed(job);
    ISynchronize_Release(event);
    return hr;
}

static const ISynchronizeVtbl job_vtable = {
    .QueryInterface = job_QueryInterface,
    .AddRef = job_AddRef,
    .Release = job_Release,
    .Wait = job_Wait,
    .Signal = job_Signal,
    .Reset = job_Reset,
};

static HRESULT create_inner(struct job *job, IPrinter *printer)
{
    ICallFactory *factory;
    HRESULT hr = IPrinter_QueryInterface(printer, &IID_ICallFactory, (void **)&factory);

    if (FAILED(hr))
        return hr;
    hr = ICallFactory_CreateCall(factory, &IID_AsyncIPrinter, (IUnknown *)&job->ISynchronize_iface,
                                 &IID_IUnknown, &job->inner);
    ICallFactory_Release(factory);
    if (FAILED(hr))
        return hr;
    hr = IUnknown_QueryInterface(job->inner, &IID_AsyncIPrinter, (void **)&job->call);
    if (SUCCEEDED(hr))
        AsyncIPrinter_Release(job->call); /* kept, but not counted */
    return hr;
}

HRESULT job_create(IPrinter *printer, void (*completed)(struct job *job), void *context,
                   struct job **job)
{
    struct job *made = calloc(1, sizeof *made);
    HRESULT hr;

    *job = NULL;
    if (!made)
        return E_OUTOFMEMORY;
    made->ISynchronize_iface.lpVtbl = &job_vtable;
    atomic_init(&made->references, 1);
    made->completed = completed;
    made->context = context;
    hr = create_inner(made, printer);
    if (SUCCEEDED(hr))
        *job = made;
    else
        job_release(made);
    return hr;
}
