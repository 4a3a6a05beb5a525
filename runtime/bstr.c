/*
 * bstr.c -- BSTRs by their bytes: the four functions that the inline ones of uvcom/oleauto.h stand
 * on.
 *
 * A BSTR is a block of task memory with a mark of its own (task_memory.h), so that results with
 * BSTRs are checked and freed like any other, and SysFreeString knows what it is given.
 */
#include <uvcom/oleauto.h>

#include "runtime/task_memory.h"

void *uvcom_bstr_create(const void *data, size_t bytes)
{
    struct task_block *block;

    if (bytes > UINT32_MAX - sizeof(OLECHAR))
        return NULL;
    /* Zeroed, so that the end is there already. */
    block = uvcom__task_create(bytes + sizeof(OLECHAR), TASK_BSTR);
    if (!block)
        return NULL;
    block->note = (uint32_t)bytes;
    if (data)
        memcpy(block->bytes, data, bytes);
    return block->bytes;
}

INT uvcom_bstr_replace(void *slot, const void *data, size_t bytes)
{
    void *old = slot ? uvcom__slot_load(slot) : NULL;
    const size_t old_bytes = uvcom_bstr_bytes(old);
    void *bstr = slot ? uvcom_bstr_create(data, bytes) : NULL;

    if (!bstr)
        return FALSE;
    if (!data && old)
        memcpy(bstr, old, old_bytes < bytes ? old_bytes : bytes);
    uvcom__slot_store(slot, bstr);
    uvcom_bstr_free(old);
    return TRUE;
}

void uvcom_bstr_free(void *bstr)
{
    if (bstr)
        uvcom__task_destroy(uvcom__task_block_of(bstr, TASK_BSTR));
}

UINT uvcom_bstr_bytes(const void *bstr)
{
    UINT bytes = 0;

    /* Not by the block: an [in] BSTR may be any memory that looks like one. */
    if (bstr)
        memcpy(&bytes, (const unsigned char *)bstr - sizeof bytes, sizeof bytes);
    return bytes;
}
