/*
 * test_home_ends.c -- apartments and loops that end while another thread is just sending something
 * there, and interfaces that are asked for by two threads at once. For the sanitizers: each race is
 * a few instructions wide, so a run that meets none of them proves nothing; a factor in
 * UVCOM_RACE_FACTOR makes it likelier.
 */
#include <stdlib.h>

#include <uv.h>

#include <uvcom/loop.h>

#include "garden.h"

enum { ROUNDS = 200, THREADS = 3 };

static int rounds(void)
{
    const char *factor = getenv("UVCOM_RACE_FACTOR");

    return ROUNDS * (factor ? atoi(factor) : 1);
}

/* ---- the last release from afar, and the end of the apartment ---- */

static struct {
    struct gate made, leave;
    IAgileReference *reference;
} visit;

static void *come_and_leave(void *arg)
{
    IGrown *grown;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    grown = grown_create();
    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IGrown, (IUnknown *)grown,
                                     &visit.reference),
                 S_OK);
    garden_drop(grown);
    gate_open(&visit.made);
    gate_wait(&visit.leave);
    CoUninitialize();
    return arg;
}

START_TEST(life_04_the_last_release_and_the_end_of_its_home_race)
{
    for (int i = 0; i < rounds(); i++) {
        pthread_t thread;

        gate_init(&visit.made);
        gate_init(&visit.leave);
        ck_assert_int_eq(pthread_create(&thread, NULL, come_and_leave, NULL), 0);
        gate_wait(&visit.made);
        gate_open(&visit.leave);
        for (volatile int k = 0; k < i % 50 * 100; k++)
            ;
        garden_drop(visit.reference);
        pthread_join(thread, NULL);
        gate_fini(&visit.made);
        gate_fini(&visit.leave);
        ck_assert_int_eq(garden.live, 2);
    }
}
END_TEST

/* ---- a completion, and the end of the loop that it goes to ---- */

static void note(void *call, void *context)
{
    (void)call;
    *(int *)context = 1;
}

/* One at a time: ThreadSanitizer does not see that libuv closes a descriptor, and takes its next
   use for a race. */
static pthread_mutex_t loops = PTHREAD_MUTEX_INITIALIZER;

static uvcom_apartment *loop_begin(uv_loop_t *loop)
{
    uvcom_apartment *apartment;

    pthread_mutex_lock(&loops);
    ck_assert_int_eq(uv_loop_init(loop), 0);
    ck_assert_hr(uvcom_loop_adopt(loop, &apartment), S_OK);
    pthread_mutex_unlock(&loops);
    return apartment;
}

static void loop_end(uv_loop_t *loop, uvcom_apartment *apartment)
{
    pthread_mutex_lock(&loops);
    ck_assert_hr(uvcom_loop_release(apartment), S_OK);
    ck_assert_int_eq(uv_loop_close(loop), 0);
    pthread_mutex_unlock(&loops);
}

static void *listen_once(void *arg)
{
    AsyncITaker *call;
    ITaker *taker;
    uv_loop_t loop;
    uvcom_apartment *apartment = loop_begin(&loop);
    int is_done = 0;

    ck_assert_hr(IAgileReference_Resolve(arg, &IID_ITaker, (void **)&taker), S_OK);
    ck_assert_hr(uvcom_create_call(taker, &IID_AsyncITaker, (void **)&call), S_OK);
    ck_assert_hr(uvcom_on_complete(call, note, &is_done), S_OK);
    ck_assert_hr(AsyncITaker_Begin_Make(call), S_OK);
    while (!is_done)
        uv_run(&loop, UV_RUN_ONCE);
    garden_drop(call);
    garden_drop(taker);
    loop_end(&loop, apartment);
    return arg;
}

START_TEST(life_05_a_completion_and_the_end_of_its_loop_race)
{
    IAgileReference *reference;

    ck_assert_hr(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_ITaker, (IUnknown *)garden.taker,
                                     &reference),
                 S_OK);
    for (int i = 0; i < rounds(); i++) {
        pthread_t threads[THREADS];

        for (int k = 0; k < THREADS; k++)
            ck_assert_int_eq(pthread_create(&threads[k], NULL, listen_once, reference), 0);
        for (int k = 0; k < THREADS; k++)
            pthread_join(threads[k], NULL);
    }
    garden_drop(reference);
}
END_TEST

/* ---- one interface asked for by two threads, and one that derives from it meanwhile ---- */

static IUnknown *asked;
static IRoot *answer;
static struct gate ready;

static void *ask_for_root(void *arg)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    gate_wait(&ready);
    answer = garden_query(asked, &IID_IRoot);
    CoUninitialize();
    return arg;
}

START_TEST(com_02_the_answer_for_a_base_does_not_change)
{
    for (int i = 0; i < rounds() * 5; i++) {
        IRoot *one, *other;
        IGrown *grown;
        pthread_t thread;

        gate_init(&ready);
        ck_assert_hr(CoCreateInstance(&CLSID_Grown, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown,
                                      (void **)&asked),
                     S_OK);
        ck_assert_int_eq(pthread_create(&thread, NULL, ask_for_root, NULL), 0);
        gate_await_waiters(&ready, 1);
        gate_open(&ready);
        grown = garden_query(asked, &IID_IGrown);
        one = garden_query(grown, &IID_IRoot);
        pthread_join(thread, NULL);
        other = garden_query(grown, &IID_IRoot);
        ck_assert_ptr_eq(one, other);
        ck_assert_ptr_eq(answer, other);
        garden_drop(answer);
        garden_drop(one);
        garden_drop(other);
        garden_drop(grown);
        garden_drop(asked);
        gate_fini(&ready);
    }
}
END_TEST

static Suite *home_ends_suite(void)
{
    Suite *suite = suite_create("home ends");
    TCase *tcase = tcase_create("multithreaded to own");

    tcase_add_checked_fixture(tcase, garden_begin, garden_end);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, life_04_the_last_release_and_the_end_of_its_home_race);
    tcase_add_test(tcase, life_05_a_completion_and_the_end_of_its_loop_race);
    tcase_add_test(tcase, com_02_the_answer_for_a_base_does_not_change);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(home_ends_suite)
