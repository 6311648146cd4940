/* Durable steps. step("name") stands right BEFORE and AFTER each act that must survive a crash (a commit, a
 * rename, a byte sent to the outside). With PENGADUAND_CRASH_STEP=N in the environment the process kills itself
 * with SIGKILL at its N-th step: tests/crash stops the daemon at every step in turn and compares the end state.
 * PENGADUAND_CRASH_PROGRAM=name limits that to one program of the family (daemon, mailbox, parser).
 * PENGADUAND_CRASH_COUNTER=FILE counts in a file (8 bytes, must exist) over all lives of that program, so that it
 * dies once and not again at each new start, and so that the test can read how many steps there were.
 * Costs one atomic increment otherwise. Thread-safe. */
#ifndef BASE_STEP_H
#define BASE_STEP_H

void step_init(const char *program); /* reads the environment once; at the start of main(), before any cage */
void step(const char *name);
long step_count(void); /* steps taken so far by this process, or by all that share its counter */

#endif
