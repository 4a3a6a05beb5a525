/*
 * uvcom/compat/ocidl.h -- <ocidl.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OCIDL_H
#define UVCOM_COMPAT_OCIDL_H

#include <uvcom/compat/objidl.h>
#include <uvcom/ocidl.h>

#endif
