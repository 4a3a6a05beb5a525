/*
 * tests/idl/test_macro.c -- what uses of macros become, as the C standard and its examples have it.
 *
 * Each row is a text and what the parser sees of it, token by token, with one blank between them.
 */
#include <stdio.h>
#include <string.h>

#include "idl/preprocess.h"
#include "idl/text.h"
#include "tests/idl/compile.h"
#include "tests/support/runner.h"

static const struct expansion_row {
    const char *text;
    const char *tokens;
} expansion_rows[] = {
    {"#define A 1\nA B", "1 B"},
    {"#define A\nA B A", "B"},
    {"#define A B\n#define B A\nA B", "A B"},
    {"#define A A x\nA", "A x"},
    {"#define A 1\n#define A 0x1\n#undef A\nA", "A"},
    /* parameters */
    {"#define F(x) x x\nF(1) F (2) F\n(3)", "1 1 2 2 3 3"},
    {"#define F(x) x\nF F; F(F)", "F F ; F"},
    {"#define F() 1\nF() F( ) F(\n/* nothing */)", "1 1 1"},
    {"#define F (x)\nF(1)", "( x ) ( 1 )"},
    {"#define F(x) <x>\nF() F((1, 2)) F([)", "< > < ( 1 , 2 ) > < [ >"},
    {"#define F(x, y) x y y x\nF(1, 2) F(,2) F(1,) F(,)", "1 2 2 1 2 2 1 1"},
    {"#define F(_x, _Y1) _Y1 _x\nF(1, 2)", "2 1"},
    {"#define F(long, interface) interface long\nF(1, 2)", "2 1"},
    {"#define F(a) a\n#define a 3\nF(b) a", "b 3"},
    /* arguments are expanded by themselves, then with what follows */
    {"#define A 1\n#define F(x) x\nF(A) F(F(A)) F(F)(A)", "1 1 F ( 1 )"},
    {"#define F(x) x + G\n#define G(x) x * 2\nF(1)(3)", "1 + 3 * 2"},
    {"#define F(x) G(x\n#define G(x) <x>\nF(1))", "< 1 >"},
    {"#define F(x) x F\nF(1)(2)", "1 F ( 2 )"},
    {"#define F(x) F(x) + 1\nF(F(3))", "F ( F ( 3 ) + 1 ) + 1"},
    {"#define NIL(x) x\n#define G_0(a) NIL(G_1)(a)\n#define G_1(a) NIL(G_0)(a)\nG_0(4)",
     "G_0 ( 4 )"},
    {"#define A (\n#define F(x) <x>\nF A 1 )", "F ( 1 )"},
    {"#define L (\n#define F(x) <x>\n#define G(x) x\nG(F L 1 ))", "< 1 >"},
    /* "#" */
    {"#define S(x) #x\nS(a  +\n b) S() S( a ) S(\"a\\n\") S('\"') S(a\\b)",
     "\"a + b\" \"\" \"a\" \"\\\"a\\\\n\\\"\" \"'\\\"'\" \"a\\b\""},
    {"#define A 1\n#define S(x) #x\n#define T(x) S(x)\nS(A) T(A)", "\"A\" \"1\""},
    {"#define S(x) # x\n#define H # x\nS(1)H", "\"1\" # x"},
    {"#define S(x) #x\n#define T(p) S(a p;)\nT() T(b)", "\"a ;\" \"a b;\""},
    {"#define S(...) #__VA_ARGS__\nS(a,b , c) S()", "\"a,b , c\" \"\""},
    {"#define S(x) #x\nS(L\"w\" 'c' 7f3a1c10-1111-4000-8000-000000000001)",
     "\"L\\\"w\\\" 'c' 7f3a1c10-1111-4000-8000-000000000001\""},
    /* "##" */
    {"#define C(x, y) x ## y\nC(a, b) C(a,) C(,b) C(,) C(1, 2) C(<, <) C(a, 1)", "ab a b 12 << a1"},
    {"#define A 1\n#define C(x, y) x##y\n#define X(x, y) C(x, y)\nC(A, A) X(A, A) C(A, ) X(A, )",
     "AA 11 1 1"},
    {"#define C(x, y) x y##2 2##x\nC(1 2, 3 4)", "1 2 3 42 21 2"},
    {"#define C(x, y, z) x##y##z\nC(a,b,c) C(,,c) C(a,,c) C(a b, c d, e f)", "abc c ac a bc de f"},
    {"#define AB 7\n#define O A ## B\nO", "7"},
    {"#define H # ## #\n#define M(a) #a\n#define I(a) M(a)\n#define J(c, d) I(c H d)\nJ(x, y)",
     "\"x ## y\""},
    {"#define IPipe(n) interface IPipe##n { n##_t *Pull##n(); }\nIPipe(Byte)",
     "interface IPipeByte { Byte_t * PullByte ( ) ; }"},
    {"#define C(x) L##x\nC(\"a\") C('b')", "L\"a\" L'b'"},
    {"#define C(x) x##y\n#define xy C(x)\nxy", "xy"},
    /* "..." */
    {"#define V(...) <__VA_ARGS__>\nV() V(1) V(1, (2, 3))", "< > < 1 > < 1 , ( 2 , 3 ) >"},
    {"#define V(f, ...) f(__VA_ARGS__)\nV(1) V(1,) V(1, 2, 3)", "1 ( ) 1 ( ) 1 ( 2 , 3 )"},
    {"#define V(f, ...) f(0, ## __VA_ARGS__)\nV(1) V(1, 2, 3)", "1 ( 0 ) 1 ( 0 , 2 , 3 )"},
    {"#define V(f, r...) f[r]\nV(1) V(1, 2, 3)", "1 [ ] 1 [ 2 , 3 ]"},
    /* directives inside */
    {"#define F(x) <x>\nF(1\n#if 1\n+ 2\n#else\n+ 3\n#endif\n) F(4", "< 1 + 2 >"},
    {"#define F(x) <x>\nF(1\n#define A 5\nA\n#undef F\nF(2))", "< 1 5 F ( 2 ) >"},
    {"#define F(x) <x>\n#if 1\nF\n#endif\n(1)", "F ( 1 )"},
    /* the examples of the standard */
    {"#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define z z[0]\n"
     "#define h g(~\n#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n"
     "f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\ng(x+(3,4)-w) | h 5) & m\n(f)^m(m);",
     "f ( 2 * ( y + 1 ) ) + f ( 2 * ( f ( 2 * ( z [ 0 ] ) ) ) ) % f ( 2 * ( 0 ) ) + t ( 1 ) ; "
     "f ( 2 * ( 2 + ( 3 , 4 ) - 0 , 1 ) ) | f ( 2 * ( ~ 5 ) ) & f ( 2 * ( 0 , 1 ) ) ^ m ( 0 , 1 ) "
     ";"},
    {"#define p() int\n#define q(x) x\n#define r(x,y) x ## y\n#define str(x) # x\n#define f(a) a\n"
     "p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\n"
     "char c[2][6] = { str(hello), str() };",
     "int i [ ] = { 1 , 23 , 4 , 5 , } ; char c [ 2 ] [ 6 ] = { \"hello\" , \"\" } ;"},
    {"#define str(s) # s\n#define xstr(s) str(s)\n#define INCFILE(n) vers ## n\n"
     "#define glue(a, b) a ## b\n#define xglue(a, b) glue(a, b)\n"
     "#define HIGHLOW \"hello\"\n#define LOW LOW \", world\"\n"
     "xstr(INCFILE(2).h) glue(HIGH, LOW); xglue(HIGH, LOW)",
     "\"vers2.h\" \"hello\" ; \"hello\" \", world\""},
    {"#define t(x,y,z) x ## y ## z\nt(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), "
     "t(,,12), "
     "t(,,)",
     "123 , 45 , 67 , 89 , 10 , 11 , 12 ,"},
};

static void collect(struct text *out, struct session *session, const char *text)
{
    struct preprocess pp;
    struct token token;

    preprocess_init(&pp, session, source_from_text(session->arena, "t.idl", text, strlen(text)),
                    NULL);
    while ((token = preprocess_next(&pp)).kind != TOKEN_END) {
        if (out->length)
            text_char(out, ' ');
        text_bytes(out, token.text, token.length);
    }
    preprocess_finish(&pp);
}

START_TEST(a_use_becomes_what_c_says)
{
    static const struct idl_options options = {0};
    const struct expansion_row *row = &expansion_rows[_i];
    struct arena *arena = arena_create(SIZE_MAX);
    struct session session;
    struct reader reader;
    struct text out;
    jmp_buf escape;

    ck_assert_ptr_nonnull(arena);
    arena->escape = &escape;
    ck_assert_int_eq(setjmp(escape), 0);
    reader_init(&reader, arena, NULL);
    session_init(&session, arena, &reader, &options);
    text_init(&out, arena);
    collect(&out, &session, row->text);
    ck_assert_str_eq(text_end(&out), row->tokens);
    arena_destroy(arena);
}
END_TEST

static Suite *macro_suite(void)
{
    Suite *suite = suite_create("macro");
    TCase *uses = tcase_create("uses");

    tcase_add_loop_test(uses, a_use_becomes_what_c_says, 0,
                        sizeof expansion_rows / sizeof *expansion_rows);
    suite_add_tcase(suite, uses);
    return suite;
}

UVCOM_TEST_MAIN(macro_suite)
