/*
 * revision.c -- runs git to take the IDL of a revision out into a folder of its own.
 *
 * Imports and includes must be of that revision, too, so it takes every file that IDL could read.
 * git works with an index of our own; no hook runs.
 */
#include "codegen/revision.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codegen/out.h"

enum { MOST_ARGUMENTS = 16, MOST_OPEN_FOLDERS = 16 };

static bool fail(struct revision *revision, const char *problem)
{
    if (!revision->problem)
        revision->problem = problem;
    return false;
}

/* ---- running git ---- */

/* What the process writes to the pipe, up to its end. */
static bool read_all(int fd, struct out *out)
{
    char piece[4096];
    ssize_t length;

    for (;;) {
        length = read(fd, piece, sizeof piece - 1);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            return length == 0;
        for (ssize_t i = 0; i < length; i++) /* names are separated by NULs */
            piece[i] = piece[i] ? piece[i] : '\n';
        piece[length] = '\0';
        out_put(out, piece);
    }
}

static bool wait_for(pid_t process)
{
    int status;

    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Runs git; what it prints goes to `out`. Its messages go where ours go. */
static bool run_git(char *const *arguments, struct out *out)
{
    posix_spawn_file_actions_t actions;
    int ends[2], error;
    bool is_whole;
    pid_t process;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        if (error == 0)
            error = posix_spawnp(&process, "git", &actions, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    is_whole = error == 0 && read_all(ends[0], out);
    close(ends[0]);
    return error == 0 && wait_for(process) && is_whole && !out->failed;
}

/* The same for a list that ends with NULL; the last newline of the answer is left out. */
static const char *ask_git(struct revision *revision, const char *const *arguments)
{
    char *list[MOST_ARGUMENTS + 1] = {NULL};
    struct out out = {.is_plain = true};
    const char *answer = NULL;

    for (size_t i = 0; i < MOST_ARGUMENTS && arguments[i]; i++)
        list[i] = (char *)(uintptr_t)arguments[i];
    if (run_git(list, &out)) {
        if (out.length > 0 && out.data[out.length - 1] == '\n')
            out.data[--out.length] = '\0';
        answer = out_keep(&out, revision->pool);
    }
    out_fini(&out);
    return answer;
}

#define ASK(revision, ...) ask_git(revision, (const char *const[]){"git", __VA_ARGS__, NULL})

/* ---- taking files out ---- */

/* What IDL reads: other files of a big repository would only cost time. */
static bool is_wanted(const char *path, size_t length)
{
    static const char *const ends[] = {".idl", ".h",   ".hpp", ".hh",  ".inc",
                                       ".acf", ".odl", ".idh", ".def", ".i"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);

        if (length > end && memcmp(path + length - end, ends[i], end) == 0)
            return true;
    }
    return false;
}

/* Writes the names that are wanted, each with a NUL behind it. */
static bool write_names(const char *path, const char *names, const char *file, bool *are_any)
{
    FILE *out = fopen(path, "we");
    bool is_good = out != NULL;

    while (is_good && *names) {
        size_t length = strcspn(names, "\n");

        if (is_wanted(names, length) ||
            (strlen(file) == length && memcmp(names, file, length) == 0)) {
            *are_any = true;
            is_good = fwrite(names, 1, length, out) == length && fputc('\0', out) == '\0';
        }
        names += length + (names[length] == '\n');
    }
    return out && fclose(out) == 0 && is_good;
}

/* The revision's name as one name of a folder: "origin/main" to "origin_main". */
static const char *folder_name(struct pool *pool, const char *name)
{
    char *copy = pool_alloc(pool, strlen(name) + 2);

    if (!copy)
        return "";
    memcpy(copy, name, strlen(name));
    for (char *c = copy; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ' || *c == 0x7f)
            *c = '_';
    return strcmp(copy, ".") == 0 || strcmp(copy, "..") == 0 || !*copy ? "old" : copy;
}

static bool make_folder(struct revision *revision, const char *name)
{
    const char *temporary = getenv("TMPDIR");
    char *root;

    if (!temporary || *temporary != '/')
        temporary = "/tmp";
    root = (char *)(uintptr_t)TEXT(revision->pool, "${temporary}/uvidl-XXXXXX",
                                   {"temporary", temporary});
    if (revision->pool->failed || !mkdtemp(root))
        return fail(revision, "no temporary folder could be made");
    revision->root = TEXT(revision->pool, "${root}/", {"root", root});
    revision->folder = TEXT(revision->pool, "${root}/${name}", {"root", root},
                            {"name", folder_name(revision->pool, name)});
    if (revision->pool->failed || mkdir(revision->folder, 0700) != 0)
        return fail(revision, "no temporary folder could be made");
    return true;
}

static bool check_out(struct revision *revision, const char *git, const char *tree,
                      const char *file)
{
    struct pool *pool = revision->pool;
    const char *names = TEXT(pool, "${root}names", {"root", revision->root});
    bool are_any = false;
    const char *all =
        ASK(revision, "--git-dir", git, "ls-tree", "-r", "-z", "--name-only", "--full-tree", tree);

    if (!all || !write_names(names, all, file, &are_any))
        return fail(revision, "the files of the revision could not be listed");
    if (!are_any)
        return true;
    if (setenv("GIT_INDEX_FILE", TEXT(pool, "${root}index", {"root", revision->root}), 1) != 0)
        return fail(revision, "out of memory");
    all = ASK(revision, "--git-dir", git, "--work-tree", revision->folder, "--literal-pathspecs",
              "-c", "core.hooksPath=/dev/null", "checkout", "-q", tree,
              TEXT(pool, "--pathspec-from-file=${names}", {"names", names}), "--pathspec-file-nul");
    unsetenv("GIT_INDEX_FILE");
    return all || fail(revision, "the files of the revision could not be taken out");
}

/* ---- paths ---- */

/* What of a whole path is below a folder; NULL: it is not. */
static const char *below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    if (strncmp(path, folder, length) != 0)
        return NULL;
    if (path[length] == '/')
        return path + length + 1;
    return path[length] == '\0' ? path + length : NULL;
}

/* The whole path of a file that may not be there any more; its folder is. */
static const char *whole_path(struct pool *pool, const char *path)
{
    const char *slash = strrchr(path, '/');
    char whole[PATH_MAX];
    char *folder;

    if (realpath(path, whole))
        return pool_string(pool, whole);
    folder = (char *)(uintptr_t)pool_string(pool, slash ? path : ".");
    if (slash && !pool->failed)
        folder[slash == path ? 1 : slash - path] = '\0';
    if (pool->failed || !realpath(folder, whole))
        return NULL;
    return TEXT(pool, "${folder}/${name}", {"folder", whole}, {"name", slash ? slash + 1 : path});
}

const char *revision_path(const struct revision *revision, const char *path)
{
    const char *whole = whole_path(revision->pool, path);
    const char *rest = whole ? below(whole, revision->top) : NULL;

    if (!rest)
        return path;
    return TEXT(revision->pool, "${folder}/${rest}", {"folder", revision->folder}, {"rest", rest});
}

/* ---- the whole ---- */

bool revision_open(struct revision *revision, struct pool *pool, const char *name, const char *file)
{
    const char *whole = whole_path(pool, file), *git, *tree;
    char *folder;

    *revision = (struct revision){.pool = pool};
    if (!whole)
        return fail(revision, "the folder of the file is not there");
    folder = (char *)(uintptr_t)pool_string(pool, whole);
    if (pool->failed)
        return fail(revision, "out of memory");
    *strrchr(folder, '/') = '\0';
    revision->top = ASK(revision, "-C", folder, "rev-parse", "--show-toplevel");
    git = ASK(revision, "-C", folder, "rev-parse", "--absolute-git-dir");
    if (!revision->top || !git || !below(whole, revision->top))
        return fail(revision, "the file is in no git repository");
    tree = ASK(revision, "-C", folder, "rev-parse", "--verify", "--quiet", "--end-of-options",
               TEXT(pool, "${name}^{tree}", {"name", name}));
    if (!tree)
        return fail(revision, "git knows no such revision");
    return make_folder(revision, name) &&
           check_out(revision, git, tree, below(whole, revision->top));
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void revision_close(struct revision *revision)
{
    if (revision->root)
        nftw(revision->root, remove_one, MOST_OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    revision->root = NULL;
}
