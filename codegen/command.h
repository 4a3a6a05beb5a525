/*
 * command.h -- the uvidl command without its main(), so that tests can run it.
 */
#ifndef CODEGEN_COMMAND_H
#define CODEGEN_COMMAND_H

#include <stdio.h>

enum { EXIT_DONE = 0, EXIT_IDL_ERRORS = 1, EXIT_USAGE = 2 };

/** Runs the command; returns its exit status. */
int command_run(int argc, char **argv, FILE *out, FILE *messages);

#endif
