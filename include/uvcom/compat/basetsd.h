/*
 * uvcom/compat/basetsd.h -- <basetsd.h>: integers by their widths.
 */
#ifndef UVCOM_COMPAT_BASETSD_H
#define UVCOM_COMPAT_BASETSD_H

#include <uvcom/compat/windows.h>

#endif
