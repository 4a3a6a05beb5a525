/*
 * call_complete.c -- the end of a call: the word moves to DONE or CANCELED, and whoever waits is
 * told.
 *
 * Ending a call allocates nothing and cannot fail. Exactly one step ends it; whoever makes that
 * step tells the others, and has read before it what it needs for that, since from that instant a
 * client may finish the call and begin the next one. Knows nothing of how the server was run
 * (call_serve.c).
 */
#include "runtime/call.h"
#include "runtime/call_outer.h"
#include "runtime/parcel.h"

void uvcom__call_over(struct call *call, const struct call_step *step,
                      struct announcement *announcement)
{
    uvcom__deadline_disarm(call, uvcom__call_state_epoch(step->after));
    uvcom__call_notify(call, step, true);
    uvcom__outer_signal(announcement, uvcom__call_state_method(step->after));
}

/*
 * The end of the server's part. If the word moves to DONE the operation is the call object's from
 * that instant and must not be touched again; if not (the call was cancelled, or that epoch is
 * over) its results are nobody's and go with it. The pin keeps the call object until the waiters
 * are awake (RACE-07).
 */
HRESULT uvcom__call_complete(struct operation *operation, HRESULT hr)
{
    struct call *call = operation->call;
    struct call_event_args args = {.method = operation->number,
                                   .epoch = operation->epoch,
                                   .is_bound = uvcom__parcels_need_apartment(operation)};
    struct announcement *announcement = uvcom__load_ptr(&call->announcement, UVCOM__RELAXED);
    struct call_step step;

    operation->hr = hr;
    step = uvcom__call_word_apply(&call->word, UVCOM__ON_COMPLETE, &args);
    if (!step.moved || uvcom__call_state_of(step.after) != UVCOM__CALL_DONE)
        uvcom__call_recycle(call, operation);
    if (step.moved)
        uvcom__call_over(call, &step, announcement);
    uvcom__call_unpin(call);
    return step.hr;
}

HRESULT uvcom__call_end(struct call *call, uint64_t epoch, enum call_verdict verdict)
{
    struct call_event_args args = {.epoch = epoch, .verdict = verdict};
    struct announcement *announcement;
    struct call_step step;
    uint64_t seen;

    /* The announcement is that of the call which the word spoke of when it was read; so the step
       must be made from this very word. Acquire: what Begin_ wrote before the call was PENDING. */
    do {
        seen = uvcom__load64(&call->word, UVCOM__ACQUIRE);
        announcement = uvcom__load_ptr(&call->announcement, UVCOM__RELAXED);
    } while (!uvcom__call_word_try(&call->word, seen, UVCOM__ON_CANCEL, &args, &step));
    if (step.moved && uvcom__call_state_of(step.after) == UVCOM__CALL_CANCELED) {
        uvcom__call_pin(call);
        uvcom__call_over(call, &step, announcement);
        uvcom__call_unpin(call);
    }
    return step.hr;
}
