/*
 * tests/fuzz/fuzz_idl.c -- a libFuzzer entry: any bytes as an IDL file.
 *
 * Nothing may crash, hang or leak; and what the front door says must fit together. The same
 * function is called by test_fuzz_idl.c with the files of corpus/, so that what was once found
 * stays found.
 */
#include "tests/fuzz/fuzz_idl.h"

#include <stdlib.h>
#include <string.h>

#include "idl/idl.h"

static void require(int condition)
{
    if (!condition)
        abort();
}

/* Walks what a back end would walk first. */
static size_t count_methods(const struct idl_file *file)
{
    const struct declaration *declaration = file->declarations;
    size_t count = 0;

    for (; declaration; declaration = declaration->next) {
        if (declaration->kind != DECL_INTERFACE)
            continue;
        for (const struct method *method = declaration->interface->methods; method;
             method = method->next) {
            require(method->name && method->return_type && method->owner);
            count++;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct idl *idl = idl_create(NULL);
    enum idl_status status;
    const char *messages;

    require(idl != NULL);
    status = idl_compile_text(idl, "fuzz.idl", (const char *)data, size);
    messages = idl_messages(idl);
    require(messages != NULL);
    require((status == IDL_OK) == (idl_error_count(idl) == 0));
    require((status == IDL_OK) == (idl_main_file(idl) != NULL));
    require(status == IDL_OK || strstr(messages, "error: ") != NULL);
    if (status == IDL_OK)
        (void)count_methods(idl_main_file(idl));
    idl_destroy(idl);
    return 0;
}
