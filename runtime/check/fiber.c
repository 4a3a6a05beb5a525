/*
 * runtime/check/fiber.c -- fibers on the C library's contexts, known to AddressSanitizer.
 *
 * A context is made by makecontext and entered once by swapcontext; later switches are _setjmp and
 * _longjmp, since swapcontext asks the kernel for the signal mask every time, which would be most
 * of a run's cost. ThreadSanitizer cannot follow either, so the exploring build is not combined
 * with it.
 */
#include "runtime/check/fiber.h"

#include "runtime/check/explore.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER
#endif
#endif

#ifdef HAS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

#define STACK_SIZE ((size_t)128 * 1024)
#define THREAD_LOCAL_MAX 1024

/* The section in which the exploring build keeps its thread-local variables; the linker makes these
   names, and leaves them out if there is no such variable. */
extern char __start_uvcom_thread_local[] __attribute__((weak));
extern char __stop_uvcom_thread_local[] __attribute__((weak));

struct fiber {
    void (*entry)(void);
    bool is_entered;
    ucontext_t start;
    jmp_buf left_at;
    char thread_local_image[THREAD_LOCAL_MAX];
    void *sanitizer_stack;
    const void *stack_bottom;
    size_t stack_size;
};

static struct fiber fibers[EXPLORE_FIBERS_MAX];
static struct fiber outside;
static char stacks[EXPLORE_FIBERS_MAX][STACK_SIZE] __attribute__((aligned(64)));
static struct fiber *came_from;
static struct fiber *entering;

static struct fiber *fiber_at(int index)
{
    return index == FIBER_OUTSIDE ? &outside : &fibers[index];
}

static size_t thread_local_size(void)
{
    const size_t size = (size_t)(__stop_uvcom_thread_local - __start_uvcom_thread_local);

    return __start_uvcom_thread_local == NULL || size > THREAD_LOCAL_MAX ? 0 : size;
}

static void exchange_thread_local(struct fiber *from, const struct fiber *to)
{
    const size_t size = thread_local_size();

    if (size == 0)
        return;
    memcpy(from->thread_local_image, __start_uvcom_thread_local, size);
    memcpy(__start_uvcom_thread_local, to->thread_local_image, size);
}

/* AddressSanitizer must know on which stack it is, or it takes every frame for an overflow. What it
   keeps for a fiber is kept from run to run, because it is slow to make. */
static void before_switch(struct fiber *from, const struct fiber *to)
{
#ifdef HAS_ADDRESS_SANITIZER
    __sanitizer_start_switch_fiber(&from->sanitizer_stack, to->stack_bottom, to->stack_size);
#else
    (void)to;
#endif
    came_from = from;
}

static void after_switch(struct fiber *self)
{
#ifdef HAS_ADDRESS_SANITIZER
    const void *bottom = NULL;
    size_t size = 0;

    __sanitizer_finish_switch_fiber(self->sanitizer_stack, &bottom, &size);
    /* The stack of the thread itself is known only from here. */
    if (came_from == &outside) {
        outside.stack_bottom = bottom;
        outside.stack_size = size;
    }
#else
    (void)self;
#endif
}

static void start(void)
{
    struct fiber *self = entering;

    after_switch(self);
#ifdef HAS_ADDRESS_SANITIZER
    /* Frames that an earlier run has left without returning can be forgotten. */
    __asan_handle_no_return();
#endif
    self->entry();
}

void fiber_prepare(int index, void (*entry)(void))
{
    struct fiber *fiber = fiber_at(index);

    fiber->entry = entry;
    fiber->is_entered = false;
    fiber->stack_bottom = stacks[index];
    fiber->stack_size = STACK_SIZE;
    memset(fiber->thread_local_image, 0, sizeof fiber->thread_local_image);
#ifdef HAS_ADDRESS_SANITIZER
    /* Whoever used this stack before has left it without returning, marks and all. */
    ASAN_UNPOISON_MEMORY_REGION(stacks[index], STACK_SIZE);
#endif
}

static void switch_to(struct fiber *from, struct fiber *to)
{
    exchange_thread_local(from, to);
    before_switch(from, to);
    if (_setjmp(from->left_at) == 0) {
        if (to->is_entered || to == &outside)
            _longjmp(to->left_at, 1);
        to->is_entered = true;
        entering = to;
        getcontext(&to->start);
        to->start.uc_stack.ss_sp = (void *)(uintptr_t)to->stack_bottom;
        to->start.uc_stack.ss_size = to->stack_size;
        to->start.uc_link = NULL;
        makecontext(&to->start, start, 0);
        setcontext(&to->start);
    }
    after_switch(from);
}

void fiber_switch(int from, int to)
{
    switch_to(fiber_at(from), fiber_at(to));
}
