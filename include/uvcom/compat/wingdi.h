/*
 * uvcom/compat/wingdi.h -- <wingdi.h>, of which only the types are here.
 */
#ifndef UVCOM_COMPAT_WINGDI_H
#define UVCOM_COMPAT_WINGDI_H

#include <uvcom/compat/windows.h>

#endif
