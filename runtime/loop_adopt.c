/*
 * loop_adopt.c -- uvcom_loop_adopt and uvcom_loop_release: a loop of the application's.
 *
 * What the application holds is the address of the apartment of completion callbacks; it is
 * compared with the calling thread's and never followed, so that a wrong or old one does no harm.
 */
#include <uvcom/loop.h>

#include "runtime/loop.h"
#include "runtime/thread_state.h"

HRESULT uvcom_loop_adopt(uv_loop_t *loop, uvcom_apartment **apartment)
{
    struct thread_state *state = uvcom__thread_state();
    struct apartment *calls;
    HRESULT hr = S_OK;

    if (apartment)
        *apartment = NULL;
    if (!loop || !apartment)
        return E_POINTER;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    /* A worker has no loop that anybody could run, and another thread of the runtime's has its own.
     */
    if (state->port || state->is_runtime)
        return RPC_E_CHANGED_MODE;
    if (!state->apartment)
        hr = uvcom__thread_join_apartment(APARTMENT_THREAD);
    if (FAILED(hr))
        return hr;
    calls = state->apartment->kind == APARTMENT_THREAD ? state->apartment : NULL;
    hr = uvcom__port_open(loop, calls, &state->port);
    if (SUCCEEDED(hr))
        *apartment = (uvcom_apartment *)uvcom__port_deliveries(state->port);
    else
        uvcom__thread_leave_if_due();
    return hr;
}

HRESULT uvcom_loop_release(uvcom_apartment *apartment)
{
    struct thread_state *state = uvcom__thread_state();
    struct loop_port *port = state->port;

    if (!apartment)
        return E_POINTER;
    if (!port || state->is_runtime || uvcom__process_forked() ||
        (uvcom_apartment *)uvcom__port_deliveries(port) != apartment)
        return RPC_E_WRONG_THREAD;
    state->port = NULL;
    uvcom__port_close(port);
    uvcom__thread_leave_if_due();
    return S_OK;
}
