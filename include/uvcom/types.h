/*
 * uvcom/types.h -- the base types of a program that has no other COM base.
 *
 * Included by uvcom/base.h only, which decides whether these or somebody else's are used; the
 * widths and names are the Windows SDK's for a 64-bit system. Types that a foreign base may lack
 * are not here but in base.h.
 */
#ifndef UVCOM_TYPES_H
#define UVCOM_TYPES_H

#ifndef UVCOM_BASE_H
#undef UVCOM_TYPES_H /* base.h comes back here when it is ready for it */
#include <uvcom/base.h>
#elif !defined(UVCOM_BASE_IS_FOREIGN)

typedef int8_t INT8;
typedef int16_t INT16;
typedef int32_t INT32, INT, LONG, BOOL, HRESULT;
typedef int64_t INT64, LONG64, LONGLONG, *PLONGLONG;
typedef uint8_t UINT8, UCHAR, BYTE, BOOLEAN, *PUCHAR;
typedef uint16_t UINT16, USHORT, WORD, *PUSHORT;
typedef uint32_t UINT32, UINT, ULONG, DWORD;
typedef uint64_t UINT64, ULONG64, DWORD64, ULONGLONG;
typedef intptr_t INT_PTR, LONG_PTR;
typedef uintptr_t UINT_PTR, ULONG_PTR;
typedef size_t SIZE_T;
typedef float FLOAT;
typedef double DOUBLE;
typedef void VOID, *PVOID, *LPVOID, *HANDLE;
typedef const void *LPCVOID;

/*
 * 16 bit, so that u"..." is a WCHAR string and a file written on Windows can be read. Programs that
 * have L"..." everywhere use -fshort-wchar, or -DUVCOM_WCHAR_IS_WCHAR_T for the system's 32-bit
 * one.
 */
#if defined(UVCOM_WCHAR_IS_WCHAR_T) || __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#else
typedef char16_t WCHAR;
#endif

typedef char CHAR, *PSTR, *LPSTR;
typedef const char *PCSTR, *LPCSTR;
typedef WCHAR *PWSTR, *LPWSTR, *PWCHAR;
typedef const WCHAR *PCWSTR, *LPCWSTR;

typedef union _LARGE_INTEGER {
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#endif
#endif
