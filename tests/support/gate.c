/*
 * gate.c -- see gate.h; one mutex and one condition variable.
 *
 * Always broadcast, never signal: the two kinds of waiter share one condition, and glibc's
 * pthread_cond_signal can wake the wrong one (and, by its bug 25847, none).
 */
#include "tests/support/gate.h"

void gate_init(struct gate *gate)
{
    *gate = (struct gate)GATE_INITIALIZER;
}

void gate_fini(struct gate *gate)
{
    pthread_cond_destroy(&gate->changed);
    pthread_mutex_destroy(&gate->mutex);
}

void gate_wait(struct gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    gate->waiters++;
    gate->arrived++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open && gate->passes == 0)
        pthread_cond_wait(&gate->changed, &gate->mutex);
    if (!gate->open)
        gate->passes--;
    gate->waiters--;
    pthread_mutex_unlock(&gate->mutex);
}

static void set_open(struct gate *gate, bool open)
{
    pthread_mutex_lock(&gate->mutex);
    gate->open = open;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}

void gate_open(struct gate *gate)
{
    set_open(gate, true);
}

void gate_close(struct gate *gate)
{
    set_open(gate, false);
}

void gate_pass(struct gate *gate, size_t count)
{
    pthread_mutex_lock(&gate->mutex);
    gate->passes += count;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->mutex);
}

size_t gate_waiters(struct gate *gate)
{
    size_t waiters;

    pthread_mutex_lock(&gate->mutex);
    waiters = gate->waiters;
    pthread_mutex_unlock(&gate->mutex);
    return waiters;
}

static void await_counter(struct gate *gate, const size_t *counter, size_t count)
{
    pthread_mutex_lock(&gate->mutex);
    while (*counter < count)
        pthread_cond_wait(&gate->changed, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
}

void gate_await_waiters(struct gate *gate, size_t count)
{
    await_counter(gate, &gate->waiters, count);
}

void gate_await_arrived(struct gate *gate, size_t count)
{
    await_counter(gate, &gate->arrived, count);
}
