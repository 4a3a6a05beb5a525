/*
 * compiler.c -- see compiler.h.
 */
#include "tests/conformance/compiler.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

extern char **environ;

enum { ROOM = 1 << 16, PATH_ROOM = 512 };

static const char *find_uvidl(void)
{
    const char *named = getenv("UVCOM_UVIDL");

    if (named)
        return named;
    if (access(BUILT_UVIDL, X_OK) == 0)
        return BUILT_UVIDL;
    return access(INSTALLED_UVIDL, X_OK) == 0 ? INSTALLED_UVIDL : "uvidl";
}

static void path_in(char *path, const char *folder, const char *name)
{
    snprintf(path, PATH_ROOM, "%s/%s", folder, name);
}

static void write_source(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fprintf(file, "import \"unknwn.idl\";\n%s\n", text);
    fclose(file);
}

/* Reads a file, if there is one, with one blank for each run of blanks; removes it. */
static char *take(const char *folder, const char *name)
{
    char *text = calloc(1, ROOM);
    char path[PATH_ROOM];
    size_t length = 0;
    FILE *file;
    int c;

    path_in(path, folder, name);
    file = fopen(path, "r");
    while (file && (c = fgetc(file)) != EOF && length + 1 < ROOM) {
        const bool blank = c == ' ' || c == '\n';

        if (c == '(' && length > 0 && text[length - 1] == ' ')
            length--; /* where a long line was broken */
        if (!blank || (length > 0 && text[length - 1] != ' '))
            text[length++] = blank ? ' ' : (char)c;
    }
    if (file)
        fclose(file);
    remove(path);
    return text;
}

static int run(const char *folder, const char *source, const char *messages)
{
    /* An installed uvidl knows where its own files are. */
    const bool built = access(BUILT_IDL_FOLDER, R_OK) == 0;
    char *const arguments[] = {
        "uvidl", "-o", (char *)folder, (char *)source, built ? "-I" : NULL, BUILT_IDL_FOLDER, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    status = posix_spawnp(&child, find_uvidl(), &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

struct compiled compile_idl(const char *text)
{
    const char *base = getenv("TMPDIR");
    char folder[PATH_ROOM / 2], source[PATH_ROOM], messages[PATH_ROOM];
    struct compiled compiled;

    snprintf(folder, sizeof folder, "%s/conformance-XXXXXX", base ? base : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    path_in(source, folder, "case.idl");
    path_in(messages, folder, "messages");
    write_source(source, text);
    compiled.status = run(folder, source, messages);
    compiled.messages = take(folder, "messages");
    compiled.header = take(folder, "case.h");
    compiled.ids = take(folder, "case_i.c");
    compiled.code = take(folder, "case_p.c");
    remove(source);
    ck_assert_int_eq(rmdir(folder), 0);
    ck_assert_msg(compiled.status != -1, "%s cannot be run", find_uvidl());
    return compiled;
}

void compiled_free(struct compiled *compiled)
{
    free(compiled->messages);
    free(compiled->header);
    free(compiled->ids);
    free(compiled->code);
}

void check_header(const char *text, const char *words)
{
    struct compiled compiled = compile_idl(text);
    const char *table;

    ck_assert_msg(compiled.status == 0, "uvidl refuses this: %s", compiled.messages);
    table = strstr(compiled.header, "Begin_");
    ck_assert_msg(strstr(compiled.header, words) != NULL, "\"%s\" is not in: %.1000s", words,
                  table ? table : compiled.header);
    compiled_free(&compiled);
}

void check_refused(const char *text, const char *words)
{
    struct compiled compiled = compile_idl(text);

    ck_assert_msg(compiled.status == 1, "uvidl accepts this: %s", text);
    ck_assert_msg(strstr(compiled.messages, words) != NULL, "\"%s\" is not in: %s", words,
                  compiled.messages);
    compiled_free(&compiled);
}
