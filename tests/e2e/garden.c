/*
 * garden.c -- see garden.h.
 */
#include "garden.h"

#include <stdlib.h>

#include <uvcom/class.h>
#include <uvcom/object.h>

const CLSID CLSID_Grown = {
    0x5b7e2b00, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};
const CLSID CLSID_AgileGrown = {
    0x5b7e2b01, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};
const CLSID CLSID_Taker = {
    0x5b7e2b02, 0x61c3, 0x4f0a, {0x8d, 0x52, 0x93, 0xb1, 0xc4, 0xe7, 0xa0, 0x01}};

struct garden garden;

/* ---- the object ---- */

struct grown {
    uvcom_object object;
    IGrown IGrown_iface;
    IBare IBare_iface;
};

UVCOM_OBJECT_IUNKNOWN(grown, IGrown)
UVCOM_OBJECT_IUNKNOWN(grown, IBare)

static HRESULT STDMETHODCALLTYPE grown_Number(IGrown *This, LONG *number)
{
    (void)This;
    *number = 7;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE grown_Hold(IGrown *This)
{
    (void)This;
    gate_wait(&garden.gate);
    return S_OK;
}

static const IGrownVtbl grown_vtbl = {grown_IGrown_QueryInterface, grown_IGrown_AddRef,
                                      grown_IGrown_Release, grown_Number, grown_Hold};
static const IBareVtbl bare_vtbl = {grown_IBare_QueryInterface, grown_IBare_AddRef,
                                    grown_IBare_Release};

static void grown_destroy(uvcom_object *object)
{
    void (*at_end)(void) = atomic_exchange(&garden.at_end, NULL);

    if (at_end)
        at_end();
    free((struct grown *)object);
    garden.live--;
}

static const uvcom_interface_entry grown_interfaces[] = {
    UVCOM_OBJECT_ENTRY(grown, IGrown), UVCOM_OBJECT_ENTRY_AS(grown, IGrown, IRoot),
    UVCOM_OBJECT_ENTRY(grown, IBare)};

static IGrown *create(const uvcom_class *class_)
{
    struct grown *grown = calloc(1, sizeof *grown);

    ck_assert_ptr_nonnull(grown);
    uvcom_object_init(&grown->object, class_);
    grown->IGrown_iface.lpVtbl = &grown_vtbl;
    grown->IBare_iface.lpVtbl = &bare_vtbl;
    garden.live++;
    return &grown->IGrown_iface;
}

IGrown *grown_create(void)
{
    static const uvcom_class class_ = {grown_interfaces, 3, grown_destroy, 0};

    return create(&class_);
}

IGrown *grown_create_agile(void)
{
    static const uvcom_class class_ = {grown_interfaces, 3, grown_destroy, UVCOM_CLASS_AGILE};

    return create(&class_);
}

static HRESULT give(IGrown *made, REFIID riid, void **ppv)
{
    HRESULT hr = IGrown_QueryInterface(made, riid, ppv);

    garden_drop(made);
    return hr;
}

static HRESULT create_grown(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : give(grown_create(), riid, ppv);
}

static HRESULT create_agile(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : give(grown_create_agile(), riid, ppv);
}

/* ---- the taker ---- */

struct taker {
    uvcom_object object;
    ITaker ITaker_iface;
};

UVCOM_OBJECT_IUNKNOWN(taker, ITaker)

static HRESULT STDMETHODCALLTYPE taker_Mark(ITaker *This, LONG mark)
{
    (void)This;
    garden.marks[garden.count++] = mark;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE taker_Take(ITaker *This, LONG mark, IRoot *root)
{
    return root ? taker_Mark(This, mark) : E_UNEXPECTED;
}

static HRESULT STDMETHODCALLTYPE taker_Make(ITaker *This, IRoot **root)
{
    (void)This;
    return give(grown_create(), &IID_IRoot, (void **)root);
}

static const ITakerVtbl taker_vtbl = {taker_ITaker_QueryInterface,
                                      taker_ITaker_AddRef,
                                      taker_ITaker_Release,
                                      taker_Take,
                                      taker_Mark,
                                      taker_Make};

static void taker_destroy(uvcom_object *object)
{
    free((struct taker *)object);
    garden.live--;
}

static HRESULT create_taker(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(taker, ITaker)};
    static const uvcom_class class_ = {interfaces, 1, taker_destroy, 0};
    struct taker *taker = outer ? NULL : calloc(1, sizeof *taker);
    HRESULT hr;

    if (!taker)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&taker->object, &class_);
    taker->ITaker_iface.lpVtbl = &taker_vtbl;
    garden.live++;
    hr = uvcom_object_QueryInterface(&taker->object, riid, ppv);
    uvcom_object_Release(&taker->object);
    return hr;
}

/* ---- the fixture ---- */

void garden_begin(void)
{
    garden = (struct garden){.grown = NULL};
    gate_init(&garden.gate);
    ck_assert_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Grown, create_grown, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_AgileGrown, create_agile, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(uvcom_register_class(&CLSID_Taker, create_taker, UVCOM_APARTMENT_OWN), S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Grown, NULL, CLSCTX_INPROC_SERVER, &IID_IGrown,
                                  (void **)&garden.grown),
                 S_OK);
    ck_assert_hr(CoCreateInstance(&CLSID_Taker, NULL, CLSCTX_INPROC_SERVER, &IID_ITaker,
                                  (void **)&garden.taker),
                 S_OK);
}

void garden_end(void)
{
    gate_open(&garden.gate);
    garden_drop(garden.grown);
    garden_drop(garden.taker);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Grown), S_OK);
    ck_assert_hr(uvcom_unregister_class(&CLSID_AgileGrown), S_OK);
    ck_assert_hr(uvcom_unregister_class(&CLSID_Taker), S_OK);
    CoUninitialize();
    ck_assert_int_eq(garden.live, 0);
    gate_fini(&garden.gate);
}

void *garden_query(void *object, REFIID iid)
{
    void *found = NULL;

    ck_assert_hr(IUnknown_QueryInterface((IUnknown *)object, iid, &found), S_OK);
    return found;
}

ULONG garden_drop(void *object)
{
    return object ? IUnknown_Release((IUnknown *)object) : 0;
}

struct visitor {
    void (*run)(void);
};

static void *visit(void *arg)
{
    ((struct visitor *)arg)->run();
    return NULL;
}

void garden_run_nowhere(void (*run)(void))
{
    struct visitor visitor = {run};
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, visit, &visitor), 0);
    pthread_join(thread, NULL);
}
