#include "run_as.h"
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool run_as_root(void)
{
    return geteuid() == 0;
}

enum outcome run_as_check(const char *folder, struct fault *fault)
{
    struct stat st;
    struct passwd entry, *found = NULL;
    char room[4096], number[24], text[sizeof fault->public_text];
    if (!run_as_root() || stat(folder, &st) || st.st_uid == 0)
        return OUTCOME_DONE;
    snprintf(number, sizeof number, "#%u", (unsigned)st.st_uid); /* as sudo -u takes it */
    getpwuid_r(st.st_uid, &entry, room, sizeof room, &found);
    const char *name = found ? found->pw_name : number;
    snprintf(text, sizeof text,
        "Folder data milik pengguna %.40s, jadi tidak dipakai sebagai root. Jalankan: sudo -u %.40s "
        "pengaduand ...",
        name, name);
    return fault_set(fault, OUTCOME_STOP, text, "%s belongs to %s, and this is root", folder, name);
}
