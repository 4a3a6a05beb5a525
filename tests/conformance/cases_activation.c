/*
 * cases_activation.c -- conformance cases for activation, and APT-11.
 *
 * What server libraries and their threading models do has no rule of its own: it is in
 * tests/runtime/test_library*.c and tests/e2e/test_server_library.c.
 */
#include "tests/conformance/conformance.h"

static const CLSID clsid_neutral = {
    0x9d1e5bb0, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};

static IDesk *neutral_desk(void)
{
    IDesk *made;

    ck_assert_hr(
        CoCreateInstance(&clsid_neutral, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk, (void **)&made),
        S_OK);
    return made;
}

/* Whether a call runs on the thread that makes it. */
static bool runs_here(IDesk *made)
{
    LONG result;

    return IDesk_Echo(made, 3, &result) == S_OK && result == 3 &&
           atomic_load(&desk.thread) == this_thread();
}

static void register_neutral(uvcom_create_fn create)
{
    ck_assert_hr(uvcom_register_class(&clsid_neutral, create, UVCOM_APARTMENT_NEUTRAL), S_OK);
}

static _Atomic(uintptr_t) made_on;

static HRESULT create_and_tell(IUnknown *outer, REFIID riid, void **ppv)
{
    atomic_store(&made_on, this_thread());
    return desk_create(outer, riid, ppv);
}

/* A client in each kind of apartment, that of a setting. */
CASE(APT_11_its_client_makes_and_calls_a_neutral_object_itself)
{
    IDesk *made;

    register_neutral(create_and_tell);
    made = neutral_desk();
    ck_assert_uint_eq(atomic_load(&made_on), this_thread());
    ck_assert(runs_here(made));
    ck_assert_hr(answer(made, &IID_IAgileObject), S_OK);
    release(made);
    ck_assert_uint_eq(atomic_load(&desk.end_thread), this_thread());
    ck_assert_hr(uvcom_unregister_class(&clsid_neutral), S_OK);
}

/* ---- a pointer that goes from apartment to apartment ---- */

static DWORD cookie;
static IDesk *first;

/* On the server's side: the pointer for that apartment is the same one, and runs there. */
static HRESULT call_from_the_server(LONG number)
{
    IGlobalInterfaceTable *table;
    IDesk *made;
    HRESULT hr;

    (void)number;
    hr = CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                          &IID_IGlobalInterfaceTable, (void **)&table);
    if (SUCCEEDED(hr))
        hr = table->lpVtbl->GetInterfaceFromGlobal(table, cookie, &IID_IDesk, (void **)&made);
    if (FAILED(hr))
        return hr;
    hr = made == first && runs_here(made) ? S_OK : E_FAIL;
    IDesk_Release(made);
    return hr;
}

CASE(APT_11_a_neutral_object_runs_on_the_thread_of_whoever_calls_it)
{
    IGlobalInterfaceTable *table;

    register_neutral(desk_create);
    first = neutral_desk();
    ck_assert_hr(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&table),
                 S_OK);
    ck_assert_hr(
        table->lpVtbl->RegisterInterfaceInGlobal(table, (IUnknown *)first, &IID_IDesk, &cookie),
        S_OK);
    desk.hook = call_from_the_server;
    ck_assert_hr(IDesk_Run(scene.server, 0), S_OK);
    ck_assert(runs_here(first));
    ck_assert_hr(table->lpVtbl->RevokeInterfaceFromGlobal(table, cookie), S_OK);
    release(table);
    release(first);
    ck_assert_hr(uvcom_unregister_class(&clsid_neutral), S_OK);
}

/* ---- what cannot be neutral ---- */

CASE(APT_11_an_object_that_is_not_agile_is_refused)
{
    void *made = &made;

    register_neutral(plain_create); /* it answers no IAgileObject */
    ck_assert_hr(CoCreateInstance(&clsid_neutral, NULL, CLSCTX_INPROC_SERVER, &IID_IDesk, &made),
                 CO_E_NOT_SUPPORTED);
    ck_assert_ptr_null(made);
    ck_assert_hr(uvcom_unregister_class(&clsid_neutral), S_OK);
}

const struct conformance_case cases_activation[] = {
    {&APT_11_its_client_makes_and_calls_a_neutral_object_itself, EVERYWHERE},
    {&APT_11_a_neutral_object_runs_on_the_thread_of_whoever_calls_it, EVERYWHERE},
    {&APT_11_an_object_that_is_not_agile_is_refused, USUAL | SETTING_STA_TO_OWN},
    {0},
};
