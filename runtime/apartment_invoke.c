/*
 * apartment_invoke.c -- runs a function in another apartment and waits for it.
 *
 * The request lives on the caller's stack. That is why the one who ran it reads everything it needs
 * before it says so: afterwards the stack may be somebody else's.
 */
#include "runtime/apartment.h"
#include "runtime/apartment_layout.h"

enum {
    INVOKE_RUNNING,
    INVOKE_AWAITED, /* a thread sleeps on the state itself */
    INVOKE_DONE
};

struct invocation {
    struct inbox_item item;
    HRESULT (*fn)(void *arg);
    void *arg;
    HRESULT result; /* written before the state says DONE */
    struct apartment
        *caller; /* the apartment to wake, referenced; NULL: wakes the state's sleeper */
    uvcom__atomic32 state;
};

static struct invocation *invocation_from_item(struct inbox_item *item)
{
    return (struct invocation *)((char *)item - offsetof(struct invocation, item));
}

static void complete(struct invocation *invocation, HRESULT result)
{
    struct apartment *caller = invocation->caller;
    uint32_t before;

    invocation->result = result;
    /* Release: the result and what fn did. After this line the invocation may be gone; the wake
       below hands its address to the kernel and does not touch it. */
    before = uvcom__exchange32(&invocation->state, INVOKE_DONE, UVCOM__ACQ_REL);
    if (caller) {
        uvcom__apartment_wake(caller);
        uvcom__apartment_release(caller);
    } else if (before == INVOKE_AWAITED) {
        uvcom__futex_wake(&invocation->state);
    }
}

static void invocation_run(struct inbox_item *item)
{
    struct invocation *invocation = invocation_from_item(item);

    complete(invocation, invocation->fn(invocation->arg));
}

static void invocation_refuse(struct inbox_item *item)
{
    complete(invocation_from_item(item), RPC_E_DISCONNECTED);
}

static const struct inbox_item_class invocation_class = {
    .run = invocation_run,
    .refuse = invocation_refuse,
};

static bool is_complete(void *arg)
{
    const struct invocation *invocation = arg;

    return uvcom__load32(&invocation->state, UVCOM__ACQUIRE) == INVOKE_DONE;
}

/*
 * Where this thread serves items while it waits; NULL: it sleeps, and has entered blocking.
 */
static struct apartment *apartment_to_serve(void)
{
    struct apartment *here = uvcom__apartment_current();

    if (here && !uvcom__apartment_is_multithreaded(here))
        return here;
    return uvcom__blocking_enter_or_serve() ? NULL : here;
}

/* On a thread that serves nothing while it waits. */
static void sleep_until_complete(struct invocation *invocation)
{
    uint32_t expected = INVOKE_RUNNING;

    uvcom__cas32(&invocation->state, &expected, INVOKE_AWAITED, UVCOM__ACQUIRE);
    while (!is_complete(invocation))
        uvcom__futex_wait(&invocation->state, INVOKE_AWAITED, UVCOM__FOREVER);
}

HRESULT uvcom__apartment_invoke(struct apartment *apartment, HRESULT (*fn)(void *arg), void *arg)
{
    struct invocation invocation = {.item.class = &invocation_class, .fn = fn, .arg = arg};
    struct apartment *here;
    HRESULT hr;

    if (uvcom__apartment_is_here(apartment))
        return fn(arg);
    hr = uvcom__apartment_ready(apartment);
    if (FAILED(hr))
        return hr;
    here = apartment_to_serve();
    if (here)
        uvcom__apartment_add_ref(here); /* the invocation's */
    invocation.caller = here;
    hr = uvcom__apartment_post(apartment, &invocation.item);
    if (FAILED(hr)) {
        if (here)
            uvcom__apartment_release(here);
    } else if (here) {
        uvcom__apartment_wait(here, is_complete, &invocation, UVCOM__FOREVER);
    } else {
        sleep_until_complete(&invocation);
    }
    if (!here)
        uvcom__blocking_leave();
    return FAILED(hr) ? hr : invocation.result;
}
