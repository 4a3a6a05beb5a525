/*
 * idl/hint.c -- the message for a name that is no type, and what its writer may have meant.
 *
 * It knows names only; whether one is known is asked of symbol.h.
 */
#include <string.h>

#include "idl/symbol.h"

/* What C has, and how IDL calls it. */
static const char *meant(const char *name)
{
    static const struct {
        const char *name, *meant;
    } rows[] = {
        {"int8_t", "INT8"},        {"uint8_t", "BYTE"},       {"int16_t", "SHORT"},
        {"uint16_t", "USHORT"},    {"int32_t", "LONG"},       {"uint32_t", "ULONG"},
        {"int64_t", "LONGLONG"},   {"uint64_t", "ULONGLONG"}, {"size_t", "SIZE_T"},
        {"ssize_t", "LONG_PTR"},   {"ptrdiff_t", "LONG_PTR"}, {"intptr_t", "INT_PTR"},
        {"uintptr_t", "UINT_PTR"}, {"bool", "BOOL"},          {"_Bool", "BOOL"},
        {"char16_t", "WCHAR"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].meant;
    }
    return NULL;
}

/* Names of wtypes.idl and unknwn.idl with which a file usually begins. */
static bool is_system_name(const char *name)
{
    static const char *const names[] = {
        "IUnknown", "HRESULT", "SCODE",    "BOOL",     "BYTE",      "CHAR",      "INT",
        "UINT",     "SHORT",   "USHORT",   "WORD",     "LONG",      "ULONG",     "DWORD",
        "LONGLONG", "INT64",   "UINT64",   "UINT32",   "ULONGLONG", "FLOAT",     "DOUBLE",
        "SIZE_T",   "INT_PTR", "UINT_PTR", "LONG_PTR", "ULONG_PTR", "WCHAR",     "OLECHAR",
        "LPSTR",    "LPCSTR",  "LPWSTR",   "LPCWSTR",  "LPOLESTR",  "LPCOLESTR", "BSTR",
        "GUID",     "IID",     "CLSID",    "UUID",     "REFGUID",   "REFIID",    "REFCLSID",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

void symbol_unknown(struct session *session, struct symbol *symbol)
{
    const struct symbol *root = symbol_find(session, "IUnknown");
    const char *name = symbol->name, *other = meant(name);

    if (symbol->is_reported)
        return;
    symbol->is_reported = true;
    if (session->lacks_file)
        return; /* it may well be there, and the missing file has its message */
    if (other)
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                   "there is no type '%s'; did you mean %s?", name, other);
    else if (is_system_name(name) && (!root || !root->is_declared))
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                   "there is no type '%s'; is 'import \"unknwn.idl\";' missing?", name);
    else
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE, "there is no type '%s'",
                   name);
}
