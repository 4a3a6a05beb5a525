/*
 * wrap.c -- a line of C that is too long becomes several, as the project's clang-format would have
 * it.
 *
 * It does not understand C. It knows the five shapes of line that the emitters write - a
 * declaration, a member that is a pointer to a function, a macro, a statement with one call, a row
 * of a table - and breaks at the commas of one bracket. For a shape there are a few ways to break;
 * each has a cost, which was fitted to what clang-format 14 chooses, and the cheapest one that fits
 * is taken.
 */
#include "codegen/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "codegen/out.h"

/* What clang-format charges, in its own unit. */
enum {
    COST_BREAK = 21,
    COST_FIRST = 15, /* of the first break within a bracket */
    COST_NAME_DOWN = 42,
    COST_NAME_DOWN_CALLTYPE = 72, /* the word before the name is a macro */
    COST_HANGING_DECLARATION = 81,
    COST_HANGING_CALL = 41,
    COST_VALUE_DOWN = 20,
    IMPOSSIBLE = 1000000
};

enum { INDENT = 4 };

enum layout {
    ALIGNED,    /* f(a,
                     b)     */
    HANGING,    /* f(
                       a, b) */
    NAME_DOWN,  /* type
                   f(a, b)  */
    VALUE_DOWN, /* x =
                       f(a, b) */
    LIST_DOWN,  /* type(*f)
                   (a, b)   */
    LAYOUT_COUNT
};

/* A line taken apart: text[0, open] ends with the bracket, text[close, length) starts with its end.
 */
struct split {
    const char *text;
    size_t length;
    size_t indent; /* columns */
    size_t open, close;
    size_t lower; /* where NAME_DOWN or VALUE_DOWN breaks; 0: nowhere */
    size_t limit; /* columns that a line may have, but for the last */
    bool is_declaration, is_member, is_value, is_list_down;
};

static bool is_opening(char c)
{
    return c == '(' || c == '{' || c == '[';
}

static bool is_closing(char c)
{
    return c == ')' || c == '}' || c == ']';
}

/* The end of the item that begins at `start`: its comma, or the closing bracket. */
static size_t item_end(const struct split *split, size_t start)
{
    int depth = 0;
    char quote = '\0';

    for (size_t i = start; i < split->close; i++) {
        char c = split->text[i];

        if (quote) {
            if (c == '\\')
                i++;
            else if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (is_opening(c)) {
            depth++;
        } else if (is_closing(c)) {
            depth--;
        } else if (c == ',' && depth == 0) {
            return i + 1;
        }
    }
    return split->close;
}

static void put(struct out *out, const char *text, size_t length)
{
    char piece[128];

    while (out && length > 0) {
        size_t part = length < sizeof piece ? length : sizeof piece - 1;

        memcpy(piece, text, part);
        piece[part] = '\0';
        out_put(out, piece);
        text += part;
        length -= part;
    }
}

static void put_new_line(struct out *out, size_t indent)
{
    put(out, "\n", 1);
    while (out && indent-- > 0)
        put(out, " ", 1);
}

/*
 * Fills lines with the items, the first one at `column` and the others at `align`. Returns how many
 * breaks that took, or IMPOSSIBLE; writes only if there is an `out`.
 */
static int fill(struct out *out, const struct split *split, size_t column, size_t align)
{
    size_t start = split->open + 1;
    int breaks = 0;
    bool is_first = true, fits = true;

    while (start < split->close) {
        size_t end = item_end(split, start), width = end - start;
        bool is_last = end == split->close;
        size_t tail = is_last ? split->length - split->close : 0;

        if (!is_first && column + 1 + width + tail > split->limit) {
            put_new_line(out, align);
            column = align;
            breaks++;
        } else if (!is_first) {
            put(out, " ", 1);
            column++;
        }
        put(out, split->text + start, width);
        column += width;
        fits = fits && column + tail <= split->limit;
        is_first = false;
        for (start = end; start < split->close && split->text[start] == ' ';)
            start++;
    }
    if (is_first)
        fits = column + split->length - split->close <= split->limit;
    put(out, split->text + split->close, split->length - split->close);
    return fits ? breaks : IMPOSSIBLE;
}

static int breaks_cost(int breaks)
{
    return breaks == IMPOSSIBLE ? IMPOSSIBLE : breaks * COST_BREAK + (breaks ? COST_FIRST : 0);
}

/* What stands on lines of its own before the items: writes it and says where the items begin. */
static size_t put_head(struct out *out, const struct split *split, enum layout layout)
{
    size_t indent = split->indent, lower = split->lower;

    switch (layout) {
    case HANGING:
        put(out, split->text, split->open + 1);
        put_new_line(out, indent + INDENT);
        return indent + INDENT;
    case NAME_DOWN:
    case VALUE_DOWN:
        put(out, split->text, lower - 1);
        indent += layout == VALUE_DOWN ? INDENT : 0;
        put_new_line(out, indent);
        put(out, split->text + lower, split->open + 1 - lower);
        return indent + split->open + 1 - lower;
    case LIST_DOWN:
        put(out, split->text, split->open);
        put_new_line(out, indent);
        put(out, split->text + split->open, 1);
        return indent + 1;
    case ALIGNED:
    case LAYOUT_COUNT:
        break;
    }
    put(out, split->text, split->open + 1);
    return split->open + 1;
}

static bool head_fits(const struct split *split, enum layout layout)
{
    size_t width = split->open + (layout == LIST_DOWN ? 0 : 1);

    if (layout == NAME_DOWN || layout == VALUE_DOWN)
        width = split->lower - 1;
    return width <= split->limit;
}

/* clang-format takes STDMETHODCALLTYPE for the name, until it sees the next word. */
static int name_down_cost(const struct split *split)
{
    static const char calltype[] = "STDMETHODCALLTYPE ";
    size_t width = strlen(calltype);

    if (!split->is_declaration || split->lower == 0)
        return IMPOSSIBLE;
    if (split->lower > width && memcmp(split->text + split->lower - width, calltype, width) == 0)
        return COST_NAME_DOWN_CALLTYPE;
    return COST_NAME_DOWN;
}

static int layout_cost(const struct split *split, enum layout layout)
{
    size_t column;
    int cost;

    switch (layout) {
    case HANGING:
        if (split->is_list_down || split->text[split->open] == '{')
            return IMPOSSIBLE;
        cost = split->is_declaration || split->is_member ? COST_HANGING_DECLARATION
                                                         : COST_HANGING_CALL;
        break;
    case NAME_DOWN:
        cost = name_down_cost(split);
        break;
    case VALUE_DOWN:
        cost = split->is_value && split->lower ? COST_VALUE_DOWN : IMPOSSIBLE;
        break;
    case LIST_DOWN:
        cost = split->is_list_down ? -1 : IMPOSSIBLE;
        break;
    default:
        cost = 0;
    }
    if (cost == IMPOSSIBLE || !head_fits(split, layout))
        return IMPOSSIBLE;
    column = put_head(NULL, split, layout);
    cost += breaks_cost(fill(NULL, split, column, column));
    return cost < IMPOSSIBLE ? cost : IMPOSSIBLE;
}

static void put_best(struct out *out, const struct split *split)
{
    enum layout best = split->is_list_down ? LIST_DOWN : HANGING;
    int lowest = IMPOSSIBLE;
    size_t column;

    if (split->text[split->open] == '{')
        best = ALIGNED;
    for (int layout = 0; layout < LAYOUT_COUNT; layout++) {
        int cost = layout_cost(split, (enum layout)layout);

        if (cost < lowest) {
            lowest = cost;
            best = (enum layout)layout;
        }
    }
    column = put_head(out, split, best);
    fill(out, split, column, column);
}

/* ---- taking a line apart ---- */

static size_t indent_of(const char *text, size_t length)
{
    size_t indent = 0;

    while (indent < length && text[indent] == ' ')
        indent++;
    return indent;
}

/* The last bracket that closes at `depth`, from the end of the line; false: there is none. */
static bool find_bracket(struct split *split, int wanted)
{
    int depth = 0;
    size_t i = split->length;

    while (i-- > split->indent) {
        char c = split->text[i];

        if (is_closing(c)) {
            if (depth == wanted)
                split->close = i;
            depth++;
        } else if (is_opening(c)) {
            depth--;
            if (depth == wanted) {
                split->open = i;
                return true;
            }
        }
    }
    return false;
}

static bool starts_with(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

/* Whether a pointer to a function returns what clang-format takes for the name of a macro. */
static bool is_plain_name(const char *text, size_t length)
{
    static const char *const words[] = {"void", "int", "char", "short", "float", "double", "long"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == length && memcmp(text, words[i], length) == 0)
            return false;
    return memchr(text, ' ', length) == NULL && length > 0;
}

static void find_shape(struct split *split)
{
    const char *text = split->text;
    size_t open = split->open, name = open;
    const char *equals = NULL;

    while (name > split->indent && text[name - 1] != ' ' && text[name - 1] != '*')
        name--;
    if (open > 0 && text[open - 1] == ')') {
        const char *first = memchr(text, '(', open);

        split->is_member = true;
        split->is_list_down =
            is_plain_name(text + split->indent, (size_t)(first - text) - split->indent);
        return;
    }
    split->is_declaration =
        split->indent == 0 || starts_with(text + split->indent, split->length, "virtual ");
    if (split->is_declaration) {
        split->lower = name > split->indent && text[name - 1] == ' ' ? name : 0;
        return;
    }
    for (size_t i = split->indent; i + 3 < open && !equals; i++)
        if (memcmp(text + i, " = ", 3) == 0)
            equals = text + i;
    if (equals) {
        split->is_value = true;
        split->lower = (size_t)(equals - text) + 3;
    }
}

/*
 * clang-format keeps two columns free for the backslash in every line of a macro that is broken,
 * also in the last.
 */
enum { MACRO_COLUMNS = OUT_COLUMNS - 2 };

/* Lays out one half of a macro as if it were a statement. */
static void wrap_half(struct out *out, const char *text, size_t length, size_t indent)
{
    struct split split = {.text = text, .length = length, .indent = indent, .limit = MACRO_COLUMNS};

    if (length <= MACRO_COLUMNS || !find_bracket(&split, indent ? 1 : 0))
        put(out, text, length);
    else
        put_best(out, &split);
}

/* Each line but the last ends with a backslash, all in the last column. */
static void put_continued(struct out *out, const char *text)
{
    while (*text) {
        size_t width = strcspn(text, "\n");

        put(out, text, width);
        text += width;
        if (!*text)
            return;
        for (size_t column = width; column < OUT_COLUMNS - 1; column++)
            put(out, " ", 1);
        put(out, "\\\n", 2);
        text++;
    }
}

/* "#define NAME(args) ((This)->f(args))": a line for the head, then one for the body. */
static void wrap_macro(struct out *out, const char *line, size_t length)
{
    const char *end = memchr(line, ')', length);
    struct out head = {.is_plain = true}, body = {.is_plain = true};
    size_t at = end ? (size_t)(end - line) + 1 : length;

    if (at == length) {
        put(out, line, length);
        return;
    }
    wrap_half(&head, line, at, 0);
    put(&head, "\n", 1);
    while (at < length && line[at] == ' ')
        at++;
    put(&body, "    ", INDENT);
    put(&body, line + at, length - at);
    if (!body.failed)
        wrap_half(&head, body.data, body.length, INDENT);
    if (!head.failed)
        put_continued(out, head.data);
    out->failed = out->failed || head.failed || body.failed;
    out_fini(&head);
    out_fini(&body);
}

/* A value without brackets: it goes to a line of its own. */
static void wrap_value(struct out *out, const char *line, size_t length, size_t indent)
{
    for (size_t i = indent; i + 3 < length; i++) {
        if (memcmp(line + i, " = ", 3) != 0)
            continue;
        put(out, line, i + 2);
        put_new_line(out, indent + INDENT);
        put(out, line + i + 3, length - i - 3);
        return;
    }
    put(out, line, length);
}

/* "#define NAME(", not "#define NAME (". */
static bool is_function_macro(const char *line, size_t length)
{
    size_t i = strlen("#define ");

    if (!starts_with(line, length, "#define "))
        return false;
    while (i < length && line[i] != ' ' && line[i] != '(')
        i++;
    return i < length && line[i] == '(';
}

/* Lines that have brackets but are no C: directives and comments. */
static bool is_left_alone(const char *text, size_t length)
{
    return starts_with(text, length, "#") || starts_with(text, length, "/*") ||
           starts_with(text, length, "* ");
}

void wrap_line(struct out *out, const char *line, size_t length)
{
    struct split split = {.text = line, .length = length, .limit = OUT_COLUMNS};

    split.indent = indent_of(line, length);
    if (is_function_macro(line, length)) {
        wrap_macro(out, line, length);
        return;
    }
    if (is_left_alone(line + split.indent, length - split.indent)) {
        put(out, line, length);
        return;
    }
    if (!find_bracket(&split, 0)) {
        wrap_value(out, line, length, split.indent);
        return;
    }
    find_shape(&split);
    put_best(out, &split);
}
