/*
 * uvcom/compat/winuser.h -- <winuser.h>, of which only the types are here.
 */
#ifndef UVCOM_COMPAT_WINUSER_H
#define UVCOM_COMPAT_WINUSER_H

#include <uvcom/compat/windows.h>

#endif
