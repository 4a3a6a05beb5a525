/*
 * tests/idl/tree_text.c -- see tree_text.h.
 *
 * One line for a declaration, two blanks more for what is inside. Everything that a back end can
 * see is here, so that a change of the tree cannot go unseen.
 */
#include "tests/idl/tree_text.h"

#include <inttypes.h>
#include <string.h>

#include "idl/attribute.h"
#include "idl/idl.h"
#include "idl/operator.h"
#include "tests/idl/tree_winrt.h"

static const char *const base_names[] = {
    [BASE_BOOLEAN] = "boolean",
    [BASE_BYTE] = "byte",
    [BASE_CHAR] = "char",
    [BASE_WCHAR] = "wchar_t",
    [BASE_SMALL] = "small",
    [BASE_UNSIGNED_SMALL] = "unsigned small",
    [BASE_SHORT] = "short",
    [BASE_UNSIGNED_SHORT] = "unsigned short",
    [BASE_LONG] = "long",
    [BASE_UNSIGNED_LONG] = "unsigned long",
    [BASE_INT] = "int",
    [BASE_UNSIGNED_INT] = "unsigned int",
    [BASE_HYPER] = "hyper",
    [BASE_UNSIGNED_HYPER] = "unsigned hyper",
    [BASE_INT3264] = "__int3264",
    [BASE_UNSIGNED_INT3264] = "unsigned __int3264",
    [BASE_FLOAT] = "float",
    [BASE_DOUBLE] = "double",
    [BASE_ERROR_STATUS] = "error_status_t",
    [BASE_HANDLE] = "handle_t",
};

static void put_fields(FILE *out, const struct record *record, int indent);
static void put_enumerators(FILE *out, const struct enumeration *enumeration, int indent);

static void put_guid(FILE *out, const struct guid *guid)
{
    fprintf(out, "%08" PRIx32 "-%04x-%04x-%02x%02x-", guid->data1, guid->data2, guid->data3,
            guid->data4[0], guid->data4[1]);
    for (int i = 2; i < 8; i++)
        fprintf(out, "%02x", guid->data4[i]);
}

static void put_expr(FILE *out, const struct expr *expr)
{
    if (!expr)
        return;
    switch (expr->kind) {
    case EXPR_UNARY:
        fprintf(out, "%c", expr->op);
        put_expr(out, expr->left);
        break;
    case EXPR_BINARY:
        fprintf(out, "(");
        put_expr(out, expr->left);
        fprintf(out, " %s ", operator_text(expr->op));
        put_expr(out, expr->right);
        fprintf(out, ")");
        break;
    case EXPR_CONDITIONAL:
        fprintf(out, "(");
        put_expr(out, expr->left);
        fprintf(out, " ? ");
        put_expr(out, expr->right);
        fprintf(out, " : ");
        put_expr(out, expr->third);
        fprintf(out, ")");
        break;
    case EXPR_CAST:
    case EXPR_SIZEOF:
        fprintf(out, "%s(", expr->kind == EXPR_SIZEOF ? "sizeof" : "");
        tree_text_type(out, expr->type);
        fprintf(out, ")");
        put_expr(out, expr->left);
        break;
    default:
        fprintf(out, "%s%s", expr->text,
                expr->parameter    ? "@parameter"
                : expr->field      ? "@field"
                : expr->constant   ? "@const"
                : expr->enumerator ? "@enumerator"
                                   : "");
        break;
    }
}

static void put_value(FILE *out, const struct expr *expr)
{
    put_expr(out, expr);
    if (expr->is_constant)
        fprintf(out, " = %" PRId64, expr->value);
}

static void put_attributes(FILE *out, const struct attribute *list)
{
    if (!list)
        return;
    fprintf(out, " [");
    for (; list; list = list->next) {
        fprintf(out, "%s", list->info->name);
        if (list->info->shape == SHAPE_UUID) {
            fprintf(out, "(");
            put_guid(out, &list->guid);
            fprintf(out, ")");
        }
        if (list->text)
            fprintf(out, "(\"%s\")", list->text);
        if (list->type) {
            fprintf(out, "(");
            tree_text_type(out, list->type);
            fprintf(out, ")");
        }
        for (size_t i = 0; i < list->arg_count; i++) {
            fprintf(out, "%s", i == 0 ? "(" : ", ");
            put_expr(out, list->args[i]);
        }
        fprintf(out, "%s%s", list->arg_count ? ")" : "", list->next ? ", " : "");
    }
    fprintf(out, "]");
}

static void put_parameter(FILE *out, const struct parameter *parameter)
{
    fprintf(out, "%s%s%s %s: ", parameter->is_in ? "in" : "", parameter->is_out ? "out" : "",
            parameter->is_retval ? " retval" : "", parameter->name);
    tree_text_type(out, parameter->type);
    put_attributes(out, parameter->attributes);
    if (parameter->doc)
        fprintf(out, " /* %s */", parameter->doc);
    if (parameter->default_value) {
        fprintf(out, " default ");
        put_expr(out, parameter->default_value);
    }
}

static void put_pointer(FILE *out, const struct type *type)
{
    static const char *const kinds[] = {
        [POINTER_REF] = "ref", [POINTER_UNIQUE] = "unique", [POINTER_FULL] = "ptr"};

    fprintf(out, "%s*(", kinds[type->pointer]);
    tree_text_type(out, type->target);
    fprintf(out, ")");
}

static void put_function(FILE *out, const struct type *type)
{
    fprintf(out, "function(");
    for (const struct parameter *parameter = type->parameters; parameter;
         parameter = parameter->next) {
        put_parameter(out, parameter);
        fprintf(out, "%s", parameter->next ? ", " : "");
    }
    fprintf(out, ") -> ");
    tree_text_type(out, type->target);
}

static void put_array(FILE *out, const struct type *type)
{
    fprintf(out, "[");
    put_expr(out, type->length);
    fprintf(out, "](");
    tree_text_type(out, type->target);
    fprintf(out, ")");
}

void tree_text_type(FILE *out, const struct type *type)
{
    fprintf(out, "%s%s", type->is_const ? "const " : "", type->is_volatile ? "volatile " : "");
    switch (type->kind) {
    case TYPE_VOID:
        fprintf(out, "void");
        break;
    case TYPE_BASE:
        fprintf(out, "%s", base_names[type->base]);
        break;
    case TYPE_POINTER:
        put_pointer(out, type);
        break;
    case TYPE_ARRAY:
        put_array(out, type);
        break;
    case TYPE_STRUCT:
    case TYPE_UNION:
        fprintf(out, "%s %s%s", type->kind == TYPE_UNION ? "union" : "struct",
                type->record->tag ? type->record->tag : "-", type->is_definition ? " defined" : "");
        break;
    case TYPE_ENUM:
        fprintf(out, "enum %s%s", type->enumeration->tag ? type->enumeration->tag : "-",
                type->is_definition ? " defined" : "");
        break;
    case TYPE_ALIAS:
        fprintf(out, "%s", type->alias->name);
        if (type_resolve(type)->kind == TYPE_POINTER)
            fprintf(out, ":%s",
                    (const char *const[]){"ref", "unique", "ptr"}[type_resolve(type)->pointer]);
        break;
    case TYPE_INTERFACE:
        fprintf(out, "interface %s", type->interface->name);
        if (type->runtime_class)
            fprintf(out, " of %s", type->runtime_class->name->full);
        break;
    case TYPE_PARAMETER:
        fprintf(out, "parameter %u", type->position);
        break;
    case TYPE_FUNCTION:
        put_function(out, type);
        break;
    case TYPE_SAFEARRAY:
        fprintf(out, "SAFEARRAY(");
        tree_text_type(out, type->target);
        fprintf(out, ")");
        break;
    }
}

static void put_doc(FILE *out, const char *doc, int indent)
{
    while (doc) {
        const char *newline = strchr(doc, '\n');
        int length = newline ? (int)(newline - doc) : (int)strlen(doc);

        fprintf(out, "%*s///%s%.*s\n", indent, "", length ? " " : "", length, doc);
        doc = newline ? newline + 1 : NULL;
    }
}

static void put_type_body(FILE *out, const struct type *type, int indent)
{
    while (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
        type = type->target;
    if (!type->is_definition)
        return;
    if (type->kind == TYPE_ENUM)
        put_enumerators(out, type->enumeration, indent);
    else
        put_fields(out, type->record, indent);
}

static void put_field(FILE *out, const struct field *field, int indent)
{
    put_doc(out, field->doc, indent);
    fprintf(out, "%*sfield %s: ", indent, "", field->name ? field->name : "-");
    tree_text_type(out, field->type);
    if (field->bits) {
        fprintf(out, " : ");
        put_value(out, field->bits);
    }
    put_attributes(out, field->attributes);
    fprintf(out, "\n");
    put_type_body(out, field->type, indent + 2);
}

static void put_fields(FILE *out, const struct record *record, int indent)
{
    if (record->pack)
        fprintf(out, "%*spack %u\n", indent, "", record->pack);
    if (record->discriminant) {
        fprintf(out, "%*sswitch %s ", indent, "", record->union_name);
        put_field(out, record->discriminant, 0);
    }
    for (const struct field *field = record->fields; field; field = field->next)
        put_field(out, field, indent);
}

static void put_enumerators(FILE *out, const struct enumeration *enumeration, int indent)
{
    const struct enumerator *enumerator = enumeration->enumerators;

    for (; enumerator; enumerator = enumerator->next) {
        put_doc(out, enumerator->doc, indent);
        fprintf(out, "%*s%s = %" PRId64, indent, "", enumerator->name, enumerator->number);
        put_attributes(out, enumerator->attributes);
        fprintf(out, "\n");
    }
}

static void put_method(FILE *out, const struct method *method, int indent)
{
    put_doc(out, method->doc, indent);
    fprintf(out, "%*smethod %s", indent, "", method->name);
    if (method->name != method->idl_name)
        fprintf(out, " (%s)", method->idl_name);
    fprintf(out, "%s -> ", method->is_local ? " local" : "");
    tree_text_type(out, method->return_type);
    put_attributes(out, method->attributes);
    if (method->call_as)
        fprintf(out, " as %s", method->call_as->name);
    fprintf(out, "\n");
    for (const struct parameter *parameter = method->parameters; parameter;
         parameter = parameter->next) {
        fprintf(out, "%*s", indent + 2, "");
        put_parameter(out, parameter);
        fprintf(out, "\n");
    }
}

static void put_names(FILE *out, const char *name, const struct parameter *const *list,
                      size_t count)
{
    fprintf(out, "    %s(", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s", i ? ", " : "", list[i]->name);
    fprintf(out, ")\n");
}

static void put_async(FILE *out, const struct async_interface *async)
{
    fprintf(out, "  async %s : %s\n", async->name, async->base ? async->base->name : "IUnknown");
    for (const struct async_method *method = async->methods; method; method = method->next) {
        put_names(out, method->begin_name, method->begin, method->begin_count);
        put_names(out, method->finish_name, method->finish, method->finish_count);
    }
}

static void put_declarations(FILE *out, const struct declaration *list, int indent);

static void put_interface(FILE *out, const struct interface *interface, const char *what,
                          int indent)
{
    fprintf(out, "%s %s", what, interface->name);
    tree_winrt_name(out, interface->winrt);
    if (interface->base)
        fprintf(out, " : %s", interface->base->name);
    put_attributes(out, interface->attributes);
    fprintf(out, "\n");
    tree_winrt_interface(out, interface, indent + 2);
    if (interface->dispatch_of)
        fprintf(out, "%*sof %s\n", indent + 2, "", interface->dispatch_of->name);
    put_declarations(out, interface->declarations, indent + 2);
    for (const struct field *property = interface->properties; property; property = property->next)
        put_field(out, property, indent + 2);
    for (const struct method *method = interface->methods; method; method = method->next)
        put_method(out, method, indent + 2);
    if (interface->async)
        put_async(out, interface->async);
}

static void put_coclass(FILE *out, const struct declaration *declaration, int indent)
{
    const struct coclass *coclass = declaration->coclass;

    fprintf(out, "coclass %s", declaration->name);
    put_attributes(out, declaration->attributes);
    fprintf(out, "\n");
    for (const struct coclass_member *member = coclass->members;
         member && declaration->is_definition; member = member->next) {
        put_doc(out, member->doc, indent + 2);
        fprintf(out, "%*s%s %s", indent + 2, "",
                member->interface->is_dispatch ? "dispinterface" : "interface",
                member->interface->name);
        put_attributes(out, member->attributes);
        fprintf(out, "\n");
    }
}

static void put_typed(FILE *out, const char *word, const struct declaration *declaration,
                      int indent)
{
    fprintf(out, "%s %s: ", word, declaration->name ? declaration->name : "-");
    tree_text_type(out, declaration->type);
    if (declaration->value) {
        fprintf(out, " is ");
        put_value(out, declaration->value);
    }
    put_attributes(out, declaration->attributes);
    if (declaration->type->kind == TYPE_STRUCT)
        tree_winrt_name(out, declaration->type->record->winrt);
    else if (declaration->type->kind == TYPE_ENUM)
        tree_winrt_name(out, declaration->type->enumeration->winrt);
    fprintf(out, "%s\n", declaration->continues ? " continues" : "");
    put_type_body(out, declaration->type, indent + 2);
}

static void put_declarations(FILE *out, const struct declaration *list, int indent)
{
    for (; list; list = list->next) {
        put_doc(out, list->doc, indent);
        fprintf(out, "%*s", indent, "");
        switch (list->kind) {
        case DECL_IMPORT:
            fprintf(out, "import \"%s\"%s\n", list->text,
                    list->imported && list->imported->is_system ? " of the system" : "");
            break;
        case DECL_CPP_QUOTE:
            fprintf(out, "cpp_quote %s\n", list->text);
            break;
        case DECL_CONST:
            put_typed(out, "const", list, indent);
            break;
        case DECL_TYPEDEF:
            put_typed(out, "typedef", list, indent);
            break;
        case DECL_TYPE:
            put_typed(out, "type", list, indent);
            break;
        case DECL_FORWARD:
            fprintf(out, "forward %s\n", list->interface->name);
            break;
        case DECL_INTERFACE:
            put_interface(out, list->interface,
                          list->interface->is_dispatch ? "dispinterface" : "interface", indent);
            break;
        case DECL_MODULE:
            put_interface(out, list->interface, "module", indent);
            break;
        case DECL_COCLASS:
            put_coclass(out, list, indent);
            break;
        case DECL_LIBRARY:
            fprintf(out, "library %s", list->name);
            put_attributes(out, list->attributes);
            fprintf(out, "\n");
            put_declarations(out, list->declarations, indent + 2);
            break;
        case DECL_RUNTIME_CLASS:
        case DECL_CONTRACT:
            tree_winrt_declaration(out, list, indent + 2);
            break;
        case DECL_IMPORTLIB:
            fprintf(out, "importlib %s\n", list->text);
            break;
        default:
            fprintf(out, "kind %d\n", (int)list->kind);
            break;
        }
    }
}

void tree_text(FILE *out, const struct idl_file *file)
{
    fprintf(out, "file %s\n", file->name);
    put_doc(out, file->doc, 2);
    put_declarations(out, file->declarations, 0);
}
