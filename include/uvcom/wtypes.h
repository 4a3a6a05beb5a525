/*
 * uvcom/wtypes.h -- the C side of wtypes.idl: everything that file names is in uvcom/base.h.
 *
 * Written by hand, unlike the headers of its siblings: a foreign COM base must be able to take the
 * place of these types, and that cannot be said in IDL.
 */
#ifndef UVCOM_WTYPES_H
#define UVCOM_WTYPES_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#endif
