/* The cage of the children: what a stranger's bytes may do when they have taken over the program that reads
 * them.
 *
 * Four walls, put up in this order: resource limits; no_new_privs and not dumpable; Landlock with no rule at
 * all (no path can be opened, no port bound or dialled, no signal sent outside: as far as the kernel's ABI
 * goes); a seccomp filter whose default kills the process. After a confine_* call returns, the process holds
 * the file descriptors it holds and gets no other.
 *
 * Call once, with one thread (the printer: confine_printer), when everything that needs files has been opened, loaded and tried out
 * (character sets, locale, time zone, libmagic's table, random seeds): a library that opens something later
 * finds nothing or dies. Signal handlers are the caller's business before the call; none can be installed
 * after it.
 *
 * Death is readable by the parent (waitpid): SIGSYS = a call outside the list, SIGABRT = out of memory or a
 * broken invariant (the calls abort(3) needs are allowed for that reason), SIGXCPU or SIGPROF = too much
 * computing.
 *
 * Under AddressSanitizer the walls would kill the tool itself (shadow memory, leak check by ptrace,
 * symbolizer), so a program compiled with it (__SANITIZE_ADDRESS__) gets no_new_privs and RLIMIT_CORE alone;
 * CONFINE_WALLS says which kind this build is. UBSan alone needs nothing special.
 *
 * A step that fails returns OUTCOME_STOP and the caller must not read one byte from outside. The only
 * exception: a kernel without Landlock (before 5.13, or switched off) is accepted, seccomp alone forbids as
 * much. */
#ifndef CHANNELS_CONFINE_H
#define CHANNELS_CONFINE_H

#include "daemon/base/fault.h"

#ifdef __SANITIZE_ADDRESS__
#define CONFINE_WALLS 0
#else
#define CONFINE_WALLS 1
#endif

/* libexec/parser: no network, no files. read(2) and write(2) on fd only, write on stderr; memory; its own
 * per-message timer (setitimer). openat and newfstatat answer ENOENT instead of killing, because a mail may
 * name a character set that was not loaded beforehand and iconv_open must fail cleanly (killing would be a
 * 99-byte denial of service). Limits: 768 MiB of address space, one hour of processor time in all. */
enum outcome confine_parser(int fd, struct fault *fault);

/* libexec/mailbox: the IMAP side of one mailbox. net_fd is the socketpair that the daemon pumps to and from
 * the server's TLS connection: read, write, recvfrom, sendto, shutdown on it. frame_fd carries frames
 * (base/frame.h): read and write. Waiting: select, pselect6, poll, ppoll. close is allowed (libetpan closes
 * its stream at logout), files are not: openat kills, nothing in libetpan's IMAP needs it once the stream
 * exists.
 *
 * Before the call: both ends dup2'ed to low numbers (select() in libetpan aborts at fd >= 1024), SIGPIPE
 * ignored, PR_SET_PDEATHSIG set, setlocale and tzset done, and the mailstream made with
 * mailstream_socket_open(net_fd): its cancel pipe needs pipe2, which is not allowed afterwards. Limits: 512
 * MiB of address space (a 25 MB mail takes 54 MiB), no limit of processor time: it lives for months. */
enum outcome confine_mailbox(int net_fd, int frame_fd, struct fault *fault);

/* libexec/printer: read, write and seek on the descriptors it holds (its socket, the files without names it opened
 * before); openat and newfstatat answer ENOENT, because fontconfig and FreeType ask for files that are not needed. pango
 * keeps a thread for fontconfig: the filter is put on all threads, and no further one can begin. Limits: 768 MiB of address
 * space, ten minutes of processor time for its one document. */
enum outcome confine_printer(struct fault *fault);

#endif
