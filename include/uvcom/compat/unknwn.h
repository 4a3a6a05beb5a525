/*
 * uvcom/compat/unknwn.h -- <unknwn.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_UNKNWN_H
#define UVCOM_COMPAT_UNKNWN_H

#include <uvcom/compat/windows.h>
#include <uvcom/unknwn.h>

#endif
