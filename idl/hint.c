/*
 * idl/hint.c -- see hint.h; and the message for a name that is no type.
 *
 * It knows names only; whether one is known is asked of symbol.h.
 */
#include <string.h>

#include "idl/attribute.h"
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

/* Those with which a file usually begins. */
bool symbol_is_base(const char *name)
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

/* What is not in the files with which IDL usually begins, and where it is. */
static const struct {
    const char *name, *file;
} homes[] = {
    {"AsyncStatus", "asyncinfo.idl"},
    {"BLOB", "wtypes.idl"},
    {"CLIPFORMAT", "wtypes.idl"},
    {"COLORREF", "wtypes.idl"},
    {"CURRENCY", "oaidl.idl"},
    {"CY", "wtypes.idl"},
    {"DECIMAL", "wtypes.idl"},
    {"DISPID", "oaidl.idl"},
    {"DISPPARAMS", "oaidl.idl"},
    {"EXCEPINFO", "oaidl.idl"},
    {"EventRegistrationToken", "eventtoken.idl"},
    {"HACCEL", "wtypes.idl"},
    {"HBITMAP", "wtypes.idl"},
    {"HBRUSH", "wtypes.idl"},
    {"HDC", "wtypes.idl"},
    {"HFONT", "wtypes.idl"},
    {"HGLOBAL", "wtypes.idl"},
    {"HICON", "wtypes.idl"},
    {"HINSTANCE", "wtypes.idl"},
    {"HKEY", "wtypes.idl"},
    {"HMENU", "wtypes.idl"},
    {"HMODULE", "wtypes.idl"},
    {"HMONITOR", "wtypes.idl"},
    {"HSTRING", "hstring.idl"},
    {"HWND", "wtypes.idl"},
    {"IActivationFactory", "activation.idl"},
    {"IAsyncInfo", "asyncinfo.idl"},
    {"IConnectionPoint", "ocidl.idl"},
    {"IConnectionPointContainer", "ocidl.idl"},
    {"IDispatch", "oaidl.idl"},
    {"IEnumString", "objidl.idl"},
    {"IEnumUnknown", "objidl.idl"},
    {"IEnumVARIANT", "oaidl.idl"},
    {"IErrorInfo", "oaidl.idl"},
    {"IInspectable", "inspectable.idl"},
    {"IObjectWithSite", "ocidl.idl"},
    {"IOleWindow", "oleidl.idl"},
    {"IPersist", "objidl.idl"},
    {"IPersistStream", "objidl.idl"},
    {"IPropertyBag", "oaidl.idl"},
    {"IRecordInfo", "oaidl.idl"},
    {"ISequentialStream", "objidl.idl"},
    {"IServiceProvider", "servprov.idl"},
    {"IStream", "objidl.idl"},
    {"ITypeInfo", "oaidl.idl"},
    {"ITypeLib", "oaidl.idl"},
    {"LANGID", "wtypes.idl"},
    {"LCID", "wtypes.idl"},
    {"LPARAM", "wtypes.idl"},
    {"LPSTREAM", "objidl.idl"},
    {"LRESULT", "wtypes.idl"},
    {"POINT", "wtypes.idl"},
    {"POINTL", "wtypes.idl"},
    {"PROPID", "wtypes.idl"},
    {"RECT", "wtypes.idl"},
    {"RECTL", "wtypes.idl"},
    {"SAFEARRAYBOUND", "oaidl.idl"},
    {"SIZE", "wtypes.idl"},
    {"SIZEL", "wtypes.idl"},
    {"SYSTEMTIME", "wtypes.idl"},
    {"TrustLevel", "inspectable.idl"},
    {"VARIANT", "oaidl.idl"},
    {"VARIANTARG", "oaidl.idl"},
    {"VARIANT_BOOL", "wtypes.idl"},
    {"VARTYPE", "wtypes.idl"},
    {"WPARAM", "wtypes.idl"},
};

/* The file that has it, of those that come with uvcom; NULL: none. */
static const char *home_of(const char *name)
{
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (strcmp(homes[i].name, name) == 0)
            return homes[i].file;
    return NULL;
}

/* One letter too many, too few or wrong, or two that changed places. */
static bool is_near(const char *name, const char *other)
{
    size_t length = strlen(name), other_length = strlen(other), same = 0;

    if (length < 2 || other_length < 2)
        return false;
    while (name[same] && name[same] == other[same])
        same++;
    name += same;
    other += same;
    if (length + 1 == other_length)
        return strcmp(name, other + 1) == 0;
    if (length == other_length + 1)
        return strcmp(name + 1, other) == 0;
    if (length != other_length || !*name)
        return false;
    return strcmp(name + 1, other + 1) == 0 ||
           (name[0] == other[1] && name[1] == other[0] && strcmp(name + 2, other + 2) == 0);
}

const char *hint_of_map(const struct map *map, const char *name)
{
    const char *found = NULL;

    for (size_t i = 0; map && i < map->capacity; i++) {
        const char *key = map->entries[i].key;

        if (key && is_near(name, key) && (!found || strcmp(key, found) < 0))
            found = key;
    }
    return found;
}

const char *hint_of_attribute(const char *name)
{
    size_t count;
    const struct attribute_info *table = attribute_table(&count);

    for (size_t i = 0; i < count; i++)
        if (is_near(name, table[i].name))
            return table[i].name;
    return NULL;
}

const char *hint_of_kind(const char *name)
{
    const char *part = NULL;
    size_t parts = 0;

    for (int kind = 0; kind < DIAG_KIND_COUNT; kind++) {
        const char *other = diag_kind_name((enum diag_kind)kind);

        if (is_near(name, other))
            return other;
        if (*name && strstr(other, name)) {
            part = other;
            parts++;
        }
    }
    return parts == 1 ? part : NULL;
}

void symbol_unknown(struct session *session, struct symbol *symbol)
{
    const struct symbol *root = symbol_find(session, "IUnknown");
    const char *dot = strrchr(symbol->name, '.'); /* the writer need not have named the namespace */
    const char *name = dot ? dot + 1 : symbol->name, *other = meant(name);

    if (symbol->is_reported)
        return;
    symbol->is_reported = true;
    if (session->lacks_file || symbol->is_of_c)
        return; /* it may well be there, and the missing file has its message */
    if (symbol->is_member)
        diag_flaw(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                  "there is no interface '%s'", name);
    else if (other)
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                   "there is no type '%s'; did you mean %s?", name, other);
    else if (home_of(name))
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                   "there is no type '%s'; is 'import \"%s\";' missing?", name, home_of(name));
    else if (symbol_is_base(name) && (!root || !root->is_declared))
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE,
                   "there is no type '%s'; is 'import \"unknwn.idl\";' missing?", name);
    else
        diag_error(&session->diag, &symbol->location, DIAG_UNKNOWN_TYPE, "there is no type '%s'",
                   name);
}
