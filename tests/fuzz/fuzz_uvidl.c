/*
 * fuzz_uvidl.c -- a fuzzer's entry: any bytes as an IDL file through the whole compiler, to the
 * last byte of what it would write; no byte of it can hurt who looks at it.
 *
 * Twice in one struct idl: the second time nothing may have stayed from the first.
 */
#include <stdlib.h>
#include <string.h>

#include "codegen/generate.h"
#include "idl/idl.h"
#include "tests/fuzz/fuzz_idl.h"

#ifndef FUZZ_SYSTEM_FOLDER
#define FUZZ_SYSTEM_FOLDER "include/uvcom"
#endif

/* So that the work of one input is what a fuzzer has patience for. */
enum { LONGEST = 1 << 16 };

static void require(int condition)
{
    if (!condition)
        abort();
}

static void look_at(const struct generated *generated)
{
    for (size_t i = 0; i < GENERATED_COUNT; i++) {
        const struct out *text = &generated->texts[i];

        require(!text->failed);
        require(text->length == 0 || memchr(text->data, '\0', text->length) == NULL);
        require(text->length == 0 || text->data[text->length - 1] == '\n');
    }
}

static void compile(struct idl *idl, const uint8_t *data, size_t size)
{
    struct generated generated;
    const char *messages;

    if (idl_compile_text(idl, "fuzz.idl", (const char *)data, size) == IDL_OK) {
        require(generate(&generated, idl, idl_main_file(idl)));
        if (idl_error_count(idl) == 0)
            look_at(&generated);
        generated_fini(&generated);
    }
    messages = idl_messages(idl);
    require(messages != NULL);
    for (; *messages; messages++)
        require((unsigned char)*messages >= ' ' || *messages == '\n' || *messages == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct idl_options options = {.system_folder = FUZZ_SYSTEM_FOLDER,
                                               .is_for_many = true};
    struct idl *idl = size <= LONGEST ? idl_create(&options) : NULL;
    size_t errors;

    if (!idl)
        return 0;
    compile(idl, data, size);
    errors = idl_error_count(idl);
    compile(idl, data, size);
    require(errors == idl_error_count(idl));
    idl_destroy(idl);
    return 0;
}
