/*
 * subcommand.c -- what the sub-commands of uvidl share: reading IDL, saying what went wrong,
 * writing.
 */
#include "codegen/subcommand.h"

#include <errno.h>
#include <string.h>

/* ---- endings ---- */

int command_no_memory(struct command *command)
{
    fputs("uvidl: out of memory\n", command->messages);
    return EXIT_USAGE;
}

int command_wrong_usage(struct command *command, const char *problem)
{
    const char *name = command->options.subcommand;

    fprintf(command->messages, "uvidl: %s\nTry 'uvidl %s%s--help'.\n", problem, name ? name : "",
            name ? " " : "");
    return EXIT_USAGE;
}

static int cannot_write(struct command *command, const char *path, const char *problem, int error)
{
    if (error == 0)
        return command_no_memory(command);
    fprintf(command->messages, "uvidl: cannot write '%s': %s\n", path,
            problem ? problem : strerror(error));
    return EXIT_USAGE;
}

int command_print(struct command *command, const struct out *text)
{
    if (text->failed || command->pool.failed)
        return command_no_memory(command);
    errno = 0;
    if (fwrite(text->data ? text->data : "", 1, text->length, command->out) == text->length &&
        fflush(command->out) == 0)
        return EXIT_DONE;
    return cannot_write(command, "standard output", NULL, errno ? errno : EIO);
}

/* ---- reading IDL ---- */

int command_print_messages(struct command *command, const struct idl *idl)
{
    enum idl_form form = message_options_form(&command->options.messages, command->messages);
    const char *text = idl_messages_as(idl, form);

    if (!text)
        return command_no_memory(command);
    fputs(text, command->messages);
    return idl_error_count(idl) > 0 ? EXIT_IDL_ERRORS : EXIT_DONE;
}

/* No foo_p.c is made, so what only that would show is no error. */
static bool needs_no_calls(const struct options *options)
{
    return options->header_only || options->json || options->command != COMMAND_COMPILE;
}

int command_compile(struct command *command, const char *path, struct idl **idl)
{
    const struct options *options = &command->options;
    struct idl_options wanted = {.folders = options->includes,
                                 .ns_prefix = options->ns_prefix,
                                 .system_folder = command->system_folder,
                                 .defines = options->defines,
                                 .define_count = options->define_count,
                                 .is_header_only = needs_no_calls(options),
                                 .is_for_many =
                                     options->file_count > 1 && options->command != COMMAND_DIFF};
    enum idl_status status;

    message_options_set(&options->messages, &wanted);
    if (!*idl)
        *idl = idl_create(&wanted);
    if (!*idl)
        return command_no_memory(command);
    status = idl_compile(*idl, path);
    if (status == IDL_OK)
        return EXIT_DONE;
    if (status == IDL_NO_MEMORY || !idl_messages(*idl))
        return command_no_memory(command);
    command_print_messages(command, *idl);
    if (status != IDL_CANNOT_READ)
        return EXIT_IDL_ERRORS;
    if (!*idl_messages(*idl))
        fprintf(command->messages, "uvidl: cannot read '%s'\n", path);
    return EXIT_USAGE;
}

/* ---- writing ---- */

int command_check_path(struct command *command, const char *path)
{
    for (const char *c = path; *c; c++) {
        if ((unsigned char)*c >= ' ' && *c != 0x7f)
            continue;
        fputs("uvidl: a file name has a control character: '", command->messages);
        for (c = path; *c; c++)
            fputc((unsigned char)*c >= ' ' && *c != 0x7f ? *c : '?', command->messages);
        fputs("'\n", command->messages);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

int command_protect(struct command *command, struct files *files, const char *const *sources,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (command_check_path(command, sources[i]) != EXIT_DONE)
            return EXIT_USAGE;
        if (!files_protect(files, sources[i]))
            return command_no_memory(command);
    }
    return EXIT_DONE;
}

int command_add_file(struct command *command, struct files *files, const char *path,
                     const struct out *text)
{
    bool is_twice;

    if (text->failed)
        return command_no_memory(command);
    if (command_check_path(command, path) != EXIT_DONE)
        return EXIT_USAGE;
    if (files_add(files, path, text->data ? text->data : "", text->length, &is_twice))
        return EXIT_DONE;
    if (!is_twice)
        return command_no_memory(command);
    fprintf(command->messages, "uvidl: two outputs would both be written to '%s'\n", path);
    return EXIT_USAGE;
}

int command_commit(struct command *command, struct files *files)
{
    if (command->pool.failed)
        return command_no_memory(command);
    if (files_commit(files))
        return EXIT_DONE;
    return cannot_write(command, files->failed_path, files->problem, files->error);
}
