/*
 * emit_visitor.h -- what the visit of a variable and the visitor of a record need of each other.
 */
#ifndef CODEGEN_EMIT_VISITOR_H
#define CODEGEN_EMIT_VISITOR_H

#include "codegen/emit_visit.h"
#include "codegen/survey.h"

/* A body while what is inside a loop, an if or a case is written. */
struct nest {
    struct out text;
    size_t statements;
};

/** A local name that hides nothing: neither another one nor what the IDL declares. */
const char *body_local(struct visit_body *body, const char *wanted);

/** The same name each time it is asked for, kept at `name`, which is declared once. `type` ends
 * with the space before the name. */
const char *body_number(struct visit_body *body, const char **name, const char *type,
                        const char *wanted);

/** What a loop at this depth counts with: "i"; and a number of elements that lasts as long. */
const char *body_loop(struct visit_body *body);
const char *body_count(struct visit_body *body);

/** A line, indented, and a line that counts as a statement. */
void body_line(struct visit_body *body, const char *text);
void body_statement(struct visit_body *body, const char *text);

/** A template; ${visit} is known to it. */
#define STATEMENT(body, template, ...)                                                             \
    body_statement(                                                                                \
        body, TEXT((body)->pool, template, {"visit", (body)->names->local.visit}, __VA_ARGS__))

/** What is written between the two goes below `head`, with braces if it is several statements;
 * nothing is written if it is none. */
struct nest body_open(struct visit_body *body);
void body_close(struct visit_body *body, struct nest nest, const char *head);

/** Writes `head`, the locals and the statements, if there are any, and frees the body. */
void body_end(struct visit_body *body, struct emitter *emitter, const char *head);

/** Lines that have been wrapped already. */
void out_lines(struct out *out, const struct out *lines);

/** Visits every field of a record; `prefix` stands before their names: "value->". */
void visit_members(struct visit_body *body, struct facts *facts, const char *prefix);

/** Visits the arm of a union that a tag chooses; `tag` is the text of `expr`. */
void visit_switch(struct visit_body *body, struct facts *facts, const char *prefix, const char *tag,
                  const struct expr *expr);

#endif
