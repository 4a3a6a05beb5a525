/*
 * setting.c -- see setting.h.
 */
#include "tests/conformance/setting.h"

#include <string.h>

#include "tests/conformance/conformance.h"

struct scene scene;

/* ---- opening and closing ---- */

static void open_bare(void)
{
    faults_reset();
    journal_clear();
    desk_reset();
    atomic_store(&outers_live, 0);
    memset(&scene, 0, sizeof scene);
}

static void close_bare(void)
{
    desk_check();
    await_value(&outers_live, 0);
    ck_assert_uint_eq(faults_live(), 0);
}

static void open_class(DWORD model, uvcom_create_fn create, uvcom_apartment_kind kind)
{
    open_bare();
    ck_assert_hr(CoInitializeEx(NULL, model), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Desk, create, kind), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Desk, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk,
                                  (void **)&scene.server),
                 S_OK);
    scene.call = new_call();
    scene.sync = query(scene.call, &IID_ISynchronize);
}

static void close_class(void)
{
    gate_open(&desk.gate);
    release(scene.sync);
    release(scene.call);
    release(scene.server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Desk), S_OK);
    close_bare();
}

static void open_mta_to_own(void)
{
    open_class(COINIT_MULTITHREADED, desk_create, UVCOM_APARTMENT_OWN);
}

static void open_mta_to_mta(void)
{
    open_class(COINIT_MULTITHREADED, desk_create, UVCOM_APARTMENT_MULTITHREADED);
}

static void open_sta_to_own(void)
{
    open_class(COINIT_APARTMENTTHREADED, desk_create, UVCOM_APARTMENT_OWN);
}

static void open_sta_to_mta(void)
{
    open_class(COINIT_APARTMENTTHREADED, desk_create, UVCOM_APARTMENT_MULTITHREADED);
}

static void open_sta_to_same(void)
{
    open_class(COINIT_APARTMENTTHREADED, desk_create, UVCOM_APARTMENT_CALLER);
}

static void open_mta_to_plain(void)
{
    open_class(COINIT_MULTITHREADED, plain_create, UVCOM_APARTMENT_OWN);
}

static const struct {
    const char *name;
    void (*open)(void);
    void (*close)(void);
} settings[SETTING_COUNT] = {
    {"bare", open_bare, close_bare},
    {"MTA to OWN", open_mta_to_own, close_class},
    {"MTA to MTA", open_mta_to_mta, close_class},
    {"STA to OWN", open_sta_to_own, close_class},
    {"STA to MTA", open_sta_to_mta, close_class},
    {"STA to the same", open_sta_to_same, close_class},
    {"MTA to PLAIN", open_mta_to_plain, close_class},
};

static unsigned number_of(unsigned setting)
{
    unsigned number = 0;

    while (number + 1 < SETTING_COUNT && 1u << number != setting)
        number++;
    return number;
}

const char *setting_name(unsigned setting)
{
    return settings[number_of(setting)].name;
}

void setting_add(unsigned setting, TCase *tcase)
{
    tcase_add_checked_fixture(tcase, settings[number_of(setting)].open,
                              settings[number_of(setting)].close);
}

/* ---- what many cases do ---- */

AsyncIDesk *new_call(void)
{
    AsyncIDesk *call;

    ck_assert_hr(uvcom_create_call(scene.server, &IID_AsyncIDesk, (void **)&call), S_OK);
    return call;
}

void *query(void *object, REFIID iid)
{
    void *found;

    ck_assert_hr(IUnknown_QueryInterface((IUnknown *)object, iid, &found), S_OK);
    ck_assert_ptr_nonnull(found);
    return found;
}

HRESULT answer(void *object, REFIID iid)
{
    void *found = NULL;
    const HRESULT hr = IUnknown_QueryInterface((IUnknown *)object, iid, &found);

    ck_assert(SUCCEEDED(hr) == (found != NULL));
    release(found);
    return hr;
}

void release(void *object)
{
    if (object)
        IUnknown_Release((IUnknown *)object);
}

void begin_hold(AsyncIDesk *call, LONG value)
{
    const int held = atomic_load(&desk.held);

    ck_assert_hr(AsyncIDesk_Begin_Hold(call, value), S_OK);
    gate_await_arrived(&desk.gate, (size_t)held + 1);
}
