/*
 * server.h -- the server's side of the matrix: what its methods do with what they are given.
 *
 * The statements are written by generate.py from the method's parameters; the rule is this: each
 * value is folded into `seen`, leaf by leaf, and all results are drawn from a source that starts
 * with it. What must come out is computed in oracle.py, in Python, from the client's values alone.
 */
#ifndef TESTS_E2E_MATRIX_SERVER_H
#define TESTS_E2E_MATRIX_SERVER_H

#include <stdlib.h>

#include "leaf.h"
#include "started.h"

/* One method at work. */
struct served {
    uint64_t seen;   /* of what it was given */
    uint64_t source; /* of what it returns */
    HRESULT hr;      /* a failure: no memory, or an interface pointer that does not work */
};

void serve(struct served *s);
/* All that was given has been folded; now results may be drawn. */
void received(struct served *s);

void fold(struct served *s, uint64_t leaf);
uint64_t draw(struct served *s);

/* Zeroed task memory; NULL and a failure in hr: none left. */
void *server_room(struct served *s, size_t count, size_t size);

void fold_guid(struct served *s, const GUID *guid);
void make_guid(struct served *s, GUID *guid);
IID *make_iid(struct served *s);

/* Strings, BSTRs, interface pointers, lists and graphs: NULL is a value of each. */
void fold_text(struct served *s, const void *text, unsigned flags);
void *make_text(struct served *s, unsigned flags);
void alter_text(struct served *s, void *text, unsigned flags);
void drop_text(const void *text);

void fold_bstr(struct served *s, BSTR text, unsigned flags);
BSTR make_bstr(struct served *s, unsigned flags);
void alter_bstr(struct served *s, BSTR text, unsigned flags);
void drop_bstr(BSTR text);

void fold_witness(struct served *s, void *object, unsigned flags);
void *make_witness(struct served *s, unsigned flags);
void drop_witness(void *object);

void fold_list(struct served *s, const struct node *list, unsigned flags);
struct node *make_list(struct served *s, unsigned flags);
void alter_list(struct served *s, struct node *list, unsigned flags);
void drop_list(struct node *list);

void fold_graph(struct served *s, struct vertex *graph, unsigned flags);
struct vertex *make_graph(struct served *s, unsigned flags);
void alter_graph(struct served *s, struct vertex *graph, unsigned flags);
void drop_graph(struct vertex *graph);

/* A string in the client's room of so many characters; 0: as many as the old text has. */
void fold_buffer(struct served *s, const void *text, size_t room, size_t unit);
void make_buffer(struct served *s, void *text, size_t room, size_t unit);

/* What the last method that was served has seen, and how many there were. */
uint64_t server_seen(void);
size_t server_calls(void);
int server_live(void);

/* For the object, which is in generated code. */
void server_born(void);
void server_gone(void);
/* One that knows nothing of asynchronous calls; one whose interfaces have Start_ functions; and one
   that has them, for every other method, behind an ICallFactory of its own. */
HRESULT matrix_create(IUnknown *outer, REFIID riid, void **ppv);
HRESULT matrix_create_started(IUnknown *outer, REFIID riid, void **ppv);
HRESULT matrix_create_factory(IUnknown *outer, REFIID riid, void **ppv);

#endif
