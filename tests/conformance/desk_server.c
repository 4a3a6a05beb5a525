/*
 * desk_server.c -- see desk_server.h; ordinary COM objects in C.
 */
#include "tests/conformance/desk_server.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/apartment.h"
#include "tests/conformance/actor.h"
#include "tests/support/assert_hr.h"

struct desk desk;

const CLSID CLSID_Desk = {
    0x9d1e5b01, 0x42c6, 0x4f0b, {0x8a, 0x3e, 0x6b, 0x0c, 0x2f, 0x7a, 0x19, 0x01}};

struct desk_object {
    uvcom_object object;
    IDeskMore IDeskMore_iface;
    ISide ISide_iface;
    IPlain IPlain_iface;
    LONG references; /* of a desk without uvcom_object */
};

UVCOM_OBJECT_IUNKNOWN(desk_object, IDeskMore)
UVCOM_OBJECT_IUNKNOWN(desk_object, ISide)
UVCOM_OBJECT_IUNKNOWN(desk_object, IPlain)

void desk_reset(void)
{
    memset(&desk, 0, sizeof desk);
    gate_init(&desk.gate);
}

void desk_check(void)
{
    const int live = atomic_load(&desk.live);
    const int inside = atomic_load(&desk.inside);

    ck_assert_int_eq(live, 0);
    ck_assert_int_eq(inside, 0);
    gate_fini(&desk.gate);
}

/* ---- the methods ---- */

static void enter(void)
{
    atomic_fetch_add(&desk.entered, 1);
    atomic_store(&desk.thread, this_thread());
    if (atomic_fetch_add(&desk.inside, 1) > 0)
        atomic_fetch_add(&desk.overlaps, 1);
}

static void wait_at_gate(void)
{
    atomic_fetch_add(&desk.held, 1);
    gate_wait(&desk.gate);
}

static HRESULT leave(HRESULT hr)
{
    atomic_fetch_sub(&desk.inside, 1);
    atomic_fetch_add(&desk.left, 1);
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

static HRESULT STDMETHODCALLTYPE desk_Echo(IDeskMore *This, LONG value, LONG *result)
{
    (void)This;
    enter();
    *result = value;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE desk_Hold(IDeskMore *This, LONG value, LONG *result)
{
    (void)This;
    enter();
    wait_at_gate();
    *result = value;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE desk_Fail(IDeskMore *This, LONG code, LONG *value, char **text,
                                           IUnknown **object)
{
    enter();
    *value = 4711;
    copy_text("left by a method that failed", text);
    *object = (IUnknown *)This;
    IUnknown_AddRef(*object);
    return leave((HRESULT)code);
}

static HRESULT STDMETHODCALLTYPE desk_Fill(IDeskMore *This, ULONG room, BYTE *bytes, ULONG *written)
{
    (void)This;
    enter();
    if (room > 0)
        memset(bytes, 0xA5, room);
    *written = room / 2;
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE desk_Read(IDeskMore *This, ULONG count, const LONG *values,
                                           const char *label, LONG *sum, char **copy)
{
    LONG total = 0;

    (void)This;
    enter();
    wait_at_gate();
    for (ULONG i = 0; i < count; i++)
        total += values[i];
    *sum = total;
    return leave(copy_text(label, copy));
}

static HRESULT STDMETHODCALLTYPE desk_Change(IDeskMore *This, LONG *value, char **text)
{
    char *answer = NULL;
    HRESULT hr;

    (void)This;
    enter();
    wait_at_gate();
    *value *= 2;
    hr = copy_text("the server's own text", &answer);
    if (SUCCEEDED(hr)) {
        CoTaskMemFree(*text);
        *text = answer;
    }
    return leave(hr);
}

static HRESULT STDMETHODCALLTYPE desk_Pass(IDeskMore *This, IUnknown *object, IUnknown **same)
{
    (void)This;
    enter();
    wait_at_gate();
    *same = object;
    if (object)
        IUnknown_AddRef(object);
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE desk_Run(IDeskMore *This, LONG number)
{
    (void)This;
    enter();
    return leave(desk.hook ? desk.hook(number) : E_NOTIMPL);
}

static HRESULT STDMETHODCALLTYPE desk_Count(IDeskMore *This, LONG *entered)
{
    (void)This;
    enter();
    *entered = atomic_load(&desk.entered);
    return leave(S_OK);
}

static HRESULT STDMETHODCALLTYPE desk_Negate(ISide *This, LONG value, LONG *result)
{
    (void)This;
    *result = -value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE desk_Spread(ISide *This, LONG seed, ULONG count, LONG *values)
{
    (void)This;
    for (ULONG i = 0; i < count; i++)
        values[i] = seed;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE desk_Answer(IPlain *This, LONG *answer)
{
    (void)This;
    enter();
    *answer = 42;
    return leave(S_OK);
}

/* ---- the desk on uvcom_object ---- */

static void note_query(void)
{
    void (*hook)(void) = atomic_exchange(&desk.query_hook, NULL);

    atomic_fetch_add(&desk.queries, 1);
    if (hook)
        hook();
}

static void note_end(void)
{
    atomic_store(&desk.end_thread, this_thread());
    atomic_fetch_sub(&desk.live, 1);
}

static HRESULT STDMETHODCALLTYPE desk_QueryInterface(IDeskMore *This, REFIID riid, void **ppv)
{
    note_query();
    return desk_object_IDeskMore_QueryInterface(This, riid, ppv);
}

/* The methods, for the vtable of either kind. */
#define DESK_METHODS                                                                               \
    .Echo = desk_Echo, .Hold = desk_Hold, .Fail = desk_Fail, .Fill = desk_Fill, .Read = desk_Read, \
    .Change = desk_Change, .Pass = desk_Pass, .Run = desk_Run, .Count = desk_Count

static const IDeskMoreVtbl more_vtbl = {
    .QueryInterface = desk_QueryInterface,
    .AddRef = desk_object_IDeskMore_AddRef,
    .Release = desk_object_IDeskMore_Release,
    DESK_METHODS,
};

static const ISideVtbl side_vtbl = {
    .QueryInterface = desk_object_ISide_QueryInterface,
    .AddRef = desk_object_ISide_AddRef,
    .Release = desk_object_ISide_Release,
    .Negate = desk_Negate,
    .Spread = desk_Spread,
};

static const IPlainVtbl plain_vtbl = {
    .QueryInterface = desk_object_IPlain_QueryInterface,
    .AddRef = desk_object_IPlain_AddRef,
    .Release = desk_object_IPlain_Release,
    .Answer = desk_Answer,
};

static void desk_destroy(uvcom_object *object)
{
    note_end();
    free((char *)object - offsetof(struct desk_object, object));
}

static const uvcom_interface_entry desk_interfaces[] = {
    UVCOM_OBJECT_ENTRY(desk_object, IDeskMore),
    UVCOM_OBJECT_ENTRY_AS(desk_object, IDeskMore, IDesk),
    UVCOM_OBJECT_ENTRY(desk_object, ISide),
    UVCOM_OBJECT_ENTRY(desk_object, IPlain),
};
static const uvcom_class desk_class = {
    .interfaces = desk_interfaces, .interface_count = 4, .destroy = desk_destroy};
static const uvcom_class silent_class = {.interfaces = desk_interfaces,
                                         .interface_count = 4,
                                         .destroy = desk_destroy,
                                         .flags = UVCOM_CLASS_NO_CALL_FACTORY};

static HRESULT create(const uvcom_class *class_, REFIID riid, void **ppv)
{
    struct desk_object *object = calloc(1, sizeof *object);
    HRESULT hr;

    *ppv = NULL;
    if (!object)
        return E_OUTOFMEMORY;
    uvcom_object_init(&object->object, class_);
    object->IDeskMore_iface.lpVtbl = &more_vtbl;
    object->ISide_iface.lpVtbl = &side_vtbl;
    object->IPlain_iface.lpVtbl = &plain_vtbl;
    atomic_fetch_add(&desk.live, 1);
    atomic_fetch_add(&desk.made, 1);
    hr = uvcom_object_QueryInterface(&object->object, riid, ppv);
    uvcom_object_Release(&object->object);
    return hr;
}

HRESULT desk_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&desk_class, riid, ppv);
}

HRESULT desk_create_silent(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : create(&silent_class, riid, ppv);
}

/* ---- the desk by hand ---- */

static ULONG hand_add_ref(struct desk_object *object)
{
    return (ULONG)__atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
}

static ULONG hand_release(struct desk_object *object)
{
    const LONG left = __atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL);

    if (left == 0) {
        note_end();
        free(object);
    }
    return (ULONG)left;
}

static HRESULT hand_query(struct desk_object *object, REFIID riid, void **ppv)
{
    *ppv = NULL;
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IDesk) ||
        IsEqualIID(riid, &IID_IDeskMore))
        *ppv = &object->IDeskMore_iface;
    else if (IsEqualIID(riid, &IID_ISide))
        *ppv = &object->ISide_iface;
    else if (IsEqualIID(riid, &IID_IPlain))
        *ppv = &object->IPlain_iface;
    if (!*ppv)
        return E_NOINTERFACE;
    hand_add_ref(object);
    return S_OK;
}

#define BY_HAND(interface_)                                                                        \
    static HRESULT STDMETHODCALLTYPE hand_##interface_##_QueryInterface(interface_ *This,          \
                                                                        REFIID riid, void **ppv)   \
    {                                                                                              \
        note_query();                                                                              \
        return hand_query(desk_object_from_##interface_(This), riid, ppv);                         \
    }                                                                                              \
                                                                                                   \
    static ULONG STDMETHODCALLTYPE hand_##interface_##_AddRef(interface_ *This)                    \
    {                                                                                              \
        return hand_add_ref(desk_object_from_##interface_(This));                                  \
    }                                                                                              \
                                                                                                   \
    static ULONG STDMETHODCALLTYPE hand_##interface_##_Release(interface_ *This)                   \
    {                                                                                              \
        return hand_release(desk_object_from_##interface_(This));                                  \
    }

BY_HAND(IDeskMore)
BY_HAND(ISide)
BY_HAND(IPlain)

HRESULT plain_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const IDeskMoreVtbl more = {
        .QueryInterface = hand_IDeskMore_QueryInterface,
        .AddRef = hand_IDeskMore_AddRef,
        .Release = hand_IDeskMore_Release,
        DESK_METHODS,
    };
    static const ISideVtbl side = {
        .QueryInterface = hand_ISide_QueryInterface,
        .AddRef = hand_ISide_AddRef,
        .Release = hand_ISide_Release,
        .Negate = desk_Negate,
        .Spread = desk_Spread,
    };
    static const IPlainVtbl plain = {
        .QueryInterface = hand_IPlain_QueryInterface,
        .AddRef = hand_IPlain_AddRef,
        .Release = hand_IPlain_Release,
        .Answer = desk_Answer,
    };
    struct desk_object *object = outer ? NULL : calloc(1, sizeof *object);
    HRESULT hr;

    *ppv = NULL;
    if (!object)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    object->IDeskMore_iface.lpVtbl = &more;
    object->ISide_iface.lpVtbl = &side;
    object->IPlain_iface.lpVtbl = &plain;
    object->references = 1;
    atomic_fetch_add(&desk.live, 1);
    atomic_fetch_add(&desk.made, 1);
    hr = hand_query(object, riid, ppv);
    hand_release(object);
    return hr;
}

/* ---- the class object ---- */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *This, REFIID riid,
                                                        void **ppv)
{
    const bool known = IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IClassFactory);

    *ppv = known ? This : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE factory_count(IClassFactory *This)
{
    (void)This;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID riid, void **ppv)
{
    (void)This;
    return desk_create(outer, riid, ppv);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This;
    (void)lock;
    return S_OK;
}

IClassFactory *desk_factory(void)
{
    static const IClassFactoryVtbl vtbl = {
        .QueryInterface = factory_QueryInterface,
        .AddRef = factory_count,
        .Release = factory_count,
        .CreateInstance = factory_CreateInstance,
        .LockServer = factory_LockServer,
    };
    static IClassFactory factory = {&vtbl};

    return &factory;
}

/* ---- the witness ---- */

static HRESULT STDMETHODCALLTYPE witness_QueryInterface(IUnknown *This, REFIID riid, void **ppv)
{
    *ppv = IsEqualIID(riid, &IID_IUnknown) ? This : NULL;
    if (!*ppv)
        return E_NOINTERFACE;
    IUnknown_AddRef(This);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE witness_AddRef(IUnknown *This)
{
    struct witness *witness = (struct witness *)This;
    const ULONG references = (ULONG)atomic_fetch_add(&witness->references, 1) + 1;

    if (witness->on_add_ref)
        witness->on_add_ref(witness);
    return references;
}

static ULONG STDMETHODCALLTYPE witness_Release(IUnknown *This)
{
    return (ULONG)atomic_fetch_sub(&((struct witness *)This)->references, 1) - 1;
}

void witness_init(struct witness *witness)
{
    static const IUnknownVtbl vtbl = {
        .QueryInterface = witness_QueryInterface,
        .AddRef = witness_AddRef,
        .Release = witness_Release,
    };

    witness->unknown.lpVtbl = &vtbl;
    atomic_init(&witness->references, 1);
    witness->on_add_ref = NULL;
    witness->context = NULL;
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

/* What another apartment held of an object is given back in this one. */
static void serve_once(void)
{
    struct apartment *here = uvcom__apartment_current();

    if (here && !uvcom__apartment_is_multithreaded(here))
        uvcom__apartment_wait(here, never, NULL, 0);
}

void witness_await(struct witness *witness, int references)
{
    await_value(&witness->references, references);
}

void desk_await_left(int count)
{
    await_value(&desk.left, count);
}

void await_value(atomic_int *value, int wanted)
{
    while (atomic_load(value) != wanted) {
        serve_once();
        sched_yield();
    }
}
