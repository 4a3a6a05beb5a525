/*
 * runtime/check/scheduler.c -- the deterministic scheduler of one run.
 *
 * The alternatives at a point come in a fixed order: the fiber that runs, the others that could,
 * and then those that sleep with a deadline, for whom being chosen means that the deadline comes
 * now. So a time-out races with everything, and the same choices always give the same run.
 */
#include "runtime/check/scheduler.h"

#include "runtime/check/explore.h"
#include "runtime/check/fiber.h"
#include "runtime/check/memory_order.h"
#include "runtime/check/schedule.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum task_state { TASK_UNUSED, TASK_READY, TASK_ASLEEP, TASK_ENDED };

struct task {
    enum task_state state;
    void (*run)(void *argument);
    void *argument;
    const void *sleeps_on;
    uint64_t deadline_ns;
};

static struct {
    struct task tasks[EXPLORE_FIBERS_MAX];
    int count;
    int self;
    unsigned steps;
    unsigned steps_max;
    uint64_t now_ns;
    bool failed;
    char *failure;
    size_t failure_size;
} scheduler;

int scheduler_self(void)
{
    return scheduler.self;
}

uint64_t scheduler_now_ns(void)
{
    return scheduler.now_ns;
}

void scheduler_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(scheduler.failure, scheduler.failure_size, format, arguments);
    va_end(arguments);
    scheduler.failed = true;
    for (;;)
        fiber_switch(scheduler.self, FIBER_OUTSIDE);
}

/* The fibers that could go on next, in the order of the choices. */
static unsigned alternatives(int *list, bool with_self)
{
    unsigned count = 0;

    if (with_self)
        list[count++] = scheduler.self;
    for (int i = 0; i < scheduler.count; i++) {
        if (i != scheduler.self && scheduler.tasks[i].state == TASK_READY)
            list[count++] = i;
    }
    for (int i = 0; i < scheduler.count; i++) {
        if (scheduler.tasks[i].state == TASK_ASLEEP &&
            scheduler.tasks[i].deadline_ns != UVCOM__FOREVER)
            list[count++] = i;
    }
    return count;
}

static int choose(const int *list, unsigned count, bool is_free)
{
    int choice = 0;

    if (count > 1)
        choice = schedule_choose(count, is_free);
    if (choice < 0)
        scheduler_fail("more than %d choices in one run", EXPLORE_CHOICES_MAX);
    return list[choice];
}

static void become(int next)
{
    struct task *task = &scheduler.tasks[next];

    if (task->state == TASK_ASLEEP) {
        if (scheduler.now_ns < task->deadline_ns)
            scheduler.now_ns = task->deadline_ns;
        task->state = TASK_READY;
    }
    if (next != scheduler.self) {
        const int from = scheduler.self;

        scheduler.self = next;
        fiber_switch(from, next);
    }
}

static _Noreturn void fail_asleep(void)
{
    char who[64] = "";

    for (int i = 0; i < scheduler.count; i++) {
        const size_t used = strlen(who);

        if (scheduler.tasks[i].state == TASK_ASLEEP)
            snprintf(who + used, sizeof who - used, " %d", i);
    }
    scheduler_fail("everybody sleeps: fibers%s", who);
}

/* Goes on with anybody but this fiber. */
static void leave(void)
{
    int list[EXPLORE_FIBERS_MAX];
    const unsigned count = alternatives(list, false);

    if (count == 0)
        fail_asleep();
    become(choose(list, count, true));
}

void scheduler_point(void)
{
    int list[EXPLORE_FIBERS_MAX];

    if (++scheduler.steps > scheduler.steps_max)
        scheduler_fail("more than %u steps: does somebody spin?", scheduler.steps_max);
    become(choose(list, alternatives(list, true), false));
}

void scheduler_yield(void)
{
    int list[EXPLORE_FIBERS_MAX];
    const unsigned count = alternatives(list, false);

    if (++scheduler.steps > scheduler.steps_max)
        scheduler_fail("more than %u steps: does somebody spin?", scheduler.steps_max);
    if (count > 0)
        become(choose(list, count, true));
}

void scheduler_sleep(const void *address, uint64_t deadline_ns)
{
    struct task *self = &scheduler.tasks[scheduler.self];

    self->state = TASK_ASLEEP;
    self->sleeps_on = address;
    self->deadline_ns = deadline_ns;
    leave();
}

void scheduler_wake(const void *address)
{
    for (int i = 0; i < scheduler.count; i++) {
        struct task *task = &scheduler.tasks[i];

        if (task->state == TASK_ASLEEP && task->sleeps_on == address)
            task->state = TASK_READY;
    }
}

static void task_main(void)
{
    struct task *self = &scheduler.tasks[scheduler.self];

    self->run(self->argument);
    self->state = TASK_ENDED;
    scheduler_wake(self);
    /* The program's own function is the run: what it has not joined is not waited for. */
    if (scheduler.self == 0)
        fiber_switch(0, FIBER_OUTSIDE);
    leave();
}

int scheduler_start(void (*run)(void *argument), void *argument)
{
    const int index = scheduler.count;

    if (index == EXPLORE_FIBERS_MAX)
        return -1;
    scheduler.tasks[index] = (struct task){.state = TASK_READY, .run = run, .argument = argument};
    scheduler.count++;
    fiber_prepare(index, task_main);
    return index;
}

void scheduler_join(int fiber)
{
    struct task *task = &scheduler.tasks[fiber];

    while (task->state != TASK_ENDED)
        scheduler_sleep(task, UVCOM__FOREVER);
}

bool scheduler_run(void (*program)(void *argument), void *argument, unsigned steps_max,
                   char *failure, size_t failure_size)
{
    memset(&scheduler, 0, sizeof scheduler);
    scheduler.steps_max = steps_max;
    scheduler.now_ns = 1000000000;
    scheduler.failure = failure;
    scheduler.failure_size = failure_size;
    memory_order_reset();
    scheduler_start(program, argument);
    fiber_switch(FIBER_OUTSIDE, 0);
    return !scheduler.failed;
}
