/*
 * loop.c -- see loop.h; everything that the runtime asks of a libuv loop on the loop's own thread.
 *
 * uv_async_send promises that the callback comes after it, and nothing about order or number; both
 * are the inbox's matter. The port's memory belongs to the handle: it goes when libuv says that the
 * handle is closed. Other threads reach the handle only through their apartment's `port`, under its
 * lock, and that is cleared before the handle is closed.
 */
#include "runtime/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <uv.h>

#include "runtime/apartment_layout.h"
#include "runtime/platform.h"

/* What uv_loop_init and uv_async_init may need: epoll, two pipes for signals, the async's eventfd.
 */
enum { LOOP_DESCRIPTORS = 6 };

/* Bytes that uv_loop_init may need: a pointer for each descriptor up to the highest one, and
 * change. */
enum { LOOP_MEMORY = 32 * 1024 };

struct loop_port {
    uv_async_t async;
    uv_loop_t own_loop;
    bool is_own;                  /* own_loop is the loop */
    bool is_closed;               /* the handle */
    bool is_held_alive;           /* by a thread that still looks at is_closed */
    unsigned serving;             /* callbacks of ours on the stack */
    struct apartment *calls;      /* one reference; NULL: none */
    struct apartment *deliveries; /* one reference */
    struct loop_port *next;       /* among the abandoned ones */
};

/* Kept so that a leak checker sees them as what they are: see uvcom__port_abandon. */
static struct {
    struct uvcom__lock lock;
    struct loop_port *first;
} abandoned;

/* The one place where libuv's codes become COM's. */
static HRESULT hresult_from_uv(int error)
{
    if (error >= 0)
        return S_OK;
    return error == UV_ENOMEM ? E_OUTOFMEMORY : RPC_E_OUT_OF_RESOURCES;
}

/* ---- the callback ------------------------------------------------------------------------------
 */

static void on_async(uv_async_t *async)
{
    struct loop_port *port = async->data;

    port->serving++;
    if (port->calls)
        uvcom__apartment_serve(port->calls, LOOP_BATCH);
    uvcom__apartment_serve(port->deliveries, LOOP_BATCH);
    port->serving--;
    if (uv_is_closing((uv_handle_t *)async))
        return;
    uvcom__port_update(port);
    if (port->is_own && uvcom__load32(&port->calls->ending, UVCOM__ACQUIRE))
        uv_stop(async->loop);
}

void uvcom__port_send(struct apartment *apartment)
{
    /* The send is a system call under the lock: nothing less keeps the handle from being closed. */
    uvcom__lock_acquire(&apartment->lock);
    if (apartment->port)
        uvcom__async_send(&apartment->port->async);
    uvcom__lock_release(&apartment->lock);
}

static bool keeps_alive(struct apartment *apartment)
{
    bool exports;

    uvcom__lock_acquire(&apartment->lock);
    exports = apartment->export_count > 0;
    uvcom__lock_release(&apartment->lock);
    return exports || apartment->holds > 0;
}

void uvcom__port_update(struct loop_port *port)
{
    uv_handle_t *handle = (uv_handle_t *)&port->async;

    if (port->is_own || keeps_alive(port->deliveries) || (port->calls && keeps_alive(port->calls)))
        uv_ref(handle);
    else
        uv_unref(handle);
}

struct apartment *uvcom__port_deliveries(const struct loop_port *port)
{
    return port->deliveries;
}

/* ---- opening -----------------------------------------------------------------------------------
 */

static void port_destroy(struct loop_port *port)
{
    if (port->calls)
        uvcom__apartment_release(port->calls);
    if (port->deliveries)
        uvcom__apartment_release(port->deliveries);
    uvcom__free(port);
}

static struct loop_port *port_create(struct apartment *calls)
{
    struct loop_port *port = uvcom__alloc(sizeof *port);

    if (!port)
        return NULL;
    if (calls)
        uvcom__apartment_add_ref(calls);
    port->calls = calls;
    port->deliveries = uvcom__apartment_create(APARTMENT_LOOP);
    if (port->deliveries)
        return port;
    port_destroy(port);
    return NULL;
}

static void set_port(struct apartment *apartment, struct loop_port *port)
{
    if (!apartment)
        return;
    uvcom__lock_acquire(&apartment->lock);
    apartment->port = port;
    uvcom__lock_release(&apartment->lock);
}

static HRESULT start_async(struct loop_port *port, uv_loop_t *loop)
{
    int error = uv_async_init(loop, &port->async, on_async);

    if (error < 0)
        return hresult_from_uv(error);
    port->async.data = port;
    set_port(port->calls, port);
    set_port(port->deliveries, port);
    uvcom__port_update(port);
    /* What was queued before there was a loop. */
    uvcom__async_send(&port->async);
    return S_OK;
}

HRESULT uvcom__port_open(struct uv_loop_s *loop, struct apartment *calls, struct loop_port **port)
{
    HRESULT hr;

    *port = port_create(calls);
    if (!*port)
        return E_OUTOFMEMORY;
    hr = start_async(*port, loop);
    if (FAILED(hr)) {
        port_destroy(*port);
        *port = NULL;
    }
    return hr;
}

/*
 * libuv 1.44's uv_loop_init ends the process when it cannot have some of its descriptors or of its
 * memory. So both are tried first; what another thread takes in between is beyond us.
 */
static bool has_memory(void)
{
    void *memory = uvcom__alloc(LOOP_MEMORY);

    uvcom__free(memory);
    return memory != NULL;
}

static bool has_descriptors(void)
{
    int descriptors[LOOP_DESCRIPTORS];
    int count = 0;
    bool all;

    while (count < LOOP_DESCRIPTORS && (descriptors[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    all = count == LOOP_DESCRIPTORS;
    while (count > 0)
        close(descriptors[--count]);
    return all;
}

HRESULT uvcom__port_open_own(struct apartment *calls, struct loop_port **port)
{
    HRESULT hr;
    int error;

    *port = NULL;
    if (!has_descriptors())
        return RPC_E_OUT_OF_RESOURCES;
    *port = has_memory() ? port_create(calls) : NULL;
    if (!*port)
        return E_OUTOFMEMORY;
    (*port)->is_own = true;
    error = uv_loop_init(&(*port)->own_loop);
    hr = hresult_from_uv(error);
    if (SUCCEEDED(hr)) {
        hr = start_async(*port, &(*port)->own_loop);
        if (FAILED(hr))
            uv_loop_close(&(*port)->own_loop);
    }
    if (FAILED(hr)) {
        port_destroy(*port);
        *port = NULL;
    }
    return hr;
}

void uvcom__port_run_own(struct loop_port *port)
{
    uv_run(&port->own_loop, UV_RUN_DEFAULT);
}

/* ---- closing -----------------------------------------------------------------------------------
 */

static void on_closed(uv_handle_t *handle)
{
    struct loop_port *port = handle->data;

    port->is_closed = true;
    if (!port->is_held_alive)
        port_destroy(port);
}

/* After this no other thread knows the port. */
static void detach(struct loop_port *port)
{
    set_port(port->calls, NULL);
    set_port(port->deliveries, NULL);
    uvcom__apartment_close(port->deliveries);
}

void uvcom__port_close(struct loop_port *port)
{
    /* A wait counts too: it may be inside a callback of the application's, and so inside uv_run. */
    const bool inside = port->serving > 0 || (port->calls && port->calls->attending > 0);
    uv_loop_t *loop = port->async.loop;

    port->is_held_alive = !inside;
    detach(port);
    uv_close((uv_handle_t *)&port->async, on_closed);
    /* Inside a callback uv_run must not be called again; the loop is running and gets to it. */
    if (inside)
        return;
    while (!port->is_closed)
        uv_run(loop, UV_RUN_NOWAIT);
    if (port->is_own)
        uv_loop_close(loop);
    port_destroy(port);
}

void uvcom__port_abandon(struct loop_port *port)
{
    detach(port);
    uvcom__lock_acquire(&abandoned.lock);
    port->next = abandoned.first;
    abandoned.first = port;
    uvcom__lock_release(&abandoned.lock);
}
