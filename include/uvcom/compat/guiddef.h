/*
 * uvcom/compat/guiddef.h -- <guiddef.h>: GUIDs.
 */
#ifndef UVCOM_COMPAT_GUIDDEF_H
#define UVCOM_COMPAT_GUIDDEF_H

#include <uvcom/compat/windows.h>

#endif
