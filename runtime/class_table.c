/*
 * class_table.c -- the table of registered classes, and the counts of its entries.
 *
 * A hash table of fixed size: classes are few, and a lookup must keep the lock for a few
 * instructions only. Each bucket is a list in the order of registration. A cookie carries the
 * number of its bucket, so that a registration is found by it without walking the table.
 *
 * Does not know what a registration means: see class_register.c (who adds and withdraws) and
 * class_object.c (which apartment, and the objects).
 */
#include "runtime/class_table.h"

#include "runtime/count.h"

#define BUCKET_BITS 6
#define BUCKET_COUNT (1u << BUCKET_BITS)
#define SERIAL_MAX (UINT32_MAX >> BUCKET_BITS)

static struct {
    struct uvcom__lock lock;
    uint32_t serial; /* of the cookie that was given out last */
    struct class_entry *buckets[BUCKET_COUNT];
} table;

/* ---- the entry ---- */

struct class_entry *uvcom__class_entry_alloc(REFCLSID clsid)
{
    struct class_entry *entry = uvcom__alloc(sizeof *entry);

    if (!entry)
        return NULL;
    entry->clsid = *clsid;
    uvcom__store32(&entry->refs, 1, UVCOM__RELAXED);
    return entry;
}

void uvcom__class_entry_add_ref(struct class_entry *entry)
{
    uvcom__count_up(&entry->refs);
}

void uvcom__class_entry_release(struct class_entry *entry)
{
    if (uvcom__count_down(&entry->refs) != 0)
        return;
    if (entry->home)
        uvcom__apartment_release(entry->home);
    /* Only our reference: the thread of the apartment may be in the middle of objects' calls. */
    if (entry->own)
        uvcom__apartment_release(entry->own);
    uvcom__free(entry);
}

IUnknown *uvcom__class_entry_hold(struct class_entry *entry)
{
    uint32_t holds = uvcom__load32(&entry->holds, UVCOM__RELAXED);

    /* Never from 0: the class object is being released by whoever took the last hold away. */
    while (holds != 0) {
        if (uvcom__cas32(&entry->holds, &holds, holds + 1, UVCOM__ACQUIRE))
            return entry->object;
    }
    return NULL;
}

void uvcom__class_entry_drop(struct class_entry *entry)
{
    if (uvcom__add32(&entry->holds, -1, UVCOM__ACQ_REL) == 1)
        entry->object->lpVtbl->Release(entry->object);
}

void uvcom__class_entry_forget(struct class_entry *entry, const struct apartment *gone)
{
    struct apartment *dropped = NULL;

    uvcom__lock_acquire(&table.lock);
    /* Another client may have noticed first, and started the next one already. */
    if (entry->own == gone) {
        dropped = entry->own;
        entry->own = NULL;
    }
    uvcom__lock_release(&table.lock);
    if (dropped)
        uvcom__apartment_release(dropped);
}

/* ---- the apartment of a class ---- */

/* Referenced; NULL: there is none at the moment. */
static struct apartment *own_apartment(struct class_entry *entry)
{
    struct apartment *own;

    uvcom__lock_acquire(&table.lock);
    own = entry->own;
    if (own)
        uvcom__apartment_add_ref(own);
    uvcom__lock_release(&table.lock);
    return own;
}

/* On the one thread that holds `starting`. */
static HRESULT start_own(struct class_entry *entry, struct apartment **home)
{
    HRESULT hr;

    *home = own_apartment(entry); /* the one before us may have started it */
    if (*home)
        return S_OK;
    hr = uvcom__apartment_start(home);
    if (FAILED(hr))
        return hr;
    uvcom__apartment_add_ref(*home);
    uvcom__lock_acquire(&table.lock);
    entry->own = *home;
    uvcom__lock_release(&table.lock);
    return S_OK;
}

static HRESULT own_home(struct class_entry *entry, struct apartment **home)
{
    uint32_t expected = 0;
    HRESULT hr;

    *home = own_apartment(entry);
    while (!*home && !uvcom__cas32(&entry->starting, &expected, 1, UVCOM__ACQUIRE)) {
        /* Starting a thread ends in bounded time and calls nobody, so an apartment may sleep. */
        uvcom__futex_wait(&entry->starting, 1, UVCOM__FOREVER);
        *home = own_apartment(entry);
        expected = 0;
    }
    if (*home)
        return S_OK;
    hr = start_own(entry, home);
    uvcom__store32(&entry->starting, 0, UVCOM__RELEASE);
    uvcom__futex_wake(&entry->starting);
    return hr;
}

HRESULT uvcom__class_entry_home(struct class_entry *entry, struct apartment *client,
                                struct apartment **home)
{
    *home = NULL;
    if (entry->create && entry->kind == UVCOM_APARTMENT_OWN)
        return own_home(entry, home);
    if (entry->create && entry->kind == UVCOM_APARTMENT_MULTITHREADED)
        return uvcom__apartment_multithreaded(home);
    *home = entry->create ? client : entry->home;
    uvcom__apartment_add_ref(*home);
    return S_OK;
}

/* ---- the table ---- */

static uint32_t bucket_of(REFCLSID clsid)
{
    /* Ids are random in Data1, or made by counting it up: both spread over its low bits. */
    return (clsid->Data1 ^ clsid->Data2) & (BUCKET_COUNT - 1);
}

static bool excludes(const struct class_entry *there, const struct class_entry *entry)
{
    if (!IsEqualCLSID(&there->clsid, &entry->clsid))
        return false;
    return there->create || entry->create || there->home == entry->home;
}

/* A cookie is given out again after 67 million registrations, and never while it is in use. */
static DWORD new_cookie_locked(uint32_t bucket)
{
    const struct class_entry *there;
    DWORD cookie;

    do {
        table.serial = table.serial == SERIAL_MAX ? 1 : table.serial + 1;
        cookie = table.serial << BUCKET_BITS | bucket;
        there = table.buckets[bucket];
        while (there && there->cookie != cookie)
            there = there->next;
    } while (there);
    return cookie;
}

static HRESULT add_locked(struct class_entry *entry)
{
    uint32_t bucket = bucket_of(&entry->clsid);
    struct class_entry **end = &table.buckets[bucket];

    while (*end) {
        if (excludes(*end, entry))
            return CO_E_OBJISREG;
        end = &(*end)->next;
    }
    if (!entry->create)
        entry->cookie = new_cookie_locked(bucket);
    entry->listed = true;
    *end = entry;
    uvcom__class_entry_add_ref(entry);
    return S_OK;
}

HRESULT uvcom__class_table_add(struct class_entry *entry)
{
    HRESULT hr;

    uvcom__lock_acquire(&table.lock);
    hr = add_locked(entry);
    uvcom__lock_release(&table.lock);
    return hr;
}

bool uvcom__class_table_remove(struct class_entry *entry)
{
    struct class_entry **link = &table.buckets[bucket_of(&entry->clsid)];
    bool was_listed;

    uvcom__lock_acquire(&table.lock);
    was_listed = entry->listed;
    if (was_listed) {
        while (*link != entry)
            link = &(*link)->next;
        *link = entry->next;
        entry->listed = false;
    }
    uvcom__lock_release(&table.lock);
    return was_listed;
}

struct class_entry *uvcom__class_table_find(REFCLSID clsid, DWORD context,
                                            const struct apartment *client)
{
    struct class_entry *found = NULL;
    struct class_entry *entry;

    uvcom__lock_acquire(&table.lock);
    for (entry = table.buckets[bucket_of(clsid)]; entry; entry = entry->next) {
        if (entry->taken || !(entry->context & context) || !IsEqualCLSID(&entry->clsid, clsid))
            continue;
        if (!found || entry->home == client)
            found = entry;
    }
    if (found) {
        found->taken = found->single_use;
        uvcom__class_entry_add_ref(found);
    }
    uvcom__lock_release(&table.lock);
    return found;
}

struct class_entry *uvcom__class_table_find_cookie(DWORD cookie)
{
    struct class_entry *entry;

    if (!cookie)
        return NULL;
    uvcom__lock_acquire(&table.lock);
    entry = table.buckets[cookie & (BUCKET_COUNT - 1)];
    while (entry && entry->cookie != cookie)
        entry = entry->next;
    if (entry)
        uvcom__class_entry_add_ref(entry);
    uvcom__lock_release(&table.lock);
    return entry;
}

struct class_entry *uvcom__class_table_find_create(REFCLSID clsid)
{
    struct class_entry *entry;

    uvcom__lock_acquire(&table.lock);
    entry = table.buckets[bucket_of(clsid)];
    while (entry && !(entry->create && IsEqualCLSID(&entry->clsid, clsid)))
        entry = entry->next;
    if (entry)
        uvcom__class_entry_add_ref(entry);
    uvcom__lock_release(&table.lock);
    return entry;
}
