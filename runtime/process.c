/*
 * process.c -- see process.h.
 *
 * The last thread takes the record out of the global place before it tears it down, outside the
 * lock: a thread that comes meanwhile gets a new record and never sees the old one dying.
 */
#include "runtime/process.h"

#include "runtime/apartment_layout.h"
#include "runtime/apartment_start.h"
#include "runtime/class_home.h"
#include "runtime/deadline.h"
#include "runtime/interface_table.h"
#include "runtime/library.h"
#include "runtime/library_search.h"
#include "runtime/platform.h"
#include "runtime/thread_state.h"
#include "runtime/workers.h"

struct process {
    struct apartment *multithreaded; /* one reference */
    unsigned keepers;                /* threads; under current.lock */
    struct process_starts starts;    /* apartment_start.c's */
    struct deadline_watch watch;     /* deadline.c's */
};

static struct {
    struct uvcom__lock lock;
    struct process *process; /* NULL: no thread is initialised */
} current;

static void process_destroy(struct process *process)
{
    uvcom__apartment_release(process->multithreaded);
    uvcom__free(process);
}

static struct process *process_create(void)
{
    struct process *process = uvcom__alloc(sizeof *process);

    if (!process)
        return NULL;
    process->multithreaded = uvcom__apartment_create(APARTMENT_POOL);
    if (process->multithreaded) {
        process->multithreaded->process = process;
        process->watch.process = process;
        return process;
    }
    uvcom__free(process);
    return NULL;
}

static struct process *keep_existing(void)
{
    struct process *process;

    uvcom__lock_acquire(&current.lock);
    process = current.process;
    if (process)
        process->keepers++;
    uvcom__lock_release(&current.lock);
    return process;
}

struct process *uvcom__process_keep(void)
{
    struct process *process = keep_existing();
    struct process *made;

    if (process)
        return process;
    made = process_create();
    if (!made)
        return NULL;
    uvcom__lock_acquire(&current.lock);
    if (!current.process)
        current.process = made;
    process = current.process;
    process->keepers++;
    uvcom__lock_release(&current.lock);
    if (process != made)
        process_destroy(made);
    return process;
}

/*
 * What the global interface table still holds goes first, while its objects' apartments are there.
 * Then apartments with threads of their own go: while they end, the workers may still have to
 * finish what they wait for. From then on none can be started, neither by a method that still runs
 * nor by the end of an object below. What is queued for the multithreaded apartment is refused and
 * its objects are released on this thread, the last one that is left, as a member of that
 * apartment. Until then a method may wait for a call that only its deadline ends, so the thread
 * that watches over deadlines goes no sooner. Last comes what methods have put into the table
 * meanwhile: an apartment that has closed is refused there, so nothing can follow, not even by the
 * end of one of these objects. Then nothing of the runtime's runs in a server library any more, and
 * those that are unused can go.
 */
static void tear_down(struct process *process)
{
    struct thread_state *state = uvcom__thread_state();
    struct apartment *own = state->apartment;

    state->apartment = process->multithreaded;
    uvcom__interface_table_drop(process->multithreaded);
    state->apartment = own;
    uvcom__apartments_stop_all(process);
    state->apartment = process->multithreaded;
    uvcom__workers_stop(process->multithreaded->workers);
    uvcom__apartment_close(process->multithreaded);
    uvcom__deadline_watch_stop(&process->watch);
    uvcom__interface_table_drop(process->multithreaded);
    uvcom__class_hosts_drop();
    uvcom__library_search_forget();
    uvcom__library_free_unused(0);
    state->apartment = own;
    process_destroy(process);
}

void uvcom__process_drop(struct process *process, bool is_exiting)
{
    bool is_last;

    uvcom__lock_acquire(&current.lock);
    is_last = --process->keepers == 0 && !is_exiting;
    if (is_last)
        current.process = NULL;
    uvcom__lock_release(&current.lock);
    if (is_last)
        tear_down(process);
}

struct process_starts *uvcom__process_starts(struct process *process)
{
    return &process->starts;
}

struct deadline_watch *uvcom__process_watch(struct process *process)
{
    return &process->watch;
}

struct apartment *uvcom__process_multithreaded(struct process *process)
{
    return process->multithreaded;
}

struct apartment *uvcom__process_multithreaded_of_others(void)
{
    struct apartment *apartment = NULL;

    uvcom__lock_acquire(&current.lock);
    if (current.process && current.process->keepers > 0) {
        apartment = current.process->multithreaded;
        uvcom__apartment_add_ref(apartment);
    }
    uvcom__lock_release(&current.lock);
    return apartment;
}
