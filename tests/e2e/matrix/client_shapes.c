/*
 * client_shapes.c -- the client's lists and graphs; see client.h.
 *
 * The leaves of a graph are the number of its vertices and, for each, its value and the numbers of
 * its two neighbours, 0 for none; vertices are numbered as a walk meets them, left edge first.
 */
#include "tests/e2e/matrix/client.h"

enum { GRAPH_ROOM = 16 };

struct node *put_list(struct client *c, unsigned flags)
{
    struct node *head = NULL, **end = &head;
    size_t count = next(c) ? (size_t)next(c) : 0;

    for (; count > 0; count--) {
        *end = put_block(c, 1, sizeof **end, flags);
        (*end)->number = (LONG)next(c);
        end = &(*end)->next;
    }
    *end = NULL;
    return head;
}

void same_list(struct client *c, struct node *list, unsigned flags)
{
    size_t count;

    if (!same_present(c, list))
        return;
    for (count = (size_t)want(c); count > 0; count--) {
        struct node *first = list;

        same_block(c, first, 1);
        same(c, (uint32_t)first->number);
        list = first->next;
        take_back(c, first, flags);
    }
    if (list)
        client_fail(c, "a list that is too long", 1, 0);
}

struct vertex *put_graph(struct client *c, unsigned flags)
{
    struct vertex *all[GRAPH_ROOM];
    const size_t count = next(c) ? (size_t)next(c) : 0;

    for (size_t i = 0; i < count; i++)
        all[i] = put_block(c, 1, sizeof *all[i], flags);
    for (size_t i = 0; i < count; i++) {
        size_t left, right;

        all[i]->number = (LONG)next(c);
        left = (size_t)next(c);
        right = (size_t)next(c);
        all[i]->left = left > 0 ? all[left - 1] : NULL;
        all[i]->right = right > 0 ? all[right - 1] : NULL;
    }
    return count > 0 ? all[0] : NULL;
}

/* A breadth-first walk of its own: an edge must lead to the vertex of that number, always to the
   same one. */
static void same_edge(struct client *c, struct vertex **all, struct vertex *to)
{
    const size_t number = (size_t)want(c);

    if ((to != NULL) != (number > 0))
        client_fail(c, "an edge that should or should not be there", to != NULL, number);
    if (!to)
        return;
    if (!all[number - 1])
        all[number - 1] = to;
    if (all[number - 1] != to)
        client_fail(c, "an edge to another vertex", (uintptr_t)to, number);
}

void same_graph(struct client *c, struct vertex *graph, unsigned flags)
{
    struct vertex *all[GRAPH_ROOM] = {graph};
    size_t count;

    if (!same_present(c, graph))
        return;
    count = (size_t)want(c);
    for (size_t i = 0; i < count; i++) {
        same_block(c, all[i], 1);
        same(c, (uint32_t)all[i]->number);
        same_edge(c, all, all[i]->left);
        same_edge(c, all, all[i]->right);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++)
            if (all[i] == all[j])
                client_fail(c, "two vertices in one place", i, j);
        take_back(c, all[i], flags);
    }
}
