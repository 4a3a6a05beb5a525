/*
 * test_deadline.c -- the heap and the thread that watches over deadlines, with call objects that
 * have a word and nothing else. What clients see of deadlines is in e2e/test_deadlines.c.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <uvcom/uvcom.h>

#include "runtime/call.h"
#include "runtime/deadline.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"
#include "tests/support/thread_faults.h"

enum { MANY = 3000 };

static struct call *calls;
static uint64_t at_ns[MANY];

/* ---- fixture --------------------------------------------------------------------------------- */

/* The thread is started as Begin_ does it. */
static void open_many(void)
{
    uint64_t ignored;

    faults_reset();
    srand(1);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    calls = calloc(MANY, sizeof *calls);
    ck_assert_ptr_nonnull(calls);
    uvcom__store32(&calls[0].impatience, ~(DWORD)1000, UVCOM__RELAXED);
    ck_assert_hr(uvcom__deadline_of_begin(&calls[0], &ignored), S_OK);
}

static void close_many(void)
{
    CoUninitialize();
    free(calls);
    ck_assert_uint_eq(faults_live(), 0);
}

/* As if Begin_ had claimed it; it has one pin that nobody gives back. */
static uint64_t begin(struct call *call, uint64_t deadline_ns)
{
    const struct call_event_args args = {.method = 1};
    const struct call_step step = uvcom__call_word_apply(&call->word, UVCOM__ON_BEGIN, &args);
    const struct call_event_args started = {.epoch = uvcom__call_state_epoch(step.after)};

    if (uvcom__load32(&call->pins, UVCOM__RELAXED) == 0)
        uvcom__store32(&call->pins, 1, UVCOM__RELAXED);
    uvcom__deadline_arm(call, started.epoch, deadline_ns);
    uvcom__call_word_apply(&call->word, UVCOM__ON_STARTED, &started);
    return started.epoch;
}

static bool is_pending(struct call *call)
{
    return uvcom__call_state_of(uvcom__load64(&call->word, UVCOM__ACQUIRE)) == UVCOM__CALL_PENDING;
}

static uint32_t pins(struct call *call)
{
    return uvcom__load32(&call->pins, UVCOM__ACQUIRE);
}

/* The verdict of a call that is over; makes it idle again. */
static HRESULT finish(struct call *call)
{
    const struct call_event_args args = {.method = 1};
    const HRESULT hr = uvcom__call_word_apply(&call->word, UVCOM__ON_FINISH, &args).hr;

    uvcom__call_word_apply(&call->word, UVCOM__ON_RETIRE, NULL);
    return hr;
}

static void await_pins(struct call *call, uint32_t count)
{
    while (pins(call) != count)
        sched_yield();
}

static void await_over(struct call *call)
{
    while (is_pending(call))
        sched_yield();
    await_pins(call, 1);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static uint64_t in_us(unsigned us)
{
    return uvcom__now_ns() + UINT64_C(1000) * us;
}

START_TEST(each_deadline_comes_and_none_too_early)
{
    for (size_t i = 0; i < MANY; i++) {
        at_ns[i] = in_us((unsigned)rand() % 20000);
        begin(&calls[i], at_ns[i]);
    }
    for (size_t i = 0; i < MANY; i++) {
        await_over(&calls[i]);
        ck_assert_uint_ge(uvcom__now_ns(), at_ns[i]);
        ck_assert_hr(finish(&calls[i]), RPC_E_TIMEOUT);
    }
}
END_TEST

/* Disarmed in an order of its own. On a machine that stands still meanwhile some fire before. */
START_TEST(what_is_disarmed_never_fires)
{
    uint64_t epoch[MANY];
    size_t pending = 0;

    for (size_t i = 0; i < MANY; i++) {
        at_ns[i] = in_us(50000 + (unsigned)rand() % 10000);
        epoch[i] = begin(&calls[i], at_ns[i]);
    }
    for (size_t i = 0; i < MANY; i++)
        if (i * 7 % MANY % 2 == 0)
            uvcom__deadline_disarm(&calls[i * 7 % MANY], epoch[i * 7 % MANY]);
    for (size_t i = 1; i < MANY; i += 2)
        await_over(&calls[i]);
    for (size_t i = 0; i < MANY; i += 2) {
        while (uvcom__now_ns() < at_ns[i])
            sched_yield();
        await_pins(&calls[i], 1);
        pending += is_pending(&calls[i]);
    }
    ck_assert_uint_gt(pending, 0);
}
END_TEST

/* Far away, so nothing fires: the heap only. */
START_TEST(any_order_of_arming_and_disarming)
{
    uint64_t epoch[MANY] = {0};
    size_t armed = 0;

    for (int round = 0; round < 20000; round++) {
        const size_t i = (unsigned)rand() % MANY;

        if (epoch[i] == 0) {
            epoch[i] = begin(&calls[i], in_us(3600000000u + (unsigned)rand() % 1000));
            armed++;
        } else {
            uvcom__deadline_disarm(&calls[i], epoch[i]);
            uvcom__call_end(&calls[i], epoch[i], UVCOM__VERDICT_CANCELED);
            ck_assert_hr(finish(&calls[i]), RPC_E_CALL_CANCELED);
            epoch[i] = 0;
            armed--;
        }
    }
    ck_assert_uint_gt(armed, 0);
    for (size_t i = 0; i < MANY; i++)
        if (pins(&calls[i]) != 0)
            ck_assert_uint_eq(pins(&calls[i]), epoch[i] != 0 ? 2 : 1);
}
END_TEST

START_TEST(a_disarming_that_comes_late_leaves_the_next_call_alone)
{
    const uint64_t first = begin(&calls[0], in_us(3600000000u));
    const struct call_event_args args = {.epoch = first};
    uint64_t second;

    /* The completion is on its way to disarm when the next Begin_ comes. */
    uvcom__call_word_apply(&calls[0].word, UVCOM__ON_COMPLETE, &args);
    ck_assert_hr(finish(&calls[0]), S_OK);
    second = begin(&calls[0], in_us(1000));
    ck_assert_uint_eq(pins(&calls[0]), 2);
    uvcom__deadline_disarm(&calls[0], first);
    ck_assert_uint_ne(first, second);
    await_over(&calls[0]);
    ck_assert_hr(finish(&calls[0]), RPC_E_TIMEOUT);
}
END_TEST

/* An earlier deadline wakes the thread that sleeps for a later one. */
START_TEST(an_earlier_deadline_does_not_wait_for_a_later_one)
{
    begin(&calls[0], in_us(3600000000u));
    for (size_t i = 1; i < 50; i++) {
        begin(&calls[i], in_us(500));
        await_over(&calls[i]);
    }
    ck_assert(is_pending(&calls[0]));
}
END_TEST

START_TEST(a_deadline_that_has_passed_ends_the_call_before_it_has_started)
{
    begin(&calls[0], uvcom__now_ns());
    ck_assert_uint_eq(pins(&calls[0]), 1);
    ck_assert_hr(finish(&calls[0]), RPC_E_TIMEOUT);
}
END_TEST

START_TEST(what_is_left_at_the_end_is_disconnected)
{
    for (size_t i = 0; i < 10; i++)
        begin(&calls[i], in_us(3600000000u));
    CoUninitialize();
    for (size_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(pins(&calls[i]), 1);
        ck_assert_hr(finish(&calls[i]), RPC_E_DISCONNECTED);
    }
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
}
END_TEST

static void ask(struct call *call, HRESULT expected)
{
    uint64_t deadline;

    uvcom__store32(&call->impatience, ~(DWORD)1000, UVCOM__RELAXED);
    ck_assert_hr(uvcom__deadline_of_begin(call, &deadline), expected);
    ck_assert(FAILED(expected) == (deadline == UVCOM__FOREVER));
}

/* Without the fixture: no thread has been started yet. */
START_TEST(without_a_thread_there_is_no_deadline)
{
    struct call call = {0};

    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    thread_faults_allow(0);
    ask(&call, RPC_E_OUT_OF_RESOURCES);
    ask(&call, RPC_E_OUT_OF_RESOURCES);
    thread_faults_allow(THREAD_FAULTS_NONE);
    ask(&call, S_OK);
    thread_faults_allow(0);
    ask(&call, S_OK);
    thread_faults_allow(THREAD_FAULTS_NONE);
    CoUninitialize();
}
END_TEST

static void *ask_on_a_thread(void *arg)
{
    struct call call = {0};
    uint64_t deadline;

    uvcom__store32(&call.impatience, ~(DWORD)1000, UVCOM__RELAXED);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    *(HRESULT *)arg = uvcom__deadline_of_begin(&call, &deadline);
    CoUninitialize();
    return NULL;
}

START_TEST(threads_that_need_it_at_once_start_one)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    HRESULT hr[THREADS];

    for (int round = 0; round < 50; round++) {
        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        for (int i = 0; i < THREADS; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_on_a_thread, &hr[i]), 0);
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            ck_assert_hr(hr[i], S_OK);
        }
        CoUninitialize();
    }
}
END_TEST

static Suite *deadline_suite(void)
{
    Suite *suite = suite_create("deadline");
    TCase *heap = tcase_create("heap and thread");
    TCase *start = tcase_create("start");

    tcase_add_checked_fixture(heap, open_many, close_many);
    tcase_add_test(heap, each_deadline_comes_and_none_too_early);
    tcase_add_test(heap, what_is_disarmed_never_fires);
    tcase_add_test(heap, any_order_of_arming_and_disarming);
    tcase_add_test(heap, a_disarming_that_comes_late_leaves_the_next_call_alone);
    tcase_add_test(heap, an_earlier_deadline_does_not_wait_for_a_later_one);
    tcase_add_test(heap, a_deadline_that_has_passed_ends_the_call_before_it_has_started);
    tcase_add_test(heap, what_is_left_at_the_end_is_disconnected);
    suite_add_tcase(suite, heap);
    tcase_add_test(start, without_a_thread_there_is_no_deadline);
    tcase_add_test(start, threads_that_need_it_at_once_start_one);
    suite_add_tcase(suite, start);
    return suite;
}

UVCOM_TEST_MAIN(deadline_suite)
