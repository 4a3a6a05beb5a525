/*
 * uvcom/compat/ole2.h -- <ole2.h> for sources that must stay as they are.
 *
 * OLE itself (documents, drag and drop, storage) is not here.
 */
#ifndef UVCOM_COMPAT_OLE2_H
#define UVCOM_COMPAT_OLE2_H

#include <uvcom/compat/objbase.h>
#include <uvcom/compat/oleauto.h>

#endif
