/*
 * apartment_start.c -- apartments on threads that the runtime keeps.
 *
 * The loop is made by the thread that asks, so that its failure is an ordinary return; from then on
 * it belongs to the new thread. Whoever takes a keeper off the list is the one that joins its
 * thread. The lock is not held while a thread is started; a count says that one is on its way, and
 * the end of the process waits for it.
 */
#include "runtime/apartment_start.h"

#include "runtime/apartment_layout.h"
#include "runtime/loop.h"
#include "runtime/platform.h"
#include "runtime/process.h"
#include "runtime/thread_state.h"

struct keeper {
    struct keeper *next;
    struct apartment *apartment; /* one reference */
    struct loop_port *port;      /* the thread's */
    uvcom__thread thread;
};

static struct {
    struct uvcom__lock lock; /* also guards the struct process_starts of each process */
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

static HRESULT start_thread(struct keeper *keeper, struct process_starts *starts)
{
    bool started, closed;

    uvcom__lock_acquire(&keepers.lock);
    closed = starts->closed;
    if (!closed)
        uvcom__add32(&starts->underway, 1, UVCOM__RELAXED);
    uvcom__lock_release(&keepers.lock);
    if (closed)
        return CO_E_NOTINITIALIZED;
    started = uvcom__thread_start(&keeper->thread, keeper_main, keeper);
    uvcom__lock_acquire(&keepers.lock);
    if (started) {
        keeper->next = keepers.first;
        keepers.first = keeper;
    }
    uvcom__add32(&starts->underway, -1, UVCOM__RELEASE);
    uvcom__lock_release(&keepers.lock);
    /* The process may be gone; the wake hands the address to the kernel and does not touch it. */
    uvcom__futex_wake(&starts->underway);
    return started ? S_OK : RPC_E_OUT_OF_RESOURCES;
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
    hr = start_thread(keeper, uvcom__process_starts(process));
    if (SUCCEEDED(hr))
        return S_OK;
    *apartment = NULL;
    uvcom__port_close(keeper->port);
    uvcom__apartment_release(keeper->apartment);
    keeper_destroy(keeper);
    return hr;
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

/* After this the list only gets shorter. */
static void close_starts(struct process_starts *starts)
{
    uint32_t underway;

    uvcom__lock_acquire(&keepers.lock);
    starts->closed = true;
    uvcom__lock_release(&keepers.lock);
    while ((underway = uvcom__load32(&starts->underway, UVCOM__ACQUIRE)) != 0)
        uvcom__futex_wait(&starts->underway, underway, UVCOM__FOREVER);
}

void uvcom__apartments_stop_all(struct process *process)
{
    struct keeper *keeper;

    close_starts(uvcom__process_starts(process));
    while ((keeper = ask_and_take(process)) != NULL)
        join(keeper);
}
