/*
 * uvcom/hresult.h -- the result codes: macros, values, and one table of name, value and text.
 *
 * Names and values are the Windows SDK's. One trap: RPC_S_CALLPENDING is a *failure* in spite of
 * its S (its top bit is set), and the page "Making an Asynchronous Call" names it
 * RPC_E_CALL_PENDING, which the SDK's headers do not have. Here both names exist, for the one
 * value.
 *
 * C cannot make a #define from a table, so each code is written twice; assertions below make sure
 * that the two agree, also where a foreign base defined the code.
 */
#ifndef UVCOM_HRESULT_H
#define UVCOM_HRESULT_H

#include <uvcom/base.h>

#ifndef SUCCEEDED
#define SUCCEEDED(hr) (((HRESULT)(hr)) >= 0)
#endif
#ifndef FAILED
#define FAILED(hr) (((HRESULT)(hr)) < 0)
#endif
#ifndef SEVERITY_SUCCESS
#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR 1
#endif
#ifndef FACILITY_WIN32
#define FACILITY_NULL 0
#define FACILITY_RPC 1
#define FACILITY_DISPATCH 2
#define FACILITY_STORAGE 3
#define FACILITY_ITF 4
#define FACILITY_WIN32 7
#endif
#ifndef HRESULT_CODE
#define HRESULT_CODE(hr) ((hr)&0xFFFF)
#endif
#ifndef HRESULT_FACILITY
#define HRESULT_FACILITY(hr) (((hr) >> 16) & 0x1FFF)
#endif
#ifndef HRESULT_SEVERITY
#define HRESULT_SEVERITY(hr) (((hr) >> 31) & 0x1)
#endif
#ifndef MAKE_HRESULT
#define MAKE_HRESULT(severity, facility, code)                                                     \
    ((HRESULT)(((ULONG)(severity) << 31) | ((ULONG)(facility) << 16) | ((ULONG)(code))))
#endif

/* A Win32 error as an HRESULT; 0 stays S_OK, and an HRESULT stays what it is. */
#ifndef HRESULT_FROM_WIN32
#define HRESULT_FROM_WIN32(error)                                                                  \
    ((HRESULT)(error) <= 0 ? (HRESULT)(error) : (HRESULT)(((ULONG)(error)&0xFFFFU) | 0x80070000U))
#endif

/* clang-format off: the two lists are read as columns. */

/* Every base has some of these. */
#ifndef S_OK
#define S_OK ((HRESULT)0x00000000L)
#endif
#ifndef S_FALSE
#define S_FALSE ((HRESULT)0x00000001L)
#endif
#ifndef E_NOTIMPL
#define E_NOTIMPL ((HRESULT)0x80004001L)
#endif
#ifndef E_NOINTERFACE
#define E_NOINTERFACE ((HRESULT)0x80004002L)
#endif
#ifndef E_POINTER
#define E_POINTER ((HRESULT)0x80004003L)
#endif
#ifndef E_ABORT
#define E_ABORT ((HRESULT)0x80004004L)
#endif
#ifndef E_FAIL
#define E_FAIL ((HRESULT)0x80004005L)
#endif
#ifndef E_UNEXPECTED
#define E_UNEXPECTED ((HRESULT)0x8000FFFFL)
#endif
#ifndef E_ACCESSDENIED
#define E_ACCESSDENIED ((HRESULT)0x80070005L)
#endif
#ifndef E_HANDLE
#define E_HANDLE ((HRESULT)0x80070006L)
#endif
#ifndef E_OUTOFMEMORY
#define E_OUTOFMEMORY ((HRESULT)0x8007000EL)
#endif
#ifndef E_INVALIDARG
#define E_INVALIDARG ((HRESULT)0x80070057L)
#endif

/* Either a base has all of these, or none. */
#ifndef RPC_E_CALL_CANCELED
#define E_PENDING ((HRESULT)0x8000000AL)
#define E_BOUNDS ((HRESULT)0x8000000BL)
#define CO_E_NOT_SUPPORTED ((HRESULT)0x80004021L)
#define RPC_E_CALL_REJECTED ((HRESULT)0x80010001L)
#define RPC_E_CALL_CANCELED ((HRESULT)0x80010002L)
#define RPC_E_CANTPOST_INSENDCALL ((HRESULT)0x80010003L)
#define RPC_E_CANTCALLOUT_INASYNCCALL ((HRESULT)0x80010004L)
#define RPC_E_CANTCALLOUT_INEXTERNALCALL ((HRESULT)0x80010005L)
#define RPC_E_CONNECTION_TERMINATED ((HRESULT)0x80010006L)
#define RPC_E_SERVER_DIED ((HRESULT)0x80010007L)
#define RPC_E_CLIENT_DIED ((HRESULT)0x80010008L)
#define RPC_E_INVALID_DATA ((HRESULT)0x8001000FL)
#define RPC_E_INVALID_PARAMETER ((HRESULT)0x80010010L)
#define RPC_E_CANTCALLOUT_AGAIN ((HRESULT)0x80010011L)
#define RPC_E_SERVER_DIED_DNE ((HRESULT)0x80010012L)
#define RPC_E_SYS_CALL_FAILED ((HRESULT)0x80010100L)
#define RPC_E_OUT_OF_RESOURCES ((HRESULT)0x80010101L)
#define RPC_E_ATTEMPTED_MULTITHREAD ((HRESULT)0x80010102L)
#define RPC_E_NOT_REGISTERED ((HRESULT)0x80010103L)
#define RPC_E_FAULT ((HRESULT)0x80010104L)
#define RPC_E_SERVERFAULT ((HRESULT)0x80010105L)
#define RPC_E_CHANGED_MODE ((HRESULT)0x80010106L)
#define RPC_E_INVALIDMETHOD ((HRESULT)0x80010107L)
#define RPC_E_DISCONNECTED ((HRESULT)0x80010108L)
#define RPC_E_RETRY ((HRESULT)0x80010109L)
#define RPC_E_SERVERCALL_RETRYLATER ((HRESULT)0x8001010AL)
#define RPC_E_SERVERCALL_REJECTED ((HRESULT)0x8001010BL)
#define RPC_E_INVALID_CALLDATA ((HRESULT)0x8001010CL)
#define RPC_E_CANTCALLOUT_ININPUTSYNCCALL ((HRESULT)0x8001010DL)
#define RPC_E_WRONG_THREAD ((HRESULT)0x8001010EL)
#define RPC_E_THREAD_NOT_INIT ((HRESULT)0x8001010FL)
#define RPC_E_INVALID_OBJECT ((HRESULT)0x80010114L)
#define RPC_S_CALLPENDING ((HRESULT)0x80010115L)
#define RPC_S_WAITONTIMER ((HRESULT)0x80010116L)
#define RPC_E_CALL_COMPLETE ((HRESULT)0x80010117L)
#define RPC_E_TOO_LATE ((HRESULT)0x80010119L)
#define RPC_E_ACCESS_DENIED ((HRESULT)0x8001011BL)
#define RPC_E_NO_CONTEXT ((HRESULT)0x8001011EL)
#define RPC_E_TIMEOUT ((HRESULT)0x8001011FL)
#define RPC_E_NO_SYNC ((HRESULT)0x80010120L)
#define CO_E_CANCEL_DISABLED ((HRESULT)0x80010140L)
#define RPC_E_UNEXPECTED ((HRESULT)0x8001FFFFL)
#define CLASS_E_NOAGGREGATION ((HRESULT)0x80040110L)
#define CLASS_E_CLASSNOTAVAILABLE ((HRESULT)0x80040111L)
#define REGDB_E_CLASSNOTREG ((HRESULT)0x80040154L)
#define REGDB_E_IIDNOTREG ((HRESULT)0x80040155L)
#define CO_E_NOTINITIALIZED ((HRESULT)0x800401F0L)
#define CO_E_ALREADYINITIALIZED ((HRESULT)0x800401F1L)
#define CO_E_CLASSSTRING ((HRESULT)0x800401F3L)
#define CO_E_IIDSTRING ((HRESULT)0x800401F4L)
#define CO_E_DLLNOTFOUND ((HRESULT)0x800401F8L)
#define CO_E_ERRORINDLL ((HRESULT)0x800401F9L)
#define CO_E_OBJNOTREG ((HRESULT)0x800401FBL)
#define CO_E_OBJISREG ((HRESULT)0x800401FCL)
#define CO_E_OBJNOTCONNECTED ((HRESULT)0x800401FDL)
#define CO_E_RELEASED ((HRESULT)0x800401FFL)
#endif

#ifndef STG_E_INVALIDFUNCTION
#define STG_E_INVALIDFUNCTION ((HRESULT)0x80030001L)
#endif
#ifndef STG_E_ACCESSDENIED
#define STG_E_ACCESSDENIED ((HRESULT)0x80030005L)
#endif

#ifndef RPC_E_CALL_PENDING
#define RPC_E_CALL_PENDING RPC_S_CALLPENDING
#endif

/* Win32 errors, for HRESULT_FROM_WIN32. */
#ifndef ERROR_POSSIBLE_DEADLOCK
#define ERROR_POSSIBLE_DEADLOCK 1131L
#endif
#ifndef RPC_X_INVALID_TAG
#define RPC_X_INVALID_TAG 1733L
#endif
#ifndef RPC_X_INVALID_BOUND
#define RPC_X_INVALID_BOUND 1734L
#endif
#ifndef RPC_X_NULL_REF_POINTER
#define RPC_X_NULL_REF_POINTER 1780L
#endif
#ifndef RPC_X_ENUM_VALUE_OUT_OF_RANGE
#define RPC_X_ENUM_VALUE_OUT_OF_RANGE 1781L
#endif
#ifndef RPC_X_BYTE_COUNT_TOO_SMALL
#define RPC_X_BYTE_COUNT_TOO_SMALL 1782L
#endif
#ifndef RPC_X_BAD_STUB_DATA
#define RPC_X_BAD_STUB_DATA 1783L
#endif
#ifndef RPC_S_CALL_CANCELLED
#define RPC_S_CALL_CANCELLED 1818L
#endif

/* clang-format on */

#include <uvcom/hresult_table.h>

#define UVCOM_HRESULT_CHECK(name, value, text)                                                     \
    UVCOM_STATIC_ASSERT((name) == (HRESULT)(value), #name " has another value");
UVCOM_HRESULT_TABLE(UVCOM_HRESULT_CHECK)
UVCOM_STATIC_ASSERT(RPC_S_CALLPENDING == RPC_E_CALL_PENDING, "one value, two names");

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The name of a code as a program would write it: "E_POINTER",
 * "HRESULT_FROM_WIN32(ERROR_POSSIBLE_DEADLOCK)".
 *
 * Any thread. The text is constant and is never freed.
 *
 * @return the name; NULL: the code is not in the table, as many of a server's own are. For a
 *         message use uvcom_hresult_describe, which is never NULL
 */
UVCOM_API const char *uvcom_hresult_name(HRESULT hr);

/**
 * What a code says, as a short English sentence without a full stop: "The call was cancelled".
 *
 * Any thread. The text is constant and is never freed.
 *
 * @return the text; for a code that is not in the table "Unknown code"
 */
UVCOM_API const char *uvcom_hresult_text(HRESULT hr);

/**
 * The name of a code; for a code without one what uvcom_hresult_text says. Never NULL, so a
 * printf may have it; print the number as well, since an unknown code has nothing else.
 *
 * Any thread. The text is constant and is never freed.
 */
static inline const char *uvcom_hresult_describe(HRESULT hr)
{
    const char *name = uvcom_hresult_name(hr);

    return name ? name : uvcom_hresult_text(hr);
}

/** Sets *hr to a failure, unless it is one already: the first is what is told. */
static inline void uvcom_fail(HRESULT *hr, HRESULT failure)
{
    if (SUCCEEDED(*hr))
        *hr = failure;
}

#ifdef __cplusplus
}
#endif

#endif
