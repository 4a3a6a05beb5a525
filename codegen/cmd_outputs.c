/*
 * cmd_outputs.c -- uvidl --print-outputs: the names of the files that the same command line without
 * it would write.
 *
 * No file is read: a build asks when it is configured, and the IDL may not be there yet.
 */
#include "codegen/names.h"
#include "codegen/subcommand.h"

static void put_line(struct out *out, const char *path)
{
    OUT(out, "${path}\n", {"path", path});
}

static void put_outputs(struct command *command, struct files *files, struct out *out,
                        const char *file)
{
    const char *folder = command->options.folder;
    struct output_names names = names_of_outputs(&command->pool, file);

    put_line(out, files_path(files, folder, names.header));
    if (command->options.header_only)
        return;
    put_line(out, files_path(files, folder, names.ids));
    put_line(out, files_path(files, folder, names.calls));
}

int print_outputs_run(struct command *command)
{
    const struct options *options = &command->options;
    struct files files = {.first = NULL};
    struct out out = {.is_plain = true};
    int status = EXIT_DONE;

    for (size_t i = 0; i < options->file_count && status == EXIT_DONE; i++) {
        status = command_check_path(command, options->files[i]);
        put_outputs(command, &files, &out, options->files[i]);
    }
    if (options->depfile)
        put_line(&out, options->depfile);
    out.failed = out.failed || files.pool.failed;
    if (status == EXIT_DONE)
        status = command_print(command, &out);
    out_fini(&out);
    files_fini(&files);
    return status;
}
