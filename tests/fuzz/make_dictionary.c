/*
 * make_dictionary.c -- the language's words for a fuzzer, from the compiler's own tables.
 */
#include <stdio.h>

#include "idl/attribute.h"
#include "idl/token.h"

static void put(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text < ' ')
            printf("\\x%02X", (unsigned)*text);
        else
            printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    puts("\"");
}

/* What is no row of a table: directives, and pieces of text that lead deeper. */
static const char *const others[] = {
    "#define ",
    "#undef ",
    "#include ",
    "#if ",
    "#ifdef ",
    "#ifndef ",
    "#elif ",
    "#else\n",
    "#endif\n",
    "#error ",
    "#line ",
    "#pragma pack(",
    "push",
    "pop",
    "#pragma once",
    "midl_echo",
    "defined(",
    "##",
    "__VA_ARGS__",
    "/*",
    "*/",
    "//",
    "/**",
    "///<",
    "\\\n",
    "L\"",
    "'\\0'",
    "0x",
    "ULL",
    "1e",
    "LONG",
    "HRESULT",
    "IUnknown",
    "BSTR",
    "VARIANT",
    "library ",
    "coclass ",
    "dispinterface ",
    "module ",
    "importlib(",
    "namespace ",
    "runtimeclass ",
    "delegate ",
    "apicontract ",
    "declare ",
    "requires ",
    "properties:",
    "methods:",
    "SAFEARRAY(",
    "interface I;",
    "import \"unknwn.idl\";",
    "} S;",
    "[object, uuid(",
    "11111111-2222-3333-4444-555555555555",
};

int main(void)
{
    static const char *const tokens[] = {
#define TEXT(name, text) text,
        TOKEN_KEYWORDS(TEXT) TOKEN_PUNCTUATORS(TEXT)
#undef TEXT
    };
    const struct attribute_info *table;
    size_t count;

    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        put(tokens[i]);
    table = attribute_table(&count);
    for (size_t i = 0; i < count; i++)
        put(table[i].name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        put(others[i]);
    return 0;
}
