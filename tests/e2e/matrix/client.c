/*
 * client.c -- see client.h: leaves, and the client's memory.
 */
#include "tests/e2e/matrix/client.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/e2e/matrix/witness.h"
#include "tests/support/assert_hr.h"

enum { GUARD = 32, POISON = 0xA5, GUARD_BYTE = 0xC3, FORGOTTEN = 0xDD };

enum block_kind {
    BLOCK_GIVEN,    /* [in]: nobody writes to it; forgotten after Begin_ */
    BLOCK_CONSTANT, /* behind a pointer to const of an [in, out] value: it comes back */
    BLOCK_OUT,      /* zero after a failure */
    BLOCK_KEPT,     /* an [out] array or an [in, out] value: after a failure as it was */
    BLOCK_BSTR,     /* [in], to be freed by SysFreeString */
    BLOCK_OBJECT    /* [in], to be released */
};

struct block {
    struct block *next;
    enum block_kind kind;
    size_t size;
    void *memory;         /* that the method is given */
    unsigned char *start; /* of the guards, or NULL */
    unsigned char *was;   /* what was in it when the call was made */
};

void client_fail(const struct client *c, const char *what, uint64_t actual, uint64_t expected)
{
    ck_abort_msg("%s, %s, %s: %s: 0x%llX, not 0x%llX (leaf %zu of the results)", c->method->name,
                 c->sample->name, c->way, what, (unsigned long long)actual,
                 (unsigned long long)expected, c->wanted);
}

/* ---- leaves ---- */

uint64_t next(struct client *c)
{
    if (c->given >= c->sample->given_count)
        client_fail(c, "the matrix gives too few leaves", c->given, c->sample->given_count);
    return c->sample->given[c->given++];
}

uint64_t want(struct client *c)
{
    if (c->wanted >= c->sample->wanted_count)
        client_fail(c, "the matrix wants fewer leaves", c->wanted, c->sample->wanted_count);
    return c->sample->wanted[c->wanted++];
}

void same(struct client *c, uint64_t actual)
{
    const uint64_t expected = want(c);

    if (actual != expected)
        client_fail(c, "a value", actual, expected);
}

bool same_present(struct client *c, const void *pointer)
{
    const uint64_t expected = want(c);

    if ((pointer != NULL) != (expected != 0))
        client_fail(c, "a pointer that should or should not be NULL", pointer != NULL, expected);
    return pointer != NULL;
}

void same_block(struct client *c, const void *pointer, size_t count)
{
    if (!pointer && count > 0)
        client_fail(c, "NULL for a block", 0, count);
}

/* ---- memory ---- */

static void *add_block(struct client *c, enum block_kind kind, void *memory, size_t size)
{
    struct block *block = calloc(1, sizeof *block);

    ck_assert_ptr_nonnull(block);
    *block = (struct block){c->blocks, kind, size, memory, NULL, NULL};
    c->blocks = block;
    return memory;
}

static struct block *block_of(const struct client *c, const void *memory)
{
    struct block *block = c->blocks;

    while (block && (block->memory != memory || block->kind == BLOCK_OBJECT))
        block = block->next;
    return block;
}

/* Exactly so large, so that AddressSanitizer sees a byte too many being read. */
static void *exact_block(struct client *c, enum block_kind kind, size_t size)
{
    void *memory = malloc(size);

    ck_assert_ptr_nonnull(memory);
    memset(memory, POISON, size);
    return add_block(c, kind, memory, size);
}

static void *guarded_block(struct client *c, enum block_kind kind, size_t size)
{
    unsigned char *start = malloc(size + 2 * (size_t)GUARD);

    ck_assert_ptr_nonnull(start);
    memset(start, GUARD_BYTE, size + 2 * (size_t)GUARD);
    memset(start + GUARD, POISON, size);
    add_block(c, kind, start + GUARD, size);
    c->blocks->start = start;
    return start + GUARD;
}

void *put_block(struct client *c, size_t count, size_t size, unsigned flags)
{
    const bool is_constant = c->is_in_out && flags & CONSTANT;
    void *memory;

    if (!c->is_in_out || c->is_async || is_constant)
        return exact_block(c, is_constant ? BLOCK_CONSTANT : BLOCK_GIVEN, count * size);
    memory = CoTaskMemAlloc(count * size);
    ck_assert_ptr_nonnull(memory);
    memset(memory, POISON, count * size);
    return memory;
}

void *in_out_room(struct client *c, size_t count, size_t size)
{
    if (c->is_async)
        return exact_block(c, BLOCK_GIVEN, count * size);
    return guarded_block(c, BLOCK_KEPT, count * size);
}

void *back_room(struct client *c, const void *given)
{
    if (!given || !c->is_async)
        return NULL;
    return guarded_block(c, BLOCK_KEPT, block_of(c, given)->size);
}

void *out_room(struct client *c, size_t size)
{
    return guarded_block(c, BLOCK_OUT, size);
}

void *array_room(struct client *c, size_t count, size_t size)
{
    return guarded_block(c, BLOCK_KEPT, count * size);
}

void take_back(struct client *c, void *pointer, unsigned flags)
{
    const struct block *block;

    if (!(flags & CONSTANT)) {
        CoTaskMemFree(pointer);
        return;
    }
    block = block_of(c, pointer);
    if (pointer && (!block || block->kind != BLOCK_CONSTANT))
        client_fail(c, "a pointer to const is not the client's own", 0, 1);
}

void untouched(struct client *c, const void *memory, size_t from, size_t to)
{
    const struct block *block = block_of(c, memory);
    const unsigned char *is = memory;

    if (!block)
        client_fail(c, "an array is not the client's own", 0, 1);
    for (size_t i = 0; i < block->size; i++)
        if ((i < from || i >= to) && is[i] != block->was[i])
            client_fail(c, "a byte outside of what comes back was written", is[i], block->was[i]);
}

/* ---- ids and strings ---- */

void put_guid(struct client *c, GUID *guid)
{
    uint64_t halves[2];

    halves[0] = next(c);
    halves[1] = next(c);
    memcpy(guid, halves, sizeof halves);
}

void same_guid(struct client *c, const GUID *guid)
{
    uint64_t halves[2];

    memcpy(halves, guid, sizeof halves);
    same(c, halves[0]);
    same(c, halves[1]);
}

const IID *put_iid(struct client *c)
{
    IID *iid = put_block(c, 1, sizeof *iid, 0);

    put_guid(c, iid);
    ck_assert(IsEqualIID(iid, &IID_IWitness));
    return iid;
}

static void put_characters(struct client *c, void *text, size_t length, size_t unit)
{
    for (size_t i = 0; i < length; i++)
        set_character(text, i, unit, next(c));
    set_character(text, length, unit, 0);
}

static void same_characters(struct client *c, const void *text, size_t length, size_t unit)
{
    same(c, length);
    for (size_t i = 0; i < length; i++)
        same(c, character_at(text, i, unit));
}

void *put_text(struct client *c, unsigned flags)
{
    const size_t unit = unit_of(flags);
    size_t length;
    void *text;

    if (!next(c))
        return NULL;
    length = (size_t)next(c);
    text = put_block(c, length + 1, unit, flags);
    put_characters(c, text, length, unit);
    return text;
}

void same_text(struct client *c, const void *text, unsigned flags)
{
    if (same_present(c, text)) {
        same_characters(c, text, length_of(text, unit_of(flags)), unit_of(flags));
        take_back(c, (void *)text, flags);
    }
}

void *put_buffer(struct client *c, size_t unit)
{
    const size_t room = (size_t)next(c);
    const size_t length = (size_t)next(c);
    void *text = in_out_room(c, room, unit);

    put_characters(c, text, length, unit);
    return text;
}

void same_buffer(struct client *c, const void *text, size_t unit)
{
    const size_t room = (size_t)want(c);
    const struct block *block = block_of(c, text);
    size_t length = 0;

    if (!block || block->size != room * unit)
        client_fail(c, "a buffer is not the client's own", 0, room);
    while (length < room && character_at(text, length, unit) != 0)
        length++;
    if (length == room)
        client_fail(c, "a string without an end", length, room);
    same_characters(c, text, length, unit);
    untouched(c, text, 0, (length + 1) * unit);
}

BSTR put_bstr(struct client *c, unsigned flags)
{
    UINT length;
    BSTR text;

    (void)flags;
    if (!next(c))
        return NULL;
    length = (UINT)next(c);
    text = SysAllocStringLen(NULL, length);
    ck_assert_ptr_nonnull(text);
    put_characters(c, text, length, sizeof *text);
    if (!c->is_in_out || c->is_async)
        add_block(c, BLOCK_BSTR, text, length * sizeof *text);
    return text;
}

void same_bstr(struct client *c, BSTR text, unsigned flags)
{
    (void)flags;
    if (same_present(c, text)) {
        same_characters(c, text, SysStringLen(text), sizeof *text);
        if (text[SysStringLen(text)] != 0)
            client_fail(c, "a BSTR without its end", text[SysStringLen(text)], 0);
        SysFreeString(text);
    }
}

/* ---- interface pointers ---- */

void *put_witness(struct client *c, unsigned flags)
{
    IWitness *witness;

    (void)flags;
    if (!next(c))
        return NULL;
    witness = witness_new((LONG)next(c), WITNESS_CLIENT);
    ck_assert_ptr_nonnull(witness);
    if (!c->is_in_out || c->is_async)
        add_block(c, BLOCK_OBJECT, witness, 0);
    return witness;
}

void same_witness(struct client *c, void *object, unsigned flags)
{
    IUnknown *unknown = object;
    LONG number;
    HRESULT hr;

    (void)flags;
    if (!same_present(c, object))
        return;
    hr = witness_number(object, &number);
    if (hr == E_OUTOFMEMORY && c->is_starving)
        number = (LONG)c->sample->wanted[c->wanted];
    else if (FAILED(hr))
        client_fail(c, "an interface pointer that does not work", (uint32_t)hr, 0);
    same(c, (uint32_t)number);
    IUnknown_Release(unknown);
}

/* ---- one call ---- */

static void remember(struct client *c)
{
    for (struct block *block = c->blocks; block; block = block->next) {
        if (block->size == 0 || block->kind == BLOCK_OBJECT)
            continue;
        block->was = malloc(block->size);
        ck_assert_ptr_nonnull(block->was);
        memcpy(block->was, block->memory, block->size);
    }
}

void client_start(struct client *c, const struct method *method, const struct sample *sample)
{
    c->method = method;
    c->sample = sample;
    c->arguments = calloc(1, method->size);
    ck_assert_ptr_nonnull(c->arguments);
    method->put(c, c->arguments);
    if (c->given != sample->given_count)
        client_fail(c, "the matrix gives more leaves", c->given, sample->given_count);
    remember(c);
}

static void free_block(struct block *block)
{
    IUnknown *unknown = block->memory;

    if (block->kind == BLOCK_OBJECT)
        IUnknown_Release(unknown);
    else if (block->kind == BLOCK_BSTR)
        SysFreeString(block->memory);
    else
        free(block->start ? (void *)block->start : block->memory);
    free(block->was);
    free(block);
}

static bool is_given(const struct block *block)
{
    return block->kind == BLOCK_GIVEN || block->kind == BLOCK_BSTR || block->kind == BLOCK_OBJECT;
}

void client_forget(struct client *c)
{
    for (struct block **place = &c->blocks; *place;) {
        struct block *block = *place;

        if (is_given(block)) {
            *place = block->next;
            if (block->kind != BLOCK_OBJECT)
                memset(block->memory, FORGOTTEN, block->size);
            free_block(block);
        } else {
            place = &block->next;
        }
    }
}

static void look_at_guards(const struct client *c, const struct block *block)
{
    for (size_t i = 0; block->start && i < GUARD; i++)
        if (block->start[i] != GUARD_BYTE || block->start[GUARD + block->size + i] != GUARD_BYTE)
            client_fail(c, "bytes beyond the client's memory were written", i, block->size);
}

static void look_at_block(const struct client *c, const struct block *block)
{
    const unsigned char *is = block->memory;
    const bool is_constant =
        block->kind == BLOCK_GIVEN || block->kind == BLOCK_BSTR || block->kind == BLOCK_CONSTANT;

    look_at_guards(c, block);
    if (block->kind == BLOCK_OBJECT)
        return;
    for (size_t i = 0; i < block->size; i++) {
        if ((is_constant || (c->has_failed && block->kind == BLOCK_KEPT)) && is[i] != block->was[i])
            client_fail(c, "a byte was written that must stay", is[i], block->was[i]);
        if (c->has_failed && block->kind == BLOCK_OUT && is[i] != 0)
            client_fail(c, "an [out] value of a failure is not zero", is[i], 0);
    }
}

void client_end(struct client *c, HRESULT hr)
{
    c->has_failed = FAILED(hr);
    for (const struct block *block = c->blocks; block; block = block->next)
        look_at_block(c, block);
    if (!c->has_failed || !c->is_async) {
        c->method->same(c, c->arguments);
        if (c->wanted != c->sample->wanted_count)
            client_fail(c, "too few results", c->wanted, c->sample->wanted_count);
    }
    client_drop(c);
}

void client_drop(struct client *c)
{
    while (c->blocks) {
        struct block *block = c->blocks;

        c->blocks = block->next;
        free_block(block);
    }
    free(c->arguments);
    c->arguments = NULL;
}
