/*
 * call_outer.c -- aggregation: what goes from a call object through the object that it is a part
 * of.
 *
 * The outer object's ISynchronize wins (AGG-05), so Begin_ resets it, a blocked Finish_ waits by it
 * and completion signals it. It is the client's code: it may re-enter the call object, begin the
 * next call or drop the last reference (SRV-05), so no lock is held, and what is needed afterwards
 * is pinned. Its event is never believed: what has become of a call is in the word alone, so an
 * outer object that forgets to signal, or signals too early or twice, harms nobody but itself.
 */
#include "runtime/call_outer.h"

#include <stddef.h>

#include "runtime/call.h"
#include "runtime/complaint.h"
#include "runtime/deferred.h"
#include "runtime/thread.h"

struct announcement {
    struct deferred deferred;
    struct call *call; /* pinned from uvcom__outer_signal to the end */
    IUnknown *outer;   /* one reference from uvcom__outer_reset on; NULL if `synchronize` is it */
    ISynchronize *synchronize; /* the outer object's, one reference; NULL: it has none */
    unsigned method;
};

bool uvcom__announcement_take(struct call *call, struct announcement **announcement)
{
    *announcement = NULL;
    if (!call->outer)
        return true;
    *announcement = uvcom__exchange_ptr(&call->spare_announcement, NULL, UVCOM__ACQ_REL);
    if (!*announcement)
        *announcement = uvcom__alloc(sizeof **announcement);
    if (!*announcement)
        return false;
    (*announcement)->call = call;
    return true;
}

void uvcom__announcement_put(struct call *call, struct announcement *announcement)
{
    void *none = NULL;

    if (announcement &&
        !uvcom__cas_ptr(&call->spare_announcement, &none, announcement, UVCOM__ACQ_REL))
        uvcom__free(announcement);
}

void uvcom__announcement_destroy(struct announcement *announcement)
{
    uvcom__free(announcement);
}

/* The outer object's ISynchronize, referenced. NULL with S_OK: it has none. */
static HRESULT find_synchronize(struct call *call, ISynchronize **synchronize)
{
    HRESULT hr;

    *synchronize = NULL;
    hr = call->outer->lpVtbl->QueryInterface(call->outer, &IID_ISynchronize, (void **)synchronize);
    if (SUCCEEDED(hr))
        return *synchronize ? S_OK : E_UNEXPECTED;
    *synchronize = NULL;
    return hr == E_NOINTERFACE ? S_OK : hr;
}

/* Gives the reference back, if there is one. */
static void forget(struct announcement *announcement)
{
    IUnknown *held =
        announcement->synchronize ? (IUnknown *)announcement->synchronize : announcement->outer;

    announcement->synchronize = NULL;
    announcement->outer = NULL;
    if (held)
        held->lpVtbl->Release(held);
}

HRESULT uvcom__outer_reset(struct call *call, uint64_t epoch, struct announcement *announcement)
{
    /* A Finish_ from inside Reset would wait for the Begin_ that it is in. */
    struct running running = {.call = call, .epoch = epoch};
    HRESULT hr;

    if (!announcement)
        return S_OK;
    uvcom__running_push(&running);
    hr = find_synchronize(call, &announcement->synchronize);
    if (SUCCEEDED(hr) && announcement->synchronize) {
        hr = announcement->synchronize->lpVtbl->Reset(announcement->synchronize);
    } else if (SUCCEEDED(hr)) {
        announcement->outer = call->outer;
        call->outer->lpVtbl->AddRef(call->outer);
    }
    uvcom__running_pop(&running);
    return FAILED(hr) ? hr : S_OK;
}

static void announce(struct deferred *item)
{
    struct announcement *announcement =
        (struct announcement *)((char *)item - offsetof(struct announcement, deferred));
    struct call *call = announcement->call;
    ISynchronize *synchronize = announcement->synchronize;
    HRESULT hr = S_OK;

    if (synchronize)
        hr = synchronize->lpVtbl->Signal(synchronize);
    if (FAILED(hr))
        uvcom__complain_of_call(call, announcement->method, hr, "the outer object's Signal");
    /* May end the outer object, and with it all but the pin. */
    forget(announcement);
    uvcom__announcement_put(call, announcement);
    uvcom__call_unpin(call);
}

void uvcom__outer_signal(struct announcement *announcement, unsigned method)
{
    if (!announcement)
        return;
    announcement->method = method;
    announcement->deferred.run = announce;
    uvcom__call_pin(announcement->call);
    uvcom__deferred_run(&announcement->deferred);
}

HRESULT uvcom__outer_wait(struct call *call, uint64_t epoch)
{
    ISynchronize *synchronize;
    HRESULT hr;

    if (!call->outer)
        return S_OK;
    if (uvcom__running_find(call, epoch))
        return HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    hr = find_synchronize(call, &synchronize);
    if (FAILED(hr) || !synchronize)
        return hr;
    /* The reference keeps the outer object, whoever lets go of it while this thread serves. */
    hr = synchronize->lpVtbl->Wait(synchronize, COWAIT_DEFAULT, INFINITE);
    synchronize->lpVtbl->Release(synchronize);
    return FAILED(hr) ? hr : S_OK;
}

void uvcom__call_hold_outer(struct call *call)
{
    if (call->outer)
        call->outer->lpVtbl->AddRef(call->outer);
}

void uvcom__call_drop_outer(struct call *call)
{
    if (call->outer)
        call->outer->lpVtbl->Release(call->outer);
}
