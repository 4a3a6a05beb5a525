/*
 * visit_body.c -- the body of a visitor while it is written: declarations, statements, loops.
 *
 * It does not know what is visited.
 */
#include <string.h>

#include "codegen/emit_visitor.h"

/* ---- local names ---- */

struct local {
    const struct local *next;
    const char *name;
    const char *role; /* NULL: none; else it serves every loop, or count, */
    size_t depth;     /* at this depth */
};

static bool is_used(const struct visit_body *body, const char *name)
{
    const struct local_names *local_names = &body->names->local;
    const char *const own[] = {local_names->visit, local_names->data, local_names->tag, "sizeof"};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], name) == 0)
            return true;
    for (const struct local *local = body->local; local; local = local->next)
        if (strcmp(local->name, name) == 0)
            return true;
    return strcmp(body->data, name) == 0;
}

static const char *add_local(struct visit_body *body, const char *wanted, const char *role)
{
    const char *name = names_local(body->names, wanted);
    struct local *local;

    while (is_used(body, name) && !body->pool->failed)
        name = names_local(body->names, TEXT(body->pool, "${name}_", {"name", name}));
    local = pool_alloc(body->pool, sizeof *local);
    if (!local)
        return name;
    *local = (struct local){body->local, name, role, body->depth};
    body->local = local;
    return name;
}

const char *body_local(struct visit_body *body, const char *wanted)
{
    return add_local(body, wanted, NULL);
}

static const char *find_role(const struct visit_body *body, const char *role)
{
    for (const struct local *local = body->local; local; local = local->next)
        if (local->role && local->depth == body->depth && strcmp(local->role, role) == 0)
            return local->name;
    return NULL;
}

const char *body_number(struct visit_body *body, const char **name, const char *type,
                        const char *wanted)
{
    if (*name)
        return *name;
    *name = body_local(body, wanted);
    OUT(&body->locals, "    ${type}${name};\n", {"type", type}, {"name", *name});
    return *name;
}

/* A name of a loop is one of the body: nothing that is declared later may be hidden by it. */
const char *body_loop(struct visit_body *body)
{
    static const char *const names[] = {"i", "j", "k", "l", "m"};
    const char *name = find_role(body, "loop");

    return name ? name : add_local(body, names[body->depth < 4 ? body->depth : 4], "loop");
}

const char *body_count(struct visit_body *body)
{
    const char *name = find_role(body, "count");

    if (name)
        return name;
    name = add_local(body, "count", "count");
    OUT(&body->locals, "    size_t ${name};\n", {"name", name});
    return name;
}

/* ---- statements ---- */

void body_line(struct visit_body *body, const char *text)
{
    for (size_t i = 0; i <= body->depth; i++)
        out_put(&body->text, "    ");
    out_put(&body->text, text);
    out_put(&body->text, "\n");
}

void body_statement(struct visit_body *body, const char *text)
{
    body_line(body, text);
    body->statements++;
}

struct nest body_open(struct visit_body *body)
{
    struct nest nest = {body->text, body->statements};

    body->text = (struct out){0};
    body->statements = 0;
    body->depth++;
    return nest;
}

void out_lines(struct out *out, const struct out *lines)
{
    bool was_plain = out->is_plain;

    out->is_plain = true;
    out_put(out, lines->data ? lines->data : "");
    out->is_plain = was_plain;
    out->failed = out->failed || lines->failed;
}

/* What was written since body_open goes below `head`, if there is anything. */
void body_close(struct visit_body *body, struct nest nest, const char *head)
{
    struct out inner = body->text;
    size_t count = body->statements;

    body->text = nest.text;
    body->statements = nest.statements;
    body->depth--;
    if (count > 0) {
        body_statement(body, TEXT(body->pool, count > 1 ? "${head} {" : "${head}", {"head", head}));
        out_lines(&body->text, &inner);
        if (count > 1)
            body_line(body, "}");
    }
    body->text.failed = body->text.failed || inner.failed;
    out_fini(&inner);
}

void visit_begin(struct visit_body *body, struct emitter *emitter, const char *data)
{
    *body = (struct visit_body){.pool = emitter->pool, .names = emitter->names, .data = data};
}

void body_end(struct visit_body *body, struct emitter *emitter, const char *head)
{
    if (body->statements > 0) {
        OUT(emitter->out, "\n${head}", {"head", head});
        out_lines(emitter->out, &body->locals);
        if (body->locals.length > 0 || strstr(head, " = "))
            out_put(emitter->out, "\n");
        out_lines(emitter->out, &body->text);
        out_put(emitter->out, "}\n");
    }
    emitter->out->failed = emitter->out->failed || body->locals.failed || body->text.failed;
    out_fini(&body->locals);
    out_fini(&body->text);
}

void visit_end(struct visit_body *body, struct emitter *emitter, const char *name, const char *type)
{
    body_end(body, emitter,
             TEXT(emitter->pool,
                  "static void ${name}(struct uvcom_visit *${visit}, void *${data})\n"
                  "{\n"
                  "    ${type} *${value} = ${data};\n",
                  {"name", name}, {"type", type}, {"visit", emitter->names->local.visit},
                  {"data", emitter->names->local.data}, {"value", body->data}));
}
