/*
 * options_messages.c -- see options_messages.h.
 */
#include "codegen/options_messages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codegen/out.h"
#include "idl/hint.h"

const char *message_option_unknown(struct pool *pool, const char *kind)
{
    const char *near = hint_of_kind(kind);

    if (near)
        return TEXT(pool, "there is no kind of messages '${kind}'; did you mean '${near}'?",
                    {"kind", kind}, {"near", near});
    return TEXT(pool, "there is no kind of messages '${kind}'; each message ends with its kind",
                {"kind", kind});
}

static const char *add(struct message_options *options, struct pool *pool, const char *name,
                       enum diag_switch as)
{
    enum diag_kind kind = diag_kind_find(name);

    if (kind == DIAG_KIND_COUNT)
        return message_option_unknown(pool, name);
    options->warnings[options->warning_count++] = (struct idl_warning){kind, as};
    return NULL;
}

/* -WKIND  -Wno-KIND  -Werror  -Werror=KIND  -Wno-error  -Wno-error=KIND */
const char *message_option_warning(struct message_options *options, struct pool *pool,
                                   const char *value)
{
    if (strcmp(value, "error") == 0 || strcmp(value, "no-error") == 0) {
        options->warnings_are_errors = value[0] == 'e';
        return NULL;
    }
    if (strncmp(value, "error=", 6) == 0)
        return add(options, pool, value + 6, DIAG_ALWAYS_ERROR);
    if (strncmp(value, "no-error=", 9) == 0)
        return add(options, pool, value + 9, DIAG_NEVER_ERROR);
    if (strncmp(value, "no-", 3) == 0 && diag_kind_find(value) == DIAG_KIND_COUNT)
        return add(options, pool, value + 3, DIAG_OFF);
    return add(options, pool, value, DIAG_ON);
}

const char *message_option_form(struct message_options *options, const char *value)
{
    options->is_json = strcmp(value, "json") == 0;
    return options->is_json || strcmp(value, "text") == 0
               ? NULL
               : "--diagnostics is either 'text' or 'json'";
}

const char *message_option_limit(struct message_options *options, const char *value)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end)
        return "--max-errors needs a number; 0 shows all";
    options->shows_all = number == 0;
    options->max_errors = number;
    return NULL;
}

enum idl_form message_options_form(const struct message_options *options, FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    if (options->is_json)
        return IDL_JSON;
    if ((no_color && *no_color) || !terminal || strcmp(terminal, "dumb") == 0)
        return IDL_PLAIN;
    return isatty(fileno(stream)) ? IDL_COLORED : IDL_PLAIN;
}

void message_options_set(const struct message_options *options, struct idl_options *wanted)
{
    wanted->warnings = options->warnings;
    wanted->warning_count = options->warning_count;
    wanted->warnings_are_errors = options->warnings_are_errors;
    wanted->shows_all = options->shows_all;
    wanted->max_errors = options->max_errors;
}
