/*
 * emit.h -- what the emitters share, and their entry points: one for each file that is written.
 */
#ifndef CODEGEN_EMIT_H
#define CODEGEN_EMIT_H

#include "codegen/names.h"
#include "codegen/out.h"
#include "codegen/plan_file.h"
#include "codegen/types.h"
#include "codegen/view.h"
#include "idl/idl.h"

struct seen {
    const void **nodes;
    size_t count, capacity;
};

struct emitter {
    struct pool *pool;
    struct names *names;
    const struct file_plan *plan; /* borrowed */
    struct out *out;
    bool has_instances; /* emit_winrt_instances has been asked in earnest */
    struct seen seen;   /* structs and enums whose bodies are out, forward declarations */
};

/** True the first time it is asked about a node. */
bool emit_first_time(struct emitter *emitter, const void *node);

/** The head comment of a generated file. `about` may have several lines. */
void emit_banner(struct emitter *emitter, const char *file, const char *about);

/* foo.h */
void emit_header(struct emitter *emitter);
void emit_declarations(struct emitter *emitter, const struct declaration *list);
/** " { ... }": the fields or enumerators of a struct, union or enum. */
void emit_body(struct emitter *emitter, const struct type *type, size_t indent);
void emit_forwards(struct emitter *emitter, const struct declaration *list);
void emit_interface(struct emitter *emitter, const struct interface *interface);
void emit_function_interface(struct emitter *emitter, const struct interface *interface);
void emit_function_module(struct emitter *emitter, const struct interface *module);
/** The functions that handles of RPC need: whoever serves or binds writes them. */
void emit_rundowns(struct emitter *emitter, const struct declaration *list);
void emit_coclass(struct emitter *emitter, const struct coclass *coclass);
void emit_library(struct emitter *emitter, const struct declaration *library);
void emit_starts(struct emitter *emitter, const struct interface *interface);
const char *finish_comment(struct pool *pool, const struct slot *slot, const char *interface);

/** The table of Start_ functions that emit_starts writes; NULL: it writes none. */
const struct carrier *starts_carrier(const struct emitter *emitter,
                                     const struct interface *interface);

/* foo_i.c */
void emit_ids(struct emitter *emitter);

/* foo_p.c */
void emit_calls(struct emitter *emitter);

/* One method of foo_p.c: what its parts are called, and how its parameters travel. */
struct carried_method {
    const struct carrier *carrier;
    const struct slot *slot; /* of the plain interface */
    const struct plan *plan;
    struct method_names names;
    const char *frame, *hr; /* local names that no parameter has, and no declaration */
    struct names *file_names;
};

/** A name that hides neither a parameter of the method nor what the IDL declares. */
const char *carried_local(const struct carried_method *method, const char *wanted);

/** The frame and the functions on it: visitors, fill, run and its kin, ready, deliver. */
void emit_frame(struct emitter *emitter, const struct carried_method *method);
void emit_fill(struct emitter *emitter, const struct carried_method *method);
void emit_run(struct emitter *emitter, const struct carried_method *method);

/** The plain method of the proxy, Begin_ and Finish_. */
void emit_pair(struct emitter *emitter, const struct carried_method *method);

/** The parameters of one direction, each with ", " before it: "" or ", ULONG cb". */
const char *carried_parameters(struct pool *pool, const struct plan *plan, bool is_out);
const char *carried_arguments(struct pool *pool, const struct plan *plan, bool is_out);

#endif
