/*
 * container.c -- ISynchronizeContainer: waiting for one of many, at the same cost for any number.
 *
 * A member is an observer of its event. When that is set the member puts itself on the list of
 * those that are ready, and WaitMultiple takes the first one off. So a signal and a WaitMultiple
 * cost a few steps each, however many members there are. An event may be cleared again, or taken by
 * somebody else, before WaitMultiple has looked: then the member goes back to those that wait. As
 * long as nobody takes it out, a member whose event stays set stays ready.
 *
 * While WaitMultiple looks at a member the member is held: a signal in that time makes no entry in
 * the list, where another thread would find it, but only a note. Who has not taken the member out
 * then puts it back according to the note.
 *
 * Locks: an event's own comes first, the container's second, that of the event on which
 * WaitMultiple waits third. Nobody is called out to under any of them.
 */
#include "runtime/container.h"

#include <stdint.h>

#include <uvcom/synchronize.h>

#include "runtime/aggregable.h"
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/event.h"
#include "runtime/event_object.h"

enum { CONTAINER_LIMIT = 63, NO_LIMIT = 0 };

enum member_state {
    MEMBER_WAITING,
    MEMBER_READY,     /* in the list */
    MEMBER_HELD,      /* a WaitMultiple looks at it */
    MEMBER_HELD_AGAIN /* and it has been signaled meanwhile */
};

struct member {
    struct observer observer; /* of the event or the call */
    struct container *container;
    ISynchronize *synchronize; /* one reference; NULL: it was taken out, and is spare */
    struct event *event;       /* either this, */
    struct call *call;         /* or this; both live as long as `synchronize` */
    enum member_state state;   /* the rest is under the container's lock */
    struct member *next_ready; /* or the next spare one */
    struct member *next;       /* of all that there ever were */
};

struct container {
    struct aggregable base;
    ISynchronizeContainer container;
    size_t limit;          /* NO_LIMIT: none */
    struct event may_take; /* not clear while a member is ready, or there is none at all */
    struct uvcom__lock lock;
    struct member *all; /* as many as there ever were at once */
    struct member *first_ready;
    struct member *last_ready;
    struct member *spares;
    size_t count;
    size_t looks;
};

const CLSID CLSID_SynchronizeContainer = {
    0x0000032d, 0x0000, 0x0000, {0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46}};

/* ---- members ---- */

static void make_ready_locked(struct container *container, struct member *member)
{
    member->state = MEMBER_READY;
    member->next_ready = NULL;
    if (container->first_ready) {
        container->last_ready->next_ready = member;
    } else {
        container->first_ready = member;
        uvcom__event_signal(&container->may_take);
    }
    container->last_ready = member;
}

static void notify(struct observer *observer)
{
    struct member *member = (struct member *)observer;
    struct container *container = member->container;

    uvcom__lock_acquire(&container->lock);
    if (member->state == MEMBER_WAITING)
        make_ready_locked(container, member);
    else if (member->state == MEMBER_HELD)
        member->state = MEMBER_HELD_AGAIN;
    uvcom__lock_release(&container->lock);
}

static bool take_signal(struct member *member)
{
    if (member->event)
        return uvcom__event_take(member->event);
    if (!uvcom__call_is_set(member->call))
        return false;
    uvcom__call_settle(member->call);
    return true;
}

static void unobserve(struct member *member)
{
    if (member->event)
        uvcom__event_unobserve(member->event, &member->observer);
    else
        uvcom__call_unobserve(member->call, &member->observer);
}

/* Who waits must learn that there is nothing left to wait for. */
static void count_down_locked(struct container *container)
{
    if (--container->count == 0)
        uvcom__event_signal(&container->may_take);
}

/* A place for one more. NULL, S_OK: there is room, but no spare memory. */
static HRESULT take_place(struct container *container, struct member **member)
{
    bool is_full;

    uvcom__lock_acquire(&container->lock);
    *member = NULL;
    is_full = container->limit != NO_LIMIT && container->count >= container->limit;
    if (!is_full) {
        container->count++;
        *member = container->spares;
    }
    if (*member)
        container->spares = (*member)->next_ready;
    uvcom__lock_release(&container->lock);
    return is_full ? RPC_E_OUT_OF_RESOURCES : S_OK;
}

/* NULL: out of memory, and the place is given back. */
static struct member *new_member(struct container *container)
{
    struct member *member = uvcom__alloc(sizeof *member);

    uvcom__lock_acquire(&container->lock);
    if (member) {
        member->container = container;
        member->observer.notify = notify;
        member->next = container->all;
        container->all = member;
    } else {
        count_down_locked(container);
    }
    uvcom__lock_release(&container->lock);
    return member;
}

/* Returns the reference of a member that is held: no other thread has to do with it. */
static ISynchronize *take_out(struct container *container, struct member *member)
{
    ISynchronize *synchronize = member->synchronize;

    unobserve(member);
    member->synchronize = NULL;
    uvcom__lock_acquire(&container->lock);
    member->next_ready = container->spares;
    container->spares = member;
    count_down_locked(container);
    uvcom__lock_release(&container->lock);
    return synchronize;
}

/* ---- WaitMultiple ---- */

/* The first one that is ready, held; NULL: none is. */
static struct member *hold_first(struct container *container, bool *is_empty)
{
    struct member *member;

    uvcom__lock_acquire(&container->lock);
    member = container->first_ready;
    *is_empty = container->count == 0;
    if (member) {
        container->first_ready = member->next_ready;
        member->state = MEMBER_HELD;
        container->looks++;
    } else if (!*is_empty) {
        uvcom__event_reset(&container->may_take);
    }
    uvcom__lock_release(&container->lock);
    return member;
}

static void put_back(struct container *container, struct member *member)
{
    uvcom__lock_acquire(&container->lock);
    if (member->state == MEMBER_HELD_AGAIN)
        make_ready_locked(container, member);
    else
        member->state = MEMBER_WAITING;
    uvcom__lock_release(&container->lock);
}

/* S_FALSE: none of them is set. */
static HRESULT take_one(struct container *container, ISynchronize **synchronize)
{
    struct member *member;
    bool is_empty;

    while ((member = hold_first(container, &is_empty)) != NULL) {
        if (take_signal(member)) {
            *synchronize = take_out(container, member);
            return S_OK;
        }
        put_back(container, member);
    }
    return is_empty ? RPC_E_NO_SYNC : S_FALSE;
}

static HRESULT wait_for_one(struct container *container, uint64_t deadline_ns,
                            ISynchronize **synchronize)
{
    HRESULT hr;

    /* Already signaled: nothing is dispatched, as with CON-09. */
    while ((hr = take_one(container, synchronize)) == S_FALSE) {
        hr = uvcom__event_wait_until(&container->may_take, deadline_ns);
        if (FAILED(hr))
            return hr;
    }
    return hr;
}

/* ---- the interface ---- */

static struct container *from_container(ISynchronizeContainer *This)
{
    return (struct container *)((char *)This - offsetof(struct container, container));
}

static HRESULT STDMETHODCALLTYPE container_QueryInterface(ISynchronizeContainer *This, REFIID riid,
                                                          void **ppv)
{
    return uvcom__aggregable_query(&from_container(This)->base, riid, ppv);
}

static ULONG STDMETHODCALLTYPE container_AddRef(ISynchronizeContainer *This)
{
    return uvcom__aggregable_add_ref(&from_container(This)->base);
}

static ULONG STDMETHODCALLTYPE container_Release(ISynchronizeContainer *This)
{
    return uvcom__aggregable_release(&from_container(This)->base);
}

static HRESULT STDMETHODCALLTYPE container_AddSynchronize(ISynchronizeContainer *This,
                                                          ISynchronize *pSync)
{
    struct container *container = from_container(This);
    struct member *member;
    struct event *event;
    struct call *call;
    HRESULT hr;

    if (!pSync)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED; /* a lock may be held for ever */
    event = uvcom__event_of_synchronize(pSync);
    call = uvcom__call_of_synchronize(pSync);
    if (!event && !call)
        return E_NOINTERFACE;
    hr = take_place(container, &member);
    if (FAILED(hr))
        return hr;
    if (!member)
        member = new_member(container);
    if (!member)
        return E_OUTOFMEMORY;
    pSync->lpVtbl->AddRef(pSync);
    member->synchronize = pSync;
    member->event = event;
    member->call = call;
    member->state = MEMBER_WAITING;
    /* From here on another thread's WaitMultiple may take it out. */
    if (event)
        uvcom__event_observe(event, &member->observer);
    else
        uvcom__call_observe(call, &member->observer);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE container_WaitMultiple(ISynchronizeContainer *This, DWORD dwFlags,
                                                        DWORD dwTimeOut, ISynchronize **ppSync)
{
    struct container *container = from_container(This);
    HRESULT hr;

    if (ppSync)
        *ppSync = NULL;
    if (!ppSync || dwFlags & ~WAIT_FLAGS || dwFlags & COWAIT_WAITALL)
        return E_INVALIDARG;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    /* Calls that this thread serves meanwhile may give up the client's reference. */
    uvcom__aggregable_add_ref(&container->base);
    hr = wait_for_one(container, dwTimeOut ? uvcom__deadline_ns(dwTimeOut) : 0, ppSync);
    uvcom__aggregable_release(&container->base);
    return hr;
}

static const ISynchronizeContainerVtbl container_vtable = {
    .QueryInterface = container_QueryInterface,
    .AddRef = container_AddRef,
    .Release = container_Release,
    .AddSynchronize = container_AddSynchronize,
    .WaitMultiple = container_WaitMultiple,
};

size_t uvcom__container_looks(ISynchronizeContainer *container)
{
    struct container *self = from_container(container);
    size_t looks;

    uvcom__lock_acquire(&self->lock);
    looks = self->looks;
    uvcom__lock_release(&self->lock);
    return looks;
}

/* ---- life ---- */

static void *find(struct aggregable *base, REFIID riid)
{
    struct container *container = (struct container *)base;

    /* IAgileObject has no methods of its own. */
    if (IsEqualGUID(riid, &IID_ISynchronizeContainer) || IsEqualGUID(riid, &IID_IAgileObject))
        return &container->container;
    return NULL;
}

/* First nobody calls any more; then the list is nobody else's. */
static void destroy(struct aggregable *base)
{
    struct container *container = (struct container *)base;
    struct member *member;

    for (member = container->all; member; member = member->next)
        if (member->synchronize)
            unobserve(member);
    while ((member = container->all) != NULL) {
        container->all = member->next;
        if (member->synchronize)
            member->synchronize->lpVtbl->Release(member->synchronize);
        uvcom__free(member);
    }
    uvcom__event_end(&container->may_take);
    uvcom__free(container);
}

static const struct aggregable_class container_class = {.find = find, .destroy = destroy};

static HRESULT create(size_t limit, IUnknown *outer, REFIID riid, void **ppv)
{
    HRESULT hr = uvcom__aggregable_check(outer, riid);
    struct container *container;

    if (FAILED(hr))
        return hr;
    container = uvcom__alloc(sizeof *container);
    if (!container)
        return E_OUTOFMEMORY;
    container->container.lpVtbl = &container_vtable;
    container->limit = limit;
    uvcom__event_init(&container->may_take, true);
    return uvcom__aggregable_begin(&container->base, &container_class, outer, riid, ppv);
}

HRESULT uvcom__container_create(IUnknown *outer, REFIID riid, void **ppv)
{
    return create(CONTAINER_LIMIT, outer, riid, ppv);
}

HRESULT uvcom_create_container(ISynchronizeContainer **container)
{
    if (!container)
        return E_POINTER;
    *container = NULL;
    if (uvcom__process_forked())
        return CO_E_NOTINITIALIZED;
    return create(NO_LIMIT, NULL, &IID_ISynchronizeContainer, (void **)container);
}
