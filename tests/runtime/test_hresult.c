/*
 * test_hresult.c -- the result codes: their values, and what uvcom_hresult_name and _text say.
 *
 * The values here are typed in from the protocol's description and not taken from the header: a
 * wrong digit in hresult.h would otherwise agree with itself.
 */
#include <string.h>

#include <check.h>

#include <uvcom/hresult.h>

#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

struct expected {
    const char *name;
    HRESULT code;
    uint32_t value;
};

#define ROW(code, value) #code, code, value

static const struct expected expected[] = {
    {ROW(S_OK, 0)},
    {ROW(S_FALSE, 1)},
    {ROW(E_NOTIMPL, 0x80004001)},
    {ROW(E_NOINTERFACE, 0x80004002)},
    {ROW(E_POINTER, 0x80004003)},
    {ROW(E_ABORT, 0x80004004)},
    {ROW(E_FAIL, 0x80004005)},
    {ROW(E_PENDING, 0x8000000A)},
    {ROW(CO_E_NOT_SUPPORTED, 0x80004021)},
    {ROW(CLASS_E_NOAGGREGATION, 0x80040110)},
    {ROW(CLASS_E_CLASSNOTAVAILABLE, 0x80040111)},
    {ROW(REGDB_E_CLASSNOTREG, 0x80040154)},
    {ROW(REGDB_E_IIDNOTREG, 0x80040155)},
    {ROW(CO_E_NOTINITIALIZED, 0x800401F0)},
    {ROW(CO_E_OBJNOTREG, 0x800401FB)},
    {ROW(CO_E_OBJISREG, 0x800401FC)},
    {ROW(CO_E_OBJNOTCONNECTED, 0x800401FD)},
    {ROW(E_ACCESSDENIED, 0x80070005)},
    {ROW(E_HANDLE, 0x80070006)},
    {ROW(E_OUTOFMEMORY, 0x8007000E)},
    {ROW(E_INVALIDARG, 0x80070057)},
    {ROW(E_UNEXPECTED, 0x8000FFFF)},
    {ROW(RPC_E_CALL_REJECTED, 0x80010001)},
    {ROW(RPC_E_CALL_CANCELED, 0x80010002)},
    {ROW(RPC_E_CANTCALLOUT_INASYNCCALL, 0x80010004)},
    {ROW(RPC_E_CANTCALLOUT_INEXTERNALCALL, 0x80010005)},
    {ROW(RPC_E_CANTCALLOUT_AGAIN, 0x80010011)},
    {ROW(RPC_E_CANTCALLOUT_ININPUTSYNCCALL, 0x8001010D)},
    {ROW(RPC_E_SERVER_DIED, 0x80010007)},
    {ROW(RPC_E_SERVER_DIED_DNE, 0x80010012)},
    {ROW(RPC_E_OUT_OF_RESOURCES, 0x80010101)},
    {ROW(RPC_E_SERVERFAULT, 0x80010105)},
    {ROW(RPC_E_CHANGED_MODE, 0x80010106)},
    {ROW(RPC_E_DISCONNECTED, 0x80010108)},
    {ROW(RPC_E_SERVERCALL_RETRYLATER, 0x8001010A)},
    {ROW(RPC_E_SERVERCALL_REJECTED, 0x8001010B)},
    {ROW(RPC_E_WRONG_THREAD, 0x8001010E)},
    {ROW(RPC_E_CALL_PENDING, 0x80010115)},
    {ROW(RPC_S_WAITONTIMER, 0x80010116)},
    {ROW(RPC_E_CALL_COMPLETE, 0x80010117)},
    {ROW(RPC_E_NO_CONTEXT, 0x8001011E)},
    {ROW(RPC_E_TIMEOUT, 0x8001011F)},
    {ROW(RPC_E_NO_SYNC, 0x80010120)},
    {ROW(CO_E_CANCEL_DISABLED, 0x80010140)},
    {ROW(RPC_E_UNEXPECTED, 0x8001FFFF)},
    {ROW(HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK), 0x8007046B)},
    {ROW(HRESULT_FROM_WIN32(RPC_X_INVALID_TAG), 0x800706C5)},
    {ROW(HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND), 0x800706C6)},
    {ROW(HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER), 0x800706F4)},
    {ROW(HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE), 0x800706F5)},
    {ROW(HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED), 0x8007071A)},
};

START_TEST(code_has_the_value_and_name_of_the_sdk)
{
    const struct expected *row = &expected[_i];

    ck_assert_msg((uint32_t)row->code == row->value, "%s is 0x%08X, not 0x%08X", row->name,
                  (unsigned)row->code, (unsigned)row->value);
    ck_assert_str_eq(uvcom_hresult_name(row->code), row->name);
}
END_TEST

struct table_row {
    const char *name;
    HRESULT code;
    const char *text;
};

#define TABLE_ROW(name, value, text) {#name, (HRESULT)(value), text},

static const struct table_row table[] = {UVCOM_HRESULT_TABLE(TABLE_ROW)};

#define TABLE_LENGTH (sizeof table / sizeof *table)

START_TEST(table_is_sorted_and_has_each_name_and_value_once)
{
    for (size_t i = 1; i < TABLE_LENGTH; i++) {
        ck_assert_msg((uint32_t)table[i - 1].code < (uint32_t)table[i].code, "%s comes after %s",
                      table[i].name, table[i - 1].name);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(table[j].name, table[i].name);
    }
}
END_TEST

START_TEST(every_code_of_the_table_has_its_name_and_text)
{
    for (size_t i = 0; i < TABLE_LENGTH; i++) {
        const char *text = uvcom_hresult_text(table[i].code);

        ck_assert_str_eq(uvcom_hresult_name(table[i].code), table[i].name);
        ck_assert_str_eq(text, table[i].text);
        ck_assert_uint_gt(strlen(text), 3);
        ck_assert_msg(text[strlen(text) - 1] != '.', "%s ends in a full stop", table[i].name);
    }
}
END_TEST

START_TEST(unknown_code_has_no_name)
{
    const HRESULT unknown = (HRESULT)0x8FFF1234;

    ck_assert_ptr_null(uvcom_hresult_name(unknown));
    ck_assert_str_eq(uvcom_hresult_text(unknown), "Unknown code");
    ck_assert_str_eq(uvcom_hresult_describe(unknown), "Unknown code");
    ck_assert_str_eq(uvcom_hresult_describe(E_POINTER), "E_POINTER");
    ck_assert_ptr_null(uvcom_hresult_name(2));
}
END_TEST

/* CALL-02: the document's name and the SDK's are one value, and it is a failure in spite of its S.
 */
START_TEST(call_pending_has_two_names_and_is_a_failure)
{
    ck_assert_int_eq(RPC_E_CALL_PENDING, RPC_S_CALLPENDING);
    ck_assert(FAILED(RPC_S_CALLPENDING));
    ck_assert_str_eq(uvcom_hresult_name(RPC_S_CALLPENDING), "RPC_E_CALL_PENDING");
}
END_TEST

START_TEST(success_is_told_by_the_top_bit)
{
    ck_assert(SUCCEEDED(S_OK) && SUCCEEDED(S_FALSE) && !SUCCEEDED(E_FAIL));
    ck_assert(FAILED(E_FAIL) && FAILED(RPC_E_UNEXPECTED) && !FAILED(S_FALSE));
}
END_TEST

START_TEST(win32_error_becomes_an_hresult_once)
{
    ck_assert_hr(HRESULT_FROM_WIN32(0), S_OK);
    ck_assert_hr(HRESULT_FROM_WIN32(5), E_ACCESSDENIED);
    ck_assert_hr(HRESULT_FROM_WIN32(87), E_INVALIDARG);
    ck_assert_hr(HRESULT_FROM_WIN32(E_FAIL), E_FAIL);
    ck_assert_hr(HRESULT_FROM_WIN32(HRESULT_FROM_WIN32(RPC_X_INVALID_TAG)),
                 HRESULT_FROM_WIN32(RPC_X_INVALID_TAG));
}
END_TEST

START_TEST(hresult_comes_apart_and_together)
{
    const HRESULT hr = HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);

    ck_assert_int_eq(HRESULT_CODE(hr), ERROR_POSSIBLE_DEADLOCK);
    ck_assert_int_eq(HRESULT_FACILITY(hr), FACILITY_WIN32);
    ck_assert_int_eq(HRESULT_SEVERITY(hr), SEVERITY_ERROR);
    ck_assert_int_eq(HRESULT_SEVERITY(S_FALSE), SEVERITY_SUCCESS);
    ck_assert_hr(MAKE_HRESULT(SEVERITY_ERROR, FACILITY_WIN32, 14), E_OUTOFMEMORY);
    ck_assert_hr(MAKE_HRESULT(SEVERITY_SUCCESS, FACILITY_NULL, 1), S_FALSE);
}
END_TEST

static Suite *hresult_suite(void)
{
    Suite *suite = suite_create("hresult");
    TCase *values = tcase_create("values");
    TCase *names = tcase_create("names");
    TCase *macros = tcase_create("macros");

    tcase_add_loop_test(values, code_has_the_value_and_name_of_the_sdk, 0,
                        (int)(sizeof expected / sizeof *expected));
    tcase_add_test(values, call_pending_has_two_names_and_is_a_failure);
    tcase_add_test(names, table_is_sorted_and_has_each_name_and_value_once);
    tcase_add_test(names, every_code_of_the_table_has_its_name_and_text);
    tcase_add_test(names, unknown_code_has_no_name);
    tcase_add_test(macros, success_is_told_by_the_top_bit);
    tcase_add_test(macros, win32_error_becomes_an_hresult_once);
    tcase_add_test(macros, hresult_comes_apart_and_together);
    suite_add_tcase(suite, values);
    suite_add_tcase(suite, names);
    suite_add_tcase(suite, macros);
    return suite;
}

UVCOM_TEST_MAIN(hresult_suite)
