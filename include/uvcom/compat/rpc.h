/*
 * uvcom/compat/rpc.h -- <rpc.h> for headers that MIDL or widl wrote: they begin with it.
 *
 * No remote procedure calls are behind it, only the words in which such headers speak of them.
 */
#ifndef UVCOM_COMPAT_RPC_H
#define UVCOM_COMPAT_RPC_H

#include <uvcom/compat/windows.h>

typedef LONG RPC_STATUS;

#ifndef __RPC_FAR
#define __RPC_FAR
#endif
#ifndef __RPC_API
#define __RPC_API
#endif
#ifndef __RPC_USER
#define __RPC_USER
#endif
#ifndef __RPC_STUB
#define __RPC_STUB
#endif
#ifndef RPC_ENTRY
#define RPC_ENTRY
#endif

#endif
