/*
 * fatal.h -- the end of a process whose memory can no longer be trusted.
 */
#ifndef RUNTIME_FATAL_H
#define RUNTIME_FATAL_H

/**
 * Says what is wrong on standard error and aborts.
 *
 * Only for a state that cannot come about while memory is intact, such as a reference count that
 * left its range: going on would use an object after its end.
 */
_Noreturn void uvcom__fatal(const char *what);

#endif
