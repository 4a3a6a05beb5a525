/*
 * thread_context.c -- the call context of a thread: which call it is running, or which context was
 * switched in, and for whom the calls are that it begins itself.
 *
 * A thread has one scope for each call that it runs (in struct running, on the stack) and one below
 * all of them. What is switched in, set or impersonated belongs to the scope of the moment: a call
 * that is served while another one waits begins with nothing of the other's, and finds it again in
 * its place when it has returned. So an impersonation cannot outlive its method (SEC-03), nor can a
 * principal pass from one method to the next on a thread that serves many.
 *
 * What a context answers is context.c's, how long it is good the ticket's.
 */
#include <uvcom/context.h>

#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/context.h"
#include "runtime/operation.h"
#include "runtime/platform.h"
#include "runtime/thread.h"
#include "runtime/ticket.h"
#include "runtime/unknown.h"

/* Below all calls. */
static UVCOM__THREAD_LOCAL struct context_scope thread_scope;

static struct context_scope *scope_here(void)
{
    struct running *top = uvcom__running_top();

    return top ? &top->scope : &thread_scope;
}

void uvcom__scope_end(struct context_scope *scope)
{
    struct principal *client = scope->client;
    struct principal *own = scope->own;

    *scope = (struct context_scope){0};
    uvcom__principal_release(client);
    uvcom__principal_release(own);
}

void uvcom__context_thread_end(void)
{
    uvcom__scope_end(&thread_scope);
}

/* ---- the current context --------------------------------------------------------------------- */

/* The ticket behind a context that was switched in; NULL: it is somebody else's object. */
static struct uvcom_operation *ticket_of_context(IUnknown *context)
{
    IUvcomCallContext *ours = (IUvcomCallContext *)context;

    if ((const void *)context->lpVtbl != &uvcom__context_vtable)
        return NULL;
    return (struct uvcom_operation *)((char *)ours - offsetof(struct uvcom_operation, context));
}

/* Borrowed: the operation has a reference as long as it is the server's. */
static HRESULT ticket_of_running(struct running *running, struct uvcom_operation **ticket)
{
    *ticket = running->ticket;
    if (!*ticket) {
        *ticket = uvcom__ticket_of(running->operation);
        if (!*ticket)
            return E_OUTOFMEMORY;
        uvcom__ticket_forget(*ticket);
    }
    return S_OK;
}

/* Borrowed. Of a thread without one: S_OK and NULL. */
static HRESULT current_context(IUnknown **context)
{
    struct running *top = uvcom__running_top();
    struct uvcom_operation *ticket;
    HRESULT hr = S_OK;

    *context = NULL;
    if (scope_here()->is_switched) {
        *context = scope_here()->switched;
    } else if (top) {
        hr = ticket_of_running(top, &ticket);
        if (SUCCEEDED(hr))
            *context = (IUnknown *)&ticket->context;
    }
    return hr;
}

static bool is_over(IUnknown *context)
{
    struct uvcom_operation *ticket = ticket_of_context(context);

    return ticket && uvcom__ticket_is_over(ticket);
}

HRESULT CoGetCallContext(REFIID riid, void **ppv)
{
    IUnknown *context;
    HRESULT hr;

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    hr = current_context(&context);
    if (FAILED(hr))
        return hr;
    if (!context)
        return RPC_E_NO_CONTEXT;
    if (is_over(context))
        return RPC_E_CALL_COMPLETE;
    return context->lpVtbl->QueryInterface(context, riid, ppv);
}

HRESULT CoSwitchCallContext(IUnknown *pNewObject, IUnknown **ppOldObject)
{
    struct context_scope *scope = scope_here();
    HRESULT hr;

    if (!ppOldObject)
        return E_POINTER;
    hr = current_context(ppOldObject);
    if (FAILED(hr))
        return hr;
    scope->switched = pNewObject;
    scope->is_switched = true;
    return S_OK;
}

bool uvcom__context_causality(GUID *id)
{
    const struct context_scope *scope = scope_here();
    const struct running *top = uvcom__running_top();
    const struct uvcom_operation *ticket = top ? top->ticket : NULL;

    if (scope->is_switched && scope->switched && ticket_of_context(scope->switched))
        ticket = ticket_of_context(scope->switched);
    else if (top && top->operation)
        ticket = NULL;
    if (ticket)
        *id = ticket->values.causality;
    else if (top)
        *id = top->operation->values.causality;
    return ticket || top;
}

/* ---- principals ------------------------------------------------------------------------------ */

struct principal *uvcom__context_principal(void)
{
    const struct context_scope *scope = scope_here();

    if (scope->is_impersonating)
        return uvcom__principal_add_ref(scope->client);
    return uvcom__principal_add_ref(scope->has_own ? scope->own : thread_scope.own);
}

HRESULT uvcom_set_principal(IUnknown *principal)
{
    struct context_scope *scope = scope_here();
    struct principal *made, *old;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    hr = uvcom__principal_create(principal, &made);
    if (FAILED(hr))
        return hr;
    old = scope->own;
    scope->own = made;
    scope->has_own = true;
    uvcom__principal_release(old);
    return S_OK;
}

HRESULT uvcom_call_set_principal(void *call, IUnknown *principal)
{
    struct principal *made, *old;
    struct call *found;
    HRESULT hr;

    if (!call)
        return E_POINTER;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* the lock may be held for ever */
    found = uvcom__call_of(call);
    if (!found)
        return E_NOINTERFACE;
    hr = uvcom__principal_create(principal, &made);
    if (SUCCEEDED(hr)) {
        /* The lock is for a Begin_ that is just adding its reference. */
        uvcom__lock_acquire(&found->lock);
        old = uvcom__exchange_ptr(&found->principal, made, UVCOM__RELAXED);
        uvcom__lock_release(&found->lock);
        uvcom__principal_release(old);
    }
    uvcom_call_Release(found);
    return hr;
}

/* ---- impersonation --------------------------------------------------------------------------- */

HRESULT CoImpersonateClient(void)
{
    struct context_scope *scope = scope_here();
    struct uvcom_operation *ticket;
    struct principal *old;
    IUnknown *context;
    HRESULT hr = current_context(&context);

    if (FAILED(hr))
        return hr;
    if (!context)
        return RPC_E_NO_CONTEXT;
    ticket = ticket_of_context(context);
    if (!ticket)
        return E_NOINTERFACE;
    if (is_over(context))
        return RPC_E_CALL_COMPLETE;
    old = scope->client;
    scope->client = uvcom__principal_add_ref(ticket->values.principal);
    scope->is_impersonating = true;
    uvcom__principal_release(old);
    return S_OK;
}

HRESULT CoRevertToSelf(void)
{
    struct context_scope *scope = scope_here();
    struct principal *client = scope->client;

    scope->is_impersonating = false;
    scope->client = NULL;
    uvcom__principal_release(client);
    return S_OK;
}
