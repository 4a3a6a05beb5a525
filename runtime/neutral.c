/*
 * neutral.c -- see neutral.h.
 *
 * Every activation sets the mark as its class has it and puts it back; a wait clears it, since what
 * the thread serves meanwhile is no part of the object.
 */
#include "runtime/neutral.h"

#include "runtime/platform.h"

static UVCOM__THREAD_LOCAL bool mark;

bool uvcom__neutral_set(bool is_neutral)
{
    const bool before = mark;

    mark = is_neutral;
    return before;
}

bool uvcom__neutral_is_set(void)
{
    return mark;
}
