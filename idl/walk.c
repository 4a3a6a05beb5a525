/*
 * idl/walk.c -- the declarations of a file one after the other, whatever stands around them.
 */
#include "idl/idl.h"

const struct declaration *declaration_after(const struct declaration *declaration)
{
    if (declaration->kind == DECL_LIBRARY && declaration->declarations)
        return declaration->declarations;
    while (declaration && !declaration->next)
        declaration = declaration->parent;
    return declaration ? declaration->next : NULL;
}
