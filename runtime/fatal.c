/*
 * fatal.c -- the one place in which the runtime ends the process.
 */
#include "runtime/fatal.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void uvcom__fatal(const char *what)
{
    fprintf(stderr, "uvcom: %s\n", what);
    abort();
}
