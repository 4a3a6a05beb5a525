/*
 * customer.c -- see customer.h.
 */
#include "customer.h"

#include <stdio.h>

struct customer customer;

static const struct {
    const char *name;
    DWORD model;
    uvcom_apartment_kind kind;
} ways[CUSTOMER_WAYS] = {
    {"to own", COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN},
    {"single-threaded to own", COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_OWN},
    {"single-threaded to multithreaded", COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED},
    {"direct", COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED},
};
static const char *const styles[BAKERY_STYLES] = {"starts", "call", "event", "outer", "late"};

void customer_open(enum customer_way way, enum bakery_style style)
{
    faults_reset();
    bakery_reset(style);
    customer.way = way;
    ck_assert_hr(CoInitializeEx(NULL, ways[way].model), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Bakery, bakery_create, ways[way].kind), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Bakery, NULL, CLSCTX_INPROC_SERVER, &IID_IBakery,
                                  (void **)&customer.server),
                 S_OK);
    customer.call = customer_new_call();
}

void customer_close(void)
{
    client_release(customer.call);
    client_release(customer.server);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Bakery), S_OK);
    bakery_check();
    ck_assert_uint_eq(faults_live(), 0);
}

AsyncIBakery *customer_new_call(void)
{
    AsyncIBakery *call;

    ck_assert_hr(uvcom_create_call(customer.server, &IID_AsyncIBakery, (void **)&call), S_OK);
    return call;
}

/* ---- cases: Check's fixtures have no argument ---- */

#define OPEN(way_, style_)                                                                         \
    static void open_##way_##_##style_(void)                                                       \
    {                                                                                              \
        customer_open((enum customer_way)way_, (enum bakery_style)style_);                         \
    }
#define OPEN_WAY(way_)                                                                             \
    OPEN(way_, 0)                                                                                  \
    OPEN(way_, 1)                                                                                  \
    OPEN(way_, 2)                                                                                  \
    OPEN(way_, 3)                                                                                  \
    OPEN(way_, 4)
#define ROW(way_)                                                                                  \
    {                                                                                              \
        open_##way_##_0, open_##way_##_1, open_##way_##_2, open_##way_##_3, open_##way_##_4        \
    }

OPEN_WAY(0)
OPEN_WAY(1)
OPEN_WAY(2)
OPEN_WAY(3)

static void (*const opens[CUSTOMER_WAYS][BAKERY_STYLES])(void) = {ROW(0), ROW(1), ROW(2), ROW(3)};

void customer_add_case(Suite *suite, enum customer_way way, enum bakery_style style,
                       void (*fill)(TCase *tcase))
{
    static char names[CUSTOMER_WAYS][BAKERY_STYLES][80]; /* Check keeps the pointer */
    char *name = names[way][style];
    TCase *tcase;

    snprintf(name, sizeof names[way][style], "%s, %s", ways[way].name, styles[style]);
    tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, opens[way][style], customer_close);
    fill(tcase);
    suite_add_tcase(suite, tcase);
}

void customer_add_cases(Suite *suite, enum customer_way last, void (*fill)(TCase *tcase))
{
    for (unsigned way = 0; way <= last; way++)
        for (unsigned style = 0; style < BAKERY_STYLES; style++)
            customer_add_case(suite, (enum customer_way)way, (enum bakery_style)style, fill);
}

/* ---- a thread that works ---- */

static struct {
    struct helper helper;
    struct job last; /* taken: the end */
} worker;

static void work(void *arg)
{
    struct job *job;

    (void)arg;
    while ((job = bakery_take()) != &worker.last)
        bakery_end(job, S_OK);
}

void customer_hire(void)
{
    helper_start_bare(&worker.helper, work, NULL);
}

void customer_fire(void)
{
    bool at_once = bakery.at_once;

    bakery.at_once = false;
    worker.last = (struct job){0};
    job_offer(&worker.last);
    bakery.at_once = at_once;
    helper_join(&worker.helper);
}
