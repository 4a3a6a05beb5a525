/*
 * test_explorer_finds.c -- mistakes that the explorer must see; an explorer that finds nothing in
 * sound code has shown nothing without these.
 *
 * First the kinds of failure, each in the smallest program; then designs of the call word with one
 * mistake; then runtime/call_word.c itself with one memory order weakened.
 */
#include "runtime/platform.h"
#include "tests/explore/broken_word.h"
#include "tests/explore/search.h"
#include "tests/support/runner.h"

/* The seam of the exploring build in runtime/call_word.c. */
extern unsigned char uvcom__call_word_orders[UVCOM__CALL_EVENT_COUNT];

/* ---- kinds of failure ----------------------------------------------------------------------- */

struct shared {
    uvcom__atomic32 flag;
    struct uvcom__lock lock;
    int value;
    bool with_lock;
    enum uvcom__order publish;
    enum uvcom__order look;
};

static struct shared shared;
static UVCOM__THREAD_LOCAL int own;

static void run_two(void (*first)(void *argument), void (*second)(void *argument))
{
    uvcom__thread threads[2];

    uvcom__store32(&shared.flag, 0, UVCOM__RELAXED);
    shared.value = 0;
    explore_check(uvcom__thread_start(&threads[0], first, NULL), "no fiber");
    explore_check(uvcom__thread_start(&threads[1], second, NULL), "no fiber");
    uvcom__thread_join(&threads[0]);
    uvcom__thread_join(&threads[1]);
}

static void write_and_publish(void *argument)
{
    (void)argument;
    UVCOM__CELL_WRITE(&shared.value);
    shared.value = 1;
    uvcom__store32(&shared.flag, 1, shared.publish);
    uvcom__futex_wake(&shared.flag);
}

static void look_and_read(void *argument)
{
    (void)argument;
    while (uvcom__load32(&shared.flag, shared.look) == 0)
        uvcom__futex_wait(&shared.flag, 0, UVCOM__FOREVER);
    UVCOM__CELL_READ(&shared.value);
}

static void publish_program(void *argument)
{
    (void)argument;
    run_two(write_and_publish, look_and_read);
}

static void search_publish(enum uvcom__order publish, enum uvcom__order look, bool is_sound)
{
    shared.publish = publish;
    shared.look = look;
    if (is_sound)
        search_expects_nothing("publish", publish_program, NULL, 4);
    else
        search_expects_failure("publish", publish_program, NULL, "race");
}

START_TEST(a_race_is_found_unless_release_meets_acquire)
{
    search_publish(UVCOM__RELEASE, UVCOM__ACQUIRE, true);
    search_publish(UVCOM__SEQ_CST, UVCOM__SEQ_CST, true);
    search_publish(UVCOM__RELAXED, UVCOM__ACQUIRE, false);
    search_publish(UVCOM__RELEASE, UVCOM__RELAXED, false);
}
END_TEST

static void publish_by_fence(void *argument)
{
    (void)argument;
    UVCOM__CELL_WRITE(&shared.value);
    uvcom__fence(UVCOM__RELEASE);
    uvcom__store32(&shared.flag, 1, UVCOM__RELAXED);
    uvcom__futex_wake(&shared.flag);
}

static void look_by_fence(void *argument)
{
    (void)argument;
    while (uvcom__load32(&shared.flag, UVCOM__RELAXED) == 0)
        uvcom__futex_wait(&shared.flag, 0, UVCOM__FOREVER);
    uvcom__fence(shared.look);
    UVCOM__CELL_READ(&shared.value);
}

static void fence_program(void *argument)
{
    (void)argument;
    run_two(publish_by_fence, look_by_fence);
}

START_TEST(a_fence_orders_like_an_acquire)
{
    shared.look = UVCOM__ACQUIRE;
    search_expects_nothing("fence", fence_program, NULL, 4);
    shared.look = UVCOM__RELAXED;
    search_expects_failure("no fence", fence_program, NULL, "race");
}
END_TEST

static void add_one(void *argument)
{
    int seen;

    (void)argument;
    if (shared.with_lock)
        uvcom__lock_acquire(&shared.lock);
    UVCOM__CELL_READ(&shared.value);
    seen = shared.value;
    uvcom__load32(&shared.flag, UVCOM__RELAXED);
    UVCOM__CELL_WRITE(&shared.value);
    shared.value = seen + 1;
    if (shared.with_lock)
        uvcom__lock_release(&shared.lock);
}

static void count_program(void *argument)
{
    uvcom__thread third;

    (void)argument;
    shared.lock = (struct uvcom__lock){{0}};
    run_two(add_one, add_one);
    explore_check(uvcom__thread_start(&third, add_one, NULL), "no fiber");
    add_one(NULL);
    uvcom__thread_join(&third);
    explore_check(shared.value == 4, "an addition was lost");
}

/* runtime/platform_lock.c is the real one. */
START_TEST(a_lock_excludes_and_its_absence_is_found)
{
    shared.with_lock = true;
    search_expects_nothing("lock", count_program, NULL, 4);
    shared.with_lock = false;
    search_expects_failure("no lock", count_program, NULL, "race");
}
END_TEST

static void sleep_unless_set(void *argument)
{
    (void)argument;
    if (uvcom__load32(&shared.flag, UVCOM__ACQUIRE) == 0)
        uvcom__futex_wait(&shared.flag, 0, UVCOM__FOREVER);
}

static void set_without_wake(void *argument)
{
    (void)argument;
    uvcom__store32(&shared.flag, 1, UVCOM__RELEASE);
}

static void sleep_program(void *argument)
{
    (void)argument;
    run_two(sleep_unless_set, set_without_wake);
}

START_TEST(a_sleep_for_ever_is_found)
{
    search_expects_failure("no wake", sleep_program, NULL, "everybody sleeps: fibers 0 1");
}
END_TEST

static void spin(void *argument)
{
    (void)argument;
    while (uvcom__load32(&shared.flag, UVCOM__RELAXED) == 0)
        uvcom__pause();
}

static void spin_program(void *argument)
{
    (void)argument;
    run_two(spin, spin);
}

START_TEST(a_spin_for_ever_is_found)
{
    const struct explore_options options = {.search = EXPLORE_DEPTH_FIRST, .steps = 500};
    static struct explore_result result;

    explore(spin_program, NULL, &options, &result);
    ck_assert(result.failed);
    ck_assert_str_eq(result.failure, "more than 500 steps: does somebody spin?");
}
END_TEST

static void leak_program(void *argument)
{
    (void)argument;
    if (explore_choose(3) == 2)
        explore_check(uvcom__alloc(8) != NULL, "out of memory");
}

static void free_twice_program(void *argument)
{
    void *memory = uvcom__alloc(8);

    (void)argument;
    uvcom__free(memory);
    if (explore_choose(3) == 1)
        uvcom__free(memory);
}

static void use_after_free_program(void *argument)
{
    uvcom__atomic32 *memory = uvcom__alloc(sizeof *memory);

    (void)argument;
    uvcom__free(memory);
    if (explore_choose(3) == 1)
        uvcom__load32(memory, UVCOM__RELAXED);
}

START_TEST(misuse_of_memory_is_found)
{
    search_expects_failure("leak", leak_program, NULL, "1 blocks leaked");
    search_expects_failure("free twice", free_twice_program, NULL, "frees what is not allocated");
    search_expects_failure("use after free", use_after_free_program, NULL, "in freed memory");
}
END_TEST

static void set_own(void *argument)
{
    (void)argument;
    explore_check(own == 0, "a fiber does not start with its own variables zeroed");
    own = (int)uvcom__thread_id();
    uvcom__load32(&shared.flag, UVCOM__RELAXED);
    explore_check(own == (int)uvcom__thread_id(), "fibers share a variable of the thread");
}

static void thread_local_program(void *argument)
{
    (void)argument;
    own = 0;
    run_two(set_own, set_own);
    explore_check(own == 0, "fibers share a variable of the thread");
}

START_TEST(each_fiber_has_its_own_thread_local_variables)
{
    search_expects_nothing("thread local", thread_local_program, NULL, 4);
}
END_TEST

/* A deadline races with everything, and time goes on when all sleep. */
static void deadline_program(void *argument)
{
    const uint64_t deadline = uvcom__deadline_ns(10);

    (void)argument;
    uvcom__store32(&shared.flag, 0, UVCOM__RELAXED);
    uvcom__futex_wait(&shared.flag, 0, deadline);
    explore_check(uvcom__now_ns() == deadline, "time stands still");
}

START_TEST(time_goes_to_the_next_deadline_when_all_sleep)
{
    search_expects_nothing("deadline", deadline_program, NULL, 2);
}
END_TEST

static TCase *kinds(void)
{
    TCase *tcase = tcase_create("kinds");

    tcase_add_test(tcase, a_race_is_found_unless_release_meets_acquire);
    tcase_add_test(tcase, a_fence_orders_like_an_acquire);
    tcase_add_test(tcase, a_lock_excludes_and_its_absence_is_found);
    tcase_add_test(tcase, a_sleep_for_ever_is_found);
    tcase_add_test(tcase, a_spin_for_ever_is_found);
    tcase_add_test(tcase, misuse_of_memory_is_found);
    tcase_add_test(tcase, each_fiber_has_its_own_thread_local_variables);
    tcase_add_test(tcase, time_goes_to_the_next_deadline_when_all_sleep);
    tcase_set_timeout(tcase, 30);
    return tcase;
}

/* ---- designs with a mistake ----------------------------------------------------------------- */

/* The empty text is for mistakes that show in more than one way. */
#define FINDS(test, program, broken, failure)                                                      \
    START_TEST(test)                                                                               \
    {                                                                                              \
        search_expects_failure(#broken, program, &(broken), failure);                              \
    }                                                                                              \
    END_TEST

FINDS(race_01_a_begin_that_tests_and_then_sets_is_found, program_begin_begin, begin_tests_then_sets,
      "")
FINDS(race_06_a_completion_without_epoch_is_found, program_late_completion,
      completion_without_epoch, "")
FINDS(race_05_a_completion_without_claim_is_found, program_complete_cancel,
      completion_without_claim, "")
FINDS(race_05_a_cancel_without_claim_is_found, program_complete_cancel, cancel_without_claim, "")
FINDS(race_02_a_finish_without_claim_is_found, program_finish_finish, finish_without_claim, "")
FINDS(race_02_a_finish_without_pin_is_found, program_finish_late, finish_without_pin,
      "Finish_ took the next call")
FINDS(race_05_an_ask_without_claim_is_found, program_ask, ask_without_claim, "")
FINDS(can_18_an_ask_that_cancels_is_found, program_ask, ask_that_cancels, "")
FINDS(race_06_a_cancel_without_pin_is_found, program_ask_late, cancel_without_pin,
      "another call was cancelled")
FINDS(a_result_after_the_completion_is_found, program_finish_finish, result_after_completion,
      "race")
FINDS(race_03_a_retire_before_the_copy_is_found, program_finish_begin, retire_before_copying, "")
FINDS(race_04_a_completion_without_wake_is_found, program_finish_finish, completion_without_wake,
      "everybody sleeps")
FINDS(race_04_a_cancel_without_wake_is_found, program_complete_cancel, cancel_without_wake,
      "everybody sleeps")
FINDS(race_04_a_wait_that_tests_and_then_sleeps_is_found, program_finish_finish,
      wait_tests_then_sleeps, "everybody sleeps")
FINDS(race_04_a_wait_without_its_bit_is_found, program_finish_finish, wait_sleeps_without_bit,
      "everybody sleeps")
FINDS(syn_17_a_wait_without_acquire_is_found, program_signal_wait, wait_without_acquire, "race")

static TCase *designs(void)
{
    TCase *tcase = tcase_create("designs");

    tcase_add_test(tcase, race_01_a_begin_that_tests_and_then_sets_is_found);
    tcase_add_test(tcase, race_06_a_completion_without_epoch_is_found);
    tcase_add_test(tcase, race_05_a_completion_without_claim_is_found);
    tcase_add_test(tcase, race_05_a_cancel_without_claim_is_found);
    tcase_add_test(tcase, race_02_a_finish_without_claim_is_found);
    tcase_add_test(tcase, race_02_a_finish_without_pin_is_found);
    tcase_add_test(tcase, race_05_an_ask_without_claim_is_found);
    tcase_add_test(tcase, can_18_an_ask_that_cancels_is_found);
    tcase_add_test(tcase, race_06_a_cancel_without_pin_is_found);
    tcase_add_test(tcase, a_result_after_the_completion_is_found);
    tcase_add_test(tcase, race_03_a_retire_before_the_copy_is_found);
    tcase_add_test(tcase, race_04_a_completion_without_wake_is_found);
    tcase_add_test(tcase, race_04_a_cancel_without_wake_is_found);
    tcase_add_test(tcase, race_04_a_wait_that_tests_and_then_sleeps_is_found);
    tcase_add_test(tcase, race_04_a_wait_without_its_bit_is_found);
    tcase_add_test(tcase, syn_17_a_wait_without_acquire_is_found);
    tcase_set_timeout(tcase, 30);
    return tcase;
}

/* ---- orders of runtime/call_word.c, weakened one at a time ---------------------------------- */

static void search_weakened(enum call_event event, void (*program)(void *argument))
{
    const unsigned char sound = uvcom__call_word_orders[event];

    uvcom__call_word_orders[event] = UVCOM__RELAXED;
    search_expects_failure("weakened", program, &sound_design, "race");
    uvcom__call_word_orders[event] = sound;
}

#define FINDS_WEAKENED(test, event, program)                                                       \
    START_TEST(test)                                                                               \
    {                                                                                              \
        search_weakened(event, program);                                                           \
    }                                                                                              \
    END_TEST

FINDS_WEAKENED(a_begin_that_does_not_acquire_is_found, UVCOM__ON_BEGIN, program_begin_begin)
FINDS_WEAKENED(a_start_that_does_not_release_is_found, UVCOM__ON_STARTED, program_complete_cancel)
FINDS_WEAKENED(a_failed_start_that_does_not_release_is_found, UVCOM__ON_START_FAILED,
               program_failed_start)
FINDS_WEAKENED(a_completion_that_does_not_release_is_found, UVCOM__ON_COMPLETE,
               program_finish_finish)
FINDS_WEAKENED(a_cancel_that_does_not_release_is_found, UVCOM__ON_CANCEL, program_complete_cancel)
FINDS_WEAKENED(a_finish_that_does_not_acquire_is_found, UVCOM__ON_FINISH, program_finish_finish)
FINDS_WEAKENED(a_retire_that_does_not_release_is_found, UVCOM__ON_RETIRE, program_begin_begin)
FINDS_WEAKENED(a_signal_that_does_not_release_is_found, UVCOM__ON_SIGNAL, program_signal_wait)
FINDS_WEAKENED(a_reset_that_does_not_acquire_is_found, UVCOM__ON_RESET, program_signal_reset)

static TCase *orders(void)
{
    TCase *tcase = tcase_create("orders");

    tcase_add_test(tcase, a_begin_that_does_not_acquire_is_found);
    tcase_add_test(tcase, a_start_that_does_not_release_is_found);
    tcase_add_test(tcase, a_failed_start_that_does_not_release_is_found);
    tcase_add_test(tcase, a_completion_that_does_not_release_is_found);
    tcase_add_test(tcase, a_cancel_that_does_not_release_is_found);
    tcase_add_test(tcase, a_finish_that_does_not_acquire_is_found);
    tcase_add_test(tcase, a_retire_that_does_not_release_is_found);
    tcase_add_test(tcase, a_signal_that_does_not_release_is_found);
    tcase_add_test(tcase, a_reset_that_does_not_acquire_is_found);
    tcase_set_timeout(tcase, 30);
    return tcase;
}

static Suite *explorer_suite(void)
{
    Suite *suite = suite_create("explorer_finds");

    suite_add_tcase(suite, kinds());
    suite_add_tcase(suite, designs());
    suite_add_tcase(suite, orders());
    return suite;
}

UVCOM_TEST_MAIN(explorer_suite)
