/*
 * test_platform.c -- what runtime/platform.h promises and the rest of the runtime relies on.
 *
 * Sleeping and waking are tested with the call word that uses them, in test_call_word.c.
 */
#include "runtime/platform.h"
#include "tests/support/runner.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 4

struct counter {
    struct uvcom__lock lock;
    unsigned value; /* under the lock */
};

static void count_to_10000(void *argument)
{
    struct counter *counter = argument;

    for (int i = 0; i < 10000; i++) {
        uvcom__lock_acquire(&counter->lock);
        counter->value++;
        uvcom__lock_release(&counter->lock);
    }
}

START_TEST(a_lock_excludes)
{
    struct counter counter = {.value = 0};
    uvcom__thread threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert(uvcom__thread_start(&threads[i], count_to_10000, &counter));
    for (int i = 0; i < THREADS; i++)
        uvcom__thread_join(&threads[i]);
    ck_assert_uint_eq(counter.value, THREADS * 10000);
    ck_assert_uint_eq(uvcom__load32(&counter.lock.state, UVCOM__RELAXED), UVCOM__LOCK_FREE);
}
END_TEST

static void keep_id(void *argument)
{
    uint64_t *id = argument;

    *id = uvcom__thread_id();
}

/* A thread that has ended must not be mistaken for a later one. */
START_TEST(a_threads_number_is_never_given_again)
{
    uint64_t last = uvcom__thread_id();

    ck_assert(last != 0 && uvcom__thread_id() == last);
    for (int i = 0; i < 20; i++) {
        uvcom__thread thread;
        uint64_t id = 0;

        ck_assert(uvcom__thread_start(&thread, keep_id, &id));
        uvcom__thread_join(&thread);
        ck_assert(id > last);
        last = id;
    }
}
END_TEST

START_TEST(changes_return_the_value_before)
{
    uvcom__atomic32 small = {0};
    uvcom__atomic64 large = {0};
    uvcom__atomic_ptr pointer = {NULL};
    uint32_t expected = 7;
    void *none = NULL;
    bool swapped;

    ck_assert(uvcom__add32(&small, 5, UVCOM__RELAXED) == 0);
    ck_assert(uvcom__add32(&small, -2, UVCOM__ACQ_REL) == 5);
    ck_assert(uvcom__or32(&small, 4, UVCOM__RELEASE) == 3);
    ck_assert(uvcom__and32(&small, 6, UVCOM__ACQUIRE) == 7);
    ck_assert(uvcom__exchange32(&small, 9, UVCOM__SEQ_CST) == 6);
    swapped = uvcom__cas32(&small, &expected, 1, UVCOM__RELEASE);
    ck_assert(!swapped && expected == 9);
    swapped = uvcom__cas32(&small, &expected, 1, UVCOM__RELEASE);
    ck_assert(swapped && uvcom__load32(&small, UVCOM__ACQUIRE) == 1);
    ck_assert(uvcom__add64(&large, -1, UVCOM__RELAXED) == 0);
    ck_assert(uvcom__load64(&large, UVCOM__SEQ_CST) == UINT64_MAX);
    swapped = uvcom__cas_ptr(&pointer, &none, &small, UVCOM__ACQ_REL);
    ck_assert(swapped && uvcom__exchange_ptr(&pointer, NULL, UVCOM__ACQUIRE) == &small);
}
END_TEST

/* The low half of a 64-bit word is what its name says: a sleep on the other half would not return.
 */
START_TEST(a_futex_looks_at_the_low_half)
{
    uvcom__atomic64 word = {UINT64_C(0x100000002)};
    const uint64_t start = uvcom__now_ns();

    uvcom__futex_wait_low(&word, 1, UVCOM__FOREVER);
    errno = EXDEV;
    uvcom__futex_wait_low(&word, 2, start + 20000000);
    ck_assert_int_eq(errno, EXDEV);
    ck_assert(uvcom__now_ns() - start >= 20000000);
}
END_TEST

START_TEST(memory_is_zeroed_and_may_be_empty)
{
    unsigned char *memory = uvcom__alloc(100);
    void *nothing = uvcom__alloc(0);

    ck_assert(memory != NULL && nothing != NULL);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(memory[i], 0);
    memory[99] = 1;
    memory = uvcom__realloc(memory, 1000);
    ck_assert(memory != NULL && memory[99] == 1);
    uvcom__free(memory);
    uvcom__free(nothing);
    uvcom__free(NULL);
}
END_TEST

static int forked_in_child(void)
{
    int status = 0;
    const pid_t child = fork();

    if (child == 0)
        _exit(uvcom__process_forked() ? 1 : 0);
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* A fork before the first use does not count: such a child can use the runtime. */
START_TEST(a_child_knows_that_it_was_forked_after_the_first_use)
{
    ck_assert_int_eq(forked_in_child(), 0);
    ck_assert(!uvcom__process_forked());
    ck_assert_int_eq(forked_in_child(), 1);
    ck_assert(!uvcom__process_forked());
}
END_TEST

/* What a pin does to a library that is closed is tested in tests/e2e/archives/test_modules.c. */
START_TEST(only_what_a_module_holds_can_be_pinned)
{
    static const char of_the_program = 0;
    void *of_no_module = uvcom__alloc(1);

    ck_assert(uvcom__module_pin(&of_the_program));
    ck_assert(uvcom__module_pin(strerror(0))); /* the C library's */
    ck_assert(!uvcom__module_pin(of_no_module));
    ck_assert(!uvcom__module_pin(NULL));
    uvcom__free(of_no_module);
}
END_TEST

static Suite *platform_suite(void)
{
    Suite *suite = suite_create("platform");
    TCase *tcase = tcase_create("promises");

    tcase_add_test(tcase, a_lock_excludes);
    tcase_add_test(tcase, a_threads_number_is_never_given_again);
    tcase_add_test(tcase, changes_return_the_value_before);
    tcase_add_test(tcase, a_futex_looks_at_the_low_half);
    tcase_add_test(tcase, memory_is_zeroed_and_may_be_empty);
    tcase_add_test(tcase, a_child_knows_that_it_was_forked_after_the_first_use);
    tcase_add_test(tcase, only_what_a_module_holds_can_be_pinned);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(platform_suite)
