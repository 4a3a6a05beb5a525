/*
 * workers.c -- see workers.h.
 *
 * What keeps a queued item from being forgotten: at any time some worker is either not busy, and
 * looks at the queue before it sleeps, or all are busy, and the first to finish looks. Whoever
 * takes an item and sees more wakes another, so a post has to wake one only when it finds the inbox
 * empty.
 *
 * One lock guards the queue and the lists for a few instructions; idle workers sleep each on a word
 * of its own, the last one to become idle is the first to be woken. A second lock is held while a
 * thread is started, so that stopping never misses one that is just coming up.
 */
#include "runtime/workers.h"

#include <assert.h>
#include <stdbool.h>

#include "runtime/apartment_layout.h"
#include "runtime/platform.h"
#include "runtime/thread_state.h"

enum { WORKER_ASLEEP, WORKER_CALLED };

struct worker {
    struct workers *workers;
    struct worker *next;      /* in the list of all */
    struct worker *next_idle; /* in the stack of the idle ones */
    uvcom__thread thread;
    uvcom__atomic32 bell; /* what an idle one sleeps on */
};

struct workers {
    struct apartment *apartment;
    uvcom__atomic32 idle_count; /* of the stack below; read without the lock by a post */
    uvcom__atomic32 count;      /* threads, those just being started included */
    uvcom__atomic32 has_one;    /* not 0: a thread has been started */
    struct uvcom__lock starting;
    struct uvcom__lock
        lock; /* guards the rest, the apartment's ready queue, writing of the counts */
    struct worker *all;
    struct worker *idle;
    uint32_t busy;    /* running an item */
    uint32_t blocked; /* of those, asleep in it */
    bool stopped;
};

struct workers *uvcom__workers_create(struct apartment *apartment)
{
    struct workers *workers = uvcom__alloc(sizeof *workers);

    if (workers)
        workers->apartment = apartment;
    return workers;
}

void uvcom__workers_destroy(struct workers *workers)
{
    assert(!workers || !workers->all);
    uvcom__free(workers);
}

size_t uvcom__workers_count(struct workers *workers)
{
    return uvcom__load32(&workers->count, UVCOM__RELAXED);
}

/* ---- idle ones ---------------------------------------------------------------------------------
 */

/* Takes one off the stack; it will look at the queue once it is called. NULL: nobody is idle. */
static struct worker *pop_idle_locked(struct workers *workers)
{
    struct worker *worker = workers->idle;

    if (!worker)
        return NULL;
    workers->idle = worker->next_idle;
    uvcom__add32(&workers->idle_count, -1, UVCOM__RELAXED);
    return worker;
}

static void call_worker(struct worker *worker)
{
    uvcom__store32(&worker->bell, WORKER_CALLED, UVCOM__RELEASE);
    uvcom__futex_wake(&worker->bell);
}

void uvcom__workers_notify(struct workers *workers)
{
    struct worker *worker;

    /* Between the push and this look a worker may go to sleep: it counts itself idle, has a fence
       of its own, and looks at the inbox again. One of the two sees the other. */
    uvcom__fence(UVCOM__SEQ_CST);
    if (uvcom__load32(&workers->idle_count, UVCOM__RELAXED) == 0)
        return;
    uvcom__lock_acquire(&workers->lock);
    worker = pop_idle_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (worker)
        call_worker(worker);
}

/* False: something has come, and the worker is not idle after all. */
static bool become_idle_locked(struct workers *workers, struct worker *worker)
{
    uvcom__store32(&worker->bell, WORKER_ASLEEP, UVCOM__RELAXED);
    worker->next_idle = workers->idle;
    workers->idle = worker;
    uvcom__add32(&workers->idle_count, 1, UVCOM__RELAXED);
    uvcom__fence(UVCOM__SEQ_CST); /* see uvcom__workers_notify */
    if (uvcom__inbox_is_empty(&workers->apartment->inbox))
        return true;
    pop_idle_locked(workers);
    return false;
}

/* ---- starting ----------------------------------------------------------------------------------
 */

static void worker_main(void *arg);

/*
 * Whether a thread should be started, because all are busy and more may run; if so it is counted,
 * and start_worker must follow. Counting first keeps two that ask at the same time from starting
 * two.
 */
static bool claim_start_locked(struct workers *workers)
{
    const uint32_t count = uvcom__load32(&workers->count, UVCOM__RELAXED);

    if (workers->stopped || count > workers->busy || count - workers->blocked >= WORKERS_LIMIT)
        return false;
    uvcom__add32(&workers->count, 1, UVCOM__RELAXED);
    return true;
}

static bool start_worker(struct workers *workers)
{
    struct worker *worker = uvcom__alloc(sizeof *worker);
    bool started = false;

    uvcom__lock_acquire(&workers->starting);
    if (worker && !workers->stopped) {
        worker->workers = workers;
        started = uvcom__thread_start(&worker->thread, worker_main, worker);
    }
    uvcom__lock_acquire(&workers->lock);
    if (started) {
        worker->next = workers->all;
        workers->all = worker;
        uvcom__store32(&workers->has_one, 1, UVCOM__RELEASE);
    } else {
        uvcom__add32(&workers->count, -1, UVCOM__RELAXED);
    }
    uvcom__lock_release(&workers->lock);
    uvcom__lock_release(&workers->starting);
    if (!started)
        uvcom__free(worker);
    return started;
}

HRESULT uvcom__workers_ready(struct workers *workers)
{
    bool claimed;
    bool stopped;

    while (!uvcom__load32(&workers->has_one, UVCOM__ACQUIRE)) {
        uvcom__lock_acquire(&workers->lock);
        stopped = workers->stopped;
        claimed = claim_start_locked(workers);
        uvcom__lock_release(&workers->lock);
        if (stopped)
            return RPC_E_DISCONNECTED;
        if (claimed)
            return start_worker(workers) ? S_OK : E_OUTOFMEMORY;
        /* Somebody else is starting the first one, which may fail: wait until that is known. */
        uvcom__lock_acquire(&workers->starting);
        uvcom__lock_release(&workers->starting);
        uvcom__pause();
    }
    return S_OK;
}

/* ---- running -----------------------------------------------------------------------------------
 */

/* What a worker that has taken an item still has to do for the others. */
struct duties {
    struct worker *to_call; /* NULL: nobody */
    bool start;
};

static struct inbox_item *take_locked(struct workers *workers, struct duties *duties)
{
    struct apartment *apartment = workers->apartment;
    struct inbox_item *item;

    if (!apartment->ready.first)
        uvcom__inbox_take(&apartment->inbox, &apartment->ready);
    item = uvcom__inbox_queue_pop(&apartment->ready);
    if (!item)
        return NULL;
    workers->busy++;
    if (apartment->ready.first || !uvcom__inbox_is_empty(&apartment->inbox))
        duties->to_call = pop_idle_locked(workers);
    duties->start = claim_start_locked(workers);
    return item;
}

/* Waits for an item. NULL: the workers are to end. */
static struct inbox_item *next_item(struct worker *worker, struct duties *duties)
{
    struct workers *workers = worker->workers;
    struct inbox_item *item = NULL;

    uvcom__lock_acquire(&workers->lock);
    while (!workers->stopped && (item = take_locked(workers, duties)) == NULL) {
        if (!become_idle_locked(workers, worker))
            continue;
        uvcom__lock_release(&workers->lock);
        while (uvcom__load32(&worker->bell, UVCOM__ACQUIRE) == WORKER_ASLEEP)
            uvcom__futex_wait(&worker->bell, WORKER_ASLEEP, UVCOM__FOREVER);
        uvcom__lock_acquire(&workers->lock);
    }
    uvcom__lock_release(&workers->lock);
    return item;
}

static void worker_main(void *arg)
{
    struct worker *worker = arg;
    struct workers *workers = worker->workers;

    uvcom__thread_enter_runtime(workers->apartment, worker, NULL);
    for (;;) {
        struct duties duties = {0};
        struct inbox_item *item = next_item(worker, &duties);

        if (!item)
            break;
        if (duties.to_call)
            call_worker(duties.to_call);
        /* If no thread can be had, this worker is as good as it gets: it will look again. */
        if (duties.start)
            start_worker(workers);
        item->class->run(item);
        uvcom__lock_acquire(&workers->lock);
        workers->busy--;
        uvcom__lock_release(&workers->lock);
    }
    uvcom__thread_leave_runtime();
}

void uvcom__worker_block(struct worker *worker)
{
    struct workers *workers = worker->workers;
    bool start;

    uvcom__lock_acquire(&workers->lock);
    workers->blocked++;
    start = claim_start_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (start)
        start_worker(workers);
}

void uvcom__worker_unblock(struct worker *worker)
{
    uvcom__lock_acquire(&worker->workers->lock);
    worker->workers->blocked--;
    uvcom__lock_release(&worker->workers->lock);
}

/* ---- stopping ----------------------------------------------------------------------------------
 */

static struct worker *pop_any(struct workers *workers)
{
    struct worker *worker;

    uvcom__lock_acquire(&workers->lock);
    worker = workers->all;
    if (worker)
        workers->all = worker->next;
    uvcom__lock_release(&workers->lock);
    return worker;
}

void uvcom__workers_stop(struct workers *workers)
{
    struct worker *worker;

    /* Under both locks: whoever starts a worker either has put it into the list, or finds this set.
     */
    uvcom__lock_acquire(&workers->starting);
    uvcom__lock_acquire(&workers->lock);
    workers->stopped = true;
    uvcom__lock_release(&workers->lock);
    uvcom__lock_release(&workers->starting);
    for (;;) {
        uvcom__lock_acquire(&workers->lock);
        worker = pop_idle_locked(workers);
        uvcom__lock_release(&workers->lock);
        if (!worker)
            break;
        call_worker(worker);
    }
    while ((worker = pop_any(workers)) != NULL) {
        uvcom__thread_join(&worker->thread);
        uvcom__free(worker);
    }
    uvcom__store32(&workers->count, 0, UVCOM__RELAXED);
}
