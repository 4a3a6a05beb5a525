/*
 * listener.c -- an object like any other, but the client makes it: the server gets a proxy to it,
 * and its calls come to where the client made it.
 */
#include "listener.h"

#include <stdio.h>
#include <stdlib.h>

struct listener {
    uvcom_object object;
    IProgress IProgress_iface;
};

UVCOM_OBJECT_IUNKNOWN(listener, IProgress)

static HRESULT STDMETHODCALLTYPE listener_Placed(IProgress *iface, const char *name, ULONG place)
{
    (void)iface;
    printf("  %s is number %u now\n", name, place);
    return S_OK;
}

static const IProgressVtbl listener_vtable = {
    .QueryInterface = listener_IProgress_QueryInterface,
    .AddRef = listener_IProgress_AddRef,
    .Release = listener_IProgress_Release,
    .Placed = listener_Placed,
};
static const uvcom_interface_entry listener_interfaces[] = {
    UVCOM_OBJECT_ENTRY(listener, IProgress)};

static void listener_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct listener */
}

static const uvcom_class listener_class = {
    .interfaces = listener_interfaces,
    .interface_count = 1,
    .destroy = listener_destroy,
};

IProgress *listener_create(void)
{
    struct listener *listener = calloc(1, sizeof *listener);

    if (!listener)
        return NULL;
    uvcom_object_init(&listener->object, &listener_class);
    listener->IProgress_iface.lpVtbl = &listener_vtable;
    return &listener->IProgress_iface;
}
