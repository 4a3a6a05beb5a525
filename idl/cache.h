/*
 * idl/cache.h -- imports that several files have in common are read once.
 *
 * What an import makes of the session depends on what was imported before it, and on nothing else
 * of the file that imports it. So the session's state after each row of imports is kept, and a
 * file that begins with the same row goes on from there: what it gives is, to the byte, what it
 * gives alone. Imports with errors are not kept.
 */
#ifndef IDL_CACHE_H
#define IDL_CACHE_H

#include "idl/session.h"

struct cache_node;

struct cache {
    struct arena *arena; /* of what outlasts a compilation */
    struct session *session;
    struct arena_mark *start; /* nothing has been read; NULL: there is no cache */
    struct cache_node *root;
    const struct idl_source **row; /* what the file imports first */
    size_t count, capacity;
    size_t used; /* that many of the row were imported */
};

/** Keeps the session as it is now. */
void cache_init(struct cache *cache, struct arena *arena, struct session *session);

/** Puts the session back to its beginning. */
void cache_reset(struct cache *cache);

/** Imports what this file will import first, as far as that can be known. */
void cache_enter(struct cache *cache, const struct idl_source *main);

/** Whether the main unit, now that it was read, did import that. */
bool cache_was_right(const struct cache *cache);

#endif
