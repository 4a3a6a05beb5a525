/*
 * runtime/platform_lock.c -- the way into a lock that somebody else holds.
 *
 * The same code in both builds: it is made of the other operations of runtime/platform.h, so in the
 * exploring build it is explored as well. It does not say what a lock protects.
 */
#include "runtime/platform.h"

/* How often to look again before sleeping. A lock is held for a few instructions, so on another
   processor the owner is nearly always gone sooner than a system call would take. */
#ifdef UVCOM_EXPLORE
#define SPIN_COUNT 0
#else
#define SPIN_COUNT 100
#endif

void uvcom__lock_acquire_slowly(struct uvcom__lock *lock)
{
    for (int spins = 0; spins < SPIN_COUNT; spins++) {
        uint32_t expected = UVCOM__LOCK_FREE;

        uvcom__pause();
        /* Looking before trying keeps the cache line shared while the owner works. */
        if (uvcom__load32(&lock->state, UVCOM__RELAXED) == UVCOM__LOCK_FREE &&
            uvcom__cas32(&lock->state, &expected, UVCOM__LOCK_HELD, UVCOM__ACQUIRE))
            return;
    }
    /* Who has slept takes the lock as wanted, since it cannot know whether others still sleep: one
       wake too many is harmless, one too few is a thread that sleeps for ever. */
    while (uvcom__exchange32(&lock->state, UVCOM__LOCK_HELD_AND_WANTED, UVCOM__ACQUIRE) !=
           UVCOM__LOCK_FREE)
        uvcom__futex_wait(&lock->state, UVCOM__LOCK_HELD_AND_WANTED, UVCOM__FOREVER);
}
