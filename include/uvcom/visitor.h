/*
 * uvcom/visitor.h -- the words that visitors are written in: the kinds of pointers by name, and the
 * checks of plain values.
 *
 * Included by uvcom/visit.h, which says what a visit is. Everything is inline.
 */
#ifndef UVCOM_VISITOR_H
#define UVCOM_VISITOR_H

#include <uvcom/visit.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The usual pointer, and the other kinds by name. */
static inline void uvcom_visit_pointer(struct uvcom_visit *visit, void *slot, size_t count,
                                       size_t size, uvcom_visit_fn fn)
{
    uvcom_visit_block(visit, slot, count, size, fn, UVCOM_POINTER_PLAIN);
}

static inline void uvcom_visit_constant(struct uvcom_visit *visit, void *slot, size_t count,
                                        size_t size, uvcom_visit_fn fn)
{
    uvcom_visit_block(visit, slot, count, size, fn, UVCOM_POINTER_CONST);
}

static inline void uvcom_visit_shared(struct uvcom_visit *visit, void *slot, size_t count,
                                      size_t size, uvcom_visit_fn fn)
{
    uvcom_visit_block(visit, slot, count, size, fn, UVCOM_POINTER_SHARED);
}

static inline void uvcom_visit_text(struct uvcom_visit *visit, void *slot, size_t unit)
{
    uvcom_visit_string(visit, slot, unit, 0, UVCOM_POINTER_PLAIN);
}

static inline void uvcom_visit_constant_text(struct uvcom_visit *visit, void *slot, size_t unit)
{
    uvcom_visit_string(visit, slot, unit, 0, UVCOM_POINTER_CONST);
}

/* A string with a size_is; where there is no room at all, there is no end of a string either. */
static inline void uvcom_visit_buffer(struct uvcom_visit *visit, void *slot, size_t unit,
                                      size_t room, unsigned flags)
{
    const void *text;

    memcpy(&text, slot, sizeof text);
    if (text && room == 0)
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    uvcom_visit_string(visit, slot, unit, room > 0 ? room : 1, flags);
}

/* A string in the value itself or in memory of the frame ends there. */
static inline void uvcom_visit_ended(struct uvcom_visit *visit, const void *text, size_t unit,
                                     size_t room)
{
    if (visit->kind == UVCOM_VISIT_TAKE || visit->kind == UVCOM_VISIT_CLONE)
        uvcom_text_length(text, unit, room, &visit->hr);
    else if (text && uvcom_text_within(text, unit, room) == 0)
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
}

/* A [ref] pointer inside a value must point somewhere. */
static inline void uvcom_visit_require(struct uvcom_visit *visit, const void *pointer)
{
    if (!pointer)
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
}

/* [range(low, high)] */
static inline void uvcom_visit_range(struct uvcom_visit *visit, LONGLONG value, LONGLONG low,
                                     LONGLONG high)
{
    if (value < low || value > high)
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
}

static inline void uvcom_visit_enum(struct uvcom_visit *visit, LONGLONG value, LONGLONG low,
                                    LONGLONG high)
{
    if (value < low || value > high)
        uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_ENUM_VALUE_OUT_OF_RANGE));
}

/* Whether the tag of a union could be worked out. If not, no arm is looked at: not even FREE may
   take it for another one. */
static inline int uvcom_visit_knows(struct uvcom_visit *visit, HRESULT hr)
{
    if (FAILED(hr))
        uvcom_visit_fail(visit, hr);
    return SUCCEEDED(hr);
}

/* The same for a tag that a field points to. */
static inline int uvcom_visit_leads(struct uvcom_visit *visit, const void *pointer, size_t size)
{
    return uvcom_visit_holds(visit, pointer, size) ||
           uvcom_visit_knows(visit, HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER));
}

/* The `default:` of a union that has none. */
static inline void uvcom_visit_no_such_case(struct uvcom_visit *visit)
{
    uvcom_visit_fail(visit, HRESULT_FROM_WIN32(RPC_X_INVALID_TAG));
}

#ifdef __cplusplus
}
#endif

#endif
