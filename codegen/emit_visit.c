/*
 * emit_visit.c -- the visit of one variable: its levels from the outside in, then its leaf.
 *
 * A level that leads straight to records, or to nothing that needs a look, is one call; else it is
 * a loop. The functions of whole records are written by emit_visitor.c.
 */
#include "codegen/emit_visit.h"

#include <string.h>

#include "codegen/emit_visitor.h"
#include "codegen/survey.h"
#include "idl/idl.h"
#include "idl/type.h"

/* ---- where a value stands ---- */

/* An lvalue; one that is reached through a pointer to a single value begins with a star. */
struct spot {
    const char *text;
    bool is_qualified; /* const or volatile: its address is no void * by itself */
};

static const char *address(struct pool *pool, struct spot spot, const char *cast)
{
    bool is_star = spot.text[0] == '*';

    return TEXT(pool, "${cast}${and}${text}", {"cast", spot.is_qualified ? cast : ""},
                {"and", is_star ? "" : "&"}, {"text", spot.text + is_star});
}

static const char *slot_of(struct pool *pool, struct spot spot)
{
    return address(pool, spot, "(void *)");
}

static const char *elements_of(struct pool *pool, struct spot spot)
{
    return TEXT(pool, "${cast}${text}", {"cast", spot.is_qualified ? "(void *)" : ""},
                {"text", spot.text});
}

static const char *member_prefix(struct pool *pool, struct spot spot)
{
    bool is_star = spot.text[0] == '*';

    return TEXT(pool, "${text}${dot}", {"text", spot.text + is_star},
                {"dot", is_star ? "->" : "."});
}

static bool is_qualified(const struct type *type)
{
    for (; type->kind == TYPE_ALIAS; type = type->target)
        if (type->is_const || type->is_volatile)
            return true;
    return type->is_const || type->is_volatile;
}

/* ---- leaves ---- */

static bool is_wide_unsigned(const struct type *type)
{
    bool is_unsigned;

    type = type_resolve(type);
    return type_bits(type, &is_unsigned) == 64 && is_unsigned;
}

/* A value above what LONGLONG holds comes out negative, and so below any range of its type. */
static void visit_range(struct visit_body *body, const struct variable *variable, struct spot spot)
{
    if (!variable->low || !variable->high)
        return;
    STATEMENT(body, "uvcom_visit_range(${visit}, ${cast}${text}, ${low}, ${high});",
              {"cast", is_wide_unsigned(variable->leaf_type) ? "(LONGLONG)" : ""},
              {"text", spot.text}, {"low", expr_text(body->pool, variable->low)},
              {"high", expr_text(body->pool, variable->high)});
}

static void visit_enum(struct visit_body *body, const struct variable *variable, struct spot spot)
{
    const struct enumeration *enumeration = type_resolve(variable->leaf_type)->enumeration;

    STATEMENT(body, "uvcom_visit_enum(${visit}, ${text}, ${low}, ${high});", {"text", spot.text},
              {"low", enum_lowest(body->pool, enumeration)},
              {"high", enum_highest(body->pool, enumeration)});
}

static void visit_interface(struct visit_body *body, const struct variable *variable,
                            const struct bound_scope *scope, struct spot spot)
{
    const char *iid = variable->iid ? bound_write_iid(body->pool, scope, variable->iid)
                                    : TEXT(body->pool, "&${id}",
                                           {"id", interface_id(body->pool, variable->interface)});

    STATEMENT(body, "uvcom_visit_interface(${visit}, ${slot}, ${iid});",
              {"slot", slot_of(body->pool, spot)}, {"iid", iid});
}

static void visit_record(struct visit_body *body, const struct variable *variable, struct spot spot)
{
    struct facts *record = variable->record;

    if (!record || !variable_is_deep(variable, variable->level_count))
        return;
    if (record->visitor)
        STATEMENT(body, "${visitor}(${visit}, ${slot});", {"visitor", record->visitor},
                  {"slot", slot_of(body->pool, spot)});
    else if (!record->type)
        visit_members(body, record,
                      variable->name || variable->level_count > 0 ? member_prefix(body->pool, spot)
                                                                  : spot.text);
}

static void visit_arm(struct visit_body *body, const struct variable *variable, struct spot spot,
                      const char *tag)
{
    struct facts *record = variable->record;
    const char *cast, *prefix;

    if (!record->type) {
        prefix = variable->name || variable->level_count > 0 ? member_prefix(body->pool, spot)
                                                             : spot.text;
        visit_switch(body, record, prefix, tag, variable->tag);
        return;
    }
    if (!record->visitor)
        return; /* there was no memory for its name */
    cast = TEXT(body->pool, "(${type} *)", {"type", type_declare(body->pool, record->type, "")});
    STATEMENT(body, "${visitor}(${visit}, ${slot}, ${tag});", {"visitor", record->visitor},
              {"slot", address(body->pool, spot, cast)}, {"tag", tag});
}

/* Works out a tag, and returns the text that says whether it could be. */
static const char *visit_tag(struct visit_body *body, const struct variable *variable,
                             const struct bound_scope *scope, const char **tag)
{
    const char *status = body_number(body, &body->status, "HRESULT ", "status");
    struct bound_scope own = *scope;

    *tag = body_number(body, &body->chosen, "LONGLONG ", "chosen");
    own.hr = TEXT(body->pool, "&${status}", {"status", status});
    STATEMENT(body, "${status} = S_OK;", {"status", status});
    STATEMENT(body, "${chosen} = ${tag};", {"chosen", *tag},
              {"tag", bound_write_tag(body->pool, &own, variable->tag)});
    return TEXT(body->pool, "uvcom_visit_knows(${visit}, ${status})",
                {"visit", body->names->local.visit}, {"status", status});
}

/* A tag that cannot be worked out is no zero: then there is no arm. */
static void visit_union(struct visit_body *body, const struct variable *variable,
                        const struct bound_scope *scope, struct spot spot)
{
    const char *visit = body->names->local.visit;
    const char *tag = bound_write_tag(body->pool, scope, variable->tag), *lead;
    struct nest nest;

    if (!variable->record)
        return;
    if (!strstr(tag, scope->hr)) {
        visit_arm(body, variable, spot, tag);
        return;
    }
    lead = bound_write_lead(body->pool, scope, visit, variable->tag, &tag);
    if (!lead)
        lead = visit_tag(body, variable, scope, &tag);
    nest = body_open(body);
    visit_arm(body, variable, spot, tag);
    body_close(body, nest, TEXT(body->pool, "if (${lead})", {"lead", lead}));
}

static void visit_leaf(struct visit_body *body, const struct variable *variable,
                       const struct bound_scope *scope, struct spot spot)
{
    switch (variable->leaf) {
    case LEAF_PLAIN:
        break;
    case LEAF_NUMBER:
        visit_range(body, variable, spot);
        break;
    case LEAF_ENUM:
        visit_enum(body, variable, spot);
        visit_range(body, variable, spot);
        break;
    case LEAF_RECORD:
        visit_record(body, variable, spot);
        break;
    case LEAF_UNION:
        visit_union(body, variable, scope, spot);
        break;
    case LEAF_INTERFACE:
        /* NULL is a value of its own unless the IDL says otherwise, at the pointer itself. */
        if (variable->level_count == 0 && attribute_find(variable->attributes, "ref"))
            STATEMENT(body, "uvcom_visit_require(${visit}, ${text});", {"text", spot.text});
        visit_interface(body, variable, scope, spot);
        break;
    case LEAF_BSTR:
        STATEMENT(body, "uvcom_visit_bstr(${visit}, ${slot});",
                  {"slot", slot_of(body->pool, spot)});
        break;
    }
}

/* ---- levels ---- */

/* A variable on its way in: what does not change from level to level. */
struct walk {
    struct visit_body *body;
    const struct variable *variable;
    const struct bound_scope *scope;
};

static void visit_level(const struct walk *walk, size_t index, struct spot spot);

/* The visitor of the elements behind a level; NULL: they need none, or a loop. */
static const char *elements_visitor(const struct walk *walk, size_t index)
{
    const struct variable *variable = walk->variable;

    if (index + 1 < variable->level_count || variable->leaf != LEAF_RECORD ||
        !variable_is_deep(variable, variable->level_count) || !variable->record->type)
        return NULL;
    return variable->record->visitor;
}

static bool needs_loop(const struct walk *walk, size_t index)
{
    return variable_is_deep(walk->variable, index + 1) && !elements_visitor(walk, index);
}

/* `items` is a pointer or an array, of which `count` elements are visited. */
static void visit_items(const struct walk *walk, size_t index, struct spot items, const char *count,
                        const char *condition)
{
    struct visit_body *body = walk->body;
    const char *visitor = elements_visitor(walk, index), *name;
    struct nest nest;

    if (visitor) {
        STATEMENT(body,
                  "uvcom_visit_elements(${visit}, ${items}, ${count}, sizeof *${text}, "
                  "${visitor});",
                  {"items", elements_of(body->pool, items)}, {"count", count}, {"text", items.text},
                  {"visitor", visitor});
        return;
    }
    if (!needs_loop(walk, index))
        return;
    name = body_loop(body);
    nest = body_open(body);
    visit_level(
        walk, index + 1,
        (struct spot){TEXT(body->pool, "${items}[${name}]", {"items", items.text}, {"name", name}),
                      items.is_qualified});
    body_close(body, nest,
               TEXT(body->pool, "for (size_t ${i} = 0; ${condition}${i} < ${count}; ${i}++)",
                    {"i", name}, {"condition", condition}, {"count", count}));
}

/* A pointer to an array, as clang-format writes one inside a function: "node(*rows)[3]". */
static const char *array_pointer(struct pool *pool, const struct type *array, const char *name)
{
    const char *text = type_declare_copy(pool, array, TEXT(pool, "(*${name})", {"name", name}));
    char *copy = pool_alloc(pool, strlen(text) + 1);
    const char *bracket = strstr(text, " (*");
    size_t start = bracket ? (size_t)(bracket - text) : 0;

    if (!bracket || !copy)
        return text;
    memcpy(copy, text, start);
    memcpy(copy + start, bracket + 1, strlen(bracket + 1));
    return copy;
}

/* A local pointer to the elements of a level. */
static const char *items_local(const struct walk *walk, size_t index)
{
    struct visit_body *body = walk->body;
    const struct variable *variable = walk->variable;
    const struct type *element = variable->levels[index].element;
    const char *name = body_local(body, variable->name ? variable->name : "items"), *text;

    if (element->kind == TYPE_ARRAY)
        text = array_pointer(body->pool, element, name);
    else
        text = type_declare_copy(body->pool, element, TEXT(body->pool, "*${name}", {"name", name}));
    OUT(&body->locals, "    ${declaration};\n", {"declaration", text});
    return name;
}

/* A number that takes a line of its own. */
static bool is_counted(const char *text)
{
    return strstr(text, "uvcom_bound(") || strchr(text, '?');
}

/* How many elements there is room for; what takes some counting is counted once. */
static const char *room_of(const struct walk *walk, size_t index)
{
    struct visit_body *body = walk->body;
    const char *room = level_room(body->pool, &walk->variable->levels[index], walk->scope), *count;

    if (!is_counted(room))
        return room;
    count = body_count(body);
    STATEMENT(body, "${count} = ${room};", {"count", count}, {"room", room});
    return count;
}

/* The elements that count, as two arguments: "0, value->length". */
static const char *part_of(const struct walk *walk, size_t index, const char *room)
{
    struct visit_body *body = walk->body;
    const struct level *level = &walk->variable->levels[index];
    const char *first = level_first(body->pool, level, walk->scope);
    const char *length = level_length(body->pool, level, walk->scope, room), *name;

    if (is_counted(length)) {
        name = body_number(body, &body->length, "size_t ", "length");
        STATEMENT(body, "${name} = ${length};", {"name", name}, {"length", length});
        length = name;
    }
    return TEXT(body->pool, "${first}, ${length}", {"first", first}, {"length", length});
}

/* Which elements of a level there are, as an argument. */
static const char *extent_text(const struct walk *walk, size_t index, const char *room)
{
    struct visit_body *body = walk->body;
    const char *extent, *part;

    if (!level_is_varying(&walk->variable->levels[index]))
        return TEXT(body->pool, "uvcom_extent_all(${room})", {"room", room});
    part = part_of(walk, index, room);
    extent = body_number(body, &body->extent, "struct uvcom_extent ", "extent");
    STATEMENT(body, "${extent} = uvcom_extent_of(${room}, ${part}, ${hr});", {"extent", extent},
              {"room", room}, {"part", part}, {"hr", walk->scope->hr});
    return extent;
}

/* Elements that stand in the value, or in memory of the frame; not all of them may count. */
static void visit_part(const struct walk *walk, size_t index, struct spot spot, const char *room)
{
    struct visit_body *body = walk->body;
    const char *items, *count, *extent;

    if (!variable_is_deep(walk->variable, index + 1)) {
        const char *part = part_of(walk, index, room);

        STATEMENT(body, "uvcom_extent_of(${room}, ${part}, ${hr});", {"room", room}, {"part", part},
                  {"hr", walk->scope->hr});
        return;
    }
    items = items_local(walk, index);
    count = body_count(body);
    extent = extent_text(walk, index, room);
    STATEMENT(body,
              "${count} = uvcom_visit_part(${visit}, ${elements}, &${items}, ${extent}, sizeof "
              "*${text});",
              {"count", count}, {"elements", elements_of(body->pool, spot)}, {"items", items},
              {"extent", extent}, {"text", spot.text});
    visit_items(walk, index, (struct spot){items, false}, count, "");
}

/* What is below a pointer to const is not the server's to replace either. */
static bool is_const_at(const struct walk *walk, size_t index)
{
    for (size_t i = 0; i <= index; i++)
        if (walk->variable->levels[i].is_const)
            return true;
    return false;
}

/* What is inside depends on values that are around the pointer, not behind it. */
static bool is_alone(const struct walk *walk, size_t index)
{
    const struct variable *variable = walk->variable;

    for (size_t i = index + 1; i < variable->level_count; i++) {
        const struct level *level = &variable->levels[i];

        if ((level->size.expr && !level->size.expr->is_constant) ||
            (level->first.expr && !level->first.expr->is_constant) ||
            (level->length.expr && !level->length.expr->is_constant))
            return true;
    }
    return variable->tag || variable->iid;
}

static const char *flags_text(const struct walk *walk, size_t index)
{
    bool is_const = is_const_at(walk, index);
    bool is_shared = walk->variable->levels[index].pointer == POINTER_FULL;

    if (is_const && is_shared)
        return "UVCOM_POINTER_CONST | UVCOM_POINTER_SHARED";
    if (is_const)
        return "UVCOM_POINTER_CONST";
    return is_shared ? "UVCOM_POINTER_SHARED" : "UVCOM_POINTER_PLAIN";
}

/* The size of one element behind a pointer; that of a struct with an open end is worked out. */
static const char *size_text(const struct walk *walk, size_t index, struct spot spot)
{
    struct visit_body *body = walk->body;
    const struct variable *variable = walk->variable;
    const char *size;

    if (!variable->is_conformant || index + 1 < variable->level_count)
        return TEXT(body->pool, "sizeof *${text}", {"text", spot.text});
    size = body_number(body, &body->size, "size_t ", "size");
    STATEMENT(
        body, "${size} = ${fixed};", {"size", size},
        {"fixed", variable_element_size(body->pool, variable, index, "NULL", walk->scope->hr)});
    STATEMENT(body, "if (uvcom_visit_holds(${visit}, ${text}, ${size}))", {"text", spot.text},
              {"size", size});
    body->depth++;
    body_line(body, TEXT(body->pool, "${size} = ${function};", {"size", size},
                         {"function", variable_element_size(body->pool, variable, index, spot.text,
                                                            walk->scope->hr)}));
    body->depth--;
    return size;
}

static void visit_owned_loop(const struct walk *walk, size_t index, struct spot spot,
                             const char *room)
{
    struct visit_body *body = walk->body;
    const char *items = items_local(walk, index), *count = body_count(body);
    const char *extent = extent_text(walk, index, room);

    bool is_shared = walk->variable->levels[index].pointer == POINTER_FULL;

    STATEMENT(body,
              "${count} = uvcom_visit_items(${visit}, ${slot}, &${items}, ${extent}, sizeof "
              "*${items}, ${flags}${alone});",
              {"count", count}, {"slot", slot_of(body->pool, spot)}, {"items", items},
              {"extent", extent}, {"flags", flags_text(walk, index)},
              {"alone", is_shared && is_alone(walk, index) ? " | UVCOM_POINTER_ALONE" : ""});
    visit_items(walk, index, (struct spot){items, false}, count, "");
    if (is_const_at(walk, index))
        body_statement(body, TEXT(body->pool, "uvcom_visit_leave(${visit});",
                                  {"visit", body->names->local.visit}));
}

static void visit_block(const struct walk *walk, size_t index, struct spot spot, const char *room)
{
    struct visit_body *body = walk->body;
    const char *visitor = elements_visitor(walk, index);
    bool is_shared = walk->variable->levels[index].pointer == POINTER_FULL;
    bool is_const = is_const_at(walk, index), is_both = is_shared && is_const;

    STATEMENT(body, "uvcom_visit_${kind}(${visit}, ${slot}, ${room}, ${size}, ${visitor}${flags});",
              {"kind", is_both     ? "block"
                       : is_shared ? "shared"
                       : is_const  ? "constant"
                                   : "pointer"},
              {"slot", slot_of(body->pool, spot)}, {"room", room},
              {"size", size_text(walk, index, spot)}, {"visitor", visitor ? visitor : "NULL"},
              {"flags", is_both ? ", UVCOM_POINTER_CONST | UVCOM_POINTER_SHARED" : ""});
}

static void visit_varying(const struct walk *walk, size_t index, struct spot spot, const char *room)
{
    struct visit_body *body = walk->body;
    const char *visitor = elements_visitor(walk, index);
    const char *extent = extent_text(walk, index, room);

    STATEMENT(body,
              "uvcom_visit_varying(${visit}, ${slot}, ${extent}, sizeof *${text}, ${visitor}, "
              "${flags});",
              {"slot", slot_of(body->pool, spot)}, {"extent", extent}, {"text", spot.text},
              {"visitor", visitor ? visitor : "NULL"}, {"flags", flags_text(walk, index)});
}

/* A string that a pointer leads to, or that stands in an array. */
static void visit_text(const struct walk *walk, size_t index, struct spot spot)
{
    struct visit_body *body = walk->body;
    const struct level *level = &walk->variable->levels[index];

    if (level->is_array)
        STATEMENT(body, "uvcom_visit_ended(${visit}, ${text}, sizeof *${text}, ${room});",
                  {"text", spot.text}, {"room", room_of(walk, index)});
    else if (level->size.expr)
        STATEMENT(body,
                  "uvcom_visit_buffer(${visit}, ${slot}, sizeof *${text}, ${room}, ${flags});",
                  {"slot", slot_of(body->pool, spot)}, {"text", spot.text},
                  {"room", room_of(walk, index)}, {"flags", flags_text(walk, index)});
    else if (level->pointer == POINTER_FULL)
        STATEMENT(body, "uvcom_visit_string(${visit}, ${slot}, sizeof *${text}, 0, ${flags});",
                  {"slot", slot_of(body->pool, spot)}, {"text", spot.text},
                  {"flags", flags_text(walk, index)});
    else
        STATEMENT(body, "uvcom_visit_${kind}(${visit}, ${slot}, sizeof *${text});",
                  {"kind", is_const_at(walk, index) ? "constant_text" : "text"},
                  {"slot", slot_of(body->pool, spot)}, {"text", spot.text});
}

static void visit_pointer(const struct walk *walk, size_t index, struct spot spot)
{
    struct visit_body *body = walk->body;
    const struct level *level = &walk->variable->levels[index];

    if (level->pointer == POINTER_REF && (index > 0 || body->is_record))
        STATEMENT(body, "uvcom_visit_require(${visit}, ${text});", {"text", spot.text});
    if (level->is_string) {
        visit_text(walk, index, spot);
    } else {
        const char *room = room_of(walk, index);

        if (needs_loop(walk, index))
            visit_owned_loop(walk, index, spot, room);
        else if (level_is_varying(level))
            visit_varying(walk, index, spot, room);
        else
            visit_block(walk, index, spot, room);
    }
}

static void visit_array(const struct walk *walk, size_t index, struct spot spot)
{
    const struct level *level = &walk->variable->levels[index];
    struct spot elements = {spot.text, spot.is_qualified || is_qualified(level->element)};
    const char *room = level->is_string ? "" : room_of(walk, index);
    bool is_open = walk->body->is_record && level->size.expr && !level->type->length;

    /* What stands at the open end of a struct is visited no further than its memory goes. */
    if (level->is_string)
        visit_text(walk, index, elements);
    else if (level_is_varying(level) || ((is_open || strchr(room, '(')) && needs_loop(walk, index)))
        visit_part(walk, index, elements, room);
    else
        visit_items(walk, index, elements, room, "");
}

static void visit_level(const struct walk *walk, size_t index, struct spot spot)
{
    if (index == walk->variable->level_count)
        visit_leaf(walk->body, walk->variable, walk->scope, spot);
    else if (!variable_is_deep(walk->variable, index))
        return;
    else if (walk->variable->levels[index].is_array)
        visit_array(walk, index, spot);
    else
        visit_pointer(walk, index, spot);
}

/* ---- variables ---- */

/* The outermost pointer leads to memory of the frame: NULL, or as much as there is room for. */
static void visit_room(const struct walk *walk, struct spot spot, const char *room)
{
    struct visit_body *body = walk->body;
    const struct level *level = &walk->variable->levels[0];
    bool is_single = !room && !level->size.expr && !level->type->length;
    const char *condition;
    struct nest nest;

    if (!room)
        room = room_of(walk, 0);
    condition = level->type->length && !level->size.expr
                    ? ""
                    : TEXT(body->pool, "${text} && ", {"text", spot.text});
    if (level_is_varying(level) || (strchr(room, '(') && needs_loop(walk, 0))) {
        visit_part(walk, 0, spot, room);
    } else if (is_single && needs_loop(walk, 0)) {
        nest = body_open(body);
        visit_level(walk, 1,
                    (struct spot){TEXT(body->pool, "*${text}", {"text", spot.text}), false});
        body_close(body, nest, TEXT(body->pool, "if (${text})", {"text", spot.text}));
    } else {
        visit_items(walk, 0, spot, room, condition);
    }
}

void visit_variable(struct visit_body *body, const struct variable *variable,
                    const struct visit_place *place)
{
    const char *visit = body->names->local.visit, *name = variable->name ? variable->name : "";
    const char *hr = TEXT(body->pool, "&${visit}->hr", {"visit", visit});
    const struct bound_scope scope = {
        .prefix = place->prefix, .hr = hr, .visit = body->is_record ? visit : NULL};
    const struct walk walk = {body, variable, &scope};
    struct spot spot = {
        TEXT(body->pool, "${prefix}${name}", {"prefix", place->prefix}, {"name", name}),
        body->is_record && is_qualified(variable->type)};

    if (variable->obstacle)
        return;
    if (place->form == VISIT_VARIABLE || variable->level_count == 0)
        visit_level(&walk, 0, spot);
    else if (place->form == VISIT_TARGET)
        visit_level(&walk, 1, spot);
    else
        visit_room(&walk, spot, place->room);
}
