/*
 * uvcom/compat/oaidl.h -- <oaidl.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OAIDL_H
#define UVCOM_COMPAT_OAIDL_H

#include <uvcom/compat/objidl.h>
#include <uvcom/oaidl.h>

#endif
