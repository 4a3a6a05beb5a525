/*
 * uvcom/compat/winerror.h -- <winerror.h>: the codes of COM.
 */
#ifndef UVCOM_COMPAT_WINERROR_H
#define UVCOM_COMPAT_WINERROR_H

#include <uvcom/compat/windows.h>

#endif
