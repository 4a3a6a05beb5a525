/*
 * uvcom/module.h -- the tables by which the runtime knows the code that uvidl writes (foo_p.c).
 *
 * Included by uvcom/proxy.h, which has what the functions in these tables are made of. A program
 * that uses call objects needs neither.
 */
#ifndef UVCOM_MODULE_H
#define UVCOM_MODULE_H

#include <uvcom/base.h>
#include <uvcom/hresult.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uvcom_visit;

typedef struct uvcom_operation uvcom_operation; /* also in <uvcom/operation.h> */

/** What is inside one value. See uvcom/visit.h. */
typedef void (*uvcom_visit_fn)(struct uvcom_visit *visit, void *value);

/**
 * One method of an interface: how its server is called, and what its frame may own.
 *
 * The last three are for servers that work asynchronously; NULL without [async_uuid]. Each calls
 * the server once with places in the frame, on the calling thread, and returns what it returned.
 */
struct uvcom_method {
    const char *name;       /* as in the IDL */
    size_t frame_size;      /* bytes */
    uvcom_visit_fn results; /* what is to be looked at or freed in the [out] and [in, out] values of
                               the frame; NULL: nothing */

    /* The method of `server`. */
    HRESULT (*run)(void *server, void *frame);

    /* Begin_ of `call`, an AsyncIFoo that the server made for this one call. */
    HRESULT (*begin)(void *call, void *frame);

    /* Its Finish_. What an [in, out] value owned has been freed when the server is called: its
       Begin_ took a copy, and to Finish_ it is a place that has nothing in it (CALL-14, 15). */
    HRESULT (*finish)(void *call, void *frame);

    /* Start_ of `starts`, an AsyncIFooServer; or, if that is NULL, the method of `server`, which
       completes the operation. */
    HRESULT (*start)(const void *starts, void *server, uvcom_operation *operation, void *frame);
};

/** The pair of ids by which an interface and its asynchronous twin are known. */
struct uvcom_interface_id {
    const IID *iid;
    const IID *async_iid; /* NULL: no [async_uuid] */
};

/** One interface that can cross an apartment. Constant, one for each interface of a foo_p.c. */
struct uvcom_interface {
    const char *name;
    struct uvcom_interface_id id;
    const struct uvcom_interface_id *bases; /* nearest first, IUnknown left out */
    size_t base_count;
    const void *proxy_vtable;           /* of IFoo: the plain methods, called from afar */
    const void *call_vtable;            /* of AsyncIFoo; NULL without [async_uuid] */
    const struct uvcom_method *methods; /* inherited ones first; method number 1 is [0] */
    size_t method_count;
};

/** The interfaces of one foo_p.c, a link in the list of those that are loaded. */
struct uvcom_module {
    const struct uvcom_interface *const *interfaces;
    size_t interface_count;
    struct uvcom_module *next; /* the runtime's */
    int is_pinned;             /* the runtime's: it will not be unloaded */
};

/**
 * Makes the interfaces of a generated file known, and forgets them again.
 *
 * Called by foo_p.c's own constructor and destructor, so that no user registers anything. The
 * module is borrowed between the two calls. Any thread. Cannot fail.
 *
 * Two modules may carry the same interface: one that is in use already serves for both, else the
 * one that was added last. Call objects and proxies refer to the module that made them, so the
 * first use of one of its interfaces keeps its shared library in memory until the process ends;
 * dlclose then succeeds and unloads nothing. A library none of whose interfaces was used is
 * unloaded as ever. If it cannot be kept (it is being unloaded, or there is no memory), its
 * interfaces are not found. (DER-14)
 */
UVCOM_API void uvcom_module_add(struct uvcom_module *module);
UVCOM_API void uvcom_module_remove(struct uvcom_module *module);

#ifdef __cplusplus
}
#endif

#endif
