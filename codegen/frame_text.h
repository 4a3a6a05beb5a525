/*
 * frame_text.h -- how the functions on a frame write about one parameter.
 *
 * Texts only, shared by emit_frame.c and emit_fill.c.
 */
#ifndef CODEGEN_FRAME_TEXT_H
#define CODEGEN_FRAME_TEXT_H

#include "codegen/emit.h"

/* Where a text stands: in fill and deliver, whose locals give way to parameters, or in a visitor of
 * the frame. */
struct frame_context {
    struct pool *pool;
    const struct carried_method *method;
    const char *frame; /* "frame" */
    const char *hr;    /* "&hr", "&visit->hr" */
};

struct frame_context frame_context_of(struct pool *pool, const struct carried_method *method);
struct frame_context frame_context_of_visitor(struct pool *pool,
                                              const struct carried_method *method);

/** The member of the frame, without its semicolon: "LONG *values". */
const char *frame_field(struct pool *pool, const struct carried *carried);

/** "frame->n", "frame->values_room": how many elements there is room for, once fill has counted. */
const char *frame_room(const struct frame_context *context, const struct carried *carried);

/** The same counted from the parameters: what fill remembers. */
const char *frame_count(const struct frame_context *context, const struct carried *carried);

/** A local of the method that belongs to one of its parameters: "values_length". */
const char *frame_local(const struct frame_context *context, const struct carried *carried,
                        const char *what);

/** Where the part of an array that counts begins, checked against the room. */
const char *frame_first(const struct frame_context *context, const struct carried *carried);

/** And how long it is; `first` is the name of the local that has frame_first, or NULL. */
const char *frame_length(const struct frame_context *context, const struct carried *carried,
                         const char *first);

/**
 * A template that copies the part of an array that counts, with ${way}, ${to}, ${from}, ${first},
 * ${length}, and ${name} of the parameter. No element of a NULL has an address, not even for a
 * moment.
 */
const char *frame_part_template(const struct carried *carried);

/** The bytes of a struct that ends with T data[], of which `pointer` is the text. */
const char *frame_open_size(const struct frame_context *context, const struct carried *carried,
                            const char *pointer);

#endif
