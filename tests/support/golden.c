/*
 * golden.c -- see golden.h; meson gives the top of the source tree as UVCOM_SOURCE_ROOT.
 */
#include "tests/support/golden.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

char *golden_path(const char *path)
{
    size_t size = strlen(UVCOM_SOURCE_ROOT) + 1 + strlen(path) + 1;
    char *full = malloc(size);

    ck_assert_ptr_nonnull(full);
    snprintf(full, size, "%s/%s", UVCOM_SOURCE_ROOT, path);
    return full;
}

/* NULL with errno set if the file cannot be read: a golden file may not exist yet. */
static char *read_file(const char *path, size_t *length)
{
    char *full = golden_path(path);
    FILE *file = fopen(full, "rb");
    char *text = NULL;
    long size;

    free(full);
    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0) {
        text = malloc((size_t)size + 1);
        ck_assert_ptr_nonnull(text);
        *length = fread(text, 1, (size_t)size, file);
        text[*length] = '\0';
    }
    fclose(file);
    return text;
}

char *golden_read(const char *path, size_t *length)
{
    size_t ignored;
    char *text = read_file(path, length ? length : &ignored);

    if (!text)
        ck_abort_msg("%s: %s", path, strerror(errno));
    return text;
}

static void write_file(const char *path, const char *text)
{
    char *full = golden_path(path);
    FILE *file = fopen(full, "wb");
    bool written = file && fputs(text, file) >= 0;

    free(full);
    if (file)
        written = fclose(file) == 0 && written;
    if (!written)
        ck_abort_msg("%s: %s", path, strerror(errno));
}

/* The two texts differ: says where, with the line of either. */
static void report_difference(const char *path, const char *expected, const char *actual)
{
    int line = 1;
    size_t start = 0;
    size_t i = 0;

    for (; expected[i] && expected[i] == actual[i]; i++) {
        if (expected[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    ck_abort_msg("%s:%d differs (UVIDL_UPDATE_GOLDEN=1 would renew it)\n"
                 "# expected: %.*s\n#      got: %.*s",
                 path, line, (int)strcspn(expected + start, "\n"), expected + start,
                 (int)strcspn(actual + start, "\n"), actual + start);
}

void golden_check(const char *path, const char *text)
{
    const char *update = getenv("UVIDL_UPDATE_GOLDEN");
    size_t length = 0;
    char *expected;

    if (update && strcmp(update, "1") == 0) {
        write_file(path, text);
        return;
    }
    expected = read_file(path, &length);
    if (!expected)
        ck_abort_msg("%s: %s (UVIDL_UPDATE_GOLDEN=1 would write it)", path, strerror(errno));
    if (length != strlen(expected))
        ck_abort_msg("%s holds a NUL byte", path);
    if (strcmp(expected, text) != 0)
        report_difference(path, expected, text);
    free(expected);
}
