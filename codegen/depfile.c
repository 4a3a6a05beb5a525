/*
 * depfile.c -- one rule of a dependency file, spelled so that make and ninja both read it.
 */
#include "codegen/depfile.h"

/* The characters that mean something to make are quoted in its own, uneven ways. */
static void put_path(struct out *out, const char *path)
{
    char piece[3] = {0};

    for (; *path; path++) {
        if (*path == ' ' || *path == '#' || *path == '$') {
            piece[0] = *path == '$' ? '$' : '\\';
            piece[1] = *path;
        } else {
            piece[0] = *path;
            piece[1] = '\0';
        }
        out_put(out, piece);
    }
}

void depfile_rule(struct out *out, const char *const *targets, size_t target_count,
                  const char *const *sources, size_t source_count)
{
    bool was_plain = out->is_plain;

    out->is_plain = true;
    for (size_t i = 0; i < target_count; i++) {
        out_put(out, i > 0 ? " " : "");
        put_path(out, targets[i]);
    }
    out_put(out, ":");
    for (size_t i = 0; i < source_count; i++) {
        out_put(out, " \\\n  ");
        put_path(out, sources[i]);
    }
    out_put(out, "\n");
    out->is_plain = was_plain;
}
