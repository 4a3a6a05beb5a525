/*
 * generate.c -- plans a file and runs the three emitters over it.
 */
#include "codegen/generate.h"

#include "codegen/emit.h"

static void begin(struct generated *generated, struct names *names, const struct idl_file *file)
{
    *generated = (struct generated){.names = {"", "", ""}};
    names_init(names, &generated->pool, file);
    generated->names[0] = names->header;
    generated->names[1] = names->ids;
    generated->names[2] = names->calls;
}

bool generate(struct generated *generated, struct idl *idl, const struct idl_file *file)
{
    static void (*const emitters[GENERATED_COUNT])(struct emitter *) = {emit_header, emit_ids,
                                                                        emit_calls};
    struct pool *pool = &generated->pool;
    struct names names;
    struct file_plan plan;
    struct emitter emitter = {.pool = pool, .names = &names, .plan = &plan};
    bool is_complete = true;

    begin(generated, &names, file);
    plan = file_plan_make(pool, file);
    if (idl) {
        file_plan_report(pool, &plan, idl);
        if (idl_error_count(idl) > 0)
            return !pool->failed;
    }
    for (size_t i = 0; i < GENERATED_COUNT; i++) {
        emitter.out = &generated->texts[i];
        emitters[i](&emitter);
        is_complete = is_complete && !emitter.out->failed;
    }
    return is_complete && !pool->failed;
}

bool generate_header(struct generated *generated, const struct idl_file *file)
{
    struct pool *pool = &generated->pool;
    struct names names;
    struct file_plan plan;
    struct emitter emitter = {
        .pool = pool, .names = &names, .plan = &plan, .out = &generated->texts[0]};

    begin(generated, &names, file);
    plan = file_plan_make(pool, file);
    emit_header(&emitter);
    return !emitter.out->failed && !pool->failed;
}

void generated_fini(struct generated *generated)
{
    for (size_t i = 0; i < GENERATED_COUNT; i++)
        out_fini(&generated->texts[i]);
    pool_fini(&generated->pool);
}
