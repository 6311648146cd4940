/* The office's existing website as a channel: its own form is posted to /hook/web/NAME, signed (signature.h), as JSON,
 * urlencoded or multipart. [website NAME] of the configuration, family "web", id "web:NAME".
 *
 * Fields: nama pekerjaan alamat email telepon isi jenis layanan tempat tanggal sifat id, and files; `field.OURS =
 * THEIRS` renames them. `id` (any text unique in that form) makes a repeated sending the same arrival. The answer is
 * 200 with {"nomor","kode"} after the commit, 401 unsigned or too old, 400 malformed, 503 try again. */
#ifndef WEBSITE_WEBSITE_H
#define WEBSITE_WEBSITE_H

#include "channels/channel.h"

extern const struct channel_ops website_channel;

#endif
