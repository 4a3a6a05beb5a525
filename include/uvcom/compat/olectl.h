/*
 * uvcom/compat/olectl.h -- <olectl.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OLECTL_H
#define UVCOM_COMPAT_OLECTL_H

#include <uvcom/compat/ocidl.h>
#include <uvcom/olectl.h>

#endif
