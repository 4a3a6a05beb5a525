/*
 * idl/type.h -- making types, asking them, and the kind of each pointer.
 */
#ifndef IDL_TYPE_H
#define IDL_TYPE_H

#include "idl/arena.h"
#include "idl/ast.h"

struct type *type_new(struct arena *arena, enum type_kind kind, const struct type *target);
struct type *type_base(struct arena *arena, enum base_type base);

/** Integers, enums, characters and booleans: what a size may be counted with. */
bool type_is_integer(const struct type *type);

/** HRESULT or SCODE, which are told by their names: to C they are longs like others. */
bool type_is_hresult(const struct type *type);

bool type_is_void(const struct type *type);

/** BSTR, which is told by its name as well, and not a pointer to one. */
bool type_is_bstr(const struct type *type);

/**
 * Bits of an integer type, 0 for anything else. An enum has 32.
 *
 * @param is_unsigned  [out]
 */
unsigned type_bits(const struct type *type, bool *is_unsigned);

/**
 * What sizeof gives in C; 0 where that depends on the machine, as for whatever holds a pointer, or
 * is not known here.
 */
uint64_t type_size(const struct type *type);

/**
 * Whether C would take the two for one type, looking through typedefs; two structs or enums are the
 * same if they are made the same, since a file may declare again what another one has.
 */
bool type_is_same(const struct type *left, const struct type *right);

/** How far the pointers of a declaration are decided by where it stands. */
struct pointer_rules {
    const struct attribute *attributes; /* ref, unique, ptr: for the outermost pointer */
    enum pointer_kind fallback;         /* pointer_default, or unique */
    bool is_parameter;                  /* the outermost pointer is ref if nothing says otherwise */
};

/**
 * Decides the kind of every pointer that a declarator made, as MIDL does. The outermost pointer of
 * a parameter may be hidden in a typedef: then the type returned is a copy that says so.
 */
const struct type *type_resolve_pointers(struct arena *arena, struct type *type,
                                         const struct pointer_rules *rules);

#endif
