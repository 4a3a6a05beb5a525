/*
 * uvcom/compat/objbase.h -- <objbase.h> for sources that must stay as they are.
 *
 * CoInitialize and CoInitializeEx mark the thread here: existing code tests a time-out of
 * ISynchronize::Wait for RPC_S_CALLPENDING, and a thread so marked gets that code (SYN-02). Threads
 * that were initialised through uvcom/combase.h get RPC_E_TIMEOUT, in the same program.
 */
#ifndef UVCOM_COMPAT_OBJBASE_H
#define UVCOM_COMPAT_OBJBASE_H

#include <uvcom/cancel.h>
#include <uvcom/combase.h>
#include <uvcom/compat/objidl.h>
#include <uvcom/context.h>
#include <uvcom/synchronize.h>

static inline HRESULT uvcom_compat_CoInitializeEx(void *pvReserved, DWORD dwCoInit)
{
    HRESULT hr = CoInitializeEx(pvReserved, dwCoInit);

    if (SUCCEEDED(hr))
        uvcom_compat_mark_thread();
    return hr;
}

static inline HRESULT uvcom_compat_CoInitialize(void *pvReserved)
{
    return uvcom_compat_CoInitializeEx(pvReserved, COINIT_APARTMENTTHREADED);
}

#define CoInitializeEx uvcom_compat_CoInitializeEx
#define CoInitialize uvcom_compat_CoInitialize

#endif
