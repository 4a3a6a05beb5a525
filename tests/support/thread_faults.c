/*
 * thread_faults.c -- see thread_faults.h; the wrapper behind the linker's --wrap.
 */
#include "tests/support/thread_faults.h"

#include <errno.h>
#include <pthread.h>

/* The linker's names. Declared here because nobody else may call them. */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *arg);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static size_t allowed = THREAD_FAULTS_NONE;

void thread_faults_allow(size_t count)
{
    pthread_mutex_lock(&mutex);
    allowed = count;
    pthread_mutex_unlock(&mutex);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *arg)
{
    int refused;

    pthread_mutex_lock(&mutex);
    refused = allowed == 0;
    if (!refused && allowed != THREAD_FAULTS_NONE)
        allowed--;
    pthread_mutex_unlock(&mutex);
    return refused ? EAGAIN : __real_pthread_create(thread, attributes, start, arg);
}
