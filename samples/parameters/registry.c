/*
 * registry.c -- an ordinary COM object. What it gives out it allocates with CoTaskMemAlloc; what it
 * takes out of an [in, out] value it frees with CoTaskMemFree; what is [in] it only reads.
 */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include "people.h"

const CLSID CLSID_Registry = {
    0x5d90b301, 0x84c2, 0x4e0f, {0xa1, 0xb6, 0x27, 0xf3, 0xc8, 0xd0, 0x5e, 0x01}};

struct registry {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    IRegistry IRegistry_iface;
    IStatistics IStatistics_iface;
    ULONG sorted;
};

UVCOM_OBJECT_IUNKNOWN(registry, IRegistry)
UVCOM_OBJECT_IUNKNOWN(registry, IStatistics)

static void free_person(person *one)
{
    CoTaskMemFree(one->name);
    CoTaskMemFree(one);
}

static person *copy_person(const person *original)
{
    person *copy = CoTaskMemAlloc(sizeof *copy);

    if (!copy)
        return NULL;
    *copy = (person){.born = original->born};
    if (!original->name)
        return copy;
    copy->name = CoTaskMemAlloc(strlen(original->name) + 1);
    if (!copy->name) {
        free_person(copy);
        return NULL;
    }
    memcpy(copy->name, original->name, strlen(original->name) + 1);
    return copy;
}

static ULONG insert(person **first, person *one)
{
    ULONG place = 1;

    for (; *first && (*first)->born <= one->born; first = &(*first)->next)
        place++;
    one->next = *first;
    *first = one;
    return place;
}

/* A method that fails need not tidy up: what it leaves in *sorted is freed by the runtime. */
static HRESULT STDMETHODCALLTYPE registry_Sort(IRegistry *iface, const person *people,
                                               IProgress *progress, person **sorted)
{
    HRESULT hr = S_OK;

    *sorted = NULL;
    for (; people && SUCCEEDED(hr); people = people->next) {
        person *copy = copy_person(people);
        ULONG place;

        if (!copy)
            return E_OUTOFMEMORY;
        place = insert(sorted, copy);
        registry_from_IRegistry(iface)->sorted++;
        if (progress) /* the client's object, called where it lives */
            hr = IProgress_Placed(progress, people->name, place);
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE registry_Drop(IRegistry *iface, LONG born_before, person **people)
{
    (void)iface;
    while (*people) {
        person *one = *people;

        if (one->born >= born_before) {
            people = &one->next;
            continue;
        }
        *people = one->next;
        free_person(one);
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE registry_QueryMany(IRegistry *iface, ULONG count,
                                                    question *questions)
{
    HRESULT hr = S_OK;

    for (ULONG i = 0; i < count; i++) {
        questions[i].hr = E_INVALIDARG;
        if (questions[i].pIID)
            questions[i].hr =
                IRegistry_QueryInterface(iface, questions[i].pIID, (void **)&questions[i].pItf);
        if (FAILED(questions[i].hr))
            hr = S_FALSE;
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE registry_Sorted(IStatistics *iface, ULONG *people)
{
    *people = registry_from_IStatistics(iface)->sorted;
    return S_OK;
}

/* ---- the object ---- */

static const IRegistryVtbl registry_vtable = {
    .QueryInterface = registry_IRegistry_QueryInterface,
    .AddRef = registry_IRegistry_AddRef,
    .Release = registry_IRegistry_Release,
    .Sort = registry_Sort,
    .Drop = registry_Drop,
    .QueryMany = registry_QueryMany,
};
static const IStatisticsVtbl statistics_vtable = {
    .QueryInterface = registry_IStatistics_QueryInterface,
    .AddRef = registry_IStatistics_AddRef,
    .Release = registry_IStatistics_Release,
    .Sorted = registry_Sorted,
};
static const uvcom_interface_entry registry_interfaces[] = {
    UVCOM_OBJECT_ENTRY(registry, IRegistry),
    UVCOM_OBJECT_ENTRY(registry, IStatistics),
};

static void registry_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct registry */
}

static const uvcom_class registry_class = {
    .interfaces = registry_interfaces,
    .interface_count = 2,
    .destroy = registry_destroy,
};

HRESULT registry_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct registry *registry = outer ? NULL : calloc(1, sizeof *registry);
    HRESULT hr;

    *ppv = NULL;
    if (!registry)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&registry->object, &registry_class);
    registry->IRegistry_iface.lpVtbl = &registry_vtable;
    registry->IStatistics_iface.lpVtbl = &statistics_vtable;
    hr = uvcom_object_QueryInterface(&registry->object, riid, ppv);
    uvcom_object_Release(&registry->object);
    return hr;
}
