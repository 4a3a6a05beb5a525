/*
 * apartment_start.h -- the end of all apartments whose threads the runtime keeps.
 *
 * Starting and stopping one of them is in apartment.h.
 */
#ifndef RUNTIME_APARTMENT_START_H
#define RUNTIME_APARTMENT_START_H

struct process;

/** Stops what uvcom__apartment_start made for this process, and has it refused from now on. */
void uvcom__apartments_stop_all(struct process *process);

#endif
