/*
 * sta_thread.h -- a thread with a single-threaded apartment that waits, and so serves, until
 * stopped.
 */
#ifndef TESTS_SUPPORT_STA_THREAD_H
#define TESTS_SUPPORT_STA_THREAD_H

#include <pthread.h>
#include <stdatomic.h>

#include <uvcom/combase.h>

#include "runtime/apartment.h"
#include "tests/support/gate.h"

struct sta_thread {
    pthread_t thread;
    struct apartment *apartment; /* one reference */
    struct gate is_up;
    atomic_bool is_over;
    unsigned looks; /* the thread's: how often the wait has asked */
};

static inline bool sta_thread_is_over(void *arg)
{
    struct sta_thread *sta = arg;

    /* Not always equally fast, so that a post meets every step on the way to sleep: see tick.h. */
    for (unsigned i = sta->looks++ % 7; i > 0; i--)
        uvcom__pause();
    return atomic_load(&sta->is_over);
}

static inline void *sta_thread_main(void *arg)
{
    struct sta_thread *sta = arg;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    sta->apartment = uvcom__apartment_current();
    uvcom__apartment_add_ref(sta->apartment);
    gate_open(&sta->is_up);
    uvcom__apartment_wait(sta->apartment, sta_thread_is_over, sta, UVCOM__FOREVER);
    CoUninitialize();
    return NULL;
}

/** Returns when the apartment is there. */
static inline void sta_thread_start(struct sta_thread *sta)
{
    gate_init(&sta->is_up);
    atomic_init(&sta->is_over, false);
    sta->looks = 0;
    pthread_create(&sta->thread, NULL, sta_thread_main, sta);
    gate_wait(&sta->is_up);
}

static inline void sta_thread_stop(struct sta_thread *sta)
{
    atomic_store(&sta->is_over, true);
    uvcom__apartment_wake(sta->apartment);
    pthread_join(sta->thread, NULL);
    uvcom__apartment_release(sta->apartment);
    gate_fini(&sta->is_up);
}

#endif
