/*
 * names.h -- every name that uvidl makes up is made here, once.
 *
 * Names that the user gave (interfaces, methods, parameters) are used as they are. Those made from
 * them for the inside of foo_p.c are checked against each other and against what the IDL declares,
 * so that no IDL can make two functions of one name.
 */
#ifndef CODEGEN_NAMES_H
#define CODEGEN_NAMES_H

#include "codegen/pool.h"
#include "idl/ast.h"

#ifndef UVIDL_VERSION
#define UVIDL_VERSION "0.1.0"
#endif

struct name_set {
    const char **slots; /* open addressing; NULL: free */
    size_t capacity, count;
};

/* What locals and parameters of generated functions are called, unless the IDL declares that. */
struct local_names {
    const char *frame, *hr, *server, *target;              /* of methods */
    const char *visit, *data, *tag, *value;                /* of visitors */
    const char *bytes, *size, *riid, *ppv;                 /* of size_of_T, of QueryInterface */
    const char *call, *starts, *table, *operation, *outer; /* of a server's call objects */
};

/* Of one IDL file and the files that are made from it. */
struct names {
    struct pool *pool;                /* borrowed */
    const struct idl_file *file;      /* borrowed */
    const char *stem;                 /* "simple_stream" */
    const char *word;                 /* the stem as a part of an identifier */
    const char *guard;                /* "__simple_stream_h__" */
    const char *header, *ids, *calls; /* the names of the three files */
    const char *include;              /* how the header is included, with its quotes or brackets */
    struct name_set taken;
    struct local_names local;
};

/* Of one interface, in foo_p.c. */
struct interface_names {
    const char *prefix;   /* "simple_stream" */
    const char *constant; /* "SIMPLE_STREAM" */
    const char *proxy;    /* "simple_stream_proxy": before the names of IUnknown's methods */
    const char *call;     /* "simple_stream_call": the same for the call object */
};

/* Of one method, in foo_p.c. */
struct method_names {
    const char *frame;  /* "simple_stream_Read": the struct, and the proxy's method */
    const char *number; /* "SIMPLE_STREAM_READ" */
    const char *in, *in_out, *results; /* visitors of the frame */
    const char *fill, *run, *ready, *deliver, *begin, *finish;
    const char *serve_begin, *serve_finish, *serve_start; /* "simple_stream_Read_begin" */
};

/* The files that are made from foo.idl: "foo.h", "foo_i.c", "foo_p.c". */
struct output_names {
    const char *stem;
    const char *header, *ids, *calls;
};

/** Of an IDL file, of which the path or the name is given. */
struct output_names names_of_outputs(struct pool *pool, const char *file);

void names_init(struct names *names, struct pool *pool, const struct idl_file *file);

/** `wanted`, with a number behind it if it is taken; it is taken from now on. */
const char *names_claim(struct names *names, const char *wanted);

/** `wanted`, with underscores behind it until it hides nothing; it is not taken. */
const char *names_local(struct names *names, const char *wanted);

/** The same, and no parameter of the method is called so either. */
const char *names_local_of(struct names *names, const struct method *method, const char *wanted);

struct interface_names names_of_interface(struct names *names, const struct interface *interface);
struct method_names names_of_method(struct names *names, const struct interface_names *interface,
                                    const char *method);

/** "SimpleStream" to "simple_stream", "HTTPServer2" to "http_server2". */
const char *snake_case(struct pool *pool, const char *name);

/** The include line's argument for an imported file. */
const char *import_include(struct pool *pool, const struct declaration *import, bool from_system);

#endif
