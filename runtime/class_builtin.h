/*
 * class_builtin.h -- the classes that the runtime itself makes objects of.
 */
#ifndef RUNTIME_CLASS_BUILTIN_H
#define RUNTIME_CLASS_BUILTIN_H

#include <uvcom/base.h>

struct class_entry;

/** The built-in class with this id, referenced; NULL: there is none. Never registered. Any thread.
 */
struct class_entry *uvcom__class_builtin(REFCLSID clsid);

#endif
