/*
 * idl/arena.h -- all memory of one compilation, freed at once; the one place that notices its end.
 *
 * It does not free single blocks. Running out is not a value to be checked at hundreds of calls:
 * arena_alloc leaves by longjmp to the frame that set `escape`, which is always one in idl.c. That
 * is sound because the front end holds nothing else across a call of arena_alloc: no lock, no
 * malloc block, no open file (source.c reads with arena_try_alloc, which returns NULL instead).
 *
 * An arena can go back to what it was, with all structures that lie in it: cache.c keeps the state
 * after the imports that many files have in common.
 */
#ifndef IDL_ARENA_H
#define IDL_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_chunk;
struct arena_mark;

enum arena_failure {
    ARENA_NO_MEMORY = 1, /* what setjmp returns: never 0 */
    ARENA_TOO_BIG /* the limit is reached: the input asks for more than we give to one file */
};

struct arena {
    struct arena_chunk *chunks; /* the newest first */
    char *next, *end;           /* what is left of the newest chunk */
    size_t used;                /* bytes handed out */
    size_t limit;
    enum arena_failure failure; /* of the last block that was refused */
    struct arena_chunk *spare;  /* of the usual size, from before arena_restore */
    struct arena_mark *marks;   /* all that were made, the newest first */
    struct arena_mark *base;    /* the one that was made or gone back to last; NULL: none */
    jmp_buf *escape;            /* borrowed; set while the front end works */
};

/** An arena that lives in its own first chunk. NULL: out of memory. */
struct arena *arena_create(size_t limit);
void arena_destroy(struct arena *arena);

/** Zeroed memory, aligned for any type. Does not return when there is none. */
void *arena_alloc(struct arena *arena, size_t size);

/** The same, but NULL when there is none, or when the limit is reached. */
void *arena_try_alloc(struct arena *arena, size_t size);

/** Leaves as arena_alloc would have, after arena_try_alloc returned NULL. */
_Noreturn void arena_give_up(struct arena *arena);

/** Counts memory that lies elsewhere as if it were the arena's. Leaves as arena_alloc does. */
void arena_charge(struct arena *arena, size_t size);

/**
 * Remembers what is in the arena now, to the byte, so that arena_restore can put it back to the
 * same addresses. NULL: no memory for it, or more than 256 MB of copies; nothing has changed then.
 */
struct arena_mark *arena_save(struct arena *arena);

/** Puts everything back as it was when the mark was made, also older and newer ones of the arena.
 */
void arena_restore(struct arena *arena, struct arena_mark *mark);

/** A NUL-terminated copy. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
