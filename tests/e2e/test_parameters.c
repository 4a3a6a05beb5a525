/*
 * test_parameters.c -- what crosses between client and server, at its edges: sized arrays that
 * never overrun (DER-08), NULL pointers, bounds, and results that nobody collects (LIFE-04).
 *
 * The protocol itself is in test_calls.c.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"

#define NULL_POINTER HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

/* `size` bytes that end where a page begins that may not be touched. */
static BYTE *guarded(size_t size, void **mapping)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    BYTE *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    ck_assert(pages != MAP_FAILED);
    ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
    *mapping = pages;
    return pages + page - size;
}

static void unguard(void *mapping)
{
    munmap(mapping, 2 * (size_t)sysconf(_SC_PAGESIZE));
}

START_TEST(der_08_finish_writes_no_more_than_begin_was_told)
{
    void *mapping;
    BYTE *bytes = guarded(4, &mapping);
    const BYTE full[] = {0xA5, 0xA5, 0xA5, 0xA5};
    ULONG written = 0;

    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 4);
    ck_assert_mem_eq(bytes, full, sizeof full);
    unguard(mapping);
}
END_TEST

/* It says that it has written more than it was given room for. */
START_TEST(der_08_a_server_that_lies_about_its_size_is_refused)
{
    void *mapping;
    BYTE *bytes = guarded(4, &mapping);
    ULONG written = 7;

    gated.claimed = 1;
    memset(bytes, 0, 4);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), INVALID_BOUND);
    ck_assert_uint_eq(written, 0);
    gated.claimed = 0xFFFFFFF0u;
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), INVALID_BOUND);
    ck_assert_uint_eq(written, 0);
    gated.claimed = 0;
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 4);
    unguard(mapping);
}
END_TEST

/* The size is that of its own Begin_, not of an earlier or a rejected one. */
START_TEST(der_08_the_size_is_remembered_for_one_call)
{
    void *mapping;
    BYTE *bytes = guarded(2, &mapping);
    BYTE room[64];
    ULONG written;

    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, sizeof room), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, room, &written), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 2), S_OK);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, sizeof room), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 2);
    unguard(mapping);
}
END_TEST

START_TEST(der_08_an_array_of_no_elements)
{
    BYTE byte = 0x11;
    ULONG written = 7;

    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 0), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, &byte, &written), S_OK);
    ck_assert_uint_eq(written, 0);
    ck_assert_uint_eq(byte, 0x11);
}
END_TEST

START_TEST(der_08_through_the_plain_method_too)
{
    void *mapping;
    BYTE *bytes = guarded(3, &mapping);
    ULONG written = 0;

    ck_assert_hr(IGated_Fill(client.server, 3, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 3);
    ck_assert_uint_eq(bytes[2], 0xA5);
    unguard(mapping);
}
END_TEST

START_TEST(null_for_an_out_parameter_leaves_the_result_collectable)
{
    BYTE bytes[4];
    ULONG written;
    LONG sum;

    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 1, 2), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, NULL), NULL_POINTER);
    ck_assert_hr(AsyncIGated_Begin_Add(client.call, 4, 5), RPC_E_CALL_PENDING);
    ck_assert_hr(AsyncIGated_Finish_Add(client.call, &sum), S_OK);
    ck_assert_int_eq(sum, 3);
    ck_assert_hr(AsyncIGated_Begin_Fill(client.call, 4), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, NULL), NULL_POINTER);
    ck_assert_hr(AsyncIGated_Finish_Fill(client.call, bytes, &written), S_OK);
    ck_assert_uint_eq(written, 4);
}
END_TEST

START_TEST(null_for_an_in_parameter_reaches_no_server)
{
    const LONG value = 1;
    LONG sum = 7;
    char *copy;

    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 1, &value, NULL), NULL_POINTER);
    ck_assert_hr(AsyncIGated_Begin_Sum(client.call, 1, NULL, "label"), NULL_POINTER);
    ck_assert_hr(AsyncIGated_Finish_Sum(client.call, &sum, &copy), RPC_E_CALL_COMPLETE);
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
}
END_TEST

START_TEST(null_in_a_plain_call_through_a_proxy_reaches_no_server)
{
    const LONG value = 1;
    LONG sum = 7;
    char *copy = (char *)-1;

    ck_assert_hr(IGated_Add(client.server, 1, 2, NULL), NULL_POINTER);
    ck_assert_hr(IGated_Sum(client.server, 1, &value, NULL, &sum, &copy), NULL_POINTER);
    ck_assert_int_eq(sum, 0);
    ck_assert_ptr_null(copy);
    ck_assert_int_eq(atomic_load(&gated.entered), 0);
}
END_TEST

START_TEST(in_out_is_an_out_slot_for_finish)
{
    LONG in = 21, out = -1;

    ck_assert_hr(AsyncIGated_Begin_Twice(client.call, &in), S_OK);
    ck_assert_hr(AsyncIGated_Finish_Twice(client.call, &out), S_OK);
    ck_assert_int_eq(in, 21);
    ck_assert_int_eq(out, 42);
}
END_TEST

/* ---- what nobody collects: the fixture's end sees memory that is left ---------------------------
 */

START_TEST(life_04_results_of_an_abandoned_call_are_freed)
{
    const LONG value = 5;
    AsyncIGated *call = client_new_call();

    ck_assert_hr(AsyncIGated_Begin_Sum(call, 1, &value, "nobody reads this"), S_OK);
    client_release(call);
    gate_open(&gated.gate);
    gate_await_arrived(&gated.left, 1);
}
END_TEST

START_TEST(life_04_results_of_a_completed_call_are_freed)
{
    const LONG value = 5;
    AsyncIGated *call = client_new_call();

    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Sum(call, 1, &value, "nobody reads this"), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    client_release(call);
}
END_TEST

START_TEST(life_04_interface_pointers_of_a_completed_call_are_released)
{
    struct witness witness;
    AsyncIGated *call = client_new_call();

    witness_init(&witness);
    gate_open(&gated.gate);
    ck_assert_hr(AsyncIGated_Begin_Hold(call, &witness.unknown), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    /* The [in] reference ended with the method; the [out] one is the call's. */
    ck_assert_int_ge(witness_references(&witness), 2);
    client_release(call);
    witness_await(&witness, 1);
}
END_TEST

START_TEST(life_04_interface_pointers_of_an_abandoned_call_are_released)
{
    struct witness witness;
    AsyncIGated *call = client_new_call();

    witness_init(&witness);
    ck_assert_hr(AsyncIGated_Begin_Hold(call, &witness.unknown), S_OK);
    client_release(call);
    ck_assert_int_ge(witness_references(&witness), 2);
    gate_open(&gated.gate);
    witness_await(&witness, 1);
}
END_TEST

/* What a method leaves although it fails must not leak either. */
START_TEST(life_04_results_of_a_failing_method_are_freed)
{
    LONG value;
    char *text;

    for (int i = 0; i < 3; i++) {
        ck_assert_hr(AsyncIGated_Begin_Fail(client.call, E_FAIL), S_OK);
        ck_assert_hr(AsyncIGated_Finish_Fail(client.call, &value, &text), E_FAIL);
    }
}
END_TEST

START_TEST(life_04_results_of_a_failing_plain_call_are_freed)
{
    LONG value = 1;
    char *text = (char *)-1;

    ck_assert_hr(IGated_Fail(client.server, E_FAIL, &value, &text), E_FAIL);
    ck_assert_int_eq(value, 0);
    ck_assert_ptr_null(text);
}
END_TEST

static void parameters(TCase *tcase)
{
    tcase_add_test(tcase, der_08_finish_writes_no_more_than_begin_was_told);
    tcase_add_test(tcase, der_08_a_server_that_lies_about_its_size_is_refused);
    tcase_add_test(tcase, der_08_the_size_is_remembered_for_one_call);
    tcase_add_test(tcase, der_08_an_array_of_no_elements);
    tcase_add_test(tcase, der_08_through_the_plain_method_too);
    tcase_add_test(tcase, null_for_an_out_parameter_leaves_the_result_collectable);
    tcase_add_test(tcase, null_for_an_in_parameter_reaches_no_server);
    tcase_add_test(tcase, in_out_is_an_out_slot_for_finish);
    tcase_add_test(tcase, life_04_results_of_an_abandoned_call_are_freed);
    tcase_add_test(tcase, life_04_results_of_a_completed_call_are_freed);
    tcase_add_test(tcase, life_04_interface_pointers_of_a_completed_call_are_released);
    tcase_add_test(tcase, life_04_interface_pointers_of_an_abandoned_call_are_released);
    tcase_add_test(tcase, life_04_results_of_a_failing_method_are_freed);
}

/* A plain call on the object itself has nobody between who could check anything. */
static void proxy_parameters(TCase *tcase)
{
    tcase_add_test(tcase, null_in_a_plain_call_through_a_proxy_reaches_no_server);
    tcase_add_test(tcase, life_04_results_of_a_failing_plain_call_are_freed);
}

static Suite *parameters_suite(void)
{
    Suite *suite = suite_create("parameters");

    client_add_cases(suite, CLIENT_ANY, parameters);
    client_add_cases(suite, CLIENT_TO_OWN, proxy_parameters);
    return suite;
}

UVCOM_TEST_MAIN(parameters_suite)
