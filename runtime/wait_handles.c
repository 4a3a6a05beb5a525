/*
 * wait_handles.c -- CoWaitForMultipleHandles: waiting for descriptors of any kind.
 *
 * A handle is a descriptor cast to a pointer: what GetHandle gave, or any other that poll knows.
 * The rule of Win32 that a wait which an auto-reset event has ended takes that event is kept for
 * our own events; of a stranger's descriptor nothing is ever read.
 *
 * Whether something is ready is asked anew at each look. For all at once (COWAIT_WAITALL) those
 * that are ready are left out of the sleep, so that it does not end for what is known already; and
 * one that was given twice is looked at once, or the second look would miss what the first took.
 */
#include <uvcom/synchronize.h>

#include <stdint.h>
#include <stdlib.h>

#include "runtime/apartment.h"
#include "runtime/event.h"
#include "runtime/poll_wait.h"

enum { ON_STACK = 64 };

struct handles_wait {
    struct poll_wait poll;
    bool all;
    bool alertable;
    DWORD index; /* what has ended the wait, if `hr` is S_OK */
    HRESULT hr;
};

static int descriptor_of(const uvcom__pollable *entry)
{
    return entry->fd < 0 ? ~entry->fd : entry->fd;
}

/* A negative one is passed over. */
static void include_in_sleep(uvcom__pollable *entry, bool is_included)
{
    const int descriptor = descriptor_of(entry);

    entry->fd = is_included ? descriptor : ~descriptor;
}

/* The number of those that are ready now; all of them will be slept for. */
static size_t count_ready(struct handles_wait *wait)
{
    uvcom__pollable *entries = wait->poll.entries;
    size_t count = 0;

    for (size_t i = 0; i < wait->poll.count; i++)
        include_in_sleep(&entries[i], true);
    if (uvcom__poll(entries, wait->poll.count, 0) == UVCOM__POLL_FAILED)
        wait->hr = RPC_E_OUT_OF_RESOURCES;
    for (size_t i = 0; i < wait->poll.count && SUCCEEDED(wait->hr); i++) {
        if (uvcom__pollable_is_bad(&entries[i]))
            wait->hr = E_HANDLE;
        count += uvcom__pollable_is_ready(&entries[i]);
    }
    return FAILED(wait->hr) ? 0 : count;
}

static bool take_first(struct handles_wait *wait)
{
    for (size_t i = 0; i < wait->poll.count; i++) {
        if (uvcom__pollable_is_ready(&wait->poll.entries[i]) &&
            uvcom__event_take_by_descriptor(descriptor_of(&wait->poll.entries[i]))) {
            wait->index = (DWORD)i;
            return true;
        }
    }
    return false;
}

/* What has been taken is given back if somebody else has been faster with one of the others. */
static bool take_all(struct handles_wait *wait)
{
    uvcom__pollable *entries = wait->poll.entries;

    for (size_t i = 0; i < wait->poll.count; i++) {
        if (uvcom__event_take_by_descriptor(descriptor_of(&entries[i])))
            continue;
        while (i-- > 0)
            uvcom__event_give_by_descriptor(descriptor_of(&entries[i]));
        return false;
    }
    wait->index = 0;
    return true;
}

/* True: the wait is over. */
static bool look(void *arg)
{
    struct handles_wait *wait = arg;
    const size_t ready = count_ready(wait);

    if (FAILED(wait->hr))
        return true;
    if (!wait->all && ready > 0 && take_first(wait))
        return true;
    if (wait->all && ready == wait->poll.count && take_all(wait))
        return true;
    if (wait->all && ready < wait->poll.count) {
        for (size_t i = 0; i < wait->poll.count; i++)
            include_in_sleep(&wait->poll.entries[i],
                             !uvcom__pollable_is_ready(&wait->poll.entries[i]));
    }
    if (wait->alertable && wait->poll.was_interrupted) {
        wait->index = WAIT_IO_COMPLETION;
        return true;
    }
    return false;
}

static HRESULT fill(uvcom__pollable *entries, ULONG count, const HANDLE *handles)
{
    for (ULONG i = 0; i < count; i++) {
        if ((intptr_t)handles[i] <= 0 || (intptr_t)handles[i] > INT32_MAX)
            return E_HANDLE;
        entries[i] = uvcom__pollable_of((int)(intptr_t)handles[i]);
    }
    return S_OK;
}

static int compare(const void *first, const void *second)
{
    const int a = ((const uvcom__pollable *)first)->fd;
    const int b = ((const uvcom__pollable *)second)->fd;

    return (a > b) - (a < b);
}

/* Their order does not matter any more: the index is 0 in any case. */
static void keep_one_of_each(struct poll_wait *poll)
{
    uvcom__pollable *entries = poll->entries;
    size_t kept = 1;

    qsort(entries, poll->count, sizeof *entries, compare);
    for (size_t i = 1; i < poll->count; i++)
        if (entries[i].fd != entries[kept - 1].fd)
            entries[kept++] = entries[i];
    poll->count = kept;
}

static HRESULT wait_for_entries(struct handles_wait *wait, DWORD timeout, DWORD *index)
{
    HRESULT hr =
        uvcom__poll_wait(&wait->poll, look, wait, timeout ? uvcom__deadline_ns(timeout) : 0);

    if (hr == RPC_E_TIMEOUT)
        return RPC_S_CALLPENDING;
    if (SUCCEEDED(hr))
        hr = wait->hr;
    if (SUCCEEDED(hr))
        *index = wait->index;
    return hr;
}

HRESULT CoWaitForMultipleHandles(DWORD dwFlags, DWORD dwTimeout, ULONG cHandles, LPHANDLE pHandles,
                                 LPDWORD lpdwindex)
{
    uvcom__pollable on_stack[ON_STACK + POLL_WAIT_SPARE];
    struct handles_wait wait = {
        .poll = {.entries = on_stack, .count = cHandles},
        .all = (dwFlags & COWAIT_WAITALL) != 0,
        .alertable = (dwFlags & COWAIT_ALERTABLE) != 0,
    };
    HRESULT hr;

    if (!lpdwindex)
        return E_INVALIDARG;
    *lpdwindex = 0;
    if (!pHandles || dwFlags & ~WAIT_FLAGS)
        return E_INVALIDARG;
    if (cHandles == 0)
        return RPC_E_NO_SYNC;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    if (cHandles > ON_STACK)
        wait.poll.entries =
            uvcom__alloc(((size_t)cHandles + POLL_WAIT_SPARE) * sizeof wait.poll.entries[0]);
    if (!wait.poll.entries)
        return E_OUTOFMEMORY;
    hr = fill(wait.poll.entries, cHandles, pHandles);
    if (SUCCEEDED(hr) && wait.all)
        keep_one_of_each(&wait.poll);
    if (SUCCEEDED(hr))
        hr = wait_for_entries(&wait, dwTimeout, lpdwindex);
    if (wait.poll.entries != on_stack)
        uvcom__free(wait.poll.entries);
    return hr;
}
