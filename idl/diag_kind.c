/*
 * idl/diag_kind.c -- see diag_kind.h.
 */
#include "idl/diag_kind.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
#define DIAG_NAME(name, text) text,
    DIAG_KINDS(DIAG_NAME)
#undef DIAG_NAME
};

const char *diag_kind_name(enum diag_kind kind)
{
    return names[kind];
}

/* The table is sorted: a test holds it. */
enum diag_kind diag_kind_find(const char *name)
{
    size_t low = 0, high = DIAG_KIND_COUNT;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, names[middle]);

        if (order == 0)
            return (enum diag_kind)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return DIAG_KIND_COUNT;
}
