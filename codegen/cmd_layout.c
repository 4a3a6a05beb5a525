/*
 * cmd_layout.c -- uvidl layout: the slots of each interface, and beside them those of its
 * asynchronous twin.
 */
#include <string.h>

#include "codegen/subcommand.h"
#include "codegen/types.h"
#include "codegen/view.h"
#include "idl/idl.h"

enum { LEFT_LEAST = 24, LEFT_MOST = 60 }; /* columns of the left half */

/* "Read(cb, out pv)": a parameter of the plain method says which way it goes, if it is not in. */
static const char *slot_text(struct pool *pool, const struct slot *slot)
{
    struct out out = {.is_plain = true};

    OUT(&out, "${name}(", {"name", slot->name});
    for (size_t i = 0; i < slot->parameter_count; i++) {
        const struct parameter *p = slot->parameters[i];
        const char *way = p->is_out ? (p->is_in ? "in out " : "out ") : "";

        OUT(&out, "${comma}${way}${name}", {"comma", i > 0 ? ", " : ""},
            {"way", slot->half == HALF_WHOLE ? way : ""}, {"name", p->idl_name});
    }
    out_put(&out, ")");
    return out_keep(&out, pool);
}

static void put_slot(struct out *out, size_t number, const char *text)
{
    char place[64];

    snprintf(place, sizeof place, "%5zu %6zu  ", number, number * 8);
    OUT(out, "${place}${text}", {"place", place}, {"text", text});
}

/* Up to the right half; a text that is longer pushes it. */
static void put_blanks(struct out *out, size_t used, size_t width)
{
    while (used++ < width)
        out_put(out, " ");
    out_put(out, "   ");
}

static void put_left(struct out *out, struct pool *pool, const struct view *view, size_t slot,
                     size_t width, bool has_right)
{
    const char *text = slot_text(pool, &view->slots[slot]);

    put_slot(out, slot, text);
    if (has_right)
        put_blanks(out, strlen(text), width);
}

/* A method stands beside its two halves, or beside the same method of IUnknown. */
static void put_rows(struct out *out, struct pool *pool, const struct view *plain,
                     const struct view *async, size_t width)
{
    size_t right = 0, right_count = async ? async->slot_count : 0;

    for (size_t i = 0; i < plain->slot_count; i++) {
        const struct method *method = plain->slots[i].method;
        bool is_first = true;

        while (right < right_count && async->slots[right].method == method) {
            if (is_first)
                put_left(out, pool, plain, i, width, true);
            else
                put_blanks(out, 0, width + 14);
            put_slot(out, right, slot_text(pool, &async->slots[right]));
            out_put(out, "\n");
            is_first = false;
            right++;
        }
        if (is_first) {
            put_left(out, pool, plain, i, width, false);
            out_put(out, "\n");
        }
    }
}

static size_t left_width(struct pool *pool, const struct view *view)
{
    size_t width = LEFT_LEAST;

    for (size_t i = 0; i < view->slot_count; i++) {
        size_t length = strlen(slot_text(pool, &view->slots[i]));

        width = length > width ? length : width;
    }
    return width < LEFT_MOST ? width : LEFT_MOST;
}

static const char *head_text(struct pool *pool, const struct view *view)
{
    return TEXT(pool, "${name}${colon}${base}", {"name", view->name},
                {"colon", view->base ? " : " : ""}, {"base", view->base ? view->base : ""});
}

static void put_ids(struct out *out, struct pool *pool, const struct view *view)
{
    if (view->guid)
        OUT(out, "# ${name} ${uuid}\n", {"name", view->name},
            {"uuid", guid_text(pool, view->guid)});
}

static void put_interface(struct out *out, struct pool *pool, const struct interface *interface)
{
    struct view plain = view_make(pool, interface, false), async = {.name = NULL};
    size_t width = interface->async ? left_width(pool, &plain) : 0;
    const char *head = head_text(pool, &plain);

    put_ids(out, pool, &plain);
    if (interface->async) {
        async = view_make(pool, interface, true);
        put_ids(out, pool, &async);
    }
    OUT(out, " slot offset  ${head}", {"head", head});
    if (interface->async) {
        put_blanks(out, strlen(head), width);
        OUT(out, " slot offset  ${head}", {"head", head_text(pool, &async)});
    }
    out_put(out, "\n");
    put_rows(out, pool, &plain, interface->async ? &async : NULL, width);
    out_put(out, "\n");
}

static int put_file(struct command *command, struct out *out, struct idl **idl, const char *path)
{
    int status = command_compile(command, path, idl);

    if (status != EXIT_DONE)
        return status;
    for (const struct declaration *d = idl_main_file(*idl)->declarations; d;
         d = declaration_after(d))
        if (d->kind == DECL_INTERFACE && d->interface->is_object)
            put_interface(out, &command->pool, d->interface);
    return command_print_messages(command, *idl);
}

int layout_run(struct command *command)
{
    struct out out = {.is_plain = true};
    struct idl *idl = NULL;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < command->options.file_count; i++) {
        int status = put_file(command, &out, &idl, command->options.files[i]);

        worst = status > worst ? status : worst;
    }
    if (worst == EXIT_DONE)
        worst = command_print(command, &out);
    idl_destroy(idl);
    out_fini(&out);
    return worst;
}
