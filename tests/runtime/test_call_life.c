/*
 * test_call_life.c -- the call object's word through whole lives: sequences of events, as a client,
 * a server and a canceller would raise them, one after the other.
 *
 * Each single step is checked in test_call_state.c; threads that race are in test_call_word.c.
 */
#include "runtime/call_state.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

/* ---- whole lives ---------------------------------------------------------------------------- */

/* A call object without its threads. */
struct life {
    uint64_t word;
};

static HRESULT on(struct life *life, enum call_event event, uint64_t epoch, unsigned method)
{
    const struct call_event_args args = {.epoch = epoch, .method = method};
    const struct call_step step = uvcom__call_state_step(life->word, event, &args);

    life->word = step.after;
    return step.hr;
}

static uint64_t begun(struct life *life, unsigned method)
{
    uint64_t epoch;

    ck_assert_hr(on(life, UVCOM__ON_BEGIN, 0, method), S_OK);
    epoch = uvcom__call_state_epoch(life->word);
    ck_assert_hr(on(life, UVCOM__ON_STARTED, epoch, 0), S_OK);
    return epoch;
}

START_TEST(call_03_outstanding_ends_only_when_finish_has_retired)
{
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        struct life life = {0};
        const uint64_t epoch = begun(&life, 1);

        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 2), RPC_S_CALLPENDING);
        ck_assert_hr(on(&life, cancelled ? UVCOM__ON_CANCEL : UVCOM__ON_COMPLETE, epoch, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 2), RPC_S_CALLPENDING);
        ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), cancelled ? RPC_E_CALL_CANCELED : S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 2), RPC_S_CALLPENDING);
        ck_assert_hr(on(&life, UVCOM__ON_RETIRE, 0, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 2), S_OK);
    }
}
END_TEST

START_TEST(call_04_a_refused_begin_changes_nothing)
{
    struct life life = {0};
    uint64_t word;

    begun(&life, 1);
    ck_assert_hr(on(&life, UVCOM__ON_SIGNAL, 0, 0), S_OK);
    word = life.word;
    ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 2), RPC_S_CALLPENDING);
    ck_assert(life.word == word);
}
END_TEST

START_TEST(call_06_finish_after_a_failed_begin_finds_no_call)
{
    struct life life = {0};

    ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 1), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_START_FAILED, 1, 0), S_OK);
    ck_assert((life.word & UVCOM__CALL_SIGNALED) != 0);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), RPC_E_CALL_COMPLETE);
    begun(&life, 1);
}
END_TEST

START_TEST(call_12_the_call_is_unharmed_by_a_finish_of_another_method)
{
    struct life life = {0};
    const uint64_t epoch = begun(&life, 1);

    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 2), E_UNEXPECTED);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 2), E_UNEXPECTED);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), S_OK);
}
END_TEST

START_TEST(call_13_an_object_is_reused_for_any_method)
{
    struct life life = {0};

    for (unsigned method = 1; method <= UVCOM__CALL_METHOD_MAX; method++) {
        const uint64_t epoch = begun(&life, method);

        ck_assert(epoch == method);
        ck_assert_uint_eq(uvcom__call_state_method(life.word), method);
        ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_FINISH, epoch, method), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_RETIRE, 0, 0), S_OK);
    }
}
END_TEST

START_TEST(syn_08_a_waiter_on_a_finished_call_finds_the_event_set)
{
    struct life life = {0};
    const uint64_t epoch = begun(&life, 1);

    on(&life, UVCOM__ON_COMPLETE, epoch, 0);
    on(&life, UVCOM__ON_FINISH, 0, 1);
    on(&life, UVCOM__ON_RETIRE, 0, 0);
    ck_assert_uint_eq(uvcom__call_state_of(life.word), UVCOM__CALL_IDLE);
    ck_assert((life.word & UVCOM__CALL_SIGNALED) != 0);
}
END_TEST

START_TEST(syn_09_begin_clears_an_event_that_was_set_before)
{
    struct life life = {0};

    on(&life, UVCOM__ON_SIGNAL, 0, 0);
    begun(&life, 1);
    ck_assert((life.word & UVCOM__CALL_SIGNALED) == 0);
}
END_TEST

START_TEST(syn_15_a_strangers_signal_does_not_complete_the_call)
{
    struct life life = {0};
    const uint64_t epoch = begun(&life, 1);

    ck_assert_hr(on(&life, UVCOM__ON_SIGNAL, 0, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), RPC_S_CALLPENDING);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), S_OK);
}
END_TEST

START_TEST(race_02_a_finish_that_waited_does_not_take_the_next_calls_result)
{
    struct life life = {0};
    const uint64_t epoch = begun(&life, 1);

    on(&life, UVCOM__ON_COMPLETE, epoch, 0);
    on(&life, UVCOM__ON_FINISH, 0, 1);
    on(&life, UVCOM__ON_RETIRE, 0, 0);
    on(&life, UVCOM__ON_COMPLETE, begun(&life, 1), 0);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, epoch, 1), RPC_E_CALL_COMPLETE);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, epoch + 1, 1), S_OK);
}
END_TEST

START_TEST(race_05_of_a_completion_and_a_cancel_the_first_one_wins)
{
    struct life life = {0};
    uint64_t epoch = begun(&life, 1);

    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_CANCEL, epoch, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), S_OK);
    on(&life, UVCOM__ON_RETIRE, 0, 0);

    epoch = begun(&life, 1);
    ck_assert_hr(on(&life, UVCOM__ON_CANCEL, epoch, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), RPC_E_CALL_CANCELED);
}
END_TEST

/* While Begin_ is still under way a cancel is remembered; nothing may end the call twice. */
START_TEST(race_05_a_cancel_of_a_starting_call_beats_its_completion)
{
    struct life life = {0};

    ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 1), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_CANCEL, 0, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_CANCEL, 0, 0), RPC_E_CALL_CANCELED);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, 1, 0), RPC_E_CALL_COMPLETE);
    ck_assert_uint_eq(uvcom__call_state_of(life.word), UVCOM__CALL_CANCELED);
    ck_assert_hr(on(&life, UVCOM__ON_STARTED, 1, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), RPC_E_CALL_CANCELED);
    ck_assert_hr(on(&life, UVCOM__ON_RETIRE, 0, 0), S_OK);
}
END_TEST

/* Asking and granting while the call still starts: only the second keeps a result out. */
START_TEST(can_18_a_result_that_comes_after_the_request_stands)
{
    for (int started = 0; started < 2; started++) {
        struct life life = {0};
        const uint64_t epoch = 1;

        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 1), S_OK);
        if (started)
            ck_assert_hr(on(&life, UVCOM__ON_STARTED, epoch, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_TEST_CANCEL, 0, 0), RPC_S_CALLPENDING);
        ck_assert_hr(on(&life, UVCOM__ON_ASK, 0, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_ASK, epoch, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_TEST_CANCEL, 0, 0), RPC_E_CALL_CANCELED);
        ck_assert(uvcom__call_state_is_running(life.word, epoch));
        ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_CANCEL, 0, 0), RPC_E_CALL_COMPLETE);
        ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_RETIRE, 0, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 1), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_TEST_CANCEL, 0, 0), RPC_S_CALLPENDING);
    }
}
END_TEST

START_TEST(can_09_a_call_that_was_asked_is_cancelled_all_the_same)
{
    for (int started = 0; started < 2; started++) {
        struct life life = {0};

        ck_assert_hr(on(&life, UVCOM__ON_BEGIN, 0, 1), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_ASK, 0, 0), S_OK);
        if (started)
            ck_assert_hr(on(&life, UVCOM__ON_STARTED, 1, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_CANCEL, 1, 0), S_OK);
        ck_assert_hr(on(&life, UVCOM__ON_CANCEL, 1, 0), RPC_E_CALL_CANCELED);
        ck_assert_hr(on(&life, UVCOM__ON_ASK, 1, 0), RPC_E_CALL_CANCELED);
        on(&life, UVCOM__ON_STARTED, 1, 0);
        ck_assert_uint_eq(uvcom__call_state_of(life.word), UVCOM__CALL_CANCELED);
        ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, 1, 0), RPC_E_CALL_COMPLETE);
        ck_assert_hr(on(&life, UVCOM__ON_FINISH, 0, 1), RPC_E_CALL_CANCELED);
    }
}
END_TEST

START_TEST(race_06_a_late_completion_leaves_the_next_call_pending)
{
    struct life life = {0};
    const uint64_t epoch = begun(&life, 1);

    on(&life, UVCOM__ON_CANCEL, epoch, 0);
    on(&life, UVCOM__ON_FINISH, 0, 1);
    on(&life, UVCOM__ON_RETIRE, 0, 0);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), RPC_E_CALL_COMPLETE);
    begun(&life, 1);
    ck_assert_hr(on(&life, UVCOM__ON_COMPLETE, epoch, 0), RPC_E_CALL_COMPLETE);
    ck_assert_hr(on(&life, UVCOM__ON_CANCEL, epoch, 0), RPC_E_CALL_COMPLETE);
    ck_assert_uint_eq(uvcom__call_state_of(life.word), UVCOM__CALL_PENDING);
    ck_assert((life.word & UVCOM__CALL_SIGNALED) == 0);
}
END_TEST

/* A Begin_ that is so slow that its call is over and the next has begun must not touch that one. */
START_TEST(race_06_a_late_started_leaves_the_next_call_starting)
{
    struct life life = {0};

    on(&life, UVCOM__ON_BEGIN, 0, 1);
    on(&life, UVCOM__ON_COMPLETE, 1, 0);
    on(&life, UVCOM__ON_FINISH, 0, 1);
    on(&life, UVCOM__ON_RETIRE, 0, 0);
    on(&life, UVCOM__ON_BEGIN, 0, 2);
    ck_assert_hr(on(&life, UVCOM__ON_STARTED, 1, 0), S_OK);
    ck_assert_hr(on(&life, UVCOM__ON_START_FAILED, 1, 0), RPC_E_CALL_COMPLETE);
    ck_assert_uint_eq(uvcom__call_state_of(life.word), UVCOM__CALL_STARTING);
}
END_TEST

START_TEST(epochs_start_again_at_1)
{
    struct life life = {UVCOM__CALL_EPOCH_MAX << UVCOM__CALL_EPOCH_SHIFT};

    ck_assert(begun(&life, 1) == 1);
}
END_TEST

/* ---- what a Wait waits for ------------------------------------------------------------------ */

START_TEST(syn_10_a_new_word_has_its_event_clear)
{
    ck_assert(uvcom__call_state_pin(0) == UVCOM__CALL_ANY_EPOCH);
    ck_assert(!uvcom__call_state_wait_is_over(0, UVCOM__CALL_ANY_EPOCH));
}
END_TEST

START_TEST(race_04_a_wait_is_for_the_call_that_ran_when_it_began)
{
    const uint64_t epoch = 0x12345678A;
    const uint64_t none = UVCOM__CALL_ANY_EPOCH;

    for (unsigned state = UVCOM__CALL_IDLE; state <= UVCOM__CALL_FINISHING; state++) {
        const uint64_t clear = state | epoch << UVCOM__CALL_EPOCH_SHIFT;
        const uint64_t set = clear | UVCOM__CALL_SIGNALED;
        const bool runs = state == UVCOM__CALL_STARTING || state == UVCOM__CALL_PENDING;

        ck_assert(uvcom__call_state_pin(clear) == (runs ? epoch : none));
        ck_assert(uvcom__call_state_is_running(clear, epoch) == runs);
        ck_assert(!uvcom__call_state_is_running(clear, epoch + 1));
        ck_assert(uvcom__call_state_wait_is_over(clear, epoch) == !runs);
        ck_assert(uvcom__call_state_wait_is_over(clear, epoch - 1));
        ck_assert(!uvcom__call_state_wait_is_over(clear, none));
        ck_assert(uvcom__call_state_wait_is_over(set, epoch));
        ck_assert(uvcom__call_state_wait_is_over(set, none));
    }
}
END_TEST

/* An event that takes nothing may be raised without arguments. */
START_TEST(arguments_may_be_left_out)
{
    ck_assert_hr(uvcom__call_state_step(0, UVCOM__ON_SIGNAL, NULL).hr, S_OK);
    ck_assert_hr(uvcom__call_state_step(0, UVCOM__ON_RESET, NULL).hr, S_OK);
    ck_assert_hr(uvcom__call_state_step(UVCOM__CALL_FINISHING, UVCOM__ON_RETIRE, NULL).hr, S_OK);
}
END_TEST

static TCase *lives(void)
{
    TCase *tcase = tcase_create("lives");

    tcase_add_test(tcase, call_03_outstanding_ends_only_when_finish_has_retired);
    tcase_add_test(tcase, call_04_a_refused_begin_changes_nothing);
    tcase_add_test(tcase, call_06_finish_after_a_failed_begin_finds_no_call);
    tcase_add_test(tcase, call_12_the_call_is_unharmed_by_a_finish_of_another_method);
    tcase_add_test(tcase, call_13_an_object_is_reused_for_any_method);
    tcase_add_test(tcase, syn_08_a_waiter_on_a_finished_call_finds_the_event_set);
    tcase_add_test(tcase, syn_09_begin_clears_an_event_that_was_set_before);
    tcase_add_test(tcase, syn_15_a_strangers_signal_does_not_complete_the_call);
    tcase_add_test(tcase, race_02_a_finish_that_waited_does_not_take_the_next_calls_result);
    tcase_add_test(tcase, race_05_of_a_completion_and_a_cancel_the_first_one_wins);
    tcase_add_test(tcase, race_05_a_cancel_of_a_starting_call_beats_its_completion);
    tcase_add_test(tcase, can_18_a_result_that_comes_after_the_request_stands);
    tcase_add_test(tcase, can_09_a_call_that_was_asked_is_cancelled_all_the_same);
    tcase_add_test(tcase, race_06_a_late_completion_leaves_the_next_call_pending);
    tcase_add_test(tcase, race_06_a_late_started_leaves_the_next_call_starting);
    tcase_add_test(tcase, epochs_start_again_at_1);
    tcase_add_test(tcase, syn_10_a_new_word_has_its_event_clear);
    tcase_add_test(tcase, race_04_a_wait_is_for_the_call_that_ran_when_it_began);
    tcase_add_test(tcase, arguments_may_be_left_out);
    return tcase;
}

static Suite *call_life_suite(void)
{
    Suite *suite = suite_create("call_life");

    suite_add_tcase(suite, lives());
    return suite;
}

UVCOM_TEST_MAIN(call_life_suite)
