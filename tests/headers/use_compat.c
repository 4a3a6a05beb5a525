/*
 * use_compat.c -- a source as it is written for Windows, with uvcom/compat on the include path;
 * compiled in every C variant of the compile matrix, never run.
 */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <rpc.h>
#include <rpcndr.h>

#include <windows.h>

#include <objbase.h>
#include <objidl.h>
#include <ole2.h>
#include <oleauto.h>
#include <unknwn.h>

#ifndef __RPCNDR_H_VERSION__
#error this source requires <rpcndr.h>
#endif

typedef interface IOld IOld;

typedef struct IOldVtbl {
    BEGIN_INTERFACE

    HRESULT(STDMETHODCALLTYPE *QueryInterface)
    (IOld *This, /* [in] */ __RPC__in REFIID riid, void **ppvObject);
    ULONG(STDMETHODCALLTYPE *AddRef)(__RPC__in IOld *This);
    ULONG(STDMETHODCALLTYPE *Release)(__RPC__in IOld *This);
    HRESULT(STDMETHODCALLTYPE *Run)(IOld *This, IN hyper size, OUT boolean *done);

    END_INTERFACE
} IOldVtbl;

interface IOld
{
    CONST_VTBL struct IOldVtbl *lpVtbl;
};

HRESULT CALLBACK IOld_Run_Proxy(IOld *This, hyper size, boolean *done);
void __RPC_STUB IOld_Run_Stub(IRpcStubBuffer *This, IRpcChannelBuffer *channel,
                              PRPC_MESSAGE message, DWORD *phase);
HRESULT wait_as_on_windows(ISynchronize *synchronize);

HRESULT wait_as_on_windows(ISynchronize *synchronize)
{
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    if (FAILED(hr))
        return hr;
    while ((hr = ISynchronize_Wait(synchronize, COWAIT_DEFAULT, 10)) == RPC_S_CALLPENDING)
        ISynchronize_AddRef(synchronize);
    CoUninitialize();
    return hr;
}

/* Text of 16 bits, whatever a WCHAR is. */
UINT use_bstr(BSTR *title);

UINT use_bstr(BSTR *title)
{
    BSTR text = SysAllocString(OLESTR("a title"));
    UINT length = SysStringLen(text);

    if (SysReAllocStringLen(title, text, length))
        SysFreeString(text);
    return length;
}

/* The thread that is to be freed from a call that hangs. */
HRESULT give_up(DWORD *thread, ULONG seconds);

HRESULT give_up(DWORD *thread, ULONG seconds)
{
    *thread = GetCurrentThreadId();
    return CoCancelCall(*thread, seconds);
}
