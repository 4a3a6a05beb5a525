/*
 * complaint.h -- which method it was, or which file: says so when values are refused, memory is not
 * what it should be, or a component cannot be found or used.
 */
#ifndef RUNTIME_COMPLAINT_H
#define RUNTIME_COMPLAINT_H

#include <uvcom/base.h>

#include "runtime/operation.h"
#include "runtime/task_memory.h"

/**
 * One line on standard error about parameters that failed, if the environment variable UVCOM_DEBUG
 * was there (and not empty) when the library was loaded. Else nothing.
 *
 * @param whose  who made the values, as a piece of a sentence
 */
void uvcom__complain(const struct operation *operation, HRESULT hr, const char *whose);

/** The same of a call whose operation is somebody else's, by its method's number. */
void uvcom__complain_of_call(const struct call *call, unsigned method, HRESULT hr,
                             const char *whose);

/** The same about a file that cannot be used: its name, the line (0: all of it), what is wrong. */
void uvcom__complain_of_file(const char *path, ULONG line, const char *text);

/** The same about a folder in which components are looked for. `length`: where its name ends. */
void uvcom__complain_of_folder(const char *folder, size_t length, const char *text);

/** The same about a class that no manifest names: where it was looked for, two lists of folders. */
void uvcom__complain_of_class(REFCLSID clsid, const char *path, const char *installed);

/** uvcom__task_block_of for a value of a call: a fatal message begins with its method. */
struct task_block *uvcom__operation_block_of(const struct operation *operation, const void *memory,
                                             enum task_magic magic, const char *whose);

#endif
