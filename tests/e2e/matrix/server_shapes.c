/*
 * server_shapes.c -- the server's lists and graphs; see server.h.
 *
 * A graph is numbered in the order in which a walk, left edge first, meets its vertices; its leaves
 * are the number of vertices and, for each, its value and the numbers of its two neighbours, 0 for
 * none.
 */
#include "tests/e2e/matrix/server.h"

enum { GRAPH_ROOM = 16 };

/* ---- lists ---- */

void fold_list(struct served *s, const struct node *list, unsigned flags)
{
    size_t count = 0;

    (void)flags;
    fold(s, list != NULL);
    for (const struct node *one = list; one; one = one->next)
        count++;
    if (list)
        fold(s, count);
    for (const struct node *one = list; one; one = one->next)
        fold(s, (uint32_t)one->number);
}

struct node *make_list(struct served *s, unsigned flags)
{
    struct node *head = NULL, **end = &head;
    uint64_t count;

    (void)flags;
    if (draw(s) % 4 == 0)
        return NULL;
    count = draw(s) % 4 + 1;
    for (uint64_t i = 0; i < count; i++) {
        *end = server_room(s, 1, sizeof **end);
        if (!*end)
            return head;
        (*end)->number = (LONG)draw(s);
        end = &(*end)->next;
    }
    return head;
}

void alter_list(struct served *s, struct node *list, unsigned flags)
{
    (void)flags;
    for (; list; list = list->next)
        list->number = (LONG)draw(s);
}

void drop_list(struct node *list)
{
    while (list) {
        struct node *next = list->next;

        CoTaskMemFree(list);
        list = next;
    }
}

/* ---- graphs ---- */

struct walk {
    struct vertex *found[GRAPH_ROOM];
    size_t count;
};

/* The number of a vertex, from 1; a new one is walked through. */
static size_t walk(struct walk *w, struct vertex *from)
{
    size_t number;

    for (size_t i = 0; i < w->count; i++)
        if (w->found[i] == from)
            return i + 1;
    if (!from || w->count == GRAPH_ROOM)
        return 0;
    w->found[w->count++] = from;
    number = w->count;
    walk(w, from->left);
    walk(w, from->right);
    return number;
}

void fold_graph(struct served *s, struct vertex *graph, unsigned flags)
{
    struct walk w = {.count = 0};

    (void)flags;
    walk(&w, graph);
    fold(s, graph != NULL);
    if (graph)
        fold(s, w.count);
    for (size_t i = 0; i < w.count; i++) {
        fold(s, (uint32_t)w.found[i]->number);
        fold(s, walk(&w, w.found[i]->left));
        fold(s, walk(&w, w.found[i]->right));
    }
}

struct vertex *make_graph(struct served *s, unsigned flags)
{
    struct vertex *all[GRAPH_ROOM] = {NULL};
    uint64_t count;

    (void)flags;
    if (draw(s) % 4 == 0)
        return NULL;
    count = draw(s) % 4 + 1;
    for (uint64_t i = 0; i < count; i++) {
        all[i] = server_room(s, 1, sizeof *all[i]);
        if (!all[i]) {
            while (i > 0)
                CoTaskMemFree(all[--i]);
            return NULL;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t right;

        all[i]->number = (LONG)draw(s);
        all[i]->left = i + 1 < count ? all[i + 1] : NULL;
        if (i + 1 == count) {
            const uint64_t left = draw(s) % (count + 1);

            all[i]->left = left > 0 ? all[left - 1] : NULL;
        }
        right = draw(s) % (count + 1);
        all[i]->right = right > 0 ? all[right - 1] : NULL;
    }
    return all[0];
}

void alter_graph(struct served *s, struct vertex *graph, unsigned flags)
{
    struct walk w = {.count = 0};

    (void)flags;
    walk(&w, graph);
    for (size_t i = 0; i < w.count; i++)
        w.found[i]->number = (LONG)draw(s);
}

void drop_graph(struct vertex *graph)
{
    struct walk w = {.count = 0};

    walk(&w, graph);
    for (size_t i = 0; i < w.count; i++)
        CoTaskMemFree(w.found[i]);
}
