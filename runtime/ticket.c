/*
 * ticket.c -- see ticket.h: the counts, who completes an operation, and what a server may ask.
 *
 * Of all who would end the server's part (complete, the last handle's release, a Start_ function
 * that fails) exactly one moves the ticket on from OPEN. The operation is that one's, who need not
 * be in the server's apartment: what must be done there (giving out interface pointers, releasing
 * those that have arrived) goes through its queue, as an item that lies in the operation, and
 * nothing is allocated for it.
 *
 * When the apartment closes the client is told at once, but the server may be writing results at
 * this moment: the operation stays as it is until the server has completed or dropped it. Only the
 * pointers that were lent to it are released, since this is the last moment at which they can be.
 * A server that completes meanwhile does not wait for that: it leaves the rest to the thread that
 * closes.
 *
 * What the interface IUvcomCallContext answers is in context.c.
 */
#include "runtime/ticket.h"

#include <stddef.h>

#include "runtime/call.h"
#include "runtime/call_cancel.h"
#include "runtime/count.h"
#include "runtime/parcel.h"
#include "runtime/target.h"

/* ---- counts ---------------------------------------------------------------------------------- */

static void destroy(struct uvcom_operation *ticket)
{
    struct call *call = ticket->call;

    uvcom__values_drop(&ticket->values);
    if (ticket->upstream)
        uvcom__ticket_forget(ticket->upstream);
    if (ticket->home)
        uvcom__apartment_release(ticket->home);
    uvcom__free(ticket);
    uvcom__call_unpin(call);
}

uint32_t uvcom__ticket_keep(struct uvcom_operation *ticket)
{
    return uvcom__count_up(&ticket->shares);
}

uint32_t uvcom__ticket_forget(struct uvcom_operation *ticket)
{
    const uint32_t left = uvcom__count_down(&ticket->shares);

    if (left == 0)
        destroy(ticket);
    return left;
}

/* With two shares: the operation's and the caller's. NULL: out of memory. */
static struct uvcom_operation *create(struct operation *operation)
{
    struct uvcom_operation *ticket = uvcom__alloc(sizeof *ticket);
    struct call *call = operation->call;

    if (!ticket)
        return NULL;
    ticket->context.lpVtbl = &uvcom__context_vtable;
    uvcom__store32(&ticket->shares, 2, UVCOM__RELAXED);
    ticket->call = call;
    uvcom__call_pin(call);
    ticket->epoch = operation->epoch;
    ticket->operation = operation;
    ticket->upstream = call->upstream;
    if (call->upstream)
        uvcom__ticket_keep(call->upstream);
    uvcom__values_copy(&ticket->values,
                       call->upstream ? &call->upstream->values : &operation->values);
    operation->ticket = ticket;
    return ticket;
}

struct uvcom_operation *uvcom__ticket_of(struct operation *operation)
{
    struct uvcom_operation *ticket = operation->ticket;

    if (!ticket)
        return create(operation);
    uvcom__ticket_keep(ticket);
    return ticket;
}

/* ---- whose the operation is ------------------------------------------------------------------ */

void uvcom__ticket_close(struct operation *operation)
{
    struct uvcom_operation *ticket = operation->ticket;

    if (!ticket)
        return;
    operation->ticket = NULL;
    uvcom__store32(&ticket->state, TICKET_OVER, UVCOM__RELEASE);
    if (ticket->keeper && uvcom__apartment_detach(ticket->keeper, &ticket->export))
        uvcom__ticket_forget(ticket);
    uvcom__ticket_forget(ticket);
}

/* The end of the server's part, where the results may be given out. The caller has a share. */
static HRESULT end_here(struct uvcom_operation *ticket)
{
    struct operation *operation = ticket->operation;
    /* Of the client's own call, which this one is only a part of. */
    const bool is_unwanted = ticket->upstream && uvcom_operation_is_cancelled(ticket->upstream);

    if (SUCCEEDED(uvcom__call_answer(operation, operation->hr)))
        return is_unwanted ? RPC_E_CALL_CANCELED : S_OK;
    uvcom__store32(&ticket->was_refused, 1, UVCOM__RELEASE);
    return RPC_E_CALL_CANCELED;
}

static void end_at_home(struct inbox_item *item)
{
    struct operation *operation =
        (struct operation *)((char *)item - offsetof(struct operation, item));
    struct uvcom_operation *ticket = operation->ticket;

    uvcom__ticket_keep(ticket);
    end_here(ticket);
    uvcom__ticket_forget(ticket);
}

/* What is refused is refused at home: see uvcom__apartment_post. */
static const struct inbox_item_class ending_class = {.run = end_at_home, .refuse = end_at_home};

/* The ticket's own reference may be gone, and the apartment with it, before the post returns. */
static HRESULT post_end(struct operation *operation, struct apartment *to)
{
    HRESULT hr;

    uvcom__apartment_add_ref(to);
    operation->item.class = &ending_class;
    hr = uvcom__apartment_post(to, &operation->item);
    uvcom__apartment_release(to);
    return hr;
}

/* The results go home. If that and the keeper have closed they cannot be given out any more, nor is
   there a thread left on which their pointers would be good: they are freed here. */
static HRESULT end_from_afar(struct uvcom_operation *ticket)
{
    struct operation *operation = ticket->operation;
    const bool is_cancelled = uvcom_operation_is_cancelled(ticket);
    HRESULT hr = post_end(operation, ticket->home);

    if (FAILED(hr) && ticket->keeper != ticket->home)
        hr = post_end(operation, ticket->keeper);
    if (SUCCEEDED(hr))
        return is_cancelled ? RPC_E_CALL_CANCELED : S_OK;
    operation->hr = RPC_E_DISCONNECTED;
    return end_here(ticket);
}

/* By the one who has claimed it, who has a share. */
static HRESULT end(struct uvcom_operation *ticket, HRESULT hr)
{
    struct operation *operation = ticket->operation;

    operation->hr = hr;
    if (uvcom__apartment_is_here(ticket->home) ||
        !(uvcom__parcels_are_lent(operation) || uvcom__operation_has_interfaces(operation)))
        return end_here(ticket);
    return end_from_afar(ticket);
}

HRESULT uvcom_operation_complete(uvcom_operation *operation, HRESULT hr)
{
    uint32_t state = uvcom__load32(&operation->state, UVCOM__ACQUIRE);

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* locks may be held for ever */
    for (;;) {
        if (state == TICKET_OPEN) {
            if (uvcom__cas32(&operation->state, &state, TICKET_CLAIMED, UVCOM__ACQ_REL))
                return end(operation, hr);
        } else if (state == TICKET_LEAVING) {
            if (uvcom__cas32(&operation->state, &state, TICKET_GIVEN_UP, UVCOM__ACQ_REL))
                return RPC_E_CALL_CANCELED;
        } else {
            return RPC_E_CALL_COMPLETE;
        }
    }
}

void uvcom_operation_add_ref(uvcom_operation *operation)
{
    uvcom__count_up(&operation->references);
}

void uvcom_operation_release(uvcom_operation *operation)
{
    if (uvcom__process_forked() || uvcom__count_down(&operation->references) != 0)
        return;
    uvcom_operation_complete(operation, RPC_E_SERVERFAULT);
    uvcom__ticket_forget(operation);
}

/* The keeper closes: on its own thread. */
static void disconnect(struct apartment_export *export)
{
    struct uvcom_operation *ticket =
        (struct uvcom_operation *)((char *)export - offsetof(struct uvcom_operation, export));
    uint32_t state = TICKET_OPEN;

    if (uvcom__cas32(&ticket->state, &state, TICKET_LEAVING, UVCOM__ACQ_REL)) {
        uvcom__call_end(ticket->call, ticket->epoch, UVCOM__VERDICT_DISCONNECTED);
        uvcom__parcels_forsake(ticket->operation);
        state = TICKET_LEAVING;
        if (!uvcom__cas32(&ticket->state, &state, TICKET_OPEN, UVCOM__ACQ_REL)) {
            ticket->operation->hr = RPC_E_DISCONNECTED;
            end_here(ticket);
        }
    }
    uvcom__ticket_forget(ticket);
}

HRESULT uvcom__ticket_open(struct operation *operation, struct uvcom_operation **ticket)
{
    struct apartment *here = uvcom__apartment_current();
    struct uvcom_operation *made;
    HRESULT hr;

    if (!here)
        return CO_E_NOTINITIALIZED;
    made = create(operation);
    if (!made)
        return E_OUTOFMEMORY;
    made->home = here;
    uvcom__apartment_add_ref(here);
    made->keeper = here;
    if (operation->call->starts_anywhere && !operation->parcels)
        made->keeper = uvcom__target_home(operation->call->target);
    made->export.disconnect = disconnect;
    uvcom__store32(&made->references, 2, UVCOM__RELAXED);
    uvcom__ticket_keep(made); /* for the keeper's list */
    hr = uvcom__apartment_attach(made->keeper, &made->export);
    if (SUCCEEDED(hr)) {
        *ticket = made;
        return S_OK;
    }
    uvcom__ticket_forget(made);
    uvcom__ticket_close(operation);
    uvcom__ticket_forget(made);
    return hr;
}

bool uvcom__ticket_take_back(struct uvcom_operation *ticket)
{
    uint32_t state = TICKET_OPEN;

    if (!uvcom__cas32(&ticket->state, &state, TICKET_CLAIMED, UVCOM__ACQ_REL))
        return false;
    uvcom__ticket_close(ticket->operation);
    return true;
}

void uvcom__ticket_mark(struct uvcom_operation *ticket, enum ticket_state state)
{
    /* An exchange: of two that mark at a time the later one sees what the other has done. */
    uvcom__exchange32(&ticket->state, (uint32_t)state, UVCOM__ACQ_REL);
}

/* ---- what a server may ask ------------------------------------------------------------------- */

bool uvcom__ticket_is_over(struct uvcom_operation *ticket)
{
    const uint32_t state = uvcom__load32(&ticket->state, UVCOM__ACQUIRE);

    return state != TICKET_OPEN && state != TICKET_LEAVING;
}

/* Of this call object's own word. A call that is over before its server has completed it was ended
   by somebody else; its client may have finished it and begun the next one by now. */
static bool is_ended_early(struct uvcom_operation *ticket)
{
    const HRESULT hr = uvcom__call_test_cancel(ticket->call, ticket->epoch);

    if (hr != RPC_E_CALL_COMPLETE)
        return hr == RPC_E_CALL_CANCELED;
    return !uvcom__ticket_is_over(ticket) ||
           uvcom__load32(&ticket->was_refused, UVCOM__ACQUIRE) != 0;
}

BOOL uvcom_operation_is_cancelled(uvcom_operation *operation)
{
    for (uvcom_operation *ticket = operation; ticket; ticket = ticket->upstream)
        if (is_ended_early(ticket))
            return TRUE;
    return FALSE;
}

DWORD uvcom_operation_remaining_ms(uvcom_operation *operation)
{
    return uvcom__remaining_ms(operation->values.deadline_ns);
}

HRESULT uvcom_operation_context(uvcom_operation *operation, REFIID riid, void **ppv)
{
    return operation->context.lpVtbl->QueryInterface(&operation->context, riid, ppv);
}

static bool is_running(const struct uvcom_operation *ticket)
{
    return uvcom__call_state_is_running(uvcom__load64(&ticket->call->word, UVCOM__ACQUIRE),
                                        ticket->epoch);
}

/* The mark is the call object's. If the call has ended meanwhile it may stand on the next one, for
   which nobody but this thread could have made it. */
static void mark_loop(struct uvcom_operation *ticket, struct apartment *loop)
{
    void *mark = loop;

    if (!is_running(ticket))
        return;
    uvcom__store_ptr(&ticket->call->completes_on, loop, UVCOM__RELEASE);
    if (!is_running(ticket))
        uvcom__cas_ptr(&ticket->call->completes_on, &mark, NULL, UVCOM__ACQ_REL);
}

HRESULT uvcom_operation_completes_on_loop(uvcom_operation *operation)
{
    struct apartment *loop = uvcom__apartment_of_loop();

    if (!loop)
        return RPC_E_WRONG_THREAD;
    if (uvcom__ticket_is_over(operation))
        return RPC_E_CALL_COMPLETE;
    for (uvcom_operation *ticket = operation; ticket; ticket = ticket->upstream)
        mark_loop(ticket, loop);
    return S_OK;
}
