/*
 * cmd_compile.c -- what uvidl does without a sub-command: compile each file, then write everything.
 *
 * Nothing is written until every file of the command line has compiled. They share one struct idl,
 * which reads common imports once; so what is needed of a tree is taken before the next one.
 */
#include <stdlib.h>

#include "codegen/depfile.h"
#include "codegen/generate.h"
#include "codegen/subcommand.h"

struct unit {
    struct generated generated;
    const char **sources; /* that were read */
    size_t source_count;
};

struct compilation {
    struct command *command;
    struct idl *idl;
    struct unit *units; /* one for each file */
    struct files files;
    struct out depfile;
};

/* ---- compiling ---- */

/* False: no memory. */
static bool keep_sources(struct command *command, struct unit *unit, const struct idl *idl)
{
    unit->source_count = idl_dependency_count(idl);
    unit->sources = pool_alloc(&command->pool, (unit->source_count + 1) * sizeof *unit->sources);
    for (size_t i = 0; unit->sources && i < unit->source_count; i++)
        unit->sources[i] = pool_string(&command->pool, idl_dependency(idl, i));
    return !command->pool.failed;
}

static int compile(struct compilation *compilation, struct unit *unit, const char *path)
{
    struct command *command = compilation->command;
    int status = command_compile(command, path, &compilation->idl);
    const struct idl_file *file;

    if (status != EXIT_DONE)
        return status;
    file = idl_main_file(compilation->idl);
    if (!(command->options.header_only ? generate_header(&unit->generated, file)
                                       : generate(&unit->generated, compilation->idl, file)) ||
        !keep_sources(command, unit, compilation->idl))
        return command_no_memory(command);
    return command_print_messages(command, compilation->idl);
}

static int compile_all(struct compilation *compilation)
{
    const struct options *options = &compilation->command->options;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < options->file_count; i++) {
        int status = compile(compilation, &compilation->units[i], options->files[i]);

        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- writing ---- */

static int add_unit(struct compilation *compilation, const struct unit *unit)
{
    struct command *command = compilation->command;
    const struct options *options = &command->options;
    size_t count = options->header_only ? 1 : GENERATED_COUNT;
    const char *targets[GENERATED_COUNT];
    int status = command_protect(command, &compilation->files, unit->sources, unit->source_count);

    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        targets[i] = files_path(&compilation->files, options->folder, unit->generated.names[i]);
        if (options->check_only)
            status = command_check_path(command, targets[i]);
        else
            status = command_add_file(command, &compilation->files, targets[i],
                                      &unit->generated.texts[i]);
    }
    if (status == EXIT_DONE && options->depfile)
        depfile_rule(&compilation->depfile, targets, count, unit->sources, unit->source_count);
    return status;
}

static int write_all(struct compilation *compilation)
{
    struct command *command = compilation->command;
    const struct options *options = &command->options;
    int status = EXIT_DONE;

    for (size_t i = 0; i < options->file_count && status == EXIT_DONE; i++)
        status = add_unit(compilation, &compilation->units[i]);
    if (status == EXIT_DONE && options->depfile)
        status =
            command_add_file(command, &compilation->files, options->depfile, &compilation->depfile);
    return status == EXIT_DONE ? command_commit(command, &compilation->files) : status;
}

/* ---- the command ---- */

static void compilation_fini(struct compilation *compilation)
{
    for (size_t i = 0; i < compilation->command->options.file_count; i++)
        generated_fini(&compilation->units[i].generated);
    idl_destroy(compilation->idl);
    free(compilation->units);
    out_fini(&compilation->depfile);
    files_fini(&compilation->files);
}

int compile_run(struct command *command)
{
    struct compilation compilation = {.command = command};
    int status;

    compilation.units = calloc(command->options.file_count, sizeof *compilation.units);
    if (!compilation.units)
        return command_no_memory(command);
    status = compile_all(&compilation);
    if (status == EXIT_DONE)
        status = write_all(&compilation);
    compilation_fini(&compilation);
    return status;
}
