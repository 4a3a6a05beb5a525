/*
 * uvcom/uvcom.h -- all that a client or a server needs, in one line.
 *
 * Left out are uvcom/loop.h, which names <uv.h>, and uvcom/proxy.h, which only generated code
 * needs.
 */
#ifndef UVCOM_UVCOM_H
#define UVCOM_UVCOM_H

#include <uvcom/base.h>
#include <uvcom/call.h>
#include <uvcom/cancel.h>
#include <uvcom/class.h>
#include <uvcom/combase.h>
#include <uvcom/context.h>
#include <uvcom/hresult.h>
#include <uvcom/library.h>
#include <uvcom/limits.h>
#include <uvcom/object.h>
#include <uvcom/objidl.h>
#include <uvcom/oleauto.h>
#include <uvcom/operation.h>
#include <uvcom/synchronize.h>
#include <uvcom/unknwn.h>

#endif
