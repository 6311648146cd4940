/* Lists from spreadsheets, and what the columns of SP4N-LAPOR! hold. */
#include "fuzz.h"
#include "rules/csv.h"
#include "rules/lapor.h"
#include "rules/workday.h"

static void check_field(const char *text)
{
    char number[LAPOR_NUMBER_SIZE];
    int32_t day;
    size_t n = strlen(text);
    require(n <= CSV_FIELD && fuzz_is_utf8(text, n));
    require(!n || (!strchr(" \t\n", text[0]) && !strchr(" \t\n", text[n - 1])));
    for (const char *p = text; *p; p++)
        require((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t');
    if (lapor_number(text, number))
        require(strspn(number, "0123456789") == strlen(number) && strlen(number) >= 4);
    if (lapor_date(text, &day)) {
        int year, month, of_month;
        workday_to_date(day, &year, &month, &of_month);
        require(month >= 1 && month <= 12 && of_month >= 1 && of_month <= 31);
    }
    int column = lapor_column(text);
    require(column >= -1 && column < LAPOR_COLUMNS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char problem[CSV_PROBLEM];
    struct csv csv;
    struct arena *arena = arena_new(64 << 20);
    require(arena != NULL);
    memset(problem, 'x', sizeof problem);
    if (!csv_read(data, size, &csv, problem, arena)) {
        require(memchr(problem, 0, sizeof problem) && fuzz_is_utf8_text(problem));
        arena_free(arena);
        return 0;
    }
    require(csv.count && csv.count <= CSV_ROWS && csv.columns && csv.columns <= CSV_COLUMNS);
    require(!memchr(csv.text, 0, csv.size) && fuzz_is_utf8(csv.text, csv.size));
    for (size_t r = 0; r < csv.count; r++) {
        const struct csv_row *row = &csv.rows[r];
        require(row->source >= csv.text && row->source + row->source_size <= csv.text + csv.size);
        require(row->line >= 1 && (!r || row->line > row[-1].line));
        for (size_t c = 0; c < csv.columns; c++)
            check_field(row->fields[c]);
    }
    arena_free(arena);
    return 0;
}
