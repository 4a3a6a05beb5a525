/*
 * uvcom/visit.h -- how generated code walks through values that are more than their own bytes.
 *
 * Included by uvcom/proxy.h. uvidl writes one function for each type that needs depth: it names,
 * field by field, what is inside, and says nothing of why it is asked. The same function copies a
 * value that goes in, looks at one that comes out, and frees one that nobody wants; what a step
 * does depends on the visit:
 *
 *     static void visit_person(struct uvcom_visit *visit, void *data)
 *     {
 *         person *value = data;
 *
 *         uvcom_visit_text(visit, &value->name, sizeof *value->name);
 *         uvcom_visit_pointer(visit, &value->next, 1, sizeof *value->next, visit_person);
 *         uvcom_visit_interface(visit, &value->listener, &IID_IListener);
 *     }
 *
 * A *slot* is the address of a pointer in a value; it is read and written as bytes, so any pointer
 * type will do. What a pointer points to is visited later, not from inside, so a list of a million
 * nodes needs no stack.
 */
#ifndef UVCOM_VISIT_H
#define UVCOM_VISIT_H

#include <uvcom/proxy.h>

#ifdef __cplusplus
extern "C" {
#endif

enum uvcom_visit_kind {
    UVCOM_VISIT_TAKE,  /* Begin_, of [in] values: what pointers point to is copied into the
                          operation's memory, where it lives until the operation ends */
    UVCOM_VISIT_CLONE, /* Begin_, of [in, out] values: it is copied with CoTaskMemAlloc, since the
                          server may free it and put something else in its place */
    UVCOM_VISIT_GIVE,  /* after the server's method, of [out] and [in, out] values: they are looked
                          at, and interface pointers leave the server's apartment */
    UVCOM_VISIT_RESTORE, /* at Finish_: what was cloned of pointers to const becomes the client's
                            own pointers again */
    UVCOM_VISIT_FREE     /* of the same, when nobody collects them; and of [in, out] values before
                            the server's own Finish_ puts new ones in their places */
};

struct uvcom_visit {
    enum uvcom_visit_kind kind;
    HRESULT hr;  /* the first thing that is wrong; while freeing nothing is */
    void *frame; /* of the operation */
    void *taken; /* the runtime's: copies in the operation that are still to be visited */
    void *met;   /* the runtime's: blocks of task memory that are still to be visited */
    void *done;  /* the runtime's: those that have been */
    /* The runtime's: the loops below a pointer to const that CLONE is in, and the memory of a
       struct with an open end while FREE looks into it. */
    unsigned below;
    unsigned char *open;
    unsigned char *open_end;
};

/* Which elements of an array there are: `length` of them, from `first` on, of `room`. Made by
   uvcom_extent_of. */
struct uvcom_extent {
    size_t room;
    size_t first;
    size_t length;
};

/* What is special about a pointer. */
enum {
    UVCOM_POINTER_PLAIN = 0,
    UVCOM_POINTER_CONST = 1,  /* to const: the server cannot have changed it; in an [in, out] value
                                 the client's own pointer comes back. Of several levels those below
                                 one to const are marked too: they are the client's as well */
    UVCOM_POINTER_SHARED = 2, /* [ptr]: others may point to the same, even in a circle */
    UVCOM_POINTER_ALONE = 4 /* with SHARED, of what a loop visits: what is inside depends on values
                               around the pointer. Two of them that point to the same need not
                               agree on that, so they are refused: RPC_X_BAD_STUB_DATA */
};

/**
 * Visits one value and everything below it.
 *
 * @param frame  of the operation
 * @param fn     what is inside the value
 * @param value  the value, often the frame itself
 * @param hr     how far things are: after a failure nothing is copied any more, but TAKE and CLONE
 *               still set each slot to NULL, so that nothing of the client's is ever freed
 *
 * @return hr if that is a failure, else S_OK, E_OUTOFMEMORY,
 *         E_NOINTERFACE        an interface pointer that has no such interface, or one without
 *                              generated code that would have to cross an apartment
 *         or HRESULT_FROM_WIN32 of
 *         RPC_X_NULL_REF_POINTER, RPC_X_INVALID_BOUND, RPC_X_INVALID_TAG,
 *         RPC_X_ENUM_VALUE_OUT_OF_RANGE, RPC_X_BAD_STUB_DATA
 *         FREE always gives S_OK
 */
UVCOM_API HRESULT uvcom_frame_visit(void *frame, enum uvcom_visit_kind kind, uvcom_visit_fn fn,
                                    void *value, HRESULT hr);

/**
 * A pointer that the value owns, to `count` elements of `size` bytes. NULL stays NULL.
 *
 * TAKE and CLONE put a copy in its place; GIVE checks that the server's block (of CoTaskMemAlloc)
 * is large enough; FREE frees the block when the whole visit is over, and lets the slot be: a size
 * may still be read through it. Then fn, if there is one, is called for each element; later, when
 * the calling visitor has returned. With no fn the elements are nothing but bytes, and a plain call
 * through a proxy, whose caller waits, lends [in] ones instead of copying them.
 *
 * @param flags  UVCOM_POINTER_ values
 */
UVCOM_API void uvcom_visit_block(struct uvcom_visit *visit, void *slot, size_t count, size_t size,
                                 uvcom_visit_fn fn, unsigned flags);

/**
 * The same for an array of which only some elements are there ([length_is], [first_is] and so on):
 *
 *     uvcom_visit_varying(visit, &value->data, uvcom_extent_of(room, first, length, &visit->hr),
 *                         sizeof *value->data, visit_person, UVCOM_POINTER_PLAIN);
 *
 * Only these are copied and visited, the others are zero.
 */
UVCOM_API void uvcom_visit_varying(struct uvcom_visit *visit, void *slot,
                                   struct uvcom_extent extent, size_t size, uvcom_visit_fn fn,
                                   unsigned flags);

/** Elements that stand in the value itself, or in a block that has been visited; NULL: nothing. */
UVCOM_API void uvcom_visit_elements(struct uvcom_visit *visit, void *elements, size_t count,
                                    size_t size, uvcom_visit_fn fn);

/**
 * The same as uvcom_visit_varying for elements that a loop visits, since what is inside them
 * depends on the value around them, or is another level of pointers:
 *
 *     count = uvcom_visit_items(visit, &value->rows, &rows, uvcom_extent_all(value->height),
 *                               sizeof *rows, UVCOM_POINTER_PLAIN);
 *     for (size_t i = 0; i < count; i++)
 *         uvcom_visit_pointer(visit, &rows[i], value->width, sizeof *rows[i], NULL);
 *
 * With UVCOM_POINTER_CONST in flags uvcom_visit_leave follows the loop: between the two CLONE goes
 * on as TAKE does, since what is below a pointer to const is all the client's.
 *
 * @param items  [out] address of a pointer: the first of the elements to be visited, or NULL. It is
 *               good to the end of the visit, also while freeing
 *
 * @return how many there are to be visited: 0 for a NULL, after a failure, and for what has been
 *         visited already; never more than the block holds
 */
UVCOM_API size_t uvcom_visit_items(struct uvcom_visit *visit, void *slot, void *items,
                                   struct uvcom_extent extent, size_t size, unsigned flags);

/** After the loop over the items of a pointer to const, also if there were none. */
UVCOM_API void uvcom_visit_leave(struct uvcom_visit *visit);

/**
 * The same for elements that stand in the value itself or in the frame: T a[4] with a length_is.
 * TAKE and CLONE make those zero that are not there. FREE, where the numbers are wrong, looks at
 * all that there is room for in the operation's own memory: what is not there is zero.
 *
 * @param elements  NULL: there are none
 */
UVCOM_API size_t uvcom_visit_part(struct uvcom_visit *visit, void *elements, void *items,
                                  struct uvcom_extent extent, size_t size);

/**
 * A struct in the frame that ends with an array, and has `room` bytes.
 *
 * @param length  the bytes that it says it has; 0: more than room
 *
 * @return whether it is visited: not with a length of 0, but while it is freed all of room counts
 */
UVCOM_API int uvcom_visit_open(struct uvcom_visit *visit, void *value, size_t room, size_t length);

/**
 * Whether `size` bytes may be read at a pointer that stands in the value, in order to find out how
 * large something else is. False for a NULL; for GIVE and FREE also if it is not of CoTaskMemAlloc
 * with room for that much.
 */
UVCOM_API int uvcom_visit_holds(struct uvcom_visit *visit, const void *pointer, size_t size);

/**
 * A string that the value owns, of characters of `unit` bytes (1, 2 or 4).
 *
 * @param room  the elements that there is room for, and within which it must end; 0: no size was
 *              given, and the copy is as long as the text
 */
UVCOM_API void uvcom_visit_string(struct uvcom_visit *visit, void *slot, size_t unit, size_t room,
                                  unsigned flags);

/** A BSTR that the value owns. NULL stays NULL. */
UVCOM_API void uvcom_visit_bstr(struct uvcom_visit *visit, void *slot);

/**
 * An interface pointer that the value owns a reference by. NULL stays NULL.
 *
 * A proxy among a call's [in] values may have to be asked for `iid` when it arrives, in the
 * server's apartment: if neither that interface nor one that derives from it has been asked of the
 * object in this process before (only an iid_is names such a one). Until its home answers, the
 * server's single-threaded apartment serves other calls, and a later call of the same client may
 * overtake this one (CALL-17). A client that minds asks its pointer for the interface before.
 *
 * TAKE and CLONE reference the object until the server's method has returned, and give the server
 * a pointer that is good in its apartment; GIVE takes the server's reference, and the client gets a
 * pointer that is good in the apartment of Finish_; FREE releases it. (CALL-16, LIFE-04)
 *
 * @param iid  the interface; NULL (an iid_is that points nowhere) is RPC_X_NULL_REF_POINTER unless
 *             the slot is NULL too
 */
UVCOM_API void uvcom_visit_interface(struct uvcom_visit *visit, void *slot, REFIID iid);

/** Keeps the first failure; nothing is wrong with what is being freed. */
static inline void uvcom_visit_fail(struct uvcom_visit *visit, HRESULT hr)
{
    if (visit->kind != UVCOM_VISIT_FREE)
        uvcom_fail(&visit->hr, hr);
}

/** The elements that there are; more than there is room for: RPC_X_INVALID_BOUND, and none. */
static inline struct uvcom_extent uvcom_extent_of(size_t room, size_t first, size_t length,
                                                  HRESULT *hr)
{
    struct uvcom_extent extent = {room, first, length};

    if (first <= room && length <= room - first)
        return extent;
    uvcom_fail(hr, HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND));
    extent.first = 0;
    extent.length = 0;
    return extent;
}

static inline struct uvcom_extent uvcom_extent_all(size_t room)
{
    struct uvcom_extent extent = {room, 0, room};

    return extent;
}

#ifdef __cplusplus
}
#endif

#include <uvcom/visitor.h>

#endif
