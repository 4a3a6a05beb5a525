/*
 * context.c -- what Begin_ notes down beside the parameters, and how a server sees it:
 * IUvcomCallContext.
 *
 * The interface stands on a ticket (ticket.c), whose copy of the values it reads. Which call a
 * thread is running just now is thread_context.c's business, watching the deadline is deadline.c's.
 */
#include "runtime/context.h"

#include <string.h>

#include <uvcom/objidl.h>

#include "runtime/agile.h"
#include "runtime/call.h"
#include "runtime/count.h"
#include "runtime/deadline.h"
#include "runtime/platform.h"
#include "runtime/ticket.h"

#define NS_PER_MS UINT64_C(1000000)

/* ---- principals ------------------------------------------------------------------------------ */

struct principal {
    uvcom__atomic32 references;
    IUnknown *object; /* agile, one reference */
};

HRESULT uvcom__principal_create(IUnknown *object, struct principal **principal)
{
    *principal = NULL;
    if (!object)
        return S_OK;
    if (!uvcom__is_agile(object))
        return E_INVALIDARG;
    *principal = uvcom__alloc(sizeof **principal);
    if (!*principal)
        return E_OUTOFMEMORY;
    uvcom__store32(&(*principal)->references, 1, UVCOM__RELAXED);
    (*principal)->object = object;
    object->lpVtbl->AddRef(object);
    return S_OK;
}

struct principal *uvcom__principal_add_ref(struct principal *principal)
{
    if (principal)
        uvcom__count_up(&principal->references);
    return principal;
}

void uvcom__principal_release(struct principal *principal)
{
    IUnknown *object;

    if (!principal || uvcom__count_down(&principal->references) != 0)
        return;
    object = principal->object;
    uvcom__free(principal);
    object->lpVtbl->Release(object);
}

/* ---- causality ------------------------------------------------------------------------------- */

/* How many numbers a thread takes at a time, so that threads seldom meet at the common counter. */
#define NUMBERS 1024

/* Each number is given once in the life of the process. */
static uint64_t next_number(void)
{
    static uvcom__atomic64 blocks;
    static UVCOM__THREAD_LOCAL uint64_t next, left;

    /* Relaxed: only the number counts. */
    if (left == 0) {
        next = uvcom__add64(&blocks, 1, UVCOM__RELAXED) * NUMBERS;
        left = NUMBERS;
    }
    left--;
    return next++;
}

/* One of the process's two random numbers, never 0. Relaxed: it stands for itself. */
static uint64_t key(size_t which)
{
    static uvcom__atomic64 keys[2];
    uint64_t known = uvcom__load64(&keys[which], UVCOM__RELAXED);
    uint64_t made;

    if (known != 0)
        return known;
    made = uvcom__random64() | 1;
    return uvcom__cas64(&keys[which], &known, made, UVCOM__RELAXED) ? made : known;
}

/* Spreads the bits of a number over all 64 so that no two give the same: multiplications by odd
   numbers and shifted exclusive-ors can each be undone. The constants are those of splitmix64. */
static uint64_t spread(uint64_t number)
{
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

/* The first half alone is unique in this process; both together differ from another process's. */
static void make_causality(GUID *id)
{
    const uint64_t number = next_number();
    const uint64_t halves[2] = {spread(number ^ key(0)), spread(number + key(1))};

    _Static_assert(sizeof *id == sizeof halves, "a GUID is two numbers of 64 bits");
    memcpy(id, halves, sizeof halves);
}

/* ---- what Begin_ captures ---------------------------------------------------------------------
 */

static struct principal *principal_of_call(struct call *call)
{
    struct principal *principal = NULL;

    /* Relaxed, and only to save the lock: who sets it while a Begin_ is under way is late. */
    if (!uvcom__load_ptr(&call->principal, UVCOM__RELAXED))
        return NULL;
    uvcom__lock_acquire(&call->lock);
    principal = uvcom__principal_add_ref(uvcom__load_ptr(&call->principal, UVCOM__RELAXED));
    uvcom__lock_release(&call->lock);
    return principal;
}

HRESULT uvcom__context_capture(struct call *call, struct operation *operation)
{
    struct call_values *values = &operation->values;
    HRESULT hr = uvcom__deadline_of_begin(call, &values->deadline_ns);

    if (FAILED(hr))
        return hr;
    if (!uvcom__context_causality(&values->causality))
        make_causality(&values->causality);
    values->principal = principal_of_call(call);
    if (!values->principal)
        values->principal = uvcom__context_principal();
    return S_OK;
}

void uvcom__values_copy(struct call_values *to, const struct call_values *from)
{
    *to = *from;
    uvcom__principal_add_ref(to->principal);
}

void uvcom__values_drop(struct call_values *values)
{
    struct principal *principal = values->principal;

    values->principal = NULL;
    uvcom__principal_release(principal);
}

DWORD uvcom__remaining_ms(uint64_t deadline_ns)
{
    uint64_t now, ms;

    if (deadline_ns == UVCOM__FOREVER)
        return INFINITE;
    now = uvcom__now_ns();
    if (now >= deadline_ns)
        return 0;
    ms = (deadline_ns - now - 1) / NS_PER_MS + 1;
    return ms < INFINITE ? (DWORD)ms : INFINITE - 1;
}

/* ---- IUvcomCallContext ------------------------------------------------------------------------
 */

static struct uvcom_operation *ticket_from(IUvcomCallContext *iface)
{
    return (struct uvcom_operation *)((char *)iface - offsetof(struct uvcom_operation, context));
}

static HRESULT STDMETHODCALLTYPE context_QueryInterface(IUvcomCallContext *This, REFIID riid,
                                                        void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!IsEqualGUID(riid, &IID_IUnknown) && !IsEqualGUID(riid, &IID_IUvcomCallContext) &&
        !IsEqualGUID(riid, &IID_IAgileObject))
        return E_NOINTERFACE;
    uvcom__ticket_keep(ticket_from(This));
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE context_AddRef(IUvcomCallContext *This)
{
    return uvcom__ticket_keep(ticket_from(This));
}

static ULONG STDMETHODCALLTYPE context_Release(IUvcomCallContext *This)
{
    return uvcom__ticket_forget(ticket_from(This));
}

static HRESULT STDMETHODCALLTYPE context_GetCausalityId(IUvcomCallContext *This, GUID *id)
{
    struct uvcom_operation *ticket = ticket_from(This);

    if (!id)
        return E_POINTER;
    *id = (GUID){0};
    if (uvcom__ticket_is_over(ticket))
        return RPC_E_CALL_COMPLETE;
    *id = ticket->values.causality;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE context_GetRemainingTime(IUvcomCallContext *This,
                                                          DWORD *milliseconds)
{
    struct uvcom_operation *ticket = ticket_from(This);

    if (!milliseconds)
        return E_POINTER;
    *milliseconds = 0;
    if (uvcom__ticket_is_over(ticket))
        return RPC_E_CALL_COMPLETE;
    *milliseconds = uvcom__remaining_ms(ticket->values.deadline_ns);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE context_GetPrincipal(IUvcomCallContext *This, REFIID riid,
                                                      void **ppv)
{
    struct uvcom_operation *ticket = ticket_from(This);
    IUnknown *object;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (uvcom__ticket_is_over(ticket))
        return RPC_E_CALL_COMPLETE;
    if (!ticket->values.principal)
        return S_FALSE;
    object = ticket->values.principal->object;
    return object->lpVtbl->QueryInterface(object, riid, ppv);
}

static HRESULT STDMETHODCALLTYPE context_TestCancel(IUvcomCallContext *This)
{
    struct uvcom_operation *ticket = ticket_from(This);

    if (uvcom__ticket_is_over(ticket))
        return RPC_E_CALL_COMPLETE;
    return uvcom_operation_is_cancelled(ticket) ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
}

const IUvcomCallContextVtbl uvcom__context_vtable = {
    .QueryInterface = context_QueryInterface,
    .AddRef = context_AddRef,
    .Release = context_Release,
    .GetCausalityId = context_GetCausalityId,
    .GetRemainingTime = context_GetRemainingTime,
    .GetPrincipal = context_GetPrincipal,
    .TestCancel = context_TestCancel,
};
