/*
 * uvcom/winwords.h -- words of headers that MIDL or widl wrote, and of IDL that quotes them.
 *
 * Included by uvcom/windef.h. They mean nothing here, or what C has for them.
 */
#ifndef UVCOM_WINWORDS_H
#define UVCOM_WINWORDS_H

#include <uvcom/base.h>

#ifndef UVCOM_BASE_IS_FOREIGN

typedef struct IRpcStubBuffer IRpcStubBuffer;
typedef struct IRpcChannelBuffer IRpcChannelBuffer;
typedef struct _RPC_MESSAGE RPC_MESSAGE, *PRPC_MESSAGE;
typedef void *RPC_IF_HANDLE;

/* The names of IDL's base types, as rpcndr.h has them. */
typedef unsigned char byte, boolean;
typedef int64_t hyper;

/* What 64 bits are in source that was written for Windows. */
#if defined(__LP64__) && !defined(_WIN64)
#define _WIN64
#endif

#ifndef __stdcall
#define __stdcall
#endif
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __RPC_STUB
#define __RPC_STUB
#endif
#ifndef __RPC_USER
#define __RPC_USER
#endif
#ifndef DECLSPEC_ALIGN
#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#endif
#ifndef EXTERN_GUID
#define EXTERN_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)
#endif

/* Unions and structs without names, as C11 and C++ have them. */
#ifndef DUMMYUNIONNAME
#define DUMMYUNIONNAME
#define DUMMYUNIONNAME1
#define DUMMYUNIONNAME2
#define DUMMYUNIONNAME3
#define DUMMYUNIONNAME4
#define DUMMYUNIONNAME5
#define DUMMYUNIONNAME6
#define DUMMYUNIONNAME7
#define DUMMYUNIONNAME8
#define DUMMYSTRUCTNAME
#define DUMMYSTRUCTNAME1
#define DUMMYSTRUCTNAME2
#define DUMMYSTRUCTNAME3
#define DUMMYSTRUCTNAME4
#define DUMMYSTRUCTNAME5
#endif
#ifndef __C89_NAMELESS
#define __C89_NAMELESS __extension__
#define __C89_NAMELESSUNIONNAME
#define __C89_NAMELESSSTRUCTNAME
#endif

/* A type of two widths, of which the narrow one is meant unless UNICODE is defined. */
#ifndef DECL_WINELIB_TYPE_AW
#ifdef UNICODE
#define DECL_WINELIB_TYPE_AW(type) typedef type##W type;
#else
#define DECL_WINELIB_TYPE_AW(type) typedef type##A type;
#endif
#endif

#ifndef __int32
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#endif
#ifndef __MIDL_CONST
#define __MIDL_CONST const
#endif
#ifndef UNALIGNED
#define UNALIGNED
#endif
#ifndef DECLSPEC_HIDDEN
#define DECLSPEC_HIDDEN __attribute__((visibility("hidden")))
#endif
#ifndef DECLSPEC_IMPORT
#define DECLSPEC_IMPORT
#endif
#ifndef DEFINE_ENUM_FLAG_OPERATORS
#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(type)                                                           \
    extern "C++" {                                                                                 \
    inline type operator|(type a, type b)                                                          \
    {                                                                                              \
        return (type)((int)a | (int)b);                                                            \
    }                                                                                              \
    inline type operator&(type a, type b)                                                          \
    {                                                                                              \
        return (type)((int)a & (int)b);                                                            \
    }                                                                                              \
    inline type operator^(type a, type b)                                                          \
    {                                                                                              \
        return (type)((int)a ^ (int)b);                                                            \
    }                                                                                              \
    inline type operator~(type a)                                                                  \
    {                                                                                              \
        return (type) ~(int)a;                                                                     \
    }                                                                                              \
    inline type &operator|=(type &a, type b)                                                       \
    {                                                                                              \
        return a = a | b;                                                                          \
    }                                                                                              \
    inline type &operator&=(type &a, type b)                                                       \
    {                                                                                              \
        return a = a & b;                                                                          \
    }                                                                                              \
    inline type &operator^=(type &a, type b)                                                       \
    {                                                                                              \
        return a = a ^ b;                                                                          \
    }                                                                                              \
    }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(type)
#endif
#endif

#endif /* UVCOM_BASE_IS_FOREIGN */
#endif
