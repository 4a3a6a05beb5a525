/*
 * visit_meet.c -- GIVE, RESTORE and FREE: blocks of task memory are looked at where they are.
 *
 * Nothing is allocated: a block's place in the walk is in its hidden header. What the sizes in a
 * value say is believed only as far as the block goes.
 */
#include "runtime/complaint.h"
#include "runtime/operation.h"
#include "runtime/task_memory.h"
#include "runtime/text.h"

#define BAD_STUB_DATA HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)
#define INVALID_BOUND HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)

static struct task_block *block_of(const struct uvcom_visit *visit, const void *memory,
                                   enum task_magic magic)
{
    return uvcom__operation_block_of(uvcom__operation_of_frame(visit->frame), memory, magic,
                                     "what the server returned");
}

/* As many of the elements that are said to be there as lie within the block. */
static void find_elements(const struct task_block *block, struct pointee *pointee)
{
    const size_t count = pointee->extent.length;
    size_t start;
    size_t room;

    if (count == 0 || pointee->size == 0 ||
        __builtin_mul_overflow(pointee->extent.first, pointee->size, &start) || start > block->size)
        return;
    room = (block->size - start) / pointee->size;
    pointee->elements = (unsigned char *)(uintptr_t)block->bytes + start;
    pointee->count = count < room ? count : room;
}

static void meet_first(struct uvcom_visit *visit, struct task_block *block, struct pointee *pointee)
{
    find_elements(block, pointee);
    block->room = pointee->bytes;
    block->entry.fn = pointee->fn;
    block->entry.elements = pointee->elements;
    block->entry.count = pointee->count;
    block->entry.size = pointee->size;
    uvcom__visit_push(&visit->met, &block->entry);
    if (pointee->bytes > block->size)
        uvcom_visit_fail(visit, INVALID_BOUND);
}

/* Whether a second pointer may point to a block: both are [ptr] and mean the same. */
static bool may_share(const struct task_block *block, const struct pointee *pointee)
{
    struct pointee again = *pointee;

    if (!(block->note & pointee->flags & UVCOM_POINTER_SHARED) ||
        pointee->flags & UVCOM_POINTER_ALONE || block->entry.fn != pointee->fn ||
        block->entry.size != pointee->size || block->room != pointee->bytes)
        return false;
    find_elements(block, &again);
    return block->entry.elements == again.elements && block->entry.count == again.count;
}

/* A walk frees a block once, however often it meets it. */
static void meet_again(struct uvcom_visit *visit, const struct task_block *block,
                       const struct pointee *pointee)
{
    if (visit->kind != UVCOM_VISIT_FREE && !may_share(block, pointee))
        uvcom_visit_fail(visit, BAD_STUB_DATA);
}

/* The client's own pointer comes back when the walk is over: sizes may be found at the copy, while
   the client may have freed what is its own. */
static void expect_restore(struct uvcom_visit *visit, struct operation *operation, void *slot)
{
    const struct pointer_entry entry = {.key = slot, .value = uvcom__slot_load(slot)};

    if (!uvcom__pointer_table_find(&operation->restored, slot) &&
        !uvcom__pointer_table_put(&operation->restored, entry))
        uvcom_visit_fail(visit, E_OUTOFMEMORY);
}

/* The client's own pointer in a value that has come back, and that nobody wanted: the copy again,
   for the same reason. */
static void undo_restore(const struct operation *operation, void *slot)
{
    const struct pointer_entry *entry = uvcom__pointer_table_find(&operation->restored, slot);

    if (entry)
        uvcom__slot_store(slot, entry->value);
}

/* A copy that an [in, out] pointer to const still points to: it is the operation's, and as large as
   what the client gave. */
static bool meet_kept(struct uvcom_visit *visit, void *slot, const struct pointee *pointee)
{
    struct operation *operation = uvcom__operation_of_frame(visit->frame);
    const struct pointer_entry *entry;

    if (!(pointee->flags & UVCOM_POINTER_CONST))
        return false;
    if (visit->kind == UVCOM_VISIT_FREE)
        undo_restore(operation, slot);
    entry = uvcom__pointer_table_find(&operation->kept, uvcom__slot_load(slot));
    if (!entry)
        return false;
    if (visit->kind == UVCOM_VISIT_RESTORE)
        expect_restore(visit, operation, slot);
    else if (visit->kind == UVCOM_VISIT_GIVE && pointee->bytes > entry->bytes)
        uvcom_visit_fail(visit, INVALID_BOUND);
    return true;
}

void uvcom__visit_meet(struct uvcom_visit *visit, void *slot, struct pointee *pointee)
{
    struct task_block *block;

    if (meet_kept(visit, slot, pointee))
        return;
    block = block_of(visit, uvcom__slot_load(slot), TASK_MEMORY);
    if (block->entry.next) {
        meet_again(visit, block, pointee);
        return;
    }
    block->note = pointee->flags;
    meet_first(visit, block, pointee);
}

/* The server's string must end within its room, and within its block. */
static bool is_ended(const struct task_block *block, const struct pointee *pointee)
{
    const size_t room = pointee->extent.room;
    size_t most = block->size / pointee->size;

    if (room != 0 && room < most)
        most = room;
    /* Without the limit of uvcom_text_length: nothing is copied. */
    return uvcom__text_find_end(block->bytes, pointee->size, most) < most;
}

void uvcom__visit_meet_string(struct uvcom_visit *visit, void *slot, struct pointee *pointee)
{
    void *text = uvcom__slot_load(slot);

    if (visit->kind == UVCOM_VISIT_GIVE && !meet_kept(visit, slot, pointee) &&
        !is_ended(block_of(visit, text, TASK_MEMORY), pointee))
        uvcom_visit_fail(visit, INVALID_BOUND);
    uvcom__visit_meet(visit, slot, pointee);
}

void uvcom__visit_meet_bstr(struct uvcom_visit *visit, void *slot)
{
    struct pointee pointee = {.size = 1};
    struct task_block *block = block_of(visit, uvcom__slot_load(slot), TASK_BSTR);

    if (block->entry.next)
        meet_again(visit, block, &pointee);
    else
        meet_first(visit, block, &pointee);
}

int uvcom_visit_holds(struct uvcom_visit *visit, const void *pointer, size_t size)
{
    const struct operation *operation = uvcom__operation_of_frame(visit->frame);
    const struct pointer_entry *kept;

    if (!pointer)
        return FALSE;
    if (visit->kind != UVCOM_VISIT_GIVE && visit->kind != UVCOM_VISIT_FREE)
        return TRUE;
    kept = uvcom__pointer_table_find(&operation->kept, pointer);
    if (kept)
        return kept->bytes >= size;
    return uvcom__task_is_block(pointer) &&
           uvcom__task_block_of(pointer, TASK_MEMORY)->size >= size;
}

static void free_met(struct uvcom_visit *visit)
{
    struct visit_entry *entry;

    while ((entry = uvcom__visit_pop(&visit->done)) != NULL)
        uvcom__task_destroy(uvcom__task_block_of_entry(entry));
}

static void restore_kept(const struct operation *operation)
{
    const struct pointer_table *restored = &operation->restored;

    for (size_t i = 0; i < restored->capacity; i++) {
        const struct pointer_entry *entry = &restored->entries[i];

        if (entry->key)
            uvcom__slot_store((void *)(uintptr_t)entry->key,
                              uvcom__pointer_table_find(&operation->kept, entry->value)->value);
    }
}

void uvcom__visit_finish(struct uvcom_visit *visit)
{
    struct visit_entry *entry;

    if (visit->kind == UVCOM_VISIT_FREE)
        free_met(visit);
    while ((entry = uvcom__visit_pop(&visit->done)) != NULL)
        entry->next = NULL;
    if (visit->kind == UVCOM_VISIT_RESTORE && SUCCEEDED(visit->hr))
        restore_kept(uvcom__operation_of_frame(visit->frame));
}
