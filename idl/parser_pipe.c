/*
 * idl/parser_pipe.c -- see parser.h; pipes: streams of RPC, which in C are structs of functions.
 *
 * "typedef pipe T P;" is, as MIDL has it:
 *
 *     typedef struct pipe_P {
 *         void (*pull)(char *state, T *buf, ULONG esize, ULONG *ecount);
 *         void (*push)(char *state, T *buf, ULONG ecount);
 *         void (*alloc)(char *state, ULONG bsize, T **buf, ULONG *bcount);
 *         char *state;
 *     } P;
 */
#include "idl/parser.h"
#include "idl/text.h"

static struct type *pointer_to(struct parser *parser, const struct type *target)
{
    struct type *type = type_new(parser->arena, TYPE_POINTER, target);

    type->pointer = POINTER_UNIQUE;
    return type;
}

static struct type *word(struct parser *parser)
{
    return type_base(parser->arena, BASE_UNSIGNED_LONG);
}

static const struct parameter *add_parameter(struct parser *parser, const struct parameter *rest,
                                             const char *name, const struct type *type)
{
    struct parameter *parameter = ARENA_NEW(parser->arena, struct parameter);

    parameter->name = name;
    parameter->idl_name = name;
    parameter->type = type;
    parameter->is_in = true;
    parameter->next = rest;
    return parameter;
}

static const struct field *add_field(struct parser *parser, const struct field *rest,
                                     const char *name, const struct type *type,
                                     const struct location *location)
{
    struct field *field = ARENA_NEW(parser->arena, struct field);

    field->name = name;
    field->type = type;
    field->location = *location;
    field->next = rest;
    return field;
}

/* A pointer to a function whose first parameter is the state. */
static const struct type *function_of(struct parser *parser, const struct parameter *parameters)
{
    struct type *function =
        type_new(parser->arena, TYPE_FUNCTION, type_new(parser->arena, TYPE_VOID, NULL));

    function->parameters = add_parameter(parser, parameters, "state",
                                         pointer_to(parser, type_base(parser->arena, BASE_CHAR)));
    return pointer_to(parser, function);
}

struct type *parser_pipe_type(struct parser *parser, const struct type *element, const char *name,
                              const struct location *location)
{
    struct record *record = ARENA_NEW(parser->arena, struct record);
    struct type *type = type_new(parser->arena, TYPE_STRUCT, NULL);
    const struct type *buffer = pointer_to(parser, element);
    const struct parameter *count = add_parameter(parser, NULL, "ecount", word(parser));
    const struct parameter *counted =
        add_parameter(parser, NULL, "ecount", pointer_to(parser, word(parser)));
    const struct parameter *room =
        add_parameter(parser, NULL, "bcount", pointer_to(parser, word(parser)));
    const struct field *fields;
    struct text tag;

    fields = add_field(parser, NULL, "state",
                       pointer_to(parser, type_base(parser->arena, BASE_CHAR)), location);
    room = add_parameter(parser, room, "buf", pointer_to(parser, buffer));
    room = add_parameter(parser, room, "bsize", word(parser));
    fields = add_field(parser, fields, "alloc", function_of(parser, room), location);
    fields = add_field(parser, fields, "push",
                       function_of(parser, add_parameter(parser, count, "buf", buffer)), location);
    counted = add_parameter(parser, counted, "esize", word(parser));
    fields =
        add_field(parser, fields, "pull",
                  function_of(parser, add_parameter(parser, counted, "buf", buffer)), location);
    text_init(&tag, parser->arena);
    text_format(&tag, "pipe_%s", name);
    record->tag = text_end(&tag);
    record->is_complete = true;
    record->fields = fields;
    record->location = *location;
    type->record = record;
    type->is_definition = true;
    return type;
}
