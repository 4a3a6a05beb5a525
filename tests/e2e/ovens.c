/*
 * ovens.c -- see ovens.h: the object, its jobs, and the styles with a table of Start_ functions.
 */
#include "ovens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/assert_hr.h"

struct bakery bakery;

const CLSID CLSID_Bakery = {
    0x6a5c1d01, 0x93e2, 0x4b7e, {0x8f, 0x41, 0x5d, 0x2a, 0x7c, 0x90, 0xe3, 0x01}};

struct bakery_object {
    uvcom_object object;
    IBakeryMore IBakeryMore_iface;
    ICleaner ICleaner_iface;
    ICallFactory ICallFactory_iface;
};

UVCOM_OBJECT_IUNKNOWN(bakery_object, IBakeryMore)
UVCOM_OBJECT_IUNKNOWN(bakery_object, ICleaner)
UVCOM_OBJECT_IUNKNOWN(bakery_object, ICallFactory)

uintptr_t bakery_this_thread(void)
{
    return (uintptr_t)pthread_self();
}

void bakery_reset(enum bakery_style style)
{
    memset(&bakery, 0, sizeof bakery);
    bakery.style = style;
    bakery.at_once = style == BAKERY_LATE;
    pthread_mutex_init(&bakery.mutex, NULL);
    pthread_cond_init(&bakery.changed, NULL);
    bakery.last = &bakery.first;
}

void bakery_check(void)
{
    while (bakery.dropped) {
        struct job *job = bakery.dropped;

        bakery.dropped = job->next;
        order_signal(job);
    }
    ck_assert_int_eq(atomic_load(&bakery.live), 0);
    ck_assert_int_eq(atomic_load(&bakery.orders), 0);
    ck_assert_ptr_null(bakery.first);
    pthread_cond_destroy(&bakery.changed);
    pthread_mutex_destroy(&bakery.mutex);
}

/* ---- jobs ---- */

static char *copy_text(const char *before, const char *text, const char *after)
{
    const size_t size = strlen(before) + strlen(text) + strlen(after) + 1;
    char *copy = CoTaskMemAlloc(size);

    if (copy)
        snprintf(copy, size, "%s%s%s", before, text, after);
    return copy;
}

struct job *job_create(enum bakery_method method, LONG number, const char *text, IUnknown *thing)
{
    struct job *job = calloc(1, sizeof *job);

    if (!job)
        return NULL;
    job->method = method;
    job->number = number;
    job->text = text ? copy_text("", text, "") : NULL;
    if (text && !job->text) {
        free(job);
        return NULL;
    }
    job->thing = thing;
    if (thing)
        IUnknown_AddRef(thing);
    return job;
}

void job_destroy(struct job *job)
{
    CoTaskMemFree(job->text);
    CoTaskMemFree(job->label);
    free(job);
}

HRESULT job_do(struct job *job)
{
    if (job->method == BAKE)
        job->number *= 2;
    if (job->method == CHANGE)
        job->number++;
    if (job->method == COUNT)
        job->number = atomic_load(&bakery.begins) + atomic_load(&bakery.runs);
    if (job->text)
        job->label = copy_text("(", job->text, ")");
    return job->text && !job->label ? E_OUTOFMEMORY : S_OK;
}

HRESULT job_offer(struct job *job)
{
    if (bakery.at_once)
        return bakery_end(job, S_OK);
    pthread_mutex_lock(&bakery.mutex);
    *bakery.last = job;
    bakery.last = &job->next;
    pthread_cond_broadcast(&bakery.changed);
    pthread_mutex_unlock(&bakery.mutex);
    return S_OK;
}

struct job *bakery_take(void)
{
    struct job *job;

    pthread_mutex_lock(&bakery.mutex);
    while (!bakery.first)
        pthread_cond_wait(&bakery.changed, &bakery.mutex);
    job = bakery.first;
    bakery.first = job->next;
    if (!bakery.first)
        bakery.last = &bakery.first;
    pthread_mutex_unlock(&bakery.mutex);
    job->next = NULL;
    return job;
}

int bakery_waiting(void)
{
    int count = 0;

    pthread_mutex_lock(&bakery.mutex);
    for (const struct job *job = bakery.first; job; job = job->next)
        count++;
    pthread_mutex_unlock(&bakery.mutex);
    return count;
}

/* Where a Start_ function was told to put it. */
static void fill_places(struct job *job)
{
    if (job->method == LABEL)
        *(char **)job->places[0] = job->label;
    else if (job->method == WRAP)
        *(IUnknown **)job->places[0] = job->thing;
    else
        *(LONG *)job->places[0] = job->number;
    if (job->method == CHANGE) {
        CoTaskMemFree(*(char **)job->places[1]);
        *(char **)job->places[1] = job->label;
    }
    job->label = NULL;
    job->thing = NULL;
}

HRESULT bakery_end(struct job *job, HRESULT hr)
{
    uvcom_operation *operation = job->operation;
    HRESULT done;

    if (!operation)
        return order_end(job, hr);
    atomic_fetch_add(&bakery.signals, 1);
    done = job_do(job);
    /* A thing that is not given out must be released at home: it goes out with the failure. */
    if (SUCCEEDED(done))
        fill_places(job);
    hr = uvcom_operation_complete(operation, FAILED(done) ? done : hr);
    job_destroy(job);
    uvcom_operation_release(operation);
    return hr;
}

void bakery_drop(struct job *job)
{
    uvcom_operation *operation = job->operation;

    if (!operation) {
        job->next = bakery.dropped;
        bakery.dropped = job;
        order_drop(job);
        return;
    }
    if (job->thing)
        fill_places(job);
    job_destroy(job);
    uvcom_operation_release(operation);
}

/* ---- the synchronous methods ---- */

static HRESULT run(struct job *job, HRESULT hr)
{
    atomic_fetch_add(&bakery.runs, 1);
    if (SUCCEEDED(hr))
        fill_places(job);
    if (job->thing)
        IUnknown_Release(job->thing);
    job_destroy(job);
    return hr;
}

static HRESULT STDMETHODCALLTYPE bakery_Bake(IBakeryMore *This, LONG dough, LONG *bread)
{
    struct job *job = job_create(BAKE, dough, NULL, NULL);

    (void)This;
    if (!job)
        return E_OUTOFMEMORY;
    job->places[0] = bread;
    return run(job, job_do(job));
}

static HRESULT STDMETHODCALLTYPE bakery_Label(IBakeryMore *This, const char *text, char **label)
{
    struct job *job = job_create(LABEL, 0, text, NULL);

    (void)This;
    if (!job)
        return E_OUTOFMEMORY;
    job->places[0] = label;
    return run(job, job_do(job));
}

static HRESULT STDMETHODCALLTYPE bakery_Wrap(IBakeryMore *This, IUnknown *thing, IUnknown **wrapped)
{
    struct job *job = job_create(WRAP, 0, NULL, thing);

    (void)This;
    if (!job)
        return E_OUTOFMEMORY;
    job->places[0] = wrapped;
    return run(job, job_do(job));
}

static HRESULT STDMETHODCALLTYPE bakery_Change(IBakeryMore *This, LONG *count, char **text)
{
    struct job *job = job_create(CHANGE, *count, *text, NULL);

    (void)This;
    if (!job)
        return E_OUTOFMEMORY;
    job->places[0] = count;
    job->places[1] = text;
    return run(job, job_do(job));
}

static HRESULT STDMETHODCALLTYPE bakery_Count(IBakeryMore *This, LONG *count)
{
    (void)This;
    *count = atomic_load(&bakery.begins) + atomic_fetch_add(&bakery.runs, 1) + 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE bakery_Clean(ICleaner *This, LONG *times)
{
    (void)This;
    *times = atomic_fetch_add(&bakery.cleanings, 1) + 1;
    return S_OK;
}

/* ---- the Start_ functions ---- */

/* Hands a new job over. What `thing` is in it goes to its place with the results, or back here. */
static HRESULT start(struct job *job, uvcom_operation *operation, void *first, void *second)
{
    atomic_fetch_add(&bakery.begins, 1);
    atomic_store(&bakery.begin_thread, bakery_this_thread());
    if (bakery.hook)
        bakery.hook();
    if (job && SUCCEEDED(bakery.begin_hr)) {
        job->operation = operation;
        job->places[0] = first;
        job->places[1] = second;
        job_offer(job);
        return S_OK;
    }
    if (!job)
        return E_OUTOFMEMORY;
    if (job->thing)
        IUnknown_Release(job->thing);
    job_destroy(job);
    return bakery.begin_hr;
}

static HRESULT STDMETHODCALLTYPE start_Bake(IBakeryMore *This, uvcom_operation *operation,
                                            LONG dough, LONG *bread)
{
    (void)This;
    return start(job_create(BAKE, dough, NULL, NULL), operation, bread, NULL);
}

static HRESULT STDMETHODCALLTYPE start_Label(IBakeryMore *This, uvcom_operation *operation,
                                             const char *text, char **label)
{
    (void)This;
    return start(job_create(LABEL, 0, text, NULL), operation, label, NULL);
}

static HRESULT STDMETHODCALLTYPE start_Wrap(IBakeryMore *This, uvcom_operation *operation,
                                            IUnknown *thing, IUnknown **wrapped)
{
    (void)This;
    return start(job_create(WRAP, 0, NULL, thing), operation, wrapped, NULL);
}

static HRESULT STDMETHODCALLTYPE start_Change(IBakeryMore *This, uvcom_operation *operation,
                                              LONG *count, char **text)
{
    (void)This;
    return start(job_create(CHANGE, *count, *text, NULL), operation, count, text);
}

/* Count has none: the method itself is run. */
const AsyncIBakeryMoreServer bakery_starts = {
    .Start_Bake = start_Bake,
    .Start_Label = start_Label,
    .Start_Wrap = start_Wrap,
    .Start_Change = start_Change,
};

/* ---- the object ---- */

static HRESULT STDMETHODCALLTYPE bakery_CreateCall(ICallFactory *This, REFIID riid,
                                                   IUnknown *pCtrlUnk, REFIID riid2, IUnknown **ppv)
{
    struct bakery_object *object = bakery_object_from_ICallFactory(This);
    IBakeryMore *server = &object->IBakeryMore_iface;

    atomic_fetch_add(&bakery.creates, 1);
    if (pCtrlUnk)
        atomic_fetch_add(&bakery.outers, 1);
    *ppv = NULL;
    if (FAILED(bakery.create_hr))
        return bakery.create_hr;
    if (bakery.style == BAKERY_CALL)
        return AsyncIBakeryMore_CreateCall(&bakery_starts, server, pCtrlUnk, riid2, ppv);
    if (!IsEqualIID(riid, &IID_AsyncIBakery))
        return E_NOINTERFACE;
    return order_create(bakery.stands_alone ? NULL : pCtrlUnk, riid2, ppv);
}

static const IBakeryMoreVtbl more_vtbl = {
    .QueryInterface = bakery_object_IBakeryMore_QueryInterface,
    .AddRef = bakery_object_IBakeryMore_AddRef,
    .Release = bakery_object_IBakeryMore_Release,
    .Bake = bakery_Bake,
    .Label = bakery_Label,
    .Wrap = bakery_Wrap,
    .Change = bakery_Change,
    .Count = bakery_Count,
};

static const ICleanerVtbl cleaner_vtbl = {
    .QueryInterface = bakery_object_ICleaner_QueryInterface,
    .AddRef = bakery_object_ICleaner_AddRef,
    .Release = bakery_object_ICleaner_Release,
    .Clean = bakery_Clean,
};

static const ICallFactoryVtbl factory_vtbl = {
    .QueryInterface = bakery_object_ICallFactory_QueryInterface,
    .AddRef = bakery_object_ICallFactory_AddRef,
    .Release = bakery_object_ICallFactory_Release,
    .CreateCall = bakery_CreateCall,
};

static void bakery_destroy(uvcom_object *object)
{
    atomic_fetch_sub(&bakery.live, 1);
    free(object);
}

static const uvcom_interface_entry by_starts[] = {
    UVCOM_OBJECT_ASYNC_ENTRY(bakery_object, IBakeryMore, &bakery_starts),
    UVCOM_OBJECT_ENTRY_AS(bakery_object, IBakeryMore, IBakery),
    UVCOM_OBJECT_ENTRY(bakery_object, ICleaner),
};
static const uvcom_interface_entry by_factory[] = {
    UVCOM_OBJECT_ENTRY(bakery_object, IBakeryMore),
    UVCOM_OBJECT_ENTRY_AS(bakery_object, IBakeryMore, IBakery),
    UVCOM_OBJECT_ENTRY(bakery_object, ICleaner),
    UVCOM_OBJECT_ENTRY(bakery_object, ICallFactory),
};
static const uvcom_class starts_class = {
    .interfaces = by_starts, .interface_count = 3, .destroy = bakery_destroy};
static const uvcom_class factory_class = {
    .interfaces = by_factory, .interface_count = 4, .destroy = bakery_destroy};

HRESULT bakery_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct bakery_object *object = outer ? NULL : calloc(1, sizeof *object);
    HRESULT hr;

    *ppv = NULL;
    if (!object)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&object->object,
                      bakery.style == BAKERY_STARTS ? &starts_class : &factory_class);
    object->IBakeryMore_iface.lpVtbl = &more_vtbl;
    object->ICleaner_iface.lpVtbl = &cleaner_vtbl;
    object->ICallFactory_iface.lpVtbl = &factory_vtbl;
    atomic_fetch_add(&bakery.live, 1);
    hr = uvcom_object_QueryInterface(&object->object, riid, ppv);
    uvcom_object_Release(&object->object);
    return hr;
}
