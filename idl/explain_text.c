/*
 * idl/explain_text.c -- see explain.h; characters, tokens, files and the preprocessor.
 */
#include <stddef.h>

#include "idl/explain.h"

const struct explanation explain_of_text[] = {
    {DIAG_BAD_CHARACTER,
     "a byte that the language does not have, or a character constant that is not one\n"
     "character. Outside of comments and strings IDL is written in ASCII. Quotes of a text\n"
     "processor and blanks of a web page are the usual reason.",
     "const long SIZE = 4 @ 2;\n", "const long SIZE = 4 * 2;\n"},
    {DIAG_BAD_NUMBER,
     "digits and letters that are no number. Numbers are written as in C: 42, 052, 0x2A, with\n"
     "u, l or ll at the end, and 1.5e3 where a float or double is meant.",
     "const long SIZE = 12abc;\n", "const long SIZE = 0x12abc;\n"},
    {DIAG_EXPECTED_IDENTIFIER,
     "a name must stand here, and something else does. A keyword of IDL (small, hyper, byte,\n"
     "boolean, ...) is no name.",
     "typedef long 3;\n", "typedef long three;\n"},
    {DIAG_EXPECTED_STRING, "text in quotes must stand here: after import, #include, cpp_quote.",
     "import unknwn;\n", "import \"unknwn.idl\";\n"},
    {DIAG_EXPECTED_TOKEN,
     "a sign must stand here, and something else does. The mistake is at the marked place or\n"
     "just before it. The compiler goes on behind the next ';' or '}'.",
     "const long FIRST = 1\nconst long SECOND = 2;\n",
     "const long FIRST = 1;\nconst long SECOND = 2;\n"},
    {DIAG_EXPECTED_TYPE,
     "a type must stand here: long, BYTE, struct S, the name of a typedef or of an interface.",
     "typedef struct point\n{\n    = x;\n} point;\n",
     "typedef struct point\n{\n    long x;\n} point;\n"},
    {DIAG_FILE_NAME_CASE,
     "the name of an imported or included file is written in another case than the file has.\n"
     "Windows does not tell them apart; here the file is found all the same, but a C compiler "
     "would\n"
     "not find its header, so write the name as it is.",
     "import \"Unknwn.idl\";\n", "import \"unknwn.idl\";\n"},
    {DIAG_FILE_NOT_FOUND,
     "an import or #include of a file that is in none of the folders, or that cannot be read.\n"
     "They are searched in this order: the folder of the file that has the import (not for\n"
     "#include <...>), those of -I, and that of the runtime's own IDL.",
     "import \"unkwn.idl\";\n", "import \"unknwn.idl\";\n"},
    {DIAG_INCLUDE_DEPTH,
     "files include or import each other more than 32 deep. Nearly always a file includes itself\n"
     "by way of others; an #ifndef around its text ends that.",
     "#include \"example.idl\"\nconst long SIZE = 4;\n",
     "#ifndef EXAMPLE\n#define EXAMPLE\n#include \"example.idl\"\nconst long SIZE = 4;\n#endif\n"},
    {DIAG_NESTING_DEPTH,
     "types, expressions or conditions stand in each other more than 64 deep. Give the inner ones\n"
     "names of their own.",
     "const long SIZE = ((((((((((((((((((((((((((((((((((((\n"
     "    ((((((((((((((((((((((((((((((((((((4\n"
     "    ))))))))))))))))))))))))))))))))))))\n"
     "    ))))))))))))))))))))))))))))))))))));\n",
     "const long SIZE = 4;\n"},
    {DIAG_PP_BAD_EXPRESSION,
     "the condition of an #if or #elif is no expression of integers. Names that are no macros\n"
     "count as 0.",
     "#define VERSION 500\n#if VERSION >\nconst long NEW = 1;\n#endif\n",
     "#define VERSION 500\n#if VERSION > 400\nconst long NEW = 1;\n#endif\n"},
    {DIAG_PP_ERROR_DIRECTIVE,
     "the file itself refuses to be compiled in this way, by #error. Its text says why; mostly\n"
     "a -D is missing.",
     "#define SIZE 3\n#if SIZE % 2\n#error SIZE must be even\n#endif\n",
     "#define SIZE 4\n#if SIZE % 2\n#error SIZE must be even\n#endif\n"},
    {DIAG_PP_MACRO_ARGUMENTS,
     "a macro with parameters is used with another number of arguments, or its list of arguments\n"
     "is not closed.",
     "#define SUM(a, b) ((a) + (b))\nconst long SIZE = SUM(1);\n",
     "#define SUM(a, b) ((a) + (b))\nconst long SIZE = SUM(1, 2);\n"},
    {DIAG_PP_PASTE, "the two sides of '##' do not make one word, number or sign; they stay two.",
     "#define ADD(a, b) a ## + ## b\nconst long SIZE = ADD(1, 2);\n",
     "#define ADD(a, b) a + b\nconst long SIZE = ADD(1, 2);\n"},
    {DIAG_PP_PRAGMA,
     "a pragma that means something here is not written as it should be, and is ignored:\n"
     "#pragma pack takes push or pop, a name, and one of 1, 2, 4, 8 and 16, all of which may be "
     "left\n"
     "out; #pragma midl_echo takes a string.",
     "#pragma pack(3)\nconst long SIZE = 4;\n", "#pragma pack(4)\nconst long SIZE = 4;\n"},
    {DIAG_PP_REDEFINITION,
     "a macro gets a second value that differs from the first. #undef forgets the first one.",
     "#define SIZE 4\n#define SIZE 8\nconst long TOTAL = SIZE;\n",
     "#define SIZE 4\n#undef SIZE\n#define SIZE 8\nconst long TOTAL = SIZE;\n"},
    {DIAG_PP_UNBALANCED,
     "#else, #elif or #endif without an #if in the same file, or an #else after another one.",
     "const long SIZE = 4;\n#endif\n", "#ifndef SMALL\nconst long SIZE = 4;\n#endif\n"},
    {DIAG_PP_UNKNOWN_DIRECTIVE,
     "a line that begins with # and a word that is no directive. There are #if, #ifdef, #ifndef,\n"
     "#elif, #else, #endif, #define, #undef, #include, #error, #line and #pragma.",
     "#defin SIZE 4\nconst long TOTAL = 4;\n", "#define SIZE 4\nconst long TOTAL = SIZE;\n"},
    {DIAG_PP_UNTERMINATED_IF, "an #if, #ifdef or #ifndef has no #endif in the same file.",
     "#ifndef SMALL\nconst long SIZE = 4;\n", "#ifndef SMALL\nconst long SIZE = 4;\n#endif\n"},
    {DIAG_TOO_BIG,
     "a limit that keeps the compiler quick and small: 64 MiB for a file, 4,194,304 tokens out of\n"
     "macros, 1 GB of memory. Macros that name each other twice in each line get there in a few\n"
     "lines.",
     "#define A B B B B B B B B B B B B B B B B\n"
     "#define B C C C C C C C C C C C C C C C C\n"
     "#define C D D D D D D D D D D D D D D D D\n"
     "#define D E E E E E E E E E E E E E E E E\n"
     "#define E F F F F F F F F F F F F F F F F\n"
     "#define F ; ; ; ; ; ; ; ; ; ; ; ; ; ; ; ;\nA\n",
     "#define F ; ; ;\nF\n"},
    {DIAG_UNEXPECTED_EOF,
     "the file ends in the middle of something: a '}' or ']' is missing, often far above.",
     "typedef struct point\n{\n    long x;\n", "typedef struct point\n{\n    long x;\n} point;\n"},
    {DIAG_UNEXPECTED_TOKEN, "nothing of the language can begin or go on with this.",
     "typedef struct point\n{\n    long x;\n} point;\n}\n",
     "typedef struct point\n{\n    long x;\n} point;\n"},
    {DIAG_UNTERMINATED_CHAR, "a character constant has no ' at its end on the same line.",
     "const char LETTER = 'a;\n", "const char LETTER = 'a';\n"},
    {DIAG_UNTERMINATED_COMMENT,
     "a comment that begins with /* has no */ at its end. Such comments do not nest.",
     "const long SIZE = 4;\n/* the size\n", "const long SIZE = 4;\n/* the size */\n"},
    {DIAG_UNTERMINATED_STRING,
     "text has no \" at its end on the same line. Long texts are several, one after the other.",
     "cpp_quote(\"#define SIZE 4)\n", "cpp_quote(\"#define SIZE 4\")\n"},
    {.text = NULL},
};
