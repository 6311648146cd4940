/* What only the files of this folder may do with the loop. */
#ifndef LOOP_LOOP_PRIVATE_H
#define LOOP_LOOP_PRIVATE_H

#include "loop.h"
#include <stdbool.h>

/* Takes a posted task back before it ran (loop thread): for owners that are freed. false = it was not waiting. */
bool loop_recall(struct loop *loop, struct loop_task *task);

#endif
