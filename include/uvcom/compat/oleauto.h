/*
 * uvcom/compat/oleauto.h -- <oleauto.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_OLEAUTO_H
#define UVCOM_COMPAT_OLEAUTO_H

#include <uvcom/compat/objbase.h>
#include <uvcom/oleauto.h>

#endif
