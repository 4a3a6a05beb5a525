/*
 * cargo.h -- values of every type of carried.idl: made from choices, told as text, freed by hand.
 *
 * This is the other opinion of what a call must carry. Client and server make values out of a
 * string of choices, say in words what they have made and what they have got, and a test compares
 * the words. A maker may also be allowed to do wrong; it then knows what is wrong, and a test
 * expects one of those codes. Nothing here asks the code that uvidl writes.
 *
 * It does not call anything; that is carrier.h.
 */
#ifndef TESTS_E2E_CARGO_H
#define TESTS_E2E_CARGO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uvcom/uvcom.h>

#include "carried.h"

/* ---- words ---- */

enum { CARGO_TEXT_ROOM = 1 << 16 };

struct cargo_text {
    size_t length;
    char bytes[CARGO_TEXT_ROOM];
};

void cargo_say(struct cargo_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- makers ---- */

/* What can be wrong with a value. */
enum {
    CARGO_NULL = 1,         /* where something must be */
    CARGO_BOUND = 2,        /* a count, a range, a string without its end, a block too small */
    CARGO_TAG = 4,          /* of a union */
    CARGO_ENUM = 8,         /* does not fit 16 bits */
    CARGO_SHARED = 16,      /* two unique pointers to one block; the server only */
    CARGO_NO_INTERFACE = 32 /* iid_is names one that the object does not have */
};

/* Whether one of these faults is a reason for that code. */
bool cargo_explains(unsigned faults, HRESULT hr);

enum cargo_memory {
    CARGO_BLOCKS, /* exactly as large as it must be, so that a sanitizer sees a byte too much */
    CARGO_PAGES,  /* its own pages, and it ends where they end; can be unmapped */
    CARGO_TASK    /* of CoTaskMemAlloc and SysAllocString, and COM's rules say who frees it */
};

struct cargo_maker {
    const unsigned char *data; /* the choices; the first alternative when they are used up */
    size_t size;
    enum cargo_memory memory; /* of what is made now */
    enum cargo_memory outer;  /* of parameters and of what [in] pointers lead to */
    enum cargo_memory inner;  /* of what [in, out] values own */
    bool is_server;           /* what is made belongs to whoever gets it: nobody keeps a list */
    bool may_err;
    unsigned faults;           /* CARGO_: what is wrong with what was made */
    struct cargo_block *first; /* what cargo_drop will free */
};

/* A number below that bound, and any 64 bits. */
unsigned cargo_choose(struct cargo_maker *maker, unsigned below);
uint64_t cargo_bits(struct cargo_maker *maker);
/* Whether to do this wrong now; it is noted then. */
bool cargo_errs(struct cargo_maker *maker, unsigned fault);

/* Zeroed memory. */
void *cargo_get(struct cargo_maker *maker, size_t count, size_t size);
/* The same, or NULL: for a parameter that must not be. */
void *cargo_require(struct cargo_maker *maker, size_t count, size_t size);
/* For a block that a value owns: of a server's it may be too small. `count` becomes the number of
   elements that are there. */
void *cargo_own(struct cargo_maker *maker, size_t *count, size_t size);
/* What is made from here on is what an [in, out] value owns, or no longer. */
void cargo_inside(struct cargo_maker *maker);
void cargo_outside(struct cargo_maker *maker);

/* Frees, unmaps and releases all that was made; without_inner: but what a plain call has consumed.
 */
void cargo_drop(struct cargo_maker *maker, bool without_inner);

/* ---- one value of each type ---- */

void cargo_make_numbers(struct cargo_maker *maker, numbers *value);
/* Without its note: that is behind a pointer to const, so no server may replace one. */
void cargo_make_record(struct cargo_maker *maker, record *value);
void cargo_make_note(struct cargo_maker *maker, record *value);
void cargo_make_choice(struct cargo_maker *maker, LONG *kind, choice *value);
void cargo_make_any(struct cargo_maker *maker, any *value);
mood cargo_make_mood(struct cargo_maker *maker);
LONG cargo_make_step(struct cargo_maker *maker, LONG low, LONG high);
point *cargo_make_point(struct cargo_maker *maker);
node *cargo_make_list(struct cargo_maker *maker);
knot *cargo_make_graph(struct cargo_maker *maker);
packet *cargo_make_packet(struct cargo_maker *maker);
/* room: the elements to put it into; 0: as many as it needs */
void *cargo_make_text(struct cargo_maker *maker, size_t unit, size_t room);
/* Into memory that is there; at most `room` elements with the end. */
void cargo_fill_text(struct cargo_maker *maker, void *text, size_t unit, size_t room);
BSTR cargo_make_bstr(struct cargo_maker *maker);
IWitness *cargo_make_witness(struct cargo_maker *maker);

/* How many witnesses there are. */
int cargo_witnesses(void);

void cargo_say_longs(struct cargo_text *text, const LONG *values, size_t count);
void cargo_say_shorts(struct cargo_text *text, const SHORT *values, size_t count);
void cargo_say_points(struct cargo_text *text, const point *values, size_t count);
void cargo_say_numbers(struct cargo_text *text, const numbers *value);
/* `note` is const, so of an [in, out] value it is always the client's own. */
void cargo_say_record(struct cargo_text *text, const record *value, bool with_note);
void cargo_say_choice(struct cargo_text *text, LONG kind, const choice *value);
void cargo_say_any(struct cargo_text *text, const any *value);
void cargo_say_list(struct cargo_text *text, const node *value);
void cargo_say_graph(struct cargo_text *text, const knot *value);
void cargo_say_packet(struct cargo_text *text, const packet *value);
void cargo_say_string(struct cargo_text *text, const void *string, size_t unit);
void cargo_say_bstr(struct cargo_text *text, BSTR value);
/* Any interface pointer of a witness: asks it. */
void cargo_say_object(struct cargo_text *text, void *object);

/* What a value owns; the value itself is left. */
void cargo_free_record(record *value, bool with_note);
void cargo_free_choice(LONG kind, choice *value);
void cargo_free_any(any *value);
void cargo_free_list(node *value);
void cargo_free_graph(knot *value);
void cargo_free_object(void *object);

/* ---- one method of ICarried each ---- */

/*
 * `args` is a struct of the row's own, as large as it says, with the parameters as they are passed.
 * One thread at a time.
 */
struct cargo_row {
    const char *name;
    size_t size;
    void (*make)(struct cargo_maker *maker, void *args);  /* client: what goes in */
    void (*again)(struct cargo_maker *maker, void *args); /* Finish_: other [in, out] slots */
    void (*room)(struct cargo_maker *maker, void *args);  /* slots for what is [out] only */
    void (*say_given)(struct cargo_text *text, const void *args);
    void (*act)(struct cargo_maker *maker, void *args); /* server: makes the results */
    void (*say_got)(struct cargo_text *text, const void *args);
    void (*free_got)(void *args); /* client: what the results own */
    HRESULT (*begin)(AsyncICarried *call, void *args);
    HRESULT (*finish)(AsyncICarried *call, void *args);
    HRESULT (*plain)(ICarried *server, void *args);
};

enum { CARGO_ROWS = 23 };
extern const struct cargo_row *const cargo_rows[CARGO_ROWS];
extern const struct cargo_row cargo_Scalars, cargo_Numbers, cargo_Fixed, cargo_Sized, cargo_Varying,
    cargo_Steps, cargo_Cells, cargo_Rows, cargo_Pointers, cargo_Records, cargo_List, cargo_Graph,
    cargo_Packet, cargo_Texts, cargo_Rooms, cargo_Names, cargo_Bstrs, cargo_Union, cargo_Any,
    cargo_Objects, cargo_Witnesses, cargo_Queries, cargo_Nest;

/* The server's methods: each file puts its own into the table. */
void cargo_serve_flat(ICarriedVtbl *vtbl);
void cargo_serve_deep(ICarriedVtbl *vtbl);
void cargo_serve_texts(ICarriedVtbl *vtbl);
void cargo_serve_objects(ICarriedVtbl *vtbl);
void cargo_serve_nest(ICarriedVtbl *vtbl);

/* What every method of the server does; in carrier.c. */
HRESULT cargo_serve(const struct cargo_row *row, void *args);

/*
 * The row cargo_Method out of `struct method` and the functions method_make and so on, and the
 * server's method serve_Method. The lists are those of the declaration and of the three calls; last
 * come the members of the struct.
 */
#define CARGO_ROW(row, Method, parameters, begin_list, finish_list, plain_list, ...)               \
    static HRESULT row##_begin(AsyncICarried *call, void *args)                                    \
    {                                                                                              \
        struct row *a = args;                                                                      \
                                                                                                   \
        return AsyncICarried_Begin_##Method begin_list;                                            \
    }                                                                                              \
    static HRESULT row##_finish(AsyncICarried *call, void *args)                                   \
    {                                                                                              \
        struct row *a = args;                                                                      \
                                                                                                   \
        return AsyncICarried_Finish_##Method finish_list;                                          \
    }                                                                                              \
    static HRESULT row##_plain(ICarried *server, void *args)                                       \
    {                                                                                              \
        struct row *a = args;                                                                      \
                                                                                                   \
        return ICarried_##Method plain_list;                                                       \
    }                                                                                              \
    const struct cargo_row cargo_##Method = {                                                      \
        .name = #Method,                                                                           \
        .size = sizeof(struct row),                                                                \
        .make = row##_make,                                                                        \
        .again = row##_again,                                                                      \
        .room = row##_room,                                                                        \
        .say_given = row##_given,                                                                  \
        .act = row##_act,                                                                          \
        .say_got = row##_got,                                                                      \
        .free_got = row##_free,                                                                    \
        .begin = row##_begin,                                                                      \
        .finish = row##_finish,                                                                    \
        .plain = row##_plain,                                                                      \
    };                                                                                             \
    static HRESULT STDMETHODCALLTYPE serve_##Method parameters                                     \
    {                                                                                              \
        struct row args = {__VA_ARGS__};                                                           \
                                                                                                   \
        (void)This;                                                                                \
        return cargo_serve(&cargo_##Method, &args);                                                \
    }

#endif
