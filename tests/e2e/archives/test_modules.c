/*
 * test_modules.c -- two loadable modules that carry the same interface, one of which is closed
 * early: the other one's calls go on, and so do call objects and proxies that exist (DER-14).
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "clock.h"
#include "clock_server.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

static const CLSID CLSID_One = {0x5d20b6a3, 0x9f31, 0x46a5, {1, 2, 3, 4, 5, 6, 7, 8}};
static const CLSID CLSID_Two = {0x5d20b6a4, 0x9f31, 0x46a5, {1, 2, 3, 4, 5, 6, 7, 8}};

/* What a module gives: its own copies of the client, the server and the generated code. */
struct module {
    void *handle;
    const CLSID *clsid;
    HRESULT (*ask)(REFCLSID clsid, LONG zone);
    HRESULT (*open)(REFCLSID clsid, void **clock, void **call);
    uvcom_create_fn create;
    int (*live)(void);
};

static void load(struct module *module, const char *path, const CLSID *clsid, int mode)
{
    module->handle = dlopen(path, RTLD_NOW | mode);
    if (!module->handle)
        ck_abort_msg("%s", dlerror());
    module->clsid = clsid;
    *(void **)&module->ask = dlsym(module->handle, "clock_ask");
    *(void **)&module->open = dlsym(module->handle, "clock_open");
    *(void **)&module->create = dlsym(module->handle, "clock_create");
    *(void **)&module->live = dlsym(module->handle, "clock_live");
    ck_assert_hr(uvcom_register_class(clsid, module->create, UVCOM_APARTMENT_OWN), S_OK);
}

static void unload(struct module *module)
{
    ck_assert_hr(uvcom_unregister_class(module->clsid), S_OK);
    ck_assert_int_eq(module->live(), 0);
    ck_assert_int_eq(dlclose(module->handle), 0);
}

static void ask(const struct module *module, const CLSID *clsid)
{
    for (LONG zone = 0; zone < 24; zone += 5)
        ck_assert_hr(module->ask(clsid, zone), S_OK);
}

static bool is_loaded(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);

    if (handle)
        dlclose(handle);
    return handle != NULL;
}

/* The first test: without a process for each, the others leave the module pinned. */
START_TEST(der_14_only_a_module_that_was_used_stays)
{
    const char *path = MODULE_FOLDER "/clock_one.so";
    struct module module;

    load(&module, path, &CLSID_One, RTLD_LOCAL);
    unload(&module);
    ck_assert(!is_loaded(path));
    load(&module, path, &CLSID_One, RTLD_LOCAL);
    ask(&module, &CLSID_One);
    unload(&module);
    ck_assert(is_loaded(path));
}
END_TEST

/* Bit 0: global or local symbols; bit 1: which one is closed first. */
START_TEST(der_14_one_of_two_modules_is_closed_early)
{
    const int mode = _i & 1 ? RTLD_GLOBAL : RTLD_LOCAL;
    struct module modules[2];
    struct module *early = &modules[_i >> 1], *late = &modules[!(_i >> 1)];

    load(&modules[0], MODULE_FOLDER "/clock_one.so", &CLSID_One, mode);
    load(&modules[1], MODULE_FOLDER "/clock_two.so", &CLSID_Two, mode);
    ask(&modules[0], &CLSID_One);
    ask(&modules[1], &CLSID_Two);
    ask(&modules[0], &CLSID_Two); /* the client of one, the server of the other */
    ask(&modules[1], &CLSID_One);
    unload(early);
    ask(late, late->clsid);
    unload(late);
}
END_TEST

static void use(IClock *clock, AsyncIClock *call, LONG zone)
{
    LONG hour = -1;

    ck_assert_hr(AsyncIClock_Begin_GetHour(call, zone), S_OK);
    ck_assert_hr(AsyncIClock_Finish_GetHour(call, &hour), S_OK);
    ck_assert_int_eq(hour, 12 + zone);
    hour = -1;
    ck_assert_hr(IClock_GetHour(clock, zone, &hour), S_OK);
    ck_assert_int_eq(hour, 12 + zone);
}

/* The server is of the one module, and the tables of either; each is closed first once. */
START_TEST(der_14_calls_outlive_the_module_that_made_them)
{
    struct module modules[2];
    struct module *early = &modules[_i], *late = &modules[!_i];
    void *clock, *call;

    load(&modules[0], MODULE_FOLDER "/clock_one.so", &CLSID_One, RTLD_LOCAL);
    load(&modules[1], MODULE_FOLDER "/clock_two.so", &CLSID_Two, RTLD_LOCAL);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(early->open(late->clsid, &clock, &call), S_OK);
    use(clock, call, 1);
    ck_assert_hr(AsyncIClock_Begin_GetHour((AsyncIClock *)call, 2), S_OK);
    unload(early);
    ck_assert_hr(AsyncIClock_Finish_GetHour((AsyncIClock *)call, &(LONG){0}), S_OK);
    use(clock, call, 3);
    AsyncIClock_Release((AsyncIClock *)call);
    IClock_Release((IClock *)clock);
    CoUninitialize();
    unload(late);
}
END_TEST

START_TEST(der_14_a_module_is_loaded_again)
{
    struct module module;

    for (int i = 0; i < 3; i++) {
        load(&module, MODULE_FOLDER "/clock_one.so", &CLSID_One, RTLD_LOCAL);
        ask(&module, &CLSID_One);
        unload(&module);
    }
}
END_TEST

static Suite *modules_suite(void)
{
    Suite *suite = suite_create("modules");
    TCase *tcase = tcase_create("modules");

    tcase_add_test(tcase, der_14_only_a_module_that_was_used_stays);
    tcase_add_loop_test(tcase, der_14_calls_outlive_the_module_that_made_them, 0, 2);
    tcase_add_loop_test(tcase, der_14_one_of_two_modules_is_closed_early, 0, 4);
    tcase_add_test(tcase, der_14_a_module_is_loaded_again);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(modules_suite)
