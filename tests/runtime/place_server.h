/*
 * place_server.h -- the server of the activation tests: an object that tells where it lives, a
 * class object for it, and a thread with an apartment that serves until it is told to end.
 *
 * All counters are the process's: a test's fixture starts them with place_reset, and its end checks
 * that no object was left behind.
 */
#ifndef TESTS_RUNTIME_PLACE_SERVER_H
#define TESTS_RUNTIME_PLACE_SERVER_H

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <uvcom/class.h>
#include <uvcom/combase.h>
#include <uvcom/object.h>

#include "place.h"
#include "runtime/apartment.h"
#include "runtime/platform.h"
#include "tests/support/assert_hr.h"

/* ---- what happened ---- */

static struct {
    uvcom__atomic32 live;         /* objects that exist */
    uvcom__atomic32 made;         /* objects that were ever made */
    uvcom__atomic32 made_on;      /* thread of the latest one */
    uvcom__atomic32 destroyed_on; /* thread of the latest end */
    uvcom__atomic32 factories;    /* class objects that exist */
    uvcom__atomic32 factory_destroyed_on;
    uvcom__atomic32 locks; /* LockServer(TRUE) less LockServer(FALSE) */
    IUnknown *outer;       /* what the latest creation was given */
} places;

static inline uint32_t place_thread(void)
{
    return (uint32_t)uvcom__thread_id();
}

static inline uint32_t place_get(const uvcom__atomic32 *counter)
{
    return uvcom__load32(counter, UVCOM__ACQUIRE);
}

static inline void place_reset(void)
{
    memset(&places, 0, sizeof places);
}

/* The end of a test: nothing was left behind. */
static inline void place_check(void)
{
    ck_assert_uint_eq(place_get(&places.live), 0);
    ck_assert_uint_eq(place_get(&places.factories), 0);
    ck_assert_uint_eq(place_get(&places.locks), 0);
}

/* ---- the object ---- */

struct place {
    uvcom_object object;
    IPlace IPlace_iface;
};

UVCOM_OBJECT_IUNKNOWN(place, IPlace)

static HRESULT STDMETHODCALLTYPE place_GetThread(IPlace *This, ULONG *thread)
{
    (void)This;
    *thread = place_thread();
    return S_OK;
}

static const IPlaceVtbl place_vtbl = {place_IPlace_QueryInterface, place_IPlace_AddRef,
                                      place_IPlace_Release, place_GetThread};

static void place_destroy(uvcom_object *object)
{
    uvcom__store32(&places.destroyed_on, place_thread(), UVCOM__RELEASE);
    uvcom__add32(&places.live, -1, UVCOM__ACQ_REL);
    uvcom__free((struct place *)(void *)object);
}

static HRESULT place_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(place, IPlace)};
    static const uvcom_class class_ = {interfaces, 1, place_destroy, 0};
    struct place *place = uvcom__alloc(sizeof *place);
    HRESULT hr;

    if (!place)
        return E_OUTOFMEMORY;
    places.outer = outer;
    uvcom_object_init(&place->object, &class_);
    place->IPlace_iface.lpVtbl = &place_vtbl;
    uvcom__add32(&places.live, 1, UVCOM__ACQ_REL);
    uvcom__add32(&places.made, 1, UVCOM__ACQ_REL);
    uvcom__store32(&places.made_on, place_thread(), UVCOM__RELEASE);
    hr = uvcom_object_QueryInterface(&place->object, riid, ppv);
    uvcom_object_Release(&place->object);
    return hr;
}

/* The thread that GetThread runs on when it is called through this pointer. */
static inline uint32_t place_thread_of(IPlace *place)
{
    ULONG thread = 0;

    ck_assert_hr(place->lpVtbl->GetThread(place, &thread), S_OK);
    return thread;
}

/* ---- its class object ---- */

struct place_factory {
    uvcom_object object;
    IClassFactory IClassFactory_iface;
};

UVCOM_OBJECT_IUNKNOWN(place_factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE place_factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                              REFIID riid, void **ppv)
{
    (void)This;
    return place_create(outer, riid, ppv);
}

static HRESULT STDMETHODCALLTYPE place_factory_LockServer(IClassFactory *This, BOOL lock)
{
    (void)This;
    uvcom__add32(&places.locks, lock ? 1 : -1, UVCOM__ACQ_REL);
    return S_OK;
}

static const IClassFactoryVtbl place_factory_vtbl = {
    place_factory_IClassFactory_QueryInterface,
    place_factory_IClassFactory_AddRef,
    place_factory_IClassFactory_Release,
    place_factory_CreateInstance,
    place_factory_LockServer,
};

static void place_factory_destroy(uvcom_object *object)
{
    uvcom__store32(&places.factory_destroyed_on, place_thread(), UVCOM__RELEASE);
    uvcom__add32(&places.factories, -1, UVCOM__ACQ_REL);
    uvcom__free((struct place_factory *)(void *)object);
}

/* One reference. */
static inline IClassFactory *place_factory_create(void)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(place_factory, IClassFactory)};
    static const uvcom_class class_ = {interfaces, 1, place_factory_destroy, 0};
    struct place_factory *factory = uvcom__alloc(sizeof *factory);

    ck_assert_ptr_nonnull(factory);
    uvcom_object_init(&factory->object, &class_);
    factory->IClassFactory_iface.lpVtbl = &place_factory_vtbl;
    uvcom__add32(&places.factories, 1, UVCOM__ACQ_REL);
    return &factory->IClassFactory_iface;
}

/* Registers a new one, which the registration alone keeps. */
static inline HRESULT place_register(REFCLSID clsid, DWORD *cookie)
{
    IClassFactory *factory = place_factory_create();
    HRESULT hr = CoRegisterClassObject(clsid, (IUnknown *)factory, CLSCTX_INPROC_SERVER,
                                       REGCLS_MULTIPLEUSE, cookie);

    factory->lpVtbl->Release(factory);
    return hr;
}

/* ---- a thread that serves ---- */

struct station {
    pthread_t thread;
    DWORD model;                            /* COINIT_ */
    void (*open)(struct station *station);  /* on the thread, before it serves; NULL: nothing */
    void (*close)(struct station *station); /* and after; NULL: nothing */
    const CLSID *clsid;
    DWORD cookie;
    void *context;               /* of open and close */
    HRESULT hr;                  /* of open, for the test to look at */
    uint32_t left;               /* class objects that close saw */
    struct apartment *apartment; /* borrowed while it serves */
    uint32_t number;             /* of the thread */
    uvcom__atomic32 serving;
    uvcom__atomic32 ended;
};

static inline bool station_is_ended(void *arg)
{
    const struct station *station = arg;

    return place_get(&station->ended) != 0;
}

static inline void *station_run(void *arg)
{
    struct station *station = arg;

    if (FAILED(CoInitializeEx(NULL, station->model)))
        abort();
    station->number = place_thread();
    station->apartment = uvcom__apartment_current();
    if (station->open)
        station->open(station);
    uvcom__store32(&station->serving, 1, UVCOM__RELEASE);
    uvcom__futex_wake(&station->serving);
    if (station->model == COINIT_APARTMENTTHREADED)
        uvcom__apartment_wait(station->apartment, station_is_ended, station, UVCOM__FOREVER);
    while (!station_is_ended(station))
        uvcom__futex_wait(&station->ended, 0, UVCOM__FOREVER);
    if (station->close)
        station->close(station);
    CoUninitialize();
    return NULL;
}

static inline void station_start(struct station *station)
{
    ck_assert_int_eq(pthread_create(&station->thread, NULL, station_run, station), 0);
    while (!place_get(&station->serving))
        uvcom__futex_wait(&station->serving, 0, UVCOM__FOREVER);
}

static inline void station_end(struct station *station)
{
    uvcom__apartment_add_ref(station->apartment);
    uvcom__store32(&station->ended, 1, UVCOM__RELEASE);
    uvcom__futex_wake(&station->ended);
    uvcom__apartment_wake(station->apartment);
    uvcom__apartment_release(station->apartment);
    pthread_join(station->thread, NULL);
}

#endif
