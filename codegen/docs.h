/*
 * docs.h -- a reference made from the comments of an IDL file: one page, as Markdown or as HTML.
 *
 * docs.c says what is on the page, docs_types.c has the types and constants of it, docs_writer.c
 * knows the two languages and escapes all text.
 */
#ifndef CODEGEN_DOCS_H
#define CODEGEN_DOCS_H

#include "codegen/out.h"
#include "idl/ast.h"

enum docs_form { DOCS_MARKDOWN, DOCS_HTML };

struct docs {
    struct pool *pool;
    struct out *out;
    enum docs_form form;
    bool has_row; /* in the table that is open */
};

/** Writes the whole page. */
void docs_page(struct docs *docs, const struct idl_file *file);

/** Writes what a declaration is that is no interface and no class; nothing if it has no name. */
void docs_type(struct docs *docs, const struct declaration *declaration);

/** "[in, size_is(cb)]"; "" for nothing worth saying. */
const char *docs_attributes(struct docs *docs, const struct attribute *attributes);

/* ---- the writer: all text may be anything, and is escaped ---- */

void docs_begin(struct docs *docs, const char *title);
void docs_end(struct docs *docs);

/** A heading; level 1 to 4. The anchor is an identifier, or NULL. */
void docs_heading(struct docs *docs, unsigned level, const char *text, const char *anchor);

/** The text of a comment: paragraphs, lists of lines that begin with "- ", indented blocks. NULL:
 * nothing. */
void docs_text(struct docs *docs, const char *text);

/** Lines in the type of a program. */
void docs_code(struct docs *docs, const char *text);

/** A table; then rows of as many cells as there are titles. */
void docs_table(struct docs *docs, const char *const *titles, unsigned columns);
void docs_row(struct docs *docs);
void docs_cell(struct docs *docs, const char *text);
void docs_code_cell(struct docs *docs, const char *text);
void docs_link_cell(struct docs *docs, const char *text, const char *anchor);
void docs_table_end(struct docs *docs);

#endif
