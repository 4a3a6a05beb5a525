/*
 * command.c -- the uvidl command: read arguments, compile, write, say what went wrong.
 *
 * Nothing is written until every file of the command line has compiled.
 */
#include "codegen/command.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/depfile.h"
#include "codegen/files.h"
#include "codegen/generate.h"
#include "codegen/names.h"
#include "codegen/options.h"

#ifndef UVIDL_SYSTEM_FOLDER
#define UVIDL_SYSTEM_FOLDER "/usr/local/include/uvcom"
#endif

struct unit {
    struct idl *idl;
    struct generated generated;
    bool is_generated;
};

struct command {
    struct pool pool;
    struct options options;
    const char *system_folder;
    struct unit *units; /* one for each file */
    struct files files;
    struct out depfile;
    FILE *messages;
};

static int no_memory(struct command *command)
{
    fputs("uvidl: out of memory\n", command->messages);
    return EXIT_USAGE;
}

/* ---- where the runtime's own IDL is ---- */

static bool has_unknwn(struct pool *pool, const char *folder)
{
    return access(TEXT(pool, "${folder}/unknwn.idl", {"folder", folder}), R_OK) == 0;
}

/*
 * Beside an installed uvidl (bin/../include/uvcom), or in the source tree that contains the build
 * folder (build/codegen/../../include/uvcom); else where this uvidl was configured to be installed.
 */
static const char *find_system_folder(struct pool *pool)
{
    static const char *const places[] = {"../include/uvcom", "../../include/uvcom"};
    char own[PATH_MAX], whole[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    char *slash;

    own[length > 0 ? length : 0] = '\0';
    slash = strrchr(own, '/');
    if (!slash)
        return UVIDL_SYSTEM_FOLDER;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *folder = TEXT(pool, "${own}/${place}", {"own", own}, {"place", places[i]});

        if (has_unknwn(pool, folder) && realpath(folder, whole))
            return pool_string(pool, whole);
    }
    return UVIDL_SYSTEM_FOLDER;
}

/* ---- compiling ---- */

static int print_messages(struct command *command, struct unit *unit, const char *path,
                          enum idl_status status)
{
    const char *text = unit->idl ? idl_messages(unit->idl) : NULL;

    if (!text || status == IDL_NO_MEMORY)
        return no_memory(command);
    fputs(text, command->messages);
    if (status == IDL_CANNOT_READ) {
        if (!*text)
            fprintf(command->messages, "uvidl: cannot read '%s'\n", path);
        return EXIT_USAGE;
    }
    return idl_error_count(unit->idl) > 0 ? EXIT_IDL_ERRORS : EXIT_DONE;
}

static int compile(struct command *command, struct unit *unit, const char *path)
{
    const struct options *options = &command->options;
    struct idl_options wanted = {options->includes, command->system_folder, options->defines,
                                 options->define_count};
    enum idl_status status;

    unit->idl = idl_create(&wanted);
    if (!unit->idl)
        return no_memory(command);
    status = idl_compile(unit->idl, path);
    if (status == IDL_OK) {
        unit->is_generated = true;
        if (!generate(&unit->generated, unit->idl, idl_main_file(unit->idl)))
            return no_memory(command);
    }
    return print_messages(command, unit, path, status);
}

static int compile_all(struct command *command)
{
    int worst = EXIT_DONE;

    for (size_t i = 0; i < command->options.file_count; i++) {
        int status = compile(command, &command->units[i], command->options.files[i]);

        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- writing ---- */

static int cannot_write(struct command *command, const char *path, int error)
{
    const char *problem = command->files.problem;

    if (error == 0)
        return no_memory(command);
    fprintf(command->messages, "uvidl: cannot write '%s': %s\n", path,
            problem ? problem : strerror(error));
    return EXIT_USAGE;
}

static int add_file(struct command *command, const char *path, const struct out *text)
{
    bool is_twice;

    if (files_add(&command->files, path, text->data ? text->data : "", text->length, &is_twice))
        return EXIT_DONE;
    if (!is_twice)
        return no_memory(command);
    fprintf(command->messages, "uvidl: two outputs would both be written to '%s'\n", path);
    return EXIT_USAGE;
}

/* A line's end in a name would end a comment of a generated file, or a rule of the depfile. */
static bool is_printable(struct command *command, const char *path)
{
    for (const char *c = path; *c; c++) {
        if ((unsigned char)*c >= ' ' && *c != 0x7f)
            continue;
        fputs("uvidl: a file name has a control character: '", command->messages);
        for (c = path; *c; c++)
            fputc((unsigned char)*c >= ' ' && *c != 0x7f ? *c : '?', command->messages);
        fputs("'\n", command->messages);
        return false;
    }
    return true;
}

static int protect_sources(struct command *command, const struct unit *unit)
{
    for (size_t i = 0; i < idl_dependency_count(unit->idl); i++) {
        const char *path = idl_dependency(unit->idl, i);

        if (!is_printable(command, path))
            return EXIT_USAGE;
        if (!files_protect(&command->files, path))
            return no_memory(command);
    }
    return EXIT_DONE;
}

static void add_dependencies(struct command *command, const struct unit *unit,
                             const char *const *targets, size_t target_count)
{
    size_t count = idl_dependency_count(unit->idl);
    const char **sources = pool_alloc(&command->pool, (count + 1) * sizeof *sources);

    for (size_t i = 0; sources && i < count; i++)
        sources[i] = idl_dependency(unit->idl, i);
    if (sources)
        depfile_rule(&command->depfile, targets, target_count, sources, count);
}

static int add_unit(struct command *command, const struct unit *unit)
{
    size_t count = command->options.header_only ? 1 : GENERATED_COUNT;
    const char *targets[GENERATED_COUNT];
    int status = protect_sources(command, unit);

    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        targets[i] = files_path(&command->files, command->options.folder, unit->generated.names[i]);
        if (!is_printable(command, targets[i]))
            status = EXIT_USAGE;
        else if (!command->options.check_only)
            status = add_file(command, targets[i], &unit->generated.texts[i]);
    }
    if (status == EXIT_DONE && command->options.depfile)
        add_dependencies(command, unit, targets, count);
    return status;
}

static int write_all(struct command *command)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < command->options.file_count && status == EXIT_DONE; i++)
        status = add_unit(command, &command->units[i]);
    if (status != EXIT_DONE)
        return status;
    if (command->options.depfile)
        status = add_file(command, command->options.depfile, &command->depfile);
    if (status != EXIT_DONE)
        return status;
    if (command->depfile.failed || command->pool.failed)
        return no_memory(command);
    if (!files_commit(&command->files))
        return cannot_write(command, command->files.failed_path, command->files.error);
    return EXIT_DONE;
}

/* ---- the command ---- */

static int run(struct command *command, FILE *out)
{
    const struct options *options = &command->options;
    const char *problem;
    int status;

    if (options->help || options->version) {
        if (options->help)
            fputs(options_help(), out);
        else
            fprintf(out, "uvidl %s\n", UVIDL_VERSION);
        return fflush(out) == 0 ? EXIT_DONE : cannot_write(command, "standard output", errno);
    }
    problem = options->problem;
    if (!problem && options->check_only && options->depfile)
        problem = "--check writes nothing, so it does not go with --depfile";
    if (problem) {
        fprintf(command->messages, "uvidl: %s\nTry 'uvidl --help'.\n", problem);
        return EXIT_USAGE;
    }
    command->system_folder = find_system_folder(&command->pool);
    command->units = calloc(options->file_count, sizeof *command->units);
    if (!command->units || command->pool.failed)
        return no_memory(command);
    status = compile_all(command);
    return status == EXIT_DONE ? write_all(command) : status;
}

static void command_fini(struct command *command)
{
    for (size_t i = 0; command->units && i < command->options.file_count; i++) {
        struct unit *unit = &command->units[i];

        if (unit->is_generated)
            generated_fini(&unit->generated);
        if (unit->idl)
            idl_destroy(unit->idl);
    }
    free(command->units);
    out_fini(&command->depfile);
    files_fini(&command->files);
    pool_fini(&command->pool);
}

int command_run(int argc, char **argv, FILE *out, FILE *messages)
{
    struct command command = {.messages = messages};
    int status;

    if (options_parse(&command.options, &command.pool, argc, argv))
        status = run(&command, out);
    else
        status = no_memory(&command);
    command_fini(&command);
    return status;
}
