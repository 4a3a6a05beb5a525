/*
 * uvcom/guid.h -- GUIDs: the struct, its names, comparison, and DEFINE_GUID.
 *
 * Included by uvcom/base.h. In C a REFIID is a pointer, in C++ a reference; both are passed as an
 * address, so that objects of the two languages can call each other.
 */
#ifndef UVCOM_GUID_H
#define UVCOM_GUID_H

#ifndef UVCOM_BASE_H
#undef UVCOM_GUID_H /* base.h comes back here when it is ready for it */
#include <uvcom/base.h>
#else

#ifdef __cplusplus
#define UVCOM_EXTERN_C extern "C"
#define UVCOM_GUID_ADDRESS(id) (&(id))
#else
#define UVCOM_EXTERN_C extern
#define UVCOM_GUID_ADDRESS(id) (id)
#endif

#ifndef EXTERN_C
#define EXTERN_C UVCOM_EXTERN_C
#endif

/* A constant that several objects of one program may define: the linker keeps one of them. */
#define UVCOM_SELECTANY __attribute__((weak))

#ifndef UVCOM_BASE_IS_FOREIGN

#define GUID_DEFINED
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;

typedef GUID IID, CLSID, UUID, FMTID;
typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef IID *LPIID;
typedef CLSID *LPCLSID;
typedef FMTID *LPFMTID;

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const CLSID &
#define REFFMTID const FMTID &
#else
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const CLSID *
#define REFFMTID const FMTID *
#endif

#define DECLSPEC_SELECTANY UVCOM_SELECTANY

#endif /* UVCOM_BASE_IS_FOREIGN */

/*
 * DEFINE_GUID declares an id; in the file that defines INITGUID it defines it. Foreign bases define
 * it so that a second file with INITGUID does not link any more; ours can be defined in any number
 * of files.
 */
#ifndef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    EXTERN_C const GUID name;                                                                      \
    UVCOM_SELECTANY const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
#endif
#endif

/** Whether two ids are the same; nonzero: yes. Any thread. */
static inline int uvcom_guid_equal(REFGUID a, REFGUID b)
{
    return memcmp(UVCOM_GUID_ADDRESS(a), UVCOM_GUID_ADDRESS(b), sizeof(GUID)) == 0;
}

#ifndef IsEqualGUID
#define IsEqualGUID(a, b) uvcom_guid_equal(a, b)
#endif
#ifndef IsEqualIID
#define IsEqualIID(a, b) IsEqualGUID(a, b)
#endif
#ifndef IsEqualCLSID
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)
#endif

#if defined(__cplusplus) && !defined(UVCOM_BASE_IS_FOREIGN)

extern "C++" {
inline bool operator==(REFGUID a, REFGUID b)
{
    return uvcom_guid_equal(a, b) != 0;
}

inline bool operator!=(REFGUID a, REFGUID b)
{
    return !uvcom_guid_equal(a, b);
}

/* __uuidof(IFoo), __uuidof(pointer): known for each interface that says __CRT_UUID_DECL. */
template <typename T> const GUID &uvcom_uuidof();
}

#define __CRT_UUID_DECL(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                           \
    extern "C++" {                                                                                 \
    template <> inline const GUID &uvcom_uuidof<type>()                                            \
    {                                                                                              \
        static const GUID id = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}};                      \
        return id;                                                                                 \
    }                                                                                              \
    template <> inline const GUID &uvcom_uuidof<type *>()                                          \
    {                                                                                              \
        return uvcom_uuidof<type>();                                                               \
    }                                                                                              \
    }
#define __uuidof(type) uvcom_uuidof<__typeof__(type)>()

#endif

#ifndef __CRT_UUID_DECL
#define __CRT_UUID_DECL(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)
#endif

#endif /* UVCOM_BASE_H */
#endif
