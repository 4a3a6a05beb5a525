/*
 * tests/idl/test_split.c -- a method into Begin_ and Finish_: what a client of it will have to
 * write.
 */
#include <stdio.h>

#include "tests/idl/compile.h"
#include "tests/support/runner.h"

static struct idl *idl;

/* The pair of the only method in `body`. */
static const struct async_method *split(const char *body)
{
    char text[1000];

    ck_assert_int_lt(snprintf(text, sizeof text, ASYNC_IDL "{ %s }", body), sizeof text);
    idl = compile_clean(text);
    ck_assert_ptr_nonnull(find_interface(idl, "IFoo")->async);
    return find_interface(idl, "IFoo")->async->methods;
}

static void teardown(void)
{
    idl_destroy(idl);
}

static void check_names(const struct parameter *const *list, size_t count, const char *expected)
{
    char names[200] = "";
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", i ? " " : "",
                                   list[i]->name);
    ck_assert_str_eq(names, expected);
}

START_TEST(der_02_begin_and_finish_are_adjacent_and_in_order)
{
    const struct async_method *pair = split("HRESULT B(); HRESULT A(); HRESULT C();");

    ck_assert_str_eq(pair->begin_name, "Begin_B");
    ck_assert_str_eq(pair->finish_name, "Finish_B");
    ck_assert_str_eq(pair->next->begin_name, "Begin_A");
    ck_assert_str_eq(pair->next->next->finish_name, "Finish_C");
    ck_assert_ptr_null(pair->next->next->next);
}
END_TEST

START_TEST(der_03_in_goes_to_begin_out_to_finish)
{
    const struct async_method *pair = split(
        "HRESULT A([in] long a, [out] long *b, [in, out] long *c, [out] long *d, [in] long e);");

    check_names(pair->begin, pair->begin_count, "a c e");
    check_names(pair->finish, pair->finish_count, "b c d");
    /* The same parameter and not a copy: name, type and attributes cannot differ. */
    ck_assert_ptr_eq(pair->begin[1], pair->finish[1]);
    ck_assert_ptr_eq(pair->begin[0], pair->method->parameters);
}
END_TEST

START_TEST(der_04_a_parameter_without_direction_goes_to_begin)
{
    const struct async_method *pair = split("HRESULT A(long a, [out] long *b);");

    check_names(pair->begin, pair->begin_count, "a");
    check_names(pair->finish, pair->finish_count, "b");
}
END_TEST

START_TEST(der_05_retval_stays_with_finish)
{
    const struct async_method *pair =
        split("HRESULT Sum([in] long a, [in] long b, [out, retval] long *sum);");

    check_names(pair->begin, pair->begin_count, "a b");
    check_names(pair->finish, pair->finish_count, "sum");
    ck_assert(pair->finish[0]->is_retval);
}
END_TEST

START_TEST(der_08_a_sized_array_is_in_finish_and_its_size_in_begin)
{
    const struct async_method *pair =
        split("HRESULT Pull([out, size_is(request), length_is(*got)] BYTE *buf, [in] ULONG request,"
              " [out] ULONG *got);");

    check_names(pair->begin, pair->begin_count, "request");
    check_names(pair->finish, pair->finish_count, "buf got");
    ck_assert_ptr_eq(pair->finish[0]->attributes->next->args[0]->parameter, pair->begin[0]);
}
END_TEST

START_TEST(der_12_the_local_form_is_split_and_call_as_is_not)
{
    const struct async_method *pair =
        split("[local] HRESULT Read(void *p); [call_as(Read)] HRESULT RemoteRead([out] long *p);");

    ck_assert_str_eq(pair->begin_name, "Begin_Read");
    ck_assert_ptr_null(pair->next);
}
END_TEST

START_TEST(der_15_a_property_is_split_under_its_c_name)
{
    const struct async_method *pair =
        split("[propget] HRESULT Name([out, retval] LPWSTR *v); [propput] HRESULT Name(LPWSTR v);");

    ck_assert_str_eq(pair->begin_name, "Begin_get_Name");
    ck_assert_str_eq(pair->finish_name, "Finish_get_Name");
    ck_assert_str_eq(pair->next->begin_name, "Begin_put_Name");
    ck_assert_uint_eq(pair->begin_count, 0);
    ck_assert_uint_eq(pair->next->finish_count, 0);
}
END_TEST

static Suite *split_suite(void)
{
    Suite *suite = suite_create("split");
    TCase *tcase = tcase_create("split");

    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, der_02_begin_and_finish_are_adjacent_and_in_order);
    tcase_add_test(tcase, der_03_in_goes_to_begin_out_to_finish);
    tcase_add_test(tcase, der_04_a_parameter_without_direction_goes_to_begin);
    tcase_add_test(tcase, der_05_retval_stays_with_finish);
    tcase_add_test(tcase, der_08_a_sized_array_is_in_finish_and_its_size_in_begin);
    tcase_add_test(tcase, der_12_the_local_form_is_split_and_call_as_is_not);
    tcase_add_test(tcase, der_15_a_property_is_split_under_its_c_name);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(split_suite)
