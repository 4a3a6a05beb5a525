/*
 * uvcom/compat/windows.h -- what sources that include <windows.h> for COM's sake expect of it.
 *
 * The folder uvcom/compat goes on the include path (pkg-config uvcom-compat) for sources that must
 * stay as they are. Only types and macros are here, and nothing that the Windows API does.
 */
#ifndef UVCOM_COMPAT_WINDOWS_H
#define UVCOM_COMPAT_WINDOWS_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>
#include <uvcom/windef.h>

#ifndef interface
#define interface struct
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef FORCEINLINE
#define FORCEINLINE static inline
#endif
#ifndef FAR
#define FAR
#endif
#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#endif

#ifdef __cplusplus
extern "C"
#endif
    UVCOM_API DWORD
    uvcom_thread_id(void); /* <uvcom/cancel.h> */

/** The number of the calling thread, as CoCancelCall wants it. */
static inline DWORD GetCurrentThreadId(void)
{
    return uvcom_thread_id();
}

#endif
