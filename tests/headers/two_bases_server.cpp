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

static HRESULT STDMETHODCALLTYPE start_add(ICounter *This, uvcom_operation *operation,
                                           const LONG *numbers, ULONG count, LONGLONG *total)
{
    return operation ? E_UNEXPECTED : This->Add(numbers, count, total);
}

static const AsyncICounterServer starts = {start_add};

const AsyncICounterServer *counter_starts(void)
{
    return &starts;
}

/* In place of the runtime's, which is not here: answers what it was asked for. */
HRESULT uvcom_create_server_call(const IID *async_iid, const void *table, void *server,
                                 IUnknown *outer, REFIID riid2, IUnknown **ppv)
{
    *ppv = static_cast<ICounter *>(server);
    if (*async_iid != IID_AsyncICounter || table != &starts || outer || riid2 != IID_IUnknown)
        return E_NOINTERFACE;
    return S_OK;
}

ICounter *counter_create(void)
{
    return new counter;
}

int counter_alive(void)
{
    return alive;
}
