/*
 * idl.h -- the front door of the compiler's front end: IDL text in, checked tree and messages out.
 *
 * A library: it keeps no globals, prints nothing and never exits, so that tests and fuzzers can run
 * it many times in one process. Everything it makes belongs to one struct idl and is freed with it.
 */
#ifndef IDL_IDL_H
#define IDL_IDL_H

#include <stdbool.h>
#include <stddef.h>

#include "idl/ast.h"
#include "idl/ast_winrt.h"
#include "idl/diag_kind.h"

enum idl_status {
    IDL_OK,
    IDL_ERRORS,      /* the IDL has errors: see the messages */
    IDL_CANNOT_READ, /* a file named on the command line could not be read */
    IDL_NO_MEMORY
};

struct idl_define {
    const char *name; /* N or N=V for -D */
    bool undefine;    /* -U */
};

struct idl_warning {
    enum diag_kind kind;
    enum diag_switch as;
};

struct idl_options {
    const char *const *folders; /* -I, in order; NULL-terminated */
    const char *system_folder;  /* where the runtime's own .idl files are; searched last */
    const struct idl_define *defines;
    size_t define_count;
    enum ns_prefix ns_prefix;           /* of names in namespaces, where the file does not say */
    const struct idl_warning *warnings; /* -W, in order: the last of a kind holds */
    size_t warning_count;
    bool warnings_are_errors;
    bool shows_all;      /* messages, not a hundred */
    size_t max_errors;   /* that are shown; 0: a hundred */
    bool is_header_only; /* only foo.h is wanted: flaws that it does not show are warnings */
    bool is_for_many;    /* files, one after the other: what they import first is read once */
};

struct idl;

/** NULL: out of memory. */
struct idl *idl_create(const struct idl_options *options);
void idl_destroy(struct idl *idl);

/**
 * Compiles one file. May be called again if the options say so: the tree, the messages and the
 * files of the last call are gone then, and the new ones are, to the byte, those of a call alone.
 */
enum idl_status idl_compile(struct idl *idl, const char *path);

/** The same for text in memory; `name` stands for the file in messages. For tests and fuzzers. */
enum idl_status idl_compile_text(struct idl *idl, const char *name, const char *text,
                                 size_t length);

/** The main file's tree, which may have errors by -Werror; NULL unless the status was IDL_OK. */
const struct idl_file *idl_main_file(const struct idl *idl);

/** Every file that was read (main, imports, includes), in the order of first use. For --depfile. */
size_t idl_dependency_count(const struct idl *idl);
const char *idl_dependency(const struct idl *idl, size_t index);

/*
 * The messages, in the order of the text, ready to be printed: "file:line:column: error: text
 * [kind]", the source line, the caret. NUL-terminated; "" if there are none. NULL: no memory for
 * them.
 */
const char *idl_messages(const struct idl *idl);

/** The same, made anew at each call: with colors for a terminal, or as JSON lines. */
enum idl_form { IDL_PLAIN, IDL_COLORED, IDL_JSON };
const char *idl_messages_as(const struct idl *idl, enum idl_form form);

size_t idl_error_count(const struct idl *idl);

/** Line (from 1) of a location, for "file.idl:line" in generated code. */
unsigned location_line(const struct location *location);

/** Its file, as messages name it; "" for a location that is nowhere. */
const char *location_file(const struct location *location);

/** Adds an error of the back end (a parameter that no call can carry, say) at a location. */
void idl_report(struct idl *idl, const struct location *location, const char *kind,
                const char *text);
/** The same, but a warning. */
void idl_warn(struct idl *idl, const struct location *location, const char *kind, const char *text);

/* Queries on the tree that more than one back end needs. */
const struct attribute *attribute_find(const struct attribute *list, const char *name);

/**
 * The declaration that follows in the text, also in a library and out of it again; NULL: the list
 * ends. Bodies of interfaces and modules are passed over: they are lists of their own.
 */
const struct declaration *declaration_after(const struct declaration *declaration);

/** The first name in an expression of a parameter that Begin_ does not have: an [out] one, which
 * comes too late (DER-08). NULL: it has them all. */
const struct expr *expr_late_name(const struct expr *expr);
const struct type *type_resolve(const struct type *type); /* follows TYPE_ALIAS */
bool type_is_interface_pointer(const struct type *type);

#endif
