/*
 * replaced.c -- what the client of a plain call gave for [in, out] values, to be freed for it.
 *
 * A method that is called directly frees such a value or puts another one in its place. Through a
 * proxy it works on a copy, so when it has succeeded the client's own is freed here. A method that
 * fails leaves it alone.
 */
#include "runtime/complaint.h"
#include "runtime/operation.h"
#include "runtime/task_memory.h"
#include "runtime/unknown.h"

struct replaced {
    struct replaced *next;
    enum replaced_kind kind;
    void *given;
};

bool uvcom__replaced_record(struct operation *operation, enum replaced_kind kind, void *given)
{
    struct replaced *replaced;

    if (!operation->is_plain)
        return true;
    replaced = uvcom__operation_take(operation, sizeof *replaced);
    if (!replaced)
        return false;
    replaced->kind = kind;
    replaced->given = given;
    replaced->next = operation->replaced;
    operation->replaced = replaced;
    return true;
}

/* Once only, although two pointers of the client's may have led here. */
static void mark(const struct operation *operation, void **stack, void *given,
                 enum task_magic magic)
{
    struct task_block *block = uvcom__operation_block_of(operation, given, magic,
                                                         "an [in, out] value that the client gave");

    if (!block->entry.next)
        uvcom__visit_push(stack, &block->entry);
}

void uvcom__operation_free_replaced(struct operation *operation)
{
    struct replaced *all = operation->replaced;
    void *stack = &uvcom__visit_bottom;
    struct visit_entry *entry;

    operation->replaced = NULL;
    for (struct replaced *replaced = all; replaced; replaced = replaced->next)
        if (replaced->kind != REPLACED_INTERFACE)
            mark(operation, &stack, replaced->given,
                 replaced->kind == REPLACED_BSTR ? TASK_BSTR : TASK_MEMORY);
    while ((entry = uvcom__visit_pop(&stack)) != NULL)
        uvcom__task_destroy(uvcom__task_block_of_entry(entry));
    for (struct replaced *replaced = all; replaced; replaced = replaced->next)
        if (replaced->kind == REPLACED_INTERFACE)
            uvcom__unknown_release(replaced->given);
}
