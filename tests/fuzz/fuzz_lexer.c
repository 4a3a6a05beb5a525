/*
 * fuzz_lexer.c -- a fuzzer's entry: any bytes as text; every token lies in it, one behind the
 * other.
 */
#include <stdlib.h>

#include "idl/lexer.h"
#include "idl/session.h"
#include "tests/fuzz/fuzz_idl.h"

static void require(int condition)
{
    if (!condition)
        abort();
}

static void lex(struct session *session, const struct idl_source *source)
{
    struct lexer lexer;
    struct token token;
    uint32_t end = 0;

    lexer_init(&lexer, source, &session->diag, &session->names);
    do {
        token = lexer_next(&lexer);
        require(token.location.offset >= end && lexer.at <= source->length);
        require(token.kind == TOKEN_END || token.location.length > 0);
        end = token.location.offset + (token.kind == TOKEN_END ? 0 : token.location.length);
        require(token.doc_begin <= token.doc_end && token.trail_begin <= token.trail_end);
    } while (token.kind != TOKEN_END);
    require(lexer_next(&lexer).kind == TOKEN_END);
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
        lex(&session, source);
    }
    arena_destroy(arena);
    return 0;
}
