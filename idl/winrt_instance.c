/*
 * idl/winrt_instance.c -- see winrt.h; parameterized interfaces with arguments.
 *
 * An instance is an interface like others as soon as it is named, but its methods are made when all
 * files have been read: only then are classes known, and with them what their pointers are. Those
 * named only by the methods of another instance stay without methods of their own, so that no
 * definition can unfold without end. The front end's own definitions (winrt_known.c) come to an end
 * by themselves, so what these name is made too: who has an IAsyncOperation<T> needs its handler.
 */
#include "idl/winrt.h"

#include <string.h>

static bool is_open_type(const struct type *type)
{
    const struct winrt_instance *node;

    while (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
        type = type->target;
    if (type->kind == TYPE_PARAMETER)
        return true;
    node = type->kind == TYPE_INTERFACE ? type->interface->instance : NULL;
    return node && ((const struct instance *)node)->is_open;
}

static bool has_open_argument(const struct winrt_instance *node)
{
    for (size_t i = 0; i < node->generic->count; i++)
        if (is_open_type(node->arguments[i]))
            return true;
    return false;
}

struct instance *winrt_instance(struct session *session, const struct winrt_instance *node,
                                const struct instance_origin *origin)
{
    struct winrt *winrt = winrt_state(session);
    const char *key = winrt_instance_key(session->arena, node);
    struct map_entry *entry = map_put(&winrt->instances, key, strlen(key));
    struct instance *instance = entry->value;
    struct interface *interface;

    if (instance)
        return instance;
    instance = ARENA_NEW(session->arena, struct instance);
    interface = ARENA_NEW(session->arena, struct interface);
    entry->value = instance;
    instance->node = *node;
    instance->interface = interface;
    instance->origin = *origin;
    instance->is_open = has_open_argument(node);
    interface->name = winrt_instance_name(session->arena, node, origin->is_short);
    interface->location = origin->location;
    interface->winrt = node->generic->name;
    interface->instance = &instance->node;
    *winrt->last_instance = instance;
    winrt->last_instance = &instance->next;
    return instance;
}

struct type *winrt_instance_type(struct session *session, const struct instance *instance)
{
    struct type *type = type_new(session->arena, TYPE_INTERFACE, NULL);

    type->interface = instance->interface;
    return type;
}

/* ---- methods ---- */

static const struct type *replaced(struct session *session, const struct type *type,
                                   const struct instance *instance);

static const struct type *replaced_instance(struct session *session, const struct type *type,
                                            const struct instance *instance)
{
    const struct winrt_instance *node = type->interface->instance;
    struct winrt_instance own = {node->generic, NULL};
    const struct type **arguments =
        arena_alloc(session->arena, node->generic->count * sizeof *arguments);
    struct instance *named;

    for (size_t i = 0; i < node->generic->count; i++)
        arguments[i] = replaced(session, node->arguments[i], instance);
    own.arguments = arguments;
    named = winrt_instance(session, &own, &instance->origin);
    if (node->generic->is_known && instance->node.generic->is_known)
        named->is_wanted = true;
    return winrt_instance_type(session, named);
}

/* The type with arguments for its parameters: itself if it has none. */
static const struct type *replaced(struct session *session, const struct type *type,
                                   const struct instance *instance)
{
    const struct type *target;
    struct type *copy;

    if (!is_open_type(type))
        return type;
    if (type->kind == TYPE_PARAMETER) {
        copy = ARENA_NEW(session->arena, struct type);
        *copy = *instance->node.arguments[type->position];
        copy->is_const = copy->is_const || type->is_const;
        return copy;
    }
    if (type->kind == TYPE_INTERFACE)
        return replaced_instance(session, type, instance);
    target = replaced(session, type->target, instance);
    copy = ARENA_NEW(session->arena, struct type);
    *copy = *type;
    copy->target = target;
    return copy;
}

static const struct parameter *copy_parameters(struct session *session,
                                               const struct parameter *from,
                                               const struct instance *instance)
{
    const struct parameter *list = NULL, **tail = &list;

    for (; from; from = from->next) {
        struct parameter *copy = ARENA_NEW(session->arena, struct parameter);

        *copy = *from;
        copy->next = NULL;
        copy->type = replaced(session, from->type, instance);
        *tail = copy;
        tail = &copy->next;
    }
    sema_note_parameters(session, list);
    return list;
}

static const struct winrt_reference *copy_required(struct session *session,
                                                   const struct winrt_reference *from,
                                                   const struct instance *instance)
{
    const struct winrt_reference *list = NULL, **tail = &list;

    for (; from; from = from->next) {
        struct winrt_reference *copy = ARENA_NEW(session->arena, struct winrt_reference);

        *copy = *from;
        copy->next = NULL;
        copy->type = replaced(session, from->type, instance);
        *tail = copy;
        tail = &copy->next;
    }
    return list;
}

static void build(struct session *session, struct instance *instance)
{
    struct interface *interface = instance->interface;
    const struct interface *from = instance->node.generic->definition;
    const struct method **tail = &interface->methods;

    interface->doc = from->doc;
    interface->attributes = from->attributes;
    interface->base = from->base;
    interface->required = copy_required(session, from->required, instance);
    interface->is_object = true;
    interface->is_local = true; /* Windows makes its proxies from metadata */
    for (const struct method *m = from->methods; m; m = m->next) {
        struct method *copy = ARENA_NEW(session->arena, struct method);

        *copy = *m;
        copy->next = NULL;
        copy->owner = interface;
        copy->is_local = true;
        copy->return_type = replaced(session, m->return_type, instance);
        copy->parameters = copy_parameters(session, m->parameters, instance);
        *tail = copy;
        tail = &copy->next;
    }
    interface->is_complete = true;
    interface->has_uuid = winrt_instance_id(session, instance, &interface->uuid);
}

/* ---- the end of a file, and of all ---- */

static struct declaration *declaration_of(struct session *session, const struct instance *instance,
                                          enum declaration_kind kind)
{
    struct declaration *declaration = ARENA_NEW(session->arena, struct declaration);

    declaration->kind = kind;
    declaration->name = instance->interface->name;
    declaration->location = instance->origin.location;
    declaration->interface = instance->interface;
    return declaration;
}

void winrt_end_of_file(struct parser *parser, const struct declaration ***tail)
{
    struct winrt *winrt = parser->session->winrt;

    for (struct instance *i = winrt ? winrt->first_instance : NULL; i; i = i->next) {
        if (!i->is_wanted || i->is_declared || i->origin.file != parser->file)
            continue;
        i->is_declared = true;
        declaration_add(tail, declaration_of(parser->session, i, DECL_INTERFACE));
    }
    winrt_import_known(parser);
}

static void resolve_classes(struct session *session, const struct winrt *winrt)
{
    for (const struct class_use *use = winrt->class_uses; use; use = use->next) {
        const struct winrt_class *runtime_class = use->type->runtime_class;

        if (runtime_class->default_interface)
            use->type->interface = runtime_class->default_interface;
        else if (!session->lacks_file && !runtime_class->is_complete)
            diag_error(&session->diag, &use->location, DIAG_INCOMPLETE_TYPE,
                       "the class '%s' is declared but never defined", runtime_class->name->full);
        else if (!session->lacks_file)
            diag_error(&session->diag, &use->location, DIAG_INCOMPLETE_TYPE,
                       "'%s' has no default interface, so nothing can point to its objects",
                       runtime_class->name->full);
    }
}

/* One that only methods of instances name: C must know that it is an interface. */
static void declare_forward(struct session *session, const struct instance *instance)
{
    struct declaration *declaration = declaration_of(session, instance, DECL_FORWARD);

    declaration->next = instance->origin.file->declarations;
    instance->origin.file->declarations = declaration;
}

/* Where a file's declarations end: of the last file that was asked for. */
struct ending {
    struct idl_file *file;
    const struct declaration **tail;
};

/* One that the definition of another one names. */
static void declare_at_end(struct session *session, struct instance *instance,
                           struct ending *ending)
{
    struct idl_file *file = instance->origin.file;

    if (instance->is_declared)
        return;
    instance->is_declared = true;
    if (ending->file != file) {
        ending->file = file;
        ending->tail = &file->declarations;
        while (*ending->tail) /* the nodes are ours until idl_compile returns */
            ending->tail = &((struct declaration *)(uintptr_t)*ending->tail)->next;
    }
    declaration_add(&ending->tail, declaration_of(session, instance, DECL_INTERFACE));
}

/* Gives those that are wanted their methods, which may make others wanted; false: there were none.
 */
static bool build_wanted(struct session *session, struct ending *ending)
{
    bool is_any = false;

    for (struct instance *i = session->winrt->first_instance; i; i = i->next) {
        if (i->is_open || !i->is_wanted || i->is_built)
            continue;
        is_any = true;
        i->is_built = true;
        declare_at_end(session, i, ending);
        if (i->node.generic->definition->is_complete)
            build(session, i);
        else
            diag_error(&session->diag, &i->origin.location, DIAG_INCOMPLETE_TYPE,
                       "'%s' with parameters is declared but never defined",
                       i->node.generic->name->full);
    }
    return is_any;
}

void winrt_finish(struct session *session)
{
    struct winrt *winrt = session->winrt;
    struct ending ending = {NULL, NULL};

    if (!winrt)
        return;
    winrt_check_tags(session);
    resolve_classes(session, winrt);
    if (session->diag.errors > 0)
        return;
    while (build_wanted(session, &ending)) {
    }
    for (struct instance *i = winrt->first_instance; i; i = i->next)
        if (!i->is_open && !i->is_wanted)
            declare_forward(session, i);
}
