/*
 * broken_word.c -- plausible shortcuts, each of which some order of events punishes.
 *
 * They are made of the product's own table and differ from runtime/call_word.c in the step that the
 * name says.
 */
#include "tests/explore/broken_word.h"

/* ---- events --------------------------------------------------------------------------------- */

/* Reads the word and writes it, as if nobody else were there. */
static struct call_step apply_in_two_steps(uvcom__atomic64 *word, enum call_event event,
                                           const struct call_event_args *args)
{
    const struct call_step step =
        uvcom__call_state_step(uvcom__load64(word, UVCOM__SEQ_CST), event, args);

    if (step.moved) {
        uvcom__store64(word, step.after, UVCOM__SEQ_CST);
        uvcom__futex_wake_low(word);
    }
    return step;
}

#define IN_TWO_STEPS(name, broken_event)                                                           \
    static struct call_step name(uvcom__atomic64 *word, enum call_event event,                     \
                                 const struct call_event_args *args)                               \
    {                                                                                              \
        if (event == (broken_event))                                                               \
            return apply_in_two_steps(word, event, args);                                          \
        return uvcom__call_word_apply(word, event, args);                                          \
    }

IN_TWO_STEPS(begin_in_two_steps, UVCOM__ON_BEGIN)
IN_TWO_STEPS(complete_in_two_steps, UVCOM__ON_COMPLETE)
IN_TWO_STEPS(cancel_in_two_steps, UVCOM__ON_CANCEL)
IN_TWO_STEPS(finish_in_two_steps, UVCOM__ON_FINISH)
IN_TWO_STEPS(ask_in_two_steps, UVCOM__ON_ASK)

/* Who has asked is believed to have cancelled: what comes afterwards is thrown away. */
static struct call_step ask_like_cancel(uvcom__atomic64 *word, enum call_event event,
                                        const struct call_event_args *args)
{
    return uvcom__call_word_apply(word, event == UVCOM__ON_ASK ? UVCOM__ON_CANCEL : event, args);
}

/* A completion is for whatever call there is now. */
static struct call_step complete_any(uvcom__atomic64 *word, enum call_event event,
                                     const struct call_event_args *args)
{
    struct call_event_args wrong = *args;

    if (event == UVCOM__ON_COMPLETE)
        wrong.epoch = uvcom__call_state_epoch(uvcom__load64(word, UVCOM__SEQ_CST));
    return uvcom__call_word_apply(word, event, &wrong);
}

static struct call_step apply_without_wake(uvcom__atomic64 *word, enum call_event event,
                                           const struct call_event_args *args)
{
    uint64_t seen = uvcom__load64(word, UVCOM__SEQ_CST);
    struct call_step step;

    do {
        step = uvcom__call_state_step(seen, event, args);
    } while (step.moved && !uvcom__cas64(word, &seen, step.after, UVCOM__SEQ_CST));
    return step;
}

static struct call_step complete_without_wake(uvcom__atomic64 *word, enum call_event event,
                                              const struct call_event_args *args)
{
    if (event == UVCOM__ON_COMPLETE)
        return apply_without_wake(word, event, args);
    return uvcom__call_word_apply(word, event, args);
}

static struct call_step cancel_wakes_nobody(uvcom__atomic64 *word, enum call_event event,
                                            const struct call_event_args *args)
{
    if (event == UVCOM__ON_CANCEL || event == UVCOM__ON_STARTED)
        return apply_without_wake(word, event, args);
    return uvcom__call_word_apply(word, event, args);
}

/* ---- waits ---------------------------------------------------------------------------------- */

/* The word changes between the look and the sleep, and nobody looks again. */
static HRESULT wait_completed_on_newest(uvcom__atomic64 *word, uint64_t epoch, uint64_t deadline_ns)
{
    while (uvcom__call_state_is_running(uvcom__load64(word, UVCOM__SEQ_CST), epoch)) {
        uvcom__or64(word, UVCOM__CALL_WAITERS, UVCOM__SEQ_CST);
        uvcom__futex_wait_low(word, (uint32_t)uvcom__load64(word, UVCOM__SEQ_CST), deadline_ns);
    }
    return S_OK;
}

/* Nobody knows that there is somebody to wake. */
static HRESULT wait_completed_unseen(uvcom__atomic64 *word, uint64_t epoch, uint64_t deadline_ns)
{
    uint64_t seen = uvcom__load64(word, UVCOM__SEQ_CST);

    while (uvcom__call_state_is_running(seen, epoch)) {
        uvcom__futex_wait_low(word, (uint32_t)seen, deadline_ns);
        seen = uvcom__load64(word, UVCOM__SEQ_CST);
    }
    return S_OK;
}

static HRESULT wait_relaxed(uvcom__atomic64 *word, uint64_t pin, uint64_t deadline_ns)
{
    uint64_t seen = uvcom__load64(word, UVCOM__RELAXED);

    (void)pin;
    while ((seen & UVCOM__CALL_SIGNALED) == 0) {
        if (!uvcom__cas64(word, &seen, seen | UVCOM__CALL_WAITERS, UVCOM__RELAXED))
            continue;
        uvcom__futex_wait_low(word, (uint32_t)(seen | UVCOM__CALL_WAITERS), deadline_ns);
        seen = uvcom__load64(word, UVCOM__RELAXED);
        if (uvcom__now_ns() >= deadline_ns)
            return RPC_E_TIMEOUT;
    }
    return S_OK;
}

/* ---- the designs ---------------------------------------------------------------------------- */

#define SOUND_WAITS .wait = uvcom__call_word_wait, .wait_completed = uvcom__call_word_wait_completed
#define SOUND_APPLY .apply = uvcom__call_word_apply

const struct design begin_tests_then_sets = {.apply = begin_in_two_steps, SOUND_WAITS};
const struct design completion_without_epoch = {.apply = complete_any, SOUND_WAITS};
const struct design completion_without_claim = {.apply = complete_in_two_steps, SOUND_WAITS};
const struct design cancel_without_claim = {.apply = cancel_in_two_steps, SOUND_WAITS};
const struct design finish_without_claim = {.apply = finish_in_two_steps, SOUND_WAITS};
const struct design ask_without_claim = {.apply = ask_in_two_steps, SOUND_WAITS};
const struct design ask_that_cancels = {.apply = ask_like_cancel, SOUND_WAITS};
const struct design cancel_without_pin = {SOUND_APPLY, SOUND_WAITS, .cancel_any_call = true};
const struct design finish_without_pin = {SOUND_APPLY, SOUND_WAITS, .finish_any_call = true};
const struct design result_after_completion = {SOUND_APPLY, SOUND_WAITS,
                                               .result_after_completion = true};
const struct design retire_before_copying = {SOUND_APPLY, SOUND_WAITS,
                                             .retire_before_copying = true};
const struct design completion_without_wake = {.apply = complete_without_wake, SOUND_WAITS};
const struct design cancel_without_wake = {.apply = cancel_wakes_nobody, SOUND_WAITS};
const struct design wait_tests_then_sleeps = {SOUND_APPLY, .wait = uvcom__call_word_wait,
                                              .wait_completed = wait_completed_on_newest};
const struct design wait_sleeps_without_bit = {SOUND_APPLY, .wait = uvcom__call_word_wait,
                                               .wait_completed = wait_completed_unseen};
const struct design wait_without_acquire = {SOUND_APPLY, .wait = wait_relaxed,
                                            .wait_completed = uvcom__call_word_wait_completed};
