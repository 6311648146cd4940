/* What the citizen reads in the chat: short, formal, friendly; one thought a line. */
#include "chat_say.h"
#include "dialog_private.h"
#include "rules/register.h"
#include "rules/words_date.h"

enum outcome dialog_say(struct dialog *d, const char *text)
{
    const struct chat_words words = {
        .channel = d->chat.channel, .address = d->chat.address, .complaint_id = d->c.id};
    d->said = false;
    if (d->in && d->in->stale)
        return OUTCOME_DONE;
    enum outcome outcome = chat_say(d->txn, d->office, &words, text, &d->said, d->fault);
    d->queued |= d->said;
    return outcome;
}

const char *dialog_greeting(const struct dialog *d)
{
    return arena_printf(d->arena,
        "Selamat datang di layanan pengaduan %s. Silakan tuliskan apa yang terjadi dan di mana; foto dan "
        "lokasi boleh disertakan.\n\nUntuk melihat perkembangan, ketik *status* dan kode lacak. Untuk "
        "bicara dengan petugas, ketik *petugas*.",
        d->office->name);
}

const char *dialog_question(const struct dialog *d, const char *asked)
{
    (void)d;
    switch (dialog_field(asked)) {
    case CHAT_NAMA:
        return "Boleh kami tahu *nama* Anda? (Balas *anonim* bila tidak ingin disebut, atau *selesai* bila "
               "tidak ingin "
               "ditanya lagi.)";
    case CHAT_PEKERJAAN:
        return "Apa *pekerjaan* Anda? (Boleh dijawab *lewati*.)";
    case CHAT_ALAMAT:
        return "Di mana *alamat* Anda: jalan atau dusun, RT/RW, dan kelurahan/desa? (Boleh dijawab "
               "*lewati*.)";
    default:
        return "Kiriman Anda sudah kami terima. Boleh ceritakan apa yang terjadi?";
    }
}

const char *dialog_status_text(const struct dialog *d, const struct complaint *c)
{
    char due[96] = "", code[REGISTER_SHOWN_SIZE];
    register_code_show(code, c->code);
    if (state_open(c->state) && c->due_at)
        words_date_long(due, sizeof due, c->due_at, d->office->utc_offset_minutes);
    return arena_printf(d->arena, "Aduan %s: *%s*.%s%s%s\n\nPerjalanannya ada di %s/lacak dengan kode %s.",
        c->number, state_public(c->state), *due ? "\nDijawab paling lambat " : "", due, *due ? "." : "",
        d->office->public_url, code);
}
