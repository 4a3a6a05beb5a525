/*
 * uvcom/method.h -- the macros with which interfaces and their methods are declared.
 *
 * Included by uvcom/base.h. Calling conventions mean nothing on this platform: the names are here
 * because headers and sources for COM are written with them. `interface`, IN and OUT are not here
 * but in uvcom/compat/windows.h, so that an ordinary program keeps these words for itself.
 */
#ifndef UVCOM_METHOD_H
#define UVCOM_METHOD_H

#ifndef UVCOM_BASE_H
#undef UVCOM_METHOD_H /* base.h comes back here when it is ready for it */
#include <uvcom/base.h>
#else

#ifndef UVCOM_BASE_IS_FOREIGN

#define STDMETHODCALLTYPE
#define STDAPICALLTYPE
#define WINAPI
#define APIENTRY
#define DECLSPEC_UUID(id)
#define DECLSPEC_NOVTABLE
#define MIDL_INTERFACE(id) struct
#define BEGIN_INTERFACE
#define END_INTERFACE

/* Always constant: a table that may be written to converts to it, a constant one needs no cast. */
#define CONST_VTBL const

#if defined(__cplusplus) && !defined(CINTERFACE)

#define STDMETHOD(method) virtual HRESULT STDMETHODCALLTYPE method
#define STDMETHOD_(type, method) virtual type STDMETHODCALLTYPE method
#define PURE = 0
#define THIS_
#define THIS void
#define DECLARE_INTERFACE(iface) struct DECLSPEC_NOVTABLE iface
#define DECLARE_INTERFACE_(iface, base) struct DECLSPEC_NOVTABLE iface : public base

struct IUnknown;

extern "C++" {
/* Refuses, when it is compiled, a pointer to something that is no interface. */
template <typename T> void **uvcom_ppv_args(T **pp)
{
    (void)static_cast<IUnknown *>(*pp);
    return reinterpret_cast<void **>(pp);
}
}
#define IID_PPV_ARGS(pp) __uuidof(**(pp)), uvcom_ppv_args(pp)

#else

#define STDMETHOD(method) HRESULT(STDMETHODCALLTYPE *method)
#define STDMETHOD_(type, method) type(STDMETHODCALLTYPE *method)
#define PURE
#define THIS_ INTERFACE *This,
#define THIS INTERFACE *This
#define DECLARE_INTERFACE(iface)                                                                   \
    typedef struct iface iface;                                                                    \
    typedef struct iface##Vtbl iface##Vtbl;                                                        \
    struct iface {                                                                                 \
        CONST_VTBL iface##Vtbl *lpVtbl;                                                            \
    };                                                                                             \
    struct iface##Vtbl
#define DECLARE_INTERFACE_(iface, base) DECLARE_INTERFACE(iface)

#endif

#endif /* UVCOM_BASE_IS_FOREIGN */

#ifndef CONST_VTBL
#define CONST_VTBL
#endif
#ifndef DECLSPEC_UUID
#define DECLSPEC_UUID(id)
#endif
#ifndef STDAPI
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#endif
#ifndef STDAPI_
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#endif
#ifndef STDMETHODIMP
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#endif
#ifndef STDMETHODIMP_
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE
#endif

/*
 * A foreign base has its own IUnknown, and in C only macros that exist with COBJMACROS. Code
 * written for uvcom's headers calls the typed functions, so they are added.
 */
#if defined(UVCOM_BASE_IS_FOREIGN) && defined(__IUnknown_INTERFACE_DEFINED__) &&                   \
    (!defined(__cplusplus) || defined(CINTERFACE)) && !defined(IUnknown_Release) &&                \
    !defined(WIDL_C_INLINE_WRAPPERS)

static inline HRESULT IUnknown_QueryInterface(IUnknown *This, REFIID riid, void **ppvObject)
{
    return This->lpVtbl->QueryInterface(This, riid, ppvObject);
}

static inline ULONG IUnknown_AddRef(IUnknown *This)
{
    return This->lpVtbl->AddRef(This);
}

static inline ULONG IUnknown_Release(IUnknown *This)
{
    return This->lpVtbl->Release(This);
}

#endif

#endif /* UVCOM_BASE_H */
#endif
