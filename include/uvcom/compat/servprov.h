/*
 * uvcom/compat/servprov.h -- <servprov.h> for sources that must stay as they are.
 */
#ifndef UVCOM_COMPAT_SERVPROV_H
#define UVCOM_COMPAT_SERVPROV_H

#include <uvcom/compat/objidl.h>
#include <uvcom/servprov.h>

#endif
