/*
 * gated_server.c -- see gated_server.h; an ordinary COM object in C on uvcom_object.
 */
#include "gated_server.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/apartment.h"
#include "tests/support/assert_hr.h"

struct gated gated;

const CLSID CLSID_Gated = {
    0x3c0f5a01, 0x7d5b, 0x4d6e, {0x9c, 0x11, 0x20, 0xa4, 0xb6, 0xf0, 0xd1, 0x01}};

struct gated_object {
    uvcom_object object;
    IGatedMore IGatedMore_iface;
    ISide ISide_iface;
    IPlain IPlain_iface;
};

UVCOM_OBJECT_IUNKNOWN(gated_object, IGatedMore)
UVCOM_OBJECT_IUNKNOWN(gated_object, ISide)
UVCOM_OBJECT_IUNKNOWN(gated_object, IPlain)

uintptr_t gated_this_thread(void)
{
    return (uintptr_t)pthread_self();
}

void gated_reset(void)
{
    memset(&gated, 0, sizeof gated);
    gate_init(&gated.gate);
    gate_init(&gated.left);
    gate_open(&gated.left);
}

void gated_check(void)
{
    const int live = atomic_load(&gated.live);
    const int factories = atomic_load(&gated.factories);
    const int inside = atomic_load(&gated.inside);

    ck_assert_int_eq(live, 0);
    ck_assert_int_eq(factories, 0);
    ck_assert_int_eq(inside, 0);
    gate_fini(&gated.gate);
    gate_fini(&gated.left);
}

/* ---- the methods ---- */

static void enter(void)
{
    atomic_fetch_add(&gated.entered, 1);
    atomic_store(&gated.thread, gated_this_thread());
    if (atomic_fetch_add(&gated.inside, 1) > 0)
        atomic_fetch_add(&gated.overlaps, 1);
}

static HRESULT leave(HRESULT hr)
{
    atomic_fetch_sub(&gated.inside, 1);
    gate_wait(&gated.left);
    return hr;
}

/* For a string that the client will free. */
static HRESULT copy_text(const char *text, char **copy)
{
    const size_t size = strlen(text) + 1;

    *copy = CoTaskMemAlloc(size);
    if (!*copy)
        return E_OUTOFMEMORY;
    memcpy(*copy, text, size);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gated_Enter(IGatedMore *This, LONG value, LONG *result)
{
    (void)This;
    enter();
    gate_wait(&gated.gate);
    *result = value;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Add(IGatedMore *This, LONG a, LONG b, LONG *sum)
{
    (void)This;
    enter();
    *sum = a + b;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Fail(IGatedMore *This, LONG code, LONG *value, char **text)
{
    (void)This;
    enter();
    *value = 4711;
    copy_text("left by a method that failed", text);
    return leave((HRESULT)code);
}

static HRESULT STDMETHODCALLTYPE gated_Fill(IGatedMore *This, ULONG room, BYTE *bytes,
                                            ULONG *written)
{
    (void)This;
    enter();
    if (room > 0)
        memset(bytes, 0xA5, room);
    *written = room + gated.claimed;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Sum(IGatedMore *This, ULONG count, const LONG *values,
                                           const char *label, LONG *sum, char **copy)
{
    LONG total = 0;

    (void)This;
    enter();
    gate_wait(&gated.gate);
    for (ULONG i = 0; i < count; i++)
        total += values[i];
    *sum = total;
    return leave(copy_text(label, copy));
}

static HRESULT STDMETHODCALLTYPE gated_Twice(IGatedMore *This, LONG *value)
{
    (void)This;
    enter();
    *value *= 2;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Hold(IGatedMore *This, IUnknown *object, IUnknown **same)
{
    (void)This;
    enter();
    gate_wait(&gated.gate);
    *same = object;
    if (object)
        object->lpVtbl->AddRef(object);
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Run(IGatedMore *This, LONG number)
{
    (void)This;
    enter();
    return leave(gated.hook ? gated.hook(number) : E_NOTIMPL);
}

static HRESULT STDMETHODCALLTYPE gated_Take(IGatedMore *This, IUnknown *object, const char *label)
{
    (void)This;
    (void)object;
    (void)label;
    enter();
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Count(IGatedMore *This, LONG *entered)
{
    (void)This;
    enter();
    *entered = atomic_load(&gated.entered);
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE gated_Negate(ISide *This, LONG value, LONG *result)
{
    (void)This;
    *result = -value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gated_Spread(ISide *This, LONG seed, ULONG count, LONG *values)
{
    (void)This;
    for (ULONG i = 0; i < count; i++)
        values[i] = seed;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gated_Answer(IPlain *This, LONG *answer)
{
    (void)This;
    enter();
    *answer = 42;
    return leave(S_OK);
}

/* ---- the object ---- */

static HRESULT STDMETHODCALLTYPE gated_QueryInterface(IGatedMore *This, REFIID riid, void **ppv)
{
    void (*hook)(void) = atomic_exchange(&gated.query_hook, NULL);

    atomic_fetch_add(&gated.queries, 1);
    atomic_store(&gated.query_thread, gated_this_thread());
    if (hook)
        hook();
    if (atomic_load(&gated.lies)) {
        *ppv = NULL;
        return S_OK;
    }
    return gated_object_IGatedMore_QueryInterface(This, riid, ppv);
}

static const IGatedMoreVtbl more_vtbl = {
    .QueryInterface = gated_QueryInterface,
    .AddRef = gated_object_IGatedMore_AddRef,
    .Release = gated_object_IGatedMore_Release,
    .Enter = gated_Enter,
    .Add = gated_Add,
    .Fail = gated_Fail,
    .Fill = gated_Fill,
    .Sum = gated_Sum,
    .Twice = gated_Twice,
    .Hold = gated_Hold,
    .Run = gated_Run,
    .Take = gated_Take,
    .Count = gated_Count,
};

static const ISideVtbl side_vtbl = {
    .QueryInterface = gated_object_ISide_QueryInterface,
    .AddRef = gated_object_ISide_AddRef,
    .Release = gated_object_ISide_Release,
    .Negate = gated_Negate,
    .Spread = gated_Spread,
};

static const IPlainVtbl plain_vtbl = {
    .QueryInterface = gated_object_IPlain_QueryInterface,
    .AddRef = gated_object_IPlain_AddRef,
    .Release = gated_object_IPlain_Release,
    .Answer = gated_Answer,
};

static void gated_destroy(uvcom_object *object)
{
    /* Objects may end in two apartments at a time. */
    void (*hook)(void) = atomic_exchange(&gated.end_hook, NULL);

    atomic_store(&gated.end_thread, gated_this_thread());
    atomic_fetch_sub(&gated.live, 1);
    free((char *)object - offsetof(struct gated_object, object));
    if (hook)
        hook();
}

static const uvcom_interface_entry gated_interfaces[] = {
    UVCOM_OBJECT_ENTRY(gated_object, IGatedMore),
    UVCOM_OBJECT_ENTRY_AS(gated_object, IGatedMore, IGated),
    UVCOM_OBJECT_ENTRY(gated_object, ISide),
    UVCOM_OBJECT_ENTRY(gated_object, IPlain),
};
static const uvcom_class gated_class = {gated_interfaces, 4, gated_destroy, 0};
static const uvcom_class silent_class = {gated_interfaces, 4, gated_destroy,
                                         UVCOM_CLASS_NO_CALL_FACTORY};

static HRESULT create(const uvcom_class *class_, REFIID riid, void **ppv)
{
    struct gated_object *gated_object = calloc(1, sizeof *gated_object);
    HRESULT hr;

    *ppv = NULL;
    if (!gated_object)
        return E_OUTOFMEMORY;
    uvcom_object_init(&gated_object->object, class_);
    gated_object->IGatedMore_iface.lpVtbl = &more_vtbl;
    gated_object->ISide_iface.lpVtbl = &side_vtbl;
    gated_object->IPlain_iface.lpVtbl = &plain_vtbl;
    atomic_fetch_add(&gated.live, 1);
    hr = uvcom_object_QueryInterface(&gated_object->object, riid, ppv);
    uvcom_object_Release(&gated_object->object);
    return hr;
}

HRESULT gated_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&gated_class, riid, ppv);
}

HRESULT gated_create_silent(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&silent_class, riid, ppv);
}

/* ---- its class object ---- */

struct gated_factory {
    uvcom_object object;
    IClassFactory IClassFactory_iface;
};

UVCOM_OBJECT_IUNKNOWN(gated_factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID riid, void **ppv)
{
    (void)This;
    return gated_create(outer, riid, ppv);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This;
    (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    .QueryInterface = gated_factory_IClassFactory_QueryInterface,
    .AddRef = gated_factory_IClassFactory_AddRef,
    .Release = gated_factory_IClassFactory_Release,
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

static void factory_destroy(uvcom_object *object)
{
    atomic_fetch_sub(&gated.factories, 1);
    free((char *)object - offsetof(struct gated_factory, object));
}

IClassFactory *gated_factory(void)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(gated_factory, IClassFactory)};
    static const uvcom_class class_ = {interfaces, 1, factory_destroy, 0};
    struct gated_factory *factory = calloc(1, sizeof *factory);

    ck_assert_ptr_nonnull(factory);
    uvcom_object_init(&factory->object, &class_);
    factory->IClassFactory_iface.lpVtbl = &factory_vtbl;
    atomic_fetch_add(&gated.factories, 1);
    return &factory->IClassFactory_iface;
}

/* ---- the witness ---- */

static HRESULT STDMETHODCALLTYPE witness_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    *ppv = IsEqualIID(riid, &IID_IUnknown) ? This : NULL;
    if (!*ppv)
        return E_NOINTERFACE;
    This->lpVtbl->AddRef(This);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE witness_AddRef(IUnknown *This)
{
    return (ULONG)atomic_fetch_add(&((struct witness *)This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE witness_Release(IUnknown *This)
{
    return (ULONG)atomic_fetch_sub(&((struct witness *)This)->references, 1) - 1;
}

static const IUnknownVtbl witness_vtbl = {
    .QueryInterface = witness_QueryInterface,
    .AddRef = witness_AddRef,
    .Release = witness_Release,
};

void witness_init(struct witness *witness)
{
    witness->unknown.lpVtbl = &witness_vtbl;
    atomic_init(&witness->references, 1);
}

int witness_references(struct witness *witness)
{
    return atomic_load(&witness->references);
}

static bool never(void *arg)
{
    (void)arg;
    return false;
}

/* What another apartment held of it is given back in this one. */
void witness_await(struct witness *witness, int references)
{
    struct apartment *here = uvcom__apartment_current();

    while (atomic_load(&witness->references) != references) {
        if (here && !uvcom__apartment_is_multithreaded(here))
            uvcom__apartment_wait(here, never, NULL, 0);
        sched_yield();
    }
}
