/*
 * idl/symbol.c -- see symbol.h.
 */
#include "idl/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "idl/text.h"

struct symbol *symbol_find(const struct session *session, const char *name)
{
    return map_get(&session->symbols, name);
}

struct symbol *symbol_of_interface(const struct session *session, const struct interface *interface)
{
    return symbol_find(session, interface->winrt ? interface->winrt->full : interface->name);
}

static struct symbol *put(struct session *session, enum symbol_kind kind, const char *name,
                          const struct location *location)
{
    struct symbol *symbol = ARENA_NEW(session->arena, struct symbol);

    symbol->kind = kind;
    symbol->name = name;
    symbol->location = *location;
    symbol->is_of_c = session->diag.is_quiet;
    map_put(&session->symbols, name, strlen(name))->value = symbol;
    return symbol;
}

/* What a header of C has told is told better by the IDL. */
static bool gives_way(const struct session *session, const struct symbol *symbol)
{
    return symbol->is_of_c && !session->diag.is_quiet;
}

struct symbol *symbol_add(struct session *session, enum symbol_kind kind, const char *name,
                          const struct location *location)
{
    struct symbol *old = symbol_find(session, name);

    symbol_check_name(session, name, location);
    if (old && gives_way(session, old))
        old = NULL;
    if (old && kind == SYMBOL_TYPEDEF && old->kind == kind &&
        old->location.source != location->source) {
        diag_warning(&session->diag, location, DIAG_REDEFINITION,
                     "'%s' is another type in %s; from here on it is this one", name,
                     old->location.source->name);
        old = NULL;
    }
    if (old && old->kind == SYMBOL_INTERFACE && !old->is_declared) {
        if (!old->is_reported)
            diag_error(&session->diag, &old->location, DIAG_UNKNOWN_TYPE,
                       "'%s' is declared only later; among types only interfaces may be", name);
        old->is_reported = true;
        old = NULL;
    }
    if (old) {
        diag_error(&session->diag, location, DIAG_REDEFINITION, "'%s' is declared already", name);
        diag_note(&session->diag, &old->location, "the first '%s' is here", name);
        return NULL;
    }
    return put(session, kind, name, location);
}

struct symbol *symbol_interface(struct session *session, const char *name,
                                const struct location *location)
{
    struct symbol *symbol = symbol_find(session, name);
    struct interface *interface;

    if (symbol && (symbol->kind == SYMBOL_INTERFACE || !gives_way(session, symbol)))
        return symbol->kind == SYMBOL_INTERFACE ? symbol : NULL;
    symbol = put(session, SYMBOL_INTERFACE, name, location);
    interface = ARENA_NEW(session->arena, struct interface);
    interface->name = name;
    interface->location = *location;
    symbol->interface = interface;
    symbol_late(session, symbol);
    return symbol;
}

void symbol_late(struct session *session, struct symbol *symbol)
{
    if (symbol->is_late)
        return;
    symbol->is_late = true;
    if (session->late_last)
        session->late_last->next_late = symbol;
    else
        session->late_first = symbol;
    session->late_last = symbol;
}

static const char *tag_word(enum type_kind kind)
{
    return kind == TYPE_STRUCT ? "struct" : kind == TYPE_UNION ? "union" : "enum";
}

struct tag *symbol_tag(struct session *session, enum type_kind kind, const char *name,
                       const struct location *location)
{
    struct map_entry *entry = map_put(&session->tags, name, strlen(name));
    struct tag *tag = entry->value;

    if (tag && tag->kind != kind) {
        diag_error(&session->diag, location, DIAG_TAG_MISMATCH, "'%s' is the tag of %s %s", name,
                   tag->kind == TYPE_ENUM ? "an" : "a", tag_word(tag->kind));
        diag_note(&session->diag, &tag->location, "the %s is here", tag_word(tag->kind));
        return NULL;
    }
    if (tag)
        return tag;
    symbol_check_name(session, name, location);
    tag = ARENA_NEW(session->arena, struct tag);
    tag->kind = kind;
    tag->location = *location;
    if (kind == TYPE_ENUM) {
        tag->enumeration = ARENA_NEW(session->arena, struct enumeration);
        tag->enumeration->tag = name;
        tag->enumeration->location = *location;
    } else {
        tag->record = ARENA_NEW(session->arena, struct record);
        tag->record->tag = name;
        tag->record->is_union = kind == TYPE_UNION;
        tag->record->location = *location;
    }
    entry->value = tag;
    return tag;
}

/* Follows the bases; every symbol is visited once over all calls, so the whole check is linear. */
static bool is_in_cycle(struct symbol *symbol, unsigned round)
{
    struct symbol *at = symbol;

    while (at && at->mark == 0) {
        at->mark = round;
        at = at->base;
    }
    return at && at->mark == round;
}

static void check_base(struct session *session, struct symbol *symbol, unsigned round)
{
    const struct symbol *base = symbol->base;

    if (!base || symbol->mark != 0)
        return;
    if (is_in_cycle(symbol, round)) {
        diag_error(&session->diag, &symbol->base_location, DIAG_BASE_CYCLE,
                   symbol == base ? "'%s' is derived from itself"
                                  : "'%s' is derived from itself by way of '%s'",
                   symbol->name, base->name);
        for (struct symbol *at = symbol; !at->is_reported; at = at->base)
            at->is_reported = true; /* one message for the whole circle */
    }
}

/* A base that was not complete where it was needed: the list is that of names used early. */
static void check_promise(struct session *session, struct symbol *symbol)
{
    if (!symbol->is_declared)
        symbol_unknown(session, symbol);
}

/* What a header has beside AsyncIFoo, which is `twin`. */
static void check_server_name(struct session *session, const struct symbol *twin,
                              const char *suffix, const char *what)
{
    const struct symbol *symbol;
    const struct tag *tag;
    const char *name;
    struct text text;

    text_init(&text, session->arena);
    text_format(&text, "%s%s", twin->name, suffix);
    name = text_end(&text);
    symbol = symbol_find(session, name);
    tag = map_get(&session->tags, name);
    if (symbol || tag)
        diag_error(&session->diag, symbol ? &symbol->location : &tag->location, DIAG_REDEFINITION,
                   "'%s' is the name of %s that the header has for '%s'", name, what, twin->name);
}

/* What is made for async_uuid needs the base at once. */
static void take_late_base(struct session *session, struct symbol *symbol)
{
    const struct symbol *base = symbol->base;

    if (!base || symbol->interface->base || symbol->is_reported || base->is_reported)
        return;
    if (base->is_defined && base->interface->is_complete && !symbol->interface->has_async_uuid)
        symbol->interface->base = base->interface;
    else
        diag_error(&session->diag, &symbol->base_location, DIAG_INCOMPLETE_BASE,
                   base->is_defined ? "the base '%s' is defined only later, and async_uuid needs "
                                      "it here"
                                    : "the base '%s' is declared but never defined",
                   base->name);
}

void symbol_check_late(struct session *session)
{
    unsigned round = 1;

    for (struct symbol *symbol = session->late_first; symbol; symbol = symbol->next_late) {
        check_base(session, symbol, round++);
        check_promise(session, symbol);
        if (symbol->is_async_twin) {
            check_server_name(session, symbol, "Server", "a table");
            check_server_name(session, symbol, "_CreateCall", "a function");
        }
    }
    for (struct symbol *symbol = session->late_first; symbol; symbol = symbol->next_late)
        take_late_base(session, symbol);
}

/* Sorted. Keywords of C and C++ that are none of IDL's, and macros of the standard headers. */
static const char *const reserved[] = {"EXTERN_C",
                                       "FALSE",
                                       "NULL",
                                       "STDMETHODCALLTYPE",
                                       "S_OK",
                                       "TRUE",
                                       "_Alignas",
                                       "_Alignof",
                                       "_Atomic",
                                       "_Bool",
                                       "_Complex",
                                       "_Generic",
                                       "_Imaginary",
                                       "_Noreturn",
                                       "_Static_assert",
                                       "_Thread_local",
                                       "__FILE__",
                                       "__LINE__",
                                       "__asm__",
                                       "__attribute__",
                                       "__cplusplus",
                                       "__func__",
                                       "alignas",
                                       "alignof",
                                       "and",
                                       "and_eq",
                                       "asm",
                                       "assert",
                                       "auto",
                                       "bitand",
                                       "bitor",
                                       "bool",
                                       "break",
                                       "catch",
                                       "char16_t",
                                       "char32_t",
                                       "class",
                                       "compl",
                                       "const_cast",
                                       "constexpr",
                                       "continue",
                                       "decltype",
                                       "delete",
                                       "do",
                                       "dynamic_cast",
                                       "else",
                                       "errno",
                                       "explicit",
                                       "export",
                                       "false",
                                       "for",
                                       "friend",
                                       "goto",
                                       "if",
                                       "inline",
                                       "linux",
                                       "mutable",
                                       "namespace",
                                       "new",
                                       "noexcept",
                                       "not",
                                       "not_eq",
                                       "nullptr",
                                       "offsetof",
                                       "operator",
                                       "or",
                                       "or_eq",
                                       "private",
                                       "protected",
                                       "public",
                                       "register",
                                       "reinterpret_cast",
                                       "restrict",
                                       "return",
                                       "static_assert",
                                       "static_cast",
                                       "stderr",
                                       "stdin",
                                       "stdout",
                                       "template",
                                       "this",
                                       "thread_local",
                                       "throw",
                                       "true",
                                       "try",
                                       "typeid",
                                       "typename",
                                       "typeof",
                                       "unix",
                                       "using",
                                       "virtual",
                                       "while",
                                       "xor",
                                       "xor_eq"};

static int compare(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

static bool is_reserved(const char *name)
{
    return bsearch(name, reserved, sizeof reserved / sizeof *reserved, sizeof *reserved, compare) !=
           NULL;
}

void symbol_check_variable(struct session *session, const char *name,
                           const struct location *location)
{
    if (strncmp(name, "uvcom_", 6) == 0 || strncmp(name, "UVCOM_", 6) == 0)
        diag_error(&session->diag, location, DIAG_RESERVED_NAME,
                   "names that begin with uvcom_ or UVCOM_ belong to the runtime");
}

void symbol_check_name(struct session *session, const char *name, const struct location *location)
{
    symbol_check_variable(session, name, location);
    if (is_reserved(name))
        diag_error(&session->diag, location, DIAG_RESERVED_NAME,
                   "'%s' means something else in C or C++, so no header can use it", name);
}

bool symbol_is_taken(const struct session *session, const char *name)
{
    return symbol_find(session, name) || symbol_is_base(name) || is_reserved(name) ||
           strcmp(name, "This") == 0;
}
