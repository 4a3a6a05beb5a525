/*
 * client.c -- see client.h.
 */
#include "client.h"

#include <stdlib.h>

struct client client;

/* ---- fixtures ---- */

static void open_class(DWORD model, uvcom_apartment_kind kind)
{
    faults_reset();
    gated_reset();
    ck_assert_hr(CoInitializeEx(NULL, model), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, kind), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Gated, NULL, CLSCTX_INPROC_SERVER, &IID_IGated,
                                  (void **)&client.server),
                 S_OK);
    client.call = client_new_call();
    client.sync = client_synchronize(client.call);
}

static void open_own(void)
{
    open_class(COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN);
}

static void open_workers(void)
{
    open_class(COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED);
}

/* The object was made on a thread without an apartment and is called directly. */
static void open_homeless(void)
{
    faults_reset();
    gated_reset();
    ck_assert_hr(gated_create(NULL, &IID_IGated, (void **)&client.server), S_OK);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Gated, gated_create, UVCOM_APARTMENT_CALLER), S_OK);
    client.call = client_new_call();
    client.sync = client_synchronize(client.call);
}

static void open_single_to_own(void)
{
    open_class(COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_OWN);
}

static void open_single_to_workers(void)
{
    open_class(COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED);
}

static void close_client(void)
{
    gate_open(&gated.gate);
    client_release(client.sync);
    client_release(client.call);
    client_release(client.server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Gated), S_OK);
    gated_check();
    ck_assert_uint_eq(faults_live(), 0);
}

static const struct {
    const char *name;
    void (*open)(void);
    unsigned is; /* CLIENT_ */
} ways[] = {
    {"to an apartment of its own", open_own, CLIENT_TO_OWN | CLIENT_MULTITHREADED},
    {"to the multithreaded apartment", open_workers, CLIENT_MULTITHREADED},
    {"to an object of no apartment", open_homeless, CLIENT_MULTITHREADED},
    {"single-threaded to an apartment of its own", open_single_to_own,
     CLIENT_TO_OWN | CLIENT_SINGLE_THREADED},
    {"single-threaded to the multithreaded apartment", open_single_to_workers,
     CLIENT_SINGLE_THREADED},
};

static void add_case(Suite *suite, const char *name, void (*open)(void), void (*fill)(TCase *))
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, open, close_client);
    fill(tcase);
    suite_add_tcase(suite, tcase);
}

void client_add_cases(Suite *suite, unsigned which, void (*fill)(TCase *tcase))
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if ((ways[i].is & which) == which)
            add_case(suite, ways[i].name, ways[i].open, fill);
}

void client_add_case(Suite *suite, const char *name, void (*fill)(TCase *tcase))
{
    add_case(suite, name, open_own, fill);
}

/* ---- what every test does ---- */

AsyncIGated *client_new_call(void)
{
    AsyncIGated *call;

    ck_assert_hr(uvcom_create_call(client.server, &IID_AsyncIGated, (void **)&call), S_OK);
    return call;
}

void *client_query(void *object, REFIID iid)
{
    IUnknown *unknown = object;
    void *found;

    ck_assert_hr(IUnknown_QueryInterface(unknown, iid, &found), S_OK);
    ck_assert_ptr_nonnull(found);
    return found;
}

ISynchronize *client_synchronize(void *call)
{
    return client_query(call, &IID_ISynchronize);
}

void client_release(void *object)
{
    IUnknown *unknown = object;

    if (unknown)
        IUnknown_Release(unknown);
}

void client_begin_enter(AsyncIGated *call, LONG value)
{
    const int entered = atomic_load(&gated.entered);

    ck_assert_hr(AsyncIGated_Begin_Enter(call, value), S_OK);
    gate_await_arrived(&gated.gate, (size_t)entered + 1);
}

size_t client_race_factor(void)
{
    const char *text = getenv("UVCOM_RACE_FACTOR");
    const unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

    return factor > 0 ? factor : 1;
}

/* ---- threads ---- */

static void *helper_main(void *arg)
{
    struct helper *helper = arg;

    if (!helper->bare && FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    helper->run(helper->arg);
    if (!helper->bare)
        CoUninitialize();
    return NULL;
}

static void start(struct helper *helper, bool bare, void (*run)(void *arg), void *arg)
{
    helper->run = run;
    helper->arg = arg;
    helper->bare = bare;
    ck_assert_int_eq(pthread_create(&helper->thread, NULL, helper_main, helper), 0);
}

void helper_start(struct helper *helper, void (*run)(void *arg), void *arg)
{
    start(helper, false, run, arg);
}

void helper_start_bare(struct helper *helper, void (*run)(void *arg), void *arg)
{
    start(helper, true, run, arg);
}

void helper_join(struct helper *helper)
{
    pthread_join(helper->thread, NULL);
}

void helper_run_bare(void (*run)(void *arg), void *arg)
{
    struct helper helper;

    helper_start_bare(&helper, run, arg);
    helper_join(&helper);
}

void helper_run(void (*run)(void *arg), void *arg)
{
    struct helper helper;

    helper_start(&helper, run, arg);
    helper_join(&helper);
}
