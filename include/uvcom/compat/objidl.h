/*
 * uvcom/compat/objidl.h -- <objidl.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OBJIDL_H
#define UVCOM_COMPAT_OBJIDL_H

#include <uvcom/compat/unknwn.h>
#include <uvcom/objidl.h>

#endif
