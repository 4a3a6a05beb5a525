/*
 * uvcom/compat/rpcndr.h -- <rpcndr.h> for headers that MIDL or widl wrote: they begin with it.
 *
 * The names of IDL's base types, and of the types in the prototypes of proxies and stubs. Those
 * functions themselves do not exist here: uvidl's foo_p.c takes the place of MIDL's.
 */
#ifndef UVCOM_COMPAT_RPCNDR_H
#define UVCOM_COMPAT_RPCNDR_H

#include <uvcom/compat/rpc.h>

#define __RPCNDR_H_VERSION__ 500

typedef unsigned char byte;
typedef unsigned char boolean;
typedef int64_t hyper;
typedef uint64_t MIDL_uhyper;

typedef struct IRpcStubBuffer IRpcStubBuffer;
typedef struct IRpcChannelBuffer IRpcChannelBuffer;
typedef struct _RPC_MESSAGE RPC_MESSAGE, *PRPC_MESSAGE;

#ifndef DECLSPEC_XFGVIRT
#define DECLSPEC_XFGVIRT(base, function)
#endif

/* The remarks on parameters that MIDL adds since version 7. */
#define __RPC__in
#define __RPC__in_opt
#define __RPC__in_string
#define __RPC__in_opt_string
#define __RPC__in_ecount(size)
#define __RPC__in_ecount_full(size)
#define __RPC__in_ecount_full_opt(size)
#define __RPC__in_xcount(size)
#define __RPC__in_xcount_full(size)
#define __RPC__out
#define __RPC__out_ecount(size)
#define __RPC__out_ecount_full(size)
#define __RPC__out_ecount_part(size, length)
#define __RPC__out_xcount(size)
#define __RPC__inout
#define __RPC__inout_opt
#define __RPC__inout_ecount_full(size)
#define __RPC__inout_ecount_part(size, length)
#define __RPC__deref_out
#define __RPC__deref_out_opt
#define __RPC__deref_out_opt_string
#define __RPC__deref_out_string
#define __RPC__deref_out_ecount_full_opt(size)
#define __RPC__deref_inout
#define __RPC__deref_inout_opt
#define __RPC__deref_inout_opt_string

#endif
