/*
 * cargo_make.c -- see cargo.h: memory and values out of choices.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <uvcom/oleauto.h>

#include "cargo.h"

/* ---- choices ---- */

unsigned cargo_choose(struct cargo_maker *maker, unsigned below)
{
    if (maker->size == 0)
        return 0;
    maker->size--;
    return *maker->data++ % below;
}

uint64_t cargo_bits(struct cargo_maker *maker)
{
    uint64_t bits = 0;

    for (int i = 0; i < 8; i++)
        bits = bits << 8 | cargo_choose(maker, 256);
    return bits;
}

bool cargo_errs(struct cargo_maker *maker, unsigned fault)
{
    if (!maker->may_err || cargo_choose(maker, 16) != 15)
        return false;
    maker->faults |= fault;
    return true;
}

bool cargo_explains(unsigned faults, HRESULT hr)
{
    return (faults & CARGO_NULL && hr == HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER)) ||
           (faults & CARGO_BOUND && hr == HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND)) ||
           (faults & CARGO_TAG && hr == HRESULT_FROM_WIN32(RPC_X_INVALID_TAG)) ||
           (faults & CARGO_ENUM && hr == HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE)) ||
           (faults & CARGO_SHARED && hr == HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)) ||
           (faults & CARGO_NO_INTERFACE && hr == E_NOINTERFACE);
}

/* ---- memory ---- */

struct cargo_block {
    struct cargo_block *next;
    enum cargo_memory memory;
    bool is_inner;
    void *start; /* CARGO_PAGES: of the pages */
    size_t size; /* of the pages */
    IWitness *object;
    BSTR text;
};

static struct cargo_block *note(struct cargo_maker *maker)
{
    struct cargo_block *block;

    if (maker->is_server)
        return NULL;
    block = calloc(1, sizeof *block);
    if (!block)
        abort();
    block->memory = maker->memory;
    block->is_inner = maker->memory == maker->inner && maker->inner != maker->outer;
    block->next = maker->first;
    maker->first = block;
    return block;
}

/* The block ends at the end of a page, and the next one may not be touched. */
static void *get_pages(struct cargo_block *block, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t room = (size + page - 1) / page * page;
    char *start =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (start == MAP_FAILED || mprotect(start + room, page, PROT_NONE) != 0)
        abort();
    block->start = start;
    block->size = room + page;
    return start + room - size;
}

void *cargo_get(struct cargo_maker *maker, size_t count, size_t size)
{
    struct cargo_block *block = note(maker);
    void *memory;

    if (maker->memory == CARGO_PAGES)
        return get_pages(block, count * size);
    memory = maker->memory == CARGO_TASK ? CoTaskMemAlloc(count * size) : malloc(count * size);
    if (!memory && count * size > 0)
        abort();
    if (memory)
        memset(memory, 0, count * size);
    if (block)
        block->start = memory;
    return memory;
}

void *cargo_require(struct cargo_maker *maker, size_t count, size_t size)
{
    return cargo_errs(maker, CARGO_NULL) ? NULL : cargo_get(maker, count, size);
}

void *cargo_own(struct cargo_maker *maker, size_t *count, size_t size)
{
    const size_t bytes = *count * size;
    size_t missing;

    if (!maker->is_server || bytes == 0 || !cargo_errs(maker, CARGO_BOUND))
        return cargo_get(maker, *count, size);
    missing = 1 + cargo_choose(maker, 20);
    if (missing > bytes)
        missing = bytes;
    *count = (bytes - missing) / size;
    return cargo_get(maker, 1, bytes - missing);
}

void cargo_inside(struct cargo_maker *maker)
{
    maker->memory = maker->inner;
}

void cargo_outside(struct cargo_maker *maker)
{
    maker->memory = maker->outer;
}

static void drop(struct cargo_block *block)
{
    if (block->object)
        IWitness_Release(block->object);
    else if (block->text)
        SysFreeString(block->text);
    else if (block->memory == CARGO_PAGES)
        munmap(block->start, block->size);
    else if (block->memory == CARGO_TASK)
        CoTaskMemFree(block->start);
    else
        free(block->start);
}

void cargo_drop(struct cargo_maker *maker, bool without_inner)
{
    struct cargo_block *next;

    for (struct cargo_block *block = maker->first; block; block = next) {
        next = block->next;
        if (!without_inner || !block->is_inner)
            drop(block);
        free(block);
    }
    maker->first = NULL;
}

/* ---- values that are their bytes ---- */

mood cargo_make_mood(struct cargo_maker *maker)
{
    static const int good[] = {MOOD_CALM, MOOD_GLAD, MOOD_WILD, 0, 1, 32767, 6, 1000};
    static const int bad[] = {-1, 32768, 65536, 0x7FFFFFFF, 65536 + MOOD_CALM};

    if (cargo_errs(maker, CARGO_ENUM))
        return (mood)bad[cargo_choose(maker, sizeof bad / sizeof *bad)];
    return (mood)good[cargo_choose(maker, sizeof good / sizeof *good)];
}

LONG cargo_make_step(struct cargo_maker *maker, LONG low, LONG high)
{
    static const LONG bad[] = {1, 2, 100, 0x4000};
    const unsigned span = (unsigned)(high - low) + 1;
    LONG beyond;

    if (!cargo_errs(maker, CARGO_BOUND))
        return low + (LONG)cargo_choose(maker, span);
    beyond = bad[cargo_choose(maker, sizeof bad / sizeof *bad)];
    return cargo_choose(maker, 2) ? low - beyond : high + beyond;
}

void cargo_make_numbers(struct cargo_maker *maker, numbers *value)
{
    const uint64_t bits[4] = {cargo_bits(maker), cargo_bits(maker), cargo_bits(maker),
                              cargo_bits(maker)};

    value->flag = (BOOLEAN)bits[0];
    value->raw = (BYTE)(bits[0] >> 8);
    value->tiny = (signed char)(bits[0] >> 16);
    value->letter = (char)(bits[0] >> 24);
    value->wide = (WCHAR)(bits[0] >> 32);
    value->brief = (short)(bits[0] >> 48);
    value->port = (unsigned short)bits[1];
    value->count = (LONG)(bits[1] >> 16);
    value->bits = (ULONG)(bits[1] >> 32);
    value->distance = (LONGLONG)bits[2];
    value->big = bits[2] ^ bits[3];
    memcpy(&value->ratio, &bits[3], sizeof value->ratio);
    memcpy(&value->exact, &bits[2], sizeof value->exact);
    value->feeling = cargo_make_mood(maker);
    value->colour = (tint)(int)bits[3];
    memcpy(&value->id, &bits[1], sizeof value->id);
    value->month = (short)cargo_make_step(maker, 1, 12);
    value->step = cargo_make_step(maker, -5, 5);
}

point *cargo_make_point(struct cargo_maker *maker)
{
    size_t count = 1;
    point *made = cargo_own(maker, &count, sizeof *made);

    if (count == 1)
        *made = (point){(LONG)cargo_bits(maker), (LONG)cargo_choose(maker, 256)};
    return made;
}

/* ---- text ---- */

static void put_unit(void *text, size_t unit, size_t at, unsigned value)
{
    const uint16_t wide = (uint16_t)value;

    if (unit == 1)
        ((unsigned char *)text)[at] = (unsigned char)value;
    else
        memcpy((char *)text + at * unit, &wide, sizeof wide);
}

void cargo_fill_text(struct cargo_maker *maker, void *text, size_t unit, size_t room)
{
    size_t length = cargo_choose(maker, 13);

    if (room > 0 && cargo_errs(maker, CARGO_BOUND)) {
        for (size_t i = 0; i < room; i++)
            put_unit(text, unit, i, 'x');
        return;
    }
    if (length > room - 1)
        length = room - 1;
    for (size_t i = 0; i < length; i++)
        put_unit(text, unit, i, 'a' + cargo_choose(maker, 26) + (unit > 1 ? 0x2000 : 0));
    put_unit(text, unit, length, 0);
}

void *cargo_make_text(struct cargo_maker *maker, size_t unit, size_t room)
{
    const size_t length = cargo_choose(maker, 12);
    const bool has_end = !(room == 0 && maker->is_server && cargo_errs(maker, CARGO_BOUND));
    void *text = cargo_get(maker, room > 0 ? room : length + has_end, unit);

    if (room > 0) {
        cargo_fill_text(maker, text, unit, room);
        return text;
    }
    for (size_t i = 0; i < length; i++)
        put_unit(text, unit, i, 'a' + cargo_choose(maker, 26) + (unit > 1 ? 0x2000 : 0));
    if (has_end)
        put_unit(text, unit, length, 0);
    return text;
}

/* Its bytes may be anything, zeroes too. */
BSTR cargo_make_bstr(struct cargo_maker *maker)
{
    OLECHAR text[16];
    const UINT length = cargo_choose(maker, 14);
    const UINT bytes = length * (UINT)sizeof *text;
    struct cargo_block *block;
    char *memory;
    BSTR made;

    for (UINT i = 0; i < length; i++)
        text[i] = (OLECHAR)cargo_choose(maker, 256);
    if (maker->memory == CARGO_TASK) {
        made = SysAllocStringLen(text, length);
        block = note(maker);
        if (block)
            block->text = made;
        return made;
    }
    /* What a BSTR is: its length in bytes, the text, an end. */
    memory = cargo_get(maker, (sizeof bytes + bytes + sizeof *text + 3) / 4, 4);
    memcpy(memory, &bytes, sizeof bytes);
    memcpy(memory + sizeof bytes, text, bytes);
    return (BSTR)(void *)(memory + sizeof bytes);
}

/* ---- values that own something ---- */

void cargo_make_record(struct cargo_maker *maker, record *value)
{
    size_t there, one = 1;

    if (cargo_choose(maker, 3))
        value->name = cargo_make_text(maker, 1, 0);
    if (cargo_choose(maker, 3))
        value->title = cargo_make_text(maker, sizeof *value->title, 0);
    there = value->count = cargo_choose(maker, 5);
    if (cargo_choose(maker, 4)) {
        value->points = cargo_own(maker, &there, sizeof *value->points);
        for (size_t i = 0; i < there; i++)
            value->points[i] = (point){(LONG)i, (LONG)cargo_choose(maker, 256)};
    }
    value->home = cargo_errs(maker, CARGO_NULL) ? NULL : cargo_make_point(maker);
    if (cargo_choose(maker, 2)) {
        value->maybe = cargo_own(maker, &one, sizeof *value->maybe);
        if (one)
            *value->maybe = (LONG)cargo_bits(maker);
    }
    if (cargo_choose(maker, 2))
        value->label = cargo_make_bstr(maker);
    value->inner.feeling = cargo_make_mood(maker);
    value->feelings[0] = cargo_make_mood(maker);
    value->feelings[1] = cargo_make_mood(maker);
}

void cargo_make_note(struct cargo_maker *maker, record *value)
{
    if (cargo_choose(maker, 2))
        value->inner.note = cargo_make_text(maker, 1, 0);
}

node *cargo_make_list(struct cargo_maker *maker)
{
    size_t left = cargo_choose(maker, 7), one = 1;
    node *first = NULL, **slot = &first;

    for (; left > 0 && one > 0; left--) {
        node *made = *slot = cargo_own(maker, &one, sizeof *made);

        if (one == 0)
            break;
        made->value = (LONG)cargo_choose(maker, 256);
        if (cargo_choose(maker, 2))
            made->name = cargo_make_text(maker, 1, 0);
        slot = &made->next;
    }
    /* A circle: of a client's the copying ends at the limit. */
    if (first && one > 0 && cargo_errs(maker, maker->is_server ? CARGO_SHARED : CARGO_BOUND))
        *slot = cargo_choose(maker, 2) || !first->next ? first : first->next;
    return first;
}

knot *cargo_make_graph(struct cargo_maker *maker)
{
    knot *knots[7];
    const size_t count = cargo_choose(maker, sizeof knots / sizeof *knots + 1);
    size_t made = 0, one = 1;

    while (made < count && one > 0) {
        knots[made] = cargo_own(maker, &one, sizeof *knots[0]);
        made += 1;
    }
    if (made == 0)
        return NULL;
    for (size_t i = 0; i + (one == 0) < made; i++) {
        unsigned other = cargo_choose(maker, (unsigned)made + 1);

        knots[i]->value = (LONG)cargo_choose(maker, 256);
        knots[i]->right = other < made ? knots[other] : NULL;
        /* By its left hand everybody is reached. */
        knots[i]->left = i + 1 < made ? knots[i + 1] : knots[i]->right;
    }
    return knots[0];
}

packet *cargo_make_packet(struct cargo_maker *maker)
{
    /* What ends where its pages end begins at an even address only if it is of even length. */
    const USHORT unit = maker->memory == CARGO_PAGES ? 2 : 1;
    const USHORT count = (USHORT)(cargo_choose(maker, 40) * unit);
    /* Not a byte more, although sizeof counts one element, or padding. */
    size_t there = offsetof(packet, bytes) + count;
    packet *made = cargo_own(maker, &there, 1);

    if (there < offsetof(packet, bytes))
        return made;
    made->count = count;
    for (size_t i = 0; i < count && offsetof(packet, bytes) + i < there; i++)
        made->bytes[i] = (BYTE)cargo_choose(maker, 256);
    return made;
}

void cargo_make_choice(struct cargo_maker *maker, LONG *kind, choice *value)
{
    static const LONG bad[] = {0, 7, -1, 0x7FFFFFFF};

    if (cargo_errs(maker, CARGO_TAG)) {
        *kind = bad[cargo_choose(maker, sizeof bad / sizeof *bad)];
        return;
    }
    *kind = 1 + (LONG)cargo_choose(maker, 6);
    if (*kind == 1)
        value->number = (LONG)cargo_bits(maker);
    else if (*kind == 2 || *kind == 3)
        value->text = cargo_choose(maker, 3) ? cargo_make_text(maker, 1, 0) : NULL;
    else if (*kind == 4)
        value->where = cargo_choose(maker, 3) ? cargo_make_point(maker) : NULL;
    else if (*kind == 5)
        value->object = cargo_make_witness(maker);
}

void cargo_make_any(struct cargo_maker *maker, any *value)
{
    value->kind = (short)(cargo_choose(maker, 2) ? cargo_bits(maker) : 1 + cargo_choose(maker, 4));
    if (value->kind == 1)
        value->content.real = cargo_choose(maker, 256) / 8.0;
    else if (value->kind == 2)
        value->content.list = cargo_make_list(maker);
    else if (value->kind == 3)
        value->content.feeling = cargo_make_mood(maker);
}

/* ---- witnesses ---- */

struct witness {
    uvcom_object object;
    IWitness IWitness_iface;
    LONG number;
};

UVCOM_OBJECT_IUNKNOWN(witness, IWitness)

static int live;

int cargo_witnesses(void)
{
    return __atomic_load_n(&live, __ATOMIC_ACQUIRE);
}

static HRESULT STDMETHODCALLTYPE witness_Number(IWitness *This, LONG *number)
{
    *number = witness_from_IWitness(This)->number;
    return S_OK;
}

static const IWitnessVtbl witness_vtbl = {
    .QueryInterface = witness_IWitness_QueryInterface,
    .AddRef = witness_IWitness_AddRef,
    .Release = witness_IWitness_Release,
    .Number = witness_Number,
};

static void witness_destroy(uvcom_object *object)
{
    free(object); /* the first member */
    __atomic_sub_fetch(&live, 1, __ATOMIC_ACQ_REL);
}

IWitness *cargo_make_witness(struct cargo_maker *maker)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(witness, IWitness)};
    static const uvcom_class class_ = {interfaces, 1, witness_destroy, 0};
    struct witness *witness;
    struct cargo_block *block;

    if (cargo_choose(maker, 4) == 0)
        return NULL;
    witness = calloc(1, sizeof *witness);
    if (!witness)
        abort();
    uvcom_object_init(&witness->object, &class_);
    witness->IWitness_iface.lpVtbl = &witness_vtbl;
    witness->number = (LONG)cargo_choose(maker, 256);
    __atomic_add_fetch(&live, 1, __ATOMIC_ACQ_REL);
    block = note(maker);
    if (block)
        block->object = &witness->IWitness_iface;
    return &witness->IWitness_iface;
}
