/*
 * observer.c -- see observer.h.
 */
#include "runtime/observer.h"

#include <assert.h>
#include <stddef.h>

#include "runtime/apartment.h"
#include "runtime/platform.h"

static void wake_apartment(struct observer *observer)
{
    uvcom__apartment_wake(((struct apartment_observer *)observer)->apartment);
}

void uvcom__apartment_observer_init(struct apartment_observer *observer,
                                    struct apartment *apartment)
{
    *observer = (struct apartment_observer){
        .observer = {.notify = wake_apartment},
        .apartment = apartment,
    };
}

/* ---- whose descriptors are ours ---- */

#define BUCKET_COUNT 256u

/* The lock comes after every other one. */
static struct {
    struct uvcom__lock lock;
    struct observers *buckets[BUCKET_COUNT];
} owners;

static struct observers **bucket_of(int descriptor)
{
    return &owners.buckets[(unsigned)descriptor % BUCKET_COUNT];
}

static void own(struct observers *observers)
{
    struct observers **bucket = bucket_of(observers->descriptor - 1);

    uvcom__lock_acquire(&owners.lock);
    observers->next_owner = *bucket;
    *bucket = observers;
    uvcom__lock_release(&owners.lock);
}

static void disown(struct observers *observers)
{
    struct observers **link = bucket_of(observers->descriptor - 1);

    if (uvcom__process_forked())
        return; /* the lock may be held for ever, and nobody asks any more */
    uvcom__lock_acquire(&owners.lock);
    while (*link != observers)
        link = &(*link)->next_owner;
    *link = observers->next_owner;
    uvcom__lock_release(&owners.lock);
}

bool uvcom__observers_own(int descriptor)
{
    const struct observers *each;

    uvcom__lock_acquire(&owners.lock);
    each = *bucket_of(descriptor);
    while (each && each->descriptor != descriptor + 1)
        each = each->next_owner;
    uvcom__lock_release(&owners.lock);
    return each != NULL;
}

/* ---- the list ---- */

void uvcom__observers_add(struct observers *observers, struct observer *observer)
{
    observer->prev = NULL;
    observer->next = observers->first;
    if (observer->next)
        observer->next->prev = observer;
    observers->first = observer;
}

void uvcom__observers_remove(struct observers *observers, struct observer *observer)
{
    if (observer->next)
        observer->next->prev = observer->prev;
    if (observer->prev)
        observer->prev->next = observer->next;
    else
        observers->first = observer->next;
}

bool uvcom__observers_are_none(const struct observers *observers)
{
    return !observers->first && !observers->descriptor;
}

void uvcom__observers_notify(const struct observers *observers)
{
    for (struct observer *each = observers->first; each; each = each->next)
        each->notify(each);
}

/* ---- the descriptor ---- */

HRESULT uvcom__observers_descriptor(struct observers *observers, int *descriptor)
{
    if (!observers->descriptor) {
        observers->descriptor = uvcom__descriptor_create() + 1;
        if (observers->descriptor)
            own(observers);
    }
    *descriptor = observers->descriptor - 1;
    return observers->descriptor ? S_OK : RPC_E_OUT_OF_RESOURCES;
}

void uvcom__observers_show(struct observers *observers, bool is_set)
{
    if (!observers->descriptor || observers->is_shown == is_set)
        return;
    observers->is_shown = is_set;
    if (is_set)
        uvcom__descriptor_set(observers->descriptor - 1);
    else
        uvcom__descriptor_clear(observers->descriptor - 1);
}

void uvcom__observers_clear(struct observers *observers)
{
    observers->is_shown = false;
    if (observers->descriptor)
        uvcom__descriptor_clear(observers->descriptor - 1);
}

void uvcom__observers_end(struct observers *observers)
{
    assert(!observers->first);
    if (!observers->descriptor)
        return;
    /* First: the number may be somebody else's at once. */
    disown(observers);
    uvcom__descriptor_close(observers->descriptor - 1);
}
