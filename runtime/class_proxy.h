/*
 * class_proxy.h -- IClassFactory for a client of another apartment.
 */
#ifndef RUNTIME_CLASS_PROXY_H
#define RUNTIME_CLASS_PROXY_H

#include <uvcom/proxy.h>

/** IClassFactory: [local], so that its proxy is written by hand. Known without generated code. */
extern const struct uvcom_interface uvcom__class_factory_interface;

#endif
