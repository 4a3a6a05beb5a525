/*
 * runtime/check/ledger.h -- the memory of one run: what is allocated, what was freed, what leaks.
 *
 * Freed memory is given back only when the run ends, so that a use of it is recognised and no
 * address comes twice in a run.
 */
#ifndef RUNTIME_CHECK_LEDGER_H
#define RUNTIME_CHECK_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

/** Zeroed. NULL: none left. */
void *ledger_alloc(size_t size);

/** @return the size of a block that is in use; SIZE_MAX for any other address */
size_t ledger_size(const void *memory);

/** @return false: not a block in use (freed before, or never allocated) */
bool ledger_free(void *memory);

/** Whether the address lies in a block that has been freed. */
bool ledger_is_freed(const void *address);

/** Ends the run: gives all memory back. @return how many blocks were still in use */
size_t ledger_reset(void);

#endif
