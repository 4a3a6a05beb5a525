/*
 * depfile.h -- for ninja and make: which files an output was made from.
 */
#ifndef CODEGEN_DEPFILE_H
#define CODEGEN_DEPFILE_H

#include "codegen/out.h"

/** Appends one rule: "targets: sources". */
void depfile_rule(struct out *out, const char *const *targets, size_t target_count,
                  const char *const *sources, size_t source_count);

#endif
