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

/** Returns the count after. Relaxed: whoever adds a reference has one already. */
static inline uint32_t uvcom__count_up(uvcom__atomic32 *count)
{
    const uint32_t before = uvcom__add32(count, 1, UVCOM__RELAXED);

    if (before == 0 || before >= COUNT_MAX)
        uvcom__fatal("a reference count left its range (AddRef)");
    return before + 1;
}

/** For who has no reference yet: false when the count is 0 already, and then it stays so. */
static inline bool uvcom__count_up_if_used(uvcom__atomic32 *count)
{
    uint32_t seen = uvcom__load32(count, UVCOM__RELAXED);

    while (seen != 0) {
        if (seen >= COUNT_MAX)
            uvcom__fatal("a reference count left its range (AddRef)");
        if (uvcom__cas32(count, &seen, seen + 1, UVCOM__ACQ_REL))
            return true;
    }
    return false;
}

/** Returns the count after. What any holder did comes before the end that follows 0. */
static inline uint32_t uvcom__count_down(uvcom__atomic32 *count)
{
    const uint32_t before = uvcom__add32(count, -1, UVCOM__ACQ_REL);

    if (before == 0 || before > COUNT_MAX)
        uvcom__fatal("a reference count left its range (Release)");
    return before - 1;
}

#endif
