/*
 * uvcom/compat/winbase.h -- <winbase.h>, of which only the types are here.
 */
#ifndef UVCOM_COMPAT_WINBASE_H
#define UVCOM_COMPAT_WINBASE_H

#include <uvcom/compat/windows.h>

#endif
