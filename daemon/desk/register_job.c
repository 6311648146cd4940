#include "register_job.h"
#include "rules/words_date.h"

struct column {
    const char *label;
    int width;
    const char *type;
};

static const struct column sheet_columns[] = {{"Nomor", 17, "text"}, {"Diterima", 16, "moment"},
    {"Saluran", 12, "text"}, {"Jenis", 14, "text"}, {"Sifat", 10, "text"}, {"Nama", 22, "text"},
    {"Pekerjaan", 16, "text"}, {"Alamat", 26, "text"}, {"Perihal", 44, "text"}, {"Tempat", 18, "text"},
    {"Layanan", 18, "text"}, {"Seksi", 20, "text"}, {"Instruksi", 26, "text"}, {"Tindak lanjut", 36, "text"},
    {"Keadaan", 16, "text"}, {"Tenggat", 16, "moment"}, {"Dijawab", 16, "moment"}, {"Ditutup", 16, "moment"}};

static const struct column paper_columns[] = {{"Nomor", 15, "text"}, {"Tanggal", 9, "text"},
    {"Saluran", 9, "text"}, {"Nama dan pekerjaan", 14, "text"}, {"Alamat", 13, "text"},
    {"Isi aduan", 27, "text"}, {"Disposisi", 14, "text"}, {"Tindak lanjut", 18, "text"},
    {"Hasil", 12, "text"}, {"Dijawab", 9, "text"}, {"Paraf", 7, "text"}};

static json_t *columns_json(enum register_format format)
{
    bool sheet = format == REGISTER_SHEET;
    const struct column *columns = sheet ? sheet_columns : paper_columns;
    size_t count =
        sheet ? sizeof sheet_columns / sizeof *sheet_columns : sizeof paper_columns / sizeof *paper_columns;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:i, s:s}", "label", columns[i].label, "width",
                                        columns[i].width, "type", columns[i].type));
    return list;
}

enum outcome register_job_begin(struct str *job, struct book_txn *txn, const struct office *office,
    const struct register_job *what, struct arena *arena, struct fault *fault)
{
    char made[WORDS_DATE_SIZE];
    words_date_full(made, sizeof made, txn_now(txn), office->utc_offset_minutes);
    const struct print_look look = {.title = "Buku Pengaduan",
        .footer = arena_printf(arena, "Buku Pengaduan %s, dibuat %s", office->name, made),
        .sheet = "Buku Pengaduan",
        .wide = true};
    enum outcome outcome = print_job_begin(job, txn, office, &look, arena, fault);
    if (outcome)
        return outcome;
    print_job_words(job, "title", "Buku Pengaduan",
        arena_printf(arena, "%s, %lld catatan, dibuat %s", print_job_capital(what->scope, arena),
            (long long)what->count, made),
        NULL);
    print_job_add(job,
        json_pack("{s:s, s:o, s:I, s:[s, s, s]}", "block", "table", "columns", columns_json(what->format),
            "of", (json_int_t)what->count, "tallies", "Selesai", "dalam proses", "terlambat"));
    return OUTCOME_DONE;
}

enum outcome register_job_end(struct str *job, struct book_txn *txn, const struct office *office,
    const struct register_job *what, struct arena *arena, struct fault *fault)
{
    json_t *camat = NULL;
    enum outcome outcome = print_job_camat(txn, office, "Mengetahui,\nCamat", &camat, arena, fault);
    if (outcome)
        return outcome;
    const char *place = print_job_place(office, txn_now(txn), arena);
    print_job_add(job, json_pack("{s:s, s:[o, [s, s, s]]}", "block", "signature", "rows", camat,
                           arena_printf(arena, "%s\nPetugas pengaduan", place),
                           what->officer ? what->officer->name : "………………………", ""));
    print_job_end(job);
    return OUTCOME_DONE;
}

enum outcome register_job_fits(enum register_format format, int64_t count, struct fault *fault)
{
    if (format == REGISTER_PAPER && count > REGISTER_PAPER_MOST)
        return fault_set(fault, OUTCOME_NEVER,
            "Lebih dari 5.000 catatan, terlalu banyak untuk satu PDF. Persempit dengan tanggal, atau unduh "
            "XLSX atau CSV.",
            "more than %d rows for paper", REGISTER_PAPER_MOST);
    if (format == REGISTER_SHEET && count > REGISTER_SHEET_MOST)
        return fault_set(fault, OUTCOME_NEVER,
            "Lebih dari 100.000 catatan, terlalu banyak untuk satu XLSX. Persempit dengan tanggal, atau "
            "unduh CSV.",
            "more than %d rows for a spreadsheet", REGISTER_SHEET_MOST);
    return OUTCOME_DONE;
}
