/*
 * poll_wait.c -- see poll_wait.h.
 */
#include "runtime/poll_wait.h"

#include "runtime/apartment.h"
#include "runtime/thread.h"

static HRESULT wait_sleeping(struct poll_wait *wait, bool (*is_done)(void *arg), void *arg,
                             uint64_t deadline_ns)
{
    enum uvcom__poll_end end;

    for (;;) {
        if (is_done(arg))
            return S_OK;
        if (deadline_ns != UVCOM__FOREVER && uvcom__now_ns() >= deadline_ns)
            return RPC_E_TIMEOUT;
        end = uvcom__poll(wait->entries, wait->count, deadline_ns);
        if (end == UVCOM__POLL_FAILED)
            return RPC_E_OUT_OF_RESOURCES;
        wait->was_interrupted = end == UVCOM__POLL_INTERRUPTED;
    }
}

HRESULT uvcom__poll_wait(struct poll_wait *wait, bool (*is_done)(void *arg), void *arg,
                         uint64_t deadline_ns)
{
    struct apartment *apartment = uvcom__apartment_current();
    HRESULT hr;

    if (apartment && !uvcom__apartment_is_multithreaded(apartment))
        return uvcom__apartment_wait_polling(apartment, wait, is_done, arg, deadline_ns);
    if (is_done(arg))
        return S_OK;
    if (deadline_ns == 0)
        return RPC_E_TIMEOUT;
    if (!uvcom__thread_may_wait(deadline_ns))
        return HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    uvcom__blocking_enter();
    hr = wait_sleeping(wait, is_done, arg, deadline_ns);
    uvcom__blocking_leave();
    return hr;
}
