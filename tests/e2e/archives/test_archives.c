/*
 * test_archives.c -- client, server, ids and generated code each in a static archive of its own:
 * the linker takes out of an archive only what somebody refers to, and must find the code that
 * carries the calls although nobody names it.
 */
#include "clock_server.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

static const CLSID CLSID_Clock = {0x5d20b6a2, 0x9f31, 0x46a5, {1, 2, 3, 4, 5, 6, 7, 8}};

START_TEST(der_14_generated_code_is_found_in_archives)
{
    static const uvcom_apartment_kind kinds[] = {UVCOM_APARTMENT_OWN, UVCOM_APARTMENT_MULTITHREADED,
                                                 UVCOM_APARTMENT_CALLER};

    ck_assert_hr(uvcom_register_class(&CLSID_Clock, clock_create, kinds[_i]), S_OK);
    ck_assert_hr(clock_ask(&CLSID_Clock, 3), S_OK);
    ck_assert_hr(clock_ask(&CLSID_Clock, 20), S_OK);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Clock), S_OK);
    ck_assert_int_eq(clock_live(), 0);
}
END_TEST

static Suite *archives_suite(void)
{
    Suite *suite = suite_create("archives");
    TCase *tcase = tcase_create("archives");

    tcase_add_loop_test(tcase, der_14_generated_code_is_found_in_archives, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(archives_suite)
