/*
 * cargo_deep.c -- see cargo.h: the methods whose values lead to others.
 */
#include <stdlib.h>
#include <string.h>

#include "cargo.h"
#include "cargo_args.h"

/* ---- Rows ---- */

/* How many of a row's elements there really are. */
static size_t there(ULONG count)
{
    return count > 1000 ? 1 : count;
}

static LONG *make_row(struct cargo_maker *maker, ULONG count)
{
    size_t length = there(count);
    LONG *row = cargo_own(maker, &length, sizeof *row);

    for (size_t i = 0; i < length; i++)
        row[i] = (LONG)cargo_bits(maker);
    return row;
}

static void make_rows(struct cargo_maker *maker, LONG **rows, ULONG n, ULONG m)
{
    for (ULONG i = 0; rows && i < n; i++)
        rows[i] = cargo_choose(maker, 5) ? make_row(maker, m) : NULL;
}

static void rows_make(struct cargo_maker *maker, void *args)
{
    struct rows *a = args;

    a->n = cargo_choose(maker, 4);
    a->m = cargo_choose(maker, 5);
    a->in = cargo_require(maker, a->n, sizeof *a->in);
    make_rows(maker, a->in, a->n, a->m);
    if (a->in && a->n > 0 && a->in[0] && cargo_errs(maker, CARGO_BOUND))
        a->m = cargo_choose(maker, 2) ? 0xFFFFFFFF : 0x7FFFFFFF;
    a->both = cargo_require(maker, a->n, sizeof *a->both);
    cargo_inside(maker);
    make_rows(maker, a->both, a->n, a->m);
    cargo_outside(maker);
}

static void rows_again(struct cargo_maker *maker, void *args)
{
    struct rows *a = args;

    a->both = cargo_require(maker, a->n, sizeof *a->both);
}

static void rows_room(struct cargo_maker *maker, void *args)
{
    struct rows *a = args;

    a->count = cargo_require(maker, 1, sizeof *a->count);
    a->out = cargo_require(maker, 1, sizeof *a->out);
}

static void say_rows(struct cargo_text *text, LONG **rows, ULONG n, ULONG m)
{
    for (ULONG i = 0; i < n; i++)
        cargo_say_longs(text, rows[i], rows[i] ? m : 0);
}

static void rows_given(struct cargo_text *text, const void *args)
{
    const struct rows *a = args;

    say_rows(text, a->in, a->n, a->m);
    say_rows(text, a->both, a->n, a->m);
}

static void rows_act(struct cargo_maker *maker, void *args)
{
    struct rows *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        if (!cargo_choose(maker, 2))
            continue; /* it stays as it was */
        CoTaskMemFree(a->both[i]);
        a->both[i] = cargo_choose(maker, 5) ? make_row(maker, a->m) : NULL;
    }
    *a->count = cargo_choose(maker, 6);
    *a->out = cargo_choose(maker, 5) ? make_row(maker, *a->count) : NULL;
}

static void rows_got(struct cargo_text *text, const void *args)
{
    const struct rows *a = args;

    say_rows(text, a->both, a->n, a->m);
    cargo_say_longs(text, *a->out, *a->out ? *a->count : 0);
}

static void rows_free(void *args)
{
    struct rows *a = args;

    for (ULONG i = 0; i < a->n; i++)
        CoTaskMemFree(a->both[i]);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(rows, Rows,
          (ICarried * This, ULONG n, ULONG m, LONG **in, LONG **both, ULONG *count, LONG **out),
          (call, a->n, a->m, a->in, a->both), (call, a->both, a->count, a->out),
          (server, a->n, a->m, a->in, a->both, a->count, a->out), n, m, in, both, count, out)

/* ---- Pointers ---- */

static void make_points(struct cargo_maker *maker, point **points, ULONG n)
{
    for (ULONG i = 0; points && i < n; i++)
        points[i] = cargo_choose(maker, 4) ? cargo_make_point(maker) : NULL;
}

static void pointers_make(struct cargo_maker *maker, void *args)
{
    struct pointers *a = args;

    a->n = cargo_choose(maker, 5);
    a->in = cargo_require(maker, a->n, sizeof *a->in);
    make_points(maker, a->in, a->n);
    a->both = cargo_require(maker, a->n, sizeof *a->both);
    cargo_inside(maker);
    make_points(maker, a->both, a->n);
    cargo_outside(maker);
}

static void pointers_again(struct cargo_maker *maker, void *args)
{
    struct pointers *a = args;

    a->both = cargo_require(maker, a->n, sizeof *a->both);
}

static void pointers_room(struct cargo_maker *maker, void *args)
{
    struct pointers *a = args;

    a->out = cargo_require(maker, a->n, sizeof *a->out);
}

static void say_points(struct cargo_text *text, point **points, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        cargo_say_points(text, points[i], 1);
}

static void pointers_given(struct cargo_text *text, const void *args)
{
    const struct pointers *a = args;

    say_points(text, a->in, a->n);
    say_points(text, a->both, a->n);
}

static void pointers_act(struct cargo_maker *maker, void *args)
{
    struct pointers *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        if (!cargo_choose(maker, 2))
            continue;
        CoTaskMemFree(a->both[i]);
        a->both[i] = cargo_make_point(maker);
    }
    make_points(maker, a->out, a->n);
    if (a->n > 1 && a->out[0] && cargo_errs(maker, CARGO_SHARED)) {
        CoTaskMemFree(a->out[1]);
        a->out[1] = a->out[0];
    }
}

static void pointers_got(struct cargo_text *text, const void *args)
{
    const struct pointers *a = args;

    say_points(text, a->both, a->n);
    say_points(text, a->out, a->n);
}

static void pointers_free(void *args)
{
    struct pointers *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        CoTaskMemFree(a->both[i]);
        CoTaskMemFree(a->out[i]);
    }
}

CARGO_ROW(pointers, Pointers, (ICarried * This, ULONG n, point **in, point **both, point **out),
          (call, a->n, a->in, a->both), (call, a->both, a->out),
          (server, a->n, a->in, a->both, a->out), n, in, both, out)

/* ---- Records ---- */

static void records_make(struct cargo_maker *maker, void *args)
{
    struct records *a = args;
    record *in;

    a->n = cargo_choose(maker, 4);
    in = cargo_require(maker, a->n, sizeof *in);
    for (ULONG i = 0; in && i < a->n; i++) {
        cargo_make_record(maker, &in[i]);
        cargo_make_note(maker, &in[i]);
    }
    a->in = in;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    if (!a->both)
        return;
    cargo_inside(maker);
    cargo_make_record(maker, a->both);
    cargo_outside(maker);
    cargo_make_note(maker, a->both);
}

static void records_again(struct cargo_maker *maker, void *args)
{
    ((struct records *)args)->both = cargo_require(maker, 1, sizeof(record));
}

static void records_room(struct cargo_maker *maker, void *args)
{
    struct records *a = args;

    a->count = cargo_require(maker, 1, sizeof *a->count);
    a->out = cargo_require(maker, 1, sizeof *a->out);
}

static void records_given(struct cargo_text *text, const void *args)
{
    const struct records *a = args;

    for (ULONG i = 0; i < a->n; i++)
        cargo_say_record(text, &a->in[i], true);
    cargo_say_record(text, a->both, true);
}

static void records_act(struct cargo_maker *maker, void *args)
{
    struct records *a = args;
    const char *note = a->both->inner.note;
    size_t count;

    if (cargo_choose(maker, 2)) {
        cargo_free_record(a->both, false);
        memset(a->both, 0, sizeof *a->both);
        cargo_make_record(maker, a->both);
        a->both->inner.note = note;
    }
    count = *a->count = cargo_choose(maker, 4);
    if (count == 0)
        return;
    *a->out = cargo_own(maker, &count, sizeof **a->out);
    for (size_t i = 0; i < count; i++) {
        cargo_make_record(maker, &(*a->out)[i]);
        cargo_make_note(maker, &(*a->out)[i]);
    }
}

static void records_got(struct cargo_text *text, const void *args)
{
    const struct records *a = args;

    cargo_say_record(text, a->both, false);
    for (ULONG i = 0; i < *a->count; i++)
        cargo_say_record(text, &(*a->out)[i], true);
}

static void records_free(void *args)
{
    struct records *a = args;

    cargo_free_record(a->both, false);
    for (ULONG i = 0; i < *a->count; i++)
        cargo_free_record(&(*a->out)[i], true);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(records, Records,
          (ICarried * This, ULONG n, const record *in, record *both, ULONG *count, record **out),
          (call, a->n, a->in, a->both), (call, a->both, a->count, a->out),
          (server, a->n, a->in, a->both, a->count, a->out), n, in, both, count, out)

/* ---- List ---- */

static void list_make(struct cargo_maker *maker, void *args)
{
    struct list *a = args;

    a->in = cargo_make_list(maker);
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        *a->both = cargo_make_list(maker);
    cargo_outside(maker);
}

static void list_again(struct cargo_maker *maker, void *args)
{
    ((struct list *)args)->both = cargo_require(maker, 1, sizeof(node *));
}

static void list_room(struct cargo_maker *maker, void *args)
{
    ((struct list *)args)->out = cargo_require(maker, 1, sizeof(node *));
}

static void list_given(struct cargo_text *text, const void *args)
{
    const struct list *a = args;

    cargo_say_list(text, a->in);
    cargo_say_list(text, *a->both);
}

static void list_act(struct cargo_maker *maker, void *args)
{
    struct list *a = args;
    node *first = *a->both;

    if (first && cargo_choose(maker, 2)) { /* all but the first */
        *a->both = first->next;
        first->next = NULL;
        cargo_free_list(first);
    } else if (cargo_choose(maker, 2)) {
        cargo_free_list(first);
        *a->both = cargo_make_list(maker);
    }
    *a->out = cargo_make_list(maker);
}

static void list_got(struct cargo_text *text, const void *args)
{
    const struct list *a = args;

    cargo_say_list(text, *a->both);
    cargo_say_list(text, *a->out);
}

static void list_free(void *args)
{
    struct list *a = args;

    cargo_free_list(*a->both);
    cargo_free_list(*a->out);
}

CARGO_ROW(list, List, (ICarried * This, node *in, node **both, node **out), (call, a->in, a->both),
          (call, a->both, a->out), (server, a->in, a->both, a->out), in, both, out)

/* ---- Graph ---- */

static void graph_make(struct cargo_maker *maker, void *args)
{
    struct graph *a = args;

    a->in = cargo_make_graph(maker);
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        *a->both = cargo_make_graph(maker);
    cargo_outside(maker);
}

static void graph_again(struct cargo_maker *maker, void *args)
{
    ((struct graph *)args)->both = cargo_require(maker, 1, sizeof(knot *));
}

static void graph_room(struct cargo_maker *maker, void *args)
{
    ((struct graph *)args)->out = cargo_require(maker, 1, sizeof(knot *));
}

static void graph_given(struct cargo_text *text, const void *args)
{
    const struct graph *a = args;

    cargo_say_graph(text, a->in);
    cargo_say_graph(text, *a->both);
}

static void graph_act(struct cargo_maker *maker, void *args)
{
    struct graph *a = args;
    knot *first = *a->both;

    if (first && cargo_choose(maker, 2)) {
        first->value = (LONG)cargo_choose(maker, 256);
    } else if (cargo_choose(maker, 2)) {
        cargo_free_graph(first);
        *a->both = cargo_make_graph(maker);
    }
    *a->out = cargo_make_graph(maker);
}

static void graph_got(struct cargo_text *text, const void *args)
{
    const struct graph *a = args;

    cargo_say_graph(text, *a->both);
    cargo_say_graph(text, *a->out);
}

static void graph_free(void *args)
{
    struct graph *a = args;

    cargo_free_graph(*a->both);
    cargo_free_graph(*a->out);
}

CARGO_ROW(graph, Graph, (ICarried * This, knot *in, knot_pointer *both, knot_pointer *out),
          (call, a->in, a->both), (call, a->both, a->out), (server, a->in, a->both, a->out), in,
          both, out)

/* ---- Packet ---- */

static void packet_args_make(struct cargo_maker *maker, void *args)
{
    struct packet_args *a = args;

    a->in = cargo_errs(maker, CARGO_NULL) ? NULL : cargo_make_packet(maker);
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both && cargo_choose(maker, 3))
        *a->both = cargo_make_packet(maker);
    cargo_outside(maker);
}

static void packet_args_again(struct cargo_maker *maker, void *args)
{
    ((struct packet_args *)args)->both = cargo_require(maker, 1, sizeof(packet *));
}

static void packet_args_room(struct cargo_maker *maker, void *args)
{
    ((struct packet_args *)args)->out = cargo_require(maker, 1, sizeof(packet *));
}

static void packet_args_given(struct cargo_text *text, const void *args)
{
    const struct packet_args *a = args;

    cargo_say_packet(text, a->in);
    cargo_say_packet(text, *a->both);
}

static void packet_args_act(struct cargo_maker *maker, void *args)
{
    struct packet_args *a = args;

    if (cargo_choose(maker, 2)) {
        CoTaskMemFree(*a->both);
        *a->both = cargo_make_packet(maker);
    }
    if (cargo_choose(maker, 3))
        *a->out = cargo_make_packet(maker);
}

static void packet_args_got(struct cargo_text *text, const void *args)
{
    const struct packet_args *a = args;

    cargo_say_packet(text, *a->both);
    cargo_say_packet(text, *a->out);
}

static void packet_args_free(void *args)
{
    struct packet_args *a = args;

    CoTaskMemFree(*a->both);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(packet_args, Packet, (ICarried * This, const packet *in, packet **both, packet **out),
          (call, a->in, a->both), (call, a->both, a->out), (server, a->in, a->both, a->out), in,
          both, out)

void cargo_serve_deep(ICarriedVtbl *vtbl)
{
    vtbl->Rows = serve_Rows;
    vtbl->Pointers = serve_Pointers;
    vtbl->Records = serve_Records;
    vtbl->List = serve_List;
    vtbl->Graph = serve_Graph;
    vtbl->Packet = serve_Packet;
}
