/* Build tool: writes the sample configuration (`print_options sample`) or pengaduand.conf(5) (`print_options
 * man`) to stdout. */
#include "config/options.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct str out;
    str_init(&out, 256 * 1024);
    if (argc == 2 && strcmp(argv[1], "sample") == 0) {
        options_sample(&out);
    } else if (argc == 2 && strcmp(argv[1], "man") == 0) {
        options_man(&out);
    } else {
        fputs("usage: print_options sample|man\n", stderr);
        return 64;
    }
    bool good = str_ok(&out) && fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    str_release(&out);
    return good ? 0 : 74;
}
