/* A header of C: what is no IDL in it is passed over. */
#ifndef TYPES_OF_C_H
#define TYPES_OF_C_H

#include <there_is_no_such_header.h>

extern "C" {

typedef unsigned __int64 C_NUMBER, *C_POINTER;
typedef struct C_POINT { int x, y; } C_POINT;
enum C_COLOR { C_RED = 4, C_BLUE };
int c_function(int x, ...);
static inline C_NUMBER c_twice(C_NUMBER n)
{
    return n * 2; /* { */
}
extern const int c_variable;
typedef __attribute__((mode(whatever))) int C_STRANGE;
struct C_LATER *c_pointer(void);
typedef struct { C_UNKNOWN unknown; } C_ODD;
typedef short C_LAST;

}

#error "not for us"
#endif
