/*
 * bad_values_given.c -- see bad_values.h: the client's mistakes.
 *
 * The good arguments that are spoiled have one element or more in every array, and no pointer of
 * theirs is NULL.
 */
#include "bad_values.h"
#include "cargo_args.h"

#define NULL_POINTER HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)
#define INVALID_TAG HRESULT_FROM_WIN32(RPC_X_INVALID_TAG)
#define BAD_ENUM HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE)

/* Good arguments are the test's own memory; const is for the callee. */
#define MUTABLE(type, pointer) ((type *)(uintptr_t)(pointer))

/* ---- NULL ---- */

static void null_in(void *args)
{
    ((struct numbers_args *)args)->in = NULL;
}

static void null_in_out(void *args)
{
    ((struct numbers_args *)args)->both = NULL;
}

static void null_array(void *args)
{
    ((struct sized *)args)->in = NULL;
}

static void null_array_of_none(void *args)
{
    struct sized *a = args;

    a->n = 0;
    a->in = NULL;
}

static void null_fixed_array(void *args)
{
    ((struct fixed *)args)->in = NULL;
}

static void null_string(void *args)
{
    ((struct texts *)args)->in = NULL;
}

static void null_string_with_room(void *args)
{
    ((struct rooms *)args)->both = NULL;
}

static void null_slot_of_pointer(void *args)
{
    ((struct list *)args)->both = NULL;
}

static void null_length(void *args)
{
    ((struct varying *)args)->count = NULL;
}

static void null_embedded(void *args)
{
    MUTABLE(record, ((struct records *)args)->in)->home = NULL;
}

static void null_iid(void *args)
{
    ((struct objects *)args)->riid = NULL;
}

static void null_iid_in_struct(void *args)
{
    MUTABLE(query, ((struct queries *)args)->in)->pIID = NULL;
}

static void null_union(void *args)
{
    ((struct union_args *)args)->in = NULL;
}

static void null_packet(void *args)
{
    ((struct packet_args *)args)->in = NULL;
}

/* ---- sizes ---- */

static void size_above_limit(void *args)
{
    ((struct sized *)args)->n = 0xFFFFFFFF;
}

static void size_negative(void *args)
{
    ((struct sized *)args)->last = -2;
}

static void size_smallest(void *args)
{
    ((struct sized *)args)->last = INT32_MIN;
}

static void rows_above_limit(void *args)
{
    ((struct rows *)args)->m = 0xFFFFFFFF;
}

static void cells_above_limit(void *args)
{
    ((struct cells *)args)->n = 0x7FFFFFFF;
}

static void embedded_size_above_limit(void *args)
{
    MUTABLE(record, ((struct records *)args)->in)->count = 0xFFFFFFFF;
}

static void length_above_size(void *args)
{
    struct varying *a = args;

    a->first = 0;
    a->length = a->room + 1;
}

static void first_and_length_above_size(void *args)
{
    struct varying *a = args;

    a->first = a->room;
    a->length = 1;
}

static void first_above_size(void *args)
{
    struct varying *a = args;

    a->first = a->room + 1;
    a->length = 0;
}

static void sum_of_first_and_length_wraps(void *args)
{
    struct varying *a = args;

    a->first = 0xFFFFFFFF;
    a->length = 2;
}

static void length_through_pointer(void *args)
{
    struct varying *a = args;

    *a->count = a->room + 1;
}

/* ---- ranges and enums ---- */

static void range_of_parameter(void *args)
{
    ((struct scalars *)args)->depth = 11;
}

static void range_through_pointer(void *args)
{
    *((struct scalars *)args)->percent = 100;
}

static void range_of_field(void *args)
{
    MUTABLE(numbers, ((struct numbers_args *)args)->in)->month = 0;
}

static void range_of_typedef(void *args)
{
    ((struct numbers_args *)args)->both->step = -6;
}

static void range_in_array(void *args)
{
    MUTABLE(small_step, ((struct steps *)args)->in)[0] = 6;
}

static void enum_parameter(void *args)
{
    ((struct scalars *)args)->feeling = (mood)32768;
}

static void enum_through_pointer(void *args)
{
    *((struct scalars *)args)->both = (mood)-1;
}

static void enum_field(void *args)
{
    MUTABLE(record, ((struct records *)args)->in)->inner.feeling = (mood)65536;
}

/* ---- unions ---- */

static void tag_parameter(void *args)
{
    ((struct union_args *)args)->kind = 7;
}

static void tag_field(void *args)
{
    ((struct union_args *)args)->both->kind = 0;
}

static void enum_in_union(void *args)
{
    struct any_args *a = args;

    a->both->kind = 3;
    a->both->content.feeling = (mood)40000;
}

/* ---- strings ---- */

static void string_without_end(void *args)
{
    struct rooms *a = args;

    for (ULONG i = 0; i < a->room; i++)
        MUTABLE(char, a->in)[i] = 'x';
}

static void string_without_end_in_out(void *args)
{
    struct rooms *a = args;

    for (ULONG i = 0; i < a->room; i++)
        a->both[i] = 'x';
}

const struct bad_value bad_given[BAD_GIVEN_COUNT] = {
    {"NULL for in", &cargo_Numbers, NULL_POINTER, null_in},
    {"NULL for in, out", &cargo_Numbers, NULL_POINTER, null_in_out},
    {"NULL for an array", &cargo_Sized, NULL_POINTER, null_array},
    {"NULL for an array of none", &cargo_Sized, NULL_POINTER, null_array_of_none},
    {"NULL for a fixed array", &cargo_Fixed, NULL_POINTER, null_fixed_array},
    {"NULL for a string", &cargo_Texts, NULL_POINTER, null_string},
    {"NULL for a string with room", &cargo_Rooms, NULL_POINTER, null_string_with_room},
    {"NULL for a pointer's place", &cargo_List, NULL_POINTER, null_slot_of_pointer},
    {"NULL for a length", &cargo_Varying, NULL_POINTER, null_length},
    {"NULL in a struct", &cargo_Records, NULL_POINTER, null_embedded},
    {"NULL for an id", &cargo_Objects, NULL_POINTER, null_iid},
    {"NULL for an id in a struct", &cargo_Queries, NULL_POINTER, null_iid_in_struct},
    {"NULL for a union", &cargo_Union, NULL_POINTER, null_union},
    {"NULL for a conformant struct", &cargo_Packet, NULL_POINTER, null_packet},
    {"size above the limit", &cargo_Sized, INVALID_BOUND, size_above_limit},
    {"negative size", &cargo_Sized, INVALID_BOUND, size_negative},
    {"the smallest max_is", &cargo_Sized, INVALID_BOUND, size_smallest},
    {"second size above the limit", &cargo_Rows, INVALID_BOUND, rows_above_limit},
    {"size of arrays above the limit", &cargo_Cells, INVALID_BOUND, cells_above_limit},
    {"size in a struct", &cargo_Records, INVALID_BOUND, embedded_size_above_limit},
    {"length above size", &cargo_Varying, INVALID_BOUND, length_above_size},
    {"first and length above size", &cargo_Varying, INVALID_BOUND, first_and_length_above_size},
    {"first above size", &cargo_Varying, INVALID_BOUND, first_above_size},
    {"sum wraps", &cargo_Varying, INVALID_BOUND, sum_of_first_and_length_wraps},
    {"length through a pointer", &cargo_Varying, INVALID_BOUND, length_through_pointer},
    {"range of a parameter", &cargo_Scalars, INVALID_BOUND, range_of_parameter},
    {"range through a pointer", &cargo_Scalars, INVALID_BOUND, range_through_pointer},
    {"range of a field", &cargo_Numbers, INVALID_BOUND, range_of_field},
    {"range of a typedef", &cargo_Numbers, INVALID_BOUND, range_of_typedef},
    {"range in an array", &cargo_Steps, INVALID_BOUND, range_in_array},
    {"enum", &cargo_Scalars, BAD_ENUM, enum_parameter},
    {"enum through a pointer", &cargo_Scalars, BAD_ENUM, enum_through_pointer},
    {"enum in a struct", &cargo_Records, BAD_ENUM, enum_field},
    {"enum in a union", &cargo_Any, BAD_ENUM, enum_in_union},
    {"tag in a parameter", &cargo_Union, INVALID_TAG, tag_parameter},
    {"tag in a struct", &cargo_Union, INVALID_TAG, tag_field},
    {"string without end", &cargo_Rooms, INVALID_BOUND, string_without_end},
    {"in, out string without end", &cargo_Rooms, INVALID_BOUND, string_without_end_in_out},
};
