#include "event_name.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 120 };

static const char *word_of(enum gateway_kind kind)
{
    static const char *const words[] = {[GATEWAY_KIND_IMAGE] = "gambar",
        [GATEWAY_KIND_DOCUMENT] = "dokumen",
        [GATEWAY_KIND_AUDIO] = "suara",
        [GATEWAY_KIND_VIDEO] = "video",
        [GATEWAY_KIND_STICKER] = "stiker",
        [GATEWAY_KIND_CONTACT] = "kontak"};
    const char *word = kind < sizeof words / sizeof *words ? words[kind] : NULL;
    return word ? word : "berkas";
}

static const char *ending_of(const char *mime)
{
    static const char *const endings[][2] = {{"image/jpeg", ".jpg"}, {"image/png", ".png"},
        {"image/webp", ".webp"}, {"image/gif", ".gif"}, {"audio/ogg", ".ogg"}, {"audio/mpeg", ".mp3"},
        {"audio/mp4", ".m4a"}, {"audio/aac", ".aac"}, {"video/mp4", ".mp4"}, {"application/pdf", ".pdf"},
        {"text/vcard", ".vcf"}, {"text/plain", ".txt"}};
    size_t n = mime ? strcspn(mime, "; ") : 0;
    for (size_t i = 0; n && i < sizeof endings / sizeof *endings; i++)
        if (strlen(endings[i][0]) == n && !strncmp(endings[i][0], mime, n))
            return endings[i][1];
    return "";
}

/* Without its folders, control bytes and leading dots; cut before a character. */
static const char *safe(const char *name, struct arena *arena)
{
    for (const char *p = name; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    name += strspn(name, ". ");
    size_t n = strlen(name);
    if (n > NAME_MAX_BYTES)
        for (n = NAME_MAX_BYTES; n && ((unsigned char)name[n] & 0xC0) == 0x80; n--)
            ;
    char *copy = arena_strndup(arena, name, n);
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            *p = '_';
    return copy;
}

const char *event_name(const struct gateway_event *e, unsigned number, struct arena *arena)
{
    const char *told = e->filename && !number ? safe(e->filename, arena) : NULL;
    if (told && *told)
        return strchr(told, '.') ? told : arena_printf(arena, "%s%s", told, ending_of(e->mime));
    return number ? arena_printf(arena, "%s-%u", word_of(e->kind), number)
                  : arena_printf(arena, "%s%s", word_of(e->kind), ending_of(e->mime));
}
