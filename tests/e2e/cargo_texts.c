/*
 * cargo_texts.c -- see cargo.h: the methods that carry text.
 */
#include <string.h>

#include <uvcom/oleauto.h>

#include "cargo.h"
#include "cargo_args.h"

/* ---- Texts ---- */

static void texts_make(struct cargo_maker *maker, void *args)
{
    struct texts *a = args;

    a->in = cargo_errs(maker, CARGO_NULL) ? NULL : cargo_make_text(maker, 1, 0);
    a->wide = cargo_choose(maker, 3) ? cargo_make_text(maker, sizeof(WCHAR), 0) : NULL;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both && cargo_choose(maker, 3))
        *a->both = cargo_make_text(maker, 1, 0);
    cargo_outside(maker);
}

static void texts_again(struct cargo_maker *maker, void *args)
{
    ((struct texts *)args)->both = cargo_require(maker, 1, sizeof(char *));
}

static void texts_room(struct cargo_maker *maker, void *args)
{
    ((struct texts *)args)->out = cargo_require(maker, 1, sizeof(WCHAR *));
}

static void texts_given(struct cargo_text *text, const void *args)
{
    const struct texts *a = args;

    cargo_say_string(text, a->in, 1);
    cargo_say_string(text, a->wide, sizeof *a->wide);
    cargo_say_string(text, *a->both, 1);
}

static void texts_act(struct cargo_maker *maker, void *args)
{
    struct texts *a = args;

    if (cargo_choose(maker, 2)) {
        CoTaskMemFree(*a->both);
        *a->both = cargo_make_text(maker, 1, 0);
    }
    if (cargo_choose(maker, 3))
        *a->out = cargo_make_text(maker, sizeof **a->out, 0);
}

static void texts_got(struct cargo_text *text, const void *args)
{
    const struct texts *a = args;

    cargo_say_string(text, *a->both, 1);
    cargo_say_string(text, *a->out, sizeof **a->out);
}

static void texts_free(void *args)
{
    struct texts *a = args;

    CoTaskMemFree(*a->both);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(texts, Texts,
          (ICarried * This, const char *in, const WCHAR *wide, char **both, WCHAR **out),
          (call, a->in, a->wide, a->both), (call, a->both, a->out),
          (server, a->in, a->wide, a->both, a->out), in, wide, both, out)

/* ---- Rooms ---- */

static void rooms_make(struct cargo_maker *maker, void *args)
{
    struct rooms *a = args;

    a->room = 1 + cargo_choose(maker, 12);
    a->in = cargo_errs(maker, CARGO_NULL) ? NULL : cargo_make_text(maker, 1, a->room);
    a->both = cargo_errs(maker, CARGO_NULL) ? NULL : cargo_make_text(maker, 1, a->room);
}

static void rooms_again(struct cargo_maker *maker, void *args)
{
    struct rooms *a = args;

    a->both = cargo_require(maker, a->room, 1);
}

static void rooms_room(struct cargo_maker *maker, void *args)
{
    struct rooms *a = args;

    a->out = cargo_require(maker, a->room, sizeof *a->out);
}

static void rooms_given(struct cargo_text *text, const void *args)
{
    const struct rooms *a = args;

    cargo_say_string(text, a->in, 1);
    cargo_say_string(text, a->both, 1);
}

static void rooms_act(struct cargo_maker *maker, void *args)
{
    struct rooms *a = args;

    cargo_fill_text(maker, a->both, 1, a->room);
    cargo_fill_text(maker, a->out, sizeof *a->out, a->room);
}

static void rooms_got(struct cargo_text *text, const void *args)
{
    const struct rooms *a = args;

    cargo_say_string(text, a->both, 1);
    cargo_say_string(text, a->out, sizeof *a->out);
}

static void rooms_free(void *args)
{
    (void)args;
}

CARGO_ROW(rooms, Rooms, (ICarried * This, ULONG room, const char *in, char *both, WCHAR *out),
          (call, a->room, a->in, a->both), (call, a->both, a->out),
          (server, a->room, a->in, a->both, a->out), room, in, both, out)

/* ---- Names ---- */

static void names_make(struct cargo_maker *maker, void *args)
{
    struct names *a = args;

    a->n = cargo_choose(maker, 5);
    a->in = cargo_require(maker, a->n, sizeof *a->in);
    for (ULONG i = 0; a->in && i < a->n; i++)
        a->in[i] = cargo_choose(maker, 4) ? cargo_make_text(maker, 1, 0) : NULL;
    a->both = cargo_require(maker, a->n, sizeof *a->both);
    cargo_inside(maker);
    for (ULONG i = 0; a->both && i < a->n; i++)
        a->both[i] = cargo_choose(maker, 4) ? cargo_make_text(maker, sizeof(WCHAR), 0) : NULL;
    cargo_outside(maker);
}

static void names_again(struct cargo_maker *maker, void *args)
{
    struct names *a = args;

    a->both = cargo_require(maker, a->n, sizeof *a->both);
}

static void names_room(struct cargo_maker *maker, void *args)
{
    struct names *a = args;

    a->count = cargo_require(maker, 1, sizeof *a->count);
    a->out = cargo_require(maker, 1, sizeof *a->out);
}

static void names_given(struct cargo_text *text, const void *args)
{
    const struct names *a = args;

    for (ULONG i = 0; i < a->n; i++) {
        cargo_say_string(text, a->in[i], 1);
        cargo_say_string(text, a->both[i], sizeof *a->both[i]);
    }
}

static void names_act(struct cargo_maker *maker, void *args)
{
    struct names *a = args;
    size_t count;

    for (ULONG i = 0; i < a->n; i++) {
        if (!cargo_choose(maker, 2))
            continue;
        CoTaskMemFree(a->both[i]);
        a->both[i] = cargo_make_text(maker, sizeof *a->both[i], 0);
    }
    count = *a->count = cargo_choose(maker, 5);
    if (count == 0)
        return;
    *a->out = cargo_own(maker, &count, sizeof **a->out);
    for (size_t i = 0; i < count; i++)
        (*a->out)[i] = cargo_choose(maker, 4) ? cargo_make_text(maker, 1, 0) : NULL;
    if (count > 1 && (*a->out)[0] && !(*a->out)[1] && cargo_errs(maker, CARGO_SHARED))
        (*a->out)[1] = (*a->out)[0];
}

static void names_got(struct cargo_text *text, const void *args)
{
    const struct names *a = args;

    for (ULONG i = 0; i < a->n; i++)
        cargo_say_string(text, a->both[i], sizeof *a->both[i]);
    for (ULONG i = 0; i < *a->count; i++)
        cargo_say_string(text, (*a->out)[i], 1);
}

static void names_free(void *args)
{
    struct names *a = args;

    for (ULONG i = 0; i < a->n; i++)
        CoTaskMemFree(a->both[i]);
    for (ULONG i = 0; i < *a->count; i++)
        CoTaskMemFree((*a->out)[i]);
    CoTaskMemFree(*a->out);
}

CARGO_ROW(names, Names,
          (ICarried * This, ULONG n, const char **in, WCHAR **both, ULONG *count, char ***out),
          (call, a->n, a->in, a->both), (call, a->both, a->count, a->out),
          (server, a->n, a->in, a->both, a->count, a->out), n, in, both, count, out)

/* ---- Bstrs ---- */

static void bstrs_make(struct cargo_maker *maker, void *args)
{
    struct bstrs *a = args;

    a->in = cargo_choose(maker, 4) ? cargo_make_bstr(maker) : NULL;
    a->n = cargo_choose(maker, 4);
    a->many = cargo_require(maker, a->n, sizeof *a->many);
    for (ULONG i = 0; a->many && i < a->n; i++)
        a->many[i] = cargo_choose(maker, 4) ? cargo_make_bstr(maker) : NULL;
    a->both = cargo_require(maker, 1, sizeof *a->both);
    cargo_inside(maker);
    if (a->both && cargo_choose(maker, 4))
        *a->both = cargo_make_bstr(maker);
    cargo_outside(maker);
}

static void bstrs_again(struct cargo_maker *maker, void *args)
{
    ((struct bstrs *)args)->both = cargo_require(maker, 1, sizeof(BSTR));
}

static void bstrs_room(struct cargo_maker *maker, void *args)
{
    ((struct bstrs *)args)->out = cargo_require(maker, 1, sizeof(BSTR));
}

static void bstrs_given(struct cargo_text *text, const void *args)
{
    const struct bstrs *a = args;

    cargo_say_bstr(text, a->in);
    for (ULONG i = 0; i < a->n; i++)
        cargo_say_bstr(text, a->many[i]);
    cargo_say_bstr(text, *a->both);
}

static void bstrs_act(struct cargo_maker *maker, void *args)
{
    struct bstrs *a = args;

    if (cargo_choose(maker, 2)) {
        SysFreeString(*a->both);
        *a->both = cargo_make_bstr(maker);
    }
    if (cargo_choose(maker, 3))
        *a->out = cargo_make_bstr(maker);
}

static void bstrs_got(struct cargo_text *text, const void *args)
{
    const struct bstrs *a = args;

    cargo_say_bstr(text, *a->both);
    cargo_say_bstr(text, *a->out);
}

static void bstrs_free(void *args)
{
    struct bstrs *a = args;

    SysFreeString(*a->both);
    SysFreeString(*a->out);
}

CARGO_ROW(bstrs, Bstrs, (ICarried * This, BSTR in, ULONG n, BSTR *many, BSTR *both, BSTR *out),
          (call, a->in, a->n, a->many, a->both), (call, a->both, a->out),
          (server, a->in, a->n, a->many, a->both, a->out), in, n, many, both, out)

void cargo_serve_texts(ICarriedVtbl *vtbl)
{
    vtbl->Texts = serve_Texts;
    vtbl->Rooms = serve_Rooms;
    vtbl->Names = serve_Names;
    vtbl->Bstrs = serve_Bstrs;
}
