/*
 * uvcom/compat/windef.h -- <windef.h>: handles, points and rectangles.
 */
#ifndef UVCOM_COMPAT_WINDEF_H
#define UVCOM_COMPAT_WINDEF_H

#include <uvcom/compat/windows.h>

#endif
