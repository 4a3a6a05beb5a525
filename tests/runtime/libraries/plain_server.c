/*
 * plain_server.c -- a server library written by hand, without the runtime's help: a class object in
 * static memory and objects that count themselves.
 *
 * Compiled into several libraries, with parts of it left out.
 */
#include "plain_server.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The export that is left out has another name. */
#ifdef PLAIN_NO_CLASS_OBJECT
#define DllGetClassObject DllGetSomethingElse
#endif
#ifdef PLAIN_NO_CAN_UNLOAD
#define DllCanUnloadNow DllCanDoSomethingElse
#endif
#include <uvcom/library.h>

#include "place.h"

/* The library is linked with nothing that has these. */
#define SAME(a, b) (memcmp((a), (b), sizeof(GUID)) == 0)
#define C046 0xC0, 0, 0, 0, 0, 0, 0, 0x46
static const IID id_unknown = {0, 0, 0, {C046}};
static const IID id_factory = {1, 0, 0, {C046}};
static const IID id_agile = {
    0x94ea2b94, 0xe9cc, 0x49e0, {0xc0, 0xff, 0xee, 0x64, 0xca, 0x8f, 0x5b, 0x90}};
static const IID id_place = {
    0x8f1c6a40, 0x3d53, 0x4d0e, {0x8b, 0x0b, 0x52, 0xa1, 0xc7, 0xc0, 0xe9, 0x01}};

#ifdef PLAIN_UNRESOLVED
extern int what_nobody_has;
int *plain_needs = &what_nobody_has;
#endif

/* So that the linker does not leave out the library that has it. */
#ifdef PLAIN_LEANING
extern int of_the_other __asm__("DllGetClassObject");
int *plain_leans_on = &of_the_other;
#endif

__attribute__((destructor)) static void unloaded(void)
{
    atomic_fetch_add(&plain.unloads, 1);
}

/* ---- objects ---- */

struct object {
    IPlace IPlace_iface;
    atomic_uint references;
};

static struct object *object_of(IPlace *This)
{
    return (struct object *)(void *)This;
}

static ULONG STDMETHODCALLTYPE object_AddRef(IPlace *This)
{
    return atomic_fetch_add(&object_of(This)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE object_Release(IPlace *This)
{
    const ULONG left = atomic_fetch_sub(&object_of(This)->references, 1) - 1;

    if (left > 0)
        return left;
    atomic_store(&plain.ended_on, plain.thread());
    free(object_of(This));
    atomic_fetch_sub(&plain.objects, 1);
    return 0;
}

static HRESULT STDMETHODCALLTYPE object_QueryInterface(IPlace *This, REFIID riid, void **ppv)
{
    *ppv = NULL;
    if (!SAME(riid, &id_unknown) && !SAME(riid, &id_place) &&
        !(plain.is_agile && SAME(riid, &id_agile)))
        return E_NOINTERFACE;
    object_AddRef(This);
    *ppv = This;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE object_GetThread(IPlace *This, ULONG *thread)
{
    (void)This;
    *thread = plain.thread();
    return plain.hook ? plain.hook() : S_OK;
}

static const IPlaceVtbl object_vtbl = {object_QueryInterface, object_AddRef, object_Release,
                                       object_GetThread};

static HRESULT make_object(IUnknown *outer, REFIID riid, void **ppv)
{
    struct object *object = malloc(sizeof *object);
    HRESULT hr;

    *ppv = NULL;
    if (!object)
        return E_OUTOFMEMORY;
    object->IPlace_iface.lpVtbl = &object_vtbl;
    atomic_init(&object->references, 1);
    atomic_fetch_add(&plain.objects, 1);
    atomic_store(&plain.made_on, plain.thread());
    atomic_store(&plain.latest, object);
    atomic_store(&plain.outer, outer);
    hr = object_QueryInterface(&object->IPlace_iface, riid, ppv);
    object_Release(&object->IPlace_iface);
    return hr;
}

/* ---- loading ---- */

static const uvcom_class class_ = {.flags = UVCOM_CLASS_NO_CALL_FACTORY};

__attribute__((constructor)) static void loaded(void)
{
    atomic_fetch_add(&plain.loads, 1);
    if (plain.load_hook)
        plain.load_hook(make_object, &class_);
}

/* ---- the class object ---- */

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *This)
{
    (void)This;
    return (ULONG)atomic_fetch_add(&plain.class_objects, 1) + 1;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *This)
{
    (void)This;
    return (ULONG)atomic_fetch_sub(&plain.class_objects, 1) - 1;
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *This, REFIID riid,
                                                        void **ppv)
{
    *ppv = NULL;
    if (plain.makes_by_query && SAME(riid, &id_place))
        return make_object(NULL, riid, ppv);
    if (!SAME(riid, &id_unknown) && !SAME(riid, &id_factory))
        return E_NOINTERFACE;
    factory_AddRef(This);
    *ppv = This;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID riid, void **ppv)
{
    (void)This;
    return make_object(outer, riid, ppv);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This;
    atomic_fetch_add(&plain.locks, lock ? 1 : -1);
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {factory_QueryInterface, factory_AddRef,
                                               factory_Release, factory_CreateInstance,
                                               factory_LockServer};

/* ---- a thread ---- */

static pthread_t thread;
static atomic_int thread_state; /* 1: it runs; 2: it is about to end */

static void *thread_main(void *argument)
{
    (void)argument;
    gate_wait(&plain.gate);
    atomic_store(&thread_state, 2);
    return NULL;
}

static bool thread_is_over(void)
{
    if (atomic_load(&thread_state) == 1)
        return false;
    if (atomic_exchange(&thread_state, 0) == 2)
        pthread_join(thread, NULL);
    return true;
}

/* ---- the exports ---- */

HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID riid, void **ppv)
{
    static IClassFactory factory = {&factory_vtbl};

    atomic_store(&plain.given_on, plain.thread());
    if (plain.gives_nothing)
        return S_OK; /* and *ppv is not touched */
    *ppv = NULL;
    if (clsid->Data1 == PLAIN_UNKNOWN_CLASS)
        return CLASS_E_CLASSNOTAVAILABLE;
    if (plain.has_thread && atomic_exchange(&thread_state, 1) == 0 &&
        pthread_create(&thread, NULL, thread_main, NULL) != 0)
        abort();
    if (FAILED(plain.class_object))
        return plain.class_object;
    return factory_QueryInterface(&factory, riid, ppv);
}

HRESULT STDMETHODCALLTYPE DllCanUnloadNow(void)
{
    bool is_used;

    atomic_fetch_add(&plain.asked, 1);
    gate_wait(&plain.unload_gate);
    is_used = atomic_load(&plain.objects) > 0 || atomic_load(&plain.class_objects) > 0 ||
              atomic_load(&plain.locks) > 0;
    if (plain.asked_hook && FAILED(plain.asked_hook()))
        return S_FALSE;
    if (!thread_is_over())
        return S_FALSE;
    return is_used && !plain.is_careless ? S_FALSE : S_OK;
}
