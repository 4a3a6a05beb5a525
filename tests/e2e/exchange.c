/*
 * exchange.c -- see exchange.h.
 */
#include "exchange.h"

#include <stdlib.h>

#include <uvcom/class.h>
#include <uvcom/object.h>

const CLSID CLSID_Exchange = {
    0x5b7e2a00, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};

struct exchange_notes notes;
struct market market;

uintptr_t this_thread(void)
{
    static _Thread_local char here;

    return (uintptr_t)&here;
}

void notes_reset(void)
{
    notes = (struct exchange_notes){0};
    gate_init(&notes.gate);
    gate_init(&notes.ended);
    gate_open(&notes.ended);
}

void notes_check(void)
{
    ck_assert_int_eq(notes.listeners, 0);
    ck_assert_int_eq(notes.exchanges, 0);
    gate_fini(&notes.gate);
    gate_fini(&notes.ended);
}

/* ---- the listener ---- */

struct listener {
    uvcom_object object;
    IListener IListener_iface;
    IWhere IWhere_iface;
    IHidden IHidden_iface;
    atomic_int sum;
};

UVCOM_OBJECT_IUNKNOWN(listener, IListener)
UVCOM_OBJECT_IUNKNOWN(listener, IWhere)
UVCOM_OBJECT_IUNKNOWN(listener, IHidden)

static HRESULT STDMETHODCALLTYPE listener_Tell(IListener *This, LONG value, LONG *sum)
{
    notes.told_on = this_thread();
    *sum = atomic_fetch_add(&listener_from_IListener(This)->sum, (int)value) + value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE listener_Where(IWhere *This, ULONGLONG *thread)
{
    (void)This;
    *thread = this_thread();
    return S_OK;
}

static const IListenerVtbl listener_vtbl = {listener_IListener_QueryInterface,
                                            listener_IListener_AddRef, listener_IListener_Release,
                                            listener_Tell};
static const IWhereVtbl where_vtbl = {listener_IWhere_QueryInterface, listener_IWhere_AddRef,
                                      listener_IWhere_Release, listener_Where};
static const IHiddenVtbl hidden_vtbl = {listener_IHidden_QueryInterface, listener_IHidden_AddRef,
                                        listener_IHidden_Release};

static void listener_destroy(uvcom_object *object)
{
    notes.ended_on = this_thread();
    notes.listeners--;
    free((struct listener *)object);
    gate_wait(&notes.ended);
}

static const uvcom_interface_entry listener_interfaces[] = {UVCOM_OBJECT_ENTRY(listener, IListener),
                                                            UVCOM_OBJECT_ENTRY(listener, IWhere),
                                                            UVCOM_OBJECT_ENTRY(listener, IHidden)};

static IListener *create(const uvcom_class *class_)
{
    struct listener *listener = calloc(1, sizeof *listener);

    if (!listener)
        return NULL;
    uvcom_object_init(&listener->object, class_);
    listener->IListener_iface.lpVtbl = &listener_vtbl;
    listener->IWhere_iface.lpVtbl = &where_vtbl;
    listener->IHidden_iface.lpVtbl = &hidden_vtbl;
    notes.listeners++;
    return &listener->IListener_iface;
}

IListener *listener_create(void)
{
    static const uvcom_class class_ = {listener_interfaces, COUNT(listener_interfaces),
                                       listener_destroy, 0};

    return create(&class_);
}

IListener *listener_create_agile(void)
{
    static const uvcom_class class_ = {listener_interfaces, COUNT(listener_interfaces),
                                       listener_destroy, UVCOM_CLASS_AGILE};

    return create(&class_);
}

/* ---- the exchange ---- */

struct exchange {
    uvcom_object object;
    IExchange IExchange_iface;
    _Atomic(IListener *) kept; /* one reference */
};

UVCOM_OBJECT_IUNKNOWN(exchange, IExchange)

static struct exchange *enter(IExchange *This)
{
    notes.entered_on = this_thread();
    return exchange_from_IExchange(This);
}

static HRESULT STDMETHODCALLTYPE exchange_Ring(IExchange *This, IListener *who, LONG value,
                                               LONG *sum)
{
    enter(This);
    return IListener_Tell(who, value, sum);
}

static HRESULT STDMETHODCALLTYPE exchange_Keep(IExchange *This, IListener *who)
{
    IListener *before;

    if (who)
        IListener_AddRef(who);
    before = atomic_exchange(&enter(This)->kept, who);
    drop(before);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_RingKept(IExchange *This, LONG value, LONG *sum)
{
    IListener *kept = enter(This)->kept;

    return kept ? IListener_Tell(kept, value, sum) : E_UNEXPECTED;
}

static HRESULT STDMETHODCALLTYPE exchange_Get(IExchange *This, IListener **who)
{
    *who = enter(This)->kept;
    if (*who)
        IListener_AddRef(*who);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_Make(IExchange *This, IListener **who)
{
    enter(This);
    *who = listener_create();
    return *who ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE exchange_MakeLate(IExchange *This, IListener **who)
{
    gate_wait(&notes.gate);
    return exchange_Make(This, who);
}

static HRESULT STDMETHODCALLTYPE exchange_MakeAndFail(IExchange *This, IListener **who)
{
    enter(This);
    *who = listener_create();
    return E_ABORT;
}

static HRESULT STDMETHODCALLTYPE exchange_Swap(IExchange *This, IListener **who)
{
    *who = atomic_exchange(&enter(This)->kept, *who);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_Compare(IExchange *This, IUnknown *one, IUnknown *other,
                                                  LONG *same, LONG *direct)
{
    enter(This);
    *same = are_same(one, other);
    *direct = (const void *)one->lpVtbl == (const void *)&listener_vtbl;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_Hold(IExchange *This, IListener *who)
{
    (void)who;
    enter(This);
    gate_wait(&notes.gate);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_Ask(IExchange *This, REFIID riid, IUnknown **object)
{
    IListener *kept = enter(This)->kept;

    return kept ? IListener_QueryInterface(kept, riid, (void **)object) : E_UNEXPECTED;
}

static HRESULT STDMETHODCALLTYPE exchange_TakeHidden(IExchange *This, IHidden *who)
{
    (void)who;
    enter(This);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE exchange_MakeHidden(IExchange *This, IHidden **who)
{
    IListener *listener = listener_create();

    enter(This);
    *who = listener ? query(listener, &IID_IHidden) : NULL;
    drop(listener);
    return listener ? S_OK : E_OUTOFMEMORY;
}

static const IExchangeVtbl exchange_vtbl = {
    exchange_IExchange_QueryInterface,
    exchange_IExchange_AddRef,
    exchange_IExchange_Release,
    exchange_Ring,
    exchange_Keep,
    exchange_RingKept,
    exchange_Get,
    exchange_Make,
    exchange_MakeLate,
    exchange_MakeAndFail,
    exchange_Swap,
    exchange_Compare,
    exchange_Hold,
    exchange_Ask,
    exchange_TakeHidden,
    exchange_MakeHidden,
};

static void exchange_destroy(uvcom_object *object)
{
    struct exchange *exchange = (struct exchange *)object;

    drop(exchange->kept);
    notes.exchanges--;
    free(exchange);
}

HRESULT exchange_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(exchange, IExchange)};
    static const uvcom_class class_ = {interfaces, 1, exchange_destroy, 0};
    struct exchange *exchange = outer ? NULL : calloc(1, sizeof *exchange);
    HRESULT hr;

    if (!exchange)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&exchange->object, &class_);
    exchange->IExchange_iface.lpVtbl = &exchange_vtbl;
    notes.exchanges++;
    hr = uvcom_object_QueryInterface(&exchange->object, riid, ppv);
    uvcom_object_Release(&exchange->object);
    return hr;
}

/* ---- small things ---- */

void *query(void *object, REFIID iid)
{
    void *found = NULL;

    ck_assert_hr(IUnknown_QueryInterface((IUnknown *)object, iid, &found), S_OK);
    ck_assert_ptr_nonnull(found);
    return found;
}

ULONG drop(void *object)
{
    return object ? IUnknown_Release((IUnknown *)object) : 0;
}

bool are_same(void *one, void *other)
{
    IUnknown *a = query(one, &IID_IUnknown), *b = query(other, &IID_IUnknown);
    const bool same = a == b;

    drop(a);
    drop(b);
    return same;
}

static bool have_ended(void *arg)
{
    bool enough;

    pthread_mutex_lock(&notes.ended.mutex);
    enough = notes.ended.arrived >= *(const size_t *)arg;
    pthread_mutex_unlock(&notes.ended.mutex);
    return enough;
}

/* An object of this apartment ends when what brings its last Release is served. */
void await_ends(size_t count)
{
    struct apartment *here = uvcom__apartment_current();

    if (market.client_is_single && uvcom__apartment_is_here(here))
        while (!have_ended(&count))
            uvcom__apartment_wait(here, have_ended, &count, 0);
    else
        gate_await_arrived(&notes.ended, count);
}

struct run {
    void (*run)(void *arg);
    void *arg;
};

static HRESULT run_here(void *arg)
{
    struct run *run = arg;

    run->run(run->arg);
    return S_OK;
}

void run_in(struct apartment *apartment, void (*run)(void *arg), void *arg)
{
    struct run what = {run, arg};

    ck_assert_hr(uvcom__apartment_invoke(apartment, run_here, &what), S_OK);
}

/* ---- the fixtures ---- */

static void begin(DWORD model, uvcom_apartment_kind kind)
{
    notes_reset();
    market = (struct market){.client_is_single = model == COINIT_APARTMENTTHREADED};
    market.is_direct = !market.client_is_single && kind == UVCOM_APARTMENT_MULTITHREADED;
    ck_assert_hr(CoInitializeEx(NULL, model), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Exchange, exchange_create, kind), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Exchange, NULL, CLSCTX_INPROC_SERVER, &IID_IExchange,
                                  (void **)&market.server),
                 S_OK);
    ck_assert_hr(uvcom_create_call(market.server, &IID_AsyncIExchange, (void **)&market.call),
                 S_OK);
    market.listener = listener_create();
    ck_assert_ptr_nonnull(market.listener);
}

static void end(void)
{
    gate_open(&notes.gate);
    drop(market.listener);
    drop(market.call);
    drop(market.server);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Exchange), S_OK);
    CoUninitialize();
    notes_check();
}

static void single_to_own(void)
{
    begin(COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_OWN);
}

static void single_to_multithreaded(void)
{
    begin(COINIT_APARTMENTTHREADED, UVCOM_APARTMENT_MULTITHREADED);
}

static void multithreaded_to_own(void)
{
    begin(COINIT_MULTITHREADED, UVCOM_APARTMENT_OWN);
}

static void multithreaded_to_multithreaded(void)
{
    begin(COINIT_MULTITHREADED, UVCOM_APARTMENT_MULTITHREADED);
}

static void add_case(Suite *suite, const char *name, void (*begin_)(void),
                     void (*fill)(TCase *tcase))
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, begin_, end);
    fill(tcase);
    suite_add_tcase(suite, tcase);
}

void market_add_cases(Suite *suite, void (*fill)(TCase *tcase))
{
    add_case(suite, "single-threaded to own", single_to_own, fill);
    add_case(suite, "single-threaded to multithreaded", single_to_multithreaded, fill);
    add_case(suite, "multithreaded to own", multithreaded_to_own, fill);
    add_case(suite, "multithreaded to multithreaded", multithreaded_to_multithreaded, fill);
}

void market_add_multithreaded_case(Suite *suite, void (*fill)(TCase *tcase))
{
    add_case(suite, "multithreaded to own", multithreaded_to_own, fill);
}
