/*
 * class_table.c -- the table of registered classes, and the counts of its entries.
 *
 * A hash table of fixed size: classes are few, and a lookup must keep the lock for a few
 * instructions only. Each bucket is a list in the order of registration. A cookie carries the
 * number of its bucket, so that a registration is found by it without walking the table.
 *
 * Does not know what a registration means: see class_register.c and library_register.c (who adds
 * and withdraws), class_home.c (which apartment) and class_object.c (the objects).
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
    uvcom__class_home_drop(&entry->own);
    uvcom__library_release(entry->library);
    uvcom__library_drop_of(entry->keeper);
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
    return !there->object || !entry->object || there->home == entry->home;
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
    if (entry->object)
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

struct class_entry *uvcom__class_table_find_lasting(REFCLSID clsid)
{
    struct class_entry *entry;

    uvcom__lock_acquire(&table.lock);
    entry = table.buckets[bucket_of(clsid)];
    while (entry && !(!entry->object && IsEqualCLSID(&entry->clsid, clsid)))
        entry = entry->next;
    if (entry)
        uvcom__class_entry_add_ref(entry);
    uvcom__lock_release(&table.lock);
    return entry;
}
