/*
 * use_cpp.cpp -- the public headers as a C++ program uses them; compiled in every variant of the
 * compile matrix, never run. With CINTERFACE it gets the C view, and compiles use of that instead.
 */
#include <uvcom/uvcom.h>

EXTERN_C HRESULT use_cpp(IUnknown *server);

#ifndef CINTERFACE

/* An interface declared by hand, in the style of headers that were not generated. */
DECLARE_INTERFACE_(IUse, ISynchronize)
{
    STDMETHOD(Use)(THIS_ LONG value) PURE;
};

__CRT_UUID_DECL(IUse, 0x2c6f0d51, 0x7b0f, 0x4f7e, 0x9d, 0x0b, 0x6f, 0x1c, 0x6f, 0x1c, 0x2a, 0x03)

class event final : public IUse
{
  public:
    STDMETHODIMP QueryInterface(REFIID riid, void **ppvObject) override
    {
        bool known = riid == IID_IUnknown || riid == IID_ISynchronize;

        *ppvObject = known ? this : nullptr;
        return known ? S_OK : E_NOINTERFACE;
    }

    STDMETHODIMP_(ULONG) AddRef() override
    {
        return 1;
    }

    STDMETHODIMP_(ULONG) Release() override
    {
        return 1;
    }

    STDMETHODIMP Wait(DWORD, DWORD) override
    {
        return RPC_S_CALLPENDING;
    }

    STDMETHODIMP Signal() override
    {
        return S_OK;
    }

    STDMETHODIMP Reset() override
    {
        return S_FALSE;
    }

    STDMETHODIMP Use(LONG value) override
    {
        return value ? S_OK : E_NOTIMPL;
    }
};

HRESULT use_cpp(IUnknown *server)
{
    event done;
    IUse *use = nullptr;
    void *call = nullptr;
    HRESULT hr = done.QueryInterface(IID_PPV_ARGS(&use));

    if (SUCCEEDED(hr) && __uuidof(use) != IID_IUnknown)
        hr = uvcom_create_call(server, IID_ISynchronize, &call);
    switch (hr) { /* each of them must be a constant */
    case RPC_E_CALL_COMPLETE:
    case RPC_E_CALL_PENDING:
    case HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER):
        return E_FAIL;
    default:
        return uvcom_wait(call, INFINITE);
    }
}

#else

HRESULT use_cpp(IUnknown *server)
{
    void *found;
    HRESULT hr = IUnknown_QueryInterface(server, IID_ISynchronize, &found);

    if (SUCCEEDED(hr))
        hr = ISynchronize_Signal(static_cast<ISynchronize *>(found));
    return hr;
}

#endif
