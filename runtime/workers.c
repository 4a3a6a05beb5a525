/*
 * workers.c -- see workers.h.
 *
 * What keeps a queued item from being forgotten: at any time some worker is either not busy, and
 * looks at the queue before it sleeps, or all are busy, and the first to finish looks. Whoever
 * takes an item and sees more wakes another, so a post has to wake one only when it finds the inbox
 * empty. When all are blocked and the system has no thread to give, the last one to block serves
 * the queue from inside its wait, if it can (uvcom__worker_wait); if it cannot, the next post tries
 * again to start a thread.
 *
 * One lock guards the queue and the lists: for a few instructions, or for as long as it takes to
 * turn round what was pushed. Idle workers sleep each on a word of its own, the last one to become
 * idle is the first to be woken. No lock is held while a thread is started or joined; a count of
 * starts under way keeps stopping from missing one that is just coming up.
 */
#include "runtime/workers.h"

#include <assert.h>

#include "runtime/apartment_layout.h"
#include "runtime/platform.h"
#include "runtime/thread_state.h"

enum { WORKER_ASLEEP, WORKER_CALLED };

struct worker {
    struct workers *workers;
    uvcom__thread thread;
    uvcom__atomic32 bell; /* what it sleeps on when idle, or in a wait that serves */
    unsigned depth;       /* items on its stack; its own */

    struct worker *next;         /* the rest is under the lock: the list of all */
    struct worker *next_idle;    /* the stack of those that look at the queue when called */
    struct worker *next_serving; /* the list of those in a wait that serves */
    struct worker *ended_before; /* which it joins when it ends itself; its own from then on */
    unsigned waits;              /* that serve, on its stack */
    bool is_listed;              /* among all: its thread can be joined */
    bool is_idle;                /* in the stack */
};

struct workers {
    struct apartment *apartment;
    uvcom__atomic32 idle_count; /* of the stack below; read without the lock by a post */
    uvcom__atomic32 count;      /* threads, those just being started included */
    uvcom__atomic32 underway;   /* of these, being started; slept on without the lock */
    uvcom__atomic32 has_one; /* not 0: a thread has been started, and from then on there is one */
    uvcom__atomic32 is_starved; /* not 0: all were blocked when no thread could be had */
    struct uvcom__lock lock;    /* guards the rest, the apartment's ready queue, writing of these */
    struct worker *all;
    struct worker *idle;
    struct worker *serving;
    struct worker *ended; /* the last one to end itself, not joined yet; NULL: none */
    uint32_t busy;        /* running an item */
    uint32_t blocked;     /* of those, asleep in it */
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

size_t uvcom__workers_idle_count(struct workers *workers)
{
    return uvcom__load32(&workers->idle_count, UVCOM__RELAXED);
}

/* ---- idle ones ---------------------------------------------------------------------------------
 */

static void remove_idle_locked(struct workers *workers, struct worker *worker)
{
    struct worker **link = &workers->idle;

    while (*link != worker)
        link = &(*link)->next_idle;
    *link = worker->next_idle;
    worker->is_idle = false;
    uvcom__add32(&workers->idle_count, -1, UVCOM__RELAXED);
}

static void call_worker(struct worker *worker)
{
    uvcom__store32(&worker->bell, WORKER_CALLED, UVCOM__RELEASE);
    uvcom__futex_wake(&worker->bell);
}

/*
 * Takes one off the stack, which looks at the queue once it is called. NULL: nobody is to be
 * called. One in a wait that serves is called right here: it does not depend on the call to wake
 * up, so outside the lock it might be gone.
 */
static struct worker *pop_idle_locked(struct workers *workers)
{
    struct worker *worker = workers->idle;

    if (!worker)
        return NULL;
    remove_idle_locked(workers, worker);
    if (worker->waits == 0)
        return worker;
    call_worker(worker);
    return NULL;
}

/* False: something has come, and the worker is not idle after all. */
static bool become_idle_locked(struct workers *workers, struct worker *worker)
{
    worker->next_idle = workers->idle;
    worker->is_idle = true;
    workers->idle = worker;
    uvcom__add32(&workers->idle_count, 1, UVCOM__RELAXED);
    uvcom__fence(UVCOM__SEQ_CST); /* see uvcom__workers_notify */
    if (uvcom__inbox_is_empty(&workers->apartment->inbox))
        return true;
    remove_idle_locked(workers, worker);
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

    if (workers->stopped || count > workers->busy || count >= WORKERS_TOTAL ||
        count - workers->blocked >= WORKERS_LIMIT)
        return false;
    uvcom__add32(&workers->count, 1, UVCOM__RELAXED);
    uvcom__add32(&workers->underway, 1, UVCOM__RELAXED);
    return true;
}

static bool start_worker(struct workers *workers)
{
    struct worker *worker = uvcom__alloc(sizeof *worker);
    bool started = false;

    if (worker) {
        worker->workers = workers;
        started = uvcom__thread_start(&worker->thread, worker_main, worker);
    }
    uvcom__lock_acquire(&workers->lock);
    if (started) {
        worker->next = workers->all;
        worker->is_listed = true;
        workers->all = worker;
        uvcom__store32(&workers->has_one, 1, UVCOM__RELEASE);
        uvcom__store32(&workers->is_starved, 0, UVCOM__RELAXED);
    } else {
        uvcom__add32(&workers->count, -1, UVCOM__RELAXED);
    }
    uvcom__add32(&workers->underway, -1, UVCOM__RELEASE);
    uvcom__lock_release(&workers->lock);
    uvcom__futex_wake(&workers->underway);
    if (!started)
        uvcom__free(worker);
    return started;
}

static void await_start(struct workers *workers)
{
    const uint32_t underway = uvcom__load32(&workers->underway, UVCOM__ACQUIRE);

    if (underway > 0)
        uvcom__futex_wait(&workers->underway, underway, UVCOM__FOREVER);
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
        await_start(workers);
    }
    return S_OK;
}

/* What was pushed is taken, so that the next post finds the inbox empty and tries again too. */
static void retry_start(struct workers *workers)
{
    bool claimed;

    uvcom__lock_acquire(&workers->lock);
    uvcom__inbox_take(&workers->apartment->inbox, &workers->apartment->ready);
    claimed = claim_start_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (claimed)
        start_worker(workers);
}

void uvcom__workers_notify(struct workers *workers)
{
    struct worker *worker;

    /* Between the push and this look a worker may go to sleep: it counts itself idle, has a fence
       of its own, and looks at the inbox again. One of the two sees the other. */
    uvcom__fence(UVCOM__SEQ_CST);
    if (uvcom__load32(&workers->idle_count, UVCOM__RELAXED) == 0) {
        if (uvcom__load32(&workers->is_starved, UVCOM__RELAXED))
            retry_start(workers);
        return;
    }
    uvcom__lock_acquire(&workers->lock);
    worker = pop_idle_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (worker)
        call_worker(worker);
}

/* ---- running -----------------------------------------------------------------------------------
 */

/* What a worker that has taken an item still has to do for the others. */
struct duties {
    struct worker *to_call; /* NULL: nobody */
    bool start;
};

static bool has_items(const struct apartment *apartment)
{
    return apartment->ready.first || !uvcom__inbox_is_empty(&apartment->inbox);
}

/* For a worker that is busy with an item already `newly_busy` is 0, else 1. */
static struct inbox_item *take_locked(struct workers *workers, struct duties *duties,
                                      uint32_t newly_busy)
{
    struct apartment *apartment = workers->apartment;
    struct inbox_item *item;

    if (!apartment->ready.first)
        uvcom__inbox_take(&apartment->inbox, &apartment->ready);
    item = uvcom__inbox_queue_pop(&apartment->ready);
    if (!item)
        return NULL;
    workers->busy += newly_busy;
    if (has_items(apartment))
        duties->to_call = pop_idle_locked(workers);
    duties->start = claim_start_locked(workers);
    return item;
}

static void run_item(struct worker *worker, struct inbox_item *item, const struct duties *duties)
{
    if (duties->to_call)
        call_worker(duties->to_call);
    /* If no thread can be had, this worker is as good as it gets: it will look again. */
    if (duties->start)
        start_worker(worker->workers);
    worker->depth++;
    item->class->run(item);
    worker->depth--;
}

/*
 * Whether enough others are idle for this one to end; if so it is forgotten here. Of those that end
 * themselves each joins the one before it, so that all but the last are joined before the stop. One
 * whose starter has not listed it yet stays.
 */
static bool end_if_spare_locked(struct workers *workers, struct worker *worker)
{
    struct worker **link = &workers->all;

    if (!worker->is_listed || uvcom__load32(&workers->idle_count, UVCOM__RELAXED) < WORKERS_IDLE)
        return false;
    while (*link != worker)
        link = &(*link)->next;
    *link = worker->next;
    worker->ended_before = workers->ended;
    workers->ended = worker;
    uvcom__add32(&workers->count, -1, UVCOM__RELAXED);
    return true;
}

/* Waits for an item. NULL: this worker is to end. */
static struct inbox_item *next_item(struct worker *worker, struct duties *duties)
{
    struct workers *workers = worker->workers;
    struct inbox_item *item = NULL;

    uvcom__lock_acquire(&workers->lock);
    while (!workers->stopped && (item = take_locked(workers, duties, 1)) == NULL) {
        if (end_if_spare_locked(workers, worker))
            break;
        uvcom__store32(&worker->bell, WORKER_ASLEEP, UVCOM__RELAXED);
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

static void join(struct worker *worker)
{
    uvcom__thread_join(&worker->thread);
    uvcom__free(worker);
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
        run_item(worker, item, &duties);
        uvcom__lock_acquire(&workers->lock);
        workers->busy--;
        uvcom__lock_release(&workers->lock);
    }
    uvcom__thread_leave_runtime();
    if (worker->ended_before)
        join(worker->ended_before);
}

/* ---- sleeping in an item -----------------------------------------------------------------------
 */

/* Returns false if all are blocked now and no thread could be had. */
static bool block_and_replace(struct workers *workers)
{
    bool start;
    bool others;

    uvcom__lock_acquire(&workers->lock);
    workers->blocked++;
    start = claim_start_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (start && start_worker(workers))
        return true;
    uvcom__lock_acquire(&workers->lock);
    others = uvcom__load32(&workers->count, UVCOM__RELAXED) > workers->blocked;
    if (!others)
        uvcom__store32(&workers->is_starved, 1, UVCOM__RELAXED);
    uvcom__lock_release(&workers->lock);
    return others;
}

void uvcom__worker_block(struct worker *worker)
{
    block_and_replace(worker->workers);
}

bool uvcom__worker_block_or_serve(struct worker *worker)
{
    if (block_and_replace(worker->workers) || worker->depth >= SERVING_DEPTH)
        return true;
    uvcom__worker_unblock(worker);
    return false;
}

void uvcom__worker_unblock(struct worker *worker)
{
    uvcom__lock_acquire(&worker->workers->lock);
    worker->workers->blocked--;
    uvcom__store32(&worker->workers->is_starved, 0, UVCOM__RELAXED);
    uvcom__lock_release(&worker->workers->lock);
}

/* The next item, or NULL: then the worker is idle, unless it may serve no more. */
static struct inbox_item *take_or_become_idle(struct worker *worker, struct duties *duties)
{
    struct workers *workers = worker->workers;
    struct inbox_item *item = NULL;

    if (worker->depth >= SERVING_DEPTH)
        return NULL;
    uvcom__lock_acquire(&workers->lock);
    while (!workers->stopped && (item = take_locked(workers, duties, 0)) == NULL)
        if (become_idle_locked(workers, worker))
            break;
    uvcom__lock_release(&workers->lock);
    return item;
}

static void sleep_idle(struct worker *worker, uint64_t deadline_ns)
{
    struct workers *workers = worker->workers;

    uvcom__futex_wait(&worker->bell, WORKER_ASLEEP, deadline_ns);
    uvcom__lock_acquire(&workers->lock);
    if (worker->is_idle)
        remove_idle_locked(workers, worker);
    uvcom__lock_release(&workers->lock);
}

static void serving_begin(struct worker *worker)
{
    struct workers *workers = worker->workers;

    uvcom__lock_acquire(&workers->lock);
    if (worker->waits++ == 0) {
        worker->next_serving = workers->serving;
        workers->serving = worker;
    }
    uvcom__lock_release(&workers->lock);
}

/* It may have been called for an item that it does not take any more: then another one is. */
static void serving_end(struct worker *worker)
{
    struct workers *workers = worker->workers;
    struct worker **link = &workers->serving;
    struct worker *to_call = NULL;

    uvcom__lock_acquire(&workers->lock);
    if (--worker->waits == 0) {
        while (*link != worker)
            link = &(*link)->next_serving;
        *link = worker->next_serving;
    }
    if (has_items(workers->apartment))
        to_call = pop_idle_locked(workers);
    uvcom__lock_release(&workers->lock);
    if (to_call)
        call_worker(to_call);
}

HRESULT uvcom__worker_wait(struct worker *worker, bool (*is_done)(void *arg), void *arg,
                           uint64_t deadline_ns)
{
    HRESULT hr = S_OK;

    serving_begin(worker);
    for (;;) {
        struct duties duties = {0};
        struct inbox_item *item;

        /* Quiet before is_done and the queue are looked at: what comes later calls again. */
        uvcom__exchange32(&worker->bell, WORKER_ASLEEP, UVCOM__ACQ_REL);
        if (is_done(arg))
            break;
        if (deadline_ns != UVCOM__FOREVER && uvcom__now_ns() >= deadline_ns) {
            hr = RPC_E_TIMEOUT;
            break;
        }
        item = take_or_become_idle(worker, &duties);
        if (item)
            run_item(worker, item, &duties);
        else
            sleep_idle(worker, deadline_ns);
    }
    serving_end(worker);
    return hr;
}

void uvcom__workers_wake(struct workers *workers)
{
    /* Called under the lock, as in pop_idle_locked; there are none but when threads ran out. */
    uvcom__lock_acquire(&workers->lock);
    for (struct worker *worker = workers->serving; worker; worker = worker->next_serving)
        call_worker(worker);
    uvcom__lock_release(&workers->lock);
}

/* ---- stopping ----------------------------------------------------------------------------------
 */

/* Ends admission in one step with the workers. Returns what nobody will run any more. */
static struct inbox_queue close_queue(struct workers *workers)
{
    struct apartment *apartment = workers->apartment;
    struct inbox_queue queued;

    uvcom__lock_acquire(&workers->lock);
    workers->stopped = true;
    uvcom__inbox_close(&apartment->inbox, &apartment->ready);
    queued = apartment->ready;
    apartment->ready = (struct inbox_queue){0};
    uvcom__lock_release(&workers->lock);
    return queued;
}

static void call_all_idle(struct workers *workers)
{
    struct worker *worker;

    while (uvcom__load32(&workers->idle_count, UVCOM__RELAXED) > 0) {
        uvcom__lock_acquire(&workers->lock);
        worker = pop_idle_locked(workers);
        uvcom__lock_release(&workers->lock);
        if (worker)
            call_worker(worker);
    }
}

/* NULL: there is none left. */
static struct worker *pop_any(struct workers *workers)
{
    struct worker *worker;

    uvcom__lock_acquire(&workers->lock);
    worker = workers->ended;
    workers->ended = NULL;
    if (!worker) {
        worker = workers->all;
        if (worker)
            workers->all = worker->next;
    }
    uvcom__lock_release(&workers->lock);
    return worker;
}

void uvcom__workers_stop(struct workers *workers)
{
    struct inbox_queue queued = close_queue(workers);
    struct inbox_item *item;
    struct worker *worker;

    call_all_idle(workers);
    /* Before the joins: a method that still runs may be waiting for one of these. */
    while ((item = uvcom__inbox_queue_pop(&queued)) != NULL)
        item->class->refuse(item);
    while (uvcom__load32(&workers->underway, UVCOM__ACQUIRE) > 0)
        await_start(workers);
    while ((worker = pop_any(workers)) != NULL)
        join(worker);
    uvcom__store32(&workers->count, 0, UVCOM__RELAXED);
}
