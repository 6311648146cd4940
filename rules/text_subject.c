#include "text_subject.h"
#include <string.h>

/* What programs let follow a phrase. */
static bool ends_here(struct span rest)
{
    static const char *const marks[] = {":", "(", "[", "-", "]", ")", "|", "\"", "*", "#", "!", "–", "—",
        "：", "【", "】", "（", "）", "re:", "fwd:", NULL};
    rest = span_trim(rest);
    return !rest.len || span_starts_any(rest, marks);
}

static bool opens(struct span subject, const char *const *phrases)
{
    for (; *phrases; phrases++) {
        size_t n = strlen(*phrases);
        if (!span_starts(subject, *phrases))
            continue;
        if (ends_here(span_from(subject, n)) || (*phrases)[n - 1] == ':')
            return true;
    }
    return false;
}

/* "[Auto-Reply] Jalan rusak", "*** Out of office ***". */
static struct span without_ornament(struct span s)
{
    static const char *const ornaments[] = {
        "[", "(", "*", "\"", "<", "#", "=", "-", "!", " ", "【", "（", NULL};
    for (bool more = true; more && s.len;) {
        more = false;
        for (const char *const *o = ornaments; *o && !more; o++)
            if (span_starts(s, *o)) {
                s = span_from(s, strlen(*o));
                more = true;
            }
    }
    return s;
}

/* "Jalan rusak (Out of Office)": what stands in brackets at the end. */
static struct span last_bracket(struct span s)
{
    if (!s.len || (s.at[s.len - 1] != ')' && s.at[s.len - 1] != ']'))
        return (struct span){0};
    char open = s.at[s.len - 1] == ')' ? '(' : '[';
    size_t from = s.len;
    while (from > 0 && s.at[from - 1] != open)
        from--;
    return from ? span_from(s, from) : (struct span){0};
}

static bool says(struct span subject, const char *const *phrases)
{
    subject = span_trim(subject);
    return opens(without_ornament(subject), phrases) || opens(last_bracket(subject), phrases);
}

bool text_subject_out_of_office(struct span subject)
{
    static const char *const phrases[] = {"out of office autoreply", "out of the office", "out of office",
        "out-of-office", "out-of-the-office", "i am out of the office", "i'm out of the office",
        "i am out of office", "ooo:", "on vacation", "vacation", "vacation reply", "on leave",
        "on annual leave", "on holiday", "away from my mail", "away from the office", "currently away",
        "away:",
        /* Indonesian, Malay */
        "di luar kantor", "sedang di luar kantor", "tidak di kantor", "tidak berada di kantor",
        "sedang tidak di kantor", "sedang tidak di tempat", "sedang cuti", "sedang dinas luar", "dinas luar",
        "saya sedang cuti", "cuti:", "di luar pejabat",
        "luar kantor:", "ketidakhadiran:", "pemberitahuan cuti", "pemberitahuan tidak di tempat",
        "pemberitahuan tidak di kantor", "pemberitahuan ketidakhadiran",
        "tidak masuk kantor:", "sedang tidak berada di tempat", "sedang tidak berada di kantor",
        /* German, Dutch */
        "abwesenheitsnotiz", "abwesenheitsmeldung", "abwesenheitsnachricht", "abwesenheit", "abwesend",
        "nicht im büro", "außer haus", "afwezigheidsbericht", "afwezigheid", "afwezig", "niet aanwezig",
        "niet op kantoor", "buiten kantoor",
        /* Romance */
        "absence du bureau", "message d'absence", "absence", "absent du bureau", "absent", "absente",
        "en congé", "en congés", "en vacances", "fuera de la oficina", "fuera de oficina", "ausencia",
        "ausente", "de vacaciones", "fora do escritório", "fora do escritorio", "ausência",
        "ausencia temporária", "em férias", "de férias", "fuori ufficio", "assenza dall'ufficio", "assenza",
        "assente", "assente dall'ufficio", "in ferie",
        /* Scandinavian, Finnish */
        "frånvaro", "frånvarande", "ej på kontoret", "inte på kontoret", "fravær", "ikke til stede",
        "ikke på kontoret", "ude af kontoret", "ute av kontoret", "fraværsmelding", "poissa toimistosta",
        "poissa", "poissaoloilmoitus", "lomalla",
        /* Slavic, Hungarian, Turkish, Greek */
        "poza biurem", "nieobecność", "nieobecny", "nieobecna", "na urlopie", "вне офиса", "нет на месте",
        "отсутствую", "отсутствую на рабочем месте", "в отпуске", "поза офісом", "mimo kancelář",
        "v nepřítomnosti", "házon kívül", "ofis dışında", "ofis dışı", "ofis dışındayım", "izindeyim",
        "εκτός γραφείου",
        /* Asian */
        "不在", "不在通知", "不在のお知らせ", "休暇中", "外出中", "外出", "休假", "不在办公室", "不在辦公室",
        "부재중", "부재 중", "休假中", "vắng mặt", NULL};
    return says(subject, phrases);
}

bool text_subject_auto_reply(struct span subject)
{
    static const char *const phrases[] = {"automatic reply", "automatic response", "automated reply",
        "automated response", "auto-reply", "auto reply", "autoreply", "auto response", "auto-response",
        "autoresponse", "autoresponder", "auto-responder", "auto:", "auto-ack", "auto acknowledgement",
        "automatic acknowledgement", "automatic acknowledgment", "automatic email response",
        /* Indonesian, Malay */
        "balasan otomatis", "jawaban otomatis", "respon otomatis", "respons otomatis", "balas otomatis",
        "pesan otomatis", "tanggapan otomatis", "otomatis:", "balasan email otomatis",
        "balasan surel otomatis", "auto respon", "auto respons", "autorespon", "autorespons",
        "konfirmasi otomatis:", "pemberitahuan otomatis:", "notifikasi otomatis:", "jawapan automatik",
        "balasan automatik",
        /* German, Dutch */
        "automatische antwort", "automatische antwortmail", "autoantwort", "automatische rückantwort",
        "automatische beantwoording", "automatisch antwoord", "automatische reactie", "automatisch bericht",
        "automatisch gegenereerd antwoord",
        /* Romance */
        "réponse automatique", "reponse automatique", "message automatique", "respuesta automática",
        "respuesta automatica", "contestación automática", "resposta automática", "resposta automatica",
        "risposta automatica", "risponditore automatico", "răspuns automat", "resposta automàtica",
        /* Scandinavian, Finnish */
        "automatiskt svar", "autosvar", "automatisk svar", "automaattinen vastaus", "automaattivastaus",
        /* Slavic, Hungarian, Turkish, Greek */
        "automatyczna odpowiedź", "odpowiedź automatyczna", "автоматический ответ", "автоответ",
        "автоответчик", "автоматична відповідь", "автовідповідь", "automatická odpověď", "automatikus válasz",
        "otomatik yanıt", "otomatik cevap", "αυτόματη απάντηση",
        /* Asian */
        "自動応答", "自動返信", "自动回复", "自動回覆", "自动答复", "자동 응답", "자동응답", "자동 회신",
        "자동회신", "trả lời tự động", "ตอบกลับอัตโนมัติ",
        /* read receipts and calendar answers */
        "dibaca:", "read:", "not read:", "tidak dibaca:", "tanda terima (baca)", "tanda terima baca",
        "return receipt", "read receipt",
        "gelesen:", "gelezen:", "lu:", "leído:", "lido:", "letto:", "lu :", "luettu:", "läst:", "læst:",
        "lest:", "przeczytano:", "прочитано:", "okundu:", "開封済み:", "已读:", "읽음:", NULL};
    return says(subject, phrases);
}

bool text_subject_bounce(struct span subject)
{
    static const char *const phrases[] = {"undelivered mail returned to sender", "undeliverable mail",
        "undeliverable message", "undeliverable", "undelivered mail", "undelivered message",
        "undeliverable email", "returned mail", "failure notice", "delivery status notification",
        "delivery notification", "delivery failure notification", "delivery failure", "delivery error",
        "delivery has failed", "delivery failed", "mail delivery failed", "mail delivery failure",
        "mail delivery problem", "mail delivery error", "mail delivery status report", "mail delivery system",
        "mail system error", "mail status report", "mail could not be delivered",
        "message could not be delivered", "message undeliverable", "message not delivered",
        "message delivery failure", "message delivery has failed", "non-delivery", "non delivery",
        "nondeliverable mail", "non-delivery report", "non-deliverable", "notification of delivery failure",
        "notification of undeliverable", "mail returned", "message status - undeliverable",
        "warning: could not send message", "warning: message", "warning: delayed mail",
        "mail delivery delayed", "delayed mail", "delivery delayed", "email delivery failure",
        "e-mail delivery failure", "email undeliverable", "returned to sender", "message returned",
        "returned email", "bounced mail", "mdaemon warning", "mdaemon notification", "nondelivery",
        "rejected mail", "automatically rejected mail", "unable to deliver your message",
        "unable to deliver mail", "permanent delivery failure", "postmaster notify",
        "mail delivery notification",
        /* other languages; Indonesian ones are what citizens say too, see the hints */
        "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "onbestelbaar", "niet bezorgd",
        "onbestelbare e-mail", "non remis", "échec de la remise", "échec de remise", "non délivré",
        "message non distribué", "no se puede entregar", "no entregado", "error de entrega",
        "no se ha podido entregar", "não entregue", "não é possível entregar", "falha na entrega",
        "mensagem não entregue", "non recapitabile", "mancato recapito", "mancata consegna", "olevererbart",
        "kan inte levereras", "det går inte att leverera", "kan ikke leveres", "ei voi toimittaa",
        "nie można dostarczyć", "nie dostarczono", "недоставленное сообщение", "не удается доставить",
        "недоставлено", "teslim edilemedi", "iletilemedi", "配信不能", "配信できません", "配達不能",
        "无法送达", "無法傳遞", "系统退信", "退信通知", "退信", "배달되지 않음", "배달할 수 없음",
        "발송 실패", NULL};
    return says(subject, phrases);
}

bool text_subject_hints_bounce(struct span subject)
{
    static const char *const words[] = {"undeliver", "delivery", "deliver", "returned", "failure", "failed",
        "bounce", "not delivered", "could not", "delay", "terkirim", "gagal", "tertunda", "dikirim",
        "kegagalan", "penghantaran", "pengiriman", "rejected", "unknown", "error", "mail system", "warning",
        "non remis", "unzustellbar", "postmaster", "mailbox", "quota", "notif", NULL};
    return span_has_any(subject, words);
}

bool text_subject_answers(struct span subject)
{
    static const char *const prefixes[] = {"re:", "re :", "re：", "re[", "re(", "aw:", "antw:", "sv:", "odp:",
        "ynt:", "bls:", "balas:", "balasan:", "ref:", "res:", "rif:", "vá:", "отв:", "回复", "回覆", "答复",
        "返信", "답장", NULL};
    return span_starts_any(span_trim(subject), prefixes);
}

bool text_subject_forwards(struct span subject)
{
    static const char *const prefixes[] = {"fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "terusan:", "trs:",
        "diteruskan:", "i:", "doorst:", "vs:", "vb:", "转发", "転送", NULL};
    return span_starts_any(span_trim(subject), prefixes);
}
