/*
 * uvcom/base.h -- the types, ids and macros that every COM header stands on.
 *
 * Source and binary layout are those of headers that MIDL writes: fixed-width integers (LONG is 32
 * bit although C's long is not), one GUID struct, vtables of plain C functions. If the program uses
 * another COM base, that one is adopted and only what it lacks is added:
 *
 * - it was included before this header (it has defined IUnknown, or DEFINE_GUID); or
 * - DirectX-Headers is meant to be used: its folder wsl/stubs is on the include path. That the
 *   package is installed is not enough: its wsl/winadapter.h cannot be compiled without the stubs.
 *
 * -DUVCOM_BASE_IS_OWN keeps the second case away. WCHAR is then 16 bit in one file and 32 bit in
 * the other, which is why no function of the runtime mentions it.
 *
 * It declares no interface and no function of the runtime.
 */
#ifndef UVCOM_BASE_H
#define UVCOM_BASE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef __cplusplus
#include <uchar.h>
#endif

#if defined(__IUnknown_INTERFACE_DEFINED__) || defined(DEFINE_GUID)
#define UVCOM_BASE_IS_FOREIGN
#elif !defined(UVCOM_BASE_IS_OWN) && defined(__has_include)
/*
 * winapifamily.h is in every version of wsl/stubs, and not in dxvk-native. Our compat folder has it
 * beside an olectl.h, Wine and mingw beside a winnt.h: those two are adopted only when they come
 * first.
 */
#if __has_include(<wsl/winadapter.h>) && __has_include(<winapifamily.h>) && \
    __has_include(<rpcndr.h>) && !__has_include(<winnt.h>) && !__has_include(<olectl.h>)
#include <wsl/winadapter.h>
#define UVCOM_BASE_IS_FOREIGN
#endif
#endif

#ifdef __cplusplus
#define UVCOM_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define UVCOM_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* Marks what libuvcom exports; it is compiled with hidden visibility. */
#define UVCOM_API __attribute__((visibility("default")))

#ifndef UVCOM_BASE_IS_FOREIGN
#include <uvcom/types.h>
#endif

/*
 * What a small base such as DirectX-Headers' does not have. Saying a typedef twice is allowed as
 * long as both say the same, in C11 and in C++. winnt.h (Wine, mingw) is complete by itself.
 */
#ifndef _WINNT_
typedef int16_t SHORT, *PSHORT;
typedef BYTE *PBYTE, *LPBYTE;
typedef WORD *PWORD, *LPWORD;
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef BOOL *PBOOL, *LPBOOL;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef ULONG_PTR DWORD_PTR;
typedef LONG SCODE;
typedef double DATE;

/* OLECHAR is 16 bit everywhere; WCHAR is what the base says. */
#if __SIZEOF_WCHAR_T__ == 2
typedef wchar_t OLECHAR;
#define OLESTR(str) L##str
#else
typedef char16_t OLECHAR;
#define OLESTR(str) u##str
#endif
typedef OLECHAR *LPOLESTR, *BSTR;
typedef const OLECHAR *LPCOLESTR;
UVCOM_STATIC_ASSERT(sizeof(OLECHAR) == 2, "characters");

#ifndef _FILETIME_
#define _FILETIME_
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;
#endif
#endif /* _WINNT_ */

/* Headers may name these; nothing here makes or carries one. */
typedef struct tagSAFEARRAY SAFEARRAY;
typedef void *RPC_BINDING_HANDLE;
typedef RPC_BINDING_HANDLE handle_t;
typedef void *RPC_IF_HANDLE;
#ifndef __RPC_USER
#define __RPC_USER
#endif

#ifndef INFINITE
#define INFINITE 0xFFFFFFFF /* milliseconds: no limit */
#endif

#include <uvcom/guid.h>
#include <uvcom/method.h>

/* Objects of one program may be compiled on two bases: the widths are the contract between them. */
UVCOM_STATIC_ASSERT(sizeof(BYTE) == 1 && sizeof(SHORT) == 2 && sizeof(USHORT) == 2, "8 and 16 bit");
UVCOM_STATIC_ASSERT(sizeof(LONG) == 4 && sizeof(ULONG) == 4, "32 bit, never C's long");
UVCOM_STATIC_ASSERT(sizeof(INT) == 4 && sizeof(UINT) == 4 && sizeof(DWORD) == 4, "32 bit");
UVCOM_STATIC_ASSERT(sizeof(HRESULT) == 4 && sizeof(BOOL) == 4, "32 bit");
UVCOM_STATIC_ASSERT(sizeof(LONGLONG) == 8 && sizeof(ULONGLONG) == 8, "64 bit");
UVCOM_STATIC_ASSERT(sizeof(ULONG_PTR) == sizeof(void *) && sizeof(HANDLE) == sizeof(void *),
                    "pointer");
UVCOM_STATIC_ASSERT(sizeof(WCHAR) == 2 || sizeof(WCHAR) == 4, "characters");
UVCOM_STATIC_ASSERT(sizeof(GUID) == 16 && offsetof(GUID, Data4) == 8, "GUID");
UVCOM_STATIC_ASSERT((HRESULT)-1 < 0, "HRESULT is signed: its top bit is failure");

#endif
