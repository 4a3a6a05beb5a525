/*
 * actor.c -- see actor.h.
 */
#include "tests/conformance/actor.h"

#include <sched.h>
#include <stdlib.h>

#include <check.h>

#include <uvcom/uvcom.h>

static void *actor_main(void *arg)
{
    struct actor *actor = arg;

    if (!actor->is_bare && FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
        abort();
    actor->run(actor->arg);
    if (!actor->is_bare)
        CoUninitialize();
    return NULL;
}

static void start(struct actor *actor, bool is_bare, void (*run)(void *arg), void *arg)
{
    actor->run = run;
    actor->arg = arg;
    actor->is_bare = is_bare;
    ck_assert_int_eq(pthread_create(&actor->thread, NULL, actor_main, actor), 0);
}

void actor_start(struct actor *actor, void (*run)(void *arg), void *arg)
{
    start(actor, false, run, arg);
}

void actor_start_bare(struct actor *actor, void (*run)(void *arg), void *arg)
{
    start(actor, true, run, arg);
}

void actor_join(struct actor *actor)
{
    pthread_join(actor->thread, NULL);
}

void actor_run(void (*run)(void *arg), void *arg)
{
    struct actor actor;

    actor_start(&actor, run, arg);
    actor_join(&actor);
}

void actor_run_bare(void (*run)(void *arg), void *arg)
{
    struct actor actor;

    actor_start_bare(&actor, run, arg);
    actor_join(&actor);
}

uintptr_t this_thread(void)
{
    return (uintptr_t)pthread_self();
}

void start_line_init(struct start_line *line, unsigned count)
{
    atomic_init(&line->waiting, 0);
    atomic_init(&line->round, 0);
    line->count = count;
}

void start_line_wait(struct start_line *line)
{
    const unsigned round = atomic_load(&line->round);

    if (atomic_fetch_add(&line->waiting, 1) + 1 == line->count) {
        atomic_store(&line->waiting, 0);
        atomic_store(&line->round, round + 1);
        return;
    }
    for (unsigned spins = 1; atomic_load(&line->round) == round; spins++)
        if (spins % 256 == 0)
            sched_yield(); /* fewer cores than actors */
}
