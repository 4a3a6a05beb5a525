/*
 * count.h -- a reference count that ends the process rather than leave its range.
 *
 * Below zero or beyond the maximum something has been released too often or leaked for years: going
 * on would free an object that is in use.
 */
#ifndef RUNTIME_COUNT_H
#define RUNTIME_COUNT_H

#include <stdbool.h>

#include "runtime/fatal.h"
#include "runtime/platform.h"

#define COUNT_MAX 0x7fffffffu

/* The message says what the caller calls the count: "&operation->references", say. */
#define COUNT_FAULT(count_, function_) "a reference count left its range (" function_ "): " #count_

/** Returns the count after. Relaxed: whoever adds a reference has one already. */
#define uvcom__count_up(count_) uvcom__count_up_of(count_, COUNT_FAULT(count_, "AddRef"))

/** For who has no reference yet: false when the count is 0 already, and then it stays so. */
#define uvcom__count_up_if_used(count_)                                                            \
    uvcom__count_up_if_used_of(count_, COUNT_FAULT(count_, "AddRef"))

/** Returns the count after. What any holder did comes before the end that follows 0. */
#define uvcom__count_down(count_) uvcom__count_down_of(count_, COUNT_FAULT(count_, "Release"))

static inline uint32_t uvcom__count_up_of(uvcom__atomic32 *count, const char *fault)
{
    const uint32_t before = uvcom__add32(count, 1, UVCOM__RELAXED);

    if (before == 0 || before >= COUNT_MAX)
        uvcom__fatal(fault);
    return before + 1;
}

static inline bool uvcom__count_up_if_used_of(uvcom__atomic32 *count, const char *fault)
{
    uint32_t seen = uvcom__load32(count, UVCOM__RELAXED);

    while (seen != 0) {
        if (seen >= COUNT_MAX)
            uvcom__fatal(fault);
        if (uvcom__cas32(count, &seen, seen + 1, UVCOM__ACQ_REL))
            return true;
    }
    return false;
}

static inline uint32_t uvcom__count_down_of(uvcom__atomic32 *count, const char *fault)
{
    const uint32_t before = uvcom__add32(count, -1, UVCOM__ACQ_REL);

    if (before == 0 || before > COUNT_MAX)
        uvcom__fatal(fault);
    return before - 1;
}

#endif
