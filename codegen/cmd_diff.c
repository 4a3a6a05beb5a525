/*
 * cmd_diff.c -- uvidl diff: what has changed between two versions of an IDL file, and whether it
 * breaks programs.
 */
#include <unistd.h>

#include "codegen/diff.h"
#include "codegen/revision.h"
#include "codegen/subcommand.h"

/* What differs is status 1, so an IDL with errors is 2 here. */
static int compile(struct command *command, const char *path, struct idl **idl)
{
    int status = command_compile(command, path, idl);

    if (status == EXIT_DONE)
        status = command_print_messages(command, *idl);
    return status == EXIT_DONE ? EXIT_DONE : EXIT_USAGE;
}

/* The old file is read with the old folders, which are those of the revision, if there is one. */
static int compile_old(struct command *command, const struct revision *revision, const char *path,
                       struct idl **idl)
{
    struct options *options = &command->options;
    const char **now = options->includes, **then = now;
    int status;

    if (revision) {
        then = pool_alloc(&command->pool, (options->include_count + 1) * sizeof *then);
        for (size_t i = 0; then && i < options->include_count; i++)
            then[i] = revision_path(revision, now[i]);
        path = revision_path(revision, path);
    }
    if (command->pool.failed)
        return command_no_memory(command);
    options->includes = then;
    status = compile(command, path, idl);
    options->includes = now;
    return status;
}

static int compare(struct command *command, const struct revision *revision, const char *old,
                   const char *new)
{
    struct out out = {.is_plain = true};
    struct diff diff = {.pool = &command->pool, .out = &out};
    struct idl *before = NULL, *after = NULL;
    int status = compile_old(command, revision, old, &before);
    int of_new = compile(command, new, &after);

    if (revision)
        diff.old_strip = revision->root;
    if (status == EXIT_DONE && of_new == EXIT_DONE) {
        diff_files(&diff, idl_main_file(before), idl_main_file(after));
        status = command_print(command, &out);
        if (status == EXIT_DONE && diff.breaking > 0)
            status = EXIT_IDL_ERRORS;
    } else {
        status = EXIT_USAGE;
    }
    out_fini(&out);
    idl_destroy(before);
    idl_destroy(after);
    return status;
}

/* A file that the revision did not have breaks nothing. */
static int compare_revision(struct command *command, const struct revision *revision,
                            const char *file)
{
    struct out out = {.is_plain = true};
    int status;

    if (access(revision_path(revision, file), F_OK) == 0)
        return compare(command, revision, file, file);
    OUT(&out, "${file}: added: the whole file\n", {"file", file});
    status = command_print(command, &out);
    out_fini(&out);
    return status;
}

static int against_git(struct command *command)
{
    const struct options *options = &command->options;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < options->file_count; i++) {
        struct revision revision;
        int status = EXIT_USAGE;

        if (revision_open(&revision, &command->pool, options->against_git, options->files[i]))
            status = compare_revision(command, &revision, options->files[i]);
        else if (command->pool.failed)
            status = command_no_memory(command);
        else
            fprintf(command->messages, "uvidl: '%s' of revision '%s': %s\n", options->files[i],
                    options->against_git, revision.problem);
        revision_close(&revision);
        worst = status > worst ? status : worst;
    }
    return worst;
}

int diff_run(struct command *command)
{
    const struct options *options = &command->options;

    if (options->against_git)
        return against_git(command);
    if (options->file_count != 2)
        return command_wrong_usage(command, "it takes two files, the old one and the new one");
    return compare(command, NULL, options->files[0], options->files[1]);
}
