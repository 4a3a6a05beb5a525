/*
 * census.c -- the server: an ordinary COM object that knows nothing of asynchrony. It remembers
 * which threads its methods ran on, which a server of a user's own has no reason to do.
 */
#include "census.h"

#include <pthread.h>
#include <stdlib.h>

struct census {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    ICensus ICensus_iface;
    enum office office;
};

static const CLSID class_ids[OFFICE_COUNT] = {
    {0x5e0c7a11, 0x9f42, 0x4d3b, {0x8a, 0x6d, 0x31, 0x0b, 0xc4, 0x77, 0x2e, 0x01}},
    {0x5e0c7a12, 0x9f42, 0x4d3b, {0x8a, 0x6d, 0x31, 0x0b, 0xc4, 0x77, 0x2e, 0x01}},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned threads[OFFICE_COUNT]; /* under the lock */

/* Methods of one object run on many threads at once in the multithreaded apartment: what they share
   needs a lock. In the other office they never overlap. */
static void note_thread(enum office office)
{
    static _Thread_local int is_known;

    if (is_known)
        return;
    is_known = 1;
    pthread_mutex_lock(&lock);
    threads[office]++;
    pthread_mutex_unlock(&lock);
}

unsigned census_threads(enum office office)
{
    unsigned count;

    pthread_mutex_lock(&lock);
    count = threads[office];
    pthread_mutex_unlock(&lock);
    return count;
}

UVCOM_OBJECT_IUNKNOWN(census, ICensus)

static HRESULT STDMETHODCALLTYPE census_Count(ICensus *iface, LONG district, LONG *people)
{
    note_thread(census_from_ICensus(iface)->office);
    *people = 1000 + district;
    return S_OK;
}

static const ICensusVtbl census_vtable = {
    .QueryInterface = census_ICensus_QueryInterface,
    .AddRef = census_ICensus_AddRef,
    .Release = census_ICensus_Release,
    .Count = census_Count,
};

static const uvcom_interface_entry census_interfaces[] = {UVCOM_OBJECT_ENTRY(census, ICensus)};

static void census_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct census */
}

static const uvcom_class census_class = {
    .interfaces = census_interfaces,
    .interface_count = 1,
    .destroy = census_destroy,
};

static HRESULT create(enum office office, IUnknown *outer, REFIID riid, void **ppv)
{
    struct census *census;
    HRESULT hr;

    *ppv = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    census = calloc(1, sizeof *census);
    if (!census)
        return E_OUTOFMEMORY;
    uvcom_object_init(&census->object, &census_class);
    census->ICensus_iface.lpVtbl = &census_vtable;
    census->office = office;
    hr = uvcom_object_QueryInterface(&census->object, riid, ppv);
    uvcom_object_Release(&census->object);
    return hr;
}

static HRESULT create_with_one_thread(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(ONE_THREAD, outer, riid, ppv);
}

static HRESULT create_with_many_threads(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(MANY_THREADS, outer, riid, ppv);
}

HRESULT census_register(void)
{
    HRESULT hr =
        uvcom_register_class(&class_ids[ONE_THREAD], create_with_one_thread, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = uvcom_register_class(&class_ids[MANY_THREADS], create_with_many_threads,
                                  UVCOM_APARTMENT_MULTITHREADED);
    return hr;
}

HRESULT census_open(enum office office, ICensus **census)
{
    return CoCreateInstance(&class_ids[office], NULL, CLSCTX_INPROC_SERVER, &IID_ICensus,
                            (void **)census);
}
