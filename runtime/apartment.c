/*
 * apartment.c -- an apartment's life: made, posted to, closed, freed.
 *
 * Who serves it is elsewhere: apartment_wait.c (the bound thread), loop.c, workers.c.
 */
#include "runtime/apartment.h"

#include <assert.h>

#include "runtime/apartment_layout.h"
#include "runtime/count.h"
#include "runtime/loop.h"
#include "runtime/workers.h"

struct apartment *uvcom__apartment_create(enum apartment_kind kind)
{
    struct apartment *apartment = uvcom__alloc(sizeof *apartment);

    if (!apartment)
        return NULL;
    apartment->kind = kind;
    apartment->exports.next = &apartment->exports;
    apartment->exports.prev = &apartment->exports;
    uvcom__store32(&apartment->refs, 1, UVCOM__RELAXED);
    if (kind != APARTMENT_POOL)
        return apartment;
    apartment->workers = uvcom__workers_create(apartment);
    if (apartment->workers)
        return apartment;
    uvcom__free(apartment);
    return NULL;
}

void uvcom__apartment_add_ref(struct apartment *apartment)
{
    uvcom__count_up(&apartment->refs);
}

void uvcom__apartment_release(struct apartment *apartment)
{
    /* Acquire and release: what any holder did to the apartment comes before its memory goes. */
    if (uvcom__count_down(&apartment->refs) != 0)
        return;
    assert(!apartment->ready.first && apartment->exports.next == &apartment->exports);
    uvcom__workers_destroy(apartment->workers);
    if (apartment->bell_descriptor)
        uvcom__descriptor_close(apartment->bell_descriptor - 1);
    uvcom__free(apartment);
}

bool uvcom__apartment_is_multithreaded(const struct apartment *apartment)
{
    return apartment->kind == APARTMENT_POOL;
}

HRESULT uvcom__apartment_post(struct apartment *apartment, struct inbox_item *item)
{
    enum inbox_push pushed;

    assert(!item->class->loop_only || apartment->kind == APARTMENT_LOOP);
    /* Another thread may have held the port's lock when the process forked, and nobody serves here.
     */
    if (uvcom__process_forked())
        return RPC_E_DISCONNECTED;
    pushed = uvcom__inbox_push(&apartment->inbox, item);
    if (pushed == INBOX_CLOSED)
        return RPC_E_DISCONNECTED;
    if (pushed == INBOX_HAD_ITEMS)
        return S_OK;
    if (apartment->kind == APARTMENT_POOL)
        uvcom__workers_notify(apartment->workers);
    else
        uvcom__apartment_notify(apartment);
    return S_OK;
}

HRESULT uvcom__apartment_ready(struct apartment *apartment)
{
    if (apartment->kind != APARTMENT_POOL)
        return S_OK;
    return uvcom__workers_ready(apartment->workers);
}

static void disconnect_exports(struct apartment *apartment)
{
    struct apartment_export *item;

    for (;;) {
        uvcom__lock_acquire(&apartment->lock);
        item = apartment->exports.next;
        if (item != &apartment->exports) {
            apartment->exports.next = item->next;
            item->next->prev = &apartment->exports;
            item->next = NULL;
            apartment->export_count--;
        }
        uvcom__lock_release(&apartment->lock);
        if (item == &apartment->exports)
            return;
        item->disconnect(item);
    }
}

void uvcom__apartment_close(struct apartment *apartment)
{
    struct inbox_item *item;

    uvcom__lock_acquire(&apartment->lock);
    apartment->exports_closed = true;
    uvcom__lock_release(&apartment->lock);
    uvcom__inbox_close(&apartment->inbox, &apartment->ready);
    while ((item = uvcom__inbox_queue_pop(&apartment->ready)) != NULL)
        item->class->refuse(item);
    disconnect_exports(apartment);
}

bool uvcom__apartment_is_closed(struct apartment *apartment)
{
    bool closed;

    uvcom__lock_acquire(&apartment->lock);
    closed = apartment->exports_closed;
    uvcom__lock_release(&apartment->lock);
    return closed;
}

/* ---- exports -----------------------------------------------------------------------------------
 */

HRESULT uvcom__apartment_attach(struct apartment *apartment, struct apartment_export *item)
{
    bool closed;

    uvcom__lock_acquire(&apartment->lock);
    closed = apartment->exports_closed;
    if (!closed) {
        item->next = &apartment->exports;
        item->prev = apartment->exports.prev;
        item->prev->next = item;
        apartment->exports.prev = item;
        apartment->export_count++;
    }
    uvcom__lock_release(&apartment->lock);
    if (closed)
        return RPC_E_DISCONNECTED;
    if (apartment->port && uvcom__apartment_is_here(apartment))
        uvcom__port_update(apartment->port);
    return S_OK;
}

bool uvcom__apartment_detach(struct apartment *apartment, struct apartment_export *item)
{
    bool attached;
    bool last;

    if (uvcom__process_forked())
        return false;
    uvcom__lock_acquire(&apartment->lock);
    attached = item->next != NULL;
    if (attached) {
        item->prev->next = item->next;
        item->next->prev = item->prev;
        item->next = NULL;
        apartment->export_count--;
    }
    last = attached && apartment->export_count == 0;
    uvcom__lock_release(&apartment->lock);
    if (!last || apartment->kind == APARTMENT_POOL)
        return attached;
    /* Nothing keeps the loop alive any more; only its own thread may say so to libuv. */
    if (!uvcom__apartment_is_here(apartment))
        uvcom__port_send(apartment);
    else if (apartment->port)
        uvcom__port_update(apartment->port);
    return attached;
}

/* ---- keeping a loop alive ----------------------------------------------------------------------
 */

void uvcom__loop_hold(struct apartment *apartment)
{
    apartment->holds++;
    if (apartment->port)
        uvcom__port_update(apartment->port);
}

void uvcom__loop_drop(struct apartment *apartment)
{
    assert(apartment->holds > 0);
    apartment->holds--;
    if (apartment->port)
        uvcom__port_update(apartment->port);
}
