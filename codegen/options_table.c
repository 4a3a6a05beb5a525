/*
 * options_table.c -- every option and every sub-command of uvidl, with its help.
 */
#include "codegen/options_table.h"

#define ON(command) (1u << COMMAND_##command)

enum { ON_ALL = (1u << COMMAND_COUNT) - 1 };

static const struct option_info table[] = {
    {OPTION_FOLDER, "-o", "DIR", ON(COMPILE) | ON(DOCS),
     "where the outputs go (default: the current folder)"},
    {OPTION_INCLUDE, "-I", "DIR", ON_ALL, "look for imported and included files there, too"},
    {OPTION_DEFINE, "-D", "NAME[=VALUE]", ON_ALL, "define a macro"},
    {OPTION_UNDEFINE, "-U", "NAME", ON_ALL, "forget a macro"},
    {OPTION_NS_PREFIX, "--ns-prefix", "WHEN", ON_ALL,
     "whether namespaces are in ABI: always (the default), optional or never"},
    {OPTION_HEADER, "--header", NULL, ON(COMPILE), "write only FILE.h"},
    {OPTION_CHECK, "--check", NULL, ON(COMPILE), "parse and check, write nothing"},
    {OPTION_DEPFILE, "--depfile", "FILE", ON(COMPILE) | ON(DOCS),
     "write the dependencies there, for ninja and make"},
    {OPTION_PRINT_OUTPUTS, "--print-outputs", NULL, ON(COMPILE) | ON(DOCS),
     "print the names of the files it would write, one a line"},
    {OPTION_AGAINST_GIT, "--against-git", "REV", ON(DIFF),
     "the old files are those of a revision in git (HEAD~1, origin/main, ...)"},
    {OPTION_JSON, "--json", NULL, ON(COMPILE),
     "print the checked tree as JSON (see JSON.md), write nothing"},
    {OPTION_NEW_UUID, "--new-uuid", NULL, ON(COMPILE), "print a new id for an interface"},
    {OPTION_WARNING, "-W", "no-KIND", ON_ALL,
     "leave out one kind of warnings; also error, error=KIND, no-error=KIND"},
    {OPTION_MAX_ERRORS, "--max-errors", "N", ON_ALL, "show N errors of a file (100; 0: all)"},
    {OPTION_DIAGNOSTICS, "--diagnostics", "FORM", ON_ALL, "messages as text, or as json lines"},
    {OPTION_EXPLAIN, "--explain", "KIND", ON(COMPILE),
     "say what a kind of messages means, with an example and the cure; list: all kinds"},
    {OPTION_HELP, "--help", NULL, ON_ALL, "print this text"},
    {OPTION_VERSION, "--version", NULL, ON_ALL, "print the version"},
};

static const struct subcommand_info subcommands[COMMAND_COUNT] = {
    [COMMAND_COMPILE] =
        {.arguments = "FILE.idl ...",
         .help = "Compiles MIDL-style IDL. For FILE.idl it writes FILE.h (the interfaces), "
                 "FILE_i.c (their\n"
                 "ids) and FILE_p.c (call objects and proxies); compile and link the two .c files "
                 "with\n"
                 "libuvcom.\n",
         .ending = "Exit status: 0 done, 1 the IDL has errors, 2 wrong usage or a file could not "
                   "be read or\n"
                   "written. No output is touched unless all of it is right.\n"},
    [COMMAND_DIFF] =
        {.name = "diff",
         .arguments = "OLD.idl NEW.idl | --against-git REV FILE.idl ...",
         .summary = "what has changed between two versions, and whether it breaks programs",
         .help =
             "Says what programs built with the old IDL would stumble over. An id is a promise: "
             "the same\n"
             "uuid means the same base, methods, order, types, directions and async_uuid. What "
             "is new\n"
             "breaks nothing; names of parameters and comments do not count.\n",
         .ending = "Exit status: 0 compatible, 1 something breaks, 2 wrong usage, or an IDL has "
                   "errors.\n"},
    [COMMAND_DOCS] =
        {.name = "docs",
         .arguments = "FILE.idl ...",
         .summary = "a reference from the IDL's comments: Markdown and HTML",
         .help = "For FILE.idl it writes FILE.md and FILE.html: every interface, method, type and "
                 "constant,\n"
                 "with what the comments say of it. The page needs no script and no other file.\n",
         .ending = "Exit status: 0 done, 1 the IDL has errors, 2 wrong usage or a file could not "
                   "be read or\n"
                   "written. No output is touched unless all of it is right.\n"},
    [COMMAND_LAYOUT] =
        {.name = "layout",
         .arguments = "FILE.idl ...",
         .summary = "the slots of each vtable, and beside them those of its asynchronous twin",
         .help =
             "Prints, for each interface, its slots with their numbers and offsets in bytes, "
             "inherited ones\n"
             "first. Beside a method stand the Begin_ and the Finish_ that were made from it.\n",
         .ending = "Exit status: 0 done, 1 the IDL has errors, 2 wrong usage or a file could not "
                   "be read.\n"},
    [COMMAND_GRAPH] =
        {.name = "graph",
         .arguments = "FILE.idl ...",
         .summary = "who derives from whom, for Graphviz",
         .help = "Prints the interfaces with their bases and asynchronous twins, and the classes "
                 "with their\n"
                 "interfaces, in the language of Graphviz: uvidl graph foo.idl | dot -Tsvg\n",
         .ending = "Exit status: 0 done, 1 the IDL has errors, 2 wrong usage or a file could not "
                   "be read.\n"},
};

const struct option_info *options_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

const struct subcommand_info *options_subcommand(enum subcommand command)
{
    return &subcommands[command];
}
