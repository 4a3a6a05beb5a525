/*
 * idl/explain_call.c -- see explain.h; interfaces, methods, parameters, and what calls carry.
 */
#include <stddef.h>

#include "idl/explain.h"

#define ID_3 "6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b03"
#define ID_4 "6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b04"

const struct explanation explain_of_calls[] = {
    {DIAG_ASYNC_BASE,
     "AsyncIFoo derives from IUnknown or from the asynchronous form of IFoo's base. So the base "
     "of\n"
     "an interface with async_uuid is IUnknown, or has async_uuid itself. IDispatch cannot have\n"
     "one, and nobody derives from an Async interface by hand.",
     EXPLAIN_OBJECT "}\n\n[object, uuid(" ID_3 "), async_uuid(" ID_4 ")]\n"
                    "interface IStore2 : IStore\n{\n}\n",
     EXPLAIN_ASYNC "}\n\n[object, uuid(" ID_3 "), async_uuid(" ID_4 ")]\n"
                   "interface IStore2 : IStore\n{\n}\n"},
    {DIAG_ASYNC_NOT_OBJECT, "async_uuid makes a COM interface, so it stands at one: [object].",
     "[uuid(" ID_3 "), async_uuid(" ID_4 ")]\ninterface store\n{\n}\n",
     EXPLAIN_IMPORT "[object, uuid(" ID_3 "), async_uuid(" ID_4 ")]\n"
                    "interface IStore : IUnknown\n{\n}\n"},
    {DIAG_ASYNC_SIZE,
     "Begin_ must know how large an array is, and Finish_ must not write more than Begin_ was\n"
     "told. So sizes are [in] parameters or constants. What the server really wrote is a\n"
     "length, which may be [out].",
     EXPLAIN_ASYNC "    HRESULT Read([out] ULONG *got, [out, size_is(*got)] BYTE *data);\n}\n",
     EXPLAIN_ASYNC "    HRESULT Read([in] ULONG room, [out] ULONG *got,\n"
                   "                 [out, size_is(room), length_is(*got)] BYTE *data);\n}\n"},
    {DIAG_BAD_RETURN_TYPE,
     "methods return HRESULT. Under async_uuid that is a must, because Begin_ says by it that the\n"
     "call has not begun; void is accepted with a warning, because real interfaces have it.\n"
     "Elsewhere another type is a warning: a proxy could not say that the call failed.",
     EXPLAIN_ASYNC "    LONG Count();\n}\n",
     EXPLAIN_ASYNC "    HRESULT Count([out] LONG *count);\n}\n"},
    {DIAG_BASE_CYCLE, "an interface is its own base, directly or by way of others.",
     EXPLAIN_IMPORT "interface IStore2;\n\n[object, uuid(" ID_3 ")]\n"
                    "interface IStore : IStore2\n{\n}\n\n[object, uuid(" ID_4 ")]\n"
                    "interface IStore2 : IStore\n{\n}\n",
     EXPLAIN_OBJECT "}\n\n[object, uuid(" ID_4 ")]\ninterface IStore2 : IStore\n{\n}\n"},
    {DIAG_CALL_AS_NOT_LOCAL,
     "call_as(L) says that this method is the remote form of L, which must be a [local] method of\n"
     "the same interface.",
     EXPLAIN_OBJECT "    HRESULT Get([out] void **place);\n"
                    "    [call_as(Get)] HRESULT RemoteGet([out] LONG *value);\n}\n",
     EXPLAIN_OBJECT "    [local] HRESULT Get([out] void **place);\n"
                    "    [call_as(Get)] HRESULT RemoteGet([out] LONG *value);\n}\n"},
    {DIAG_CANNOT_CARRY,
     "an interface with async_uuid has a parameter that no call object can carry: a void pointer\n"
     "without iid_is, a union without a tag, a pointer to a function, a SAFEARRAY.",
     EXPLAIN_ASYNC "    HRESULT Put([in] void *data);\n}\n",
     EXPLAIN_ASYNC "    HRESULT Put([in] ULONG n, [in, size_is(n)] const BYTE *data);\n}\n"},
    {DIAG_DUPLICATE_METHOD,
     "an interface has two methods of one name, or one that every interface has from IUnknown.",
     EXPLAIN_OBJECT "    HRESULT Put();\n    HRESULT Put();\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put();\n    HRESULT PutAgain();\n}\n"},
    {DIAG_DUPLICATE_PARAMETER, "two parameters of a method have one name.",
     EXPLAIN_OBJECT "    HRESULT Move([in] LONG x, [in] LONG x);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Move([in] LONG x, [in] LONG y);\n}\n"},
    {DIAG_DUPLICATE_UUID,
     "two interfaces with one id cannot be told apart by QueryInterface. The id of an\n"
     "asynchronous interface is not that of the plain one. uvidl --new-uuid prints a new one.",
     EXPLAIN_IMPORT "[object, uuid(" ID_3 "), async_uuid(" ID_3 ")]\n"
                    "interface IStore : IUnknown\n{\n}\n",
     EXPLAIN_IMPORT "[object, uuid(" ID_3 "), async_uuid(" ID_4 ")]\n"
                    "interface IStore : IUnknown\n{\n}\n"},
    {DIAG_INCOMPLETE_BASE, "the base of an interface is declared, but never defined.",
     EXPLAIN_IMPORT "interface IBase;\n\n[object, uuid(" ID_3
                    ")]\ninterface IStore : IBase\n{\n}\n",
     EXPLAIN_IMPORT "[object, uuid(" ID_4 ")]\ninterface IBase : IUnknown\n{\n}\n\n"
                    "[object, uuid(" ID_3 ")]\ninterface IStore : IBase\n{\n}\n"},
    {DIAG_INTERFACE_BY_VALUE,
     "objects are passed by pointers to their interfaces, and never by value.",
     EXPLAIN_OBJECT "    HRESULT Put([in] IUnknown object);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put([in] IUnknown *object);\n}\n"},
    {DIAG_MISSING_BASE, "every object interface has a base; the first one is IUnknown.",
     EXPLAIN_IMPORT "[object, uuid(" ID_3 ")]\ninterface IStore\n{\n}\n", EXPLAIN_OBJECT "}\n"},
    {DIAG_MISSING_UUID,
     "an object interface needs an id, by which QueryInterface asks for it. uvidl --new-uuid\n"
     "prints a new one.",
     EXPLAIN_IMPORT "[object]\ninterface IStore : IUnknown\n{\n}\n", EXPLAIN_OBJECT "}\n"},
    {DIAG_NO_PROXY,
     "the interface has a parameter that no call can carry, so foo_p.c has no proxy for it, and\n"
     "the interface cannot be used from another apartment. [local] says that this is meant.",
     EXPLAIN_OBJECT "    HRESULT Put([in] void *data);\n}\n",
     EXPLAIN_OBJECT "    [local] HRESULT Put([in] void *data);\n}\n"},
    {DIAG_NOT_AN_INTERFACE, "the base of an interface is something else.",
     "typedef long number;\n[object, uuid(" ID_3 ")]\ninterface IStore : number\n{\n}\n",
     EXPLAIN_OBJECT "}\n"},
    {DIAG_ONE_CHARACTER,
     "a pointer to a character carries one character. Nearly always [string] was meant, or an\n"
     "array with a size.",
     EXPLAIN_OBJECT "    HRESULT Say([in] const char *text);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Say([in, string] const char *text);\n}\n"},
    {DIAG_ONE_ELEMENT,
     "a pointer to a byte carries one byte, and beside it is a number that no attribute names.\n"
     "Nearly always it is the size of the data.",
     EXPLAIN_OBJECT "    HRESULT Put([in] ULONG n, [in] const BYTE *data);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Put([in] ULONG n, [in, size_is(n)] const BYTE *data);\n}\n"},
    {DIAG_OUT_CONST, "nothing can be written to what an [out] parameter points to: it is const.",
     EXPLAIN_OBJECT "    HRESULT Get([out] const LONG *value);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Get([out] LONG *value);\n}\n"},
    {DIAG_OUT_NOT_POINTER, "a result needs a place: an [out] parameter is a pointer or an array.",
     EXPLAIN_OBJECT "    HRESULT Get([out] LONG value);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Get([out] LONG *value);\n}\n"},
    {DIAG_PROPGET_MISUSED,
     "propget is for a method that has an [out] parameter for the value, propput and propputref\n"
     "for one whose last parameter is the new value.",
     EXPLAIN_OBJECT "    [propget] HRESULT Size([in] LONG size);\n}\n",
     EXPLAIN_OBJECT "    [propget] HRESULT Size([out, retval] LONG *size);\n}\n"},
    {DIAG_RETVAL_MISUSED, "[retval] marks the last parameter, which is [out], once in a method.",
     EXPLAIN_OBJECT "    HRESULT Get([out, retval] LONG *value, [in] LONG key);\n}\n",
     EXPLAIN_OBJECT "    HRESULT Get([in] LONG key, [out, retval] LONG *value);\n}\n"},
    {.text = NULL},
};
