/*
 * idl/winrt_signature.c -- see winrt.h; the id of a parameterized interface with arguments.
 *
 * It is an id of version 5 (RFC 4122, 4.3): the SHA-1 of a fixed id and of the signature, which is
 * a text that tells the types of the arguments down to their last field.
 */
#include <inttypes.h>
#include <string.h>

#include "idl/sha1.h"
#include "idl/text.h"
#include "idl/winrt.h"

struct signature {
    struct text text;
    struct session *session;
    const struct instance *instance; /* for messages */
    unsigned depth;
    bool failed;
};

static void add_type(struct signature *signature, const struct type *type);

static void fail(struct signature *signature, const char *what)
{
    if (!signature->failed)
        diag_error(&signature->session->diag, &signature->instance->origin.location,
                   DIAG_EXPECTED_TYPE, "an argument of '%s' cannot be %s",
                   signature->instance->node.generic->name->full, what);
    signature->failed = true;
}

static void add_guid(struct signature *signature, const struct guid *guid)
{
    const uint8_t *d = guid->data4;

    text_format(&signature->text, "{%08" PRIx32 "-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}",
                guid->data1, guid->data2, guid->data3, d[0], d[1], d[2], d[3], d[4], d[5], d[6],
                d[7]);
}

static void add_instance(struct signature *signature, const struct winrt_instance *node)
{
    text_format(&signature->text, "pinterface(");
    add_guid(signature, &node->generic->definition->uuid);
    for (size_t i = 0; i < node->generic->count; i++) {
        text_char(&signature->text, ';');
        add_type(signature, node->arguments[i]);
    }
    text_char(&signature->text, ')');
}

static void add_interface(struct signature *signature, const struct interface *interface)
{
    if (interface->instance) {
        add_instance(signature, interface->instance);
    } else if (strcmp(interface->name, "IInspectable") == 0) {
        text_format(&signature->text, "cinterface(IInspectable)");
    } else if (!interface->has_uuid) {
        fail(signature, "an interface without an id");
    } else if (interface->is_delegate) {
        text_format(&signature->text, "delegate(");
        add_guid(signature, &interface->uuid);
        text_char(&signature->text, ')');
    } else {
        add_guid(signature, &interface->uuid);
    }
}

static void add_class(struct signature *signature, const struct winrt_class *runtime_class)
{
    text_format(&signature->text, "rc(%s;", runtime_class->name->full);
    if (runtime_class->default_interface)
        add_interface(signature, runtime_class->default_interface);
    text_char(&signature->text, ')');
}

/* What WinRT has of its own, and C's files declare without a namespace. */
static const char *known_name(const char *name)
{
    if (strcmp(name, "EventRegistrationToken") == 0)
        return "Windows.Foundation.EventRegistrationToken";
    if (strcmp(name, "AsyncStatus") == 0)
        return "Windows.Foundation.AsyncStatus";
    return name;
}

static void add_tagged(struct signature *signature, const struct type *type)
{
    bool is_enum = type->kind == TYPE_ENUM;
    const struct winrt_name *name = is_enum ? type->enumeration->winrt : type->record->winrt;
    const char *tag = is_enum ? type->enumeration->tag : type->record->tag;

    if (!name && !tag) {
        fail(signature, "a type without a name");
        return;
    }
    tag = name ? name->full : known_name(tag);
    if (is_enum) {
        bool is_flags = attribute_find(type->enumeration->attributes, "flags") != NULL;

        text_format(&signature->text, "enum(%s;%s)", tag, is_flags ? "u4" : "i4");
        return;
    }
    text_format(&signature->text, "struct(%s", tag);
    for (const struct field *field = type->record->fields; field; field = field->next) {
        text_char(&signature->text, ';');
        add_type(signature, field->type);
    }
    text_char(&signature->text, ')');
}

static void add_base(struct signature *signature, enum base_type base)
{
    static const char *const texts[] = {
        [BASE_BOOLEAN] = "b1",      [BASE_BYTE] = "u1",
        [BASE_CHAR] = "c1",         [BASE_WCHAR] = "c2",
        [BASE_SMALL] = "i1",        [BASE_UNSIGNED_SMALL] = "u1",
        [BASE_SHORT] = "i2",        [BASE_UNSIGNED_SHORT] = "u2",
        [BASE_LONG] = "i4",         [BASE_UNSIGNED_LONG] = "u4",
        [BASE_INT] = "i4",          [BASE_UNSIGNED_INT] = "u4",
        [BASE_HYPER] = "i8",        [BASE_UNSIGNED_HYPER] = "u8",
        [BASE_INT3264] = NULL,      [BASE_UNSIGNED_INT3264] = NULL,
        [BASE_FLOAT] = "f4",        [BASE_DOUBLE] = "f8",
        [BASE_ERROR_STATUS] = NULL, [BASE_HANDLE] = NULL,
    };

    if (texts[base])
        text_format(&signature->text, "%s", texts[base]);
    else
        fail(signature, "a type that the Windows Runtime does not have");
}

/* Names that mean more than what they stand for. */
static bool add_alias(struct signature *signature, const char *name)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"HSTRING", "string"},
        {"GUID", "g16"},
        {"BOOLEAN", "b1"},
        {"WCHAR", "c2"},
        {"HRESULT", "struct(Windows.Foundation.HResult;i4)"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            text_format(&signature->text, "%s", rows[i].text);
            return true;
        }
    }
    return false;
}

static void add_plain_type(struct signature *signature, const struct type *type)
{
    while (type->kind == TYPE_ALIAS) {
        if (add_alias(signature, type->alias->name))
            return;
        type = type->target;
    }
    if (type->kind == TYPE_POINTER && type_resolve(type->target)->kind == TYPE_INTERFACE)
        type = type_resolve(type->target);
    switch (type->kind) {
    case TYPE_BASE:
        add_base(signature, type->base);
        break;
    case TYPE_STRUCT:
    case TYPE_ENUM:
        add_tagged(signature, type);
        break;
    case TYPE_INTERFACE:
        if (type->runtime_class)
            add_class(signature, type->runtime_class);
        else
            add_interface(signature, type->interface);
        break;
    default:
        fail(signature, "a type that the Windows Runtime does not have");
        break;
    }
}

static void add_type(struct signature *signature, const struct type *type)
{
    if (++signature->depth > SESSION_MAX_DEPTH)
        fail(signature, "nested more than 64 deep");
    else
        add_plain_type(signature, type);
    signature->depth--;
}

bool winrt_instance_id(struct session *session, const struct instance *instance, struct guid *guid)
{
    static const uint8_t space[16] = {0x11, 0xf4, 0x7a, 0xd5, 0x7b, 0x73, 0x42, 0xc0,
                                      0xab, 0xae, 0x87, 0x8b, 0x1e, 0x16, 0xad, 0xee};
    struct signature signature = {.session = session, .instance = instance};
    uint8_t digest[SHA1_BYTES];
    struct sha1 sha1;
    const char *text;

    text_init(&signature.text, session->arena);
    add_instance(&signature, &instance->node);
    text = text_end(&signature.text);
    sha1_init(&sha1);
    sha1_add(&sha1, space, sizeof space);
    sha1_add(&sha1, text, strlen(text));
    sha1_end(&sha1, digest);
    guid->data1 = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 |
                  digest[3];
    guid->data2 = (uint16_t)(digest[4] << 8 | digest[5]);
    guid->data3 = (uint16_t)((digest[6] << 8 | digest[7]) & 0x0fff) | 0x5000;
    memcpy(guid->data4, digest + 8, 8);
    guid->data4[0] = (uint8_t)((guid->data4[0] & 0x3f) | 0x80);
    return !signature.failed;
}
