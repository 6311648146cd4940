/* A form of our own site: kept as its fields in one JSON object, from which the arrival is made, at once (web/report.c) or
 * later, when an officer finds that it was a citizen's after all (second_look.h). Pure. */
#ifndef DESK_SITE_FORM_H
#define DESK_SITE_FORM_H

#include "channels/channel.h"

/* Fills who and what of ret from these bytes; strings live in arena. Fields, all texts: jenis, layanan, sifat, jawab (surel,
 * wa, lacak), isi, tanggal, kelurahan, tempat, titik; of one with a name nama, pekerjaan, alamat, surel, wa too. NEVER when
 * the bytes are no such object, LATER without memory. */
enum outcome site_form_read(
    const void *raw, size_t size, struct inbound *ret, struct arena *arena, struct fault *fault);

#endif
