/*
 * server.c -- see server.h.
 */
#include "tests/e2e/matrix/server.h"

#include <stdatomic.h>

#include "tests/e2e/matrix/witness.h"

static struct {
    _Atomic uint64_t seen;
    atomic_size_t calls;
    atomic_int live;
} server;

uint64_t server_seen(void)
{
    return atomic_load(&server.seen);
}

size_t server_calls(void)
{
    return atomic_load(&server.calls);
}

int server_live(void)
{
    return atomic_load(&server.live);
}

void server_born(void)
{
    atomic_fetch_add(&server.live, 1);
}

void server_gone(void)
{
    atomic_fetch_sub(&server.live, 1);
}

/* ---- the rule ---- */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

void serve(struct served *s)
{
    *s = (struct served){.seen = UINT64_C(0x243F6A8885A308D3)};
}

void received(struct served *s)
{
    s->source = s->seen;
    atomic_store(&server.seen, s->seen);
    atomic_fetch_add(&server.calls, 1);
}

void fold(struct served *s, uint64_t leaf)
{
    s->seen = mix(s->seen * 3 + leaf + 1);
}

uint64_t draw(struct served *s)
{
    s->source += UINT64_C(0x9E3779B97F4A7C15);
    return mix(s->source);
}

void *server_room(struct served *s, size_t count, size_t size)
{
    void *memory = CoTaskMemAlloc(count * size);

    if (memory)
        memset(memory, 0, count * size);
    else
        s->hr = E_OUTOFMEMORY;
    return memory;
}

/* ---- ids, strings ---- */

void fold_guid(struct served *s, const GUID *guid)
{
    uint64_t halves[2];

    memcpy(halves, guid, sizeof halves);
    fold(s, halves[0]);
    fold(s, halves[1]);
}

void make_guid(struct served *s, GUID *guid)
{
    uint64_t halves[2];

    halves[0] = draw(s);
    halves[1] = draw(s);
    memcpy(guid, halves, sizeof halves);
}

IID *make_iid(struct served *s)
{
    IID *iid = server_room(s, 1, sizeof *iid);

    if (iid)
        *iid = IID_IWitness;
    return iid;
}

static void fold_characters(struct served *s, const void *text, size_t length, size_t unit)
{
    fold(s, length);
    for (size_t i = 0; i < length; i++)
        fold(s, character_at(text, i, unit));
}

static void draw_characters(struct served *s, void *text, size_t length, size_t unit)
{
    const uint64_t limit = unit == 1 ? 0xFF : 0xFFFF;

    for (size_t i = 0; i < length; i++)
        set_character(text, i, unit, 1 + draw(s) % limit);
}

void fold_text(struct served *s, const void *text, unsigned flags)
{
    fold(s, text != NULL);
    if (text)
        fold_characters(s, text, length_of(text, unit_of(flags)), unit_of(flags));
}

void *make_text(struct served *s, unsigned flags)
{
    void *text = NULL;

    if (flags & REQUIRED || draw(s) % 4 != 0) {
        const size_t length = draw(s) % 9;

        text = server_room(s, length + 1, unit_of(flags));
        if (text)
            draw_characters(s, text, length, unit_of(flags));
    }
    return text;
}

void alter_text(struct served *s, void *text, unsigned flags)
{
    if (text)
        draw_characters(s, text, length_of(text, unit_of(flags)), unit_of(flags));
}

void drop_text(const void *text)
{
    CoTaskMemFree((void *)text);
}

void fold_buffer(struct served *s, const void *text, size_t room, size_t unit)
{
    const size_t length = length_of(text, unit);

    fold(s, room > 0 ? room : length + 1);
    fold_characters(s, text, length, unit);
}

void make_buffer(struct served *s, void *text, size_t room, size_t unit)
{
    const size_t most = room > 0 ? room : length_of(text, unit) + 1;
    const size_t length = draw(s) % most;

    draw_characters(s, text, length, unit);
    set_character(text, length, unit, 0);
}

/* ---- BSTRs ---- */

void fold_bstr(struct served *s, BSTR text, unsigned flags)
{
    (void)flags;
    fold(s, text != NULL);
    if (text)
        fold_characters(s, text, SysStringLen(text), sizeof(OLECHAR));
}

void alter_bstr(struct served *s, BSTR text, unsigned flags)
{
    const size_t length = SysStringLen(text);

    (void)flags;
    for (size_t i = 0; i < length; i++)
        set_character(text, i, sizeof(OLECHAR), draw(s) & 0xFFFF);
}

BSTR make_bstr(struct served *s, unsigned flags)
{
    BSTR text;

    if (draw(s) % 4 == 0)
        return NULL;
    text = SysAllocStringLen(NULL, (UINT)(draw(s) % 9));
    if (text)
        alter_bstr(s, text, flags);
    else
        s->hr = E_OUTOFMEMORY;
    return text;
}

void drop_bstr(BSTR text)
{
    SysFreeString(text);
}

/* ---- interface pointers ---- */

void fold_witness(struct served *s, void *object, unsigned flags)
{
    LONG number = 0;
    HRESULT hr = object ? witness_number(object, &number) : S_OK;

    (void)flags;
    if (FAILED(hr))
        s->hr = hr;
    fold(s, object != NULL);
    if (object)
        fold(s, (uint32_t)number);
}

void *make_witness(struct served *s, unsigned flags)
{
    IWitness *witness;

    (void)flags;
    if (draw(s) % 4 == 0)
        return NULL;
    witness = witness_new((LONG)(draw(s) & 0x7FFFFFFF), WITNESS_SERVER);
    if (!witness)
        s->hr = E_OUTOFMEMORY;
    return witness;
}

void drop_witness(void *object)
{
    IUnknown *unknown = object;

    if (unknown)
        IUnknown_Release(unknown);
}
