/*
 * uvcom/compat/wtypes.h -- <wtypes.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_WTYPES_H
#define UVCOM_COMPAT_WTYPES_H

#include <uvcom/compat/windows.h>
#include <uvcom/wtypes.h>

#endif
