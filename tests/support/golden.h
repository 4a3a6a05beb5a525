/*
 * golden.h -- compares text with a file in the source tree, and writes that file when asked to.
 *
 * UVIDL_UPDATE_GOLDEN=1 in the environment writes what the test got instead of comparing; look at
 * the difference with git before it is committed. Paths are relative to the top of the source tree.
 */
#ifndef TESTS_SUPPORT_GOLDEN_H
#define TESTS_SUPPORT_GOLDEN_H

#include <stddef.h>

/**
 * Fails the running test unless the file holds exactly this text; names the first line that
 * differs.
 *
 * @param path  "tests/codegen/golden/simple_stream.h"
 */
void golden_check(const char *path, const char *text);

/**
 * The whole file, with a NUL behind it; the caller frees it. Fails the running test if it cannot be
 * read.
 *
 * @param length  [out] bytes without the NUL; may be NULL
 */
char *golden_read(const char *path, size_t *length);

/**
 * The file's place on this machine ("/.../tests/idl/bad/cycle.idl"), for a program that opens it
 * itself; the caller frees it.
 */
char *golden_path(const char *path);

#endif
