/*
 * test_context.c -- what Begin_ captures: ids that are never given twice, principals that are
 * counted, times that are rounded. What clients and servers see of it is in
 * e2e/test_call_context.c.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <uvcom/uvcom.h>

#include "runtime/call.h"
#include "runtime/context.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

/* ---- causality ------------------------------------------------------------------------------- */

enum { THREADS = 4, IDS = 20000 };

static GUID ids[THREADS * IDS];

/* As a thread that runs no call: each capture gives a new id. */
static void capture(GUID *made, size_t count)
{
    struct call call = {0};
    struct operation *operation = uvcom__operation_create(0);

    for (size_t i = 0; i < count; i++) {
        uvcom__context_capture(&call, operation);
        made[i] = operation->values.causality;
    }
    uvcom__operation_destroy(operation);
}

static void *capture_many(void *arg)
{
    capture(arg, IDS);
    return NULL;
}

static int compare(const void *one, const void *other)
{
    return memcmp(one, other, sizeof(GUID));
}

START_TEST(sec_07_an_id_is_given_once)
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, capture_many, &ids[i * IDS]), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    qsort(ids, THREADS * IDS, sizeof *ids, compare);
    for (size_t i = 1; i < THREADS * IDS; i++)
        ck_assert_int_ne(compare(&ids[i - 1], &ids[i]), 0);
}
END_TEST

/* Neighbours differ in about half of their bits: one id does not tell the next. */
START_TEST(sec_07_ids_that_follow_each_other_do_not_look_alike)
{
    unsigned differing = 0;

    capture(ids, 1001);
    for (size_t i = 0; i < 1000; i++) {
        uint64_t one[2], other[2];

        memcpy(one, &ids[i], sizeof one);
        memcpy(other, &ids[i + 1], sizeof other);
        for (int half = 0; half < 2; half++)
            differing += (unsigned)__builtin_popcountll(one[half] ^ other[half]);
    }
    ck_assert_uint_gt(differing, 60 * 1000);
    ck_assert_uint_lt(differing, 68 * 1000);
}
END_TEST

START_TEST(random_numbers_differ)
{
    ck_assert(uvcom__random64() != uvcom__random64());
}
END_TEST

/* ---- principals ------------------------------------------------------------------------------ */

struct person {
    IUnknown unknown;
    atomic_int references;
    bool is_agile;
};

static HRESULT STDMETHODCALLTYPE person_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    struct person *person = (struct person *)This;

    *ppv = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) &&
        !(person->is_agile && IsEqualIID(riid, &IID_IAgileObject)))
        return E_NOINTERFACE;
    atomic_fetch_add(&person->references, 1);
    *ppv = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE person_AddRef(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct person *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE person_Release(IUnknown *This)
{
    return (ULONG)atomic_fetch_sub(&((struct person *)This)->references, 1) - 1;
}

static const IUnknownVtbl person_vtbl = {person_QueryInterface, person_AddRef, person_Release};

static int references(struct person *person)
{
    return atomic_load(&person->references);
}

START_TEST(sec_01_a_principal_must_be_agile)
{
    struct person person = {.unknown.lpVtbl = &person_vtbl, .references = 1};
    struct principal *principal = (struct principal *)-1;

    ck_assert_hr(uvcom__principal_create(&person.unknown, &principal), E_INVALIDARG);
    ck_assert_ptr_null(principal);
    ck_assert_int_eq(references(&person), 1);
}
END_TEST

START_TEST(sec_01_a_principal_is_released_by_its_last_holder)
{
    struct person person = {.unknown.lpVtbl = &person_vtbl, .references = 1, .is_agile = true};
    struct call_values one = {0}, other;

    faults_reset();
    ck_assert_hr(uvcom__principal_create(&person.unknown, &one.principal), S_OK);
    ck_assert_int_eq(references(&person), 2);
    uvcom__values_copy(&other, &one);
    uvcom__values_drop(&one);
    uvcom__values_drop(&one);
    ck_assert_int_eq(references(&person), 2);
    uvcom__values_drop(&other);
    ck_assert_int_eq(references(&person), 1);
    ck_assert_uint_eq(faults_live(), 0);
}
END_TEST

START_TEST(sec_01_a_principal_without_memory)
{
    struct person person = {.unknown.lpVtbl = &person_vtbl, .references = 1, .is_agile = true};
    struct principal *principal = (struct principal *)-1;

    faults_fail_at(1);
    ck_assert_hr(uvcom__principal_create(&person.unknown, &principal), E_OUTOFMEMORY);
    faults_reset();
    ck_assert_ptr_null(principal);
    ck_assert_int_eq(references(&person), 1);
}
END_TEST

START_TEST(sec_01_no_principal_is_a_principal_too)
{
    struct principal *principal = (struct principal *)-1;

    ck_assert_hr(uvcom__principal_create(NULL, &principal), S_OK);
    ck_assert_ptr_null(principal);
    ck_assert_ptr_null(uvcom__principal_add_ref(NULL));
    uvcom__principal_release(NULL);
}
END_TEST

/* ---- remaining time -------------------------------------------------------------------------- */

START_TEST(sec_05_remaining_time_is_rounded_up)
{
    const uint64_t hour_ns = UINT64_C(3600000000000);
    const uint64_t now = uvcom__now_ns();

    ck_assert_uint_eq(uvcom__remaining_ms(UVCOM__FOREVER), INFINITE);
    ck_assert_uint_eq(uvcom__remaining_ms(now), 0);
    ck_assert_uint_eq(uvcom__remaining_ms(0), 0);
    ck_assert_uint_eq(uvcom__remaining_ms(UVCOM__FOREVER - 1), INFINITE - 1);
    /* The clock goes on meanwhile, so the rounding shows in what is one nanosecond too much. */
    ck_assert_uint_le(uvcom__remaining_ms(now + hour_ns), 3600000);
    ck_assert_uint_gt(uvcom__remaining_ms(uvcom__now_ns() + hour_ns), 3590000);
    ck_assert_uint_ge(uvcom__remaining_ms(uvcom__now_ns() + 500000), 0);
}
END_TEST

/* As long as the deadline has not come at all, the answer is not 0. */
START_TEST(sec_05_remaining_time_is_zero_only_when_it_is_over)
{
    uint64_t deadline;
    DWORD left;

    for (int i = 0; i < 1000; i++) {
        deadline = uvcom__now_ns() + 20000;
        left = uvcom__remaining_ms(deadline);
        if (left == 0)
            ck_assert_uint_ge(uvcom__now_ns(), deadline);
        else
            ck_assert_uint_eq(left, 1);
    }
}
END_TEST

static Suite *context_suite(void)
{
    Suite *suite = suite_create("context");
    TCase *causality = tcase_create("causality");
    TCase *principals = tcase_create("principals");
    TCase *time = tcase_create("remaining time");

    tcase_add_test(causality, sec_07_an_id_is_given_once);
    tcase_add_test(causality, sec_07_ids_that_follow_each_other_do_not_look_alike);
    tcase_add_test(causality, random_numbers_differ);
    suite_add_tcase(suite, causality);
    tcase_add_test(principals, sec_01_a_principal_must_be_agile);
    tcase_add_test(principals, sec_01_a_principal_is_released_by_its_last_holder);
    tcase_add_test(principals, sec_01_a_principal_without_memory);
    tcase_add_test(principals, sec_01_no_principal_is_a_principal_too);
    suite_add_tcase(suite, principals);
    tcase_add_test(time, sec_05_remaining_time_is_rounded_up);
    tcase_add_test(time, sec_05_remaining_time_is_zero_only_when_it_is_over);
    suite_add_tcase(suite, time);
    return suite;
}

UVCOM_TEST_MAIN(context_suite)
