/*
 * test_two_interfaces.c -- an IDL with two interfaces, inheritance and sized arrays of structs,
 * with a server and a client as a user writes them.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include <uvcom/uvcom.h>

#include "store.h"
#include "tests/support/assert_hr.h"
#include "tests/support/runner.h"

enum { CAPACITY = 100 };

static const CLSID CLSID_Store = {0x71f0c3c0, 0x52f4, 0x4b1e, {1, 1, 2, 3, 5, 8, 13, 21}};

/* ---- the server ---------------------------------------------------------------------------------
 */

struct store {
    uvcom_object object;
    IPricedStore IPricedStore_iface;
    ITEM items[CAPACITY];
    ULONG count;
};

UVCOM_OBJECT_IUNKNOWN(store, IPricedStore)

static atomic_int live;

static HRESULT STDMETHODCALLTYPE store_Add(IPricedStore *This, const ITEM *items, ULONG count,
                                           ULONG *total)
{
    struct store *store = store_from_IPricedStore(This);

    if (count > CAPACITY - store->count)
        return E_OUTOFMEMORY;
    for (ULONG i = 0; i < count; i++)
        store->items[store->count++] = items[i];
    *total = store->count;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE store_List(IPricedStore *This, ULONG first, ULONG room,
                                            ITEM *items, ULONG *count)
{
    struct store *store = store_from_IPricedStore(This);

    *count = 0;
    while (*count < room && first + *count < store->count) {
        items[*count] = store->items[first + *count];
        (*count)++;
    }
    return *count == room ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE store_Total(IPricedStore *This, double *total)
{
    struct store *store = store_from_IPricedStore(This);

    *total = 0;
    for (ULONG i = 0; i < store->count; i++)
        *total += store->items[i].price;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE store_Discount(IPricedStore *This, double *factor)
{
    struct store *store = store_from_IPricedStore(This);
    double dearest = 0;

    for (ULONG i = 0; i < store->count; i++) {
        store->items[i].price *= *factor;
        if (store->items[i].price > dearest)
            dearest = store->items[i].price;
    }
    *factor = dearest;
    return S_OK;
}

static const IPricedStoreVtbl store_vtbl = {
    .QueryInterface = store_IPricedStore_QueryInterface,
    .AddRef = store_IPricedStore_AddRef,
    .Release = store_IPricedStore_Release,
    .Add = store_Add,
    .List = store_List,
    .Total = store_Total,
    .Discount = store_Discount,
};

static void store_destroy(uvcom_object *object)
{
    atomic_fetch_sub(&live, 1);
    free((struct store *)(void *)object);
}

static HRESULT store_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(store, IPricedStore),
        UVCOM_OBJECT_ENTRY_AS(store, IPricedStore, IStore),
    };
    static const uvcom_class class_ = {interfaces, 2, store_destroy, 0};
    struct store *store = calloc(1, sizeof *store);
    HRESULT hr;

    (void)outer;
    *ppv = NULL;
    if (!store)
        return E_OUTOFMEMORY;
    uvcom_object_init(&store->object, &class_);
    store->IPricedStore_iface.lpVtbl = &store_vtbl;
    atomic_fetch_add(&live, 1);
    hr = uvcom_object_QueryInterface(&store->object, riid, ppv);
    uvcom_object_Release(&store->object);
    return hr;
}

/* ---- the client ---------------------------------------------------------------------------------
 */

static IStore *store;

static void open_store(void)
{
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Store, store_create, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(
        CoCreateInstance(&CLSID_Store, NULL, CLSCTX_INPROC_SERVER, &IID_IStore, (void **)&store),
        S_OK);
}

static void close_store(void)
{
    IStore_Release(store);
    CoUninitialize();
    ck_assert_hr(uvcom_unregister_class(&CLSID_Store), S_OK);
    ck_assert_int_eq(atomic_load(&live), 0);
}

static void fill(AsyncIStore *call, LONG count)
{
    ITEM items[CAPACITY];
    ULONG total = 0;

    for (LONG i = 0; i < count; i++)
        items[i] = (ITEM){i, 1.5 * i};
    ck_assert_hr(AsyncIStore_Begin_Add(call, items, (ULONG)count), S_OK);
    ck_assert_hr(AsyncIStore_Finish_Add(call, &total), S_OK);
    ck_assert_uint_eq(total, (ULONG)count);
}

START_TEST(arrays_of_structs_go_in_and_come_out)
{
    AsyncIStore *call;
    ITEM items[8] = {{0, 0}};
    ULONG count = 0;

    ck_assert_hr(uvcom_create_call(store, &IID_AsyncIStore, (void **)&call), S_OK);
    fill(call, 10);
    ck_assert_hr(AsyncIStore_Begin_List(call, 3, 4), S_OK);
    ck_assert_hr(uvcom_wait(call, INFINITE), S_OK);
    ck_assert_hr(AsyncIStore_Finish_List(call, items, &count), S_OK);
    ck_assert_uint_eq(count, 4);
    for (LONG i = 0; i < 4; i++) {
        ck_assert_int_eq(items[i].id, 3 + i);
        ck_assert_double_eq(items[i].price, 1.5 * (3 + i));
    }
    ck_assert_int_eq(items[4].id, 0);
    AsyncIStore_Release(call);
}
END_TEST

/* Fewer than there was room for: the rest of the caller's array stays. */
START_TEST(der_08_only_what_the_server_wrote_is_handed_over)
{
    AsyncIStore *call;
    ITEM items[8];
    ULONG count = 0;

    ck_assert_hr(uvcom_create_call(store, &IID_AsyncIStore, (void **)&call), S_OK);
    fill(call, 10);
    for (int i = 0; i < 8; i++)
        items[i].id = -1;
    ck_assert_hr(AsyncIStore_Begin_List(call, 8, 8), S_OK);
    ck_assert_hr(AsyncIStore_Finish_List(call, items, &count), S_FALSE);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(items[1].id, 9);
    ck_assert_int_eq(items[2].id, -1);
    AsyncIStore_Release(call);
}
END_TEST

START_TEST(com_04_the_derived_interface_carries_the_inherited_methods)
{
    AsyncIPricedStore *call;
    AsyncIStore *base;
    double total = 0, price = 2;

    ck_assert_hr(uvcom_create_call(store, &IID_AsyncIPricedStore, (void **)&call), S_OK);
    ck_assert_hr(AsyncIPricedStore_QueryInterface(call, &IID_AsyncIStore, (void **)&base), S_OK);
    fill(base, 4);
    ck_assert_hr(AsyncIPricedStore_Begin_Total(call), S_OK);
    ck_assert_hr(AsyncIPricedStore_Finish_Total(call, &total), S_OK);
    ck_assert_double_eq(total, 9.0);
    ck_assert_hr(AsyncIPricedStore_Begin_Discount(call, &price), S_OK);
    ck_assert_hr(AsyncIPricedStore_Finish_Discount(call, &price), S_OK);
    ck_assert_double_eq(price, 9.0);
    AsyncIStore_Release(base);
    AsyncIPricedStore_Release(call);
}
END_TEST

/* Without call objects: the proxies. */
START_TEST(both_interfaces_called_plainly)
{
    const ITEM item = {1, 10.0};
    IPricedStore *priced;
    ITEM listed = {0, 0};
    ULONG count = 0;
    double total = 0;

    ck_assert_hr(IStore_QueryInterface(store, &IID_IPricedStore, (void **)&priced), S_OK);
    ck_assert_hr(IStore_Add(store, &item, 1, &count), S_OK);
    ck_assert_hr(IPricedStore_Add(priced, &item, 1, &count), S_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_hr(IPricedStore_Total(priced, &total), S_OK);
    ck_assert_double_eq(total, 20.0);
    ck_assert_hr(IStore_List(store, 1, 1, &listed, &count), S_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(listed.id, 1);
    IPricedStore_Release(priced);
}
END_TEST

static Suite *two_interfaces_suite(void)
{
    Suite *suite = suite_create("two_interfaces");
    TCase *tcase = tcase_create("a store");

    tcase_add_checked_fixture(tcase, open_store, close_store);
    tcase_add_test(tcase, arrays_of_structs_go_in_and_come_out);
    tcase_add_test(tcase, der_08_only_what_the_server_wrote_is_handed_over);
    tcase_add_test(tcase, com_04_the_derived_interface_carries_the_inherited_methods);
    tcase_add_test(tcase, both_interfaces_called_plainly);
    suite_add_tcase(suite, tcase);
    return suite;
}

UVCOM_TEST_MAIN(two_interfaces_suite)
