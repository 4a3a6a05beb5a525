/*
 * idl/sema_interface.c -- see sema.h; an interface as a whole.
 */
#include <stdio.h>
#include <string.h>

#include "idl/attribute.h"
#include "idl/sema.h"
#include "idl/split.h"
#include "idl/text.h"

static bool same_guid(const struct guid *left, const struct guid *right)
{
    return left->data1 == right->data1 && left->data2 == right->data2 &&
           left->data3 == right->data3 && memcmp(left->data4, right->data4, 8) == 0;
}

/* Two interfaces of one id cannot be told apart by QueryInterface. */
static void check_uuid(struct session *session, const struct symbol *symbol,
                       const struct attribute *attribute)
{
    const struct symbol *first;
    struct map_entry *entry;
    struct guid guid;

    if (!attribute)
        return;
    guid = attribute->guid;
    if (same_guid(&guid, &(struct guid){0}))
        return; /* a bad one, which has its message */
    entry = map_put(&session->uuids, (const char *)&guid, sizeof guid);
    first = entry->value;
    if (first == symbol && attribute->info->id == ATTRIBUTE_ASYNC_UUID)
        diag_error(&session->diag, &attribute->location, DIAG_DUPLICATE_UUID,
                   "async_uuid must differ from uuid; uvidl --new-uuid prints a new one");
    else if (first && !symbol->is_reported) {
        diag_flaw(&session->diag, &attribute->location, DIAG_DUPLICATE_UUID,
                  "this is the id of '%s' already", first->name);
        diag_note(&session->diag, &first->interface->location, "'%s' is here", first->name);
    } else if (!first)
        entry->value = (void *)(uintptr_t)symbol;
}

static void check_base(struct session *session, const struct symbol *symbol)
{
    const struct interface *interface = symbol->interface;

    if (!symbol->base) {
        if (interface->is_object && !symbol->is_reported && !symbol->is_plain_table &&
            strcmp(interface->name, "IUnknown") != 0)
            diag_flaw(&session->diag, &interface->location, DIAG_MISSING_BASE,
                      "an object interface needs a base: write ': IUnknown'");
        return;
    }
    if (symbol->base->is_async_twin || strcmp(symbol->base->name, "AsyncIUnknown") == 0)
        diag_error(&session->diag, &symbol->base_location, DIAG_ASYNC_BASE,
                   "no interface may derive from an asynchronous one by hand");
}

/* The slots that every interface has before its own; IUnknown itself has no base. */
static bool is_base_method(const struct interface *interface, const char *name)
{
    return (interface->is_object && !interface->is_dispatch &&
            strcmp(interface->name, "IUnknown") != 0) &&
           (strcmp(name, "QueryInterface") == 0 || strcmp(name, "AddRef") == 0 ||
            strcmp(name, "Release") == 0);
}

static void check_method_names(struct session *session, const struct interface *interface,
                               struct map *names)
{
    map_init(names, session->arena);
    for (const struct method *method = interface->methods; method; method = method->next) {
        struct map_entry *entry = map_put(names, method->name, strlen(method->name));

        if (entry->value) {
            const struct method *first = entry->value;

            diag_error(&session->diag, &method->location, DIAG_DUPLICATE_METHOD,
                       "the interface has a method '%s' already", method->name);
            diag_note(&session->diag, &first->location, "the first '%s' is here", method->name);
        } else if (is_base_method(interface, method->name))
            diag_error(&session->diag, &method->location, DIAG_DUPLICATE_METHOD,
                       "every interface has a method '%s' of IUnknown's", method->name);
        else
            entry->value = (void *)(uintptr_t)method;
    }
}

/* [call_as(L)]: L is a [local] method of the same interface. */
static void resolve_call_as(struct session *session, const struct interface *interface,
                            const struct map *names)
{
    for (const struct method *method = interface->methods; method; method = method->next) {
        const struct attribute *attribute = attribute_with(method->attributes, ATTRIBUTE_CALL_AS);
        const struct method *local;

        if (!attribute || !attribute->text)
            continue;
        local = map_get(names, attribute->text);
        if (!local || !attribute_with(local->attributes, ATTRIBUTE_LOCAL))
            diag_error(&session->diag, &attribute->location, DIAG_CALL_AS_NOT_LOCAL,
                       "'%s' is no [local] method of this interface", attribute->text);
        else
            ((struct method *)(uintptr_t)method)->call_as = local;
    }
}

/* AsyncIFoo as a name for types: an interface like others, except that nobody wrote it. */
static struct symbol *declare_twin(struct session *session, const struct symbol *symbol)
{
    const struct interface *of = symbol->interface;
    struct interface *interface;
    struct symbol *twin;
    struct text name;

    text_init(&name, session->arena);
    text_format(&name, "Async%s", of->name);
    twin = symbol_find(session, text_end(&name));
    if (twin && (twin->kind != SYMBOL_INTERFACE || twin->is_defined)) {
        diag_error(&session->diag, &of->location, DIAG_REDEFINITION,
                   "'%s' is the name of the asynchronous interface, and it is taken", name.bytes);
        diag_note(&session->diag, &twin->location, "'%s' is declared here", name.bytes);
        return NULL;
    }
    twin = symbol_interface(session, text_end(&name), &of->location);
    twin->is_declared = true;
    twin->is_defined = true;
    twin->is_async_twin = true;
    interface = twin->interface;
    interface->is_object = true;
    interface->is_complete = true;
    interface->has_uuid = true;
    interface->uuid = of->async_uuid;
    interface->base = of->base;
    return twin;
}

static void make_twin(struct session *session, const struct symbol *symbol)
{
    struct interface *interface = symbol->interface;
    const struct symbol *twin;

    if (!interface->has_async_uuid || !sema_check_async(session, symbol))
        return;
    twin = declare_twin(session, symbol);
    if (twin)
        interface->async = split_interface(session->arena, interface, twin->name);
}

void sema_check_interface(struct session *session, struct symbol *symbol)
{
    const struct interface *interface = symbol->interface;
    const struct attribute *list = interface->attributes;
    struct map names;

    if ((attribute_with(list, ATTRIBUTE_OBJECT) || interface->is_dispatch) &&
        !interface->has_uuid && !symbol->is_plain_table)
        diag_flaw(&session->diag, &interface->location, DIAG_MISSING_UUID,
                  interface->is_dispatch ? "a dispinterface needs an id: uuid(...)"
                                         : "an object interface needs an id: uuid(...)");
    check_uuid(session, symbol, attribute_with(list, ATTRIBUTE_UUID));
    check_uuid(session, symbol, attribute_with(list, ATTRIBUTE_ASYNC_UUID));
    check_base(session, symbol);
    check_method_names(session, interface, &names);
    resolve_call_as(session, interface, &names);
    make_twin(session, symbol);
}
