/* The requests of channels/parser/parser_protocol.h, one after another, until the daemon closes the
 * socket. */
#ifndef PARSER_SERVE_H
#define PARSER_SERVE_H

/* Opens, loads and tries out everything that may need a file; 0 or a sysexits code. Before confine_parser. */
int serve_prepare(void);

/* Returns the exit code: 0 when the daemon closed the socket, EX_PROTOCOL when it spoke nonsense, EX_OSERR
 * without memory. */
int serve(int fd);

void serve_end(void);

#endif
