/*
 * complaint.h -- which method it was: says so when values are refused or memory is not what it
 * should be.
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

/** uvcom__task_block_of for a value of a call: a fatal message begins with its method. */
struct task_block *uvcom__operation_block_of(const struct operation *operation, const void *memory,
                                             enum task_magic magic, const char *whose);

#endif
