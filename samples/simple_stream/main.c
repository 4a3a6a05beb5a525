/*
 * main.c -- the client of the sample: one asynchronous call, in the steps of the document "Making
 * an Asynchronous Call", and then the same in the runtime's short form.
 */
#include <stdio.h>

#include <uvcom/uvcom.h>

#include "memory_stream.h"
#include "simple_stream.h"

static HRESULT report(const char *step, HRESULT hr)
{
    printf("  %-52s %s\n", step, uvcom_hresult_describe(hr));
    return hr;
}

/* Steps 1 to 3: from the server object to a call object for the asynchronous interface. */
static HRESULT create_call(ISimpleStream *stream, AsyncISimpleStream **call)
{
    ICallFactory *factory;
    HRESULT hr = report("QueryInterface(IID_ICallFactory) on the server",
                        ISimpleStream_QueryInterface(stream, &IID_ICallFactory, (void **)&factory));

    if (FAILED(hr))
        return hr; /* this object has no asynchronous calls: use the plain interface */
    hr = report("ICallFactory::CreateCall",
                ICallFactory_CreateCall(factory, &IID_AsyncISimpleStream, NULL,
                                        &IID_AsyncISimpleStream, (IUnknown **)call));
    ICallFactory_Release(factory);
    return hr;
}

/* Waits in small portions, the way a client with other work to do would. */
static HRESULT wait_with_other_work(AsyncISimpleStream *call)
{
    ISynchronize *synchronize;
    HRESULT hr =
        report("QueryInterface(IID_ISynchronize) on the call object",
               AsyncISimpleStream_QueryInterface(call, &IID_ISynchronize, (void **)&synchronize));

    if (FAILED(hr))
        return hr;
    do
        hr =
            report("ISynchronize::Wait, 60 ms", ISynchronize_Wait(synchronize, COWAIT_DEFAULT, 60));
    while (hr == RPC_E_TIMEOUT);
    ISynchronize_Release(synchronize);
    return hr;
}

static HRESULT write_step_by_step(ISimpleStream *stream, const char *text, ULONG length)
{
    AsyncISimpleStream *call;
    ULONG written = 0;
    HRESULT hr = create_call(stream, &call);

    if (FAILED(hr))
        return hr;
    hr = report("Begin_Write", AsyncISimpleStream_Begin_Write(call, (const BYTE *)text, length));
    if (SUCCEEDED(hr)) {
        report("Begin_Write again, while it runs",
               AsyncISimpleStream_Begin_Write(call, (const BYTE *)text, length));
        hr = wait_with_other_work(call);
    }
    if (SUCCEEDED(hr))
        hr = report("Finish_Write", AsyncISimpleStream_Finish_Write(call, &written));
    report("Finish_Write again, with no call in progress",
           AsyncISimpleStream_Finish_Write(call, &written));
    AsyncISimpleStream_Release(call);
    return hr;
}

static HRESULT read_the_short_way(ISimpleStream *stream)
{
    AsyncISimpleStream *call;
    BYTE text[64];
    ULONG length = 0;
    HRESULT hr = report("uvcom_create_call",
                        uvcom_create_call(stream, &IID_AsyncISimpleStream, (void **)&call));

    if (FAILED(hr))
        return hr;
    hr = report("Begin_Read", AsyncISimpleStream_Begin_Read(call, sizeof text));
    if (SUCCEEDED(hr))
        hr = report("Finish_Read, which waits by itself",
                    AsyncISimpleStream_Finish_Read(call, text, &length));
    AsyncISimpleStream_Release(call);
    if (SUCCEEDED(hr))
        printf("  read %u bytes: \"%.*s\"\n", length, (int)length, (const char *)text);
    return hr;
}

static HRESULT run(void)
{
    static const char text[] = "Hello from another apartment.";
    ISimpleStream *stream;
    HRESULT hr =
        uvcom_register_class(&CLSID_MemoryStream, memory_stream_create, UVCOM_APARTMENT_OWN);

    if (SUCCEEDED(hr))
        hr = report("CoCreateInstance",
                    CoCreateInstance(&CLSID_MemoryStream, NULL, CLSCTX_INPROC_SERVER,
                                     &IID_ISimpleStream, (void **)&stream));
    if (FAILED(hr))
        return hr;
    puts("\nWrite, each step of the document:");
    hr = write_step_by_step(stream, text, sizeof text - 1);
    if (SUCCEEDED(hr)) {
        puts("\nRead, the short way:");
        hr = read_the_short_way(stream);
    }
    ISimpleStream_Release(stream);
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
