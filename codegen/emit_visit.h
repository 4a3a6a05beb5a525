/*
 * emit_visit.h -- the functions that walk through values that are more than their bytes.
 *
 * Those of records (visit_node) are written once for a file; the visit of one variable, a field or
 * a parameter in its frame, is written into whatever visitor asks for it.
 */
#ifndef CODEGEN_EMIT_VISIT_H
#define CODEGEN_EMIT_VISIT_H

#include "codegen/emit.h"
#include "codegen/variable.h"

/* How a parameter stands in its frame. */
enum visit_form {
    VISIT_VARIABLE, /* as it is declared; what it points to is owned:
                        [in, unique] node *list         node *list;   visit_pointer(&frame->list)
                        [in] BSTR s                     BSTR s;       visit_bstr(&frame->s)
                        [in] IFoo *who                  IFoo *who;    visit_interface(&frame->who)
                        [in, out] point a[4] (fixed)    point a[4];   visit_elements(frame->a, 4)
                        [in] record r                   record r;     visit_record(&frame->r)  */
    VISIT_TARGET,   /* the field is what the outermost pointer points to:
                        [in, out] BSTR *title           BSTR title;   visit_bstr(&frame->title)
                        [out] node **list               node *list;   visit_pointer(&frame->list)
                        [in, out] record *r             record r;     visit_record(&frame->r)
                        [out, size_is(, *n)] node **l   node *l;      visit_pointer(&frame->l, n) */
    VISIT_ROOM      /* the field is a pointer to memory of the frame, maybe NULL; what is in its
                       elements is visited, the pointer itself is not:
                        [in, size_is(n), string] const char **words
                                                        const char **words;  a loop of texts
                        [in, out, unique] record *r     record *r;    visit_elements(frame->r, 1)
                        [out, size_is(n)] BSTR *names   BSTR *names;  a loop of bstrs */
};

struct visit_place {
    const char *prefix;   /* of the field and of its siblings that bounds name: "frame->" */
    enum visit_form form; /* of a field of a record always VISIT_VARIABLE */
    const char *room;     /* VISIT_ROOM: text of the number of elements, which is then not evaluated
                             again: "frame->a_room". NULL: the level's size_is, or 1 */
};

/* The body of one visitor on its way: declarations come first, so both are kept apart. */
struct visit_body {
    struct pool *pool;
    struct names *names;
    const char *data;  /* name of the variable that has the value: "frame", "value" */
    bool is_record;    /* of a record, not of a frame: its ref pointers are looked at */
    struct out locals; /* "    size_t count;\n" */
    struct out text;   /* the statements */
    size_t statements; /* how many there are within the innermost loop */
    size_t depth;      /* loops and switches round the present statement */
    const char *size, *extent, *length, *status, *chosen; /* local variables that are declared */
    const struct local *local;
};

/**
 * Writes the visitors that a variable needs and that are not out yet, with size_of_T of structs
 * that end with T data[]. Call it for each parameter that is not plain (also for one that is only
 * a pointer to such a struct), outside of any function and before the first that visits it.
 */
void emit_visitors(struct emitter *emitter, const struct variable *variable);

/**
 * A visitor of a frame: begin, one visit for each parameter, end. What `end` writes is
 *
 *     static void ${name}(struct uvcom_visit *visit, void *data)
 *     {
 *         ${type} *frame = data;
 *         (locals)
 *
 *         (statements)
 *     }
 *
 * with an empty line before it. A body without statements writes nothing.
 */
void visit_begin(struct visit_body *body, struct emitter *emitter, const char *data);
void visit_variable(struct visit_body *body, const struct variable *variable,
                    const struct visit_place *place);
void visit_end(struct visit_body *body, struct emitter *emitter, const char *name,
               const char *type);

#endif
