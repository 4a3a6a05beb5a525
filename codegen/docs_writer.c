/*
 * docs_writer.c -- the two languages of the reference, Markdown and HTML.
 *
 * Comments are anybody's text: nothing in them may become a tag, a link or a script.
 */
#include <string.h>

#include "codegen/docs.h"
#include "codegen/utf8.h"

static bool is_html(const struct docs *docs)
{
    return docs->form == DOCS_HTML;
}

/* ---- escaping ---- */

/* What HTML reads as a mark; Markdown lets HTML through, so it is the same there. */
static const char *html_entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* One character that is not to mean anything. Control characters are blanks. */
static void put_character(struct docs *docs, const char *character)
{
    const char *entity = html_entity(*character);
    char escaped[3] = {'\\', *character, '\0'};

    if (entity)
        out_put(docs->out, entity);
    else if ((unsigned char)*character < ' ' || *character == 0x7f)
        out_put(docs->out, " ");
    else if (!is_html(docs) && strchr("\\`*_[]|~#+!{}$=:@", *character))
        out_put(docs->out, escaped);
    else
        out_put(docs->out, character);
}

static void put_text(struct docs *docs, const char *text, size_t length)
{
    const char *end = text + length;
    char character[UTF8_MOST + 1];

    while (text < end && *text) {
        text += utf8_character(text, character);
        put_character(docs, character);
    }
}

static void put_all(struct docs *docs, const char *text)
{
    put_text(docs, text, strlen(text));
}

/* Inside of Markdown's code nothing is read but the end of it, which is chosen to be longer. */
static void put_code_text(struct docs *docs, const char *text)
{
    char character[UTF8_MOST + 1];
    size_t length;

    for (; (length = utf8_character(text, character)) > 0; text += length) {
        if (is_html(docs) && *character != '\n')
            put_character(docs, character);
        else
            out_put(docs->out, character);
    }
}

/* One backtick more than the text has in a row, and at least so many. */
static const char *fence(struct pool *pool, const char *text, size_t least)
{
    size_t longest = least - 1, run = 0;
    char *ticks;

    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    ticks = pool_alloc(pool, longest + 2);
    if (!ticks)
        return "";
    memset(ticks, '`', longest + 1);
    return ticks;
}

/* ---- the page ---- */

static const char style[] =
    "body{max-width:60em;margin:2em auto;padding:0 1em;font:16px/1.5 sans-serif;color:#222}\n"
    "h1,h2,h3,h4{line-height:1.2;margin:1.5em 0 .5em}h2{border-bottom:1px solid #ccc}\n"
    "pre{background:#f4f4f4;padding:.6em 1em;overflow-x:auto}code,pre{font:14px/1.4 monospace}\n"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .6em;"
    "text-align:left;vertical-align:top}\n"
    "@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}pre{background:#2a2a2a}"
    "a{color:#8bf}}\n";

void docs_begin(struct docs *docs, const char *title)
{
    if (is_html(docs)) {
        out_put(docs->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" "
                           "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
        put_all(docs, title);
        OUT(docs->out, "</title>\n<style>\n${style}</style>\n</head>\n<body>\n", {"style", style});
    }
    docs_heading(docs, 1, title, NULL);
}

void docs_end(struct docs *docs)
{
    if (is_html(docs))
        out_put(docs->out, "</body>\n</html>\n");
}

void docs_heading(struct docs *docs, unsigned level, const char *text, const char *anchor)
{
    static const char *const marks[] = {"", "#", "##", "###", "####"};
    char tag[] = {'h', (char)('0' + level), '\0'};

    if (is_html(docs)) {
        OUT(docs->out, "<${tag}", {"tag", tag});
        if (anchor)
            OUT(docs->out, " id=\"${anchor}\"", {"anchor", anchor});
        out_put(docs->out, ">");
        put_all(docs, text);
        OUT(docs->out, "</${tag}>\n", {"tag", tag});
        return;
    }
    OUT(docs->out, "${mark} ", {"mark", marks[level]});
    if (anchor)
        OUT(docs->out, "<a id=\"${anchor}\"></a>", {"anchor", anchor});
    put_all(docs, text);
    out_put(docs->out, "\n\n");
}

/* ---- text ---- */

enum block { BLOCK_NONE, BLOCK_PARAGRAPH, BLOCK_LIST, BLOCK_CODE };

static void begin_block(struct docs *docs, enum block *open, enum block wanted)
{
    static const char *const begins[] = {"", "<p>", "<ul>\n<li>", "<pre>"};
    static const char *const ends[] = {"", "</p>\n", "</li>\n</ul>\n", "</pre>\n"};

    if (*open != BLOCK_NONE) {
        out_put(docs->out, is_html(docs) ? ends[*open] : "\n");
        if (!is_html(docs) && *open == BLOCK_CODE)
            out_put(docs->out, "\n");
    }
    if (is_html(docs))
        out_put(docs->out, begins[wanted]);
    *open = wanted;
}

static enum block block_of(enum block open, const char *line, size_t length)
{
    if (length == 0)
        return BLOCK_NONE;
    if (length > 1 && (line[0] == '-' || line[0] == '*') && line[1] == ' ')
        return BLOCK_LIST;
    if (line[0] == ' ' || line[0] == '\t')
        return open == BLOCK_LIST || open == BLOCK_PARAGRAPH ? open : BLOCK_CODE;
    return BLOCK_PARAGRAPH;
}

static void put_code_line(struct docs *docs, const char *line, size_t length)
{
    char character[UTF8_MOST + 1];
    const char *end = line + length;

    out_put(docs->out, is_html(docs) ? "" : "    ");
    while (line < end) {
        line += utf8_character(line, character);
        if (is_html(docs))
            put_character(docs, character);
        else
            out_put(docs->out, (unsigned char)*character < ' ' ? " " : character);
    }
    out_put(docs->out, "\n");
}

/* A line of text; one that begins a list begins an item. */
static void put_line(struct docs *docs, enum block block, const char *line, size_t length,
                     bool is_first)
{
    bool is_item = block == BLOCK_LIST && block_of(BLOCK_NONE, line, length) == BLOCK_LIST;

    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    if (is_item && !is_html(docs))
        out_put(docs->out, "- ");
    else if (is_item && !is_first)
        out_put(docs->out, "</li>\n<li>");
    else if (!is_html(docs) && length > 0 && *line == '-')
        out_put(docs->out, "\\"); /* a line of dashes is a heading to Markdown */
    put_text(docs, is_item ? line + 2 : line, is_item ? length - 2 : length);
    out_put(docs->out, "\n");
}

void docs_text(struct docs *docs, const char *text)
{
    enum block open = BLOCK_NONE;

    while (text && *text) {
        size_t length = strcspn(text, "\n"), used = length;
        enum block block;
        bool is_first;

        while (used > 0 && strchr(" \t\r", text[used - 1]))
            used--;
        block = block_of(open, text, used);
        is_first = block != open || *text == '@';
        if (is_first)
            begin_block(docs, &open, block);
        if (block == BLOCK_CODE)
            put_code_line(docs, text, used);
        else if (block != BLOCK_NONE)
            put_line(docs, block, text, used, is_first);
        text += length + (text[length] == '\n');
    }
    if (open != BLOCK_NONE)
        begin_block(docs, &open, BLOCK_NONE);
}

void docs_code(struct docs *docs, const char *text)
{
    const char *ticks = is_html(docs) ? "" : fence(docs->pool, text, 3);

    OUT(docs->out, is_html(docs) ? "<pre>${ticks}" : "${ticks}c\n", {"ticks", ticks});
    put_code_text(docs, text);
    OUT(docs->out, is_html(docs) ? "</pre>\n${ticks}" : "\n${ticks}\n\n", {"ticks", ticks});
}

/* ---- tables ---- */

void docs_table(struct docs *docs, const char *const *titles, unsigned columns)
{
    out_put(docs->out, is_html(docs) ? "<table>\n<tr>" : "|");
    for (unsigned i = 0; i < columns; i++)
        OUT(docs->out, is_html(docs) ? "<th>${title}</th>" : " ${title} |", {"title", titles[i]});
    out_put(docs->out, is_html(docs) ? "</tr>" : "\n|");
    for (unsigned i = 0; i < columns && !is_html(docs); i++)
        out_put(docs->out, "---|");
}

void docs_row(struct docs *docs)
{
    const char *end = docs->has_row ? "</tr>\n<tr>" : "\n<tr>";

    out_put(docs->out, is_html(docs) ? end : "\n|");
    docs->has_row = true;
}

static void begin_cell(struct docs *docs)
{
    out_put(docs->out, is_html(docs) ? "<td>" : " ");
}

static void end_cell(struct docs *docs)
{
    out_put(docs->out, is_html(docs) ? "</td>" : " |");
}

void docs_cell(struct docs *docs, const char *text)
{
    begin_cell(docs);
    put_all(docs, text ? text : "");
    end_cell(docs);
}

/* Entities instead of backticks: a bar would end a cell even in Markdown's code. */
void docs_code_cell(struct docs *docs, const char *text)
{
    begin_cell(docs);
    out_put(docs->out, *text ? "<code>" : "");
    put_all(docs, text);
    out_put(docs->out, *text ? "</code>" : "");
    end_cell(docs);
}

void docs_link_cell(struct docs *docs, const char *text, const char *anchor)
{
    begin_cell(docs);
    OUT(docs->out, "<a href=\"#${anchor}\">", {"anchor", anchor});
    put_all(docs, text);
    out_put(docs->out, "</a>");
    end_cell(docs);
}

void docs_table_end(struct docs *docs)
{
    if (is_html(docs))
        out_put(docs->out, docs->has_row ? "</tr>\n</table>\n" : "\n</table>\n");
    else
        out_put(docs->out, "\n\n");
    docs->has_row = false;
}
