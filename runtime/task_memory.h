/*
 * task_memory.h -- the hidden header of task memory: what lets results be checked and freed without
 * any other book.
 *
 * CoTaskMemAlloc's blocks and BSTRs have it alike. Because a block's place in a walk is in its own
 * header, GIVE and FREE (uvcom/visit.h) need neither recursion nor memory, so a result of any shape
 * can be freed when there is none left.
 */
#ifndef RUNTIME_TASK_MEMORY_H
#define RUNTIME_TASK_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/visit.h"

/* What a block is, by the number in front of it. */
enum task_magic {
    TASK_MEMORY = 0x6d656d54,
    TASK_BSTR = 0x72747342,
    TASK_FREED = 0x65657266,
};

struct task_block {
    size_t size;              /* bytes that were asked for */
    size_t room;              /* in a walk: the bytes that its first pointer says it has */
    struct visit_entry entry; /* in a walk: what is in it */
    uint32_t magic;           /* enum task_magic */
    uint32_t note;            /* of a BSTR its bytes, which COM wants here, right in front of the
                                 text; else, in a walk, the flags of the first pointer */
    _Alignas(max_align_t) unsigned char bytes[];
};

/** A block of its own, zeroed; NULL: out of memory. */
struct task_block *uvcom__task_create(size_t size, enum task_magic magic);

/** Whether a pointer is one of CoTaskMemAlloc's. */
bool uvcom__task_is_block(const void *memory);

/** What is wrong with a pointer that should be one of that kind; NULL: nothing. */
const char *uvcom__task_fault(const void *memory, enum task_magic magic);

/** The block behind a pointer; ends the program if it is not one of that kind. */
struct task_block *uvcom__task_block_of(const void *memory, enum task_magic magic);

/** The block that an entry of a walk stands in. */
static inline struct task_block *uvcom__task_block_of_entry(struct visit_entry *entry)
{
    return (struct task_block *)((unsigned char *)entry - offsetof(struct task_block, entry));
}

void uvcom__task_destroy(struct task_block *block);

#endif
