/*
 * fuzz_preprocess.c -- a fuzzer's entry: any bytes through the preprocessor; it ends, and it never
 * gives more tokens than the limit of work allows.
 */
#include <stdlib.h>

#include "idl/preprocess.h"
#include "tests/fuzz/fuzz_idl.h"

static void require(int condition)
{
    if (!condition)
        abort();
}

static void preprocess(struct session *session, const struct idl_source *source)
{
    struct preprocess *pp = ARENA_NEW(session->arena, struct preprocess);
    size_t tokens = 0;

    preprocess_init(pp, session, source, NULL);
    while (preprocess_next(pp).kind != TOKEN_END)
        tokens++;
    require(preprocess_next(pp).kind == TOKEN_END);
    require(tokens <= SESSION_MAX_WORK + source->length);
    preprocess_finish(pp);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct idl_options options = {0};
    struct arena *arena = arena_create(SESSION_MAX_MEMORY);
    const struct idl_source *source;
    struct reader reader;
    struct session session;
    jmp_buf escape;

    require(arena != NULL);
    arena->escape = &escape;
    if (setjmp(escape) == 0) {
        reader_init(&reader, arena, NULL);
        session_init(&session, arena, &reader, &options);
        source = source_from_text(arena, "fuzz.idl", (const char *)data, size);
        require(source != NULL);
        preprocess(&session, source);
        require(diag_render(&session.diag, false) != NULL);
    }
    arena_destroy(arena);
    return 0;
}
