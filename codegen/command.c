/*
 * command.c -- the uvidl command: reads the arguments and hands over to the sub-command.
 */
#include "codegen/command.h"

#include "codegen/names.h"
#include "codegen/subcommand.h"
#include "codegen/system_folder.h"

static int print_help(struct command *command)
{
    struct out text = {.is_plain = true};
    int status;

    out_put(&text, options_help(&command->pool, command->options.command));
    status = command_print(command, &text);
    out_fini(&text);
    return status;
}

static int print_version(struct command *command)
{
    struct out text = {.is_plain = true};
    int status;

    out_put(&text, "uvidl " UVIDL_VERSION "\n");
    status = command_print(command, &text);
    out_fini(&text);
    return status;
}

/* Without a sub-command some options say what to do instead of compiling. */
static int run_plain(struct command *command)
{
    if (command->options.new_uuid)
        return new_uuid_run(command);
    if (command->options.explain)
        return explain_run(command);
    if (command->options.print_outputs)
        return print_outputs_run(command);
    if (command->options.json)
        return json_run(command);
    return compile_run(command);
}

static int run(struct command *command)
{
    static int (*const runs[COMMAND_COUNT])(struct command *) = {
        [COMMAND_COMPILE] = run_plain, [COMMAND_DIFF] = diff_run,   [COMMAND_DOCS] = docs_run,
        [COMMAND_LAYOUT] = layout_run, [COMMAND_GRAPH] = graph_run,
    };
    const struct options *options = &command->options;

    if (options->help)
        return print_help(command);
    if (options->version)
        return print_version(command);
    if (options->problem)
        return command_wrong_usage(command, options->problem);
    command->system_folder = system_folder_find(&command->pool);
    if (command->pool.failed)
        return command_no_memory(command);
    return runs[options->command](command);
}

int command_run(int argc, char **argv, FILE *out, FILE *messages)
{
    struct command command = {.out = out, .messages = messages};
    int status;

    if (options_parse(&command.options, &command.pool, argc, argv))
        status = run(&command);
    else
        status = command_no_memory(&command);
    pool_fini(&command.pool);
    return status;
}
