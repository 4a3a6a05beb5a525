/*
 * uvcom/compat/oleidl.h -- <oleidl.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OLEIDL_H
#define UVCOM_COMPAT_OLEIDL_H

#include <uvcom/compat/objidl.h>
#include <uvcom/oleidl.h>

#endif
