/* `parser --once`: one mail from stdin, one JSON line on stdout, exit 0 whatever the bytes. */
#ifndef PARSER_ONCE_H
#define PARSER_ONCE_H

int once(void);

#endif
