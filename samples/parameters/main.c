/*
 * main.c -- the client of the sample: a list, an array of structs with interface pointers and an
 * object of its own cross to another apartment and back, in a plain call and in two halves.
 */
#include <stdio.h>
#include <string.h>

#include <uvcom/uvcom.h>

#include "host.h"
#include "listener.h"
#include "people.h"
#include "registry.h"

static void print_people(const char *title, const person *first)
{
    printf("%s", title);
    for (; first; first = first->next)
        printf(" %s (%d)", first->name, first->born);
    puts("");
}

/* What a server has given out is the client's to free. */
static void free_people(person *first)
{
    while (first) {
        person *next = first->next;

        CoTaskMemFree(first->name);
        CoTaskMemFree(first);
        first = next;
    }
}

/* The plain form. The list is the client's before and after; here it is on the stack. */
static HRESULT sort_plainly(IRegistry *registry, IProgress *progress)
{
    char grace[] = "Grace", ada[] = "Ada";
    person second = {ada, 1815, NULL}, first = {grace, 1906, &second};
    person *sorted;
    HRESULT hr = IRegistry_Sort(registry, &first, progress, &sorted);

    printf("Sort: %s\n", uvcom_hresult_describe(hr));
    if (FAILED(hr))
        return hr;
    print_people("  sorted:", sorted);
    free_people(sorted);
    return hr;
}

/* In two halves. Begin_Sort has copied the whole list, so it may go before the server looks. */
static HRESULT begin_sort(AsyncIRegistry *call, IProgress *progress)
{
    char name[] = "Edsger";
    person only = {name, 1930, NULL};
    HRESULT hr = AsyncIRegistry_Begin_Sort(call, &only, progress);

    memset(name, '?', sizeof name);
    only.next = &only;
    return hr;
}

/* Finish_Drop has a slot of its own: what Begin_Drop was given stays the client's. */
static HRESULT drop_in_two_halves(AsyncIRegistry *call, person *people)
{
    person *left = NULL;
    HRESULT hr = AsyncIRegistry_Begin_Drop(call, 1900, &people);

    if (SUCCEEDED(hr))
        hr = AsyncIRegistry_Finish_Drop(call, &left);
    printf("Drop: %s\n", uvcom_hresult_describe(hr));
    print_people("  before:", people);
    print_people("  after:", left);
    free_people(left);
    return hr;
}

static HRESULT sort_in_two_halves(IRegistry *registry, IProgress *progress)
{
    AsyncIRegistry *call;
    char alan[] = "Alan", ada[] = "Ada";
    person second = {ada, 1815, NULL}, first = {alan, 1912, &second};
    person *sorted;
    HRESULT hr = uvcom_create_call(registry, &IID_AsyncIRegistry, (void **)&call);

    if (FAILED(hr))
        return hr;
    hr = begin_sort(call, progress);
    if (SUCCEEDED(hr))
        hr = AsyncIRegistry_Finish_Sort(call, &sorted);
    printf("Begin_Sort, Finish_Sort: %s\n", uvcom_hresult_describe(hr));
    if (SUCCEEDED(hr)) {
        print_people("  sorted:", sorted);
        free_people(sorted);
        hr = drop_in_two_halves(call, &first);
    }
    AsyncIRegistry_Release(call);
    return hr;
}

/* Each pointer that comes back is good here, and has a reference that is ours. */
static void print_answer(const question *answer)
{
    ULONG people = 0;

    printf("  %s\n", uvcom_hresult_describe(answer->hr));
    if (!answer->pItf)
        return;
    if (IsEqualIID(answer->pIID, &IID_IStatistics)) {
        IStatistics_Sorted((IStatistics *)answer->pItf, &people);
        printf("  %u people were sorted\n", people);
    }
    IUnknown_Release(answer->pItf);
}

static HRESULT ask_for_many(IRegistry *registry)
{
    question questions[] = {{.pIID = &IID_IStatistics}, {.pIID = &IID_IProgress}};
    HRESULT hr = IRegistry_QueryMany(registry, 2, questions);

    printf("QueryMany: %s\n", uvcom_hresult_describe(hr));
    for (size_t i = 0; SUCCEEDED(hr) && i < 2; i++)
        print_answer(&questions[i]);
    return hr;
}

static HRESULT use(IRegistry *registry)
{
    IProgress *progress = listener_create();
    HRESULT hr = progress ? sort_plainly(registry, progress) : E_OUTOFMEMORY;

    if (SUCCEEDED(hr))
        hr = sort_in_two_halves(registry, progress);
    if (SUCCEEDED(hr))
        hr = ask_for_many(registry);
    if (progress)
        IProgress_Release(progress);
    return hr;
}

static HRESULT run(void)
{
    IRegistry *registry;
    HRESULT hr = uvcom_register_class(&CLSID_Registry, registry_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_Registry, NULL, CLSCTX_INPROC_SERVER, &IID_IRegistry,
                              (void **)&registry);
    if (FAILED(hr))
        return hr;
    hr = use(registry);
    IRegistry_Release(registry);
    return hr;
}

int main(void)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return 1;
    hr = run();
    if (SUCCEEDED(hr))
        hr = visit_party();
    CoUninitialize();
    return FAILED(hr);
}
