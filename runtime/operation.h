/*
 * operation.h -- one Begin_ under way: the parameters, the results and the place in a queue.
 *
 * An operation belongs to one epoch of one call object and always has exactly one owner: Begin_
 * while it fills the frame, then the server, and from the moment in which completion moves the
 * call's word to DONE the call object, that is Finish_ or the last Release. An operation whose
 * completion is refused (the call was cancelled) stays the server's, which disposes of it; so a
 * late server method never reads or writes what the next Begin_ uses. It needs no reference count
 * and no lock.
 */
#ifndef RUNTIME_OPERATION_H
#define RUNTIME_OPERATION_H

#include <stdbool.h>

#include <uvcom/proxy.h>

#include "runtime/context.h"
#include "runtime/inbox.h"
#include "runtime/pointer_table.h"

struct call;
struct operation_block;
struct parcel;
struct replaced;
struct uvcom_operation;

struct operation {
    struct inbox_item item; /* in the queue of the server's apartment */
    struct call *call;      /* pinned from the claim to the end of the server's part */
    const struct uvcom_method *method;
    unsigned number;                /* of the method, from 1 */
    uint64_t epoch;                 /* of the call: the claim's */
    struct call_values values;      /* captured by Begin_ */
    HRESULT hr;                     /* what the method returned; meaningful once DONE */
    size_t capacity;                /* bytes behind frame */
    size_t used;                    /* of them */
    struct operation_block *blocks; /* what did not fit: freed one and all at the end */
    size_t copied;                  /* bytes, for the limit of one call */
    bool is_plain;                  /* a plain call: what it replaces is freed for the client */
    bool is_lent;                   /* its caller waits until the method has returned, whatever
                                       happens, and lends its memory */
    bool is_freed;                  /* the results; they are not looked at any more */
    bool is_looked_through;         /* for interface pointers, which are only counted meanwhile */
    bool has_interfaces;            /* what came of that */
    struct uvcom_operation *ticket; /* one share: the server's hold on the call, if it has asked
                                       for it; see ticket.h */
    struct parcel *parcels;         /* see parcel.h */
    struct replaced *replaced;      /* a plain call's [in, out] values, to be freed for the client
                                       when it gets new ones; see replaced.c */
    struct pointer_table taken;     /* [ptr]: what has been copied into the operation already */
    struct pointer_table cloned;    /* [ptr]: what has been copied into task memory already */
    struct pointer_table kept;      /* copies of what [in, out] pointers to const point to: the
                                       client's own pointers, which come back */
    struct pointer_table restored;  /* the slots where they have come back, and the copies that
                                       were there */
    _Alignas(max_align_t) unsigned char frame[];
};

/** What parameters may need in all before an operation has to ask the heap (bytes beside the
 * frame). */
#define OPERATION_ROOM 256

/** An operation with room for frames of up to frame_size bytes; NULL: out of memory. */
struct operation *uvcom__operation_create(size_t frame_size);

/** Gives it a zeroed frame for one method. It must be clean: new, or through
 * uvcom__operation_clean. */
void uvcom__operation_open(struct operation *operation, const struct uvcom_method *method,
                           unsigned number);

/** Frees what the parameters own and makes it ready for the next uvcom__operation_open. */
void uvcom__operation_clean(struct operation *operation);

/** Cleans and frees. */
void uvcom__operation_destroy(struct operation *operation);

struct operation *uvcom__operation_of_frame(void *frame);

/** Memory that lives until the operation is cleaned: zeroed, aligned for anything. NULL: none left.
 */
void *uvcom__operation_room(struct operation *operation, size_t size);

/** The same, not zeroed: for what is overwritten at once. */
void *uvcom__operation_take(struct operation *operation, size_t size);

/** Whether a place is in its frame or in other memory of its own. */
bool uvcom__operation_has(const struct operation *operation, const void *place);

/** Counts what is copied for a call. @return false: it is more than the limit of one call */
bool uvcom__operation_count(struct operation *operation, size_t bytes);

/* ---- what the runtime does with a method's results (visit.c, replaced.c) ---- */

/** After the method has succeeded, in its apartment: checks them and packs interface pointers. */
HRESULT uvcom__operation_give(struct operation *operation);

/** Whether there are interface pointers among the results, or that cannot be told: then they can be
 * given and freed only in the server's apartment. Any thread. */
bool uvcom__operation_has_interfaces(struct operation *operation);

/** Frees what the results own, once. Where their interface pointers are good. */
void uvcom__operation_free_results(struct operation *operation);

/** After the parcels have been collected, as the last step before the results are handed out: the
 * client's own pointers to const come back. What they point to is not the operation's. Out of
 * memory nothing has changed. */
HRESULT uvcom__operation_restore(struct operation *operation);

/** Of a plain call that has succeeded, on the client's thread: frees the [in, out] values that it
 * gave. Its memory has the new ones by then, so the old ones are known from the record alone. */
void uvcom__operation_free_replaced(struct operation *operation);

#endif
