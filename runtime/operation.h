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

#include <uvcom/proxy.h>

#include "runtime/inbox.h"

struct call;
struct operation_block;

struct operation {
    struct inbox_item item; /* in the queue of the server's apartment */
    struct call *call;      /* pinned from the claim to the end of the server's part */
    const struct uvcom_method *method;
    unsigned number;                /* of the method, from 1 */
    uint64_t epoch;                 /* of the call: the claim's */
    HRESULT hr;                     /* what the method returned; meaningful once DONE */
    size_t capacity;                /* bytes behind frame */
    size_t used;                    /* of them */
    struct operation_block *blocks; /* what did not fit: freed one and all at the end */
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

#endif
