/*
 * client.h -- the client's side of the matrix: makes a method's parameters out of leaves, looks at
 * what came back, and watches every byte of memory that it lends.
 *
 * `put` reads the leaves that oracle.py has written and builds the values: [in] memory in blocks of
 * exactly the right size, [out] and [in, out] memory between guards and full of poison. `same`
 * reads the leaves that must come back, compares, and gives back what the client owns now. The
 * statements are written by generate.py from the method's parameters.
 */
#ifndef TESTS_E2E_MATRIX_CLIENT_H
#define TESTS_E2E_MATRIX_CLIENT_H

#include "leaf.h"

struct client;

/* One set of values for a method, and what must come of it. */
struct sample {
    const char *name;
    const uint64_t *given;
    size_t given_count;
    const uint64_t *wanted;
    size_t wanted_count;
    const uint64_t *kept; /* the [in, out] values after a failure; only of methods that are swept */
    size_t kept_count;
    uint64_t seen; /* by the server */
    HRESULT hr;
};

enum { SAMPLES = 3 };

struct method {
    const char *name;
    size_t size; /* of its arguments */
    void (*put)(struct client *c, void *arguments);
    HRESULT (*plain)(void *object, void *arguments);
    HRESULT (*begin)(void *call, void *arguments);
    HRESULT (*finish)(void *call, void *arguments);
    void (*same)(struct client *c, void *arguments);
    const struct sample *samples;
    bool is_careless; /* fails, and leaves results all the same */
    bool is_swept;    /* every allocation of it fails in turn */
};

struct group {
    const char *name;
    const struct method *methods;
    size_t count;
};

struct family {
    const char *name;
    const IID *iid;
    const IID *async_iid;
    const struct group *groups;
    size_t group_count;
};

/* One call: from client_start to client_end. */
struct client {
    const struct method *method;
    const struct sample *sample;
    const char *way; /* of calling, for messages */
    bool is_async;
    bool is_in_out;   /* of the parameter that is being put */
    bool has_failed;  /* the call has, so nothing came out */
    bool is_starving; /* an allocation may fail while results are looked at */
    void *arguments;
    size_t given;  /* leaves that have been read */
    size_t wanted; /* the same */
    struct block *blocks;
};

/* Makes the arguments. */
void client_start(struct client *c, const struct method *method, const struct sample *sample);
/* Begin_ has returned: all that was given is overwritten and freed. (CALL-14) */
void client_forget(struct client *c);
/* Looks at everything: results, guards, what must not have changed; and frees it. */
void client_end(struct client *c, HRESULT hr);
/* Frees everything without a look at results. */
void client_drop(struct client *c);

/* Fails the test with a message that names method, sample and way. */
_Noreturn void client_fail(const struct client *c, const char *what, uint64_t actual,
                           uint64_t expected);

/* The next leaf of what is given, and of what is wanted. */
uint64_t next(struct client *c);
uint64_t want(struct client *c);
void same(struct client *c, uint64_t actual);
/* The next leaf says whether there is something; returns whether to look at it. */
bool same_present(struct client *c, const void *pointer);
/* So many elements must be there. */
void same_block(struct client *c, const void *pointer, size_t count);
/* Frees memory that came from the server; what is CONSTANT must be the client's own. */
void take_back(struct client *c, void *pointer, unsigned flags);
/* All of a block of the client's but these bytes must be as it was. */
void untouched(struct client *c, const void *memory, size_t from, size_t to);

/* Memory for [in] values, and for what is inside of [in, out] ones. */
void *put_block(struct client *c, size_t count, size_t size, unsigned flags);
/* Memory for an [in, out] value itself; for the same at Finish_; for an [out] value; for an [out]
   array. */
void *in_out_room(struct client *c, size_t count, size_t size);
void *back_room(struct client *c, const void *given);
void *out_room(struct client *c, size_t size);
void *array_room(struct client *c, size_t count, size_t size);

/* What Finish_ was given takes the place of what Begin_ was given. */
#define back(client, place, other)                                                                 \
    do {                                                                                           \
        if ((client)->is_async)                                                                    \
            *(place) = (other);                                                                    \
    } while (0)

void put_guid(struct client *c, GUID *guid);
void same_guid(struct client *c, const GUID *guid);
const IID *put_iid(struct client *c);

void *put_text(struct client *c, unsigned flags);
void same_text(struct client *c, const void *text, unsigned flags);
BSTR put_bstr(struct client *c, unsigned flags);
void same_bstr(struct client *c, BSTR text, unsigned flags);
void *put_witness(struct client *c, unsigned flags);
void same_witness(struct client *c, void *object, unsigned flags);
struct node *put_list(struct client *c, unsigned flags);
void same_list(struct client *c, struct node *list, unsigned flags);
struct vertex *put_graph(struct client *c, unsigned flags);
void same_graph(struct client *c, struct vertex *graph, unsigned flags);

void *put_buffer(struct client *c, size_t unit);
void same_buffer(struct client *c, const void *text, size_t unit);

#endif
