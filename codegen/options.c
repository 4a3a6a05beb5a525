/*
 * options.c -- the command line of uvidl: arguments in, a struct out.
 *
 * It prints nothing and opens nothing.
 */
#include "codegen/options.h"

#include <string.h>

#include "codegen/out.h"

struct arguments {
    int argc, next;
    char **argv;
    struct options *options;
    struct pool *pool;
};

const char *options_help(void)
{
    return "Usage: uvidl [options] FILE.idl ...\n"
           "\n"
           "Compiles MIDL-style IDL. For FILE.idl it writes FILE.h (the interfaces), FILE_i.c "
           "(their\n"
           "ids) and FILE_p.c (call objects and proxies); compile and link the two .c files with\n"
           "libuvcom.\n"
           "\n"
           "  -o DIR          where the outputs go (default: the current folder)\n"
           "  -I DIR          look for imported and included files there, too\n"
           "  -D NAME[=VALUE] define a macro\n"
           "  -U NAME         forget a macro\n"
           "  --header        write only FILE.h\n"
           "  --check         parse and check, write nothing\n"
           "  --depfile FILE  write the dependencies there, for ninja and make\n"
           "  --help          print this text\n"
           "  --version       print the version\n"
           "\n"
           "Exit status: 0 done, 1 the IDL has errors, 2 wrong usage or a file could not be read "
           "or\n"
           "written. No output is touched unless all of it is right.\n";
}

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

static void parse_short(struct arguments *arguments, const char *argument)
{
    struct options *options = arguments->options;
    char option[3] = {'-', argument[1], '\0'};
    const char *value;

    if (!argument[1] || !strchr("oIDU", argument[1])) {
        set_problem(arguments, "unknown option", argument);
        return;
    }
    value = value_of(arguments, option, argument + 2);
    if (argument[1] == 'o')
        options->folder = value;
    else if (argument[1] == 'I')
        options->includes[options->include_count++] = value;
    else
        add_define(arguments, value, argument[1] == 'U');
}

static void parse_long(struct arguments *arguments, const char *argument)
{
    struct options *options = arguments->options;

    if (strcmp(argument, "--header") == 0)
        options->header_only = true;
    else if (strcmp(argument, "--check") == 0)
        options->check_only = true;
    else if (strcmp(argument, "--help") == 0)
        options->help = true;
    else if (strcmp(argument, "--version") == 0)
        options->version = true;
    else if (strcmp(argument, "--depfile") == 0)
        options->depfile = value_of(arguments, argument, "");
    else if (strncmp(argument, "--depfile=", 10) == 0 && argument[10])
        options->depfile = argument + 10;
    else
        set_problem(arguments, "unknown option", argument);
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
        else if (argument[1] == '-')
            parse_long(arguments, argument);
        else
            parse_short(arguments, argument);
    }
}

bool options_parse(struct options *options, struct pool *pool, int argc, char **argv)
{
    struct arguments arguments = {argc, 1, argv, options, pool};
    size_t most = argc > 0 ? (size_t)argc + 1 : 1;

    *options = (struct options){.folder = NULL};
    options->includes = pool_alloc(pool, most * sizeof *options->includes);
    options->defines = pool_alloc(pool, most * sizeof *options->defines);
    options->files = pool_alloc(pool, most * sizeof *options->files);
    if (!options->includes || !options->defines || !options->files)
        return false;
    parse_all(&arguments);
    if (!options->problem && !options->help && !options->version && options->file_count == 0)
        options->problem = "no IDL file was named";
    return !pool->failed;
}
