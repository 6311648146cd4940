#include "shortage.h"

static _Thread_local unsigned long count;

void shortage_note(void)
{
    count++;
}

unsigned long shortage_count(void)
{
    return count;
}
