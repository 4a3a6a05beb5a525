/*
 * apartment_start.c -- apartments on threads that the runtime keeps.
 *
 * The loop is made by the thread that asks, so that its failure is an ordinary return; from then on
 * it belongs to the new thread. Whoever takes a keeper off the list is the one that joins its
 * thread.
 */
#include "runtime/apartment_start.h"

#include "runtime/apartment_layout.h"
#include "runtime/loop.h"
#include "runtime/platform.h"
#include "runtime/thread_state.h"

struct keeper {
    struct keeper *next;
    struct apartment *apartment; /* one reference */
    struct loop_port *port;      /* the thread's */
    uvcom__thread thread;
};

static struct {
    struct uvcom__lock lock; /* also held while a thread is started, so that none is missed below */
    struct keeper *first;
} keepers;

static void keeper_main(void *arg)
{
    struct keeper *keeper = arg;

    uvcom__thread_enter_runtime(keeper->apartment, NULL, keeper->port);
    uvcom__port_run_own(keeper->port);
    uvcom__apartment_close(keeper->apartment);
    uvcom__port_close(keeper->port);
    uvcom__thread_leave_runtime();
}

static void keeper_destroy(struct keeper *keeper)
{
    uvcom__apartment_release(keeper->apartment);
    uvcom__free(keeper);
}

static struct keeper *keeper_create(void)
{
    struct keeper *keeper = uvcom__alloc(sizeof *keeper);

    if (!keeper)
        return NULL;
    keeper->apartment = uvcom__apartment_create(APARTMENT_THREAD);
    if (keeper->apartment)
        return keeper;
    uvcom__free(keeper);
    return NULL;
}

static bool start_thread(struct keeper *keeper)
{
    bool started;

    uvcom__lock_acquire(&keepers.lock);
    started = uvcom__thread_start(&keeper->thread, keeper_main, keeper);
    if (started) {
        keeper->next = keepers.first;
        keepers.first = keeper;
    }
    uvcom__lock_release(&keepers.lock);
    return started;
}

HRESULT uvcom__apartment_start(struct apartment **apartment)
{
    struct process *process = uvcom__thread_state()->process;
    struct keeper *keeper;
    HRESULT hr;

    *apartment = NULL;
    if (!uvcom__apartment_current())
        return CO_E_NOTINITIALIZED;
    keeper = keeper_create();
    if (!keeper)
        return E_OUTOFMEMORY;
    keeper->apartment->process = process;
    hr = uvcom__port_open_own(keeper->apartment, &keeper->port);
    if (FAILED(hr)) {
        keeper_destroy(keeper);
        return hr;
    }
    uvcom__apartment_add_ref(keeper->apartment); /* the caller's */
    *apartment = keeper->apartment;
    if (start_thread(keeper))
        return S_OK;
    *apartment = NULL;
    uvcom__port_close(keeper->port);
    uvcom__apartment_release(keeper->apartment);
    keeper_destroy(keeper);
    return RPC_E_OUT_OF_RESOURCES;
}

static void ask_to_end(struct apartment *apartment)
{
    uvcom__store32(&apartment->ending, 1, UVCOM__RELEASE);
    uvcom__apartment_notify(apartment);
}

static void join(struct keeper *keeper)
{
    uvcom__thread_join(&keeper->thread);
    keeper_destroy(keeper);
}

void uvcom__apartment_stop(struct apartment *apartment)
{
    struct keeper **link = &keepers.first;
    struct keeper *keeper;

    ask_to_end(apartment);
    if (uvcom__apartment_is_here(apartment))
        return;
    uvcom__lock_acquire(&keepers.lock);
    while (*link && (*link)->apartment != apartment)
        link = &(*link)->next;
    keeper = *link;
    if (keeper)
        *link = keeper->next;
    uvcom__lock_release(&keepers.lock);
    if (keeper)
        join(keeper);
}

/* Asks all of the process's apartments to end and takes one off the list. NULL: there is none. */
static struct keeper *ask_and_take(const struct process *process)
{
    struct keeper **found = NULL;
    struct keeper *keeper = NULL;

    uvcom__lock_acquire(&keepers.lock);
    for (struct keeper **link = &keepers.first; *link; link = &(*link)->next) {
        if ((*link)->apartment->process != process)
            continue;
        ask_to_end((*link)->apartment);
        found = link;
    }
    if (found) {
        keeper = *found;
        *found = keeper->next;
    }
    uvcom__lock_release(&keepers.lock);
    return keeper;
}

void uvcom__apartments_stop_all(struct process *process)
{
    struct keeper *keeper;

    /* The list is looked at again after every join: an apartment may have started another one. */
    while ((keeper = ask_and_take(process)) != NULL)
        join(keeper);
}
