/*
 * visited.h -- values of every shape with visitors as uvidl writes them, and a frame that holds one
 * of each.
 *
 * The visitors are written by hand, so that the tests of the visiting machinery need no compiler
 * and can be wrong in ways that it never is.
 */
#ifndef TESTS_RUNTIME_VISITED_H
#define TESTS_RUNTIME_VISITED_H

#include <stdbool.h>

#include <uvcom/unknwn.h>
#include <uvcom/visit.h>

#include "runtime/operation.h"

struct node { /* a list of unique pointers */
    char *name;
    LONG value;
    struct node *next;
};

struct tree {
    struct tree *left;
    struct tree *right;
    LONG value;
};

struct spot { /* [ptr]: any graph */
    struct spot *next;
    struct spot *other;
    LONG value;
};

struct label { /* pointers to const in a list that is not */
    const char *text;
    const struct node *about;
    struct label *next;
};

struct grid { /* [size_is(*height, width)] LONG **rows */
    LONG *height;
    LONG width;
    LONG **rows;
};

struct choice { /* [switch_is(tag)]: 1 number, 2 text */
    LONG tag;
    union {
        LONG number;
        char *text;
    } u;
};

struct series { /* [size_is(room), first_is(first), length_is(length)] */
    LONG room;
    LONG first;
    LONG length;
    struct node *nodes;
};

struct visited {
    struct node *list;
    struct tree *tree;
    struct spot *spot;
    struct spot *spot_too;
    struct label *label;
    const char *title;
    struct grid grid;
    struct choice *choice;
    struct series series;
    struct node part[3]; /* [length_is(part_length)] */
    LONG part_length;
    char *buffer; /* [string, size_is(buffer_room)] */
    LONG buffer_room;
    BYTE *bytes; /* [size_is(byte_count, byte_size)] */
    size_t byte_count;
    size_t byte_size;
    OLECHAR *bstr;
    OLECHAR *bstr_too;
    IUnknown *iface;
    const IID *iid; /* of iface */
};

/** An operation whose frame is a struct visited, zeroed; its results are all that is in there. */
struct visited *visited_open(bool is_plain);

/** Cleans and destroys it. */
void visited_close(struct visited *frame);

/** The visit of the whole frame, as _fill, GIVE and so on do it. */
HRESULT visited_visit(struct visited *frame, enum uvcom_visit_kind kind, HRESULT hr);

/* ---- values of task memory, as a server makes them ---- */

/** The copy of a text, or NULL for a NULL. */
char *visited_text(const char *text);

struct node *visited_node(const char *name, LONG value, struct node *next);
struct spot *visited_spot(LONG value, struct spot *next, struct spot *other);

#endif
