/*
 * server_create.c -- uvcom_create_server_call: a call object over a table of Start_ functions, for
 * a server with an ICallFactory of its own.
 *
 * How its calls run is in call_serve.c. An object made with uvcom_object comes to the same by
 * object.c.
 */
#include <uvcom/objidl.h>
#include <uvcom/operation.h>

#include "runtime/agile.h"
#include "runtime/apartment.h"
#include "runtime/factory.h"

HRESULT uvcom_create_server_call(REFIID async_iid, const void *starts, void *server,
                                 IUnknown *outer, REFIID riid2, IUnknown **ppv)
{
    const struct create_call request = {async_iid, outer, riid2, ppv, starts};
    struct apartment *here = uvcom__apartment_current();

    if (!ppv)
        return E_POINTER;
    *ppv = NULL;
    if (!starts || !server)
        return E_POINTER;
    if (!here)
        return CO_E_NOTINITIALIZED;
    return uvcom__factory_create_call(server, uvcom__is_agile(server) ? NULL : here, &request);
}
