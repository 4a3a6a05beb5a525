/*
 * test_server_library_code.c -- generated code that only a server library has: using it keeps the
 * library in memory, though not loaded as far as COM is concerned.
 */
#include <dlfcn.h>
#include <stdbool.h>

#include <uvcom/uvcom.h>

#include "lamp.h"
#include "lamp_classes.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

#define LIBRARY LAMP_FOLDER "/lamp.so"

static const CLSID ids[LAMP_CLASSES] = LAMP_IDS;

static bool is_mapped(void)
{
    void *handle = dlopen(LIBRARY, RTLD_LAZY | RTLD_NOLOAD);

    if (handle)
        dlclose(handle);
    return handle != NULL;
}

static ULONG light(REFCLSID clsid)
{
    ILamp *lamp;
    ULONG thread, count;

    ck_assert_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ILamp, (void **)&lamp),
                 S_OK);
    ck_assert_hr(ILamp_Light(lamp, &thread, &count), S_OK);
    ILamp_Release(lamp);
    return count;
}

START_TEST(der_14_a_library_whose_generated_code_was_used_stays_mapped)
{
    ck_assert_hr(uvcom_register_library(LIBRARY, &ids[LAMP_BOTH], UVCOM_THREADING_BOTH), S_OK);
    ck_assert_hr(uvcom_register_library(LIBRARY, &ids[LAMP_MAIN], UVCOM_THREADING_MAIN), S_OK);
    /* Called directly it goes, and comes back as new. */
    for (int i = 0; i < 2; i++) {
        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        ck_assert_uint_eq(light(&ids[LAMP_BOTH]), 1);
        CoUninitialize();
        ck_assert(!is_mapped());
    }
    /* Called by proxy it stays, with what is in it. */
    for (ULONG i = 1; i <= 3; i++) {
        ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
        ck_assert_uint_eq(light(&ids[LAMP_MAIN]), i);
        CoUninitialize();
        ck_assert(is_mapped());
    }
}
END_TEST

static Suite *server_library_code_suite(void)
{
    Suite *suite = suite_create("server_library_code");
    TCase *tcase = tcase_create("a library with generated code");

    tcase_add_test(tcase, der_14_a_library_whose_generated_code_was_used_stays_mapped);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(server_library_code_suite)
