/*
 * two_bases_server.cpp -- the object of the two-bases test, a C++ class on its abstract interface.
 */
#include "two_bases.h"

#include <uvcom/hresult.h>

static int alive;

/* No virtual destructor: that would be slots of the vtable which no other language knows of. */
class counter final : public ICounter
{
    ULONG refs = 1;
    LONGLONG sum = 0;

  public:
    counter()
    {
        alive++;
    }

    ~counter()
    {
        alive--;
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **ppvObject) override
    {
        *ppvObject = nullptr;
        if (!IsEqualIID(riid, IID_IUnknown) && riid != IID_ICounter)
            return E_NOINTERFACE;
        *ppvObject = this;
        AddRef();
        return S_OK;
    }

    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return ++refs;
    }

    ULONG STDMETHODCALLTYPE Release() override
    {
        ULONG left = --refs;

        if (!left)
            delete this;
        return left;
    }

    HRESULT STDMETHODCALLTYPE Add(const LONG *numbers, ULONG count, LONGLONG *total) override
    {
        if (!total)
            return E_POINTER;
        for (ULONG i = 0; i < count; i++)
            sum += numbers[i];
        *total = sum;
        return S_OK;
    }
};

ICounter *counter_create(void)
{
    return new counter;
}

int counter_alive(void)
{
    return alive;
}
