/*
 * types.h -- the C spelling of types, expressions and ids.
 */
#ifndef CODEGEN_TYPES_H
#define CODEGEN_TYPES_H

#include "codegen/pool.h"
#include "idl/ast.h"

/** "const BYTE *pv": a type with the name it declares; name "" for a cast or sizeof. */
const char *type_declare(struct pool *pool, const struct type *type, const char *name);

/** The same without const and volatile at its top: what a copy of such a value is kept in. */
const char *type_declare_copy(struct pool *pool, const struct type *type, const char *name);

/** The type without its qualifiers, seen through typedefs that add some. */
const struct type *type_unqualified(struct pool *pool, const struct type *type);

/** What a pointer points to or an array is made of, through typedefs; NULL for anything else. */
const struct type *type_element(const struct type *type);

/** Name and type of each parameter, separated by ", "; "" for none. */
const char *parameters_text(struct pool *pool, const struct parameter *const *parameters,
                            size_t count);

/** The declarator alone, "*pv" or "name[4]"; *base is the type that its specifier names. */
const char *type_declarator(struct pool *pool, const struct type *type, const char *name,
                            const struct type **base);

/** What an interface is called: in C, or, where pool->in_cpp is set, in C++. */
const char *type_interface_name(struct pool *pool, const struct interface *interface);

/** The names of a struct or enum in a namespace; NULL: it is in none. */
const struct winrt_name *type_winrt_name(const struct type *type);

/** "struct tag", "union tag" or "enum tag", with const and volatile, for such a type. */
const char *tagged_head(struct pool *pool, const struct type *type);

/** Whether a struct, union or enum has a tag, its own or a made one. */
bool type_has_tag(const struct pool *pool, const struct type *type);

/** Gives a struct, union or enum without a tag one that C needs. */
void type_make_tag(struct pool *pool, const struct type *type, const char *tag);

/** An expression as C, with parentheses where they help a reader. */
const char *expr_text(struct pool *pool, const struct expr *expr);

/** A number that fits an enumerator or a bound, as C. */
const char *number_text(struct pool *pool, int64_t value);

/** The same for an enum whose values are unsigned. */
const char *bits_text(struct pool *pool, int64_t value);

/** The values of an enum that travels as 16 bits: these, and what its enumerators need beyond. */
const char *enum_lowest(struct pool *pool, const struct enumeration *enumeration);
const char *enum_highest(struct pool *pool, const struct enumeration *enumeration);

/** "IID_IFoo"; of a dispinterface "DIID_DFoo". */
const char *interface_id(struct pool *pool, const struct interface *interface);

/** "6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b10" */
const char *guid_text(struct pool *pool, const struct guid *guid);

/** "{0x6a1d7c02, 0x5b0e, 0x4f53, {0x9a, ...}}" without the outer braces. */
const char *guid_fields(struct pool *pool, const struct guid *guid);

/** The same eleven numbers without any brace: arguments of a macro. */
const char *guid_arguments(struct pool *pool, const struct guid *guid);

#endif
