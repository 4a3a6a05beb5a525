/*
 * event_handle.c -- the descriptor of an event: made on request, replaced, and found again by its
 * number.
 *
 * Found again, because a wait for descriptors that is ended by an auto-reset event takes the event,
 * as a wait for a handle of Win32 does: readable is all that a descriptor says by itself. So events
 * are listed by the descriptor that is theirs at the moment, each at most once. A duplicate of the
 * descriptor is not known, and nothing is taken by it.
 *
 * A descriptor that is one event's own cannot be lent to another one: it shows the word of its
 * owner, who would not see what the other does to it. By a duplicate that can be done all the same;
 * so a descriptor that is found readable while its event is clear is made to agree, or a wait for
 * it would look again and again.
 *
 * The list's lock comes before the event's.
 */
#include "runtime/event.h"

#include "runtime/apartment.h"

#define BUCKET_COUNT 1024u

static struct {
    struct uvcom__lock lock;
    struct event *buckets[BUCKET_COUNT];
} handles;

static struct event **bucket_of(int descriptor)
{
    return &handles.buckets[(unsigned)descriptor % BUCKET_COUNT];
}

/* The list's lock is held. */
static void unlist(struct event *event)
{
    struct event **link;

    if (!event->listed)
        return;
    link = bucket_of(event->listed - 1);
    while (*link != event)
        link = &(*link)->next_of_handles;
    *link = event->next_of_handles;
    event->listed = 0;
}

static void list(struct event *event, int descriptor)
{
    struct event **bucket = bucket_of(descriptor);

    if (event->listed == descriptor + 1)
        return;
    unlist(event);
    event->listed = descriptor + 1;
    event->next_of_handles = *bucket;
    *bucket = event;
}

/* Nobody else uses the event any more, so whether it is listed may be read without the lock. */
void uvcom__event_unlist(struct event *event)
{
    if (!event->listed || uvcom__process_forked())
        return; /* a child finds nothing by the list any more */
    uvcom__lock_acquire(&handles.lock);
    unlist(event);
    uvcom__lock_release(&handles.lock);
}

static HRESULT descriptor_locked(struct event *event, int *descriptor)
{
    HRESULT hr;

    *descriptor = event->borrowed - 1;
    if (event->borrowed)
        return S_OK;
    hr = uvcom__observers_descriptor(&event->observers, descriptor);
    /* The bit first: who sets or clears the event from here on shows it, what was before is shown
       now. */
    uvcom__event_mark_locked(event);
    uvcom__event_show_locked(event);
    return hr;
}

HRESULT uvcom__event_descriptor(struct event *event, int *descriptor)
{
    HRESULT hr;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* a lock may be held for ever */
    uvcom__lock_acquire(&handles.lock);
    uvcom__lock_acquire(&event->lock);
    hr = descriptor_locked(event, descriptor);
    uvcom__lock_release(&event->lock);
    if (SUCCEEDED(hr))
        list(event, *descriptor);
    uvcom__lock_release(&handles.lock);
    return hr;
}

static HRESULT borrow_locked(struct event *event, int descriptor)
{
    const bool is_own = event->observers.descriptor == descriptor + 1;

    if (!is_own && uvcom__observers_own(descriptor))
        return E_INVALIDARG;
    event->borrowed = is_own ? 0 : descriptor + 1;
    uvcom__event_mark_locked(event);
    uvcom__event_clear_locked(event);
    if (is_own)
        uvcom__observers_clear(&event->observers); /* it may have been lent as a duplicate */
    /* It may be set, and there may be somebody who waits for that. */
    uvcom__observers_notify(&event->observers);
    return S_OK;
}

HRESULT uvcom__event_borrow(struct event *event, int descriptor)
{
    uvcom__pollable entry = uvcom__pollable_of(descriptor);
    HRESULT hr;

    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (descriptor <= 0 || uvcom__poll(&entry, 1, 0) == UVCOM__POLL_FAILED ||
        uvcom__pollable_is_bad(&entry))
        return E_HANDLE;
    uvcom__lock_acquire(&handles.lock);
    uvcom__lock_acquire(&event->lock);
    hr = borrow_locked(event, descriptor);
    uvcom__lock_release(&event->lock);
    if (SUCCEEDED(hr))
        list(event, descriptor);
    uvcom__lock_release(&handles.lock);
    return hr;
}

/* The list's lock is held. Several may have been lent the same one: that which can be taken. */
static struct event *find(int descriptor)
{
    struct event *found = NULL;

    for (struct event *each = *bucket_of(descriptor); each; each = each->next_of_handles)
        if (each->listed == descriptor + 1 && (!found || found->is_manual))
            found = each;
    return found;
}

bool uvcom__event_take_by_descriptor(int descriptor)
{
    struct event *event;
    bool is_taken = true;

    uvcom__lock_acquire(&handles.lock);
    event = find(descriptor);
    if (event)
        is_taken = uvcom__event_take(event);
    if (!is_taken)
        uvcom__event_correct(event);
    uvcom__lock_release(&handles.lock);
    return is_taken;
}

void uvcom__event_give_by_descriptor(int descriptor)
{
    struct event *event;

    uvcom__lock_acquire(&handles.lock);
    event = find(descriptor);
    if (event)
        uvcom__event_signal(event);
    uvcom__lock_release(&handles.lock);
}
