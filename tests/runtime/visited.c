/*
 * visited.c -- the visitors of visited.h.
 */
#include "tests/runtime/visited.h"

#include <check.h>
#include <string.h>

#include <uvcom/combase.h>

static void visit_node(struct uvcom_visit *visit, void *data)
{
    struct node *value = data;

    uvcom_visit_text(visit, &value->name, sizeof *value->name);
    uvcom_visit_pointer(visit, &value->next, 1, sizeof *value->next, visit_node);
}

static void visit_tree(struct uvcom_visit *visit, void *data)
{
    struct tree *value = data;

    uvcom_visit_pointer(visit, &value->left, 1, sizeof *value->left, visit_tree);
    uvcom_visit_pointer(visit, &value->right, 1, sizeof *value->right, visit_tree);
}

static void visit_spot(struct uvcom_visit *visit, void *data)
{
    struct spot *value = data;

    uvcom_visit_shared(visit, &value->next, 1, sizeof *value->next, visit_spot);
    uvcom_visit_shared(visit, &value->other, 1, sizeof *value->other, visit_spot);
}

static void visit_label(struct uvcom_visit *visit, void *data)
{
    struct label *value = data;

    uvcom_visit_constant_text(visit, &value->text, sizeof *value->text);
    uvcom_visit_constant(visit, &value->about, 1, sizeof *value->about, visit_node);
    uvcom_visit_pointer(visit, &value->next, 1, sizeof *value->next, visit_label);
}

static void visit_choice(struct uvcom_visit *visit, void *data)
{
    struct choice *value = data;

    switch (value->tag) {
    case 1:
        break;
    case 2:
        uvcom_visit_text(visit, &value->u.text, sizeof *value->u.text);
        break;
    default:
        uvcom_visit_no_such_case(visit);
        break;
    }
}

static void visit_grid(struct uvcom_visit *visit, struct grid *value)
{
    LONG **rows;
    size_t height = 0;

    uvcom_visit_pointer(visit, &value->height, 1, sizeof *value->height, NULL);
    if (uvcom_visit_holds(visit, value->height, sizeof *value->height))
        height = uvcom_size(*value->height, &visit->hr);
    height = uvcom_visit_items(visit, &value->rows, &rows,
                               uvcom_extent_of(height, 0, height, &visit->hr), sizeof *rows, 0);
    for (size_t i = 0; i < height; i++)
        uvcom_visit_pointer(visit, &rows[i], uvcom_size(value->width, &visit->hr), sizeof *rows[i],
                            NULL);
}

static void visit_series(struct uvcom_visit *visit, struct series *value)
{
    const size_t room = uvcom_size(value->room, &visit->hr);
    const size_t first = uvcom_size(value->first, &visit->hr);
    const size_t length = uvcom_size(value->length, &visit->hr);

    uvcom_visit_varying(visit, &value->nodes, uvcom_extent_of(room, first, length, &visit->hr),
                        sizeof *value->nodes, visit_node, UVCOM_POINTER_PLAIN);
}

static void visit_all(struct uvcom_visit *visit, void *data)
{
    struct visited *value = data;
    const size_t part_length = uvcom_size(value->part_length, &visit->hr);
    struct node *part;
    size_t count;

    uvcom_visit_pointer(visit, &value->list, 1, sizeof *value->list, visit_node);
    uvcom_visit_pointer(visit, &value->tree, 1, sizeof *value->tree, visit_tree);
    uvcom_visit_shared(visit, &value->spot, 1, sizeof *value->spot, visit_spot);
    uvcom_visit_shared(visit, &value->spot_too, 1, sizeof *value->spot_too, visit_spot);
    uvcom_visit_pointer(visit, &value->label, 1, sizeof *value->label, visit_label);
    uvcom_visit_constant_text(visit, &value->title, sizeof *value->title);
    visit_grid(visit, &value->grid);
    uvcom_visit_pointer(visit, &value->choice, 1, sizeof *value->choice, visit_choice);
    visit_series(visit, &value->series);
    count = uvcom_visit_part(visit, value->part, &part,
                             uvcom_extent_of(3, 0, part_length, &visit->hr), sizeof *part);
    for (size_t i = 0; i < count; i++)
        visit_node(visit, &part[i]);
    uvcom_visit_string(visit, &value->buffer, 1, uvcom_size(value->buffer_room, &visit->hr),
                       UVCOM_POINTER_PLAIN);
    uvcom_visit_pointer(visit, &value->bytes, value->byte_count, value->byte_size, NULL);
    uvcom_visit_bstr(visit, &value->bstr);
    uvcom_visit_bstr(visit, &value->bstr_too);
    uvcom_visit_interface(visit, &value->iface, value->iid);
}

struct visited *visited_open(bool is_plain)
{
    static const struct uvcom_method method = {
        .name = "Visit", .frame_size = sizeof(struct visited), .results = visit_all};
    struct operation *operation = uvcom__operation_create(sizeof(struct visited));

    if (!operation)
        return NULL;
    uvcom__operation_open(operation, &method, 1);
    operation->is_plain = is_plain;
    operation->is_lent = is_plain;
    return (struct visited *)(void *)operation->frame;
}

void visited_close(struct visited *frame)
{
    uvcom__operation_destroy(uvcom__operation_of_frame(frame));
}

HRESULT visited_visit(struct visited *frame, enum uvcom_visit_kind kind, HRESULT hr)
{
    return uvcom_frame_visit(frame, kind, visit_all, frame, hr);
}

char *visited_text(const char *text)
{
    char *copy = text ? CoTaskMemAlloc(strlen(text) + 1) : NULL;

    return copy ? memcpy(copy, text, strlen(text) + 1) : NULL;
}

struct node *visited_node(const char *name, LONG value, struct node *next)
{
    struct node *node = CoTaskMemAlloc(sizeof *node);

    ck_assert_ptr_nonnull(node);
    node->name = visited_text(name);
    node->value = value;
    node->next = next;
    return node;
}

struct spot *visited_spot(LONG value, struct spot *next, struct spot *other)
{
    struct spot *spot = CoTaskMemAlloc(sizeof *spot);

    ck_assert_ptr_nonnull(spot);
    spot->value = value;
    spot->next = next;
    spot->other = other;
    return spot;
}
