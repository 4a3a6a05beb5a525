/*
 * cmd_compile.c -- what uvidl does without a sub-command: compile each file, then write everything.
 *
 * Nothing is written until every file of the command line has compiled.
 */
#include <stdlib.h>

#include "codegen/depfile.h"
#include "codegen/generate.h"
#include "codegen/subcommand.h"

struct unit {
    struct idl *idl;
    struct generated generated;
    bool is_generated;
};

struct compilation {
    struct command *command;
    struct unit *units; /* one for each file */
    struct files files;
    struct out depfile;
};

/* ---- compiling ---- */

static int compile(struct command *command, struct unit *unit, const char *path)
{
    int status = command_compile(command, path, &unit->idl);

    if (status != EXIT_DONE)
        return status;
    unit->is_generated = true;
    if (!generate(&unit->generated, unit->idl, idl_main_file(unit->idl)))
        return command_no_memory(command);
    return command_print_messages(command, unit->idl);
}

static int compile_all(struct compilation *compilation)
{
    const struct options *options = &compilation->command->options;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < options->file_count; i++) {
        int status = compile(compilation->command, &compilation->units[i], options->files[i]);

        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- writing ---- */

static void add_dependencies(struct compilation *compilation, const struct unit *unit,
                             const char *const *targets, size_t target_count)
{
    size_t count = idl_dependency_count(unit->idl);
    const char **sources = pool_alloc(&compilation->command->pool, (count + 1) * sizeof *sources);

    for (size_t i = 0; sources && i < count; i++)
        sources[i] = idl_dependency(unit->idl, i);
    if (sources)
        depfile_rule(&compilation->depfile, targets, target_count, sources, count);
}

static int add_unit(struct compilation *compilation, const struct unit *unit)
{
    struct command *command = compilation->command;
    const struct options *options = &command->options;
    size_t count = options->header_only ? 1 : GENERATED_COUNT;
    const char *targets[GENERATED_COUNT];
    int status = command_protect(command, &compilation->files, unit->idl);

    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        targets[i] = files_path(&compilation->files, options->folder, unit->generated.names[i]);
        if (options->check_only)
            status = command_check_path(command, targets[i]);
        else
            status = command_add_file(command, &compilation->files, targets[i],
                                      &unit->generated.texts[i]);
    }
    if (status == EXIT_DONE && options->depfile)
        add_dependencies(compilation, unit, targets, count);
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
    for (size_t i = 0; i < compilation->command->options.file_count; i++) {
        struct unit *unit = &compilation->units[i];

        if (unit->is_generated)
            generated_fini(&unit->generated);
        if (unit->idl)
            idl_destroy(unit->idl);
    }
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
