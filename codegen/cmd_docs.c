/*
 * cmd_docs.c -- uvidl docs: for each file a reference, as Markdown and as HTML.
 */
#include <stdlib.h>

#include "codegen/depfile.h"
#include "codegen/docs.h"
#include "codegen/names.h"
#include "codegen/subcommand.h"

enum { PAGE_COUNT = 2 };

/* One file of the command line. */
struct pages {
    const char *paths[PAGE_COUNT];
    struct out texts[PAGE_COUNT];
};

struct work {
    struct command *command;
    struct idl *idl;
    struct pages *pages; /* one for each file */
    struct files files;
    struct out depfile;
};

static void name_pages(struct work *work, struct pages *pages, const char *file)
{
    const char *stem = names_of_outputs(&work->command->pool, file).stem;
    const char *folder = work->command->options.folder;
    struct pool *pool = &work->command->pool;

    pages->paths[DOCS_MARKDOWN] =
        files_path(&work->files, folder, TEXT(pool, "${stem}.md", {"stem", stem}));
    pages->paths[DOCS_HTML] =
        files_path(&work->files, folder, TEXT(pool, "${stem}.html", {"stem", stem}));
}

static int protect(struct work *work)
{
    size_t count = idl_dependency_count(work->idl);
    const char **sources = pool_alloc(&work->command->pool, (count + 1) * sizeof *sources);

    if (!sources)
        return command_no_memory(work->command);
    for (size_t i = 0; i < count; i++)
        sources[i] = pool_string(&work->command->pool, idl_dependency(work->idl, i));
    return command_protect(work->command, &work->files, sources, count);
}

static void add_rule(struct work *work, const struct pages *pages)
{
    size_t count = idl_dependency_count(work->idl);
    const char **sources = pool_alloc(&work->command->pool, (count + 1) * sizeof *sources);

    for (size_t i = 0; sources && i < count; i++)
        sources[i] = idl_dependency(work->idl, i);
    if (sources)
        depfile_rule(&work->depfile, pages->paths, PAGE_COUNT, sources, count);
}

static int make_pages(struct work *work, struct pages *pages, const char *file)
{
    int status = command_compile(work->command, file, &work->idl);

    if (status == EXIT_DONE)
        status = protect(work);
    for (int i = 0; i < PAGE_COUNT && status == EXIT_DONE; i++) {
        struct docs docs = {.pool = &work->command->pool, .out = &pages->texts[i]};

        pages->texts[i].is_plain = true;
        docs.form = (enum docs_form)i;
        docs_page(&docs, idl_main_file(work->idl));
        status = command_add_file(work->command, &work->files, pages->paths[i], &pages->texts[i]);
    }
    if (status != EXIT_DONE)
        return status;
    add_rule(work, pages);
    return command_print_messages(work->command, work->idl);
}

static int make_all(struct work *work)
{
    const struct options *options = &work->command->options;
    int worst = EXIT_DONE;

    for (size_t i = 0; i < options->file_count; i++) {
        int status = make_pages(work, &work->pages[i], options->files[i]);

        worst = status > worst ? status : worst;
    }
    if (worst == EXIT_DONE && options->depfile)
        worst = command_add_file(work->command, &work->files, options->depfile, &work->depfile);
    return worst == EXIT_DONE ? command_commit(work->command, &work->files) : worst;
}

static int print_names(struct work *work)
{
    const struct options *options = &work->command->options;
    struct out out = {.is_plain = true};
    int status;

    for (size_t i = 0; i < options->file_count; i++)
        for (int form = 0; form < PAGE_COUNT; form++)
            OUT(&out, "${path}\n", {"path", work->pages[i].paths[form]});
    if (options->depfile)
        OUT(&out, "${path}\n", {"path", options->depfile});
    status = command_print(work->command, &out);
    out_fini(&out);
    return status;
}

int docs_run(struct command *command)
{
    const struct options *options = &command->options;
    struct work work = {.command = command};
    int status;

    work.pages = calloc(options->file_count, sizeof *work.pages);
    if (!work.pages)
        return command_no_memory(command);
    for (size_t i = 0; i < options->file_count; i++)
        name_pages(&work, &work.pages[i], options->files[i]);
    if (work.files.pool.failed || command->pool.failed)
        status = command_no_memory(command);
    else
        status = options->print_outputs ? print_names(&work) : make_all(&work);
    for (size_t i = 0; i < options->file_count; i++)
        for (int form = 0; form < PAGE_COUNT; form++)
            out_fini(&work.pages[i].texts[form]);
    free(work.pages);
    idl_destroy(work.idl);
    out_fini(&work.depfile);
    files_fini(&work.files);
    return status;
}
