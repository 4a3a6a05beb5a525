/*
 * idl/explain_meaning.c -- see explain.h; names, types, values and attributes.
 */
#include <stddef.h>

#include "idl/explain.h"

const struct explanation explain_of_meaning[] = {
    {DIAG_ATTRIBUTE_CONFLICT,
     "two attributes that exclude each other (ref and unique, size_is and max_is, ...), or a\n"
     "value that the attribute does not have.",
     EXPLAIN_OBJECT "    HRESULT Put([in, ref, unique] long *value);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put([in, unique] long *value);\n}\n"},
    {DIAG_BAD_ARRAY_SIZE,
     "the length of an array is not from 1 to 4294967295, or it is left out where it may not be:\n"
     "only the first one may.",
     "typedef struct table\n{\n    long rows[0];\n} table;\n",
     "typedef struct table\n{\n    long rows[8];\n} table;\n"},
    {DIAG_BAD_BITFIELD, "a bit-field that is wider than its type, has no bits, or is no integer.",
     "typedef struct flags\n{\n    unsigned long all : 33;\n} flags;\n",
     "typedef struct flags\n{\n    unsigned long all : 32;\n} flags;\n"},
    {DIAG_BAD_UUID, "an id is 8-4-4-4-12 hexadecimal digits. uvidl --new-uuid prints a new one.",
     EXPLAIN_IMPORT "[object, uuid(6a1d7c02-5b0e-4f53-9a77)]\n"
                    "interface IStore : IUnknown\n{\n}\n",
     EXPLAIN_OBJECT "}\n"},
    {DIAG_DIVISION_BY_ZERO, "a constant, or the condition of an #if, divides by zero.",
     "const long PARTS = 0;\nconst long SIZE = 4 / PARTS;\n",
     "const long PARTS = 2;\nconst long SIZE = 4 / PARTS;\n"},
    {DIAG_DUPLICATE_ATTRIBUTE, "the same attribute twice at one thing.",
     EXPLAIN_OBJECT "    HRESULT Put([in, in] long value);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put([in] long value);\n}\n"},
    {DIAG_DUPLICATE_CASE, "two arms of a union have the same value, or both are the default.",
     "typedef union switch (long kind) u\n{\ncase 1:\n    long a;\ncase 1:\n    short b;\n} "
     "either;\n",
     "typedef union switch (long kind) u\n{\ncase 1:\n    long a;\ncase 2:\n    short b;\n} "
     "either;\n"},
    {DIAG_DUPLICATE_MEMBER, "two fields of a struct or union, or two enumerators, have one name.",
     "typedef struct point\n{\n    long x;\n    long x;\n} point;\n",
     "typedef struct point\n{\n    long x;\n    long y;\n} point;\n"},
    {DIAG_INCOMPLETE_TYPE,
     "a struct, union or enum is declared, but its contents are needed here and come later or\n"
     "not at all. A pointer to it would do. A struct cannot contain itself.",
     "typedef struct node\n{\n    long value;\n    struct node next;\n} node;\n",
     "typedef struct node\n{\n    long value;\n    struct node *next;\n} node;\n"},
    {DIAG_INAPPLICABLE_ATTRIBUTE,
     "the attribute does not belong to this kind of thing, or not to one of this type.",
     "[object] typedef long number;\n", "[public] typedef long number;\n"},
    {DIAG_MISSING_CASE,
     "arms of a union that goes through calls say by [case(...)] or [default] which value of the\n"
     "tag chooses them: all of them, or none.",
     "typedef [switch_type(long)] union either\n{\n    [case(1)] long a;\n    short b;\n} "
     "either;\n",
     "typedef [switch_type(long)] union either\n{\n    [case(1)] long a;\n    [default] short b;\n"
     "} either;\n"},
    {DIAG_NOT_CONSTANT, "the value must be known now, from numbers, constants and enumerators.",
     "const long SIZE = *4;\n", "const long SIZE = 2 * 4;\n"},
    {DIAG_NUMBER_OUT_OF_RANGE,
     "a value does not fit in 64 bits, or in its type, or is negative where nothing can be.",
     "const short SIZE = 70000;\n", "const long SIZE = 70000;\n"},
    {DIAG_REDEFINITION,
     "a name that means something already. Typedefs, constants, enumerators and interfaces share\n"
     "one space of names, because they do in C; tags of structs, unions and enums have another.",
     "typedef long number;\ntypedef short number;\n",
     "typedef long number;\ntypedef short small_number;\n"},
    {DIAG_RESERVED_NAME,
     "C, C++ or the runtime has taken the name, so no header could use it: keywords, macros of\n"
     "the standard headers, what begins with uvcom_. A parameter or field also hides types: it\n"
     "cannot be called as one of the base types.",
     "typedef struct window\n{\n    long class;\n} window;\n",
     "typedef struct window\n{\n    long class_;\n} window;\n"},
    {DIAG_SIZE_IS_NOT_INTEGER,
     "what size_is and its kin, switch_is or a union's switch name must be an integer. If it is a\n"
     "pointer to one, as an [out] parameter is, write a '*' before it.",
     EXPLAIN_OBJECT "    HRESULT Read([in, out] ULONG *n, [in, out, size_is(n)] BYTE *data);\n}\n",
     EXPLAIN_OBJECT
     "    HRESULT Read([in, out] ULONG *n, [in, out, size_is(*n)] BYTE *data);\n}\n"},
    {DIAG_TAG_MISMATCH, "a name was the tag of a struct, and now of a union or an enum.",
     "typedef struct value\n{\n    long a;\n} value;\ntypedef union value other;\n",
     "typedef struct value\n{\n    long a;\n} value;\ntypedef struct value other;\n"},
    {DIAG_TAG_TYPE,
     "the number that switch_is names and the switch_type of the union differ in width or sign,\n"
     "so some values of the one are none of the other.",
     EXPLAIN_IMPORT "typedef [switch_type(short)] union either\n{\n    [case(1)] long a;\n"
                    "    [default] short b;\n} either;\n\n"
                    "typedef struct value\n{\n    long kind;\n    [switch_is(kind)] either u;\n"
                    "} value;\n",
     EXPLAIN_IMPORT "typedef [switch_type(long)] union either\n{\n    [case(1)] long a;\n"
                    "    [default] short b;\n} either;\n\n"
                    "typedef struct value\n{\n    long kind;\n    [switch_is(kind)] either u;\n"
                    "} value;\n"},
    {DIAG_UNKNOWN_ATTRIBUTE, "there is no attribute of this name.",
     EXPLAIN_OBJECT "    HRESULT Put([in, sise_is(n)] const BYTE *data, [in] ULONG n);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put([in, size_is(n)] const BYTE *data, [in] ULONG n);\n}\n"},
    {DIAG_UNKNOWN_NAME, "no constant, enumerator, parameter or field has this name.",
     "const long SIZE = 4;\nconst long TOTAL = 2 * SIZ;\n",
     "const long SIZE = 4;\nconst long TOTAL = 2 * SIZE;\n"},
    {DIAG_UNKNOWN_TYPE,
     "no type has this name. Types of C's headers are not known here; those of COM are after an\n"
     "import of \"unknwn.idl\". A typedef must come before it is used; an interface need not.",
     "typedef uint32_t number;\n", "typedef unsigned long number;\n"},
    {DIAG_VOID_OBJECT, "a parameter, a field or an element of an array cannot be void.",
     "typedef struct blob\n{\n    void data;\n} blob;\n",
     "typedef struct blob\n{\n    void *data;\n} blob;\n"},
    {.text = NULL},
};
