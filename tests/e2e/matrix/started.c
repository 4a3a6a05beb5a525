/*
 * started.c -- see started.h: one queue, one thread.
 */
#include "tests/e2e/matrix/started.h"

#include <uvcom/combase.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

static struct {
    enum started_when when;
    atomic_size_t count;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t changed;
    struct started *first, **last;
    bool is_over;
} line = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void *started_new(size_t size, uvcom_operation *operation,
                  HRESULT (*serve)(struct started *started))
{
    struct started *started = calloc(1, size);

    if (!started)
        return NULL;
    started->operation = operation;
    started->serve = serve;
    return started;
}

static void complete(struct started *started)
{
    uvcom_operation *operation = started->operation;
    HRESULT hr = started->hr;

    /* Gone before the client can know of the end and look for what is left. */
    free(started);
    uvcom_operation_complete(operation, hr);
    uvcom_operation_release(operation);
}

HRESULT started_go(struct started *started)
{
    atomic_fetch_add(&line.count, 1);
    if (line.when != LATER)
        started->hr = started->serve(started);
    if (line.when == AT_ONCE) {
        complete(started);
        return S_OK;
    }
    pthread_mutex_lock(&line.mutex);
    *line.last = started;
    line.last = &started->next;
    pthread_cond_signal(&line.changed);
    pthread_mutex_unlock(&line.mutex);
    return S_OK;
}

/* The next one; NULL: there will be none. */
static struct started *take(void)
{
    struct started *started;

    pthread_mutex_lock(&line.mutex);
    while (!line.first && !line.is_over)
        pthread_cond_wait(&line.changed, &line.mutex);
    started = line.first;
    if (started)
        line.first = started->next;
    if (!line.first)
        line.last = &line.first;
    pthread_mutex_unlock(&line.mutex);
    return started;
}

static void *work(void *arg)
{
    struct started *started;

    (void)arg;
    if (line.when == LATER)
        CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while ((started = take()) != NULL) {
        if (line.when == LATER)
            started->hr = started->serve(started);
        complete(started);
    }
    if (line.when == LATER)
        CoUninitialize();
    return NULL;
}

void started_open(enum started_when when)
{
    line.when = when;
    atomic_store(&line.count, 0);
    line.last = &line.first;
    line.is_over = false;
    if (when != AT_ONCE)
        pthread_create(&line.thread, NULL, work, NULL);
}

void started_close(void)
{
    if (line.when == AT_ONCE)
        return;
    pthread_mutex_lock(&line.mutex);
    line.is_over = true;
    pthread_cond_signal(&line.changed);
    pthread_mutex_unlock(&line.mutex);
    pthread_join(line.thread, NULL);
}

size_t started_count(void)
{
    return atomic_load(&line.count);
}
