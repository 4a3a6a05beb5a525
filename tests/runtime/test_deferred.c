/*
 * test_deferred.c -- work that must not nest on one thread: what an item causes comes after it, and
 * a chain of any length takes no stack. SRV-05.
 */
#include "runtime/deferred.h"
#include "tests/support/runner.h"

#include <stddef.h>
#include <stdint.h>

enum { CHAIN = 1000000 };

struct step {
    struct deferred deferred;
    int number;
    struct step *causes; /* raised from inside; NULL: nothing */
    enum { GO_ON, SLEEP, SERVE } then;
};

static struct {
    int order[8];
    size_t count;
    size_t inside;  /* runs on the stack now */
    size_t deepest; /* at most */
    uintptr_t lowest, highest;
    size_t left;
} seen;

static void run(struct deferred *item)
{
    struct step *step = (struct step *)((char *)item - offsetof(struct step, deferred));
    struct deferred_wait wait;

    seen.inside++;
    if (seen.inside > seen.deepest)
        seen.deepest = seen.inside;
    seen.order[seen.count++] = step->number;
    if (step->causes)
        uvcom__deferred_run(&step->causes->deferred);
    if (step->then == SLEEP)
        uvcom__deferred_flush();
    if (step->then == SERVE) {
        uvcom__deferred_wait_begin(&wait);
        uvcom__deferred_run(&(struct step){{.run = run}, .number = 9}.deferred);
        uvcom__deferred_wait_end(&wait);
    }
    seen.order[seen.count++] = -step->number;
    seen.inside--;
}

static struct step *steps_from(struct step *steps)
{
    for (int i = 0; i < 3; i++) {
        steps[i] = (struct step){{.run = run}, .number = i + 1};
        if (i > 0)
            steps[i - 1].causes = &steps[i];
    }
    return steps;
}

static void clear(void)
{
    seen.count = seen.deepest = 0;
}

static void expect(const int *order, size_t count)
{
    ck_assert_uint_eq(seen.count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(seen.order[i], order[i]);
    ck_assert_uint_eq(seen.inside, 0);
    clear();
}

START_TEST(srv_05_what_an_item_causes_comes_after_it)
{
    static const int order[] = {1, -1, 2, -2, 3, -3};
    struct step steps[3];

    uvcom__deferred_run(&steps_from(steps)->deferred);
    ck_assert_uint_eq(seen.deepest, 1);
    expect(order, 6);
}
END_TEST

/* It may be what the sleeper waits for. */
START_TEST(what_is_queued_is_run_before_its_thread_sleeps)
{
    static const int order[] = {1, 2, -2, 3, -3, -1};
    struct step steps[3];

    steps_from(steps)->then = SLEEP;
    uvcom__deferred_run(&steps->deferred);
    expect(order, 6);
}
END_TEST

START_TEST(what_a_served_call_causes_does_not_wait_for_the_end_of_the_wait)
{
    static const int order[] = {1, 2, -2, 9, -9, -1};
    struct step steps[3];

    steps_from(steps)->then = SERVE;
    steps[1].causes = NULL;
    uvcom__deferred_run(&steps->deferred);
    expect(order, 6);
    /* And the wait has left the thread as it was. */
    uvcom__deferred_run(&steps_from(steps)->deferred);
    ck_assert_uint_eq(seen.deepest, 1);
    clear();
}
END_TEST

static void run_chain(struct deferred *item)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    if (seen.lowest == 0 || here < seen.lowest)
        seen.lowest = here;
    if (here > seen.highest)
        seen.highest = here;
    if (seen.left-- > 0)
        uvcom__deferred_run(item);
}

START_TEST(srv_05_a_chain_of_a_million_takes_no_stack)
{
    struct deferred item = {.run = run_chain};

    seen.left = CHAIN;
    uvcom__deferred_run(&item);
    ck_assert_uint_eq(seen.left, SIZE_MAX);
    ck_assert_uint_lt(seen.highest - seen.lowest, 256);
}
END_TEST

static Suite *deferred_suite(void)
{
    Suite *suite = suite_create("deferred");
    TCase *tcase = tcase_create("one thread");

    tcase_add_test(tcase, srv_05_what_an_item_causes_comes_after_it);
    tcase_add_test(tcase, what_is_queued_is_run_before_its_thread_sleeps);
    tcase_add_test(tcase, what_a_served_call_causes_does_not_wait_for_the_end_of_the_wait);
    tcase_add_test(tcase, srv_05_a_chain_of_a_million_takes_no_stack);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(deferred_suite)
