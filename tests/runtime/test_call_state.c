/*
 * test_call_state.c -- walks the call object's table completely: every state times every event,
 * with every flag, epoch and method that could make a difference.
 *
 * The expected rows are written out here from the project's semantics and not taken from the code,
 * and the word is taken apart with numbers of its own: a layout that moves is a failure too. No
 * threads: what they make of the word is in test_call_word.c and in tests/explore. Sequences of
 * events are in test_call_life.c.
 */
#include "runtime/call_state.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#include <string.h>

/* ---- the word, as the semantics describe it ------------------------------------------------- */

enum { IDLE, STARTING, PENDING, DONE, CANCELED, FINISHING, STATE_COUNT };

struct fields {
    unsigned state;
    bool signaled;
    bool waiters;
    bool nodes;
    bool asked;
    unsigned verdict;
    unsigned method;
    uint64_t epoch;
};

static uint64_t pack(const struct fields *f)
{
    return f->state | (uint64_t)f->signaled << 3 | (uint64_t)f->waiters << 4 |
           (uint64_t)f->nodes << 5 | (uint64_t)f->asked << 6 | (uint64_t)f->verdict << 7 |
           (uint64_t)f->method << 9 | f->epoch << 21;
}

/* ---- the expected rows ---------------------------------------------------------------------- */

#define BEGIN UVCOM__ON_BEGIN
#define STARTED UVCOM__ON_STARTED
#define START_FAILED UVCOM__ON_START_FAILED
#define COMPLETE UVCOM__ON_COMPLETE
#define CANCEL UVCOM__ON_CANCEL
#define ASK UVCOM__ON_ASK
#define FINISH UVCOM__ON_FINISH
#define RETIRE UVCOM__ON_RETIRE
#define SIGNAL UVCOM__ON_SIGNAL
#define RESET UVCOM__ON_RESET
#define TEST_CANCEL UVCOM__ON_TEST_CANCEL

/* Whether somebody has asked the server to stop, or has been granted a cancel that is not carried
   out yet: then the word has the verdict, and NONE otherwise. */
enum asked { NOT_ASKED = 1, ASKED = 2, GRANTED = 4, NOT_GRANTED = 3, REQUESTED = 6, EITHER = 7 };

#define VERDICT_CODE ((HRESULT)1)
#define NONE 3

/*
 * For an event that names the word's own call and method. Changes, one letter each:
 *   n  the next epoch, the event's method, event clear, no request, verdict 0
 *   c  method, request and verdict back to 0: no call
 *   s  event set, sleepers' bit clear
 *   r  event clear
 *   a  cancel requested      v  the event's verdict      u  verdict NONE      d  verdict 0
 *   w  no answer yet: wait   m  only if the method is the one begun, else E_UNEXPECTED
 */
static const struct row {
    enum call_event event;
    unsigned from;
    enum asked asked;
    unsigned to;
    const char *changes;
    HRESULT hr;
} rows[] = {
    {BEGIN, IDLE, EITHER, STARTING, "n", S_OK},
    {BEGIN, STARTING, EITHER, STARTING, "", RPC_S_CALLPENDING},
    {BEGIN, PENDING, EITHER, PENDING, "", RPC_S_CALLPENDING},
    {BEGIN, DONE, EITHER, DONE, "", RPC_S_CALLPENDING},
    {BEGIN, CANCELED, EITHER, CANCELED, "", RPC_S_CALLPENDING},
    {BEGIN, FINISHING, EITHER, FINISHING, "", RPC_S_CALLPENDING},

    {STARTED, IDLE, EITHER, IDLE, "", S_OK},
    {STARTED, STARTING, NOT_GRANTED, PENDING, "", S_OK},
    {STARTED, STARTING, GRANTED, CANCELED, "s", S_OK},
    {STARTED, PENDING, EITHER, PENDING, "", S_OK},
    {STARTED, DONE, EITHER, DONE, "", S_OK},
    {STARTED, CANCELED, EITHER, CANCELED, "", S_OK},
    {STARTED, FINISHING, EITHER, FINISHING, "", S_OK},

    {START_FAILED, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {START_FAILED, STARTING, EITHER, IDLE, "cs", S_OK},
    {START_FAILED, PENDING, EITHER, PENDING, "", E_UNEXPECTED},
    {START_FAILED, DONE, EITHER, DONE, "", RPC_E_CALL_COMPLETE},
    {START_FAILED, CANCELED, EITHER, CANCELED, "", RPC_E_CALL_COMPLETE},
    {START_FAILED, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},

    {COMPLETE, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {COMPLETE, STARTING, NOT_GRANTED, DONE, "sd", S_OK},
    {COMPLETE, STARTING, GRANTED, CANCELED, "s", RPC_E_CALL_COMPLETE},
    {COMPLETE, PENDING, EITHER, DONE, "sd", S_OK},
    {COMPLETE, DONE, EITHER, DONE, "", RPC_E_CALL_COMPLETE},
    {COMPLETE, CANCELED, EITHER, CANCELED, "", RPC_E_CALL_COMPLETE},
    {COMPLETE, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},

    {CANCEL, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {CANCEL, STARTING, NOT_GRANTED, STARTING, "av", S_OK},
    {CANCEL, STARTING, GRANTED, STARTING, "", RPC_E_CALL_CANCELED},
    {CANCEL, PENDING, EITHER, CANCELED, "sav", S_OK},
    {CANCEL, DONE, EITHER, DONE, "", RPC_E_CALL_COMPLETE},
    {CANCEL, CANCELED, EITHER, CANCELED, "", RPC_E_CALL_CANCELED},
    {CANCEL, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},

    {ASK, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {ASK, STARTING, NOT_GRANTED, STARTING, "au", S_OK},
    {ASK, STARTING, GRANTED, STARTING, "", RPC_E_CALL_CANCELED},
    {ASK, PENDING, NOT_ASKED, PENDING, "au", S_OK},
    {ASK, PENDING, REQUESTED, PENDING, "", S_OK},
    {ASK, DONE, EITHER, DONE, "", RPC_E_CALL_COMPLETE},
    {ASK, CANCELED, EITHER, CANCELED, "", RPC_E_CALL_CANCELED},
    {ASK, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},

    {FINISH, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {FINISH, STARTING, EITHER, STARTING, "mw", RPC_S_CALLPENDING},
    {FINISH, PENDING, EITHER, PENDING, "mw", RPC_S_CALLPENDING},
    {FINISH, DONE, EITHER, FINISHING, "m", S_OK},
    {FINISH, CANCELED, EITHER, FINISHING, "m", VERDICT_CODE},
    {FINISH, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},

    {RETIRE, IDLE, EITHER, IDLE, "", E_UNEXPECTED},
    {RETIRE, STARTING, EITHER, STARTING, "", E_UNEXPECTED},
    {RETIRE, PENDING, EITHER, PENDING, "", E_UNEXPECTED},
    {RETIRE, DONE, EITHER, DONE, "", E_UNEXPECTED},
    {RETIRE, CANCELED, EITHER, CANCELED, "", E_UNEXPECTED},
    {RETIRE, FINISHING, EITHER, IDLE, "c", S_OK},

    {SIGNAL, IDLE, EITHER, IDLE, "s", S_OK},
    {SIGNAL, STARTING, EITHER, STARTING, "s", S_OK},
    {SIGNAL, PENDING, EITHER, PENDING, "s", S_OK},
    {SIGNAL, DONE, EITHER, DONE, "", S_OK},
    {SIGNAL, CANCELED, EITHER, CANCELED, "", S_OK},
    {SIGNAL, FINISHING, EITHER, FINISHING, "", S_OK},

    {RESET, IDLE, EITHER, IDLE, "r", S_OK},
    {RESET, STARTING, EITHER, STARTING, "r", S_OK},
    {RESET, PENDING, EITHER, PENDING, "r", S_OK},
    {RESET, DONE, EITHER, DONE, "", S_OK},
    {RESET, CANCELED, EITHER, CANCELED, "", S_OK},
    {RESET, FINISHING, EITHER, FINISHING, "", S_OK},

    {TEST_CANCEL, IDLE, EITHER, IDLE, "", RPC_E_CALL_COMPLETE},
    {TEST_CANCEL, STARTING, NOT_ASKED, STARTING, "", RPC_S_CALLPENDING},
    {TEST_CANCEL, STARTING, REQUESTED, STARTING, "", RPC_E_CALL_CANCELED},
    {TEST_CANCEL, PENDING, NOT_ASKED, PENDING, "", RPC_S_CALLPENDING},
    {TEST_CANCEL, PENDING, REQUESTED, PENDING, "", RPC_E_CALL_CANCELED},
    {TEST_CANCEL, DONE, EITHER, DONE, "", RPC_E_CALL_COMPLETE},
    {TEST_CANCEL, CANCELED, EITHER, CANCELED, "", RPC_E_CALL_CANCELED},
    {TEST_CANCEL, FINISHING, EITHER, FINISHING, "", RPC_E_CALL_COMPLETE},
};

/* The answer to an event about a call that the word is not about any more; nothing changes. */
static const struct {
    bool takes_epoch;
    bool takes_any;
    HRESULT gone;
} of_other_call[UVCOM__CALL_EVENT_COUNT] = {
    [BEGIN] = {false, true, S_OK},
    [STARTED] = {true, false, S_OK},
    [START_FAILED] = {true, false, RPC_E_CALL_COMPLETE},
    [COMPLETE] = {true, false, RPC_E_CALL_COMPLETE},
    [CANCEL] = {true, true, RPC_E_CALL_COMPLETE},
    [ASK] = {true, true, RPC_E_CALL_COMPLETE},
    [FINISH] = {true, true, RPC_E_CALL_COMPLETE},
    [RETIRE] = {false, true, S_OK},
    [SIGNAL] = {false, true, S_OK},
    [RESET] = {false, true, S_OK},
    [TEST_CANCEL] = {true, true, RPC_E_CALL_COMPLETE},
};

/* The last one is never written into a word that is CANCELED. */
static const HRESULT verdict_codes[] = {RPC_E_CALL_CANCELED, RPC_E_TIMEOUT, RPC_E_DISCONNECTED,
                                        E_UNEXPECTED};

/* ---- the walk ------------------------------------------------------------------------------- */

static enum asked asked_of(const struct fields *f)
{
    if (!f->asked)
        return NOT_ASKED;
    return f->verdict == NONE ? ASKED : GRANTED;
}

static const struct row *row_for(enum call_event event, const struct fields *f)
{
    const struct row *found = NULL;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];

        if (row->event != event || row->from != f->state || (row->asked & asked_of(f)) == 0)
            continue;
        ck_assert_msg(found == NULL, "two rows for event %d in state %u", (int)event, f->state);
        found = row;
    }
    ck_assert_msg(found != NULL, "no row for event %d in state %u", (int)event, f->state);
    return found;
}

static bool says(const struct row *row, char change)
{
    return strchr(row->changes, change) != NULL;
}

static struct fields after_row(const struct fields *before, const struct row *row,
                               const struct call_event_args *args)
{
    struct fields after = *before;

    after.state = row->to;
    if (says(row, 'n')) {
        after.epoch++;
        after.method = args->method;
        after.signaled = after.asked = false;
        after.verdict = 0;
    }
    if (says(row, 'c')) {
        after.method = after.verdict = 0;
        after.asked = false;
    }
    if (says(row, 's')) {
        after.signaled = true;
        after.waiters = false;
    }
    if (says(row, 'r'))
        after.signaled = false;
    if (says(row, 'a'))
        after.asked = true;
    if (says(row, 'v'))
        after.verdict = args->verdict;
    if (says(row, 'u'))
        after.verdict = NONE;
    if (says(row, 'd'))
        after.verdict = 0;
    return after;
}

/* One event on one word, against the row for it or the reason why it must be refused. */
static void check_step(const struct fields *before, enum call_event event,
                       const struct call_event_args *args)
{
    const struct row *row = row_for(event, before);
    const bool any = of_other_call[event].takes_any && args->epoch == 0;
    const bool gone = of_other_call[event].takes_epoch && !any && args->epoch != before->epoch;
    const bool other_method = says(row, 'm') && args->method != before->method;
    struct fields after = *before;
    HRESULT hr = row->hr;
    struct call_step step;

    if (gone)
        hr = of_other_call[event].gone;
    else if (other_method)
        hr = E_UNEXPECTED;
    else
        after = after_row(before, row, args);
    if (hr == VERDICT_CODE)
        hr = verdict_codes[before->verdict];

    step = uvcom__call_state_step(pack(before), event, args);
    ck_assert_msg(step.before == pack(before) && step.after == pack(&after),
                  "event %d on %#llx gives %#llx, not %#llx", (int)event,
                  (unsigned long long)step.before, (unsigned long long)step.after,
                  (unsigned long long)pack(&after));
    ck_assert_msg(step.hr == hr, "event %d on %#llx answers %#x, not %#x", (int)event,
                  (unsigned long long)step.before, (unsigned)step.hr, (unsigned)hr);
    ck_assert(step.moved == (step.after != step.before));
    ck_assert(step.wait == (!gone && !other_method && says(row, 'w')));
}

#define EPOCH UINT64_C(0x12345678A)

/* Every word that can be told apart in this state, times everything the event can bring. */
static unsigned walk_cell(enum call_event event, unsigned state)
{
    static const uint64_t epochs[] = {EPOCH, EPOCH - 1, EPOCH + 1, EPOCH + 2048, 1, 0};
    unsigned steps = 0;

    for (unsigned flags = 0; flags < 16 * 4; flags++) {
        const struct fields before = {state,
                                      (flags & 1) != 0,
                                      (flags & 2) != 0,
                                      (flags & 4) != 0,
                                      (flags & 8) != 0,
                                      flags / 16,
                                      5,
                                      EPOCH};

        for (unsigned i = 0; i < (sizeof epochs / sizeof *epochs) * 2 * 3; i++) {
            const struct call_event_args args = {.epoch = epochs[i / 6],
                                                 .method = i % 2 == 0 ? 5 : 4095,
                                                 .verdict = (enum call_verdict)(i / 2 % 3)};

            check_step(&before, event, &args);
            steps++;
        }
    }
    return steps;
}

static void walk(enum call_event event)
{
    for (unsigned state = 0; state < STATE_COUNT; state++)
        ck_assert_uint_eq(walk_cell(event, state), 16 * 4 * 6 * 2 * 3);
}

/* ---- each event in every state -------------------------------------------------------------- */

START_TEST(call_02_begin_claims_an_idle_object_only)
{
    walk(BEGIN);
}
END_TEST

START_TEST(can_02_started_makes_a_call_pending_unless_it_was_cancelled_meanwhile)
{
    walk(STARTED);
}
END_TEST

START_TEST(call_06_a_failed_start_leaves_an_idle_object)
{
    walk(START_FAILED);
}
END_TEST

START_TEST(race_06_a_completion_reaches_its_own_epoch_only)
{
    walk(COMPLETE);
}
END_TEST

START_TEST(race_05_a_cancel_reaches_a_running_call_only)
{
    walk(CANCEL);
}
END_TEST

START_TEST(can_07_18_asking_leaves_a_running_call_running)
{
    walk(ASK);
}
END_TEST

START_TEST(call_07_08_12_finish_takes_the_outcome_of_its_own_method_only)
{
    walk(FINISH);
}
END_TEST

/* The whole way of a call whose results are good in an apartment only. */
START_TEST(call_16_finish_without_an_apartment_leaves_pointers_where_they_are)
{
    static const enum call_state running[] = {UVCOM__CALL_STARTING, UVCOM__CALL_PENDING};

    for (unsigned i = 0; i < 4; i++) {
        const bool is_bound = i % 2 == 1;
        const struct call_event_args done = {.epoch = 9, .method = 5, .is_bound = is_bound};
        const struct call_event_args nowhere = {.method = 5, .is_nowhere = true};
        const struct call_event_args here = {.method = 5};
        const struct fields before = {.state = running[i / 2], .method = 5, .epoch = 9};
        struct call_step step = uvcom__call_state_step(pack(&before), COMPLETE, &done);
        const uint64_t word = step.after;

        ck_assert_hr(step.hr, S_OK);
        ck_assert_uint_eq(uvcom__call_state_of(word), UVCOM__CALL_DONE);
        step = uvcom__call_state_step(word, FINISH, &nowhere);
        ck_assert_hr(step.hr, is_bound ? CO_E_NOTINITIALIZED : S_OK);
        ck_assert_int_eq(step.moved, !is_bound);
        ck_assert_int_eq(step.wait, false);
        step = uvcom__call_state_step(word, FINISH, &here);
        ck_assert_hr(step.hr, S_OK);
        step = uvcom__call_state_step(step.after, RETIRE, NULL);
        ck_assert_uint_eq(step.after, pack(&(struct fields){.signaled = true, .epoch = 9}));
    }
}
END_TEST

START_TEST(race_03_retire_is_for_the_finish_that_claimed)
{
    walk(RETIRE);
}
END_TEST

START_TEST(syn_04_05_15_signal_sets_the_event_and_nothing_else)
{
    walk(SIGNAL);
}
END_TEST

START_TEST(syn_06_reset_clears_the_event_unless_a_result_would_be_hidden)
{
    walk(RESET);
}
END_TEST

START_TEST(can_10_test_cancel_tells_the_state)
{
    walk(TEST_CANCEL);
}
END_TEST

static TCase *every_cell(void)
{
    TCase *tcase = tcase_create("every cell");

    tcase_add_test(tcase, call_02_begin_claims_an_idle_object_only);
    tcase_add_test(tcase, can_02_started_makes_a_call_pending_unless_it_was_cancelled_meanwhile);
    tcase_add_test(tcase, call_06_a_failed_start_leaves_an_idle_object);
    tcase_add_test(tcase, race_06_a_completion_reaches_its_own_epoch_only);
    tcase_add_test(tcase, race_05_a_cancel_reaches_a_running_call_only);
    tcase_add_test(tcase, can_07_18_asking_leaves_a_running_call_running);
    tcase_add_test(tcase, call_07_08_12_finish_takes_the_outcome_of_its_own_method_only);
    tcase_add_test(tcase, call_16_finish_without_an_apartment_leaves_pointers_where_they_are);
    tcase_add_test(tcase, race_03_retire_is_for_the_finish_that_claimed);
    tcase_add_test(tcase, syn_04_05_15_signal_sets_the_event_and_nothing_else);
    tcase_add_test(tcase, syn_06_reset_clears_the_event_unless_a_result_would_be_hidden);
    tcase_add_test(tcase, can_10_test_cancel_tells_the_state);
    return tcase;
}

static Suite *call_state_suite(void)
{
    Suite *suite = suite_create("call_state");

    suite_add_tcase(suite, every_cell());
    return suite;
}

UVCOM_TEST_MAIN(call_state_suite)
