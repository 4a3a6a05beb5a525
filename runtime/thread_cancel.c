/*
 * thread_cancel.c -- CoCancelCall and its kin: synchronous calls are cancelled by naming the thread
 * that is blocked in them.
 *
 * Each thread keeps a stack of what can be cancelled. Only it changes the stack, others look at it
 * from CoGetCancelObject; a lock of the thread's own is between them, and a list, with a lock of
 * its own, of the threads that have had something on their stacks. Found is not the hidden call
 * object of a proxy, which carries one call after the other, but a cancel object for one epoch of
 * it.
 */
#include "runtime/thread_cancel.h"

#include <stddef.h>

#include <uvcom/cancel.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/call_cancel.h"
#include "runtime/count.h"
#include "runtime/platform.h"
#include "runtime/thread.h"

/* What stands for one call: of CoGetCancelObject, for a plain call's epoch; or of
   CoSetCancelObject, which then is the program's object, counted by us: so it can be held under a
   lock, where no AddRef may be called. */
struct cancel_object {
    ICancelMethodCalls iface;
    uvcom__atomic32 references;
    struct call *call; /* pinned; NULL: the program's object */
    uint64_t epoch;
    ICancelMethodCalls *wrapped; /* the program's object, one reference; NULL: a call */
};

struct thread {
    struct thread *prev; /* the list's, under its lock */
    struct thread *next;
    bool is_listed; /* this thread's own, like `enabled` */
    unsigned enabled;
    DWORD id;
    struct uvcom__lock lock; /* guards the stack for others */
    struct cancel_entry *top;
};

static UVCOM__THREAD_LOCAL struct thread this_thread;

static struct uvcom__lock list_lock;
static struct thread *listed;

/* ---- cancel objects ---- */

static struct cancel_object *object_from(ICancelMethodCalls *This)
{
    return (struct cancel_object *)((char *)This - offsetof(struct cancel_object, iface));
}

static ULONG object_add_ref(struct cancel_object *object)
{
    return uvcom__count_up(&object->references);
}

/* May call out. */
static ULONG object_release(struct cancel_object *object)
{
    const ULONG left = uvcom__count_down(&object->references);

    if (left > 0)
        return left;
    if (object->call)
        uvcom__call_unpin(object->call);
    if (object->wrapped)
        object->wrapped->lpVtbl->Release(object->wrapped);
    uvcom__free(object);
    return 0;
}

static HRESULT STDMETHODCALLTYPE object_QueryInterface(ICancelMethodCalls *This, REFIID riid,
                                                       void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!IsEqualGUID(riid, &IID_IUnknown) && !IsEqualGUID(riid, &IID_ICancelMethodCalls) &&
        !IsEqualGUID(riid, &IID_IAgileObject))
        return E_NOINTERFACE;
    object_add_ref(object_from(This));
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE object_AddRef(ICancelMethodCalls *This)
{
    return object_add_ref(object_from(This));
}

static ULONG STDMETHODCALLTYPE object_Release(ICancelMethodCalls *This)
{
    return object_release(object_from(This));
}

static HRESULT STDMETHODCALLTYPE object_Cancel(ICancelMethodCalls *This, ULONG ulSeconds)
{
    const struct cancel_object *object = object_from(This);

    return uvcom__call_cancel(object->call, object->epoch, ulSeconds);
}

static HRESULT STDMETHODCALLTYPE object_TestCancel(ICancelMethodCalls *This)
{
    const struct cancel_object *object = object_from(This);

    return uvcom__call_test_cancel(object->call, object->epoch);
}

static const ICancelMethodCallsVtbl object_vtable = {
    .QueryInterface = object_QueryInterface,
    .AddRef = object_AddRef,
    .Release = object_Release,
    .Cancel = object_Cancel,
    .TestCancel = object_TestCancel,
};

/* One reference. NULL: out of memory. */
static struct cancel_object *create_object(void)
{
    struct cancel_object *object = uvcom__alloc(sizeof *object);

    if (!object)
        return NULL;
    object->iface.lpVtbl = &object_vtable;
    uvcom__store32(&object->references, 1, UVCOM__RELAXED);
    return object;
}

/* ---- the stack of each thread ---- */

static void list_this_thread(void)
{
    if (this_thread.is_listed)
        return;
    this_thread.is_listed = true;
    this_thread.id = uvcom_thread_id();
    uvcom__lock_acquire(&list_lock);
    this_thread.prev = NULL;
    this_thread.next = listed;
    if (listed)
        listed->prev = &this_thread;
    listed = &this_thread;
    uvcom__lock_release(&list_lock);
}

static void unlist_this_thread(void)
{
    if (!this_thread.is_listed)
        return;
    uvcom__lock_acquire(&list_lock);
    if (this_thread.prev)
        this_thread.prev->next = this_thread.next;
    else
        listed = this_thread.next;
    if (this_thread.next)
        this_thread.next->prev = this_thread.prev;
    uvcom__lock_release(&list_lock);
    this_thread.is_listed = false;
}

static void push(struct cancel_entry *entry)
{
    list_this_thread();
    uvcom__lock_acquire(&this_thread.lock);
    entry->below = this_thread.top;
    this_thread.top = entry;
    uvcom__lock_release(&this_thread.lock);
}

/* An entry may be below others: a method that this thread served meanwhile has left its own. */
static void take_out(struct cancel_entry *entry)
{
    struct cancel_entry **link = &this_thread.top;

    uvcom__lock_acquire(&this_thread.lock);
    while (*link != entry)
        link = &(*link)->below;
    *link = entry->below;
    uvcom__lock_release(&this_thread.lock);
}

bool uvcom__cancel_is_enabled(void)
{
    return this_thread.enabled > 0;
}

void uvcom__cancel_push(struct cancel_entry *entry, struct call *call, bool is_enabled)
{
    entry->call = call;
    /* The object is idle and this thread's alone, so its next call is the one that begins. */
    entry->epoch = uvcom__call_state_next_epoch(uvcom__load64(&call->word, UVCOM__RELAXED));
    entry->object = NULL;
    entry->is_enabled = is_enabled;
    push(entry);
}

void uvcom__cancel_pop(struct cancel_entry *entry)
{
    take_out(entry);
}

static void pop_object(struct cancel_entry *entry)
{
    struct cancel_object *object = entry->object;

    take_out(entry);
    uvcom__free(entry);
    object_release(object);
}

/* Of the program's objects, the uppermost; NULL: there is none. */
static struct cancel_entry *find_object(void)
{
    struct cancel_entry *entry = this_thread.top;

    while (entry && !entry->object)
        entry = entry->below;
    return entry;
}

void uvcom__cancel_thread_end(void)
{
    struct cancel_entry *entry;

    while ((entry = find_object()) != NULL)
        pop_object(entry);
    /* What calls out is over, so nothing follows. */
    this_thread.enabled = 0;
    unlist_this_thread();
}

/* ---- COM's functions ---- */

DWORD uvcom_thread_id(void)
{
    return uvcom__thread_number();
}

/* Whether a thread may use CoEnable and CoDisable like this. */
static HRESULT check_setting(const void *reserved)
{
    if (reserved)
        return E_INVALIDARG;
    return uvcom__apartment_current() ? S_OK : CO_E_NOTINITIALIZED;
}

HRESULT CoEnableCallCancellation(LPVOID pReserved)
{
    const HRESULT hr = check_setting(pReserved);

    if (SUCCEEDED(hr))
        this_thread.enabled++;
    return hr;
}

HRESULT CoDisableCallCancellation(LPVOID pReserved)
{
    const HRESULT hr = check_setting(pReserved);

    if (FAILED(hr))
        return hr;
    if (this_thread.enabled == 0)
        return CO_E_CANCEL_DISABLED;
    return --this_thread.enabled > 0 ? CO_E_CANCEL_DISABLED : S_OK;
}

/* What a thread has on top. The thread may go on meanwhile, so what the entry refers to is held. */
static HRESULT look_locked(struct thread *thread, struct cancel_object *made,
                           struct cancel_object **found)
{
    const struct cancel_entry *top;
    HRESULT hr = S_OK;

    uvcom__lock_acquire(&thread->lock);
    top = thread->top;
    if (!top) {
        hr = E_NOINTERFACE;
    } else if (!top->is_enabled) {
        hr = CO_E_CANCEL_DISABLED;
    } else if (top->object) {
        *found = top->object;
        object_add_ref(*found);
    } else {
        made->call = top->call;
        made->epoch = top->epoch;
        uvcom__call_pin(made->call);
        *found = made;
        object_add_ref(made);
    }
    uvcom__lock_release(&thread->lock);
    return hr;
}

/* @param made  an empty object, which may become the one that is found
   @param found [out] with a reference */
static HRESULT look(DWORD id, struct cancel_object *made, struct cancel_object **found)
{
    struct thread *thread;
    HRESULT hr = E_NOINTERFACE;

    uvcom__lock_acquire(&list_lock);
    for (thread = listed; thread && thread->id != id; thread = thread->next)
        continue;
    if (thread)
        hr = look_locked(thread, made, found);
    uvcom__lock_release(&list_lock);
    return hr;
}

/* The object for the innermost call; one reference. */
static HRESULT find(DWORD id, struct cancel_object **found)
{
    struct cancel_object *made;
    HRESULT hr;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    made = create_object();
    if (!made)
        return E_OUTOFMEMORY;
    hr = look(id ? id : uvcom_thread_id(), made, found);
    object_release(made);
    return hr;
}

static ICancelMethodCalls *interface_of(struct cancel_object *object)
{
    return object->wrapped ? object->wrapped : &object->iface;
}

HRESULT CoGetCancelObject(DWORD dwThreadId, REFIID iid, void **ppUnk)
{
    struct cancel_object *found;
    ICancelMethodCalls *cancel;
    HRESULT hr;

    if (!ppUnk)
        return E_POINTER;
    *ppUnk = NULL;
    if (!iid)
        return E_INVALIDARG;
    hr = find(dwThreadId, &found);
    if (FAILED(hr))
        return hr;
    cancel = interface_of(found);
    hr = cancel->lpVtbl->QueryInterface(cancel, iid, ppUnk);
    object_release(found);
    return hr;
}

HRESULT CoCancelCall(DWORD dwThreadId, ULONG ulTimeout)
{
    struct cancel_object *found;
    ICancelMethodCalls *cancel;
    HRESULT hr = find(dwThreadId, &found);

    if (FAILED(hr))
        return hr;
    cancel = interface_of(found);
    hr = cancel->lpVtbl->Cancel(cancel, ulTimeout);
    object_release(found);
    return hr;
}

static HRESULT pop_latest(void)
{
    struct cancel_entry *top = this_thread.top;

    if (!top || !top->object)
        return E_ACCESSDENIED;
    pop_object(top);
    return S_OK;
}

/* @param cancel  transfer */
static HRESULT push_object(ICancelMethodCalls *cancel)
{
    struct cancel_entry *entry = uvcom__alloc(sizeof *entry);
    struct cancel_object *object = entry ? create_object() : NULL;

    if (!object) {
        uvcom__free(entry);
        cancel->lpVtbl->Release(cancel);
        return E_OUTOFMEMORY;
    }
    object->wrapped = cancel;
    entry->object = object;
    entry->is_enabled = uvcom__cancel_is_enabled();
    push(entry);
    return S_OK;
}

HRESULT CoSetCancelObject(IUnknown *pUnk)
{
    ICancelMethodCalls *cancel = NULL;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    if (!pUnk)
        return pop_latest();
    hr = pUnk->lpVtbl->QueryInterface(pUnk, &IID_ICancelMethodCalls, (void **)&cancel);
    if (FAILED(hr))
        return E_NOINTERFACE;
    return cancel ? push_object(cancel) : E_UNEXPECTED;
}

HRESULT CoTestCancel(void)
{
    const struct running *running = uvcom__process_forked() ? NULL : uvcom__running_top();
    bool is_cancelled;

    if (!running)
        return RPC_E_NO_CONTEXT;
    if (running->ticket)
        is_cancelled = uvcom_operation_is_cancelled(running->ticket);
    else
        is_cancelled =
            uvcom__call_test_cancel(running->operation->call, running->epoch) != RPC_S_CALLPENDING;
    return is_cancelled ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
}
