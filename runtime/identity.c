/*
 * identity.c -- see identity.h: a hash table of fixed size with a lock for each bucket.
 *
 * A lock is held while a few list entries are compared. With a hundred thousand objects in flight a
 * bucket has a hundred of them, which is still less than what a call costs.
 */
#include "runtime/identity.h"

#include <stdbool.h>

#include "runtime/count.h"

static struct identity_bucket *bucket_of(struct identity_table *table, const void *place,
                                         const void *object)
{
    /* Addresses of blocks are multiples of 16; the high half of a product has all of their bits. */
    const uint64_t mixed = ((uint64_t)(uintptr_t)object >> 4) * UINT64_C(0x9E3779B97F4A7C15) ^
                           ((uint64_t)(uintptr_t)place >> 4) * UINT64_C(0xC2B2AE3D27D4EB4F);

    return &table->buckets[(mixed >> 32) % IDENTITY_BUCKETS];
}

static struct identity *find_locked(struct identity_bucket *bucket, const void *place,
                                    const void *object)
{
    for (struct identity *there = bucket->first; there; there = there->next)
        if (there->object == object && there->place == place &&
            uvcom__count_up_if_used(&there->references))
            return there;
    return NULL;
}

struct identity *uvcom__identity_find(struct identity_table *table, const void *place,
                                      const void *object)
{
    struct identity_bucket *bucket = bucket_of(table, place, object);
    struct identity *found;

    uvcom__lock_acquire(&bucket->lock);
    found = find_locked(bucket, place, object);
    uvcom__lock_release(&bucket->lock);
    return found;
}

struct identity *uvcom__identity_keep(struct identity_table *table, struct identity *made)
{
    struct identity_bucket *bucket = bucket_of(table, made->place, made->object);
    struct identity *kept;

    uvcom__lock_acquire(&bucket->lock);
    kept = find_locked(bucket, made->place, made->object);
    if (!kept) {
        made->next = bucket->first;
        bucket->first = made;
        kept = made;
    }
    uvcom__lock_release(&bucket->lock);
    return kept;
}

void uvcom__identity_forget(struct identity_table *table, struct identity *ended)
{
    struct identity_bucket *bucket = bucket_of(table, ended->place, ended->object);
    struct identity **link = &bucket->first;

    /* In a forked child the lock may be held for ever, and nobody looks into the table. */
    if (uvcom__process_forked())
        return;
    uvcom__lock_acquire(&bucket->lock);
    while (*link && *link != ended)
        link = &(*link)->next;
    if (*link)
        *link = ended->next;
    uvcom__lock_release(&bucket->lock);
}
