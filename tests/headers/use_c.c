/*
 * use_c.c -- the macros of the public headers as a C program uses them; compiled in every variant
 * of the compile matrix, never run.
 */
#define INITGUID

#include <uvcom/ocidl.h>
#include <uvcom/uvcom.h>

DEFINE_GUID(CLSID_Use, 0x2c6f0d51, 0x7b0f, 0x4f7e, 0x9d, 0x0b, 0x6f, 0x1c, 0x6f, 0x1c, 0x2a, 0x02);

/* An interface declared by hand, in the style of headers that were not generated. */
#undef INTERFACE
#define INTERFACE IByHand
DECLARE_INTERFACE_(IByHand, IUnknown)
{
    STDMETHOD(QueryInterface)(THIS_ REFIID riid, void **ppvObject) PURE;
    STDMETHOD_(ULONG, AddRef)(THIS) PURE;
    STDMETHOD_(ULONG, Release)(THIS) PURE;
    STDMETHOD(Get)(THIS_ LONG * value) PURE;
};

/* An object with two interfaces, the second of which stands before the uvcom_object. */
struct use {
    ISynchronize ISynchronize_iface;
    uvcom_object object;
    IByHand IByHand_iface;
    LONG value;
};

UVCOM_OBJECT_IUNKNOWN(use, IByHand)
UVCOM_OBJECT_IUNKNOWN(use, ISynchronize)

static HRESULT STDMETHODCALLTYPE use_Get(IByHand *iface, LONG *value)
{
    *value = use_from_IByHand(iface)->value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE use_Wait(ISynchronize *iface, DWORD dwFlags, DWORD dwMilliseconds)
{
    (void)dwFlags;
    (void)dwMilliseconds;
    return use_from_ISynchronize(iface)->value ? S_OK : RPC_E_TIMEOUT;
}

static HRESULT STDMETHODCALLTYPE use_Signal(ISynchronize *iface)
{
    use_from_ISynchronize(iface)->value = 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE use_Reset(ISynchronize *iface)
{
    use_from_ISynchronize(iface)->value = 0;
    return S_OK;
}

static CONST_VTBL struct IByHandVtbl use_by_hand_vtbl = {
    use_IByHand_QueryInterface, use_IByHand_AddRef, use_IByHand_Release, use_Get};

static CONST_VTBL ISynchronizeVtbl use_synchronize_vtbl = {
    use_ISynchronize_QueryInterface,
    use_ISynchronize_AddRef,
    use_ISynchronize_Release,
    use_Wait,
    use_Signal,
    use_Reset,
};

static const uvcom_interface_entry use_interfaces[] = {
    {&CLSID_Use, offsetof(struct use, IByHand_iface) - offsetof(struct use, object), NULL},
    UVCOM_OBJECT_ENTRY(use, ISynchronize),
    UVCOM_OBJECT_ENTRY_AS(use, ISynchronize, ISynchronizeMutex),
};

static void use_destroy(uvcom_object *object)
{
    CoTaskMemFree((char *)object - offsetof(struct use, object));
}

static const uvcom_class use_class = {use_interfaces, 3, use_destroy, UVCOM_CLASS_NO_CALL_FACTORY};

static HRESULT use_create(IUnknown *outer, REFIID riid, void **ppv)
{
    struct use *use;
    HRESULT hr;

    *ppv = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    use = CoTaskMemAlloc(sizeof *use);
    if (!use)
        return E_OUTOFMEMORY;
    uvcom_object_init(&use->object, &use_class);
    use->IByHand_iface.lpVtbl = &use_by_hand_vtbl;
    use->ISynchronize_iface.lpVtbl = &use_synchronize_vtbl;
    use->value = 0;
    hr = use_IByHand_QueryInterface(&use->IByHand_iface, riid, ppv);
    use_IByHand_Release(&use->IByHand_iface);
    return hr;
}

HRESULT use_c(void);

HRESULT use_c(void)
{
    const OLECHAR text[] = OLESTR("16 bit");
    ISynchronize *synchronize;
    void *found;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED | COINIT_DISABLE_OLE1DDE);

    if (FAILED(hr) || sizeof text != 14 || !SUCCEEDED(hr))
        return MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x200);
    hr = uvcom_register_class(&CLSID_Use, use_create, UVCOM_APARTMENT_OWN);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&CLSID_Use, NULL, CLSCTX_ALL, &IID_ISynchronize, &found);
    if (FAILED(hr))
        return HRESULT_CODE(hr) == 5 ? E_FAIL : HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK);
    synchronize = found;
    hr = ISynchronize_Wait(synchronize, COWAIT_DEFAULT, INFINITE);
    ISynchronize_Release(synchronize);
    CoUninitialize();
    return IsEqualGUID(&CLSID_Use, &IID_IUnknown) ? E_UNEXPECTED : hr;
}

/* The layouts of automation, as the Windows SDK has them on machines with 64 bits. */
#if UINTPTR_MAX == UINT64_MAX
#define SIZE_IS(type, size) UVCOM_STATIC_ASSERT(sizeof(type) == (size), "size of " #type)
SIZE_IS(VARIANT, 24);
SIZE_IS(DECIMAL, 16);
SIZE_IS(CY, 8);
SIZE_IS(SAFEARRAY, 32);
SIZE_IS(TYPEDESC, 16);
SIZE_IS(ARRAYDESC, 32);
SIZE_IS(ELEMDESC, 32);
SIZE_IS(PARAMDESCEX, 32);
SIZE_IS(TYPEATTR, 96);
SIZE_IS(FUNCDESC, 88);
SIZE_IS(VARDESC, 64);
SIZE_IS(TLIBATTR, 32);
SIZE_IS(BINDPTR, 8);
SIZE_IS(DISPPARAMS, 24);
SIZE_IS(EXCEPINFO, 64);
SIZE_IS(CUSTDATAITEM, 40);
SIZE_IS(CONNECTDATA, 16);
SIZE_IS(CAUUID, 16);
UVCOM_STATIC_ASSERT(offsetof(VARIANT, lVal) == 8 && offsetof(VARIANT, pRecInfo) == 16, "VARIANT");
UVCOM_STATIC_ASSERT(offsetof(DECIMAL, Lo64) == 8 && offsetof(DECIMAL, sign) == 3, "DECIMAL");
UVCOM_STATIC_ASSERT(offsetof(IDispatchVtbl, Invoke) == 6 * sizeof(void *), "IDispatch");
UVCOM_STATIC_ASSERT(offsetof(ITypeInfoVtbl, ReleaseVarDesc) == 21 * sizeof(void *), "ITypeInfo");
#endif
