/*
 * idl/cache.c -- see cache.h; a tree of rows of imports, and at each node a mark of the arena.
 */
#include "idl/cache.h"

#include <string.h>

#include "idl/parser.h"

struct cache_node {
    struct cache_node *next, *children;
    const struct idl_source *source; /* the last import of the row */
    struct arena_mark *mark;         /* NULL: not yet, or it is unfit */
    bool is_unfit;                   /* the import has errors, or there is no memory */
};

void cache_init(struct cache *cache, struct arena *arena, struct session *session)
{
    *cache = (struct cache){.arena = arena, .session = session};
    cache->root = ARENA_NEW(arena, struct cache_node);
    cache->start = arena_save(session->arena);
    if (!cache->start)
        arena_give_up(session->arena);
    cache->root->mark = cache->start;
}

void cache_reset(struct cache *cache)
{
    if (cache->start)
        arena_restore(cache->session->arena, cache->start);
    cache->used = 0;
}

static void add_to_row(void *context, const struct idl_source *source)
{
    struct cache *cache = context;

    if (cache->count == cache->capacity) {
        size_t capacity = cache->capacity ? cache->capacity * 2 : 16;
        const struct idl_source **grown = arena_alloc(cache->arena, capacity * sizeof *grown);

        if (cache->count)
            memcpy(grown, cache->row, cache->count * sizeof *grown);
        cache->row = grown;
        cache->capacity = capacity;
    }
    cache->row[cache->count++] = source;
}

static struct cache_node *child_of(struct cache *cache, struct cache_node *node,
                                   const struct idl_source *source)
{
    struct cache_node *child = node->children;

    while (child && child->source != source)
        child = child->next;
    if (!child) {
        child = ARENA_NEW(cache->arena, struct cache_node);
        child->source = source;
        child->next = node->children;
        node->children = child;
    }
    return child;
}

static bool is_clean(const struct session *session)
{
    return diag_is_clean(&session->diag) && !session->is_stopped && !session->lacks_file;
}

/* The session is in the state of `parent`, and stays there if the answer is false. */
static bool read_import(struct cache *cache, const struct cache_node *parent,
                        struct cache_node *node)
{
    static const struct location nowhere = {0}; /* until the main file says where */
    struct session *session = cache->session;
    struct unit *unit;

    if (session_unit(session, node->source)) {
        node->mark = parent->mark;
        return true;
    }
    unit = session_add_unit(session, node->source);
    unit->origin = origin_of_file(session->arena, ORIGIN_IMPORT, &nowhere);
    parse_imported(session, unit);
    if (is_clean(session))
        node->mark = arena_save(session->arena);
    node->is_unfit = !node->mark;
    if (node->is_unfit)
        arena_restore(session->arena, parent->mark);
    return !node->is_unfit;
}

static void read_row(struct cache *cache)
{
    struct arena *arena = cache->session->arena;
    struct cache_node *node = cache->root, *child;
    bool is_there = true; /* the session is in the state of the node */

    for (; cache->used < cache->count; cache->used++) {
        child = child_of(cache, node, cache->row[cache->used]);
        if (child->is_unfit)
            break;
        if (!child->mark) {
            if (!is_there)
                arena_restore(arena, node->mark);
            is_there = true;
            if (!read_import(cache, node, child))
                break;
        } else {
            is_there = is_there && child->mark == node->mark;
        }
        node = child;
    }
    if (!is_there)
        arena_restore(arena, node->mark);
}

void cache_enter(struct cache *cache, const struct idl_source *main)
{
    struct session *session = cache->session;

    if (!cache->start)
        return;
    cache->count = cache->used = 0;
    parse_leading_imports(session, main, add_to_row, cache);
    if (!is_clean(session))
        cache->count = 0;
    cache_reset(cache);
    read_row(cache);
    if (session_unit(session, main))
        cache_reset(cache); /* it is imported by one of them: a circle, which begins with it */
}

bool cache_was_right(const struct cache *cache)
{
    const struct session *session = cache->session;
    const struct opening *opening;

    if (cache->used == 0)
        return true;
    opening = session->main->openings;
    if (session->diag.tallies[DIAG_IS_WARNING].omitted > 0)
        return false; /* which are shown depends on the order in which they were found */
    for (size_t i = 0; i < cache->used; i++) {
        while (opening && !opening->import)
            opening = opening->next;
        if (!opening || opening->import != session_unit(session, cache->row[i]))
            return false;
        opening = opening->next;
    }
    return true;
}
