/*
 * cargo_objects.c -- see cargo.h: the methods with unions and interface pointers, and all rows.
 */
#include <string.h>

#include "cargo.h"
#include "cargo_args.h"

/* ---- Union ---- */

static void union_args_make(struct cargo_maker *maker, void *args)
{
    struct union_args *a = args;
    choice *in = cargo_require(maker, 1, sizeof *in);

    a->kind = 1;
    if (in)
        cargo_make_choice(maker, &a->kind, in);
    a->in = in;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        cargo_make_choice(maker, &a->both->kind, &a->both->value);
    cargo_outside(maker);
}

static void union_args_again(struct cargo_maker *maker, void *args)
{
    ((struct union_args *)args)->both = cargo_require(maker, 1, sizeof(labelled));
}

static void union_args_room(struct cargo_maker *maker, void *args)
{
    struct union_args *a = args;

    a->tag = cargo_require(maker, 1, sizeof *a->tag);
    a->out = cargo_require(maker, 1, sizeof *a->out);
}

static void union_args_given(struct cargo_text *text, const void *args)
{
    const struct union_args *a = args;

    cargo_say_choice(text, a->kind, a->in);
    cargo_say_choice(text, a->both->kind, &a->both->value);
}

static void union_args_act(struct cargo_maker *maker, void *args)
{
    struct union_args *a = args;

    if (cargo_choose(maker, 2)) {
        cargo_free_choice(a->both->kind, &a->both->value);
        memset(a->both, 0, sizeof *a->both);
        cargo_make_choice(maker, &a->both->kind, &a->both->value);
    }
    cargo_make_choice(maker, a->tag, a->out);
}

static void union_args_got(struct cargo_text *text, const void *args)
{
    const struct union_args *a = args;

    cargo_say_choice(text, a->both->kind, &a->both->value);
    cargo_say_choice(text, *a->tag, a->out);
}

static void union_args_free(void *args)
{
    struct union_args *a = args;

    cargo_free_choice(a->both->kind, &a->both->value);
    cargo_free_choice(*a->tag, a->out);
}

CARGO_ROW(union_args, Union,
          (ICarried * This, LONG kind, const choice *in, labelled *both, LONG *tag, choice *out),
          (call, a->kind, a->in, a->both), (call, a->both, a->tag, a->out),
          (server, a->kind, a->in, a->both, a->tag, a->out), kind, in, both, tag, out)

/* ---- Any ---- */

static void any_args_make(struct cargo_maker *maker, void *args)
{
    struct any_args *a = args;
    any *in = cargo_require(maker, 1, sizeof *in);

    if (in)
        cargo_make_any(maker, in);
    a->in = in;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        cargo_make_any(maker, a->both);
    cargo_outside(maker);
}

static void any_args_again(struct cargo_maker *maker, void *args)
{
    ((struct any_args *)args)->both = cargo_require(maker, 1, sizeof(any));
}

static void any_args_room(struct cargo_maker *maker, void *args)
{
    ((struct any_args *)args)->out = cargo_require(maker, 1, sizeof(any));
}

static void any_args_given(struct cargo_text *text, const void *args)
{
    const struct any_args *a = args;

    cargo_say_any(text, a->in);
    cargo_say_any(text, a->both);
}

static void any_args_act(struct cargo_maker *maker, void *args)
{
    struct any_args *a = args;

    if (cargo_choose(maker, 2)) {
        cargo_free_any(a->both);
        memset(a->both, 0, sizeof *a->both);
        cargo_make_any(maker, a->both);
    }
    cargo_make_any(maker, a->out);
}

static void any_args_got(struct cargo_text *text, const void *args)
{
    const struct any_args *a = args;

    cargo_say_any(text, a->both);
    cargo_say_any(text, a->out);
}

static void any_args_free(void *args)
{
    struct any_args *a = args;

    cargo_free_any(a->both);
    cargo_free_any(a->out);
}

CARGO_ROW(any_args, Any, (ICarried * This, const any *in, any *both, any *out),
          (call, a->in, a->both), (call, a->both, a->out), (server, a->in, a->both, a->out), in,
          both, out)

/* ---- Objects ---- */

/* An id in memory of its own; of an interface that every witness has, unless that is wrong. */
static IID *make_iid(struct cargo_maker *maker, const void *object)
{
    IID *iid = cargo_require(maker, 1, sizeof *iid);

    if (!iid)
        return NULL;
    *iid = cargo_choose(maker, 2) ? IID_IUnknown : IID_IWitness;
    if (object && cargo_errs(maker, CARGO_NO_INTERFACE))
        *iid = IID_ICarried;
    return iid;
}

static void objects_make(struct cargo_maker *maker, void *args)
{
    struct objects *a = args;

    a->in = cargo_make_witness(maker);
    a->as = (IUnknown *)cargo_make_witness(maker);
    a->riid = make_iid(maker, a->as);
    a->wanted = make_iid(maker, NULL);
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        *a->both = cargo_make_witness(maker);
    cargo_outside(maker);
}

static void objects_again(struct cargo_maker *maker, void *args)
{
    ((struct objects *)args)->both = cargo_require(maker, 1, sizeof(IWitness *));
}

static void objects_room(struct cargo_maker *maker, void *args)
{
    ((struct objects *)args)->out = cargo_require(maker, 1, sizeof(void *));
}

static void objects_given(struct cargo_text *text, const void *args)
{
    const struct objects *a = args;

    cargo_say_object(text, a->in);
    cargo_say_object(text, a->as);
    cargo_say_object(text, *a->both);
}

/* Another one, or one of those that the client has given. */
static void replace(struct cargo_maker *maker, IWitness **slot, IWitness *other)
{
    cargo_free_object(*slot);
    *slot = other;
    if (other && cargo_choose(maker, 2)) {
        IWitness_AddRef(other);
        return;
    }
    *slot = cargo_make_witness(maker);
}

static void objects_act(struct cargo_maker *maker, void *args)
{
    struct objects *a = args;
    IWitness *out = NULL;

    if (cargo_choose(maker, 2))
        replace(maker, a->both, a->in);
    replace(maker, &out, a->in);
    *a->out = out;
}

static void objects_got(struct cargo_text *text, const void *args)
{
    const struct objects *a = args;

    cargo_say_object(text, *a->both);
    cargo_say_object(text, *a->out);
}

static void objects_free(void *args)
{
    struct objects *a = args;

    cargo_free_object(*a->both);
    cargo_free_object(*a->out);
}

CARGO_ROW(objects, Objects,
          (ICarried * This, IWitness *in, REFIID riid, IUnknown *as, IWitness **both, REFIID wanted,
           void **out),
          (call, a->in, a->riid, a->as, a->both, a->wanted), (call, a->both, a->out),
          (server, a->in, a->riid, a->as, a->both, a->wanted, a->out), in, riid, as, both, wanted,
          out)

/* ---- Witnesses ---- */

static void witnesses_make(struct cargo_maker *maker, void *args)
{
    struct witnesses *a = args;

    a->n = cargo_choose(maker, 4);
    a->in = cargo_require(maker, a->n, sizeof *a->in);
    for (ULONG i = 0; a->in && i < a->n; i++)
        a->in[i] = cargo_make_witness(maker);
    a->both = cargo_require(maker, a->n, sizeof *a->both);
    cargo_inside(maker);
    for (ULONG i = 0; a->both && i < a->n; i++)
        a->both[i] = cargo_make_witness(maker);
    cargo_outside(maker);
}

static void witnesses_again(struct cargo_maker *maker, void *args)
{
    struct witnesses *a = args;

    a->both = cargo_require(maker, a->n, sizeof *a->both);
}

static void witnesses_room(struct cargo_maker *maker, void *args)
{
    struct witnesses *a = args;

    a->out = cargo_require(maker, a->n, sizeof *a->out);
}

static void witnesses_given(struct cargo_text *text, const void *args)
{
    const struct witnesses *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        cargo_say_object(text, a->in[i]);
        cargo_say_object(text, a->both[i]);
    }
}

static void witnesses_act(struct cargo_maker *maker, void *args)
{
    struct witnesses *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        if (cargo_choose(maker, 2))
            replace(maker, &a->both[i], a->in[0]);
        replace(maker, &a->out[i], a->in[i]);
    }
}

static void witnesses_got(struct cargo_text *text, const void *args)
{
    const struct witnesses *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        cargo_say_object(text, a->both[i]);
        cargo_say_object(text, a->out[i]);
    }
}

static void witnesses_free(void *args)
{
    struct witnesses *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        cargo_free_object(a->both[i]);
        cargo_free_object(a->out[i]);
    }
}

CARGO_ROW(witnesses, Witnesses,
          (ICarried * This, ULONG n, IWitness **in, IWitness **both, IWitness **out),
          (call, a->n, a->in, a->both), (call, a->both, a->out),
          (server, a->n, a->in, a->both, a->out), n, in, both, out)

/* ---- Queries ---- */

/* The id is behind a pointer to const, so it is never the server's. Nobody needs none. */
static void make_query(struct cargo_maker *maker, query *made)
{
    IID *iid = NULL;

    made->hr = (HRESULT)cargo_choose(maker, 256);
    made->pItf = (IUnknown *)cargo_make_witness(maker);
    cargo_outside(maker);
    if (made->pItf) {
        iid = make_iid(maker, made->pItf);
    } else if (cargo_choose(maker, 2)) {
        iid = cargo_get(maker, 1, sizeof *iid);
        *iid = IID_IWitness;
    }
    made->pIID = iid;
}

static void queries_make(struct cargo_maker *maker, void *args)
{
    struct queries *a = args;
    query *in;

    a->n = cargo_choose(maker, 4);
    in = cargo_require(maker, a->n, sizeof *in);
    for (ULONG i = 0; in && i < a->n; i++)
        make_query(maker, &in[i]);
    a->in = in;
    a->both = cargo_require(maker, a->n, sizeof *a->both);
    for (ULONG i = 0; a->both && i < a->n; i++) {
        cargo_inside(maker);
        make_query(maker, &a->both[i]);
    }
}

static void queries_again(struct cargo_maker *maker, void *args)
{
    struct queries *a = args;

    a->both = cargo_require(maker, a->n, sizeof *a->both);
}

static void queries_room(struct cargo_maker *maker, void *args)
{
    (void)maker;
    (void)args;
}

static void say_iid(struct cargo_text *text, const IID *iid)
{
    cargo_say(text, "%08x ", iid ? iid->Data1 : 0);
}

static void queries_given(struct cargo_text *text, const void *args)
{
    const struct queries *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        say_iid(text, a->in[i].pIID);
        cargo_say_object(text, a->in[i].pItf);
        say_iid(text, a->both[i].pIID);
        cargo_say_object(text, a->both[i].pItf);
        cargo_say(text, "%d %d ", a->in[i].hr, a->both[i].hr);
    }
}

static void queries_act(struct cargo_maker *maker, void *args)
{
    struct queries *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        IWitness *object = (IWitness *)a->both[i].pItf;

        if (a->both[i].pIID && cargo_choose(maker, 2))
            replace(maker, &object, NULL);
        a->both[i].pItf = (IUnknown *)object;
        a->both[i].hr = (HRESULT)cargo_choose(maker, 256);
    }
}

/* Not the id: what comes back is the client's own pointer, and that memory may have gone. */
static void queries_got(struct cargo_text *text, const void *args)
{
    const struct queries *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        cargo_say_object(text, a->both[i].pItf);
        cargo_say(text, "%d ", a->both[i].hr);
    }
}

static void queries_free(void *args)
{
    struct queries *a = args;

    for (ULONG i = 0; i < a->n; i++)
        cargo_free_object(a->both[i].pItf);
}

CARGO_ROW(queries, Queries, (ICarried * This, ULONG n, const query *in, query *both),
          (call, a->n, a->in, a->both), (call, a->both), (server, a->n, a->in, a->both), n, in,
          both)

void cargo_serve_objects(ICarriedVtbl *vtbl)
{
    vtbl->Union = serve_Union;
    vtbl->Any = serve_Any;
    vtbl->Objects = serve_Objects;
    vtbl->Witnesses = serve_Witnesses;
    vtbl->Queries = serve_Queries;
}

const struct cargo_row *const cargo_rows[] = {
    &cargo_Scalars, &cargo_Numbers, &cargo_Fixed,     &cargo_Sized,   &cargo_Varying, &cargo_Steps,
    &cargo_Cells,   &cargo_Rows,    &cargo_Pointers,  &cargo_Records, &cargo_List,    &cargo_Graph,
    &cargo_Packet,  &cargo_Texts,   &cargo_Rooms,     &cargo_Names,   &cargo_Bstrs,   &cargo_Union,
    &cargo_Any,     &cargo_Objects, &cargo_Witnesses, &cargo_Queries, &cargo_Nest,
};
