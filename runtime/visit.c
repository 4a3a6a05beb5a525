/*
 * visit.c -- walks through values for whoever copies, checks or frees them.
 *
 * The generated visitors say what is inside; here is decided in which order it is looked at. What a
 * pointer points to is put on a stack and visited when its owner's visitor has returned, so neither
 * the depth of a value nor its size needs any of the thread's stack. Blocks of task memory stay
 * marked until the whole walk is over: who meets one a second time can tell.
 *
 * What is done with one pointer is in visit_copy.c and visit_meet.c.
 */
#include "runtime/visit.h"

#include "runtime/operation.h"
#include "runtime/parcel.h"
#include "runtime/unknown.h"

struct visit_entry uvcom__visit_bottom;

static void visit_inside(struct uvcom_visit *visit, const struct visit_entry *entry)
{
    if (entry->fn)
        uvcom_visit_elements(visit, entry->elements, entry->count, entry->size, entry->fn);
}

static void visit_pending(struct uvcom_visit *visit)
{
    const enum uvcom_visit_kind kind = visit->kind;
    struct visit_entry *entry;

    for (;;) {
        entry = uvcom__visit_pop(&visit->taken);
        if (entry) {
            /* Below a pointer to const nothing is the server's, whatever is above it. */
            visit->kind = UVCOM_VISIT_TAKE;
            visit_inside(visit, entry);
            visit->kind = kind;
            continue;
        }
        entry = uvcom__visit_pop(&visit->met);
        if (!entry)
            return;
        uvcom__visit_push(&visit->done, entry);
        visit_inside(visit, entry);
    }
}

HRESULT uvcom_frame_visit(void *frame, enum uvcom_visit_kind kind, uvcom_visit_fn fn, void *value,
                          HRESULT hr)
{
    struct uvcom_visit visit = {.kind = kind, .hr = hr, .frame = frame};

    if (!fn)
        return hr;
    visit.taken = &uvcom__visit_bottom;
    visit.met = &uvcom__visit_bottom;
    visit.done = &uvcom__visit_bottom;
    fn(&visit, value);
    visit_pending(&visit);
    uvcom__visit_finish(&visit);
    return kind == UVCOM_VISIT_FREE ? S_OK : visit.hr;
}

static bool is_copying(const struct uvcom_visit *visit)
{
    return visit->kind == UVCOM_VISIT_TAKE || visit->kind == UVCOM_VISIT_CLONE;
}

/* Fills in the sizes that are left, and refuses wrong ones. */
static void check_sizes(struct uvcom_visit *visit, struct pointee *pointee)
{
    const struct uvcom_extent extent = pointee->extent;
    HRESULT hr = S_OK;

    /* While freeing, a number that is wrong concerns the next pointer or array and no other. */
    if (visit->kind == UVCOM_VISIT_FREE)
        visit->hr = S_OK;
    pointee->extent = uvcom_extent_of(extent.room, extent.first, extent.length, &hr);
    if (__builtin_mul_overflow(extent.room, pointee->size, &pointee->bytes)) {
        hr = HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND);
        pointee->bytes = SIZE_MAX;
    }
    if (FAILED(hr))
        uvcom_visit_fail(visit, hr);
}

static void visit_pointee(struct uvcom_visit *visit, void *slot, struct pointee *pointee)
{
    if (!uvcom__slot_load(slot))
        return;
    check_sizes(visit, pointee);
    if (is_copying(visit))
        uvcom__visit_copy(visit, slot, pointee);
    else
        uvcom__visit_meet(visit, slot, pointee);
}

void uvcom_visit_varying(struct uvcom_visit *visit, void *slot, struct uvcom_extent extent,
                         size_t size, uvcom_visit_fn fn, unsigned flags)
{
    struct pointee pointee = {
        .extent = extent, .size = size, .fn = fn, .flags = flags, .is_flat = !fn};

    visit_pointee(visit, slot, &pointee);
}

size_t uvcom_visit_items(struct uvcom_visit *visit, void *slot, void *items,
                         struct uvcom_extent extent, size_t size, unsigned flags)
{
    struct pointee pointee = {.extent = extent, .size = size, .flags = flags};

    visit_pointee(visit, slot, &pointee);
    uvcom__slot_store(items, pointee.elements);
    if (flags & UVCOM_POINTER_CONST && visit->below > 0) {
        visit->below++;
    } else if (flags & UVCOM_POINTER_CONST && visit->kind == UVCOM_VISIT_CLONE) {
        visit->kind = UVCOM_VISIT_TAKE;
        visit->below = 1;
    }
    return pointee.count;
}

void uvcom_visit_leave(struct uvcom_visit *visit)
{
    if (visit->below > 0 && --visit->below == 0)
        visit->kind = UVCOM_VISIT_CLONE;
}

/* ---- elements that stand where they are ---- */

/* Not more of them than there were before the server had the value. */
static size_t count_within(const struct uvcom_visit *visit, const unsigned char *elements,
                           size_t count, size_t size)
{
    size_t most;

    /* The struct itself is there, even if it is smaller than in C, because its array is empty. */
    if (!visit->open || elements <= visit->open || elements > visit->open_end || size == 0)
        return count;
    most = (size_t)(visit->open_end - elements) / size;
    return count < most ? count : most;
}

int uvcom_visit_open(struct uvcom_visit *visit, void *value, size_t room, size_t length)
{
    if (visit->kind != UVCOM_VISIT_FREE || !value)
        return length > 0;
    visit->hr = S_OK;
    visit->open = value;
    visit->open_end = visit->open + room;
    return TRUE;
}

/* What the server made of the numbers of a part does not keep the rest from being freed. */
static void widen_part(const struct uvcom_visit *visit, const void *elements,
                       struct pointee *pointee)
{
    struct uvcom_extent *extent = &pointee->extent;

    extent->room = count_within(visit, elements, extent->room, pointee->size);
    if (FAILED(visit->hr) &&
        uvcom__operation_has(uvcom__operation_of_frame(visit->frame), elements)) {
        extent->first = 0;
        extent->length = extent->room;
    }
    if (extent->first > extent->room)
        extent->first = extent->room;
    if (extent->length > extent->room - extent->first)
        extent->length = extent->room - extent->first;
}

size_t uvcom_visit_part(struct uvcom_visit *visit, void *elements, void *items,
                        struct uvcom_extent extent, size_t size)
{
    struct pointee pointee = {.extent = extent, .size = size};
    const bool is_there = elements != NULL;

    if (is_there && visit->kind == UVCOM_VISIT_FREE)
        widen_part(visit, elements, &pointee);
    if (is_there)
        check_sizes(visit, &pointee);
    else
        pointee.extent.length = 0;
    if (is_there && is_copying(visit) && pointee.bytes != SIZE_MAX)
        uvcom__visit_blank(elements, &pointee);
    uvcom__slot_store(items,
                      is_there ? (unsigned char *)elements + pointee.extent.first * size : NULL);
    return pointee.extent.length;
}

void uvcom_visit_block(struct uvcom_visit *visit, void *slot, size_t count, size_t size,
                       uvcom_visit_fn fn, unsigned flags)
{
    const struct uvcom_extent all = {.room = count, .first = 0, .length = count};

    uvcom_visit_varying(visit, slot, all, size, fn, flags);
}

void uvcom_visit_elements(struct uvcom_visit *visit, void *elements, size_t count, size_t size,
                          uvcom_visit_fn fn)
{
    unsigned char *element = elements;

    if (!element || !fn)
        return;
    count = count_within(visit, element, count, size);
    for (size_t i = 0; i < count; i++)
        fn(visit, element + i * size);
}

/* The room of a string while it is copied: as long as the text if no size was given. */
static void measure_text(struct uvcom_visit *visit, const void *text, struct pointee *pointee)
{
    const size_t room = pointee->extent.room;
    size_t length;

    if (FAILED(visit->hr))
        return;
    length = uvcom_text_length(text, pointee->size, room, &visit->hr);
    pointee->extent.length = length;
    if (room == 0)
        pointee->extent.room = length;
}

void uvcom_visit_string(struct uvcom_visit *visit, void *slot, size_t unit, size_t room,
                        unsigned flags)
{
    struct pointee pointee = {
        .extent = {.room = room}, .size = unit, .flags = flags, .is_flat = true};
    void *text = uvcom__slot_load(slot);

    if (!text)
        return;
    if (is_copying(visit))
        measure_text(visit, text, &pointee);
    check_sizes(visit, &pointee);
    if (is_copying(visit))
        uvcom__visit_copy(visit, slot, &pointee);
    else
        uvcom__visit_meet_string(visit, slot, &pointee);
}

void uvcom_visit_bstr(struct uvcom_visit *visit, void *slot)
{
    if (!uvcom__slot_load(slot))
        return;
    if (is_copying(visit))
        uvcom__visit_copy_bstr(visit, slot);
    else
        uvcom__visit_meet_bstr(visit, slot);
}

static HRESULT send(struct uvcom_visit *visit, void *slot, REFIID iid)
{
    static const enum parcel_way ways[] = {
        [UVCOM_VISIT_TAKE] = PARCEL_IN,
        [UVCOM_VISIT_CLONE] = PARCEL_IN_OUT,
        [UVCOM_VISIT_GIVE] = PARCEL_OUT,
    };
    struct operation *operation = uvcom__operation_of_frame(visit->frame);

    if (operation->is_looked_through) {
        operation->has_interfaces = true;
        return S_OK;
    }
    if (!iid)
        return HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);
    if (visit->kind == UVCOM_VISIT_CLONE &&
        !uvcom__replaced_record(operation, REPLACED_INTERFACE, uvcom__slot_load(slot)))
        return E_OUTOFMEMORY;
    return uvcom__parcel_send(operation, slot, iid, ways[visit->kind]);
}

void uvcom_visit_interface(struct uvcom_visit *visit, void *slot, REFIID iid)
{
    void *iface = uvcom__slot_load(slot);

    if (!iface || visit->kind == UVCOM_VISIT_RESTORE)
        return;
    if (visit->kind == UVCOM_VISIT_FREE) {
        uvcom__slot_store(slot, NULL);
        uvcom__unknown_release(iface);
        return;
    }
    if (SUCCEEDED(visit->hr))
        visit->hr = send(visit, slot, iid);
    /* A copy must not seem to own what is the client's; the server's own is freed with the rest. */
    if (FAILED(visit->hr) && is_copying(visit))
        uvcom__slot_store(slot, NULL);
}

HRESULT uvcom__operation_give(struct operation *operation)
{
    return uvcom_frame_visit(operation->frame, UVCOM_VISIT_GIVE, operation->method->results,
                             operation->frame, S_OK);
}

bool uvcom__operation_has_interfaces(struct operation *operation)
{
    HRESULT hr;

    operation->has_interfaces = false;
    operation->is_looked_through = true;
    hr = uvcom__operation_give(operation);
    operation->is_looked_through = false;
    return operation->has_interfaces || FAILED(hr);
}

HRESULT uvcom__operation_restore(struct operation *operation)
{
    if (operation->kept.count == 0)
        return S_OK;
    return uvcom_frame_visit(operation->frame, UVCOM_VISIT_RESTORE, operation->method->results,
                             operation->frame, S_OK);
}

void uvcom__operation_free_results(struct operation *operation)
{
    if (!operation->method || operation->is_freed)
        return;
    operation->is_freed = true;
    uvcom_frame_visit(operation->frame, UVCOM_VISIT_FREE, operation->method->results,
                      operation->frame, S_OK);
}
