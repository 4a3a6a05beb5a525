/*
 * visit_copy.c -- TAKE and CLONE: what one pointer of the client's points to is copied.
 *
 * The slot holds the client's pointer before and the copy's after; NULL when anything has failed,
 * here or before, so that a half-copied value never seems to own what is the client's.
 */
#include <uvcom/oleauto.h>

#include "runtime/call_limits.h"
#include "runtime/operation.h"
#include "runtime/task_memory.h"

#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

static struct operation *operation_of(const struct uvcom_visit *visit)
{
    return uvcom__operation_of_frame(visit->frame);
}

/* The pointer if there is one; for a NULL the failure is noted. */
static void *or_no_memory(struct uvcom_visit *visit, void *memory)
{
    if (!memory)
        uvcom_visit_fail(visit, E_OUTOFMEMORY);
    return memory;
}

/* Notes a failure if `bytes` with what comes in front of them are more than one call may copy. */
static bool is_within_limits(struct uvcom_visit *visit, size_t front, size_t bytes, size_t limit)
{
    size_t sum;

    if (bytes <= limit && !__builtin_add_overflow(front, bytes, &sum) &&
        uvcom__operation_count(operation_of(visit), sum))
        return true;
    uvcom_visit_fail(visit, INVALID_BOUND);
    return false;
}

/* ---- [ptr]: what several pointers share is copied once --------------------------------------- */

static bool means_the_same(const struct pointer_entry *entry, const struct pointee *pointee)
{
    return entry->bytes == pointee->bytes && entry->size == pointee->size &&
           entry->extent.room == pointee->extent.room &&
           entry->extent.first == pointee->extent.first &&
           entry->extent.length == pointee->extent.length && entry->fn == pointee->fn &&
           !(pointee->flags & UVCOM_POINTER_ALONE);
}

/* Whether it has been copied before; then *copy is that copy, or NULL with a failure: two pointers
   that do not agree on what they point to. */
static bool find_shared(struct uvcom_visit *visit, const struct pointer_table *table,
                        const void *data, const struct pointee *pointee, void **copy)
{
    const struct pointer_entry *entry = NULL;

    *copy = NULL;
    if (pointee->flags & UVCOM_POINTER_SHARED)
        entry = uvcom__pointer_table_find(table, data);
    if (!entry)
        return false;
    if (means_the_same(entry, pointee))
        *copy = entry->value;
    else
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
    return true;
}

/* False: out of memory. */
static bool remember_shared(struct pointer_table *table, const void *data,
                            const struct pointee *pointee, void *copy)
{
    const struct pointer_entry entry = {.key = data,
                                        .value = copy,
                                        .bytes = pointee->bytes,
                                        .extent = pointee->extent,
                                        .size = pointee->size,
                                        .fn = pointee->fn};

    return !(pointee->flags & UVCOM_POINTER_SHARED) || uvcom__pointer_table_put(table, entry);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

void uvcom__visit_blank(void *elements, const struct pointee *pointee)
{
    const size_t start = pointee->extent.first * pointee->size;
    const size_t end = start + pointee->extent.length * pointee->size;

    memset(elements, 0, start);
    memset((unsigned char *)elements + end, 0, pointee->bytes - end);
}

/* Into zeroed or uninitialised memory alike. */
static void copy_elements(unsigned char *copy, const void *data, struct pointee *pointee)
{
    const size_t start = pointee->extent.first * pointee->size;

    uvcom__visit_blank(copy, pointee);
    memcpy(copy + start, (const unsigned char *)data + start,
           pointee->extent.length * pointee->size);
    pointee->elements = copy + start;
    pointee->count = pointee->extent.length;
}

static void expect_visit(void **stack, struct visit_entry *entry, const struct pointee *pointee)
{
    entry->fn = pointee->fn;
    entry->elements = pointee->elements;
    entry->count = pointee->count;
    entry->size = pointee->size;
    uvcom__visit_push(stack, entry);
}

/* In front of a copy in the operation's memory whose elements are to be visited. */
struct taken_block {
    struct visit_entry entry;
    _Alignas(max_align_t) unsigned char bytes[];
};

/* The client's own, since it waits; NULL after a failure. */
static void *lend_block(struct uvcom_visit *visit, void *data, const struct pointee *pointee)
{
    if (pointee->bytes <= uvcom__limit_array())
        return data;
    uvcom_visit_fail(visit, INVALID_BOUND);
    return NULL;
}

/* A copy in the operation's memory; NULL after a failure. */
static void *take_block(struct uvcom_visit *visit, void *data, struct pointee *pointee)
{
    const size_t front = pointee->fn ? sizeof(struct taken_block) : 0;
    struct operation *operation = operation_of(visit);
    unsigned char *room;
    void *shared;

    if (operation->is_lent && pointee->is_flat)
        return lend_block(visit, data, pointee);
    if (find_shared(visit, &operation->taken, data, pointee, &shared))
        return shared;
    if (!is_within_limits(visit, front, pointee->bytes, uvcom__limit_array()))
        return NULL;
    room = uvcom__operation_take(operation, front + pointee->bytes);
    if (!room || !remember_shared(&operation->taken, data, pointee, room + front))
        return or_no_memory(visit, NULL);
    copy_elements(room + front, data, pointee);
    if (pointee->fn)
        expect_visit(&visit->taken, &((struct taken_block *)room)->entry, pointee);
    return room + front;
}

/* A copy of what the server cannot change: the operation's, and the client's own pointer will come
   back. */
static void *keep_block(struct uvcom_visit *visit, void *data, struct pointee *pointee)
{
    struct pointer_table *kept = &operation_of(visit)->kept;
    struct pointer_entry entry = {.value = data, .bytes = pointee->bytes};
    void *copy = take_block(visit, data, pointee);
    struct pointer_entry *found;

    if (!copy)
        return NULL;
    entry.key = copy;
    found = uvcom__pointer_table_find(kept, copy);
    if (!found && !uvcom__pointer_table_put(kept, entry))
        return or_no_memory(visit, NULL);
    /* What is lent may be met as several things: as much of it is there as the largest says. */
    if (found && found->bytes < pointee->bytes)
        found->bytes = pointee->bytes;
    return copy;
}

/* A copy that the server may free or replace. */
static void *clone_block(struct uvcom_visit *visit, void *data, struct pointee *pointee)
{
    struct operation *operation = operation_of(visit);
    struct task_block *block;
    void *shared;

    if (find_shared(visit, &operation->cloned, data, pointee, &shared))
        return shared;
    if (!is_within_limits(visit, sizeof *block, pointee->bytes, uvcom__limit_array()))
        return NULL;
    if (!uvcom__replaced_record(operation, REPLACED_BLOCK, data))
        return or_no_memory(visit, NULL);
    block = uvcom__task_create(pointee->bytes, TASK_MEMORY);
    if (block && !remember_shared(&operation->cloned, data, pointee, block->bytes)) {
        uvcom__task_destroy(block);
        block = NULL;
    }
    if (!block)
        return or_no_memory(visit, NULL);
    copy_elements(block->bytes, data, pointee);
    if (pointee->fn)
        expect_visit(&visit->met, &block->entry, pointee);
    return block->bytes;
}

void uvcom__visit_copy(struct uvcom_visit *visit, void *slot, struct pointee *pointee)
{
    void *data = uvcom__slot_load(slot);
    void *copy = NULL;

    if (SUCCEEDED(visit->hr) && visit->kind == UVCOM_VISIT_TAKE)
        copy = take_block(visit, data, pointee);
    else if (SUCCEEDED(visit->hr) && pointee->flags & UVCOM_POINTER_CONST)
        copy = keep_block(visit, data, pointee);
    else if (SUCCEEDED(visit->hr))
        copy = clone_block(visit, data, pointee);
    if (!copy)
        pointee->count = 0;
    uvcom__slot_store(slot, copy);
}

/* ---- BSTRs ----------------------------------------------------------------------------------- */

/* The same layout in the operation's memory: the length in front, a zero behind. No block of task
   memory, so that a server which frees what it does not own is told so. */
static void *take_bstr(struct uvcom_visit *visit, void *bstr, UINT bytes)
{
    const size_t front = _Alignof(max_align_t);
    unsigned char *room;

    if (operation_of(visit)->is_lent)
        return bstr;
    room = uvcom__operation_take(operation_of(visit), front + bytes + sizeof(OLECHAR));
    if (!room)
        return or_no_memory(visit, NULL);
    memcpy(room + front - sizeof bytes, &bytes, sizeof bytes);
    memcpy(room + front, bstr, bytes);
    memset(room + front + bytes, 0, sizeof(OLECHAR));
    return room + front;
}

static void *clone_bstr(struct uvcom_visit *visit, void *bstr, UINT bytes)
{
    if (!uvcom__replaced_record(operation_of(visit), REPLACED_BSTR, bstr))
        return or_no_memory(visit, NULL);
    return or_no_memory(visit, uvcom_bstr_create(bstr, bytes));
}

void uvcom__visit_copy_bstr(struct uvcom_visit *visit, void *slot)
{
    void *bstr = uvcom__slot_load(slot);
    const UINT bytes = uvcom_bstr_bytes(bstr);
    void *copy = NULL;

    if (SUCCEEDED(visit->hr) &&
        is_within_limits(visit, sizeof(struct task_block), bytes, uvcom__limit_text()))
        copy = visit->kind == UVCOM_VISIT_TAKE ? take_bstr(visit, bstr, bytes)
                                               : clone_bstr(visit, bstr, bytes);
    uvcom__slot_store(slot, copy);
}
