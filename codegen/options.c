/*
 * options.c -- the command line of uvidl: arguments in, a struct out.
 *
 * It prints nothing and opens nothing.
 */
#include "codegen/options.h"

#include <string.h>

#include "codegen/options_table.h"
#include "codegen/out.h"

struct arguments {
    int argc, next;
    char **argv;
    struct options *options;
    struct pool *pool;
};

static void set_problem(struct arguments *arguments, const char *text, const char *argument)
{
    if (!arguments->options->problem)
        arguments->options->problem =
            TEXT(arguments->pool, "${text} '${argument}'", {"text", text}, {"argument", argument});
}

/* The value of an option: the rest of the argument, or the next one. */
static const char *value_of(struct arguments *arguments, const char *option, const char *rest)
{
    if (*rest)
        return rest;
    if (arguments->next < arguments->argc && *arguments->argv[arguments->next])
        return arguments->argv[arguments->next++];
    set_problem(arguments, "a value is missing after", option);
    return "";
}

static bool is_macro_name(const char *text, bool may_have_value)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    if (length == 0 || (*text >= '0' && *text <= '9'))
        return false;
    return text[length] == '\0' || (may_have_value && text[length] == '=');
}

static void add_define(struct arguments *arguments, const char *name, bool undefine)
{
    struct options *options = arguments->options;

    if (*name && !is_macro_name(name, !undefine))
        set_problem(arguments, "this is not the name of a macro:", name);
    options->defines[options->define_count++] = (struct idl_define){name, undefine};
}

static void complain(struct arguments *arguments, const char *problem)
{
    if (!arguments->options->problem)
        arguments->options->problem = problem;
}

static void set_prefix(struct arguments *arguments, const char *value)
{
    static const char *const names[] = {[NS_PREFIX_ALWAYS] = "always",
                                        [NS_PREFIX_OPTIONAL] = "optional",
                                        [NS_PREFIX_NEVER] = "never"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], value) == 0) {
            arguments->options->ns_prefix = (enum ns_prefix)i;
            return;
        }
    }
    if (*value)
        set_problem(arguments, "--ns-prefix is always, optional or never, and not", value);
}

static void apply(struct arguments *arguments, enum option_id id, const char *value)
{
    struct options *options = arguments->options;

    switch (id) {
    case OPTION_FOLDER:
        options->folder = value;
        break;
    case OPTION_INCLUDE:
        options->includes[options->include_count++] = value;
        break;
    case OPTION_DEFINE:
        add_define(arguments, value, false);
        break;
    case OPTION_UNDEFINE:
        add_define(arguments, value, true);
        break;
    case OPTION_NS_PREFIX:
        set_prefix(arguments, value);
        break;
    case OPTION_HEADER:
        options->header_only = true;
        break;
    case OPTION_CHECK:
        options->check_only = true;
        break;
    case OPTION_DEPFILE:
        options->depfile = value;
        break;
    case OPTION_PRINT_OUTPUTS:
        options->print_outputs = true;
        break;
    case OPTION_AGAINST_GIT:
        options->against_git = value;
        break;
    case OPTION_JSON:
        options->json = true;
        break;
    case OPTION_NEW_UUID:
        options->new_uuid = true;
        break;
    case OPTION_WARNING:
        complain(arguments, message_option_warning(&options->messages, arguments->pool, value));
        break;
    case OPTION_MAX_ERRORS:
        complain(arguments, message_option_limit(&options->messages, value));
        break;
    case OPTION_DIAGNOSTICS:
        complain(arguments, message_option_form(&options->messages, value));
        break;
    case OPTION_EXPLAIN:
        options->explain = value;
        break;
    case OPTION_HELP:
        options->help = true;
        break;
    case OPTION_VERSION:
        options->version = true;
        break;
    }
}

/*
 * The row of an argument, and where its value begins: "-oDIR", "--depfile=FILE", or "" if it is the
 * next argument. NULL: there is no such option.
 */
static const struct option_info *find_option(const char *argument, const char **rest)
{
    size_t count;
    const struct option_info *table = options_table(&count);

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(table[i].name);
        bool is_short = table[i].name[1] != '-';

        if (strncmp(argument, table[i].name, length) != 0)
            continue;
        *rest = argument + length;
        if (**rest == '\0' || (is_short && table[i].value))
            return &table[i];
        if (!is_short && table[i].value && (*rest)[0] == '=' && (*rest)[1]) {
            (*rest)++;
            return &table[i];
        }
    }
    return NULL;
}

static void parse_option(struct arguments *arguments, const char *argument)
{
    const char *rest = "", *name = arguments->options->subcommand;
    const struct option_info *row = find_option(argument, &rest);

    if (!row)
        set_problem(arguments, "unknown option", argument);
    else if (!(row->allowed & 1u << arguments->options->command))
        set_problem(arguments,
                    TEXT(arguments->pool, "${option} does not go with", {"option", row->name}),
                    name ? name : "uvidl");
    else
        apply(arguments, row->id, row->value ? value_of(arguments, row->name, rest) : NULL);
}

static void parse_all(struct arguments *arguments)
{
    struct options *options = arguments->options;
    bool only_files = false;

    while (arguments->next < arguments->argc) {
        const char *argument = arguments->argv[arguments->next++];

        if (only_files || argument[0] != '-')
            options->files[options->file_count++] = argument;
        else if (strcmp(argument, "--") == 0)
            only_files = true;
        else
            parse_option(arguments, argument);
    }
}

/* The first argument may be a word that says what to do; a file of that name is "./diff". */
static void parse_subcommand(struct arguments *arguments)
{
    for (int i = COMMAND_COMPILE + 1; i < COMMAND_COUNT && arguments->argc > 1; i++) {
        const char *name = options_subcommand((enum subcommand)i)->name;

        if (strcmp(arguments->argv[1], name) != 0)
            continue;
        arguments->options->command = (enum subcommand)i;
        arguments->options->subcommand = name;
        arguments->next = 2;
        return;
    }
}

/* Options of which each says what to do. */
static const char *find_clash(const struct options *options)
{
    if (options->check_only && options->depfile)
        return "--check writes nothing, so it does not go with --depfile";
    if (options->check_only && options->print_outputs)
        return "--check writes nothing, so it does not go with --print-outputs";
    if (options->json && (options->check_only || options->print_outputs || options->depfile))
        return "--json goes with none of --check, --depfile and --print-outputs";
    return NULL;
}

/* What is wrong with the options as a whole; NULL: nothing. */
static const char *find_conflict(const struct options *options)
{
    if (options->help || options->version)
        return NULL;
    if (options->new_uuid)
        return options->file_count > 0 ? "--new-uuid reads no file" : NULL;
    if (options->explain)
        return options->file_count > 0 ? "--explain reads no file" : NULL;
    if (options->file_count == 0)
        return "no IDL file was named";
    return find_clash(options);
}

bool options_parse(struct options *options, struct pool *pool, int argc, char **argv)
{
    struct arguments arguments = {argc, 1, argv, options, pool};
    size_t most = argc > 0 ? (size_t)argc + 1 : 1;

    *options = (struct options){.folder = NULL};
    options->includes = pool_alloc(pool, most * sizeof *options->includes);
    options->defines = pool_alloc(pool, most * sizeof *options->defines);
    options->files = pool_alloc(pool, most * sizeof *options->files);
    options->messages.warnings = pool_alloc(pool, most * sizeof *options->messages.warnings);
    if (!options->messages.warnings || !options->includes || !options->defines || !options->files)
        return false;
    parse_subcommand(&arguments);
    parse_all(&arguments);
    if (!options->problem)
        options->problem = find_conflict(options);
    return !pool->failed;
}
