#include "reply.h"
#include "daemon/base/embedded.h"
#include "daemon/base/str.h"
#include "daemon/book/reply_text.h"
#include <stdio.h>
#include <string.h>

enum { FILLED_MOST = 512 * 1024, NAME_MOST = 40 };

#define ALWAYS "sapaan nomor kode kantor jalur batas tautan kaki"

static const struct reply_kind kinds[] = {
    {"tanda_terima", "Tanda terima", "Dikirim otomatis begitu aduan tercatat.", ALWAYS " catatan",
        "nomor kode"},
    {"tidak_utuh", "Surat yang tidak utuh",
        "Dikirim otomatis bila surat tambahan dari pengadu terlalu besar untuk diambil.", ALWAYS " catatan",
        "nomor catatan"},
    {"kode", "Kode lacak yang hilang",
        "Dikirim ketika pengadu meminta kodenya di halaman lacak, ke alamat yang ia berikan dahulu.", ALWAYS,
        "nomor kode"},
    {"pertanyaan", "Permintaan kelengkapan", "Dikirim ketika petugas bertanya kepada pengadu.", ALWAYS " isi",
        "nomor isi"},
    {"rujukan", "Pemberitahuan rujukan",
        "Dikirim ketika aduan bukan kewenangan kantor ini dan dirujuk ke instansi lain.",
        ALWAYS " instansi nomor_instansi", "nomor instansi"},
    {"sementara", "Kabar sementara", "Dikirim ketika petugas memberi kabar sebelum ada jawaban.",
        ALWAYS " isi", "nomor isi"},
    {"perpanjangan", "Perpanjangan permohonan informasi",
        "Dikirim ketika batas permohonan resmi (PPID) diperpanjang, dengan alasannya.", ALWAYS " isi",
        "nomor isi batas"},
    {"jawaban", "Jawaban", "Dikirim bersama jawaban yang ditulis petugas.", ALWAYS " isi", "nomor isi"},
    {"hak", "Jawaban tentang data pribadi",
        "Dikirim ketika permintaan pengadu atas data pribadinya dijawab (UU 27/2022).", ALWAYS " isi",
        "nomor isi"},
    {"penutup", "Penutup dan pertanyaan kepuasan", "Dikirim ketika aduan yang sudah dijawab ditutup.", ALWAYS,
        "nomor"},
    {"diarsipkan", "Pemberitahuan pengarsipan",
        "Dikirim otomatis ketika pengadu tidak melengkapi aduannya sampai batas waktu.", ALWAYS, "nomor"},
    {"pemberitahuan", "Pemberitahuan untuk pejabat",
        "Dikirim kepada Kepala Seksi Pelayanan dan Sekretaris Kecamatan. Tanpa data pribadi pengadu.",
        "nomor kantor jalur batas tautan_meja kaki", "nomor tautan_meja"},
    {"kaki", "Kaki surat", "Berdiri di bawah setiap surat, di tempat {kaki}.", "kantor alamat_kantor telepon",
        "kantor"},
};

const struct reply_kind *reply_kinds(size_t *ret_count)
{
    *ret_count = sizeof kinds / sizeof *kinds;
    return kinds;
}

const struct reply_kind *reply_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

const char *reply_placeholder_meaning(const char *name)
{
    static const struct {
        const char *name, *meaning;
    } meanings[] = {{"sapaan", "Yth. Bapak/Ibu dan nama pengadu"}, {"nomor", "nomor aduan"},
        {"kode", "kode lacak"}, {"kantor", "nama kantor"}, {"jalur", "jalur masuknya aduan, misalnya e-mail"},
        {"batas", "tanggal jawaban paling lambat"}, {"tautan", "alamat halaman lacak"},
        {"kaki", "kaki surat"},
        {"catatan", "pemberitahuan bila surat pengadu tidak dapat diambil utuh; biasanya kosong"},
        {"isi", "tulisan petugas"}, {"instansi", "instansi tujuan rujukan"},
        {"nomor_instansi", "kalimat dengan nomor di instansi itu; kosong bila tidak ada"},
        {"tautan_meja", "alamat aduan di meja petugas"}, {"alamat_kantor", "alamat kantor"},
        {"telepon", "telepon kantor"}};
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (!strcmp(meanings[i].name, name))
            return meanings[i].meaning;
    return NULL;
}

const char *reply_shipped(const struct reply_kind *kind)
{
    char path[NAME_MOST + 32];
    snprintf(path, sizeof path, "config/replies/%s.txt", kind->name);
    const struct embedded_file *file = embedded_find(path);
    return file ? file->data : "{isi}\n";
}

enum outcome reply_text(struct book_txn *txn, const struct reply_kind *kind, const char **ret_text,
    bool *ret_changed, struct arena *arena, struct fault *fault)
{
    const char *own = NULL;
    enum outcome outcome = reply_text_get(txn, kind->name, &own, arena, fault);
    if (outcome)
        return outcome;
    *ret_text = own ? own : reply_shipped(kind);
    *ret_changed = own != NULL;
    return OUTCOME_DONE;
}

/* ---- placeholders ---- */

/* The name of the placeholder that begins at p, "{name}"; its length with braces. 0 = none begins here. */
static size_t placeholder_at(const char *p, char name[NAME_MOST])
{
    size_t n = *p == '{' ? strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
    if (!n || n >= NAME_MOST || p[n + 1] != '}')
        return 0;
    memcpy(name, p + 1, n);
    name[n] = 0;
    return n + 2;
}

static bool in_list(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, " ");
        if (n == length && !strncmp(p, name, n))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

static bool holds(const char *text, const char *wanted)
{
    char name[NAME_MOST];
    for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{'))
        if (placeholder_at(p, name) && !strcmp(name, wanted))
            return true;
    return false;
}

static enum outcome refuse(struct fault *fault, const char *format, const char *word)
{
    char text[200];
    snprintf(text, sizeof text, format, word);
    return fault_set(fault, OUTCOME_NEVER, text, "reply text refused");
}

static enum outcome check_known(const struct reply_kind *kind, const char *text, struct fault *fault)
{
    char name[NAME_MOST];
    for (const char *p = text; *p;) {
        size_t n = placeholder_at(p, name);
        if (*p == '}' || (*p == '{' && !n))
            return refuse(fault,
                "Kurung kurawal hanya untuk kata ganti seperti {nomor}; periksa tulisan di sekitar “%.20s”.",
                p);
        if (n && !in_list(kind->known, name))
            return refuse(fault, "Kata ganti {%.40s} tidak dikenal di surat ini.", name);
        p += n ? n : 1;
    }
    return OUTCOME_DONE;
}

static enum outcome check_needed(const struct reply_kind *kind, const char *text, struct fault *fault)
{
    char name[NAME_MOST];
    for (const char *p = kind->needs; *p;) {
        size_t n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        if (!holds(text, name))
            return refuse(fault, "Surat ini harus memuat {%.40s}.", name);
        p += n + (p[n] == ' ');
    }
    return OUTCOME_DONE;
}

enum outcome reply_check(const struct reply_kind *kind, const char *text, struct fault *fault)
{
    if (!text[strspn(text, " \t\r\n")])
        return refuse(fault, "Isi teksnya%s.", "");
    if (strlen(text) > REPLY_TEXT_MOST)
        return refuse(fault, "Teks ini terlalu panjang, mohon diringkas%s.", "");
    enum outcome outcome = check_known(kind, text, fault);
    return outcome ? outcome : check_needed(kind, text, fault);
}

/* ---- filling ---- */

static const char *value_of(const struct reply_word *words, const char *name)
{
    for (; words->name; words++)
        if (!strcmp(words->name, name))
            return words->value ? words->value : "";
    return NULL;
}

static bool blank(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] > ' ')
            return false;
    return true;
}

/* One line of the template, without its end; *ret_held: a placeholder stood in it. */
static void fill_line(
    struct str *out, const char *line, size_t length, const struct reply_word *words, bool *ret_held)
{
    char name[NAME_MOST];
    for (const char *p = line; p < line + length;) {
        size_t n = placeholder_at(p, name);
        const char *value = n ? value_of(words, name) : NULL;
        *ret_held |= value != NULL;
        if (value)
            str_adds(out, value);
        else
            str_add(out, p, n ? n : 1);
        p += n ? n : 1;
    }
}

char *reply_fill(const char *text, const struct reply_word *words, struct arena *arena)
{
    struct str out;
    str_init(&out, FILLED_MOST);
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n"), before = out.len, length = n && p[n - 1] == '\r' ? n - 1 : n;
        bool held = false;
        fill_line(&out, p, length, words, &held);
        p += n + (p[n] == '\n');
        if (held && blank(out.data + before, out.len - before)) {
            str_cut(&out, before);
            size_t next = strcspn(p, "\n");
            if (blank(p, next) && p[next])
                p += next + 1;
            continue;
        }
        str_addc(&out, '\n');
    }
    while (out.len && (unsigned char)out.data[out.len - 1] <= ' ')
        str_cut(&out, out.len - 1);
    str_addc(&out, '\n');
    char *filled = str_ok(&out) ? arena_strndup(arena, out.data, out.len) : NULL;
    str_release(&out);
    return filled;
}
