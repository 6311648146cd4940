#include "text_quote_words.h"
#include <string.h>

enum { LABEL_BYTES = 64 }; /* with bold marks and blanks before the colon */

const char *const text_quote_starts[] = {"pada ", "ing ", "dina ", "on ", "le ", "il ", "in data ", "op ",
    "am ", "em ", "el ", "den ", "w dniu ", "dnia ", "pe ", "på ", "vào ", "dne ", "a las ", "kl. ",
    "tanggal ", "hari ", "no dia ", "el día ", "na ", "u ", "στις ", "ons ", "tir. ", "man. ", "ons. ",
    "tors. ", "fre. ", "lør. ", "søn. ", "ma ", "ti ", "ke ", "to ", "pe ", "la ", "su ", "pon., ", "wt., ",
    "śr., ", "czw., ", "pt., ", "sob., ", "niedz., ", "пн, ", "вт, ", "ср, ", "чт, ", "пт, ", "сб, ", "вс, ",
    NULL};

/* As Gmail, Thunderbird, Roundcube, Zimbra, Yahoo, Apple and Outlook say it. */
static const char *const verbs[] = {"menulis", "nulis", "nyerat", "wrote", "writes", "a écrit", "ha scritto",
    "schreef", "geschreven", "schrieb", "geschrieben", "escreveu", "escribió", "escribio", "va escriure",
    "a scris", "skrev", "kirjoitti", "skrifaði", "írta", "napisał", "napisała", "napisał(a)", "pisze",
    "napsal", "napsala", "napsal(a)", "napísal", "napísal(a)", "написал", "написала", "написал(а)",
    "написала(а)", "пишет", "писал", "писала", "написав", "написала", "пише", "написа", "yazdı", "έγραψε",
    "đã viết", "je napisao", "kirjutas", "rašė", "sumulat", NULL};

/* Written without blanks around. */
static const char *const joined_verbs[] = {
    "写道", "寫道", "書きました", "のメール", "님이 작성", "작성:", "썼습니다", "님이 쓰신", "เขียนว่า", NULL};

bool text_quote_has_verb(struct span s)
{
    for (const char *const *verb = verbs; *verb; verb++)
        if (span_has_word(s, *verb))
            return true;
    return span_has_any(s, joined_verbs);
}

static const struct {
    const char *word;
    enum label label;
} labels[] = {
    /* Indonesian, Malay */
    {"Dari", LABEL_FROM},
    {"Pengirim", LABEL_FROM},
    {"Daripada", LABEL_FROM},
    {"Dikirim", LABEL_DATE},
    {"Tanggal", LABEL_DATE},
    {"Terkirim", LABEL_DATE},
    {"Waktu", LABEL_DATE},
    {"Dihantar", LABEL_DATE},
    {"Tarikh", LABEL_DATE},
    {"Tgl", LABEL_DATE},
    {"Dikirim pada", LABEL_DATE},
    {"Dikirim tanggal", LABEL_DATE},
    {"Kepada", LABEL_TO},
    {"Kpd", LABEL_TO},
    {"Ke", LABEL_TO},
    {"Penerima", LABEL_TO},
    {"Untuk", LABEL_TO},
    {"Subjek", LABEL_SUBJECT},
    {"Subyek", LABEL_SUBJECT},
    {"Judul", LABEL_SUBJECT},
    {"Perihal", LABEL_SUBJECT},
    {"Hal", LABEL_SUBJECT},
    {"Perkara", LABEL_SUBJECT},
    {"Tembusan", LABEL_CC},
    {"Salinan", LABEL_CC},
    /* English */
    {"From", LABEL_FROM},
    {"Sender", LABEL_FROM},
    {"Sent", LABEL_DATE},
    {"Date", LABEL_DATE},
    {"Sent on", LABEL_DATE},
    {"To", LABEL_TO},
    {"Subject", LABEL_SUBJECT},
    {"Cc", LABEL_CC},
    {"Bcc", LABEL_CC},
    {"Reply-To", LABEL_CC},
    {"Importance", LABEL_CC},
    {"Attachments", LABEL_CC},
    /* German, Dutch */
    {"Von", LABEL_FROM},
    {"Gesendet", LABEL_DATE},
    {"Gesendet am", LABEL_DATE},
    {"Datum", LABEL_DATE},
    {"An", LABEL_TO},
    {"Betreff", LABEL_SUBJECT},
    {"Kopie", LABEL_CC},
    {"Van", LABEL_FROM},
    {"Verzonden", LABEL_DATE},
    {"Verstuurd", LABEL_DATE},
    {"Aan", LABEL_TO},
    {"Onderwerp", LABEL_SUBJECT},
    /* Romance */
    {"De", LABEL_FROM},
    {"Da", LABEL_FROM},
    {"Expéditeur", LABEL_FROM},
    {"Remitente", LABEL_FROM},
    {"Mittente", LABEL_FROM},
    {"Envoyé le", LABEL_DATE},
    {"Envoyé", LABEL_DATE},
    {"Message du", LABEL_DATE},
    {"Date d'envoi", LABEL_DATE},
    {"Enviado el", LABEL_DATE},
    {"Enviado em", LABEL_DATE},
    {"Enviado", LABEL_DATE},
    {"Enviada em", LABEL_DATE},
    {"Fecha", LABEL_DATE},
    {"Data", LABEL_DATE},
    {"Inviato", LABEL_DATE},
    {"Inviato il", LABEL_DATE},
    {"Trimis", LABEL_DATE},
    {"À", LABEL_TO},
    {"A", LABEL_TO},
    {"Para", LABEL_TO},
    {"Către", LABEL_TO},
    {"Pour", LABEL_TO},
    {"Destinataire", LABEL_TO},
    {"Objet", LABEL_SUBJECT},
    {"Sujet", LABEL_SUBJECT},
    {"Oggetto", LABEL_SUBJECT},
    {"Asunto", LABEL_SUBJECT},
    {"Assunto", LABEL_SUBJECT},
    {"Subiect", LABEL_SUBJECT},
    {"Copie à", LABEL_CC},
    /* Scandinavian, Finnish */
    {"Fra", LABEL_FROM},
    {"Från", LABEL_FROM},
    {"Lähettäjä", LABEL_FROM},
    {"Dato", LABEL_DATE},
    {"Sendt", LABEL_DATE},
    {"Skickat", LABEL_DATE},
    {"Lähetetty", LABEL_DATE},
    {"Päivämäärä", LABEL_DATE},
    {"Til", LABEL_TO},
    {"Till", LABEL_TO},
    {"Vastaanottaja", LABEL_TO},
    {"Emne", LABEL_SUBJECT},
    {"Ämne", LABEL_SUBJECT},
    {"Aihe", LABEL_SUBJECT},
    {"Kopio", LABEL_CC},
    {"Kopia", LABEL_CC},
    /* Slavic, Hungarian, Turkish, Greek */
    {"Od", LABEL_FROM},
    {"От", LABEL_FROM},
    {"Від", LABEL_FROM},
    {"Feladó", LABEL_FROM},
    {"Kimden", LABEL_FROM},
    {"Gönderen", LABEL_FROM},
    {"Από", LABEL_FROM},
    {"Wysłano", LABEL_DATE},
    {"Wysłane", LABEL_DATE},
    {"Odesláno", LABEL_DATE},
    {"Odoslané", LABEL_DATE},
    {"Отправлено", LABEL_DATE},
    {"Дата", LABEL_DATE},
    {"Надіслано", LABEL_DATE},
    {"Elküldve", LABEL_DATE},
    {"Dátum", LABEL_DATE},
    {"Gönderildi", LABEL_DATE},
    {"Gönderme Tarihi", LABEL_DATE},
    {"Tarih", LABEL_DATE},
    {"Ημερομηνία", LABEL_DATE},
    {"Στάλθηκε", LABEL_DATE},
    {"Do", LABEL_TO},
    {"Komu", LABEL_TO},
    {"Кому", LABEL_TO},
    {"Címzett", LABEL_TO},
    {"Kime", LABEL_TO},
    {"Alıcı", LABEL_TO},
    {"Προς", LABEL_TO},
    {"Temat", LABEL_SUBJECT},
    {"Předmět", LABEL_SUBJECT},
    {"Predmet", LABEL_SUBJECT},
    {"Тема", LABEL_SUBJECT},
    {"Tárgy", LABEL_SUBJECT},
    {"Konu", LABEL_SUBJECT},
    {"Θέμα", LABEL_SUBJECT},
    {"DW", LABEL_CC},
    {"Копия", LABEL_CC},
    {"Bilgi", LABEL_CC},
    /* Asian */
    {"差出人", LABEL_FROM},
    {"送信者", LABEL_FROM},
    {"发件人", LABEL_FROM},
    {"寄件者", LABEL_FROM},
    {"寄件人", LABEL_FROM},
    {"보낸 사람", LABEL_FROM},
    {"보낸사람", LABEL_FROM},
    {"발신자", LABEL_FROM},
    {"Từ", LABEL_FROM},
    {"จาก", LABEL_FROM},
    {"送信日時", LABEL_DATE},
    {"日時", LABEL_DATE},
    {"日付", LABEL_DATE},
    {"发送时间", LABEL_DATE},
    {"发送日期", LABEL_DATE},
    {"日期", LABEL_DATE},
    {"寄件日期", LABEL_DATE},
    {"傳送時間", LABEL_DATE},
    {"时间", LABEL_DATE},
    {"보낸 날짜", LABEL_DATE},
    {"보낸날짜", LABEL_DATE},
    {"보낸 시간", LABEL_DATE},
    {"날짜", LABEL_DATE},
    {"발송일", LABEL_DATE},
    {"Đã gửi", LABEL_DATE},
    {"Ngày", LABEL_DATE},
    {"ส่ง", LABEL_DATE},
    {"宛先", LABEL_TO},
    {"收件人", LABEL_TO},
    {"收件者", LABEL_TO},
    {"받는 사람", LABEL_TO},
    {"받는사람", LABEL_TO},
    {"Đến", LABEL_TO},
    {"ถึง", LABEL_TO},
    {"件名", LABEL_SUBJECT},
    {"主题", LABEL_SUBJECT},
    {"主題", LABEL_SUBJECT},
    {"主旨", LABEL_SUBJECT},
    {"标题", LABEL_SUBJECT},
    {"제목", LABEL_SUBJECT},
    {"Chủ đề", LABEL_SUBJECT},
    {"Tiêu đề", LABEL_SUBJECT},
    {"เรื่อง", LABEL_SUBJECT},
    {"抄送", LABEL_CC},
    {"副本", LABEL_CC},
    {"참조", LABEL_CC},
};

/* Does s begin with a colon, behind blanks and the asterisks of bold type? */
static bool colon_follows(struct span s)
{
    while (s.len && (strchr(" \t*_", s.at[0]) || span_starts(s, "\xc2\xa0")))
        s = span_from(s, s.at[0] == '\xc2' ? 2 : 1);
    return span_starts(s, ":") || span_starts(s, "：");
}

enum label text_quote_label(struct span line)
{
    while (line.len && strchr("-*_ ", line.at[0]) && line.at[0])
        line = span_from(line, 1);
    struct span head = {line.at, line.len < LABEL_BYTES ? line.len : LABEL_BYTES};
    if (span_find(head, ":") == head.len && span_find(head, "：") == head.len)
        return LABEL_NONE;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (span_starts(line, labels[i].word) && colon_follows(span_from(line, strlen(labels[i].word))))
            return labels[i].label;
    return LABEL_NONE;
}

bool text_quote_is_separator(struct span phrase)
{
    static const char *const whole[] = {"pesan asli", "pesan diteruskan", "pesan yang diteruskan",
        "pesan terusan", "pesan semula", "pesan balasan", "pesan terlampir", "email asli", "e-mail asli",
        "surel asli", "surat asli", "pesan asal", "pesan awal", "pesan sebelumnya", "email sebelumnya",
        "pesan yang dibalas", "original", "previous message", "mesej asal", "mesej dimajukan",
        "original message", "original mail", "original email", "original e-mail", "original appointment",
        "forwarded message", "forwarded mail", "forwarded email", "reply message", "begin forwarded message",
        "replied message", "original-nachricht", "originalnachricht", "ursprüngliche nachricht",
        "ursprüngliche e-mail", "weitergeleitete nachricht", "message d'origine", "message original",
        "message initial", "message transféré", "message transmis", "mail original", "mail transféré",
        "mensaje original", "mensaje reenviado", "mensaje enviado", "mensagem original",
        "mensagem encaminhada", "messaggio originale", "messaggio inoltrato", "missatge original",
        "oorspronkelijk bericht", "origineel bericht", "doorgestuurd bericht", "oprindelig besked",
        "oprindelig meddelelse", "original meddelelse", "videresendt besked", "opprinnelig melding",
        "videresendt melding", "ursprungligt meddelande", "originalmeddelande", "vidarebefordrat meddelande",
        "alkuperäinen viesti", "välitetty viesti", "wiadomość oryginalna", "oryginalna wiadomość",
        "wiadomość przekazana", "treść przekazanej wiadomości", "původní zpráva", "původní e-mail",
        "pôvodná správa", "eredeti üzenet", "továbbított üzenet", "mesaj original", "исходное сообщение",
        "пересылаемое сообщение", "пересланное сообщение", "оригинальное сообщение", "переслане повідомлення",
        "orijinal mesaj", "orijinal ileti", "özgün ileti", "özgün mesaj", "iletilen mesaj",
        "yönlendirilmiş ileti", "αρχικό μήνυμα", "元のメッセージ", "オリジナルメッセージ",
        "転送されたメッセージ", "転送メッセージ", "原始邮件", "原邮件", "原始郵件", "邮件原件", "转发的邮件",
        "轉寄的郵件", "轉寄郵件", "转发邮件信息", "回复的原邮件", "원본 메시지", "원본 메일", "전달된 메일",
        "전달된 메시지", "tin nhắn gốc", "thư gốc", NULL};
    static const char *const first[] = {"forwarded by ", "original message from ", "original message (",
        "forwarded message from ", "diteruskan oleh ", "weitergeleitet von ", "transféré par ", NULL};
    while (phrase.len && strchr(":*", phrase.at[phrase.len - 1]))
        phrase.len--;
    return span_equals_any(span_trim(phrase), whole) || span_starts_any(phrase, first);
}

bool text_quote_begins_forward(struct span line)
{
    static const char *const whole[] = {"begin forwarded message:", "awal pesan yang diteruskan:",
        "mulai pesan yang diteruskan:", "awal pesan terusan:", "mulai pesan terusan:",
        "pesan yang diteruskan:", "anfang der weitergeleiteten nachricht:",
        "anfang der weitergeleiteten e-mail:", "début du message réexpédié :", "début du message transféré :",
        "inizio messaggio inoltrato:", "inicio del mensaje reenviado:", "início da mensagem reenviada:",
        "begin doorgestuurd bericht:", "videresendt besked:", "videresendt melding:", "vidarebefordrat brev:",
        "början på vidarebefordrat meddelande:", "välitetty viesti alkaa:",
        "początek przekazywanej wiadomości:", "начало переадресованного сообщения:",
        "iletilen mesajın başlangıcı:", "転送されたメッセージ:", "开始转发的邮件:", "以下是转发的邮件:",
        "전달된 메시지 시작:", NULL};
    return span_equals_any(line, whole);
}

bool text_quote_says_above(struct span line)
{
    static const char *const phrases[] = {"di atas baris ini", "di atas garis ini", "reply above this line",
        "write above this line", "type your reply above this line", "reply above the line",
        "reply above this text", "oberhalb dieser zeile", "au-dessus de cette ligne",
        "por encima de esta línea", "boven deze regel", NULL};
    return span_has_any(line, phrases);
}

bool text_quote_asks_above(struct span line)
{
    static const char *const starts[] = {"balas di atas ", "balaslah di atas ", "mohon balas di atas ",
        "harap balas di atas ", "silakan balas di atas ", "mohon membalas di atas ", "tulis balasan ",
        "ketik balasan ", "reply above ", "please reply above ", "please type your reply above ",
        "write your reply above ", NULL};
    return span_starts_any(line, starts) && text_quote_says_above(line);
}

bool text_quote_cites(struct span line)
{
    static const char *const starts[] = {"quoting ", "kutipan ", "mengutip ", "menanggapi ", "membalas ",
        "in reply to ", "zitat von ", "citando ", "cita de ", "quoting: ", NULL};
    return span_starts_any(line, starts);
}

bool text_quote_points_below(struct span own)
{
    static const char *const answers[] = {"jawab", "tanggapan", "balasan", "respon", "isian", "saya isi",
        "sudah isi", "isi langsung", "answer", "comment", "repl", NULL};
    static const char *const below[] = {"di bawah", "dibawah", "inline", "below", "warna merah", "berwarna",
        "warna biru", "warna hijau", "huruf merah", "huruf biru", "huruf tebal", "huruf besar",
        "huruf kapital", "cetak tebal", "cetak miring", "tinta merah", "in red", "in blue", "in bold", NULL};
    return span_has_any(own, answers) && span_has_any(own, below);
}
