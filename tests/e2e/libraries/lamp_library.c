/*
 * lamp_library.c -- a server library as users write them: objects of uvcom_object, and both exports
 * by UVCOM_SERVER_LIBRARY. It has the generated code in it, as most have.
 */
#include <stdlib.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <uvcom/library.h>
#include <uvcom/object.h>

#include "lamp.h"
#include "lamp_classes.h"

struct lamp {
    uvcom_object object;
    ILamp ILamp_iface;
};

UVCOM_OBJECT_IUNKNOWN(lamp, ILamp)

static ULONG lit; /* starts at 0 each time the library is mapped into memory */

static HRESULT STDMETHODCALLTYPE lamp_Light(ILamp *This, ULONG *thread, ULONG *count)
{
    (void)This;
    *thread = (ULONG)syscall(SYS_gettid);
    *count = __atomic_add_fetch(&lit, 1, __ATOMIC_RELAXED);
    return S_OK;
}

static const ILampVtbl lamp_vtbl = {lamp_ILamp_QueryInterface, lamp_ILamp_AddRef,
                                    lamp_ILamp_Release, lamp_Light};

static void lamp_destroy(uvcom_object *object)
{
    free(object);
}

static HRESULT lamp_create(IUnknown *outer, REFIID riid, void **ppv)
{
    static const uvcom_interface_entry interfaces[] = {UVCOM_OBJECT_ENTRY(lamp, ILamp)};
    static const uvcom_class class_ = {
        .interfaces = interfaces, .interface_count = 1, .destroy = lamp_destroy};
    struct lamp *lamp = outer ? NULL : calloc(1, sizeof *lamp);
    HRESULT hr;

    *ppv = NULL;
    if (!lamp)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&lamp->object, &class_);
    lamp->ILamp_iface.lpVtbl = &lamp_vtbl;
    hr = uvcom_object_QueryInterface(&lamp->object, riid, ppv);
    uvcom_object_Release(&lamp->object);
    return hr;
}

static const CLSID ids[LAMP_CLASSES] = LAMP_IDS;
static const uvcom_library_class lamp_classes[] = {
    {&ids[0], lamp_create}, {&ids[1], lamp_create}, {&ids[2], lamp_create},
    {&ids[3], lamp_create}, {&ids[4], lamp_create},
};
UVCOM_SERVER_LIBRARY(lamp_classes)
