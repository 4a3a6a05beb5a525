/*
 * cmd_explain.c -- uvidl --explain KIND: what a kind of messages means, an example, and the cure;
 * --explain list: the names of all kinds.
 */
#include <string.h>

#include "codegen/subcommand.h"
#include "idl/explain.h"

static void indented(struct out *out, struct pool *pool, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = pool_alloc(pool, length + 1);

        if (!line)
            return;
        memcpy(line, text, length);
        line[length] = '\0';
        OUT(out, "${blanks}${line}\n", {"blanks", length > 0 ? "    " : ""}, {"line", line});
        text += length + (text[length] == '\n');
    }
}

static int list_kinds(struct command *command)
{
    struct out out = {.is_plain = true};
    int status;

    for (int kind = 0; kind < DIAG_KIND_COUNT; kind++)
        OUT(&out, "${kind}\n", {"kind", diag_kind_name((enum diag_kind)kind)});
    status = command_print(command, &out);
    out_fini(&out);
    return status;
}

int explain_run(struct command *command)
{
    enum diag_kind kind = diag_kind_find(command->options.explain);
    const struct explanation *explanation = explain(kind);
    struct out out = {.is_plain = true};
    int status;

    if (strcmp(command->options.explain, "list") == 0)
        return list_kinds(command);
    if (!explanation)
        return command_wrong_usage(
            command, message_option_unknown(&command->pool, command->options.explain));
    OUT(&out, "${kind}: ${text}\n\nAn example:\n\n", {"kind", diag_kind_name(kind)},
        {"text", explanation->text});
    indented(&out, &command->pool, explanation->example);
    out_put(&out, "\nThe cure:\n\n");
    indented(&out, &command->pool, explanation->cure);
    OUT(&out, "\nWhere this is a warning, -Wno-${kind} leaves it out.\n",
        {"kind", diag_kind_name(kind)});
    status = command_print(command, &out);
    out_fini(&out);
    return status;
}
