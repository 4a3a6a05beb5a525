/*
 * memory_stream.h -- the server of the sample: a stream whose bytes are in memory.
 */
#ifndef SAMPLES_SIMPLE_STREAM_MEMORY_STREAM_H
#define SAMPLES_SIMPLE_STREAM_MEMORY_STREAM_H

#include <uvcom/uvcom.h>

extern const CLSID CLSID_MemoryStream;

/* Makes one; given to uvcom_register_class, which calls it in the class's apartment. */
HRESULT memory_stream_create(IUnknown *outer, REFIID riid, void **ppv);

#endif
