/*
 * incoming_call.c -- a call that arrives at a server with call objects of its own: the outer object
 * that the runtime puts round each of them, and the life of the call.
 *
 *     CreateCall(outer) -> Begin_(ins) ... Signal ... -> Finish_(outs) -> the client's completion
 *
 * CreateCall, Begin_ and Finish_ are called in the server's apartment, Signal comes from wherever
 * the server likes, inside Begin_ too (SRV-04, SRV-11). Every incoming call has a call object of
 * its own (SRV-12), which the outer object keeps until Finish_ has returned, whatever the server's
 * work holds; then, and when it has given the last reference back, it is released at home. The
 * outer object answers ISynchronize and ICancelMethodCalls (AUTO-08) and hands everything else on
 * to the call object inside: the two are one.
 *
 * The operation is the outer object's all the time: the server's Begin_ copies what it needs, and
 * its Finish_ fills the frame. So when the apartment closes the call is simply failed. But the
 * server's call object stays until the first Signal, for its work may know nothing but the address:
 * it ends on the signaling thread then, and never if the server forgets to signal.
 *
 * `state` says who acts next. Of a Signal and the closing apartment one moves it on.
 */
#include "runtime/incoming_call.h"

#include <stddef.h>

#include <uvcom/objidl.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/call_cancel.h"
#include "runtime/count.h"
#include "runtime/event.h"
#include "runtime/parcel.h"
#include "runtime/target.h"
#include "runtime/thread.h"
#include "runtime/ticket.h"
#include "runtime/unknown.h"

enum incoming_state {
    INCOMING_BEGINNING, /* up to the return of Begin_ */
    INCOMING_SIGNALED,  /* the same, and Finish_ follows at once */
    INCOMING_WAITING,   /* for Signal */
    INCOMING_POSTED,    /* Signal has come, and Finish_ is on its way home */
    INCOMING_FINISHING, /* Finish_ is called */
    INCOMING_ABANDONED, /* home has closed, the call is answered, but Signal is still to come */
    INCOMING_OVER       /* the call is answered */
};

struct incoming_call {
    IUnknown unknown; /* pCtrlUnk of CreateCall */
    ISynchronize synchronize;
    ICancelMethodCalls cancel;
    uvcom__atomic32 references;  /* one is the runtime's: up to the answer, or longer for Signal */
    uvcom__atomic32 state;       /* an incoming_state */
    struct event event;          /* for a server that waits itself; nothing else looks at it */
    IUnknown *inner;             /* the server's call object, one reference; NULL: none yet */
    struct operation *operation; /* the client's; NULL: answered */
    struct uvcom_operation *ticket; /* one share: which call of whom it is */
    struct apartment *home;         /* one reference */
    struct apartment_export export; /* in its list, with a reference, while WAITING or POSTED */
    struct inbox_item item;         /* goes home with Finish_, and with the end */
};

/* What the count stands at while the server's call object ends, which counts on it meanwhile
   (AGG-03). */
#define REFERENCES_ENDING 0x40000000u

/* ---- life ------------------------------------------------------------------------------------ */

static void destroy(struct incoming_call *incoming)
{
    IUnknown *inner = incoming->inner;

    uvcom__store32(&incoming->references, REFERENCES_ENDING, UVCOM__RELAXED);
    incoming->inner = NULL;
    uvcom__unknown_release(inner);
    uvcom__event_end(&incoming->event);
    uvcom__ticket_forget(incoming->ticket);
    uvcom__apartment_release(incoming->home);
    uvcom__free(incoming);
}

static struct incoming_call *incoming_from_item(struct inbox_item *item)
{
    return (struct incoming_call *)((char *)item - offsetof(struct incoming_call, item));
}

static void destroy_at_home(struct inbox_item *item)
{
    destroy(incoming_from_item(item));
}

static const struct inbox_item_class end_class = {.run = destroy_at_home,
                                                  .refuse = destroy_at_home};

/* When home has closed there is no better thread than this one. */
static void end(struct incoming_call *incoming)
{
    struct apartment *home = incoming->home;

    if (uvcom__apartment_is_here(home)) {
        destroy(incoming);
        return;
    }
    uvcom__apartment_add_ref(home);
    incoming->item.class = &end_class;
    if (FAILED(uvcom__apartment_post(home, &incoming->item)))
        destroy(incoming);
    uvcom__apartment_release(home);
}

static ULONG add_ref(struct incoming_call *incoming)
{
    return uvcom__count_up(&incoming->references);
}

static ULONG release(struct incoming_call *incoming)
{
    const ULONG left = uvcom__count_down(&incoming->references);

    if (left == 0)
        end(incoming);
    return left;
}

static bool move(struct incoming_call *incoming, enum incoming_state from, enum incoming_state to)
{
    uint32_t state = from;

    return uvcom__cas32(&incoming->state, &state, to, UVCOM__ACQ_REL);
}

/* ---- the server's call object ---------------------------------------------------------------- */

/* Its AsyncIFoo. A reference on it is one on the outer object, so it is not kept. */
static HRESULT query_async(struct incoming_call *incoming, void **async)
{
    IUnknown *inner = incoming->inner;
    HRESULT hr;

    *async = NULL;
    hr = inner->lpVtbl->QueryInterface(inner, incoming->operation->call->interface->id.async_iid,
                                       async);
    if (FAILED(hr))
        return hr;
    return *async ? S_OK : E_UNEXPECTED; /* an object that says S_OK and gives nothing */
}

/* By the one who has moved the state on, at home. */
static void tell_client(struct incoming_call *incoming, HRESULT hr)
{
    struct operation *operation = incoming->operation;

    incoming->operation = NULL;
    if (uvcom__apartment_detach(incoming->home, &incoming->export))
        release(incoming);
    uvcom__call_answer(operation, hr);
}

/* The same when the server has no more to say. The runtime's reference goes with it. */
static void answer(struct incoming_call *incoming, HRESULT hr)
{
    uvcom__store32(&incoming->state, INCOMING_OVER, UVCOM__RELEASE);
    tell_client(incoming, hr);
    release(incoming);
}

/* The state is FINISHING. Finish_ is called whatever the client has done meanwhile (AUTO-06). */
static void finish(struct incoming_call *incoming)
{
    struct operation *operation = incoming->operation;
    struct running running = {
        .call = operation->call, .epoch = operation->epoch, .operation = operation};
    void *async;
    HRESULT hr;

    uvcom__running_push(&running);
    hr = query_async(incoming, &async);
    if (SUCCEEDED(hr)) {
        hr = operation->method->finish(async, operation->frame);
        uvcom__unknown_release(async);
    }
    uvcom__running_pop(&running);
    answer(incoming, hr);
}

static void finish_posted(struct inbox_item *item)
{
    struct incoming_call *incoming = incoming_from_item(item);

    move(incoming, INCOMING_POSTED, INCOMING_FINISHING);
    finish(incoming);
}

static void refuse_posted(struct inbox_item *item)
{
    answer(incoming_from_item(item), RPC_E_DISCONNECTED);
}

static const struct inbox_item_class finish_class = {.run = finish_posted, .refuse = refuse_posted};

/* The apartment closes: on its own thread. What was in its queue has been refused by now, so one
   that is still POSTED has not got in, or will not. */
static void disconnect(struct apartment_export *export)
{
    struct incoming_call *incoming =
        (struct incoming_call *)((char *)export - offsetof(struct incoming_call, export));

    if (move(incoming, INCOMING_WAITING, INCOMING_ABANDONED))
        tell_client(incoming, RPC_E_DISCONNECTED);
    else if (move(incoming, INCOMING_POSTED, INCOMING_FINISHING))
        answer(incoming, RPC_E_DISCONNECTED);
    release(incoming);
}

/* ---- IUnknown -------------------------------------------------------------------------------- */

static HRESULT query(struct incoming_call *incoming, REFIID riid, void **ppv)
{
    IUnknown *inner = incoming->inner;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (IsEqualGUID(riid, &IID_IUnknown))
        *ppv = &incoming->unknown;
    else if (IsEqualGUID(riid, &IID_ISynchronize))
        *ppv = &incoming->synchronize;
    else if (IsEqualGUID(riid, &IID_ICancelMethodCalls))
        *ppv = &incoming->cancel;
    else
        return inner ? inner->lpVtbl->QueryInterface(inner, riid, ppv) : E_NOINTERFACE;
    add_ref(incoming);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE unknown_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    return query((struct incoming_call *)This, riid, ppv);
}

static ULONG STDMETHODCALLTYPE unknown_AddRef(IUnknown *This)
{
    return add_ref((struct incoming_call *)This);
}

static ULONG STDMETHODCALLTYPE unknown_Release(IUnknown *This)
{
    return release((struct incoming_call *)This);
}

static const IUnknownVtbl unknown_vtable = {
    .QueryInterface = unknown_QueryInterface,
    .AddRef = unknown_AddRef,
    .Release = unknown_Release,
};

/* ---- ISynchronize: the server says that its results are there -------------------------------- */

static struct incoming_call *incoming_from_synchronize(ISynchronize *This)
{
    return (struct incoming_call *)((char *)This - offsetof(struct incoming_call, synchronize));
}

static HRESULT STDMETHODCALLTYPE synchronize_QueryInterface(ISynchronize *This, REFIID riid,
                                                            void **ppv)
{
    return query(incoming_from_synchronize(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE synchronize_AddRef(ISynchronize *This)
{
    return add_ref(incoming_from_synchronize(This));
}

static ULONG STDMETHODCALLTYPE synchronize_Release(ISynchronize *This)
{
    return release(incoming_from_synchronize(This));
}

static HRESULT STDMETHODCALLTYPE synchronize_Wait(ISynchronize *This, DWORD dwFlags,
                                                  DWORD dwMilliseconds)
{
    return uvcom__event_wait(&incoming_from_synchronize(This)->event, dwFlags, dwMilliseconds);
}

/* What follows from the state: the event, and that the call's context is no longer to be had from
   Signal on (SEC-02). Signal and Reset may come at the same time, and each goes by what the state
   is when it shows it; so what is shown last is right. */
static void show_state(struct incoming_call *incoming)
{
    uint32_t state = uvcom__load32(&incoming->state, UVCOM__ACQUIRE);
    uint32_t shown;

    do {
        shown = state;
        if (state == INCOMING_BEGINNING || state == INCOMING_WAITING) {
            uvcom__event_reset(&incoming->event);
            uvcom__ticket_mark(incoming->ticket, TICKET_OPEN);
        } else {
            uvcom__event_signal(&incoming->event);
            uvcom__ticket_mark(incoming->ticket, TICKET_OVER);
        }
        state = uvcom__load32(&incoming->state, UVCOM__ACQUIRE);
    } while (state != shown);
}

/* Finish_ directly if this thread is at home, else through the queue of home. If that has closed
   the closing thread ends the call: see disconnect. False: it is not waiting. */
static bool go_on(struct incoming_call *incoming)
{
    struct apartment *home = incoming->home;
    const bool is_here = uvcom__apartment_is_here(home);

    if (!move(incoming, INCOMING_WAITING, is_here ? INCOMING_FINISHING : INCOMING_POSTED))
        return false;
    show_state(incoming);
    incoming->item.class = &finish_class;
    if (is_here)
        finish(incoming);
    else
        uvcom__apartment_post(home, &incoming->item);
    return true;
}

/* The first one counts. */
static HRESULT STDMETHODCALLTYPE synchronize_Signal(ISynchronize *This)
{
    struct incoming_call *incoming = incoming_from_synchronize(This);
    HRESULT hr;

    /* The last reference, if the caller has none of its own, would go in Finish_. */
    add_ref(incoming);
    hr = uvcom__event_signal(&incoming->event);
    if (move(incoming, INCOMING_BEGINNING, INCOMING_SIGNALED))
        show_state(incoming);
    else if (!go_on(incoming) && move(incoming, INCOMING_ABANDONED, INCOMING_OVER))
        release(incoming); /* the runtime's */
    release(incoming);
    return hr;
}

/* Before Begin_ has returned a Signal can be taken back: an event that is not set then is none. */
static HRESULT STDMETHODCALLTYPE synchronize_Reset(ISynchronize *This)
{
    struct incoming_call *incoming = incoming_from_synchronize(This);
    HRESULT hr = uvcom__event_reset(&incoming->event);

    if (move(incoming, INCOMING_SIGNALED, INCOMING_BEGINNING))
        show_state(incoming);
    return hr;
}

static const ISynchronizeVtbl synchronize_vtable = {
    .QueryInterface = synchronize_QueryInterface,
    .AddRef = synchronize_AddRef,
    .Release = synchronize_Release,
    .Wait = synchronize_Wait,
    .Signal = synchronize_Signal,
    .Reset = synchronize_Reset,
};

/* ---- ICancelMethodCalls: has the client lost interest? --------------------------------------- */

static struct incoming_call *incoming_from_cancel(ICancelMethodCalls *This)
{
    return (struct incoming_call *)((char *)This - offsetof(struct incoming_call, cancel));
}

static HRESULT STDMETHODCALLTYPE cancel_QueryInterface(ICancelMethodCalls *This, REFIID riid,
                                                       void **ppv)
{
    return query(incoming_from_cancel(This), riid, ppv);
}

static ULONG STDMETHODCALLTYPE cancel_AddRef(ICancelMethodCalls *This)
{
    return add_ref(incoming_from_cancel(This));
}

static ULONG STDMETHODCALLTYPE cancel_Release(ICancelMethodCalls *This)
{
    return release(incoming_from_cancel(This));
}

/* Cancelling is the client's; a server that stops says so by what its Finish_ returns (SRV-06). */
static HRESULT STDMETHODCALLTYPE cancel_Cancel(ICancelMethodCalls *This, ULONG ulSeconds)
{
    (void)This;
    (void)ulSeconds;
    return E_NOTIMPL;
}

static bool is_over(struct incoming_call *incoming)
{
    return uvcom__load32(&incoming->state, UVCOM__ACQUIRE) >= INCOMING_ABANDONED;
}

/* The call may have been cancelled and finished by its client, and the next one begun. */
static HRESULT STDMETHODCALLTYPE cancel_TestCancel(ICancelMethodCalls *This)
{
    struct incoming_call *incoming = incoming_from_cancel(This);
    HRESULT hr;

    if (is_over(incoming))
        return RPC_E_CALL_COMPLETE;
    hr = uvcom__call_test_cancel(incoming->ticket->call, incoming->ticket->epoch);
    if (hr == RPC_E_CALL_COMPLETE && !is_over(incoming))
        hr = RPC_E_CALL_CANCELED;
    return hr;
}

static const ICancelMethodCallsVtbl cancel_vtable = {
    .QueryInterface = cancel_QueryInterface,
    .AddRef = cancel_AddRef,
    .Release = cancel_Release,
    .Cancel = cancel_Cancel,
    .TestCancel = cancel_TestCancel,
};

/* ---- the beginning --------------------------------------------------------------------------- */

static struct incoming_call *create(struct operation *operation)
{
    struct incoming_call *incoming = uvcom__alloc(sizeof *incoming);

    if (!incoming)
        return NULL;
    incoming->ticket = uvcom__ticket_of(operation);
    if (!incoming->ticket) {
        uvcom__free(incoming);
        return NULL;
    }
    incoming->unknown.lpVtbl = &unknown_vtable;
    incoming->synchronize.lpVtbl = &synchronize_vtable;
    incoming->cancel.lpVtbl = &cancel_vtable;
    uvcom__store32(&incoming->references, 1, UVCOM__RELAXED);
    uvcom__event_init(&incoming->event, true);
    incoming->operation = operation;
    incoming->export.disconnect = disconnect;
    incoming->home = uvcom__target_home(operation->call->target);
    uvcom__apartment_add_ref(incoming->home);
    return incoming;
}

/* What a server says that has no call object for this interface, or none that can be aggregated
   (AUTO-07). */
static bool is_refusal(HRESULT hr)
{
    return hr == E_NOINTERFACE || hr == E_INVALIDARG || hr == CLASS_E_NOAGGREGATION;
}

/* Whether the server has made its call object a part of the outer object. One that stands alone
   would signal to itself. */
static bool is_aggregated(struct incoming_call *incoming, IUnknown *async)
{
    IUnknown *identity = NULL;
    HRESULT hr = async->lpVtbl->QueryInterface(async, &IID_IUnknown, (void **)&identity);
    bool is_ours = SUCCEEDED(hr) && identity == &incoming->unknown;

    if (SUCCEEDED(hr))
        uvcom__unknown_release(identity);
    return is_ours;
}

/* On success with the AsyncIFoo that was asked for. A refusal leaves nothing behind. */
static HRESULT create_call(struct incoming_call *incoming, ICallFactory *factory, void **async)
{
    const IID *async_iid = incoming->operation->call->interface->id.async_iid;
    HRESULT hr = factory->lpVtbl->CreateCall(factory, async_iid, &incoming->unknown, &IID_IUnknown,
                                             &incoming->inner);

    if (FAILED(hr)) {
        incoming->inner = NULL;
        return hr;
    }
    if (!incoming->inner)
        return E_UNEXPECTED; /* as above */
    hr = query_async(incoming, async);
    if (FAILED(hr) || is_aggregated(incoming, *async))
        return hr;
    uvcom__unknown_release(*async);
    uvcom__unknown_release(incoming->inner);
    incoming->inner = NULL;
    return CLASS_E_NOAGGREGATION;
}

/* CreateCall and Begin_. */
static HRESULT begin(struct incoming_call *incoming, ICallFactory *factory)
{
    struct operation *operation = incoming->operation;
    struct running running = {
        .call = operation->call, .epoch = operation->epoch, .operation = operation};
    void *async;
    HRESULT hr;

    uvcom__running_push(&running);
    hr = create_call(incoming, factory, &async);
    if (SUCCEEDED(hr)) {
        hr = uvcom__parcels_arrive(operation);
        if (SUCCEEDED(hr))
            hr = operation->method->begin(async, operation->frame);
        uvcom__parcels_leave(operation);
        uvcom__unknown_release(async);
    }
    uvcom__running_pop(&running);
    return hr;
}

/* From now on a closing apartment ends the call. */
static HRESULT attach(struct incoming_call *incoming)
{
    HRESULT hr;

    add_ref(incoming);
    hr = uvcom__apartment_attach(incoming->home, &incoming->export);
    if (FAILED(hr))
        release(incoming);
    return hr;
}

/* Begin_ has returned S_OK. Signal, and a Reset that takes it back, may come at any moment. The
   caller has a reference. */
static void await(struct incoming_call *incoming)
{
    HRESULT hr;

    if (move(incoming, INCOMING_SIGNALED, INCOMING_FINISHING)) {
        finish(incoming);
        return;
    }
    hr = attach(incoming);
    while (!move(incoming, INCOMING_BEGINNING,
                 SUCCEEDED(hr) ? INCOMING_WAITING : INCOMING_ABANDONED)) {
        if (move(incoming, INCOMING_SIGNALED, INCOMING_FINISHING)) {
            finish(incoming);
            return;
        }
    }
    if (FAILED(hr))
        tell_client(incoming, hr);
}

bool uvcom__incoming_call_serve(struct operation *operation)
{
    struct call *call = operation->call;
    struct incoming_call *incoming;
    ICallFactory *factory;
    HRESULT hr;

    if (!operation->method->begin)
        return false;
    hr = uvcom__target_call_factory(call->target, call->interface, &factory);
    if (SUCCEEDED(hr) && !factory)
        return false;
    incoming = SUCCEEDED(hr) ? create(operation) : NULL;
    if (!incoming) {
        uvcom__call_answer(operation, FAILED(hr) ? hr : E_OUTOFMEMORY);
        return true;
    }
    hr = begin(incoming, factory);
    if (SUCCEEDED(hr)) {
        add_ref(incoming);
        await(incoming);
        release(incoming);
        return true;
    }
    if (incoming->inner || !is_refusal(hr)) {
        answer(incoming, hr);
        return true;
    }
    /* The method gets a ticket of its own: a Signal of this object may still be under way. */
    uvcom__store32(&incoming->state, INCOMING_OVER, UVCOM__RELEASE);
    uvcom__ticket_close(operation);
    release(incoming);
    return false;
}

struct uvcom_operation *uvcom__incoming_call_ticket(IUnknown *outer)
{
    struct incoming_call *incoming = (struct incoming_call *)outer;

    /* Whoever stands in front of our outer object is another object. */
    if (!outer || outer->lpVtbl != &unknown_vtable)
        return NULL;
    return incoming->ticket;
}
