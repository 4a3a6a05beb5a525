/*
 * test_matrix.c -- every method of the matrix, called in every way with the same values: the
 * results, codes and memory must be what the oracle says (CALL-10, CALL-11, CALL-14 to CALL-16,
 * DER-08, LIFE-04).
 *
 * A TCase is a way of calling, a test a group of methods.
 */
#include <sched.h>
#include <stdlib.h>

#include "matrix_table.h"
#include "tests/e2e/matrix/server.h"
#include "tests/e2e/matrix/witness.h"
#include "tests/support/assert_hr.h"
#include "tests/support/faults.h"
#include "tests/support/runner.h"

static const CLSID CLSID_Matrix = {
    0x3f0c5b03, 0x6d6e, 0x4b8a, {0x11, 0x20, 0xa4, 0xb6, 0xd0, 0xe1, 0x01, 0x02}};

enum form {
    PLAIN,      /* the method itself */
    PAIR,       /* Begin_ and Finish_ */
    ABANDONED,  /* Begin_, and the call object is released */
    UNCOLLECTED /* the same when the call is over */
};

struct way {
    const char *name;
    enum form form;
    DWORD model; /* the client's apartment */
    uvcom_apartment_kind kind;
    bool is_starved;        /* every allocation fails in turn, of one method of each group */
    uvcom_create_fn create; /* NULL: a server that knows nothing of asynchronous calls; else each
                               test is a whole family, since a group more would show nothing */
    enum started_when when;
};

#define MTA COINIT_MULTITHREADED
#define STA COINIT_APARTMENTTHREADED
#define OWN UVCOM_APARTMENT_OWN
#define CALLER UVCOM_APARTMENT_CALLER
#define MANY UVCOM_APARTMENT_MULTITHREADED
#define STARTED matrix_create_started
#define FACTORY matrix_create_factory

static const struct way ways[] = {
    {"a plain call of the object itself", PLAIN, MTA, CALLER, false, NULL, AT_ONCE},
    {"a plain call through a proxy", PLAIN, MTA, OWN, false, NULL, AT_ONCE},
    {"a plain call through a proxy, single-threaded", PLAIN, STA, OWN, false, NULL, AT_ONCE},
    {"Begin_ and Finish_", PAIR, MTA, OWN, false, NULL, AT_ONCE},
    {"Begin_ and Finish_, single-threaded", PAIR, STA, OWN, false, NULL, AT_ONCE},
    {"Begin_ and Finish_ of an object itself", PAIR, MTA, CALLER, false, NULL, AT_ONCE},
    {"Begin_ and release", ABANDONED, MTA, OWN, false, NULL, AT_ONCE},
    {"Begin_ and release, single-threaded", ABANDONED, STA, OWN, false, NULL, AT_ONCE},
    {"Begin_, completion and release", UNCOLLECTED, MTA, OWN, false, NULL, AT_ONCE},
    /* Single-threaded, because worker threads of the other apartment come and stay. */
    {"a plain call through a proxy without memory", PLAIN, STA, OWN, true, NULL, AT_ONCE},
    {"Begin_ and Finish_ without memory", PAIR, STA, OWN, true, NULL, AT_ONCE},
    {"Begin_ and release without memory", ABANDONED, STA, OWN, true, NULL, AT_ONCE},

    /* Servers that work asynchronously; "started" is what their Start_ functions do. (AUTO-01,
       AUTO-03, SRV-04, SRV-11) */
    {"a plain call, started and done", PLAIN, MTA, OWN, false, STARTED, AT_ONCE},
    {"a plain call, completed elsewhere", PLAIN, STA, OWN, false, STARTED, ELSEWHERE},
    {"a plain call, served elsewhere", PLAIN, STA, MANY, false, FACTORY, LATER},
    {"a plain call, started without memory", PLAIN, STA, OWN, true, STARTED, AT_ONCE},
    {"Begin_ and Finish_, started and done", PAIR, STA, OWN, false, FACTORY, AT_ONCE},
    {"Begin_ and Finish_, completed elsewhere", PAIR, MTA, OWN, false, STARTED, ELSEWHERE},
    {"Begin_ and Finish_, served elsewhere", PAIR, STA, MANY, false, STARTED, LATER},
    {"Begin_ and Finish_ of an object itself, started", PAIR, MTA, CALLER, false, STARTED, AT_ONCE},
    {"the same, served elsewhere", PAIR, MTA, CALLER, false, FACTORY, LATER},
    {"Begin_ and release, completed elsewhere", ABANDONED, MTA, OWN, false, STARTED, ELSEWHERE},
    {"Begin_ and Finish_, started without memory", PAIR, STA, OWN, true, STARTED, AT_ONCE},
};
enum { WAYS = sizeof ways / sizeof *ways, GROUPS = 256 };

static struct {
    const struct way *way;
    IFlush *flush; /* the server */
    size_t before; /* what had been served when the way was opened */
} matrix;

/* ---- apartments ---- */

static void open_way(const struct way *way)
{
    faults_reset();
    matrix.way = way;
    matrix.before = server_calls();
    witness_bind(WITNESS_CLIENT, way->model == STA);
    witness_bind(WITNESS_SERVER, way->kind == OWN);
    started_open(way->when);
    ck_assert_hr(CoInitializeEx(NULL, way->model), S_OK);
    ck_assert_hr(
        uvcom_register_class(&CLSID_Matrix, way->create ? way->create : matrix_create, way->kind),
        S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Matrix, NULL, CLSCTX_INPROC_SERVER, &IID_IFlush,
                                  (void **)&matrix.flush),
                 S_OK);
}

/* The methods that have a Start_ function were not called themselves. */
static void check_started(void)
{
    const size_t served = server_calls() - matrix.before, count = started_count();

    if (matrix.way->create == FACTORY)
        ck_assert(count > 0 && count <= served);
    else
        ck_assert_uint_eq(count, matrix.way->create ? served : 0);
}

static void close_way(void)
{
    started_close();
    check_started();
    IFlush_Release(matrix.flush);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Matrix), S_OK);
    ck_assert_int_eq(server_live(), 0);
    ck_assert_int_eq(witness_live(), 0);
    ck_assert_int_eq(witness_strays(), 0);
    ck_assert_uint_eq(faults_live(), 0);
}

/* Waits until the server has no call any more, and nobody holds a witness. */
static void settle(const struct client *c, size_t calls)
{
    enum { PATIENCE = 100000 };

    for (int i = 0; server_calls() < calls || witness_live() > 0; i++) {
        ck_assert_hr(IFlush_Flush(matrix.flush), S_OK);
        sched_yield();
        if (i == PATIENCE)
            client_fail(c, "interface pointers that are still held", (unsigned)witness_live(), 0);
    }
}

/* ---- one call ---- */

static HRESULT call_pair(struct client *c, void *call)
{
    HRESULT hr = c->method->begin(call, c->arguments);

    if (FAILED(hr))
        client_fail(c, "the code of Begin_", (uint32_t)hr, 0);
    client_forget(c);
    return c->method->finish(call, c->arguments);
}

static void abandon(struct client *c, void *call)
{
    HRESULT hr = c->method->begin(call, c->arguments);

    if (FAILED(hr))
        client_fail(c, "the code of Begin_", (uint32_t)hr, 0);
    client_forget(c);
    if (matrix.way->form == UNCOLLECTED)
        ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
}

static void call_sample(const struct family *family, const struct method *method,
                        const struct sample *sample, void *object)
{
    const bool is_async = matrix.way->form != PLAIN;
    const bool is_collected = matrix.way->form == PLAIN || matrix.way->form == PAIR;
    struct client c = {.way = matrix.way->name, .is_async = is_async};
    const size_t calls = server_calls() + 1;
    IUnknown *call = NULL;
    HRESULT hr = S_OK;

    if (is_async)
        ck_assert_hr(uvcom_create_call(object, family->async_iid, (void **)&call), S_OK);
    client_start(&c, method, sample);
    if (matrix.way->form == PLAIN)
        hr = method->plain(object, c.arguments);
    else if (matrix.way->form == PAIR)
        hr = call_pair(&c, call);
    else
        abandon(&c, call);
    if (call)
        IUnknown_Release(call);
    if (is_collected) {
        if (hr != sample->hr)
            client_fail(&c, "the code", (uint32_t)hr, (uint32_t)sample->hr);
        client_end(&c, hr);
    } else {
        client_drop(&c);
    }
    settle(&c, calls);
    if (server_seen() != sample->seen)
        client_fail(&c, "what the server has seen", server_seen(), sample->seen);
}

/* ---- without memory ---- */

/* After a Begin_ that has failed, Finish_ has nothing to give. */
static HRESULT call_starved_pair(struct client *c, void *call)
{
    HRESULT hr = c->method->begin(call, c->arguments);

    if (SUCCEEDED(hr)) {
        client_forget(c);
        return c->method->finish(call, c->arguments);
    }
    if (c->method->finish(call, c->arguments) != RPC_E_CALL_COMPLETE)
        client_fail(c, "Finish_ after a Begin_ that has failed", 0, (uint32_t)RPC_E_CALL_COMPLETE);
    return hr;
}

static HRESULT call_starved_form(struct client *c, void *object, void *call)
{
    HRESULT hr;

    if (matrix.way->form == PLAIN)
        return c->method->plain(object, c->arguments);
    if (matrix.way->form == PAIR)
        return call_starved_pair(c, call);
    hr = c->method->begin(call, c->arguments);
    if (SUCCEEDED(hr))
        client_forget(c);
    return hr;
}

/* Until nothing is left of a call; the refused allocation may be one of Flush's. */
static void settle_starved(const struct client *c)
{
    enum { PATIENCE = 2000 };
    HRESULT hr = S_OK;

    for (int i = 0; i < 3 || witness_live() > 0 || faults_live() > 0; i++) {
        hr = IFlush_Flush(matrix.flush);
        ck_assert(hr == S_OK || hr == E_OUTOFMEMORY);
        sched_yield();
        if (i == PATIENCE)
            client_fail(c, "blocks that are left", faults_live(), 0);
    }
}

/*
 * One call whose n-th allocation is refused: E_OUTOFMEMORY, or as if nothing had been. Of an object
 * of its own, since a proxy keeps what it needs for the next call.
 */
static void call_starved(const struct family *family, const struct method *method, size_t n)
{
    struct sample sample = method->samples[0];
    struct client c = {.way = matrix.way->name, .is_async = matrix.way->form != PLAIN};
    IUnknown *object, *call = NULL;
    HRESULT hr, expected = matrix.way->form == ABANDONED ? S_OK : sample.hr;

    c.is_starving = true;
    ck_assert_hr(
        CoCreateInstance(&CLSID_Matrix, NULL, CLSCTX_INPROC_SERVER, family->iid, (void **)&object),
        S_OK);
    if (c.is_async)
        ck_assert_hr(uvcom_create_call(object, family->async_iid, (void **)&call), S_OK);
    client_start(&c, method, &sample);
    ck_assert_hr(IFlush_Flush(matrix.flush), S_OK); /* it has what it needs from now on */
    faults_fail_at(n);
    hr = call_starved_form(&c, object, call);
    if (hr != expected && (hr != E_OUTOFMEMORY || !faults_hit()))
        client_fail(&c, "the code without memory", (uint32_t)hr, (uint32_t)expected);
    if (call)
        IUnknown_Release(call);
    if (FAILED(hr)) {
        sample.wanted = sample.kept;
        sample.wanted_count = sample.kept_count;
    }
    if (matrix.way->form == ABANDONED)
        client_drop(&c);
    else
        client_end(&c, hr);
    IUnknown_Release(object);
    settle_starved(&c);
}

/* Until none was refused; after each the next call must be as ever. */
static void starve_method(const struct family *family, const struct method *method, void *object)
{
    size_t n = 0;
    bool is_over;

    do {
        call_starved(family, method, ++n);
        is_over = !faults_hit();
        faults_reset();
        call_sample(family, method, &method->samples[0], object);
    } while (!is_over);
}

/* ---- groups ---- */

/* Only somebody between client and server can hide what a failing method has left. */
static bool is_called(const struct method *method)
{
    if (matrix.way->is_starved)
        return false;
    return !method->is_careless || matrix.way->form != PLAIN || matrix.way->kind != CALLER;
}

static const struct family *family_of(int number, const struct group **group)
{
    for (size_t i = 0; i < MATRIX_FAMILIES; i++) {
        const struct family *family = matrix_families[i];

        if ((size_t)number < family->group_count) {
            *group = &family->groups[number];
            return family;
        }
        number -= (int)family->group_count;
    }
    ck_abort_msg("no group of that number");
}

/* One of each group, or of each family. */
static bool is_starved(const struct family *family, const struct group *group,
                       const struct method *method)
{
    return matrix.way->is_starved && method->is_swept &&
           (!matrix.way->create || group == &family->groups[family->group_count / 2]);
}

static void call_methods(const struct family *family, const struct group *group, void *object)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct method *method = &group->methods[i];

        if (is_starved(family, group, method))
            starve_method(family, method, object);
        for (int sample = 0; sample < SAMPLES && is_called(method); sample++)
            call_sample(family, method, &method->samples[sample], object);
    }
}

static void call_groups(const struct family *family, const struct group *groups, size_t count)
{
    void *object;

    ck_assert_hr(IFlush_QueryInterface(matrix.flush, family->iid, &object), S_OK);
    for (size_t i = 0; i < count; i++)
        call_methods(family, &groups[i], object);
    IUnknown_Release((IUnknown *)object);
    close_way();
}

/* _i counts the groups of all families, for one way after the other; or the families. */
static void call_group(int number)
{
    const struct group *group;
    const struct family *family = family_of(number % GROUPS, &group);

    open_way(&ways[number / GROUPS]);
    call_groups(family, group, 1);
}

static void call_family(int number)
{
    const struct family *family = matrix_families[number % GROUPS];

    open_way(&ways[number / GROUPS]);
    call_groups(family, family->groups, family->group_count);
}

/* ---- the suite ---- */

START_TEST(there_are_at_least_500_methods)
{
    size_t methods = 0, groups = 0;

    for (size_t i = 0; i < MATRIX_FAMILIES; i++) {
        groups += matrix_families[i]->group_count;
        for (size_t j = 0; j < matrix_families[i]->group_count; j++)
            methods += matrix_families[i]->groups[j].count;
    }
    ck_assert_uint_ge(methods, 500);
    ck_assert_uint_le(groups, GROUPS);
}
END_TEST

/* Check prints a test's name, so each group gets a test of its own. */
static void add_groups(TCase *tcase, int way)
{
    static TTest tests[GROUPS];
    const struct group *group;
    int groups = 0;

    for (size_t i = 0; i < MATRIX_FAMILIES; i++)
        groups += (int)matrix_families[i]->group_count;
    for (int i = 0; i < groups && i < GROUPS; i++) {
        family_of(i, &group);
        tests[i] = (TTest){group->name, call_group, __FILE__, __LINE__};
        tcase_add_loop_test(tcase, &tests[i], way * GROUPS + i, way * GROUPS + i + 1);
    }
}

static void add_families(TCase *tcase, int way)
{
    static TTest tests[MATRIX_FAMILIES];

    for (int i = 0; i < MATRIX_FAMILIES; i++) {
        tests[i] = (TTest){matrix_families[i]->name, call_family, __FILE__, __LINE__};
        tcase_add_loop_test(tcase, &tests[i], way * GROUPS + i, way * GROUPS + i + 1);
    }
}

static void add_ways(Suite *suite, bool is_plain)
{
    for (int way = 0; way < WAYS; way++) {
        TCase *tcase;

        if ((ways[way].form == PLAIN) != is_plain)
            continue;
        tcase = tcase_create(ways[way].name);
        if (ways[way].create)
            add_families(tcase, way);
        else
            add_groups(tcase, way);
        suite_add_tcase(suite, tcase);
    }
}

/* Two suites, so that they can be run beside each other. */
static Suite *plain_suite(void)
{
    Suite *suite = suite_create("plain");
    TCase *tcase = tcase_create("size");

    tcase_add_test(tcase, there_are_at_least_500_methods);
    suite_add_tcase(suite, tcase);
    add_ways(suite, true);
    return suite;
}

static Suite *pairs_suite(void)
{
    Suite *suite = suite_create("pairs");

    add_ways(suite, false);
    return suite;
}

UVCOM_TEST_MAIN(plain_suite, pairs_suite)
