/*
 * interface_table.c -- IGlobalInterfaceTable: agile pointers by number.
 *
 * There is one table in the process, an object that is never made and never ends. An entry is
 * counted, so that a pointer can be fetched, which calls out, while another thread revokes it.
 *
 * Entries belong to the process's runtime, known by its multithreaded apartment: when its last
 * thread leaves, another one may already have begun the next.
 */
#include "runtime/interface_table.h"

#include <uvcom/combase.h>

#include "runtime/agile.h"
#include "runtime/apartment.h"
#include "runtime/count.h"
#include "runtime/platform.h"

#define BUCKET_BITS 10
#define BUCKET_COUNT (1u << BUCKET_BITS)

struct entry {
    struct entry *next; /* in its bucket, by cookie */
    DWORD cookie;
    uvcom__atomic32 references;
    struct apartment *owner; /* one reference */
    struct agile_pointer pointer;
};

const CLSID CLSID_StdGlobalInterfaceTable = {
    0x00000323, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};

static struct {
    struct uvcom__lock lock;
    DWORD last_cookie;
    struct entry *buckets[BUCKET_COUNT];
} table;

/* ---- entries ---- */

static void entry_release(struct entry *entry)
{
    if (uvcom__count_down(&entry->references) != 0)
        return;
    uvcom__agile_drop(&entry->pointer);
    uvcom__apartment_release(entry->owner);
    uvcom__free(entry);
}

static struct entry **find_locked(DWORD cookie)
{
    struct entry **link = &table.buckets[cookie % BUCKET_COUNT];

    while (*link && (*link)->cookie != cookie)
        link = &(*link)->next;
    return link;
}

/* A cookie comes again after four thousand million others, and never while it is in use. */
static DWORD keep(struct entry *entry)
{
    struct entry **end;

    uvcom__lock_acquire(&table.lock);
    do {
        entry->cookie = ++table.last_cookie;
        end = find_locked(entry->cookie);
    } while (*end || entry->cookie == 0);
    *end = entry;
    uvcom__lock_release(&table.lock);
    return entry->cookie;
}

/* With a reference. */
static struct entry *get(DWORD cookie)
{
    struct entry *entry;

    uvcom__lock_acquire(&table.lock);
    entry = *find_locked(cookie);
    if (entry)
        uvcom__count_up(&entry->references);
    uvcom__lock_release(&table.lock);
    return entry;
}

/* With the table's reference. */
static struct entry *take(DWORD cookie)
{
    struct entry **link, *entry;

    uvcom__lock_acquire(&table.lock);
    link = find_locked(cookie);
    entry = *link;
    if (entry)
        *link = entry->next;
    uvcom__lock_release(&table.lock);
    return entry;
}

static struct entry *take_of(const struct apartment *owner, unsigned bucket)
{
    struct entry **link = &table.buckets[bucket], *entry;

    uvcom__lock_acquire(&table.lock);
    while (*link && (*link)->owner != owner)
        link = &(*link)->next;
    entry = *link;
    if (entry)
        *link = entry->next;
    uvcom__lock_release(&table.lock);
    return entry;
}

void uvcom__interface_table_drop(const struct apartment *multithreaded)
{
    struct entry *entry;

    for (unsigned bucket = 0; bucket < BUCKET_COUNT; bucket++)
        while ((entry = take_of(multithreaded, bucket)) != NULL)
            entry_release(entry);
}

static HRESULT entry_create(IUnknown *pointer, REFIID iid, struct entry **entry)
{
    struct apartment *owner;
    struct entry *made;
    HRESULT hr;

    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    hr = uvcom__apartment_multithreaded(&owner);
    if (FAILED(hr))
        return hr;
    made = uvcom__alloc(sizeof *made);
    hr = made ? uvcom__agile_pack(pointer, iid, &made->pointer) : E_OUTOFMEMORY;
    /* Only the thread that closes it is left then, and it drops what is there for the last time. */
    if (SUCCEEDED(hr) && uvcom__apartment_is_closed(owner)) {
        uvcom__agile_drop(&made->pointer);
        hr = RPC_E_DISCONNECTED;
    }
    if (FAILED(hr)) {
        uvcom__free(made);
        uvcom__apartment_release(owner);
        return hr;
    }
    made->owner = owner;
    uvcom__store32(&made->references, 1, UVCOM__RELAXED);
    *entry = made;
    return S_OK;
}

/* ---- the object ---- */

static HRESULT STDMETHODCALLTYPE table_QueryInterface(IGlobalInterfaceTable *This, REFIID riid,
                                                      void **ppv)
{
    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IAgileObject) &&
        !IsEqualIID(riid, &IID_IGlobalInterfaceTable))
        return E_NOINTERFACE;
    *ppv = This;
    return S_OK;
}

/* It is not counted: there is no end to it. */
static ULONG STDMETHODCALLTYPE table_AddRef(IGlobalInterfaceTable *This)
{
    (void)This;
    return 2;
}

static ULONG STDMETHODCALLTYPE table_Release(IGlobalInterfaceTable *This)
{
    (void)This;
    return 1;
}

static HRESULT STDMETHODCALLTYPE table_Register(IGlobalInterfaceTable *This, IUnknown *pUnk,
                                                REFIID riid, DWORD *pdwCookie)
{
    struct entry *entry;
    HRESULT hr;

    (void)This;
    if (!pdwCookie)
        return E_INVALIDARG;
    *pdwCookie = 0;
    if (!pUnk || !riid)
        return E_INVALIDARG;
    hr = entry_create(pUnk, riid, &entry);
    if (SUCCEEDED(hr))
        *pdwCookie = keep(entry);
    return hr;
}

static HRESULT STDMETHODCALLTYPE table_Revoke(IGlobalInterfaceTable *This, DWORD dwCookie)
{
    struct entry *entry;

    (void)This;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* the lock may be held for ever */
    entry = take(dwCookie);
    if (!entry)
        return E_INVALIDARG;
    entry_release(entry);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE table_Get(IGlobalInterfaceTable *This, DWORD dwCookie, REFIID riid,
                                           void **ppv)
{
    struct entry *entry;
    HRESULT hr;

    (void)This;
    if (!ppv)
        return E_INVALIDARG;
    *ppv = NULL;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    entry = riid ? get(dwCookie) : NULL;
    if (!entry)
        return E_INVALIDARG;
    hr = uvcom__agile_unpack(&entry->pointer, riid, ppv);
    entry_release(entry);
    return hr;
}

static const IGlobalInterfaceTableVtbl table_vtbl = {
    table_QueryInterface, table_AddRef, table_Release, table_Register, table_Revoke, table_Get,
};

static IGlobalInterfaceTable the_table = {&table_vtbl};

/* ---- its class ---- */

HRESULT uvcom__interface_table_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return outer ? CLASS_E_NOAGGREGATION : table_QueryInterface(&the_table, riid, ppv);
}
