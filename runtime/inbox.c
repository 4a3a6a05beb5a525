/*
 * inbox.c -- see inbox.h; a stack that is taken whole and turned round.
 *
 * Taking everything at once is what makes the stack safe without tags or hazards: nobody ever takes
 * a single item off its top, so an item that is freed and pushed again harms nobody.
 */
#include "runtime/inbox.h"

#include <stddef.h>

/* Never an item: the head that admits nothing. */
static struct inbox_item closed_mark;

enum inbox_push uvcom__inbox_push(struct inbox *inbox, struct inbox_item *item)
{
    void *head = uvcom__load_ptr(&inbox->head, UVCOM__RELAXED);

    do {
        if (head == &closed_mark)
            return INBOX_CLOSED;
        item->next = head;
        /* Release: the item's contents, for whoever takes it. */
    } while (!uvcom__cas_ptr(&inbox->head, &head, item, UVCOM__RELEASE));
    return head ? INBOX_HAD_ITEMS : INBOX_WAS_EMPTY;
}

/* Appends what was a stack, newest first, in the order of the pushes. */
static void append_reversed(struct inbox_queue *queue, struct inbox_item *stack)
{
    struct inbox_item *newest = stack;
    struct inbox_item *reversed = NULL;

    while (stack) {
        struct inbox_item *older = stack->next;

        stack->next = reversed;
        reversed = stack;
        stack = older;
    }
    if (!queue->first)
        queue->first = reversed;
    else
        queue->last->next = reversed;
    queue->last = newest;
}

bool uvcom__inbox_take(struct inbox *inbox, struct inbox_queue *queue)
{
    void *head = uvcom__load_ptr(&inbox->head, UVCOM__RELAXED);

    /* Not a plain exchange: it would open a closed inbox again. */
    do {
        if (!head || head == &closed_mark)
            return false;
        /* Acquire: the contents of all items, each of which was released by its push; the pushes
           form one release sequence. */
    } while (!uvcom__cas_ptr(&inbox->head, &head, NULL, UVCOM__ACQUIRE));
    append_reversed(queue, head);
    return true;
}

void uvcom__inbox_close(struct inbox *inbox, struct inbox_queue *queue)
{
    void *head = uvcom__exchange_ptr(&inbox->head, &closed_mark, UVCOM__ACQ_REL);

    if (head && head != &closed_mark)
        append_reversed(queue, head);
}

bool uvcom__inbox_is_empty(const struct inbox *inbox)
{
    const void *head = uvcom__load_ptr(&inbox->head, UVCOM__RELAXED);

    return !head || head == &closed_mark;
}

void uvcom__inbox_queue_append(struct inbox_queue *queue, struct inbox_item *item)
{
    item->next = NULL;
    if (!queue->first)
        queue->first = item;
    else
        queue->last->next = item;
    queue->last = item;
}

struct inbox_item *uvcom__inbox_queue_pop(struct inbox_queue *queue)
{
    struct inbox_item *item = queue->first;

    if (item)
        queue->first = item->next;
    return item;
}
