/*
 * task_memory.c -- CoTaskMemAlloc and its two companions: memory that crosses interfaces.
 *
 * COM's rules where the C library leaves a choice: a block of no bytes is a block (it has an
 * address of its own and must be freed), Realloc to no bytes frees, and Realloc that fails leaves
 * the old block as it was. Nothing here needs an initialised thread: task memory outlives every
 * apartment, since a result may be freed after the last CoUninitialize.
 *
 * It keeps no books beside the header of each block (task_memory.h). Who leaks task memory is told
 * by the address sanitizer, as for malloc.
 */
#include "runtime/task_memory.h"

#include <uvcom/combase.h>

#include "runtime/fatal.h"
#include "runtime/platform.h"

/* The note of a BSTR is the length that COM's users read in front of its text. */
_Static_assert(offsetof(struct task_block, note) + sizeof(uint32_t) ==
                   offsetof(struct task_block, bytes),
               "nothing may stand between the length of a BSTR and its text");

struct task_block *uvcom__task_create(size_t size, enum task_magic magic)
{
    struct task_block *block;

    if (size > SIZE_MAX - sizeof *block - 1)
        return NULL;
    /* One byte at least: a header alone would have its end for the address of the block. */
    block = uvcom__alloc(sizeof *block + (size ? size : 1));
    if (block) {
        block->size = size;
        block->magic = magic;
    }
    return block;
}

/* Reads in front of what may be anybody's memory, as CoTaskMemFree does. */
static struct task_block *block_of(const void *memory)
{
    return (struct task_block *)((uintptr_t)memory - offsetof(struct task_block, bytes));
}

bool uvcom__task_is_block(const void *memory)
{
    return block_of(memory)->magic == TASK_MEMORY;
}

const char *uvcom__task_fault(const void *memory, enum task_magic magic)
{
    const struct task_block *block = block_of(memory);

    if (block->magic == (uint32_t)magic)
        return NULL;
    if (block->magic == TASK_FREED)
        return "task memory or a BSTR is used that has been freed already";
    if (magic == TASK_BSTR)
        return "a BSTR that was not made by SysAllocString or one of its kin";
    if (block->magic == TASK_BSTR)
        return "a BSTR is used as task memory: it belongs to SysFreeString";
    return "task memory that was not allocated by CoTaskMemAlloc: what an [out] or [in, out] value "
           "leads to must be whole blocks of it";
}

struct task_block *uvcom__task_block_of(const void *memory, enum task_magic magic)
{
    const char *fault = uvcom__task_fault(memory, magic);

    if (fault)
        uvcom__fatal(fault);
    return block_of(memory);
}

void uvcom__task_destroy(struct task_block *block)
{
    /* Else the compiler leaves it out: to it nobody reads what is about to be freed. */
    *(volatile uint32_t *)&block->magic = TASK_FREED;
    uvcom__free(block);
}

void *CoTaskMemAlloc(size_t cb)
{
    struct task_block *block = uvcom__task_create(cb, TASK_MEMORY);

    return block ? block->bytes : NULL;
}

void *CoTaskMemRealloc(void *pv, size_t cb)
{
    struct task_block *block;

    if (!pv)
        return CoTaskMemAlloc(cb);
    block = uvcom__task_block_of(pv, TASK_MEMORY);
    if (!cb) {
        uvcom__task_destroy(block);
        return NULL;
    }
    if (cb > SIZE_MAX - sizeof *block)
        return NULL;
    block = uvcom__realloc(block, sizeof *block + cb);
    if (!block)
        return NULL;
    block->size = cb;
    return block->bytes;
}

void CoTaskMemFree(void *pv)
{
    if (pv)
        uvcom__task_destroy(uvcom__task_block_of(pv, TASK_MEMORY));
}
