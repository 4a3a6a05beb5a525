/*
 * tests/idl/compile.c -- see compile.h.
 */
#include "tests/idl/compile.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

const struct idl_options *test_options(void)
{
    static const struct idl_options options = {.system_folder = UVCOM_TEST_SOURCE_DIR "/system"};

    return &options;
}

void enter_folder(const char *folder)
{
    ck_assert_int_eq(chdir(UVCOM_TEST_SOURCE_DIR), 0);
    ck_assert_int_eq(chdir(folder), 0);
}

struct idl *compile_bytes(const char *text, size_t length)
{
    struct idl *idl = idl_create(test_options());

    ck_assert_ptr_nonnull(idl);
    idl_compile_text(idl, "test.idl", text, length);
    return idl;
}

struct idl *compile(const char *text)
{
    return compile_bytes(text, strlen(text));
}

struct idl *compile_clean(const char *text)
{
    struct idl *idl = compile(text);

    ck_assert_str_eq(idl_messages(idl), "");
    ck_assert_ptr_nonnull(idl_main_file(idl));
    return idl;
}

void check_error(const char *text, const char *expected)
{
    struct idl *idl = compile(text);
    const char *messages = idl_messages(idl);
    size_t length = strlen(expected);

    ck_assert_msg(strncmp(messages, expected, length) == 0 && messages[length] == '\n',
                  "expected %s\nbut got %s", expected, messages);
    ck_assert_uint_eq(idl_error_count(idl), 1);
    ck_assert_ptr_null(idl_main_file(idl));
    idl_destroy(idl);
}

void check_message(const char *text, const char *part)
{
    struct idl *idl = compile(text);

    ck_assert_msg(strstr(idl_messages(idl), part) != NULL, "expected %s\nin %s", part,
                  idl_messages(idl));
    idl_destroy(idl);
}

const struct declaration *find_declaration(const struct idl *idl, const char *name)
{
    const struct declaration *found = NULL;

    for (const struct declaration *at = idl_main_file(idl)->declarations; at; at = at->next) {
        if (at->name && strcmp(at->name, name) == 0)
            found = at;
    }
    ck_assert_ptr_nonnull(found);
    return found;
}

const struct interface *find_interface(const struct idl *idl, const char *name)
{
    return find_declaration(idl, name)->interface;
}

const struct method *find_method(const struct interface *interface, const char *name)
{
    const struct method *method = interface->methods;

    while (method && strcmp(method->name, name) != 0)
        method = method->next;
    ck_assert_ptr_nonnull(method);
    return method;
}

const struct parameter *find_parameter(const struct method *method, const char *name)
{
    const struct parameter *parameter = method->parameters;

    while (parameter && strcmp(parameter->name, name) != 0)
        parameter = parameter->next;
    ck_assert_ptr_nonnull(parameter);
    return parameter;
}
