/*
 * runtime/platform_exit.c -- uvcom__thread_at_exit of runtime/platform.h: a word before a thread
 * ends.
 *
 * A key of the threads library and not a destructor of a thread-local variable, because C has none.
 * The key is given back when the library is unloaded, so that no thread that ends later jumps into
 * code that is gone.
 */
#include <pthread.h>

#include "runtime/platform.h"

enum { KEY_NONE, KEY_READY };

static struct uvcom__lock lock; /* guards the rest */
static uint32_t key_state;
static pthread_key_t key;

static void before_exit(void *argument)
{
    void (*const *run)(void) = argument;

    (*run)();
}

bool uvcom__thread_at_exit(void (*const *run)(void))
{
    uvcom__lock_acquire(&lock);
    if (key_state == KEY_NONE && pthread_key_create(&key, before_exit) == 0)
        key_state = KEY_READY;
    uvcom__lock_release(&lock);
    return key_state == KEY_READY && pthread_setspecific(key, run) == 0;
}

__attribute__((destructor)) static void give_key_back(void)
{
    if (key_state == KEY_READY)
        pthread_key_delete(key);
    key_state = KEY_NONE;
}
