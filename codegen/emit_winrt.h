/*
 * emit_winrt.h -- the parts of a header that only namespaces have, and what they put round others.
 */
#ifndef CODEGEN_EMIT_WINRT_H
#define CODEGEN_EMIT_WINRT_H

#include "codegen/emit.h"
#include "idl/ast_winrt.h"

/* Round what stands in a namespace, in C++. */
void winrt_open_space(struct emitter *emitter, const struct winrt_name *name);
void winrt_close_space(struct emitter *emitter, const struct winrt_name *name);

/* Round what there is only since some version of a contract. */
void winrt_open_contract(struct emitter *emitter, const struct winrt_name *name);
void winrt_close_contract(struct emitter *emitter, const struct winrt_name *name);

/** Whether its values are bits, and so unsigned. */
bool winrt_is_flags(const struct enumeration *enumeration);

/** The names of interfaces, classes, structs, enums and templates. */
void emit_winrt_forwards(struct emitter *emitter, const struct declaration *list);

/**
 * The names of the instances, once, before something that may need them; NULL: it does. Not with
 * the others, because an argument can be a typedef of the same file.
 */
void emit_winrt_instances(struct emitter *emitter, const struct interface *before);

/** A struct or enum, after those that are in it. */
void emit_winrt_type(struct emitter *emitter, const struct declaration *declaration);

/** The struct or enum that a type is made of, if it is of this file and not out yet. */
void emit_winrt_needed(struct emitter *emitter, const struct type *type);
void emit_winrt_needed_by(struct emitter *emitter, const struct interface *interface);

/** InterfaceName_Foo_IBar, which holds "Foo.IBar"; nothing for what is in no namespace. */
void emit_winrt_interface_name(struct emitter *emitter, const struct interface *interface);

/** In C++, in the namespace: IID_IBar. */
void emit_winrt_id(struct emitter *emitter, const struct interface *interface);

void emit_runtime_class(struct emitter *emitter, const struct winrt_class *runtime_class);
void emit_contract(struct emitter *emitter, const struct winrt_contract *contract);

#endif
