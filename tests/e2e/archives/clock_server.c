/*
 * clock_server.c -- see clock_server.h; the half that implements IClock.
 */
#include "clock_server.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "clock.h"

struct clock {
    uvcom_object object;
    IClock IClock_iface;
};

UVCOM_OBJECT_IUNKNOWN(clock, IClock)

static atomic_int live;

int clock_live(void)
{
    return atomic_load(&live);
}

static HRESULT STDMETHODCALLTYPE clock_GetHour(IClock *This, LONG zone, LONG *hour)
{
    (void)This;
    *hour = (12 + zone) % 24;
    return S_OK;
}

static const IClockVtbl clock_vtbl = {
    .QueryInterface = clock_IClock_QueryInterface,
    .AddRef = clock_IClock_AddRef,
    .Release = clock_IClock_Release,
    .GetHour = clock_GetHour,
};

static void clock_destroy(uvcom_object *object)
{
    atomic_fetch_sub(&live, 1);
    free((struct clock *)(void *)object);
}

HRESULT clock_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(clock, IClock)};
    static const uvcom_class class_ = {interfaces, 1, clock_destroy, 0};
    struct clock *clock = calloc(1, sizeof *clock);
    HRESULT hr;

    (void)outer;
    *ppv = NULL;
    if (!clock)
        return E_OUTOFMEMORY;
    uvcom_object_init(&clock->object, &class_);
    clock->IClock_iface.lpVtbl = &clock_vtbl;
    atomic_fetch_add(&live, 1);
    hr = uvcom_object_QueryInterface(&clock->object, riid, ppv);
    uvcom_object_Release(&clock->object);
    return hr;
}
