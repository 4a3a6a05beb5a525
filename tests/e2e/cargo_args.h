/*
 * cargo_args.h -- the parameters of each method of ICarried, as cargo_row has them.
 *
 * For who wants to spoil one of them: the tests of bad values.
 */
#ifndef TESTS_E2E_CARGO_ARGS_H
#define TESTS_E2E_CARGO_ARGS_H

#include "carried.h"

struct scalars {
    mood feeling;
    tint colour;
    LONGLONG distance;
    double exact;
    WCHAR wide;
    LONG depth;
    point where;
    mood *both;
    ULONG *percent;
    LONG *digit;
    tint *out;
};

struct numbers_args {
    const numbers *in;
    const numbers *maybe;
    numbers *both;
    numbers *out;
};

struct fixed {
    const LONG (*in)[3];
    point *both;
    mood *out;
};

struct sized {
    ULONG n;
    const point *in;
    LONG last;
    SHORT *both;
    LONG *out;
};

struct varying {
    ULONG room;
    ULONG first;
    ULONG length;
    const LONG *in;
    ULONG *count;
    LONG *both;
    ULONG *at;
    LONG *last;
    LONG *out;
};

struct steps {
    ULONG n;
    const small_step *in;
    small_step *both;
    small_step *out;
};

struct cells {
    ULONG n;
    const LONG (*in)[3];
    SHORT (*both)[2];
    point (*out)[2];
};

struct rows {
    ULONG n;
    ULONG m;
    LONG **in;
    LONG **both;
    ULONG *count;
    LONG **out;
};

struct pointers {
    ULONG n;
    point **in;
    point **both;
    point **out;
};

struct records {
    ULONG n;
    const record *in;
    record *both;
    ULONG *count;
    record **out;
};

struct list {
    node *in;
    node **both;
    node **out;
};

struct graph {
    knot *in;
    knot **both;
    knot **out;
};

struct packet_args {
    const packet *in;
    packet **both;
    packet **out;
};

struct texts {
    const char *in;
    const WCHAR *wide;
    char **both;
    WCHAR **out;
};

struct rooms {
    ULONG room;
    const char *in;
    char *both;
    WCHAR *out;
};

struct names {
    ULONG n;
    const char **in;
    WCHAR **both;
    ULONG *count;
    char ***out;
};

struct bstrs {
    BSTR in;
    ULONG n;
    BSTR *many;
    BSTR *both;
    BSTR *out;
};

struct union_args {
    LONG kind;
    const choice *in;
    labelled *both;
    LONG *tag;
    choice *out;
};

struct any_args {
    const any *in;
    any *both;
    any *out;
};

struct objects {
    IWitness *in;
    const IID *riid;
    IUnknown *as;
    IWitness **both;
    const IID *wanted;
    void **out;
};

struct witnesses {
    ULONG n;
    IWitness **in;
    IWitness **both;
    IWitness **out;
};

struct queries {
    ULONG n;
    const query *in;
    query *both;
};

struct nest_args {
    const nest *in;
    nest *both;
    nest **out;
};

#endif
