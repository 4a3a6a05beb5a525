/*
 * runtime/check/fiber.h -- flows of control with a stack of their own, all on one thread.
 *
 * It switches when it is told to and decides nothing.
 */
#ifndef RUNTIME_CHECK_FIBER_H
#define RUNTIME_CHECK_FIBER_H

/* Where the switch came from when no fiber of the program is meant: the search itself. */
#define FIBER_OUTSIDE (-1)

/** Makes fiber `index` ready to call entry() on a fresh stack when it is first switched to. */
void fiber_prepare(int index, void (*entry)(void));

/** Leaves `from` where it is and goes on where `to` was left. Variables of UVCOM__THREAD_LOCAL are
    exchanged with it. */
void fiber_switch(int from, int to);

#endif
