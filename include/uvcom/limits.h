/*
 * uvcom/limits.h -- how much a call may carry before it is taken for a mistake.
 *
 * Sizes come out of parameters, and a wrong one may ask for all the memory there is, or a list that
 * bites its own tail for more. The limits are the process's, not a call's: set them once, early.
 * They bound what is copied; a result that a server has allocated is handed on whatever its size.
 */
#ifndef UVCOM_LIMITS_H
#define UVCOM_LIMITS_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct uvcom_limits {
    size_t array_bytes; /* of one array, or of one block that a pointer points to; 1 GiB */
    size_t text_bytes;  /* of one string with its end, or of one BSTR; 64 MiB */
    size_t call_bytes;  /* of all that one call copies, with what the runtime needs to remember of
                           it; 2 GiB */
} uvcom_limits;

/**
 * Tells the limits that hold.
 *
 * @param limits  [out] filled; NULL does nothing
 *
 * Any thread, with or without CoInitializeEx. Cannot fail.
 */
UVCOM_API void uvcom_get_limits(uvcom_limits *limits);

/**
 * Sets the limits for every Begin_ and plain call of the process from now on; a call that is under
 * way keeps what it has copied. A value beyond a limit is refused with
 * HRESULT_FROM_WIN32(RPC_X_INVALID_BOUND). (CALL-14)
 *
 * @param limits  borrowed for the call
 *
 * Any thread, with or without CoInitializeEx. Of two threads that set limits at the same time each
 * may win for some of the three.
 *
 * @return S_OK
 *         E_POINTER     limits is NULL
 *         E_INVALIDARG  one of them is 0; nothing has changed
 */
UVCOM_API HRESULT uvcom_set_limits(const uvcom_limits *limits);

#ifdef __cplusplus
}
#endif

#endif
