/*
 * options_help.c -- what --help prints: the tables of options_table.c as text.
 */
#include <string.h>

#include "codegen/options_table.h"
#include "codegen/out.h"

enum { HELP_COLUMN = 18 }; /* where the second column begins */

static void put_row(struct out *out, const char *left, const char *right)
{
    static const char blanks[HELP_COLUMN + 1] = "                  ";
    size_t length = strlen(left) + 2;

    OUT(out, "  ${left}", {"left", left});
    if (length + 1 > HELP_COLUMN)
        OUT(out, "\n${blanks}", {"blanks", blanks});
    else
        out_put(out, blanks + length);
    OUT(out, "${right}\n", {"right", right});
}

static void put_options(struct out *out, struct pool *pool, enum subcommand command)
{
    size_t count;
    const struct option_info *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        const struct option_info *row = &table[i];

        if (!(row->allowed & 1u << command))
            continue;
        put_row(out,
                TEXT(pool, "${name}${blank}${value}", {"name", row->name},
                     {"blank", row->value ? " " : ""}, {"value", row->value ? row->value : ""}),
                row->help);
    }
}

static void put_subcommands(struct out *out)
{
    if (COMMAND_COUNT == 1)
        return;
    out_put(out, "\nSub-commands (each has --help):\n\n");
    for (int i = COMMAND_COMPILE + 1; i < COMMAND_COUNT; i++) {
        const struct subcommand_info *info = options_subcommand((enum subcommand)i);

        put_row(out, info->name, info->summary);
    }
}

const char *options_help(struct pool *pool, enum subcommand command)
{
    const struct subcommand_info *info = options_subcommand(command);
    struct out out = {.is_plain = true};

    OUT(&out, "Usage: uvidl ${name}${blank}[options] ${arguments}\n\n${help}\n",
        {"name", info->name ? info->name : ""}, {"blank", info->name ? " " : ""},
        {"arguments", info->arguments}, {"help", info->help});
    put_options(&out, pool, command);
    if (command == COMMAND_COMPILE)
        put_subcommands(&out);
    OUT(&out, "\n${ending}", {"ending", info->ending});
    return out_keep(&out, pool);
}
