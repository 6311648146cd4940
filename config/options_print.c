/* What is written from the option table: the sample file and pengaduand.conf(5). */
#include "options.h"

#include <string.h>

/* Every line of a comment, each behind `lead`. */
static void print_comment(struct str *out, const char *lead, const char *comment)
{
    while (*comment != '\0') {
        size_t n = strcspn(comment, "\n");
        str_adds(out, lead);
        str_add(out, comment, n);
        str_addc(out, '\n');
        comment += n + (comment[n] == '\n');
    }
}

/* One line for each name in row->free. */
static void sample_free(struct str *out, const struct option *row)
{
    for (const char *name = row->free; *name != '\0';) {
        int n = (int)strcspn(name, " ");
        if (row->example != NULL)
            str_addf(out, ";%s%.*s = %s\n", row->key, n, name, row->example);
        else
            str_addf(out, ";%s%.*s = $%.*s\n", row->key, n, name, n, name);
        name += n + (name[n] == ' ');
    }
}

/* A line that begins with ';' is an option that may be switched on by removing the ';'. Prose begins with
 * '#'. */
static void sample_option(struct str *out, const struct option *row, bool section_given)
{
    bool given = section_given && row->required;
    const char *value = given || row->preset == NULL ? row->example : row->preset;
    str_addc(out, '\n');
    print_comment(out, "# ", row->comment);
    if (row->type == OPTION_CHOICE || row->type == OPTION_NUMBER) {
        str_adds(out, "# Isi: ");
        options_expected(row, out);
        str_adds(out, ".\n");
    }
    if (row->preset == NULL)
        str_adds(out, row->required ? "# Wajib diisi.\n" : "");
    if (row->free == NULL)
        str_addf(out, "%s%s = %s\n", given ? "" : ";", row->key, value);
    else
        sample_free(out, row);
}

void options_sample(struct str *out)
{
    size_t section_count, row_count;
    const struct option_section *sections = options_sections(&section_count);
    const struct option *rows = options_rows(&row_count);
    str_adds(out,
        "# Konfigurasi pengaduand. Penjelasan lengkap: man 5 pengaduand.conf\n"
        "# Baris yang diawali # adalah penjelasan. Baris yang diawali ; adalah pilihan dengan nilai bawaan "
        "atau\n"
        "# contohnya; hapus tanda ; untuk memakainya. Periksa dengan: pengaduand check -c BERKAS\n"
        "#\n"
        "# Rahasia sebaiknya tidak ditulis di sini: $NAMA diambil dari lingkungan atau kredensial systemd,\n"
        "# file:/jalur dari berkas itu. Rahasia yang ditulis langsung mengharuskan chmod 600 pada berkas "
        "ini.\n");
    for (size_t s = 0; s < section_count; s++) {
        str_addc(out, '\n');
        print_comment(out, "# ", sections[s].comment);
        str_addf(out, "%s[%s%s%s]\n", sections[s].optional ? ";" : "", sections[s].name,
            sections[s].example != NULL ? " " : "", sections[s].example != NULL ? sections[s].example : "");
        for (size_t r = 0; r < row_count; r++)
            if (strcmp(rows[r].section, sections[s].name) == 0)
                sample_option(out, &rows[r], !sections[s].optional);
    }
}

/* Text for man(7): a backslash is the escape character, '-' would become a hyphen, and a line must not begin
 * with the control characters '.' and '\''. */
static void man_text(struct str *out, const char *text)
{
    bool line_start = true;
    for (; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            str_adds(out, "\\&");
        line_start = *text == '\n';
        if (*text == '\\')
            str_adds(out, "\\e");
        else if (*text == '-')
            str_adds(out, "\\-");
        else
            str_addc(out, *text);
    }
}

static void man_option(struct str *out, const struct option *row)
{
    struct str expected;
    str_init(&expected, 512);
    options_expected(row, &expected);
    str_adds(out, ".TP\n.B ");
    man_text(out, row->key);
    if (row->free != NULL)
        str_adds(out, "\\fINAMA\\fR");
    str_addc(out, '\n');
    man_text(out, row->comment);
    str_adds(out, "\n.br\nIsi: ");
    man_text(out, expected.data);
    str_adds(out, ".\n");
    if (row->required) {
        str_adds(out, "Wajib diisi.\n");
    } else if (row->preset != NULL) {
        str_adds(out, "Bawaan: ");
        man_text(out, row->preset);
        str_adds(out, "\n");
    }
    if (!str_ok(&expected))
        out->failed = true;
    str_release(&expected);
}

static const char man_head[] =
    ".\\\" Dibuat dari tabel pilihan (config/options.c) dengan `make man`; jangan disunting di sini.\n"
    ".TH PENGADUAND.CONF 5 2026-11-22 pengaduand \"Buku Pengaduan\"\n"
    ".SH NAMA\npengaduand.conf \\- konfigurasi pengaduand\n"
    ".SH BENTUK\n"
    "Berkas teks UTF\\-8, paling besar 64 KiB. Bagian ditulis\n.BR [nama] ,\n"
    "isinya baris\n.BR \"kunci = nilai\" .\n"
    "Bagian yang boleh lebih dari satu diberi nama, misalnya\n.BR \"[mailbox kantor]\" ;\n"
    "nama itu paling panjang 32, dari huruf kecil a\\-z, angka, dan tanda hubung.\n"
    "Baris yang diawali # atau ; diabaikan. Komentar di belakang nilai tidak dikenal: semuanya bagian dari "
    "nilai.\n"
    ".PP\n"
    "Jalur yang tidak diawali garis miring dihitung dari folder berkas konfigurasi.\n"
    ".SS Rahasia\n"
    "Nilai\n.B $NAMA\n(huruf besar, angka, garis bawah) diambil dari lingkungan, atau dari kredensial "
    "systemd bernama NAMA\n"
    ".RI ( $CREDENTIALS_DIRECTORY/NAMA ).\n"
    "Nilai\n.B file:/jalur\ndiambil dari berkas itu tanpa akhir barisnya. Keduanya tidak pernah "
    "ditampilkan.\n"
    "Rahasia yang ditulis langsung hanya diterima bila berkas konfigurasi tidak dapat dibaca pengguna lain "
    "(chmod 600).\n";

static const char man_tail[] = ".SH MEMERIKSA\n"
                               ".B pengaduand check \\-c BERKAS\n"
                               "menyebut semua kesalahan sebagai\n.I berkas:baris: keterangan\n"
                               "dan selesai dengan kode 78 bila ada. Baris bertanda\n.B peringatan\ntidak "
                               "menghalangi pengaduand berjalan.\n"
                               "Setelah diubah, baca ulang dengan sinyal SIGHUP (systemctl reload).\n"
                               ".SH LIHAT JUGA\n"
                               ".BR pengaduand (1)\n";

void options_man(struct str *out)
{
    size_t section_count, row_count;
    const struct option_section *sections = options_sections(&section_count);
    const struct option *rows = options_rows(&row_count);
    str_adds(out, man_head);
    for (size_t s = 0; s < section_count; s++) {
        bool repeated = sections[s].example != NULL;
        str_addf(out, ".SH \"BAGIAN [%s%s]\"\n", sections[s].name, repeated ? " NAMA" : "");
        man_text(out, sections[s].comment);
        str_addc(out, '\n');
        for (size_t r = 0; r < row_count; r++)
            if (strcmp(rows[r].section, sections[s].name) == 0)
                man_option(out, &rows[r]);
    }
    str_adds(out, man_tail);
}
