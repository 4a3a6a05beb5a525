/*
 * main.c -- the client of the sample: arrays whose size is given when a call begins and whose
 * memory is given when it ends, in the plain form and in the asynchronous one.
 */
#include <stdio.h>
#include <string.h>

#include <uvcom/uvcom.h>

#include "pipes.h"
#include "tube.h"

/* The plain form: one call with everything. It runs in the object's apartment all the same. */
static HRESULT use_stream(IByteStream *stream)
{
    static const char text[] = "to the pipe";
    ULONG written = 0;
    HRESULT hr = IByteStream_Write(stream, (const BYTE *)text, sizeof text - 1, &written);

    printf("IByteStream::Write of %zu bytes: %s, %u written\n", sizeof text - 1,
           uvcom_hresult_describe(hr), written);
    return hr;
}

/* Begin_Pull is told how many there may be. Finish_Pull gets the memory, and fills no more. */
static HRESULT pull_bytes(IBytePipe *pipe, ULONG request)
{
    AsyncIBytePipe *call;
    BYTE bytes[16];
    ULONG count = 0;
    HRESULT hr = uvcom_create_call(pipe, &IID_AsyncIBytePipe, (void **)&call);

    if (FAILED(hr))
        return hr;
    do {
        hr = AsyncIBytePipe_Begin_Pull(call, request);
        if (SUCCEEDED(hr))
            hr = AsyncIBytePipe_Finish_Pull(call, bytes, &count);
        printf("IBytePipe, Begin_Pull of %u: %s, \"%.*s\"\n", request, uvcom_hresult_describe(hr),
               (int)count, (const char *)bytes);
    } while (SUCCEEDED(hr) && count > 0);
    AsyncIBytePipe_Release(call);
    return hr;
}

/* What Begin_Push was given may be overwritten at once: it has been copied. */
static HRESULT push_longs(ILongPipe *pipe)
{
    AsyncILongPipe *call;
    LONG numbers[3];
    HRESULT hr = uvcom_create_call(pipe, &IID_AsyncILongPipe, (void **)&call);

    if (FAILED(hr))
        return hr;
    for (LONG i = 0; SUCCEEDED(hr) && i < 2; i++) {
        for (LONG k = 0; k < 3; k++)
            numbers[k] = 10 * i + k;
        hr = AsyncILongPipe_Begin_Push(call, numbers, 3);
        memset(numbers, 0, sizeof numbers);
        if (SUCCEEDED(hr))
            hr = AsyncILongPipe_Finish_Push(call);
    }
    AsyncILongPipe_Release(call);
    return hr;
}

static HRESULT use_longs(ILongPipe *pipe)
{
    LONG numbers[8];
    ULONG count = 0;
    HRESULT hr = push_longs(pipe);

    if (SUCCEEDED(hr))
        hr = ILongPipe_Pull(pipe, numbers, 8, &count);
    printf("ILongPipe::Pull of 8: %s,", uvcom_hresult_describe(hr));
    for (ULONG i = 0; i < count; i++)
        printf(" %d", numbers[i]);
    puts("");
    return hr;
}

static HRESULT use_doubles(IDoublePipe *pipe)
{
    DOUBLE numbers[2] = {0.5, 0.25};
    ULONG count = 0;
    HRESULT hr = IDoublePipe_Push(pipe, numbers, 2);

    if (SUCCEEDED(hr))
        hr = IDoublePipe_Push(pipe, numbers, 0);
    if (SUCCEEDED(hr))
        hr = IDoublePipe_Pull(pipe, numbers, 1, &count);
    printf("IDoublePipe::Pull of 1: %s, %.2f\n", uvcom_hresult_describe(hr), numbers[0]);
    return hr;
}

/* A count with no memory behind it is refused where it is given, and no call starts. */
static HRESULT make_a_mistake(IBytePipe *pipe)
{
    AsyncIBytePipe *call;
    HRESULT hr = uvcom_create_call(pipe, &IID_AsyncIBytePipe, (void **)&call);

    if (FAILED(hr))
        return hr;
    printf("IBytePipe, Begin_Push of NULL: %s\n",
           uvcom_hresult_describe(AsyncIBytePipe_Begin_Push(call, NULL, 5)));
    AsyncIBytePipe_Release(call);
    return hr;
}

static HRESULT use_interface(IByteStream *stream, REFIID iid)
{
    void *object;
    HRESULT hr = IByteStream_QueryInterface(stream, iid, &object);

    if (FAILED(hr))
        return hr;
    if (IsEqualIID(iid, &IID_ILongPipe))
        hr = use_longs(object);
    else if (IsEqualIID(iid, &IID_IDoublePipe))
        hr = use_doubles(object);
    else if (SUCCEEDED(hr = pull_bytes(object, 4)))
        hr = make_a_mistake(object);
    IUnknown_Release((IUnknown *)object);
    return hr;
}

static HRESULT run(void)
{
    IByteStream *stream;
    HRESULT hr = uvcom_register_class(&CLSID_Tube, tube_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_Tube, NULL, CLSCTX_INPROC_SERVER, &IID_IByteStream,
                              (void **)&stream);
    if (FAILED(hr))
        return hr;
    hr = use_stream(stream);
    if (SUCCEEDED(hr))
        hr = use_interface(stream, &IID_IBytePipe);
    if (SUCCEEDED(hr))
        hr = use_interface(stream, &IID_ILongPipe);
    if (SUCCEEDED(hr))
        hr = use_interface(stream, &IID_IDoublePipe);
    IByteStream_Release(stream);
    return hr;
}

int main(void)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return 1;
    hr = run();
    CoUninitialize();
    return FAILED(hr);
}
