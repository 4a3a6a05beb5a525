/*
 * call_finish.c -- Finish_: wait, claim the result, hand it over, and make the object idle again.
 *
 * A Finish_ is bound to the epoch that it met. When another Finish_ takes that result it answers
 * RPC_E_CALL_COMPLETE and never takes the next call's (RACE-02).
 */
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/call_outer.h"
#include "runtime/parcel.h"

/* A Cancel that has waited may look when this call has been collected: it finds here what it came
   to (call_cancel.c). So the note is there before the claim. */
static void note_canceled(struct call *call, uint64_t epoch)
{
    uint64_t noted = uvcom__load64(&call->canceled, UVCOM__RELAXED);

    if (noted < epoch)
        uvcom__cas64(&call->canceled, &noted, epoch, UVCOM__RELEASE);
}

static struct call_step try_to_claim(struct call *call, const struct call_event_args *args)
{
    struct call_step step;
    uint64_t seen;

    do {
        seen = uvcom__load64(&call->word, UVCOM__ACQUIRE);
        if (uvcom__call_state_of(seen) == UVCOM__CALL_CANCELED)
            note_canceled(call, uvcom__call_state_epoch(seen));
    } while (!uvcom__call_word_try(&call->word, seen, UVCOM__ON_FINISH, args, &step));
    return step;
}

/*
 * Waits for DONE or CANCELED and claims it: FINISHING. The state table says who may: not a thread
 * that could not receive what the results carry.
 */
static HRESULT claim_result(struct call *call, unsigned method, struct call_step *step)
{
    struct call_event_args args = {.method = method, .is_nowhere = !uvcom__apartment_current()};
    HRESULT hr;

    for (;;) {
        *step = try_to_claim(call, &args);
        if (step->moved)
            uvcom__call_settle(call);
        if (!step->wait)
            return step->hr;
        args.epoch = uvcom__call_state_epoch(step->before);
        /* An outer object's Wait comes first; it may return early, so the word decides (CALL-09).
         */
        hr = uvcom__outer_wait(call, args.epoch);
        if (SUCCEEDED(hr))
            hr = uvcom__call_wait(call, CALL_WAIT_COMPLETION, args.epoch, UVCOM__FOREVER);
        if (FAILED(hr))
            return hr;
    }
}

/* "In progress" is cleared here and last: the release order of this step publishes the copying. */
static void make_idle(struct call *call)
{
    struct call_event_args args = {.method = 0};

    uvcom__call_word_apply(&call->word, UVCOM__ON_RETIRE, &args);
}

/*
 * The results become good in this apartment, which need not be the one of Begin_. Proxies may have
 * to be made for them, so this can fail; then that is the call's result, and what has been filled
 * ends here, with the operation.
 */
static HRESULT receive(struct operation *operation)
{
    HRESULT hr = uvcom__parcels_collect(operation);

    return SUCCEEDED(hr) ? uvcom__operation_restore(operation) : hr;
}

struct operation *uvcom__call_collect(struct call *call, unsigned method, HRESULT *hr)
{
    struct call_step step;
    struct operation *operation;
    HRESULT received;

    /* Finish_'s own pin, until there is nothing more to touch: calls that are served while it
       waits, or the release of an [in] pointer, may give up the client's last reference (LIFE-05).
     */
    uvcom__call_pin(call);
    *hr = claim_result(call, method, &step);
    if (step.moved && uvcom__call_state_of(step.before) == UVCOM__CALL_DONE) {
        operation = call->operation;
        *hr = operation->hr;
        received = SUCCEEDED(*hr) ? receive(operation) : *hr;
        if (SUCCEEDED(received))
            return operation;
        *hr = received;
        uvcom__call_retire(call, operation);
        return NULL;
    }
    /* CANCELED: *hr is the verdict, and the operation is still the server's. */
    if (step.moved)
        make_idle(call);
    uvcom__call_unpin(call);
    return NULL;
}

void uvcom__call_retire(struct call *call, struct operation *operation)
{
    uvcom__call_recycle(call, operation);
    make_idle(call);
    uvcom__call_unpin(call);
}

void *uvcom_call_collect(void *iface, unsigned method, HRESULT *hr)
{
    struct operation *operation = uvcom__call_collect(iface, method, hr);

    return operation ? operation->frame : NULL;
}

void uvcom_call_retire(void *iface, void *frame)
{
    uvcom__call_retire(iface, uvcom__operation_of_frame(frame));
}
