/*
 * interface_stream.c -- CoMarshalInterThreadInterfaceInStream and
 * CoGetInterfaceAndReleaseStream.
 *
 * Within one process there is nothing to be written down: the stream carries an agile pointer, and
 * is as a stream a sequence of no bytes. It may be given to any thread as it is.
 */
#include <string.h>

#include <uvcom/marshal.h>
#include <uvcom/object.h>

#include "runtime/agile.h"
#include "runtime/platform.h"

struct interface_stream {
    uvcom_object object;
    IStream IStream_iface;
    uvcom__atomic32 taken; /* not 0: somebody has the pointer, or had it */
    struct agile_pointer pointer;
};

UVCOM_OBJECT_IUNKNOWN(interface_stream, IStream)

static HRESULT STDMETHODCALLTYPE interface_stream_Read(IStream *This, void *pv, ULONG cb,
                                                       ULONG *pcbRead)
{
    (void)This;
    (void)pv;
    if (pcbRead)
        *pcbRead = 0;
    return cb == 0 ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Write(IStream *This, const void *pv, ULONG cb,
                                                        ULONG *pcbWritten)
{
    (void)This;
    (void)pv;
    if (pcbWritten)
        *pcbWritten = 0;
    return cb == 0 ? S_OK : STG_E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Seek(IStream *This, LARGE_INTEGER move,
                                                       DWORD origin, ULARGE_INTEGER *position)
{
    (void)This;
    if (position)
        position->QuadPart = 0;
    if (origin > STREAM_SEEK_END || move.QuadPart != 0)
        return STG_E_INVALIDFUNCTION;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE interface_stream_SetSize(IStream *This, ULARGE_INTEGER size)
{
    (void)This;
    return size.QuadPart == 0 ? S_OK : STG_E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE interface_stream_CopyTo(IStream *This, IStream *to,
                                                         ULARGE_INTEGER cb, ULARGE_INTEGER *read,
                                                         ULARGE_INTEGER *written)
{
    (void)This;
    (void)cb;
    if (read)
        read->QuadPart = 0;
    if (written)
        written->QuadPart = 0;
    return to ? S_OK : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Commit(IStream *This, DWORD flags)
{
    (void)This;
    (void)flags;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Revert(IStream *This)
{
    (void)This;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE interface_stream_LockRegion(IStream *This, ULARGE_INTEGER offset,
                                                             ULARGE_INTEGER cb, DWORD kind)
{
    (void)This;
    (void)offset;
    (void)cb;
    (void)kind;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Stat(IStream *This, STATSTG *stat, DWORD flag)
{
    (void)This;
    (void)flag; /* it has no name that could be left out */
    if (!stat)
        return E_POINTER;
    memset(stat, 0, sizeof *stat);
    stat->type = STGTY_STREAM;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE interface_stream_Clone(IStream *This, IStream **clone)
{
    (void)This;
    if (!clone)
        return E_POINTER;
    *clone = NULL;
    return E_NOTIMPL; /* it would have to carry the pointer too, which is to be had once */
}

static const IStreamVtbl interface_stream_vtbl = {
    interface_stream_IStream_QueryInterface,
    interface_stream_IStream_AddRef,
    interface_stream_IStream_Release,
    interface_stream_Read,
    interface_stream_Write,
    interface_stream_Seek,
    interface_stream_SetSize,
    interface_stream_CopyTo,
    interface_stream_Commit,
    interface_stream_Revert,
    interface_stream_LockRegion,
    interface_stream_LockRegion, /* UnlockRegion: nothing can be locked */
    interface_stream_Stat,
    interface_stream_Clone,
};

static void interface_stream_destroy(uvcom_object *object)
{
    struct interface_stream *stream = (struct interface_stream *)object;

    uvcom__agile_drop(&stream->pointer);
    uvcom__free(stream);
}

HRESULT CoMarshalInterThreadInterfaceInStream(REFIID riid, IUnknown *pUnk, IStream **ppStm)
{
    static const uvcom_interface_entry interfaces[] = {
        UVCOM_OBJECT_ENTRY(interface_stream, IStream),
        UVCOM_OBJECT_ENTRY_AS(interface_stream, IStream, ISequentialStream)};
    static const uvcom_class class_ = {interfaces, 2, interface_stream_destroy,
                                       UVCOM_CLASS_NO_CALL_FACTORY | UVCOM_CLASS_AGILE};
    struct interface_stream *stream;
    HRESULT hr;

    if (!ppStm)
        return E_POINTER;
    *ppStm = NULL;
    if (!riid || !pUnk)
        return E_INVALIDARG;
    stream = uvcom__alloc(sizeof *stream);
    if (!stream)
        return E_OUTOFMEMORY;
    uvcom_object_init(&stream->object, &class_);
    stream->IStream_iface.lpVtbl = &interface_stream_vtbl;
    hr = uvcom__agile_pack(pUnk, riid, &stream->pointer);
    if (SUCCEEDED(hr))
        *ppStm = &stream->IStream_iface;
    else
        uvcom_object_Release(&stream->object);
    return hr;
}

/* The pointer of a stream of ours: once, whoever else has the stream. */
static HRESULT take(IStream *iface, REFIID iid, void **ppv)
{
    struct interface_stream *stream;
    uint32_t no = 0;
    HRESULT hr;

    if (iface->lpVtbl != &interface_stream_vtbl)
        return E_INVALIDARG;
    stream = interface_stream_from_IStream(iface);
    if (!uvcom__cas32(&stream->taken, &no, 1, UVCOM__ACQ_REL))
        return CO_E_OBJNOTCONNECTED;
    hr = uvcom__agile_unpack(&stream->pointer, iid, ppv);
    uvcom__agile_drop(&stream->pointer);
    return hr;
}

HRESULT CoGetInterfaceAndReleaseStream(IStream *pStm, REFIID iid, void **ppv)
{
    HRESULT hr = E_INVALIDARG;

    if (ppv)
        *ppv = NULL;
    if (!pStm)
        return E_INVALIDARG;
    if (ppv && iid)
        hr = take(pStm, iid, ppv);
    pStm->lpVtbl->Release(pStm);
    return hr;
}
