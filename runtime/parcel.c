/*
 * parcel.c -- see parcel.h.
 *
 * Between objects of one apartment an [in] pointer goes as it is, with a reference; every other
 * pointer goes as an agile pointer (agile.c). The records are in the operation's memory and end
 * with it; the list has what is under way in one direction, first what Begin_ has packed, then what
 * the server has.
 *
 * References are given back where they may be: a target's anywhere, and one that goes as it is only
 * in the one apartment in which such an operation begins, runs and is refused.
 */
#include "runtime/parcel.h"

#include <string.h>

#include "runtime/agile.h"
#include "runtime/apartment.h"
#include "runtime/call.h"
#include "runtime/operation.h"
#include "runtime/target.h"
#include "runtime/unknown.h"

struct parcel {
    struct parcel *next;
    void *slot;
    IID iid;
    enum parcel_way way;
    struct agile_pointer pointer; /* on the way; zeroes: arrived, or dropped */
    IUnknown *lent;               /* PARCEL_IN, arrived: released after the method */
};

static void slot_write(void *slot, void *pointer)
{
    memcpy(slot, &pointer, sizeof pointer);
}

/* The apartment in which the parcel will arrive; NULL: nobody knows yet. Borrowed. */
static struct apartment *destination(const struct operation *operation, enum parcel_way way)
{
    if (way == PARCEL_OUT || !operation->call)
        return NULL;
    if (uvcom__call_is_direct(operation->call))
        return uvcom__apartment_current();
    return uvcom__target_home(operation->call->target);
}

static HRESULT pack(struct parcel *parcel, IUnknown *pointer, struct apartment *to)
{
    HRESULT hr;

    if (to && uvcom__apartment_is_here(to)) {
        pointer->lpVtbl->AddRef(pointer);
        parcel->pointer.direct = pointer;
        return S_OK;
    }
    hr = uvcom__agile_pack(pointer, &parcel->iid, &parcel->pointer);
    if (FAILED(hr) || !to || uvcom__agile_can_arrive(&parcel->pointer, &parcel->iid, to))
        return hr;
    uvcom__agile_drop(&parcel->pointer);
    return E_NOINTERFACE;
}

HRESULT uvcom__parcel_send(struct operation *operation, void *slot, REFIID iid, enum parcel_way way)
{
    struct parcel *parcel = uvcom__operation_room(operation, sizeof *parcel);
    IUnknown *pointer;
    HRESULT hr;

    if (!parcel)
        return E_OUTOFMEMORY;
    memcpy(&pointer, slot, sizeof pointer);
    parcel->slot = slot;
    parcel->iid = *iid;
    parcel->way = way;
    hr = pack(parcel, pointer, destination(operation, way));
    if (FAILED(hr))
        return hr;
    slot_write(slot, NULL);
    parcel->next = operation->parcels;
    operation->parcels = parcel;
    if (way == PARCEL_OUT)
        pointer->lpVtbl->Release(pointer);
    return S_OK;
}

/* Fills the slot: on the thread that is to use the pointer. */
static HRESULT deliver(struct parcel *parcel)
{
    void *pointer = parcel->pointer.direct;
    HRESULT hr = S_OK;

    if (pointer)
        parcel->pointer.direct = NULL; /* its reference is the slot's now */
    else
        hr = uvcom__agile_unpack(&parcel->pointer, &parcel->iid, &pointer);
    if (FAILED(hr))
        return hr;
    uvcom__agile_drop(&parcel->pointer);
    slot_write(parcel->slot, pointer);
    if (parcel->way == PARCEL_IN)
        parcel->lent = pointer;
    return S_OK;
}

static HRESULT deliver_all(struct operation *operation)
{
    HRESULT hr = S_OK;

    for (struct parcel *parcel = operation->parcels; parcel && SUCCEEDED(hr); parcel = parcel->next)
        hr = deliver(parcel);
    return hr;
}

HRESULT uvcom__parcels_arrive(struct operation *operation)
{
    return deliver_all(operation);
}

void uvcom__parcels_leave(struct operation *operation)
{
    for (struct parcel *parcel = operation->parcels; parcel; parcel = parcel->next) {
        IUnknown *lent = parcel->lent;

        if (!lent)
            continue;
        parcel->lent = NULL;
        slot_write(parcel->slot, NULL);
        lent->lpVtbl->Release(lent);
    }
    uvcom__parcels_drop(operation);
}

void uvcom__parcels_forsake(struct operation *operation)
{
    for (struct parcel *parcel = operation->parcels; parcel; parcel = parcel->next) {
        IUnknown *lent = parcel->lent;

        parcel->lent = NULL;
        uvcom__unknown_release(lent);
    }
}

bool uvcom__parcels_are_lent(const struct operation *operation)
{
    for (const struct parcel *parcel = operation->parcels; parcel; parcel = parcel->next)
        if (parcel->lent)
            return true;
    return false;
}

HRESULT uvcom__parcels_collect(struct operation *operation)
{
    HRESULT hr = deliver_all(operation);

    uvcom__parcels_drop(operation);
    return hr;
}

bool uvcom__parcels_need_apartment(const struct operation *operation)
{
    for (const struct parcel *parcel = operation->parcels; parcel; parcel = parcel->next)
        if (parcel->pointer.target)
            return true;
    return false;
}

void uvcom__parcels_drop(struct operation *operation)
{
    while (operation->parcels) {
        struct parcel *parcel = operation->parcels;

        operation->parcels = parcel->next;
        uvcom__agile_drop(&parcel->pointer);
    }
}
