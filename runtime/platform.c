/*
 * runtime/platform.c -- the half of runtime/platform.h that is not inline: the kernel and libuv.
 *
 * Normal build only; in the exploring build these are functions of the scheduler. No policy here.
 */
#include "runtime/platform.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#define NS_PER_S UINT64_C(1000000000)

/* Servers in COM expect Windows' 1 MiB; twice that leaves room for the sanitizers' larger frames.
   The C library's own default ranges from 128 KiB to the user's resource limit. */
#define STACK_SIZE ((size_t)2 * 1024 * 1024)

_Static_assert(sizeof(pthread_t) <= sizeof(unsigned long),
               "struct uvcom__thread keeps a pthread_t");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low half of a word comes first");

/* ---- sleeping and waking --------------------------------------------------------------------- */

static void wait_at(const void *address, uint32_t expected, uint64_t deadline_ns)
{
    const int saved_errno = errno;
    struct timespec deadline;
    struct timespec *until = NULL;

    if (deadline_ns != UVCOM__FOREVER) {
        deadline.tv_sec = (time_t)(deadline_ns / NS_PER_S);
        deadline.tv_nsec = (long)(deadline_ns % NS_PER_S);
        until = &deadline;
    }
    /* The operation with a bit set takes a point of the monotonic clock and not a span, so a wait
       that signals interrupt again and again still ends in time. */
    syscall(SYS_futex, address, FUTEX_WAIT_BITSET_PRIVATE, expected, until, NULL,
            FUTEX_BITSET_MATCH_ANY);
    errno = saved_errno;
}

static void wake_at(const void *address)
{
    const int saved_errno = errno;

    syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    errno = saved_errno;
}

void uvcom__futex_wait(uvcom__atomic32 *atomic, uint32_t expected, uint64_t deadline_ns)
{
    wait_at(&atomic->value, expected, deadline_ns);
}

void uvcom__futex_wake(uvcom__atomic32 *atomic)
{
    wake_at(&atomic->value);
}

void uvcom__futex_wait_low(uvcom__atomic64 *atomic, uint32_t expected_low, uint64_t deadline_ns)
{
    wait_at(&atomic->value, expected_low, deadline_ns);
}

void uvcom__futex_wake_low(uvcom__atomic64 *atomic)
{
    wake_at(&atomic->value);
}

uint64_t uvcom__now_ns(void)
{
    struct timespec now;

    /* Cannot fail: the clock exists on every Linux, and the address is good. */
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t uvcom__random64(void)
{
    const int saved_errno = errno;
    uint64_t number = 0;

    /* Never waits. A machine that has only just been started may have nothing to give yet, an old
       kernel does not know the call: the clock and an address are better than nothing. */
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
        number = uvcom__now_ns() * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)(uintptr_t)&number ^
                 (uint64_t)getpid() << 32;
    errno = saved_errno;
    return number;
}

#ifdef __SANITIZE_THREAD__
#define HAS_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER
#endif
#endif

void uvcom__fence(enum uvcom__order order)
{
#ifdef HAS_THREAD_SANITIZER
    /* ThreadSanitizer does not understand fences. A change of one common atomic orders at least as
       much, so it can miss a race that a fence permits, but reports none that it forbids. */
    static uvcom__atomic32 common;

    uvcom__add32(&common, 0, order == UVCOM__RELAXED ? UVCOM__RELAXED : UVCOM__SEQ_CST);
#else
    switch (order) {
    case UVCOM__RELAXED:
        break;
    case UVCOM__ACQUIRE:
        atomic_thread_fence(memory_order_acquire);
        break;
    case UVCOM__RELEASE:
        atomic_thread_fence(memory_order_release);
        break;
    case UVCOM__ACQ_REL:
        atomic_thread_fence(memory_order_acq_rel);
        break;
    default:
        atomic_thread_fence(memory_order_seq_cst);
        break;
    }
#endif
}

/* ---- threads --------------------------------------------------------------------------------- */

static void *thread_main(void *argument)
{
    uvcom__thread *thread = argument;

    /* Seen in ps -L and in a debugger. */
    prctl(PR_SET_NAME, "uvcom");
    thread->run(thread->argument);
    return NULL;
}

bool uvcom__thread_start(uvcom__thread *thread, void (*run)(void *argument), void *argument)
{
    pthread_attr_t attributes;
    pthread_t handle;
    bool started;

    thread->run = run;
    thread->argument = argument;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    started = pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 &&
              pthread_create(&handle, &attributes, thread_main, thread) == 0;
    pthread_attr_destroy(&attributes);
    if (started)
        thread->handle = handle;
    return started;
}

void uvcom__thread_join(uvcom__thread *thread)
{
    pthread_join(thread->handle, NULL);
}

uint32_t uvcom__thread_number(void)
{
    return (uint32_t)gettid();
}

uint64_t uvcom__thread_id(void)
{
    static uvcom__atomic64 last;
    static UVCOM__THREAD_LOCAL uint64_t own;

    /* Not the kernel's number and not an address: both are given again after a thread has ended,
       and a stale one would then take a stranger for itself. Relaxed: only the number counts. */
    if (own == 0)
        own = uvcom__add64(&last, 1, UVCOM__RELAXED) + 1;
    return own;
}

/* ---- fork ------------------------------------------------------------------------------------ */

enum {
    PROCESS_UNKNOWN, /* nobody has asked yet, so a child of now would not count as forked */
    PROCESS_WATCHED,
    PROCESS_FORKED,
};

static uvcom__atomic32 process_state;

static void in_forked_child(void)
{
    uvcom__store32(&process_state, PROCESS_FORKED, UVCOM__RELAXED);
}

bool uvcom__process_forked(void)
{
    /* Relaxed throughout: the state goes with no other memory, and a child has one thread. */
    uint32_t state = uvcom__load32(&process_state, UVCOM__RELAXED);

    /* Two threads may both register here; the handler does no harm twice. If there is no memory for
       it, the state stays unknown and the next call tries again. */
    if (state == PROCESS_UNKNOWN && pthread_atfork(NULL, NULL, in_forked_child) == 0)
        uvcom__cas32(&process_state, &state, PROCESS_WATCHED, UVCOM__RELAXED);
    return state == PROCESS_FORKED;
}

/* ---- libuv ----------------------------------------------------------------------------------- */

bool uvcom__async_send(struct uv_async_s *async)
{
    return uv_async_send(async) == 0;
}
