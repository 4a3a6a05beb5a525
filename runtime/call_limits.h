/*
 * call_limits.h -- the limits of uvcom_set_limits, one by one. Any thread.
 *
 * Not called limits.h: this folder is on the compiler's path, and C has a header of that name.
 */
#ifndef RUNTIME_CALL_LIMITS_H
#define RUNTIME_CALL_LIMITS_H

#include <stddef.h>

/** Bytes of one array or block. */
size_t uvcom__limit_array(void);

/** Bytes of one string with its end. */
size_t uvcom__limit_text(void);

/** Bytes of all that one operation copies. */
size_t uvcom__limit_call(void);

#endif
