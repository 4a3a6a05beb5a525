/*
 * tube.c -- an ordinary COM object with four interfaces. Bytes, longs and doubles have a store
 * each; the stream and the pipe of bytes share one.
 */
#include "tube.h"

#include <stdlib.h>
#include <string.h>

#include "pipes.h"

#define STORE_SIZE 256 /* bytes */

const CLSID CLSID_Tube = {
    0x8c4e2d01, 0x3f6a, 0x4b0d, {0x8e, 0x57, 0x6a, 0x9d, 0x41, 0xc7, 0xb2, 0x01}};

struct store {
    size_t used;
    char bytes[STORE_SIZE];
};

struct tube {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    IByteStream IByteStream_iface;
    IBytePipe IBytePipe_iface;
    ILongPipe ILongPipe_iface;
    IDoublePipe IDoublePipe_iface;
    struct store bytes;
    struct store longs;
    struct store doubles;
};

UVCOM_OBJECT_IUNKNOWN(tube, IByteStream)
UVCOM_OBJECT_IUNKNOWN(tube, IBytePipe)
UVCOM_OBJECT_IUNKNOWN(tube, ILongPipe)
UVCOM_OBJECT_IUNKNOWN(tube, IDoublePipe)

/* ---- a store of elements of one size ---- */

/* How many of them there was room for. */
static ULONG put(struct store *store, const void *elements, ULONG count, size_t size)
{
    const size_t room = (STORE_SIZE - store->used) / size;

    if (count > room)
        count = (ULONG)room;
    memcpy(store->bytes + store->used, elements, count * size);
    store->used += count * size;
    return count;
}

/* How many there were. */
static ULONG take(struct store *store, void *elements, ULONG count, size_t size)
{
    const size_t there = store->used / size;

    if (count > there)
        count = (ULONG)there;
    memcpy(elements, store->bytes, count * size);
    store->used -= count * size;
    memmove(store->bytes, store->bytes + count * size, store->used);
    return count;
}

static HRESULT put_all(struct store *store, const void *elements, ULONG count, size_t size)
{
    return put(store, elements, count, size) == count ? S_OK : E_OUTOFMEMORY;
}

/* ---- the methods ---- */

static HRESULT STDMETHODCALLTYPE tube_Read(IByteStream *iface, BYTE *pv, ULONG cb, ULONG *pcbRead)
{
    *pcbRead = take(&tube_from_IByteStream(iface)->bytes, pv, cb, sizeof *pv);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE tube_Write(IByteStream *iface, const BYTE *pv, ULONG cb,
                                            ULONG *pcbWritten)
{
    *pcbWritten = put(&tube_from_IByteStream(iface)->bytes, pv, cb, sizeof *pv);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE tube_PullBytes(IBytePipe *iface, BYTE *buf, ULONG cRequest,
                                                ULONG *pcReturned)
{
    *pcReturned = take(&tube_from_IBytePipe(iface)->bytes, buf, cRequest, sizeof *buf);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE tube_PushBytes(IBytePipe *iface, BYTE *buf, ULONG cSent)
{
    return put_all(&tube_from_IBytePipe(iface)->bytes, buf, cSent, sizeof *buf);
}

static HRESULT STDMETHODCALLTYPE tube_PullLongs(ILongPipe *iface, LONG *buf, ULONG cRequest,
                                                ULONG *pcReturned)
{
    *pcReturned = take(&tube_from_ILongPipe(iface)->longs, buf, cRequest, sizeof *buf);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE tube_PushLongs(ILongPipe *iface, LONG *buf, ULONG cSent)
{
    return put_all(&tube_from_ILongPipe(iface)->longs, buf, cSent, sizeof *buf);
}

static HRESULT STDMETHODCALLTYPE tube_PullDoubles(IDoublePipe *iface, DOUBLE *buf, ULONG cRequest,
                                                  ULONG *pcReturned)
{
    *pcReturned = take(&tube_from_IDoublePipe(iface)->doubles, buf, cRequest, sizeof *buf);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE tube_PushDoubles(IDoublePipe *iface, DOUBLE *buf, ULONG cSent)
{
    return put_all(&tube_from_IDoublePipe(iface)->doubles, buf, cSent, sizeof *buf);
}

/* ---- the object ---- */

static const IByteStreamVtbl stream_vtable = {
    .QueryInterface = tube_IByteStream_QueryInterface,
    .AddRef = tube_IByteStream_AddRef,
    .Release = tube_IByteStream_Release,
    .Read = tube_Read,
    .Write = tube_Write,
};
static const IBytePipeVtbl bytes_vtable = {
    .QueryInterface = tube_IBytePipe_QueryInterface,
    .AddRef = tube_IBytePipe_AddRef,
    .Release = tube_IBytePipe_Release,
    .Pull = tube_PullBytes,
    .Push = tube_PushBytes,
};
static const ILongPipeVtbl longs_vtable = {
    .QueryInterface = tube_ILongPipe_QueryInterface,
    .AddRef = tube_ILongPipe_AddRef,
    .Release = tube_ILongPipe_Release,
    .Pull = tube_PullLongs,
    .Push = tube_PushLongs,
};
static const IDoublePipeVtbl doubles_vtable = {
    .QueryInterface = tube_IDoublePipe_QueryInterface,
    .AddRef = tube_IDoublePipe_AddRef,
    .Release = tube_IDoublePipe_Release,
    .Pull = tube_PullDoubles,
    .Push = tube_PushDoubles,
};

static const uvcom_interface_entry tube_interfaces[] = {
    UVCOM_OBJECT_ENTRY(tube, IByteStream),
    UVCOM_OBJECT_ENTRY(tube, IBytePipe),
    UVCOM_OBJECT_ENTRY(tube, ILongPipe),
    UVCOM_OBJECT_ENTRY(tube, IDoublePipe),
};

static void tube_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct tube */
}

static const uvcom_class tube_class = {
    .interfaces = tube_interfaces,
    .interface_count = 4,
    .destroy = tube_destroy,
};

HRESULT tube_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct tube *tube = outer ? NULL : calloc(1, sizeof *tube);
    HRESULT hr;

    *ppv = NULL;
    if (!tube)
        return outer ? CLASS_E_NOAGGREGATION : E_OUTOFMEMORY;
    uvcom_object_init(&tube->object, &tube_class);
    tube->IByteStream_iface.lpVtbl = &stream_vtable;
    tube->IBytePipe_iface.lpVtbl = &bytes_vtable;
    tube->ILongPipe_iface.lpVtbl = &longs_vtable;
    tube->IDoublePipe_iface.lpVtbl = &doubles_vtable;
    hr = uvcom_object_QueryInterface(&tube->object, riid, ppv);
    uvcom_object_Release(&tube->object);
    return hr;
}
