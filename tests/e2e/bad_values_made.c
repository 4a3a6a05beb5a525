/*
 * bad_values_made.c -- see bad_values.h: the mistakes of a server.
 */
#include <string.h>

#include "bad_values.h"
#include "cargo_args.h"

#define NULL_POINTER HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)
#define INVALID_TAG HRESULT_FROM_WIN32(RPC_X_INVALID_TAG)
#define BAD_ENUM HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE)
#define BAD_STUB HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)

/* Zeroed. */
static void *make(size_t size)
{
    void *memory = CoTaskMemAlloc(size);

    if (memory)
        memset(memory, 0, size);
    return memory;
}

static node *make_node(node *next)
{
    node *made = make(sizeof *made);

    made->next = next;
    return made;
}

/* ---- lengths ---- */

static void length_above_room(void *args)
{
    struct varying *a = args;

    *a->count = a->room + 1;
}

static void last_above_room(void *args)
{
    struct varying *a = args;

    *a->last = (LONG)a->room;
}

static void first_above_room(void *args)
{
    struct varying *a = args;

    *a->at = a->room + 1;
    *a->last = (LONG)a->room;
}

static void last_before_first(void *args)
{
    struct varying *a = args;

    *a->at = a->room;
    *a->last = -1;
}

/* ---- blocks that are too small ---- */

static void array_too_small(void *args)
{
    struct rows *a = args;

    *a->count = 3;
    *a->out = make(3 * sizeof(LONG) - 1);
}

static void array_far_too_small(void *args)
{
    struct rows *a = args;

    *a->count = 0xFFFFFFFF;
    *a->out = make(8);
}

static void struct_too_small(void *args)
{
    struct list *a = args;

    *a->out = make(sizeof **a->out - 1);
}

static void embedded_too_small(void *args)
{
    struct list *a = args;

    *a->out = make_node(make(1));
}

static void structs_too_few(void *args)
{
    struct records *a = args;

    *a->count = 2;
    *a->out = make(sizeof **a->out);
    (*a->out)->home = make(sizeof(point));
    (*a->out)->name = make(1);
}

static void array_in_struct_too_small(void *args)
{
    struct records *a = args;

    CoTaskMemFree(a->both->points);
    a->both->points = make(1);
    a->both->count = 4;
}

static void packet_too_small(void *args)
{
    struct packet_args *a = args;

    *a->out = make(8);
    (*a->out)->count = 100;
}

static void packet_without_count(void *args)
{
    struct packet_args *a = args;

    *a->out = make(1);
}

static void packet_one_too_small(void *args)
{
    struct packet_args *a = args;

    CoTaskMemFree(*a->both);
    *a->both = make(offsetof(packet, bytes));
    (*a->both)->count = 1;
}

static void pointer_in_array_too_small(void *args)
{
    struct pointers *a = args;

    a->out[0] = make(1);
}

static void knot_too_small(void *args)
{
    struct graph *a = args;

    *a->out = make(sizeof **a->out);
    (*a->out)->left = make(1);
    (*a->out)->right = *a->out;
}

/* ---- strings ---- */

static void string_without_end(void *args)
{
    struct texts *a = args;

    *a->out = make(6);
    memset(*a->out, 'x', 6);
}

static void string_of_no_bytes(void *args)
{
    struct texts *a = args;

    CoTaskMemFree(*a->both);
    *a->both = make(0);
}

static void string_in_array_without_end(void *args)
{
    struct names *a = args;

    *a->count = 2;
    *a->out = make(2 * sizeof **a->out);
    (*a->out)[0] = make(1);
    (*a->out)[1] = make(1);
    (*a->out)[1][0] = 'x';
}

static void string_in_room_without_end(void *args)
{
    struct rooms *a = args;

    for (ULONG i = 0; i < a->room; i++)
        a->out[i] = 'x';
}

/* ---- values ---- */

static void enum_out_of_range(void *args)
{
    ((struct fixed *)args)->out[3] = (mood)-1;
}

static void range_violated(void *args)
{
    *((struct scalars *)args)->digit = 10;
}

static void range_in_array(void *args)
{
    ((struct steps *)args)->out[0] = -6;
}

static void tag_in_parameter(void *args)
{
    *((struct union_args *)args)->tag = 7;
}

static void tag_in_struct(void *args)
{
    struct union_args *a = args;

    *a->tag = 6;
    cargo_free_choice(a->both->kind, &a->both->value);
    memset(a->both, 0, sizeof *a->both);
    a->both->kind = -1;
}

static void null_embedded(void *args)
{
    struct records *a = args;

    CoTaskMemFree(a->both->home);
    a->both->home = NULL;
}

/* ---- one block, two owners ---- */

static void list_in_a_circle(void *args)
{
    struct list *a = args;

    *a->out = make_node(make_node(NULL));
    (*a->out)->next->next = *a->out;
}

static void array_twice_the_same(void *args)
{
    struct pointers *a = args;

    a->out[0] = make(sizeof(point));
    a->out[1] = a->out[0];
}

static void result_twice_the_same(void *args)
{
    struct list *a = args;

    cargo_free_list(*a->both);
    *a->both = *a->out = make_node(NULL);
}

const struct bad_value bad_made[BAD_MADE_COUNT] = {
    {"length above room", &cargo_Varying, INVALID_BOUND, length_above_room},
    {"last above room", &cargo_Varying, INVALID_BOUND, last_above_room},
    {"first above room", &cargo_Varying, INVALID_BOUND, first_above_room},
    {"last before first", &cargo_Varying, INVALID_BOUND, last_before_first},
    {"array too small", &cargo_Rows, INVALID_BOUND, array_too_small},
    {"array far too small", &cargo_Rows, INVALID_BOUND, array_far_too_small},
    {"struct too small", &cargo_List, INVALID_BOUND, struct_too_small},
    {"embedded struct too small", &cargo_List, INVALID_BOUND, embedded_too_small},
    {"structs too few", &cargo_Records, INVALID_BOUND, structs_too_few},
    {"array in a struct too small", &cargo_Records, INVALID_BOUND, array_in_struct_too_small},
    {"conformant struct too small", &cargo_Packet, INVALID_BOUND, packet_too_small},
    {"conformant struct one too small", &cargo_Packet, INVALID_BOUND, packet_one_too_small},
    {"conformant struct without count", &cargo_Packet, INVALID_BOUND, packet_without_count},
    {"pointer in an array", &cargo_Pointers, INVALID_BOUND, pointer_in_array_too_small},
    {"knot too small", &cargo_Graph, INVALID_BOUND, knot_too_small},
    {"string without end", &cargo_Texts, INVALID_BOUND, string_without_end},
    {"string of no bytes", &cargo_Texts, INVALID_BOUND, string_of_no_bytes},
    {"string in an array", &cargo_Names, INVALID_BOUND, string_in_array_without_end},
    {"string in room", &cargo_Rooms, INVALID_BOUND, string_in_room_without_end},
    {"enum", &cargo_Fixed, BAD_ENUM, enum_out_of_range},
    {"range", &cargo_Scalars, INVALID_BOUND, range_violated},
    {"range in an array", &cargo_Steps, INVALID_BOUND, range_in_array},
    {"tag in a parameter", &cargo_Union, INVALID_TAG, tag_in_parameter},
    {"tag in a struct", &cargo_Union, INVALID_TAG, tag_in_struct},
    {"NULL in a struct", &cargo_Records, NULL_POINTER, null_embedded},
    {"a circle", &cargo_List, BAD_STUB, list_in_a_circle},
    {"two elements", &cargo_Pointers, BAD_STUB, array_twice_the_same},
    {"two parameters", &cargo_List, BAD_STUB, result_twice_the_same},
};
