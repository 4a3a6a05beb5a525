/*
 * tests/idl/compile.h -- compiles text or a file for a test, and takes parts of the result apart.
 */
#ifndef TESTS_IDL_COMPILE_H
#define TESTS_IDL_COMPILE_H

#include "idl/idl.h"

/** Compiles text as "test.idl" with the test's own unknwn.idl in reach; the caller destroys it. */
struct idl *compile(const char *text);

/** The same with exact length, for text with NULs. */
struct idl *compile_bytes(const char *text, size_t length);

/** Fails the running test unless the text compiles without a message of any kind. */
struct idl *compile_clean(const char *text);

/** Fails the running test unless there is exactly one error, and its first line is this. */
void check_error(const char *text, const char *expected);

/** Fails the running test unless the messages contain this. */
void check_message(const char *text, const char *part);

/** The last interface, declaration or method of the name; fails the running test if there is none.
 */
const struct interface *find_interface(const struct idl *idl, const char *name);
const struct declaration *find_declaration(const struct idl *idl, const char *name);
const struct method *find_method(const struct interface *interface, const char *name);
const struct parameter *find_parameter(const struct method *method, const char *name);

/** The options that all of these use. */
const struct idl_options *test_options(void);

/** Makes tests/idl/<folder> the current folder: messages then have names and no places in them. */
void enter_folder(const char *folder);

#define UNKNOWN_IDL "import \"unknwn.idl\";\n"
#define UUID_1 "6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b01"
#define UUID_2 "6a1d7c02-5b0e-4f53-9a77-0c1d1f2f6b02"
#define OBJECT_IDL UNKNOWN_IDL "[object, uuid(" UUID_1 ")] interface IFoo : IUnknown "
#define ASYNC_IDL                                                                                  \
    UNKNOWN_IDL "[object, uuid(" UUID_1 "), async_uuid(" UUID_2 ")] interface IFoo : IUnknown "

#endif
