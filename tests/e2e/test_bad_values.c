/*
 * test_bad_values.c -- bad values are refused with a code that says what is bad: the client's
 * before anything has started, the server's as the result of the call.
 *
 * The values themselves are in bad_values_given.c and bad_values_made.c.
 */
#include <stdlib.h>
#include <string.h>

#include <uvcom/limits.h>

#include "bad_values.h"
#include "cargo_args.h"
#include "carrier.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

#define NULL_POINTER HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

enum { ARGUMENTS = 256, CHOICES = 200 };

struct arguments {
    max_align_t bytes[ARGUMENTS / sizeof(max_align_t)];
};

/* Of these choices come values with one element or more in each array, and no NULL. */
enum { GOOD = 13 };

static unsigned char good[CHOICES];
static struct cargo_text given, got;

static struct cargo_maker good_client(enum cargo_memory inner)
{
    return carrier_client(CARGO_BLOCKS, inner, good, sizeof good);
}

static void forget(void)
{
    given.length = got.length = 0;
    given.bytes[0] = got.bytes[0] = 0;
    carrier_reset(good, sizeof good, false);
}

/* ---- a good call, to see that all is as it should be ---- */

static void begin_good(const struct cargo_row *row, void *args)
{
    struct cargo_maker maker = good_client(CARGO_BLOCKS);

    forget();
    row->make(&maker, args);
    row->say_given(&given, args);
    ck_assert_hr(row->begin(carrier.call, args), S_OK);
    cargo_drop(&maker, false);
}

static void finish_good(const struct cargo_row *row, void *args)
{
    struct cargo_maker maker = good_client(CARGO_BLOCKS);

    row->again(&maker, args);
    row->room(&maker, args);
    ck_assert_hr(row->finish(carrier.call, args), S_OK);
    row->say_got(&got, args);
    row->free_got(args);
    cargo_drop(&maker, false);
    ck_assert_str_eq(given.bytes, carrier.seen.bytes);
    ck_assert_str_eq(got.bytes, carrier.made.bytes);
}

static HRESULT finish_failing(const struct cargo_row *row, void *args)
{
    struct cargo_maker maker = good_client(CARGO_BLOCKS);
    HRESULT hr;

    row->again(&maker, args);
    row->room(&maker, args);
    hr = row->finish(carrier.call, args);
    cargo_drop(&maker, false);
    return hr;
}

static void call_well(const struct cargo_row *row)
{
    struct arguments args = {0};

    begin_good(row, &args);
    finish_good(row, &args);
}

/* ---- what a client gives ---- */

static void make_spoiled(const struct bad_value *bad, struct cargo_maker *maker, void *args)
{
    forget();
    bad->row->make(maker, args);
    bad->spoil(args);
}

START_TEST(call_06_begin_refuses_it_and_nothing_has_changed)
{
    const struct bad_value *bad = &bad_given[_i];
    struct cargo_maker maker = good_client(CARGO_BLOCKS);
    struct arguments args = {0};
    HRESULT hr;

    hr = uvcom_wait(carrier.call, 0);
    make_spoiled(bad, &maker, &args);
    ck_assert_hr(bad->row->begin(carrier.call, &args), bad->expected);
    ck_assert_hr(uvcom_wait(carrier.call, 0), hr);
    cargo_drop(&maker, false);
    ck_assert_hr(finish_failing(bad->row, memset(&args, 0, sizeof args)), RPC_E_CALL_COMPLETE);
    ck_assert_uint_eq(gate_waiters(&carrier.gate), 0);
    ck_assert_uint_eq(carrier.seen.length, 0);
    call_well(bad->row);
}
END_TEST

/* Another call of the same kind is with the server. */
START_TEST(call_06_a_pending_call_is_unharmed)
{
    const struct bad_value *bad = &bad_given[_i];
    struct cargo_maker maker = good_client(CARGO_BLOCKS);
    struct arguments args = {0}, pending = {0};
    AsyncICarried *other;

    gate_close(&carrier.gate);
    begin_good(bad->row, &pending);
    bad->row->make(&maker, &args);
    bad->spoil(&args);
    ck_assert_hr(bad->row->begin(carrier.call, &args), RPC_E_CALL_PENDING);
    ck_assert_hr(uvcom_create_call(carrier.server, &IID_AsyncICarried, (void **)&other), S_OK);
    ck_assert_hr(bad->row->begin(other, &args), bad->expected);
    AsyncICarried_Release(other);
    cargo_drop(&maker, false);
    ck_assert_hr(uvcom_wait(carrier.call, 0), RPC_E_TIMEOUT);
    gate_open(&carrier.gate);
    finish_good(bad->row, &pending);
}
END_TEST

START_TEST(a_plain_call_refuses_it)
{
    const struct bad_value *bad = &bad_given[_i];
    struct cargo_maker maker = good_client(CARGO_TASK);
    struct arguments args = {0};

    make_spoiled(bad, &maker, &args);
    bad->row->room(&maker, &args);
    ck_assert_hr(bad->row->plain(carrier.server, &args), bad->expected);
    cargo_drop(&maker, false);
    ck_assert_uint_eq(carrier.seen.length, 0);
}
END_TEST

/* ---- sizes of 64 bits ---- */

static const struct {
    ULONGLONG n;
    LONGLONG m;
} huge[] = {
    {UINT64_C(1) << 63, 1},
    {UINT64_MAX, 1},
    {UINT64_C(1) << 62, 1}, /* times 4 is 0 */
    {UINT64_C(0x4000000000000001), 1},
    {1, INT64_MAX},
    {1, INT64_MAX / 2 + 1},
    {1, -1},
    {1, INT64_MIN},
};

START_TEST(a_size_that_overflows_is_refused)
{
    const LONG values[3] = {1, 2, 4};
    LONG sum = 7;

    ck_assert_hr(AsyncICarried_Begin_Huge(carrier.call, huge[_i].n, values, huge[_i].m, values),
                 INVALID_BOUND);
    ck_assert_hr(ICarried_Huge(carrier.server, huge[_i].n, values, huge[_i].m, values, &sum),
                 INVALID_BOUND);
    ck_assert_int_eq(sum, 0);
    ck_assert_hr(ICarried_Huge(carrier.server, 2, values, 1, values, &sum), S_OK);
    ck_assert_int_eq(sum, 3 + 7);
}
END_TEST

/* ---- limits ---- */

static HRESULT begin_list(node *first)
{
    node *none = NULL, *out;
    const HRESULT hr = AsyncICarried_Begin_List(carrier.call, first, &none);
    const HRESULT both = AsyncICarried_Begin_List(carrier.call, NULL, &first);

    ck_assert_hr(both, hr);
    ck_assert_hr(ICarried_List(carrier.server, first, &none, &out), hr);
    ck_assert_hr(ICarried_List(carrier.server, NULL, &first, &out), hr);
    return hr;
}

/* A circle of unique pointers would be copied for ever. */
START_TEST(a_clients_circle_ends_at_the_limit)
{
    const uvcom_limits limits = {.array_bytes = 4096, .text_bytes = 4096, .call_bytes = 65536};
    char name[] = "one";
    node second = {name, 2, NULL}, first = {name, 1, &second};

    second.next = &first;
    ck_assert_hr(uvcom_set_limits(&limits), S_OK);
    ck_assert_hr(begin_list(&first), INVALID_BOUND);
    second.next = &second;
    ck_assert_hr(begin_list(&first), INVALID_BOUND);
    call_well(&cargo_List);
}
END_TEST

START_TEST(a_string_above_the_limit_is_refused)
{
    const uvcom_limits limits = {.array_bytes = 4096, .text_bytes = 4, .call_bytes = 65536};
    char text[] = "four", fits[] = "thr", *both = fits;
    WCHAR *out = NULL;

    ck_assert_hr(uvcom_set_limits(&limits), S_OK);
    ck_assert_hr(AsyncICarried_Begin_Texts(carrier.call, text, NULL, &both), INVALID_BOUND);
    both = text;
    ck_assert_hr(AsyncICarried_Begin_Texts(carrier.call, fits, NULL, &both), INVALID_BOUND);
    ck_assert_hr(ICarried_Texts(carrier.server, text, NULL, &both, &out), INVALID_BOUND);
    both = fits;
    forget();
    ck_assert_hr(AsyncICarried_Begin_Texts(carrier.call, fits, NULL, &both), S_OK);
    ck_assert_hr(AsyncICarried_Finish_Texts(carrier.call, &both, &out), S_OK);
    CoTaskMemFree(both);
    CoTaskMemFree(out);
}
END_TEST

START_TEST(an_array_above_the_limit_is_refused)
{
    const uvcom_limits limits = {.array_bytes = 12, .text_bytes = 12, .call_bytes = 65536};
    const LONG values[7] = {1, 2, 4};
    LONG sum;

    ck_assert_hr(uvcom_set_limits(&limits), S_OK);
    ck_assert_hr(AsyncICarried_Begin_Huge(carrier.call, 4, values, 1, values), INVALID_BOUND);
    ck_assert_hr(AsyncICarried_Begin_Huge(carrier.call, 3, values, 2, values), INVALID_BOUND);
    ck_assert_hr(AsyncICarried_Begin_Huge(carrier.call, 3, values, 1, values), S_OK);
    ck_assert_hr(AsyncICarried_Finish_Huge(carrier.call, &sum), S_OK);
    ck_assert_int_eq(sum, 14);
}
END_TEST

/* ---- what a server makes ---- */

/* The gate is closed meanwhile: the server must not act before it is told how. */
static void begin_misbehaving(const struct bad_value *bad, void *args)
{
    gate_close(&carrier.gate);
    begin_good(bad->row, args);
    carrier.act = bad->spoil;
    gate_open(&carrier.gate);
}

START_TEST(der_08_it_is_the_calls_result)
{
    const struct bad_value *bad = &bad_made[_i];
    struct arguments args = {0};

    begin_misbehaving(bad, &args);
    ck_assert_hr(finish_failing(bad->row, &args), bad->expected);
    ck_assert_hr(finish_failing(bad->row, &args), RPC_E_CALL_COMPLETE);
    call_well(bad->row);
}
END_TEST

START_TEST(der_08_it_is_a_plain_calls_result)
{
    const struct bad_value *bad = &bad_made[_i];
    struct cargo_maker maker = good_client(CARGO_TASK);
    struct arguments args = {0};

    forget();
    bad->row->make(&maker, &args);
    bad->row->room(&maker, &args);
    carrier.act = bad->spoil;
    ck_assert_hr(bad->row->plain(carrier.server, &args), bad->expected);
    cargo_drop(&maker, false); /* all of it is the client's still */
    call_well(bad->row);
}
END_TEST

/* The fixture sees whether it has gone. */
START_TEST(life_04_nobody_collects_it)
{
    const struct bad_value *bad = &bad_made[_i];
    struct arguments args = {0};

    begin_misbehaving(bad, &args);
    AsyncICarried_Release(carrier.call);
    ck_assert_hr(uvcom_create_call(carrier.server, &IID_AsyncICarried, (void **)&carrier.call),
                 S_OK);
    carrier_settle();
    call_well(bad->row);
}
END_TEST

START_TEST(life_04_the_method_has_failed_too)
{
    const struct bad_value *bad = &bad_made[_i];
    struct arguments args = {0};

    gate_close(&carrier.gate);
    begin_good(bad->row, &args);
    carrier.act = bad->spoil;
    carrier.hr = E_FAIL;
    gate_open(&carrier.gate);
    ck_assert_hr(finish_failing(bad->row, &args), E_FAIL);
    call_well(bad->row);
}
END_TEST

/* ---- what a client gives to Finish_ ---- */

START_TEST(null_for_finish_leaves_the_result_collectable)
{
    static const unsigned char wrong[] = {255, 255, 255, 255, 255, 255, 255, 255};
    const struct cargo_row *row = cargo_rows[_i];
    struct cargo_maker maker = carrier_client(CARGO_BLOCKS, CARGO_BLOCKS, wrong, sizeof wrong);
    struct arguments args = {0};

    maker.may_err = true; /* and these choices say: always */
    begin_good(row, &args);
    row->again(&maker, &args);
    row->room(&maker, &args);
    ck_assert_uint_eq(maker.faults, CARGO_NULL);
    ck_assert_hr(row->finish(carrier.call, &args), NULL_POINTER);
    cargo_drop(&maker, false);
    ck_assert_hr(row->begin(carrier.call, &args), RPC_E_CALL_PENDING);
    finish_good(row, &args);
}
END_TEST

/* ---- */

static void set_up(void)
{
    faults_reset();
    memset(good, GOOD, sizeof good);
    carrier_open();
}

static void tear_down(void)
{
    carrier_close();
    ck_assert_uint_eq(faults_live(), 0);
}

static Suite *bad_values_suite(void)
{
    Suite *suite = suite_create("bad values");
    TCase *tcase = tcase_create("values");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, call_06_begin_refuses_it_and_nothing_has_changed, 0,
                        BAD_GIVEN_COUNT);
    tcase_add_loop_test(tcase, call_06_a_pending_call_is_unharmed, 0, BAD_GIVEN_COUNT);
    tcase_add_loop_test(tcase, a_plain_call_refuses_it, 0, BAD_GIVEN_COUNT);
    tcase_add_loop_test(tcase, a_size_that_overflows_is_refused, 0, sizeof huge / sizeof *huge);
    tcase_add_test(tcase, a_clients_circle_ends_at_the_limit);
    tcase_add_test(tcase, a_string_above_the_limit_is_refused);
    tcase_add_test(tcase, an_array_above_the_limit_is_refused);
    tcase_add_loop_test(tcase, der_08_it_is_the_calls_result, 0, BAD_MADE_COUNT);
    tcase_add_loop_test(tcase, der_08_it_is_a_plain_calls_result, 0, BAD_MADE_COUNT);
    tcase_add_loop_test(tcase, life_04_nobody_collects_it, 0, BAD_MADE_COUNT);
    tcase_add_loop_test(tcase, life_04_the_method_has_failed_too, 0, BAD_MADE_COUNT);
    tcase_add_loop_test(tcase, null_for_finish_leaves_the_result_collectable, 0, CARGO_ROWS);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(bad_values_suite)
