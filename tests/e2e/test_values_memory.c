/*
 * test_values_memory.c -- memory and values of every type: each allocation that a call makes fails
 * once, and nothing is lost or left half (CALL-06, LIFE-04).
 *
 * What the failures leave behind is seen by LeakSanitizer. The server allocates nothing here, since
 * its own failures are not the runtime's: it keeps what it gets, and gives back what it was given.
 */
#include <stdlib.h>
#include <string.h>

#include "cargo_args.h"
#include "carrier.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

enum { ARGUMENTS = 256, CHOICES = 200, GOOD = 13 };

struct arguments {
    max_align_t bytes[ARGUMENTS / sizeof(max_align_t)];
};

static unsigned char good[CHOICES]; /* one element or more everywhere, and no NULL */

/* ---- a server that gives back what it was given ---- */

static IWitness *another(IWitness *one)
{
    if (one)
        IWitness_AddRef(one);
    return one;
}

static void give_back_objects(void *args)
{
    struct objects *a = args;

    *a->out = another(a->in);
}

static void give_back_witnesses(void *args)
{
    struct witnesses *a = args;

    for (ULONG i = 0; i < a->n; i++)
        a->out[i] = another(a->in[i]);
}

static void reset(const struct cargo_row *row)
{
    carrier_reset(NULL, 0, false);
    if (row == &cargo_Objects)
        carrier.act = give_back_objects;
    else if (row == &cargo_Witnesses)
        carrier.act = give_back_witnesses;
}

/* ---- one call; the code of the first step that failed ---- */

static struct cargo_maker client(enum cargo_memory inner)
{
    return carrier_client(CARGO_BLOCKS, inner, good, sizeof good);
}

static HRESULT call_plainly(const struct cargo_row *row, size_t n)
{
    struct cargo_maker maker = client(CARGO_TASK);
    struct arguments args = {0};
    HRESULT hr;

    row->make(&maker, &args);
    row->room(&maker, &args);
    faults_fail_at(n);
    hr = row->plain(carrier.server, &args);
    if (SUCCEEDED(hr))
        row->free_got(&args);
    cargo_drop(&maker, SUCCEEDED(hr));
    return hr;
}

static HRESULT finish(const struct cargo_row *row, struct arguments *args,
                      struct cargo_maker *results)
{
    HRESULT hr = row->finish(carrier.call, args);

    if (SUCCEEDED(hr))
        row->free_got(args);
    else
        ck_assert_hr(row->finish(carrier.call, args), RPC_E_CALL_COMPLETE);
    cargo_drop(results, false);
    return hr;
}

static HRESULT call_in_two_halves(const struct cargo_row *row, size_t n)
{
    struct cargo_maker maker = client(CARGO_BLOCKS), results = client(CARGO_BLOCKS);
    struct arguments args = {0}, slots;
    HRESULT hr;

    row->make(&maker, &args);
    slots = args;
    row->again(&results, &slots);
    row->room(&results, &slots);
    faults_fail_at(n);
    hr = row->begin(carrier.call, &args);
    cargo_drop(&maker, false);
    if (SUCCEEDED(hr))
        return finish(row, &slots, &results);
    ck_assert_hr(row->finish(carrier.call, &slots), RPC_E_CALL_COMPLETE);
    cargo_drop(&results, false);
    return hr;
}

/* ---- */

static void sweep(const struct cargo_row *row,
                  HRESULT (*call)(const struct cargo_row *row, size_t n))
{
    HRESULT hr;
    size_t n = 0;

    do {
        n++;
        reset(row);
        hr = call(row, n);
        if (FAILED(hr))
            ck_assert_hr(hr, E_OUTOFMEMORY);
        if (!faults_hit())
            ck_assert_hr(hr, S_OK);
    } while (faults_hit());
    faults_reset();
}

START_TEST(fac_09_each_allocation_of_a_plain_call_fails)
{
    sweep(cargo_rows[_i], call_plainly);
}
END_TEST

START_TEST(fac_09_each_allocation_of_begin_and_finish_fails)
{
    sweep(cargo_rows[_i], call_in_two_halves);
}
END_TEST

static void set_up(void)
{
    memset(good, GOOD, sizeof good);
    faults_spare_uv(); /* it ends the process when some of its own fail */
    carrier_open();
}

static Suite *values_memory_suite(void)
{
    Suite *suite = suite_create("values memory");
    TCase *tcase = tcase_create("out of memory");

    tcase_add_checked_fixture(tcase, set_up, carrier_close);
    tcase_add_loop_test(tcase, fac_09_each_allocation_of_a_plain_call_fails, 0, CARGO_ROWS);
    tcase_add_loop_test(tcase, fac_09_each_allocation_of_begin_and_finish_fails, 0, CARGO_ROWS);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(values_memory_suite)
