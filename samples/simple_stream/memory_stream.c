/*
 * memory_stream.c -- an ordinary COM object in C. It knows nothing of asynchrony: the runtime runs
 * its methods in the apartment of the class, and the client decides how to wait.
 */
#include "memory_stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "simple_stream.h"

#define STREAM_SIZE 256 /* bytes */
#define SLOWNESS_MS 150 /* how long the device behind the stream would keep us waiting */

const CLSID CLSID_MemoryStream = {
    0x3c1e4f80, 0x7a11, 0x4b5e, {0x8d, 0x02, 0x51, 0x6f, 0x0a, 0x94, 0x2b, 0xd7}};

struct memory_stream {
    uvcom_object object; /* reference count and interface table, kept by the runtime */
    ISimpleStream ISimpleStream_iface;
    ULONG read_at;
    ULONG end;
    BYTE bytes[STREAM_SIZE];
};

/* QueryInterface, AddRef, Release and memory_stream_from_ISimpleStream. */
UVCOM_OBJECT_IUNKNOWN(memory_stream, ISimpleStream)

/* A real server would be waiting for a disk or a network here. */
static void be_slow(void)
{
    struct timespec time = {.tv_nsec = SLOWNESS_MS * 1000000L};

    nanosleep(&time, NULL);
}

static HRESULT STDMETHODCALLTYPE memory_stream_Read(ISimpleStream *iface, ULONG cb, BYTE *pv,
                                                    ULONG *pcbRead)
{
    struct memory_stream *stream = memory_stream_from_ISimpleStream(iface);
    ULONG left = stream->end - stream->read_at;

    be_slow();
    *pcbRead = cb < left ? cb : left;
    memcpy(pv, stream->bytes + stream->read_at, *pcbRead);
    stream->read_at += *pcbRead;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE memory_stream_Write(ISimpleStream *iface, const BYTE *pv, ULONG cb,
                                                     ULONG *pcbWritten)
{
    struct memory_stream *stream = memory_stream_from_ISimpleStream(iface);
    ULONG room = STREAM_SIZE - stream->end;

    be_slow();
    *pcbWritten = cb < room ? cb : room;
    memcpy(stream->bytes + stream->end, pv, *pcbWritten);
    stream->end += *pcbWritten;
    return S_OK;
}

static const ISimpleStreamVtbl memory_stream_vtable = {
    .QueryInterface = memory_stream_ISimpleStream_QueryInterface,
    .AddRef = memory_stream_ISimpleStream_AddRef,
    .Release = memory_stream_ISimpleStream_Release,
    .Read = memory_stream_Read,
    .Write = memory_stream_Write,
};

static const uvcom_interface_entry memory_stream_interfaces[] = {
    UVCOM_OBJECT_ENTRY(memory_stream, ISimpleStream),
};

static void memory_stream_destroy(uvcom_object *object)
{
    free(object); /* the first member of struct memory_stream */
}

static const uvcom_class memory_stream_class = {
    .interfaces = memory_stream_interfaces,
    .interface_count = 1,
    .destroy = memory_stream_destroy,
};

HRESULT memory_stream_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct memory_stream *stream;
    HRESULT hr;

    if (outer)
        return CLASS_E_NOAGGREGATION;
    stream = calloc(1, sizeof *stream);
    if (!stream)
        return E_OUTOFMEMORY;
    uvcom_object_init(&stream->object, &memory_stream_class);
    stream->ISimpleStream_iface.lpVtbl = &memory_stream_vtable;
    hr = uvcom_object_QueryInterface(&stream->object, riid, ppv);
    uvcom_object_Release(&stream->object);
    return hr;
}
