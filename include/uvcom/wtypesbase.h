/*
 * uvcom/wtypesbase.h -- the C side of wtypesbase.idl: what of it is not in uvcom/base.h.
 *
 * Written by hand, unlike the headers of its siblings: a foreign COM base must be able to take the
 * place of these types, and that cannot be said in IDL.
 */
#ifndef UVCOM_WTYPESBASE_H
#define UVCOM_WTYPESBASE_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#ifndef __wtypes_h__ /* of another wtypes.idl, which has this */
/** Where the object of a class may live, a set of bits. */
typedef enum tagCLSCTX {
    CLSCTX_INPROC_SERVER = 0x1,
    CLSCTX_INPROC_HANDLER = 0x2,
    CLSCTX_LOCAL_SERVER = 0x4,
    CLSCTX_REMOTE_SERVER = 0x10
} CLSCTX;
#endif

#endif
