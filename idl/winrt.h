/*
 * idl/winrt.h -- what the files of the Windows Runtime's part of the front end share.
 *
 * Nothing of it is touched by a file without namespaces, except that session->winrt stays NULL.
 */
#ifndef IDL_WINRT_H
#define IDL_WINRT_H

#include "idl/ast_winrt.h"
#include "idl/parser.h"

struct winrt_space {
    const struct winrt_space *outer;
    const char *full; /* "Windows.Foundation" */
};

/* The parameters of the definition that is being read. */
struct winrt_parameters {
    const char **names;
    size_t count;
};

/* Where an instance was named first. */
struct instance_origin {
    struct location location;
    struct idl_file *file;
    bool is_short; /* by a file for widl: the names of structs are shortened in that of the instance
                    */
};

/* An instance of a parameterized interface, while the front end works. */
struct instance {
    struct winrt_instance node; /* first: the tree points here */
    struct instance *next;      /* in the order in which they were named */
    struct interface *interface;
    struct instance_origin origin;
    bool is_open;     /* parameters stand in its arguments */
    bool is_wanted;   /* named by more than the methods of another instance */
    bool is_declared; /* there is a declaration of it */
    bool is_built;    /* it has its methods */
};

/* A class as a type: what its default interface is may be known only at the end. */
struct class_use {
    struct class_use *next;
    struct type *type;
    struct location location;
};

/* A struct or enum in a namespace. */
struct tag_use {
    struct tag_use *next;
    const struct tag *tag;
    const char *name; /* whole */
    bool is_used;     /* as a type, so its body is needed */
    unsigned mark;    /* of the search for structs that contain themselves */
};

struct winrt {
    struct map roots;     /* first parts of namespaces: a dotted name begins with one */
    struct map instances; /* by their arguments -> struct instance */
    struct map tags;      /* whole name -> struct tag_use */
    struct instance *first_instance, **last_instance;
    struct class_use *class_uses;
    struct tag_use *tag_uses;
    bool has_known, is_reading_known;        /* winrt_known.c: it has been looked for; it is open */
    const struct declaration *known_imports; /* what it needs */
};

struct winrt *winrt_state(struct session *session);

/* parser_winrt.c */

/** [ name "," ] number: the arguments of contract and contractversion. */
void parse_contract_version(struct parser *parser, struct attribute *attribute);

/* winrt_name.c */

/** What a thing is called; `prefix` is "I" for delegates, else "". */
struct winrt_name *winrt_name_make(struct parser *parser, const char *full, const char *prefix);
/** Adds its [contract], if that is known. */
void winrt_name_contract(struct parser *parser, const struct winrt_name *name,
                         const struct attribute *attributes);
/** "WINDOWS_FOUNDATION_UNIVERSALAPICONTRACT_VERSION" */
const char *winrt_contract_macro(struct arena *arena, const char *full);
/** "__FIVector_1_HSTRING" */
const char *winrt_instance_name(struct arena *arena, const struct winrt_instance *instance,
                                bool is_short);
/** The enumerator gets the name of its enum, as C wants it; the whole one is returned. */
const char *winrt_enumerator(struct parser *parser, const struct winrt_name *name,
                             struct enumerator *enumerator);
/** Whether a typedef of this name would only say the name of a struct or enum again. */
bool winrt_is_own_name(const struct type *type, const char *name);
/** Takes what a struct or enum has from its declaration. */
void winrt_note_type(struct parser *parser, const struct type *type,
                     const struct declaration *declaration);
/** The same, but never the same for two. */
const char *winrt_instance_key(struct arena *arena, const struct winrt_instance *instance);

/* winrt_lookup.c */

struct winrt *winrt_state(struct session *session);
/** "A.B.name" in the innermost namespace, or the name alone outside of all. */
const char *winrt_whole(struct parser *parser, const char *name);
/** From the innermost namespace outwards; `suffix` is "<" or "". NULL: there is none. */
struct symbol *winrt_find(struct parser *parser, const char *name, const char *suffix);
/** name { "." name }; NULL, and a message: there is none. */
const char *parse_dotted(struct parser *parser, const char *what, struct location *location);
/** Declares, or promises, an interface of a whole name; `prefix` as above. NULL: it is none. */
struct symbol *winrt_interface(struct parser *parser, const char *full, const char *prefix,
                               const struct location *location);
/** The interface that a class or another interface only mentions, so that it may be unknown. */
struct type *parse_winrt_mention(struct parser *parser);
struct type *winrt_class_type(struct session *session, const struct winrt_class *runtime_class,
                              const struct location *location);

/* winrt_instance.c */

struct instance *winrt_instance(struct session *session, const struct winrt_instance *node,
                                const struct instance_origin *origin);
/** A list of types as an array. */
struct type *winrt_instance_type(struct session *session, const struct instance *instance);
/** Declares the instances that a file names and that nobody has declared. */
void winrt_end_of_file(struct parser *parser, const struct declaration ***tail);
/** When all files are read: default interfaces, methods and ids of instances, what is missing. */
void winrt_finish(struct session *session);

/* winrt_known.c */

/** Reads, once, the interfaces with parameters that Windows has and that no IDL defines. */
void winrt_read_known(struct parser *parser, const struct location *location);
/** Gives a file that uses them the imports that they need. */
void winrt_import_known(struct parser *parser);

/* winrt_check.c: structs and enums that have no body, or contain themselves */
void winrt_check_tags(struct session *session);

/* winrt_signature.c */

/** The id of an instance. False, and a message: an argument can be none. */
bool winrt_instance_id(struct session *session, const struct instance *instance, struct guid *guid);

#endif
