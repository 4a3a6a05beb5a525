/*
 * main.c -- the uvidl command.
 */
#include "codegen/command.h"

int main(int argc, char **argv)
{
    return command_run(argc, argv, stdout, stderr);
}
