/*
 * names.c -- the names that uvidl makes up, and the set that keeps them apart.
 *
 * Names are decided here and only put in their places elsewhere.
 */
#include "codegen/names.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codegen/out.h"
#include "codegen/view.h"
#include "idl/ast_winrt.h"
#include "idl/idl.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

/* ---- the set ---- */

static size_t name_slot(const struct name_set *set, const char *name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    size_t slot;

    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    slot = hash % set->capacity;
    while (set->slots[slot] && strcmp(set->slots[slot], name) != 0)
        slot = (slot + 1) % set->capacity;
    return slot;
}

static bool name_set_grow(struct names *names)
{
    struct name_set old = names->taken, grown = {NULL, old.capacity ? old.capacity * 2 : 256, 0};

    grown.slots = pool_alloc(names->pool, grown.capacity * sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i])
            grown.slots[name_slot(&grown, old.slots[i])] = old.slots[i];
    grown.count = old.count;
    names->taken = grown;
    return true;
}

/* False if it is there already, or if there is no memory to tell. */
static bool name_set_add(struct names *names, const char *name)
{
    struct name_set *set = &names->taken;
    size_t slot;

    if (set->count * 2 >= set->capacity && !name_set_grow(names))
        return false;
    slot = name_slot(set, name);
    if (set->slots[slot])
        return false;
    set->slots[slot] = name;
    set->count++;
    return true;
}

const char *names_claim(struct names *names, const char *wanted)
{
    const char *name = wanted;
    char number[16];

    for (int i = 2; !name_set_add(names, name) && !names->pool->failed; i++) {
        snprintf(number, sizeof number, "_%d", i);
        name = TEXT(names->pool, "${wanted}${number}", {"wanted", wanted}, {"number", number});
    }
    return name;
}

const char *names_local(struct names *names, const char *wanted)
{
    const struct name_set *set = &names->taken;

    while (set->capacity > 0 && set->slots[name_slot(set, wanted)] && !names->pool->failed)
        wanted = TEXT(names->pool, "${wanted}_", {"wanted", wanted});
    return wanted;
}

const char *names_local_of(struct names *names, const struct method *method, const char *wanted)
{
    const char *name;

    do {
        name = wanted;
        wanted = names_local(names, method_local(names->pool, method, name));
    } while (strcmp(name, wanted) != 0 && !names->pool->failed);
    return name;
}

/* ---- what the IDL itself declares in C's name space ---- */

/* Also those of an enum that stands in a struct; a body stands in one place, so this ends. */
static void take_enumerators(struct names *names, const struct type *type)
{
    while (type && (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY))
        type = type->target;
    if (type && type->kind == TYPE_ENUM)
        for (const struct enumerator *e = type->enumeration->enumerators; e; e = e->next)
            name_set_add(names, e->name);
    if (type && type->is_definition && (type->kind == TYPE_STRUCT || type->kind == TYPE_UNION))
        for (const struct field *f = type->record->fields; f; f = f->next)
            take_enumerators(names, f->type);
}

static void take_functions(struct names *names, const struct interface *interface)
{
    for (const struct method *m = interface->methods; m; m = m->next)
        name_set_add(names, m->name);
}

/* Whether an import's names are still to be taken: there are many ways to a file. */
static bool is_new_file(struct names *names, const struct idl_file *file)
{
    /* No name has a blank in it. */
    return name_set_add(names, TEXT(names->pool, "import ${path}", {"path", file->path}));
}

static void take_declarations(struct names *names, const struct declaration *list, int depth)
{
    for (const struct declaration *d = list; d && depth < 100; d = declaration_after(d)) {
        if (d->name)
            name_set_add(names, d->name);
        take_enumerators(names, d->type);
        if (d->interface)
            name_set_add(names, d->interface->name);
        if (d->coclass)
            name_set_add(names, d->coclass->name);
        if (d->kind == DECL_INTERFACE || d->kind == DECL_MODULE)
            take_declarations(names, d->interface->declarations, depth + 1);
        if (d->kind == DECL_MODULE)
            take_functions(names, d->interface);
        if (d->kind == DECL_IMPORT && d->imported && !d->imported->is_system &&
            is_new_file(names, d->imported))
            take_declarations(names, d->imported->declarations, depth + 1);
    }
}

/* ---- files ---- */

/* Other characters than letters, digits and '_' become '_', as MIDL makes its guards. */
static const char *word_of(struct pool *pool, const char *stem)
{
    char *word = pool_alloc(pool, strlen(stem) + 1);

    if (!word)
        return "";
    for (size_t i = 0; stem[i]; i++) {
        char c = to_lower(stem[i]);

        word[i] = is_lower(c) || is_digit(c) ? c : '_';
    }
    return word;
}

static const char *stem_of(struct pool *pool, const char *name)
{
    const char *slash = strrchr(name, '/');
    char *stem;
    char *dot;

    name = slash ? slash + 1 : name;
    stem = pool_alloc(pool, strlen(name) + 1);
    if (!stem)
        return "";
    memcpy(stem, name, strlen(name));
    dot = strrchr(stem, '.');
    if (dot && dot != stem)
        *dot = '\0';
    return stem;
}

struct output_names names_of_outputs(struct pool *pool, const char *file)
{
    const char *stem = stem_of(pool, file);

    return (struct output_names){stem, TEXT(pool, "${stem}.h", {"stem", stem}),
                                 TEXT(pool, "${stem}_i.c", {"stem", stem}),
                                 TEXT(pool, "${stem}_p.c", {"stem", stem})};
}

void names_init(struct names *names, struct pool *pool, const struct idl_file *file)
{
    struct output_names outputs = names_of_outputs(pool, file->name);

    *names = (struct names){.pool = pool, .file = file};
    names->stem = outputs.stem;
    names->word = word_of(pool, names->stem);
    /* A foreign unknwn.h and the runtime's own may meet; each interface has a guard of its own. */
    names->guard = TEXT(pool, "__${system}${word}_h__",
                        {"system", names->file->is_system ? "uvcom_" : ""}, {"word", names->word});
    names->header = outputs.header;
    names->ids = outputs.ids;
    names->calls = outputs.calls;
    names->include = file->is_system ? TEXT(pool, "<uvcom/${header}>", {"header", names->header})
                                     : TEXT(pool, "\"${header}\"", {"header", names->header});
    take_declarations(names, file->declarations, 0);
    names->local = (struct local_names){
        .frame = names_local(names, "frame"),
        .hr = names_local(names, "hr"),
        .server = names_local(names, "server"),
        .target = names_local(names, "target"),
        .visit = names_local(names, "visit"),
        .data = names_local(names, "data"),
        .tag = names_local(names, "tag"),
        .value = names_local(names, "value"),
        .bytes = names_local(names, "bytes"),
        .size = names_local(names, "size"),
        .riid = names_local(names, "riid"),
        .ppv = names_local(names, "ppv"),
        .call = names_local(names, "call"),
        .starts = names_local(names, "starts"),
        .table = names_local(names, "table"),
        .operation = names_local(names, "operation"),
        .outer = names_local(names, "outer"),
    };
}

/* Headers of C with which the SDK's own IDL begins; all that IDL uses of them is in one of ours. */
static bool is_base_of_c(const char *name)
{
    static const char *const names[] = {"basetsd.h", "guiddef.h", "windef.h", "windows.h"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

const char *import_include(struct pool *pool, const struct declaration *import, bool from_system)
{
    bool is_system = from_system || (import->imported && import->imported->is_system);
    const char *text = import->text, *dot = strrchr(text, '.');
    const char *slash = strrchr(text, '/');
    char *path;

    if (is_base_of_c(text)) /* of the system: wtypes.idl was read for it */
        return is_system ? "<uvcom/wtypes.h>" : "<uvcom/windef.h>";
    if (is_system)
        return TEXT(pool, "<uvcom/${stem}.h>", {"stem", stem_of(pool, text)});
    path = pool_alloc(pool, strlen(text) + 1);
    if (!path)
        return "";
    memcpy(path, text, strlen(text));
    if (dot && (!slash || dot > slash))
        path[dot - text] = '\0';
    return TEXT(pool, "\"${path}.h\"", {"path", path});
}

/* ---- interfaces and methods ---- */

const char *snake_case(struct pool *pool, const char *name)
{
    char *snake = pool_alloc(pool, 2 * strlen(name) + 1);
    size_t length = 0;

    if (!snake)
        return "";
    for (size_t i = 0; name[i]; i++) {
        bool starts = is_upper(name[i]) && i > 0 && name[i - 1] != '_' &&
                      (!is_upper(name[i - 1]) || is_lower(name[i + 1]));

        if (starts)
            snake[length++] = '_';
        snake[length++] = to_lower(name[i]);
    }
    return snake;
}

static const char *upper_case(struct pool *pool, const char *name)
{
    char *upper = pool_alloc(pool, strlen(name) + 1);

    for (size_t i = 0; upper && name[i]; i++)
        upper[i] = to_upper(name[i]);
    return upper ? upper : "";
}

/* Whether the name could be one that is made with this prefix. */
static bool is_made_with(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(name, prefix, length) == 0 && name[length] == '_';
}

/* A parameter would hide the function of that name from the body of its method. */
static void take_parameters(struct names *names, const struct interface *interface,
                            const struct interface_names *made)
{
    for (; interface; interface = interface->base)
        for (const struct method *m = interface->methods; m; m = m->next)
            for (const struct parameter *p = m->parameters; p; p = p->next)
                if (p->name &&
                    (is_made_with(p->name, made->prefix) || is_made_with(p->name, made->constant)))
                    name_set_add(names, p->name);
}

/* IUnknown's methods, typed for a vtable: they have the same names in all of them. */
static bool take_wrappers(struct names *names, const char *side)
{
    static const char *const methods[] = {"QueryInterface", "AddRef", "Release"};
    bool are_free = true;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const char *name =
            TEXT(names->pool, "${side}_${method}", {"side", side}, {"method", methods[i]});

        are_free = name_set_add(names, name) && are_free;
    }
    return are_free;
}

static const char *claim_side(struct names *names, const char *prefix, const char *side)
{
    const char *wanted = TEXT(names->pool, "${prefix}_${side}", {"prefix", prefix}, {"side", side});
    const char *name;

    do
        name = names_claim(names, wanted);
    while (!take_wrappers(names, name) && !names->pool->failed);
    return name;
}

struct interface_names names_of_interface(struct names *names, const struct interface *interface)
{
    const char *name = interface->winrt ? interface->winrt->name : interface->name;
    const char *prefix;
    struct interface_names made;

    if (name[0] == 'I' && is_upper(name[1]))
        name++;
    prefix = snake_case(names->pool, name);
    /* uvcom_ and uvcom__ are the runtime's own. */
    if (strcmp(prefix, "uvcom") == 0 || is_made_with(prefix, "uvcom"))
        prefix = TEXT(names->pool, "idl_${prefix}", {"prefix", prefix});
    made.prefix = names_claim(names, prefix);
    made.constant = upper_case(names->pool, made.prefix);
    take_parameters(names, interface, &made);
    made.proxy = claim_side(names, made.prefix, "proxy");
    made.call = claim_side(names, made.prefix, "call");
    return made;
}

static const char *claim(struct names *names, const char *prefix, const char *middle,
                         const char *name, const char *suffix)
{
    return names_claim(names,
                       TEXT(names->pool, "${prefix}_${middle}${name}${suffix}", {"prefix", prefix},
                            {"middle", middle}, {"name", name}, {"suffix", suffix}));
}

struct method_names names_of_method(struct names *names, const struct interface_names *interface,
                                    const char *method)
{
    const char *prefix = interface->prefix;
    const char *upper = upper_case(names->pool, snake_case(names->pool, method));
    struct method_names made;

    made.frame = claim(names, prefix, "", method, "");
    made.number = claim(names, interface->constant, "", upper, "");
    made.in = claim(names, prefix, "", method, "_in");
    made.in_out = claim(names, prefix, "", method, "_in_out");
    made.results = claim(names, prefix, "", method, "_results");
    made.fill = claim(names, prefix, "", method, "_fill");
    made.run = claim(names, prefix, "", method, "_run");
    made.ready = claim(names, prefix, "", method, "_ready");
    made.deliver = claim(names, prefix, "", method, "_deliver");
    made.begin = claim(names, prefix, "Begin_", method, "");
    made.finish = claim(names, prefix, "Finish_", method, "");
    made.serve_begin = claim(names, prefix, "", method, "_begin");
    made.serve_finish = claim(names, prefix, "", method, "_finish");
    made.serve_start = claim(names, prefix, "", method, "_start");
    return made;
}
