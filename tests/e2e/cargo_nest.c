/*
 * cargo_nest.c -- see cargo.h: the method whose values have arrays of everything in them.
 */
#include <string.h>

#include "cargo.h"
#include "cargo_args.h"

static void make_arrays(struct cargo_maker *maker, nest *value)
{
    size_t count = value->count;

    value->choices = cargo_own(maker, &count, sizeof *value->choices);
    for (size_t i = 0; i < count; i++)
        cargo_make_choice(maker, &value->choices[i].kind, &value->choices[i].value);
    count = value->count;
    value->names = cargo_own(maker, &count, sizeof *value->names);
    for (size_t i = 0; i < count; i++)
        value->names[i] = cargo_choose(maker, 3) ? cargo_make_text(maker, 1, 0) : NULL;
    count = value->count;
    value->objects = cargo_own(maker, &count, sizeof *value->objects);
    for (size_t i = 0; i < count; i++)
        value->objects[i] = cargo_make_witness(maker);
}

static void make_numbers(struct cargo_maker *maker, nest *value)
{
    size_t count = value->count, one = 1;

    value->pointers = cargo_own(maker, &count, sizeof *value->pointers);
    for (size_t i = 0; i < count && one > 0; i++) {
        value->pointers[i] = cargo_choose(maker, 3) ? cargo_own(maker, &one, sizeof(LONG)) : NULL;
        if (value->pointers[i] && one > 0)
            *value->pointers[i] = (LONG)cargo_choose(maker, 256);
    }
    count = value->count;
    value->used = cargo_choose(maker, value->count + 1);
    value->values = cargo_own(maker, &count, sizeof *value->values);
    for (size_t i = 0; i < count; i++)
        value->values[i] = (LONG)cargo_choose(maker, 256);
    if (cargo_errs(maker, CARGO_BOUND))
        value->used = value->count + 1 + cargo_choose(maker, 2) * 0x7FFFFFFF;
}

/* With no choices left everything is empty. */
static void make_nest(struct cargo_maker *maker, nest *value)
{
    value->count = cargo_choose(maker, 4);
    if (value->count > 0) {
        make_arrays(maker, value);
        make_numbers(maker, value);
    }
    value->lists[0] = cargo_make_list(maker);
    value->lists[1] = cargo_make_list(maker);
    cargo_make_any(maker, &value->inside);
}

static void say_nest(struct cargo_text *text, const nest *value)
{
    cargo_say(text, "nest of %u ", value->count);
    for (ULONG i = 0; i < value->count; i++) {
        cargo_say_choice(text, value->choices[i].kind, &value->choices[i].value);
        cargo_say_string(text, value->names[i], 1);
        cargo_say_object(text, value->objects[i]);
        cargo_say_longs(text, value->pointers[i], value->pointers[i] != NULL);
    }
    cargo_say_longs(text, value->values, value->used);
    cargo_say_list(text, value->lists[0]);
    cargo_say_list(text, value->lists[1]);
    cargo_say_any(text, &value->inside);
}

static void free_nest(nest *value)
{
    for (ULONG i = 0; i < value->count; i++) {
        cargo_free_choice(value->choices[i].kind, &value->choices[i].value);
        CoTaskMemFree(value->names[i]);
        cargo_free_object(value->objects[i]);
        CoTaskMemFree(value->pointers[i]);
    }
    CoTaskMemFree(value->choices);
    CoTaskMemFree(value->names);
    CoTaskMemFree(value->objects);
    CoTaskMemFree(value->pointers);
    CoTaskMemFree(value->values);
    cargo_free_list(value->lists[0]);
    cargo_free_list(value->lists[1]);
    cargo_free_any(&value->inside);
}

/* ---- Nest ---- */

static void nest_args_make(struct cargo_maker *maker, void *args)
{
    struct nest_args *a = args;
    nest *in = cargo_require(maker, 1, sizeof *in);

    if (in)
        make_nest(maker, in);
    a->in = in;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both)
        make_nest(maker, a->both);
    cargo_outside(maker);
}

static void nest_args_again(struct cargo_maker *maker, void *args)
{
    ((struct nest_args *)args)->both = cargo_require(maker, 1, sizeof(nest));
}

static void nest_args_room(struct cargo_maker *maker, void *args)
{
    ((struct nest_args *)args)->out = cargo_require(maker, 1, sizeof(nest *));
}

static void nest_args_given(struct cargo_text *text, const void *args)
{
    const struct nest_args *a = args;

    say_nest(text, a->in);
    say_nest(text, a->both);
}

static void nest_args_act(struct cargo_maker *maker, void *args)
{
    struct nest_args *a = args;
    size_t one = 1;

    if (cargo_choose(maker, 2)) {
        free_nest(a->both);
        memset(a->both, 0, sizeof *a->both);
        make_nest(maker, a->both);
    }
    if (!cargo_choose(maker, 4))
        return;
    *a->out = cargo_own(maker, &one, sizeof **a->out);
    if (one > 0)
        make_nest(maker, *a->out);
}

static void nest_args_got(struct cargo_text *text, const void *args)
{
    const struct nest_args *a = args;

    say_nest(text, a->both);
    if (*a->out)
        say_nest(text, *a->out);
}

static void nest_args_free(void *args)
{
    struct nest_args *a = args;

    free_nest(a->both);
    if (*a->out)
        free_nest(*a->out);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(nest_args, Nest, (ICarried * This, const nest *in, nest *both, nest **out),
          (call, a->in, a->both), (call, a->both, a->out), (server, a->in, a->both, a->out), in,
          both, out)

void cargo_serve_nest(ICarriedVtbl *vtbl)
{
    vtbl->Nest = serve_Nest;
}
