/*
 * manifest.c -- reads manifests; see manifest.h.
 *
 * Nothing in the file is believed: it may have lines of any length, NUL bytes, no end of line, the
 * same class twice. Sizes are bounded before anything is allocated for them, and the limit of a
 * file keeps the comparison of each class with all others short.
 */
#include "runtime/manifest.h"

#include <stdbool.h>
#include <string.h>

#include "runtime/library.h"
#include "runtime/platform.h"
#include "runtime/platform_library.h"

enum { FILE_LIMIT = 64 * 1024 };

/* A piece of the file. */
struct span {
    const char *text;
    size_t length;
};

struct reader {
    struct span rest;   /* of the file */
    struct span line;   /* the current one, without blanks at its ends */
    const char *folder; /* the manifest's own, up to and with its last '/' */
    size_t folder_length;
    bool is_headed; /* the first line has been seen */
    struct manifest *manifest;
    uvcom_manifest_problem *problem;
};

/* ---- pieces ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct span trim(struct span span)
{
    while (span.length > 0 && is_blank(span.text[0])) {
        span.text++;
        span.length--;
    }
    while (span.length > 0 && is_blank(span.text[span.length - 1]))
        span.length--;
    return span;
}

static bool is_text(struct span span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.text, text, span.length) == 0;
}

/* The first word of the line, which loses it. */
static struct span take_word(struct span *line)
{
    struct span word = {line->text, 0};

    while (word.length < line->length && !is_blank(word.text[word.length]))
        word.length++;
    line->text += word.length;
    line->length -= word.length;
    *line = trim(*line);
    return word;
}

/* The next line; false: the file ends. */
static bool take_line(struct reader *reader)
{
    const char *end;

    if (reader->rest.length == 0)
        return false;
    end = memchr(reader->rest.text, '\n', reader->rest.length);
    reader->line.text = reader->rest.text;
    reader->line.length = end ? (size_t)(end - reader->rest.text) : reader->rest.length;
    reader->rest.text += reader->line.length + (end ? 1 : 0);
    reader->rest.length -= reader->line.length + (end ? 1 : 0);
    if (reader->line.length > 0 && reader->line.text[reader->line.length - 1] == '\r')
        reader->line.length--;
    reader->line = trim(reader->line);
    reader->problem->line++;
    return true;
}

static HRESULT refuse(struct reader *reader, const char *text)
{
    reader->problem->text = text;
    return RPC_E_INVALID_DATA;
}

/* ---- class ids ---- */

/* -1: no digit. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 01234567-89ab-cdef-0123-456789abcdef, perhaps in braces. */
static bool read_clsid(struct span word, CLSID *clsid)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    BYTE bytes[16] = {0};
    size_t count = 0;

    if (word.length == sizeof shape + 1 && word.text[0] == '{' && word.text[sizeof shape] == '}') {
        word.text++;
        word.length -= 2;
    }
    if (word.length != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < word.length; i++) {
        const int value = digit_value(word.text[i]);

        if (shape[i] == '-' ? word.text[i] != '-' : value < 0)
            return false;
        if (shape[i] == '-')
            continue;
        bytes[count / 2] = (BYTE)(bytes[count / 2] << 4 | value);
        count++;
    }
    clsid->Data1 = (ULONG)bytes[0] << 24 | (ULONG)bytes[1] << 16 | (ULONG)bytes[2] << 8 | bytes[3];
    clsid->Data2 = (USHORT)(bytes[4] << 8 | bytes[5]);
    clsid->Data3 = (USHORT)(bytes[6] << 8 | bytes[7]);
    memcpy(clsid->Data4, bytes + 8, sizeof clsid->Data4);
    return true;
}

/* ---- lines ---- */

static HRESULT read_head(struct reader *reader)
{
    if (!is_text(take_word(&reader->line), "uvcom-manifest"))
        return refuse(reader, "the first line must be: uvcom-manifest 1");
    if (!is_text(reader->line, "1"))
        return refuse(reader, "a manifest of another version; this one reads version 1");
    reader->is_headed = true;
    return S_OK;
}

static HRESULT read_library(struct reader *reader)
{
    const bool is_absolute = reader->line.length > 0 && reader->line.text[0] == '/';
    const size_t folder = is_absolute ? 0 : reader->folder_length;
    struct manifest_library *library;

    if (reader->line.length == 0)
        return refuse(reader, "a library needs its file");
    library = uvcom__alloc(sizeof *library + folder + reader->line.length + 1);
    if (!library)
        return E_OUTOFMEMORY;
    memcpy(library->path, reader->folder, folder);
    memcpy(library->path + folder, reader->line.text, reader->line.length);
    library->next = reader->manifest->libraries;
    reader->manifest->libraries = library;
    return uvcom__library_is_path(library->path)
               ? S_OK
               : refuse(reader, "the path of a library is too long, or has a $ in it");
}

static const struct {
    const char *name;
    uvcom_threading_model model;
} models[] = {
    {"", UVCOM_THREADING_MAIN}, /* as in COM: nothing is said */
    {"Apartment", UVCOM_THREADING_APARTMENT},
    {"Free", UVCOM_THREADING_FREE},
    {"Both", UVCOM_THREADING_BOTH},
    {"Neutral", UVCOM_THREADING_NEUTRAL},
};

static bool read_model(struct span word, uvcom_threading_model *model)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (is_text(word, models[i].name)) {
            *model = models[i].model;
            return true;
        }
    }
    return false;
}

static bool is_there(const struct manifest *manifest, REFCLSID clsid)
{
    for (size_t i = 0; i < manifest->class_count; i++)
        if (IsEqualCLSID(&manifest->classes[i].clsid, clsid))
            return true;
    return false;
}

static HRESULT add_class(struct manifest *manifest, const struct manifest_class *class_)
{
    enum { STEP = 16 };
    struct manifest_class *grown = manifest->classes;

    if (manifest->class_count % STEP == 0)
        grown = uvcom__realloc(grown, (manifest->class_count + STEP) * sizeof *grown);
    if (!grown)
        return E_OUTOFMEMORY;
    manifest->classes = grown;
    manifest->classes[manifest->class_count++] = *class_;
    return S_OK;
}

static HRESULT read_class(struct reader *reader)
{
    struct manifest_class class_ = {.line = reader->problem->line,
                                    .library = reader->manifest->libraries};

    if (!class_.library)
        return refuse(reader, "a class must stand below its library");
    if (!read_clsid(take_word(&reader->line), &class_.clsid))
        return refuse(reader, "not the id of a class");
    if (!read_model(reader->line, &class_.model))
        return refuse(reader, "not a threading model: Apartment, Free, Both, Neutral or nothing");
    if (is_there(reader->manifest, &class_.clsid))
        return refuse(reader, "this class is there already");
    return add_class(reader->manifest, &class_);
}

/* A tab is a blank; a byte above 127 is a part of a file's name. */
static bool has_control_bytes(struct span line)
{
    for (size_t i = 0; i < line.length; i++) {
        const unsigned char c = (unsigned char)line.text[i];

        if ((c < ' ' && c != '\t') || c == 127)
            return true;
    }
    return false;
}

static HRESULT read_line(struct reader *reader)
{
    struct span key;

    if (has_control_bytes(reader->line))
        return refuse(reader, "a control byte, which no manifest has");
    if (reader->line.length == 0 || reader->line.text[0] == '#')
        return S_OK;
    if (!reader->is_headed)
        return read_head(reader);
    key = take_word(&reader->line);
    if (is_text(key, "library"))
        return read_library(reader);
    if (is_text(key, "class"))
        return read_class(reader);
    return refuse(reader, "neither library nor class");
}

static HRESULT read_lines(struct reader *reader)
{
    HRESULT hr = S_OK;

    while (SUCCEEDED(hr) && take_line(reader))
        hr = read_line(reader);
    if (SUCCEEDED(hr) && !reader->is_headed)
        hr = refuse(reader, "the first line must be: uvcom-manifest 1");
    return hr;
}

/* ---- the file ---- */

static HRESULT file_failure(enum uvcom__file_read result, uvcom_manifest_problem *problem)
{
    switch (result) {
    case UVCOM__FILE_ABSENT:
        problem->text = "there is no such file";
        return CO_E_DLLNOTFOUND;
    case UVCOM__FILE_DENIED:
        problem->text = "the file may not be read";
        return E_ACCESSDENIED;
    case UVCOM__FILE_TOO_LARGE:
        problem->text = "the file is larger than a manifest may be";
        return RPC_E_INVALID_DATA;
    case UVCOM__FILE_NO_DESCRIPTOR:
        problem->text = "there is no descriptor left to open the file";
        return RPC_E_OUT_OF_RESOURCES;
    case UVCOM__FILE_BAD:
        problem->text = "not a file that can be read";
        return RPC_E_INVALID_DATA;
    default:
        problem->text = "out of memory";
        return E_OUTOFMEMORY;
    }
}

HRESULT uvcom__manifest_read(const char *path, struct manifest *manifest,
                             uvcom_manifest_problem *problem)
{
    struct reader reader = {.folder = path, .manifest = manifest, .problem = problem};
    enum uvcom__file_read result;
    char *text;
    HRESULT hr;

    *manifest = (struct manifest){0};
    *problem = (uvcom_manifest_problem){0};
    reader.folder_length = (size_t)(strrchr(path, '/') - path) + 1;
    result = uvcom__file_read(path, FILE_LIMIT, &text, &reader.rest.length);
    if (result != UVCOM__FILE_READ)
        return file_failure(result, problem);
    reader.rest.text = text;
    hr = read_lines(&reader);
    uvcom__free(text);
    if (SUCCEEDED(hr)) {
        problem->line = 0;
        return S_OK;
    }
    if (hr == E_OUTOFMEMORY)
        *problem = (uvcom_manifest_problem){0, "out of memory"};
    uvcom__manifest_free(manifest);
    return hr;
}

void uvcom__manifest_free(struct manifest *manifest)
{
    struct manifest_library *library, *next;

    for (library = manifest->libraries; library; library = next) {
        next = library->next;
        uvcom__free(library);
    }
    uvcom__free(manifest->classes);
    *manifest = (struct manifest){0};
}
