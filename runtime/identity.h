/*
 * identity.h -- finding again what exists once for an object and an apartment.
 *
 * An object is exported once from its apartment, and an apartment has one proxy for it. Such things
 * are counted, and anybody may bring the count to 0 while another thread is looking for them: who
 * looks adds a reference unless the count is 0, and a thing whose count is 0 is not found any more.
 * So there may be a dying one and its successor at the same time, and nobody ever meets the former.
 *
 * It knows nothing of what is found, calls nobody, and allocates nothing.
 */
#ifndef RUNTIME_IDENTITY_H
#define RUNTIME_IDENTITY_H

#include "runtime/platform.h"

/* A member of the thing that is found. */
struct identity {
    struct identity *next; /* in its bucket */
    const void *place;     /* the key: both are compared, never followed; whoever is in the table */
    const void *object;    /* keeps them from being used for something else */
    uvcom__atomic32 references;
};

#define IDENTITY_BUCKETS 1024

/* Zeroed memory is an empty table. */
struct identity_table {
    struct identity_bucket {
        struct uvcom__lock lock;
        struct identity *first;
    } buckets[IDENTITY_BUCKETS];
};

/** With one more reference; NULL: there is none. Any thread. */
struct identity *uvcom__identity_find(struct identity_table *table, const void *place,
                                      const void *object);

/**
 * Puts a thing into the table, unless another thread was faster.
 *
 * @param made  with its key and one reference
 *
 * @return made; or the one that is there, with one more reference. Then `made` is still the
 *         caller's
 */
struct identity *uvcom__identity_keep(struct identity_table *table, struct identity *made);

/** Takes it out of the table: called once, by whoever brought its references to 0. Any thread. */
void uvcom__identity_forget(struct identity_table *table, struct identity *ended);

#endif
