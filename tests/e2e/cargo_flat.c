/*
 * cargo_flat.c -- see cargo.h: the methods whose values are nothing but their bytes.
 */
#include <string.h>

#include "cargo.h"
#include "cargo_args.h"

/* A count that is far too large, or the one that was wanted. */
static ULONG make_count(struct cargo_maker *maker, unsigned below)
{
    static const ULONG bad[] = {0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, 0x40000000};

    if (!maker->is_server && cargo_errs(maker, CARGO_BOUND))
        return bad[cargo_choose(maker, sizeof bad / sizeof *bad)];
    return cargo_choose(maker, below);
}

/* How many of a count's elements there really are. */
static size_t there(ULONG count)
{
    return count > 1000 ? 1 : count;
}

static void fill_longs(struct cargo_maker *maker, LONG *values, size_t count)
{
    for (size_t i = 0; i < count && values; i++)
        values[i] = (LONG)cargo_bits(maker);
}

static void fill_shorts(struct cargo_maker *maker, SHORT *values, size_t count)
{
    for (size_t i = 0; i < count && values; i++)
        values[i] = (SHORT)cargo_choose(maker, 256);
}

static void fill_points(struct cargo_maker *maker, point *values, size_t count)
{
    for (size_t i = 0; i < count && values; i++)
        values[i] = (point){(LONG)cargo_choose(maker, 256), (LONG)i};
}

static void free_nothing(void *args)
{
    (void)args;
}

/* ---- Scalars ---- */

static void scalars_make(struct cargo_maker *maker, void *args)
{
    struct scalars *a = args;

    a->feeling = cargo_make_mood(maker);
    a->colour = (tint)(int)cargo_bits(maker);
    a->distance = (LONGLONG)cargo_bits(maker);
    a->exact = cargo_choose(maker, 256) / 4.0;
    a->wide = (WCHAR)cargo_choose(maker, 256);
    a->depth = cargo_make_step(maker, 1, 10);
    a->where = (point){(LONG)cargo_choose(maker, 256), (LONG)cargo_choose(maker, 256)};
    a->both = cargo_require(maker, 1, sizeof *a->both);
    if (a->both)
        *a->both = cargo_make_mood(maker);
    a->percent = cargo_require(maker, 1, sizeof *a->percent);
    if (a->percent)
        *a->percent = (ULONG)cargo_make_step(maker, 0, 99);
}

static void scalars_again(struct cargo_maker *maker, void *args)
{
    struct scalars *a = args;

    a->both = cargo_require(maker, 1, sizeof *a->both);
    a->percent = cargo_require(maker, 1, sizeof *a->percent);
}

static void scalars_room(struct cargo_maker *maker, void *args)
{
    struct scalars *a = args;

    a->digit = cargo_require(maker, 1, sizeof *a->digit);
    a->out = cargo_require(maker, 1, sizeof *a->out);
}

static void scalars_say_both(struct cargo_text *text, const struct scalars *a)
{
    cargo_say(text, "%d %u ", (int)*a->both, *a->percent);
}

static void scalars_given(struct cargo_text *text, const void *args)
{
    const struct scalars *a = args;

    cargo_say(text, "%d %d %lld %f %u %d ", (int)a->feeling, (int)a->colour, (long long)a->distance,
              a->exact, a->wide, a->depth);
    cargo_say_points(text, &a->where, 1);
    scalars_say_both(text, a);
}

static void scalars_act(struct cargo_maker *maker, void *args)
{
    struct scalars *a = args;

    *a->both = cargo_make_mood(maker);
    *a->percent = (ULONG)cargo_make_step(maker, 0, 99);
    *a->digit = cargo_make_step(maker, 0, 9);
    *a->out = (tint)(int)cargo_bits(maker);
}

static void scalars_got(struct cargo_text *text, const void *args)
{
    const struct scalars *a = args;

    scalars_say_both(text, a);
    cargo_say(text, "%d %d ", *a->digit, (int)*a->out);
}

#define scalars_free free_nothing
CARGO_ROW(scalars, Scalars,
          (ICarried * This, mood feeling, tint colour, LONGLONG distance, double exact, WCHAR wide,
           LONG depth, point where, mood *both, ULONG *percent, LONG *digit, tint *out),
          (call, a->feeling, a->colour, a->distance, a->exact, a->wide, a->depth, a->where, a->both,
           a->percent),
          (call, a->both, a->percent, a->digit, a->out),
          (server, a->feeling, a->colour, a->distance, a->exact, a->wide, a->depth, a->where,
           a->both, a->percent, a->digit, a->out),
          feeling, colour, distance, exact, wide, depth, where, both, percent, digit, out)

/* ---- Numbers ---- */

static void numbers_args_make(struct cargo_maker *maker, void *args)
{
    struct numbers_args *a = args;
    numbers *in = cargo_require(maker, 1, sizeof *in);
    numbers *maybe = cargo_choose(maker, 2) ? cargo_get(maker, 1, sizeof *maybe) : NULL;

    if (in)
        cargo_make_numbers(maker, in);
    if (maybe)
        cargo_make_numbers(maker, maybe);
    a->in = in;
    a->maybe = maybe;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    if (a->both)
        cargo_make_numbers(maker, a->both);
}

static void numbers_args_again(struct cargo_maker *maker, void *args)
{
    ((struct numbers_args *)args)->both = cargo_require(maker, 1, sizeof(numbers));
}

static void numbers_args_room(struct cargo_maker *maker, void *args)
{
    ((struct numbers_args *)args)->out = cargo_require(maker, 1, sizeof(numbers));
}

static void numbers_args_given(struct cargo_text *text, const void *args)
{
    const struct numbers_args *a = args;

    cargo_say_numbers(text, a->in);
    cargo_say_numbers(text, a->maybe);
    cargo_say_numbers(text, a->both);
}

static void numbers_args_act(struct cargo_maker *maker, void *args)
{
    struct numbers_args *a = args;

    cargo_make_numbers(maker, a->both);
    cargo_make_numbers(maker, a->out);
}

static void numbers_args_got(struct cargo_text *text, const void *args)
{
    const struct numbers_args *a = args;

    cargo_say_numbers(text, a->both);
    cargo_say_numbers(text, a->out);
}

#define numbers_args_free free_nothing
CARGO_ROW(numbers_args, Numbers,
          (ICarried * This, const numbers *in, const numbers *maybe, numbers *both, numbers *out),
          (call, a->in, a->maybe, a->both), (call, a->both, a->out),
          (server, a->in, a->maybe, a->both, a->out), in, maybe, both, out)

/* ---- Fixed ---- */

static void fixed_make(struct cargo_maker *maker, void *args)
{
    struct fixed *a = args;
    LONG(*in)[3] = cargo_require(maker, 2, sizeof *in);

    for (size_t i = 0; in && i < 2; i++)
        fill_longs(maker, in[i], 3);
    a->in = (const LONG(*)[3])in;
    a->both = cargo_require(maker, 3, sizeof *a->both);
    fill_points(maker, a->both, 3);
}

static void fixed_again(struct cargo_maker *maker, void *args)
{
    ((struct fixed *)args)->both = cargo_require(maker, 3, sizeof(point));
}

static void fixed_room(struct cargo_maker *maker, void *args)
{
    ((struct fixed *)args)->out = cargo_require(maker, 4, sizeof(mood));
}

static void fixed_given(struct cargo_text *text, const void *args)
{
    const struct fixed *a = args;

    cargo_say_longs(text, a->in[0], 3);
    cargo_say_longs(text, a->in[1], 3);
    cargo_say_points(text, a->both, 3);
}

static void fixed_act(struct cargo_maker *maker, void *args)
{
    struct fixed *a = args;

    fill_points(maker, a->both, 3);
    for (size_t i = 0; i < 4; i++)
        a->out[i] = cargo_make_mood(maker);
}

static void fixed_got(struct cargo_text *text, const void *args)
{
    const struct fixed *a = args;

    cargo_say_points(text, a->both, 3);
    for (size_t i = 0; i < 4; i++)
        cargo_say(text, "%d ", (int)a->out[i]);
}

#define fixed_free free_nothing
CARGO_ROW(fixed, Fixed, (ICarried * This, const LONG in[2][3], point both[3], mood out[4]),
          (call, a->in, a->both), (call, a->both, a->out), (server, a->in, a->both, a->out), in,
          both, out)

/* ---- Sized ---- */

static void sized_make(struct cargo_maker *maker, void *args)
{
    struct sized *a = args;
    point *in;

    a->n = make_count(maker, 9);
    in = cargo_require(maker, there(a->n), sizeof *in);
    fill_points(maker, in, there(a->n));
    a->in = in;
    a->last = (LONG)cargo_choose(maker, 9) - 1;
    if (cargo_errs(maker, CARGO_BOUND))
        a->last = cargo_choose(maker, 2) ? -2 : INT32_MIN;
    a->both = cargo_require(maker, (size_t)(a->last < 0 ? 0 : a->last + 1), sizeof *a->both);
    fill_shorts(maker, a->both, (size_t)(a->last < 0 ? 0 : a->last + 1));
}

static void sized_again(struct cargo_maker *maker, void *args)
{
    struct sized *a = args;

    a->both = cargo_require(maker, (size_t)(a->last + 1), sizeof *a->both);
}

static void sized_room(struct cargo_maker *maker, void *args)
{
    struct sized *a = args;

    a->out = cargo_require(maker, 2 * there(a->n) + 1, sizeof *a->out);
}

static void sized_given(struct cargo_text *text, const void *args)
{
    const struct sized *a = args;

    cargo_say_points(text, a->in, a->n);
    cargo_say_shorts(text, a->both, (size_t)(a->last + 1));
}

static void sized_act(struct cargo_maker *maker, void *args)
{
    struct sized *a = args;

    fill_shorts(maker, a->both, (size_t)(a->last + 1));
    fill_longs(maker, a->out, 2 * a->n + 1);
}

static void sized_got(struct cargo_text *text, const void *args)
{
    const struct sized *a = args;

    cargo_say_shorts(text, a->both, (size_t)(a->last + 1));
    cargo_say_longs(text, a->out, 2 * a->n + 1);
}

#define sized_free free_nothing
CARGO_ROW(sized, Sized,
          (ICarried * This, ULONG n, const point *in, LONG last, SHORT *both, LONG *out),
          (call, a->n, a->in, a->last, a->both), (call, a->both, a->out),
          (server, a->n, a->in, a->last, a->both, a->out), n, in, last, both, out)

/* ---- Varying ---- */

static void varying_make(struct cargo_maker *maker, void *args)
{
    static const ULONG beyond[] = {1, 7, 0x7FFFFFFF, 0xFFFFFFF0};
    struct varying *a = args;
    LONG *in;

    a->room = cargo_choose(maker, 9);
    a->first = cargo_choose(maker, a->room + 1);
    a->length = cargo_choose(maker, a->room - a->first + 1);
    if (cargo_errs(maker, CARGO_BOUND)) {
        a->length = a->room - a->first + beyond[cargo_choose(maker, 3)];
        if (cargo_choose(maker, 3) == 2)
            a->first = a->room + beyond[cargo_choose(maker, 3)];
    }
    in = cargo_require(maker, a->room, sizeof *in);
    fill_longs(maker, in, a->room);
    a->in = in;
    a->count = cargo_require(maker, 1, sizeof *a->count);
    if (a->count) {
        *a->count = cargo_choose(maker, a->room + 1);
        if (cargo_errs(maker, CARGO_BOUND))
            *a->count = a->room + beyond[cargo_choose(maker, 3)];
    }
    a->both = cargo_require(maker, a->room, sizeof *a->both);
    fill_longs(maker, a->both, a->room);
}

static void varying_again(struct cargo_maker *maker, void *args)
{
    struct varying *a = args;

    a->count = cargo_require(maker, 1, sizeof *a->count);
    a->both = cargo_require(maker, a->room, sizeof *a->both);
}

static void varying_room(struct cargo_maker *maker, void *args)
{
    struct varying *a = args;

    a->at = cargo_require(maker, 1, sizeof *a->at);
    a->last = cargo_require(maker, 1, sizeof *a->last);
    a->out = cargo_require(maker, a->room, sizeof *a->out);
}

static void varying_given(struct cargo_text *text, const void *args)
{
    const struct varying *a = args;

    cargo_say(text, "%u %u ", a->room, a->first);
    cargo_say_longs(text, a->in + a->first, a->length);
    cargo_say_longs(text, a->both, *a->count);
}

static void varying_act(struct cargo_maker *maker, void *args)
{
    struct varying *a = args;

    fill_longs(maker, a->both, a->room);
    *a->count = cargo_choose(maker, a->room + 1);
    if (cargo_errs(maker, CARGO_BOUND))
        *a->count = cargo_choose(maker, 2) ? a->room + 1 : 0xFFFFFFFF;
    fill_longs(maker, a->out, a->room);
    *a->at = cargo_choose(maker, a->room + 1);
    *a->last = (LONG)(*a->at + cargo_choose(maker, a->room - *a->at + 1)) - 1;
    if (cargo_errs(maker, CARGO_BOUND)) {
        *a->last = cargo_choose(maker, 2) ? (LONG)a->room : INT32_MAX;
        if (cargo_choose(maker, 2))
            *a->at = cargo_choose(maker, 2) ? a->room + 1 : 0xFFFFFFFF;
    }
}

static void varying_got(struct cargo_text *text, const void *args)
{
    const struct varying *a = args;

    cargo_say_longs(text, a->both, *a->count);
    cargo_say(text, "%u %d ", *a->at, *a->last);
    cargo_say_longs(text, a->out + *a->at, (size_t)(*a->last + 1) - *a->at);
}

#define varying_free free_nothing
CARGO_ROW(varying, Varying,
          (ICarried * This, ULONG room, ULONG first, ULONG length, const LONG *in, ULONG *count,
           LONG *both, ULONG *at, LONG *last, LONG *out),
          (call, a->room, a->first, a->length, a->in, a->count, a->both),
          (call, a->count, a->both, a->at, a->last, a->out),
          (server, a->room, a->first, a->length, a->in, a->count, a->both, a->at, a->last, a->out),
          room, first, length, in, count, both, at, last, out)

/* ---- Steps ---- */

static void fill_steps(struct cargo_maker *maker, small_step *values, size_t count)
{
    for (size_t i = 0; i < count && values; i++)
        values[i] = cargo_make_step(maker, -5, 5);
}

static void steps_make(struct cargo_maker *maker, void *args)
{
    struct steps *a = args;
    small_step *in;

    a->n = make_count(maker, 9);
    in = cargo_require(maker, there(a->n), sizeof *in);
    fill_steps(maker, in, there(a->n));
    a->in = in;
    a->both = cargo_choose(maker, 2) ? cargo_get(maker, 1, sizeof *a->both) : NULL;
    fill_steps(maker, a->both, 1);
}

static void steps_again(struct cargo_maker *maker, void *args)
{
    struct steps *a = args;

    if (a->both)
        a->both = cargo_get(maker, 1, sizeof *a->both);
}

static void steps_room(struct cargo_maker *maker, void *args)
{
    struct steps *a = args;

    a->out = cargo_require(maker, there(a->n), sizeof *a->out);
}

static void steps_given(struct cargo_text *text, const void *args)
{
    const struct steps *a = args;

    cargo_say_longs(text, a->in, a->n);
    cargo_say_longs(text, a->both, a->both != NULL);
}

static void steps_act(struct cargo_maker *maker, void *args)
{
    struct steps *a = args;

    fill_steps(maker, a->both, 1);
    fill_steps(maker, a->out, a->n);
}

static void steps_got(struct cargo_text *text, const void *args)
{
    const struct steps *a = args;

    cargo_say_longs(text, a->both, a->both != NULL);
    cargo_say_longs(text, a->out, a->n);
}

#define steps_free free_nothing
CARGO_ROW(steps, Steps,
          (ICarried * This, ULONG n, const small_step *in, small_step *both, small_step *out),
          (call, a->n, a->in, a->both), (call, a->both, a->out),
          (server, a->n, a->in, a->both, a->out), n, in, both, out)

/* ---- Cells ---- */

static void cells_make(struct cargo_maker *maker, void *args)
{
    struct cells *a = args;
    LONG(*in)[3];

    a->n = make_count(maker, 5);
    in = cargo_require(maker, there(a->n), sizeof *in);
    for (size_t i = 0; in && i < there(a->n); i++)
        fill_longs(maker, in[i], 3);
    a->in = (const LONG(*)[3])in;
    a->both = cargo_require(maker, there(a->n), sizeof *a->both);
    for (size_t i = 0; a->both && i < there(a->n); i++)
        fill_shorts(maker, a->both[i], 2);
}

static void cells_again(struct cargo_maker *maker, void *args)
{
    struct cells *a = args;

    a->both = cargo_require(maker, there(a->n), sizeof *a->both);
}

static void cells_room(struct cargo_maker *maker, void *args)
{
    struct cells *a = args;

    a->out = cargo_require(maker, there(a->n), sizeof *a->out);
}

static void cells_given(struct cargo_text *text, const void *args)
{
    const struct cells *a = args;

    for (size_t i = 0; i < a->n; i++) {
        cargo_say_longs(text, a->in[i], 3);
        cargo_say_shorts(text, a->both[i], 2);
    }
}

static void cells_act(struct cargo_maker *maker, void *args)
{
    struct cells *a = args;

    for (size_t i = 0; i < a->n; i++) {
        fill_shorts(maker, a->both[i], 2);
        fill_points(maker, a->out[i], 2);
    }
}

static void cells_got(struct cargo_text *text, const void *args)
{
    const struct cells *a = args;

    for (size_t i = 0; i < a->n; i++) {
        cargo_say_shorts(text, a->both[i], 2);
        cargo_say_points(text, a->out[i], 2);
    }
}

#define cells_free free_nothing
CARGO_ROW(cells, Cells,
          (ICarried * This, ULONG n, const LONG in[][3], SHORT both[][2], point out[][2]),
          (call, a->n, a->in, a->both), (call, a->both, a->out),
          (server, a->n, a->in, a->both, a->out), n, in, both, out)

void cargo_serve_flat(ICarriedVtbl *vtbl)
{
    vtbl->Scalars = serve_Scalars;
    vtbl->Numbers = serve_Numbers;
    vtbl->Fixed = serve_Fixed;
    vtbl->Sized = serve_Sized;
    vtbl->Varying = serve_Varying;
    vtbl->Steps = serve_Steps;
    vtbl->Cells = serve_Cells;
}
