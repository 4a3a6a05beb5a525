/*
 * visit.h -- what the parts of the visiting machinery share.
 *
 * visit.c walks, visit_copy.c does what TAKE and CLONE do with one pointer, visit_meet.c what GIVE,
 * RESTORE and FREE do. The functions that generated code calls are in uvcom/visit.h.
 */
#ifndef RUNTIME_VISIT_H
#define RUNTIME_VISIT_H

#include <stdbool.h>
#include <string.h>

#include <uvcom/visit.h>

/* A block whose elements are still to be visited, or have been: in the hidden header of task
   memory, or in front of a copy in the operation's memory. */
struct visit_entry {
    struct visit_entry *next; /* NULL: not met in this walk. The last one of a stack points to
                                 uvcom__visit_bottom */
    uvcom_visit_fn fn;
    unsigned char *elements;
    size_t count;
    size_t size;
};

/* Where every stack of entries ends, so that NULL can mean something else. */
extern struct visit_entry uvcom__visit_bottom;

static inline void uvcom__visit_push(void **stack, struct visit_entry *entry)
{
    entry->next = *stack;
    *stack = entry;
}

/** The entry on top; NULL: there is none. */
static inline struct visit_entry *uvcom__visit_pop(void **stack)
{
    struct visit_entry *entry = *stack;

    if (entry == &uvcom__visit_bottom)
        return NULL;
    *stack = entry->next;
    return entry;
}

/* What a slot says of the memory that it points to, and what has come of it. */
struct pointee {
    struct uvcom_extent extent;
    size_t size;  /* of an element */
    size_t bytes; /* of all of room; SIZE_MAX if that does not fit */
    uvcom_visit_fn fn;
    unsigned flags;
    bool is_flat;            /* nothing but bytes */
    unsigned char *elements; /* [out] those that are to be visited now; NULL: none */
    size_t count;            /* [out] */
};

/* Slots hold pointers of any type, so they are read and written as bytes. */
static inline void *uvcom__slot_load(const void *slot)
{
    void *value;

    memcpy(&value, slot, sizeof value);
    return value;
}

static inline void uvcom__slot_store(void *slot, const void *value)
{
    memcpy(slot, &value, sizeof value);
}

/** TAKE and CLONE of what a slot points to, which is not NULL. */
void uvcom__visit_copy(struct uvcom_visit *visit, void *slot, struct pointee *pointee);
void uvcom__visit_copy_bstr(struct uvcom_visit *visit, void *slot);

/** Makes those elements zero that are not there. */
void uvcom__visit_blank(void *elements, const struct pointee *pointee);

/** GIVE, RESTORE and FREE of the same. */
void uvcom__visit_meet(struct uvcom_visit *visit, void *slot, struct pointee *pointee);
void uvcom__visit_meet_string(struct uvcom_visit *visit, void *slot, struct pointee *pointee);
void uvcom__visit_meet_bstr(struct uvcom_visit *visit, void *slot);

/** Ends a walk over task memory: RESTORE writes to the slots, FREE frees, and no block is marked as
 * met any more. */
void uvcom__visit_finish(struct uvcom_visit *visit);

/* What was given by the client of a plain call and is freed for it. */
enum replaced_kind { REPLACED_BLOCK, REPLACED_BSTR, REPLACED_INTERFACE };

struct operation;

/** Remembers it, if this is a plain call. @return false: out of memory */
bool uvcom__replaced_record(struct operation *operation, enum replaced_kind kind, void *given);

#endif
