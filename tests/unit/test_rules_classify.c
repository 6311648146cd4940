#include "daemon/desk/classify_source.h"
#include "rules/classify.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char small[] =
    "[singkatan]\n"
    "tidak = gk, gak\n"
    "jalan = jln\n"
    "[kelas sangkalan]\n"
    "tidak, bukan\n"
    "[kelas uang]\n"
    "uang, duit, #\n"
    "[kata suap, tanpa sangkalan]\n"
    "4: pungli, minta|tarik ~ <uang>\n"
    "[kata tanya]\n"
    "2: kapan, ?\n"
    "[kata masalah]\n"
    "rusak, mati, dibongkar\n"
    "[tempat Sumber Wetan]\n"
    "sumber wetan\n"
    "[tempat Lajuk]\n"
    "=lajuk\n"
    "[layanan jalan di seksi_bangun]\n"
    "3: jalan rusak, aspal, lapor jalan\n"
    "2: jalan, sampah\n"
    "[layanan surat di seksi_layan]\n"
    "3: surat, administrasi\n"
    "2: urus\n"
    "[layanan lain di umum]\n"
    "[aturan]\n"
    "jika suap dan bukan saluran=kotak_saran maka jenis=pengawasan, seksi=sekcam karena ada uang\n"
    "jika tanya>masalah dan tanya>=2 maka jenis=informasi\n"
    "jika pengirim=*@bos.example maka tanda=bos, prioritas=tinggi\n"
    "jika tempat=Lajuk dan layanan=surat maka seksi=desa\n"
    "jika panjang<=1 maka jenis=pendek\n"
    "jika selalu maka jenis=pengaduan\n";

static struct arena *arena;
static struct classify_rules *rules;

static struct classify_rules *parse(const char *text, struct str *problems)
{
    struct classify_rules *made = NULL;
    struct fault fault = {0};
    str_init(problems, 4096);
    enum outcome outcome = classify_rules_parse(&made, "uji", text, strlen(text), problems, &fault);
    assert_true((outcome == OUTCOME_DONE) == (made != NULL));
    assert_true((outcome == OUTCOME_DONE) == (problems->len == 0));
    return made;
}

static int begin(void **state)
{
    struct str problems;
    (void)state;
    arena = arena_new(8 << 20);
    rules = parse(small, &problems);
    if (!rules)
        print_error("%s", problems.data);
    str_release(&problems);
    return rules ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    classify_rules_free(rules);
    arena_free(arena);
    return 0;
}

static struct classify_verdict judge_from(const char *channel, const char *sender, const char *text)
{
    struct classify_verdict v;
    struct classify_facts facts = {.channel = channel, .sender = sender, .text = text, .size = strlen(text)};
    assert_int_equal(classify(rules, &facts, &v, arena, NULL), OUTCOME_DONE);
    assert_non_null(v.kind);
    assert_non_null(v.service);
    assert_non_null(v.section);
    return v;
}

static struct classify_verdict judge(const char *text)
{
    return judge_from("whatsapp", NULL, text);
}

static void words_are_met_by_stem_abbreviation_and_error(void **state)
{
    static const struct {
        const char *text, *service;
    } cases[] = {{"Surat saya", "surat"}, {"suratnya", "surat"}, {"persuratan", "surat"}, {"surt", "surat"},
        {"srt", "surat"}, {"admnistrasi", "surat"}, {"administarsi", "surat"}, {"ngurus", "surat"},
        {"pengurusan", "surat"}, {"urus2", "surat"}, {"JLN RUSAAAK!!", "jalan"}, {"jln", "jalan"},
        {"smph", "jalan"}, {"aspalx", "jalan"}, {"aspale", "jalan"}, {"pengaspalan", "jalan"},
        {"\xc3\xa0spal", "jalan"}, {"suka", "lain"}, {"srtx", "lain"}, {"", "lain"},
        {"\xff\xfe\x80", "lain"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct classify_verdict v = judge(cases[i].text);
        if (strcmp(v.service, cases[i].service) != 0)
            fail_msg("\"%s\" is %s, expected %s", cases[i].text, v.service, cases[i].service);
    }
}

static void a_word_with_affixes_stands_for_itself_alone(void **state)
{
    (void)state;
    assert_string_equal(judge("bongkar kapan").kind, "informasi");
    assert_string_equal(judge("dibongkar, mati, rusak kapan").kind, "pengaduan");
}

static void terms_stand_in_one_sentence_with_small_gaps(void **state)
{
    static const struct {
        const char *text, *kind;
    } cases[] = {{"petugas minta uang", "pengawasan"}, {"petugas minta saya bawa uang", "pengawasan"},
        {"diminta 50rb", "pengawasan"}, {"diminta Rp3.450.000,00", "pengawasan"},
        {"minta maaf. uang saya hilang", "pengaduan"}, {"uang diminta", "pengaduan"},
        {"minta a b c d e f g h uang", "pengaduan"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(judge(cases[i].text).kind, cases[i].kind) != 0)
            fail_msg("\"%s\" is %s, expected %s", cases[i].text, judge(cases[i].text).kind, cases[i].kind);
}

static void what_is_denied_is_not_counted(void **state)
{
    (void)state;
    assert_string_equal(judge("ada pungli di sini").kind, "pengawasan");
    assert_string_equal(judge("gak ada pungli di sini").kind, "pengaduan");
    assert_string_equal(judge("tidak lama. ada pungli di sini").kind, "pengawasan");
    assert_string_equal(judge("tidak pernah ada yang bilang pungli").kind, "pengawasan"); /* too far away */
}

static void the_first_rule_that_fits_decides(void **state)
{
    (void)state;
    struct classify_verdict v = judge("jalan rusak, kapan? pak RT minta uang");
    assert_string_equal(v.kind, "pengawasan");
    assert_string_equal(v.section, "sekcam");
    assert_string_equal(v.service, "jalan");
    assert_string_equal(judge_from("kotak_saran", NULL, "minta uang").kind, "pengaduan");
    assert_string_equal(judge("kapan jalan diaspal?").kind, "informasi");
    assert_string_equal(judge("hm").kind, "pendek");
    v = judge_from("email", "siti@bos.example", "surat dari Lajuk");
    assert_string_equal(v.priority, "tinggi");
    assert_int_equal(v.tag_count, 1);
    assert_string_equal(v.section, "desa");
    assert_string_equal(v.place, "Lajuk");
    v = judge_from("email", "siti@x.example", "jalan di sumber wetan dan Lajuk");
    assert_null(v.priority);
    assert_string_equal(v.place, "Sumber Wetan");
    assert_string_equal(v.section, "seksi_bangun");
}

static void reasons_are_the_citizens_words(void **state)
{
    (void)state;
    struct classify_verdict v = judge("Pak Budi minta ke Bu Tin uang, jln rusak");
    assert_int_equal(v.reason_count, 2);
    assert_string_equal(
        v.reasons[0], "jenis pengawasan, seksi sekcam: ada uang (\"minta \xe2\x80\xa6 uang\")");
    assert_string_equal(v.reasons[1], "layanan jalan: \"jln rusak\", \"jln\"");
    assert_true(v.confidence > 50 && v.confidence <= 98);
}

static void what_the_citizen_chose_stands(void **state)
{
    (void)state;
    struct classify_verdict v;
    struct classify_facts facts = {.service = "surat", .kind = "aspirasi", .text = "jalan rusak", .size = 11};
    assert_int_equal(classify(rules, &facts, &v, arena, NULL), OUTCOME_DONE);
    assert_string_equal(v.service, "surat");
    assert_string_equal(v.kind, "aspirasi");
    assert_string_equal(v.section, "seksi_layan");
    facts.service = "lain"; /* of last resort: no choice */
    assert_int_equal(classify(rules, &facts, &v, arena, NULL), OUTCOME_DONE);
    assert_string_equal(v.service, "jalan");
    facts.service = "tidak_ada";
    assert_int_equal(classify(rules, &facts, &v, arena, NULL), OUTCOME_DONE);
    assert_string_equal(v.service, "jalan");
}

static void every_mistake_in_a_rule_file_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {{"", "uji:0: tidak ada satu pun [layanan KUNCI di SEKSI]\n"},
        {"apa\n[layanan a di b]\n", "uji:1: baris ini tidak berada di bagian mana pun\n"},
        {"[layanan a]\n", "uji:1: diharapkan [layanan KUNCI di SEKSI]\n"},
        {"[layanan a di b]\n[bagian]\n", "uji:2: bagian ini tidak dikenal: \"[bagian]\"\n"},
        {"[layanan a di b]\nx: y\n",
            "uji:2: di depan titik dua diharapkan nilai, misalnya 3:, bukan \"x\"\n"},
        {"[layanan a di b]\n[kata c]\nd.e\n", "uji:3: ini bukan satu kata \"d.e\"\n"},
        {"[layanan a di b]\n[kata c]\n<d>\n", "uji:3: kelas ini belum ditulis di atas \"d\"\n"},
        {"[layanan a di b]\n[kata c]\na b c d e f g\n",
            "uji:3: istilah ini terlalu panjang: \"a b c d e f g\"\n"},
        {"[layanan a di b]\n[kata c]\n[kata c]\n", "uji:3: nama ini sudah dipakai: \"c\"\n"},
        {"[layanan a di b]\n[aturan]\njika c\n", "uji:3: diharapkan: jika ... maka ...\n"},
        {"[layanan a di b]\n[aturan]\njika c maka jenis=d\n",
            "uji:3: tidak ada kelompok kata bernama \"c\"\n"},
        {"[layanan a di b]\n[aturan]\njika selalu maka layanan=d\n",
            "uji:3: tidak ada layanan bernama \"d\"\n"},
        {"[layanan a di b]\n[aturan]\njika selalu maka tempat=d\n",
            "uji:3: ini tidak dapat diputuskan oleh aturan: \"tempat\"\n"},
        {"[layanan a di b]\n[aturan]\njika selalu maka mendesak=x\n",
            "uji:3: mendesak hanya boleh ya atau tidak, bukan \"x\"\n"},
        {"[layanan a di b]\n[aturan]\njika warna=d maka jenis=e\n",
            "uji:3: keterangan ini tidak dikenal: \"warna\"\n"},
        {"[layanan a di b]\n[kata c]\nd\n[aturan]\njika c>=x maka jenis=e\n",
            "uji:5: di belakang >= diharapkan angka, bukan \"x\"\n"},
        {"[layanan a di b]\n[singkatan]\nc\n", "uji:3: diharapkan kata = singkatan, singkatan\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str problems;
        struct classify_rules *made = parse(cases[i].text, &problems);
        assert_string_equal(problems.data, cases[i].problem);
        classify_rules_free(made);
        str_release(&problems);
    }
}

static void the_shipped_rules_have_no_mistake(void **state)
{
    (void)state;
    struct classify_rules *shipped = NULL;
    struct str problems;
    str_init(&problems, 4096);
    enum outcome outcome = classify_source_read(&shipped, NULL, NULL, &problems, NULL);
    assert_string_equal(problems.data, "");
    assert_int_equal(outcome, OUTCOME_DONE);
    classify_rules_free(shipped);
    assert_int_equal(
        classify_source_read(&shipped, NULL, "/nonexistent/rules.conf", &problems, NULL), OUTCOME_LATER);
    assert_string_equal(
        problems.data, "/nonexistent/rules.conf:1: berkas ini tidak dapat dibaca atau terlalu besar\n");
    str_release(&problems);
}

static void a_text_without_end_is_cut(void **state)
{
    (void)state;
    enum { LONG = 300000 };
    char *text = malloc(LONG + 1);
    for (size_t i = 0; i < LONG; i++)
        text[i] = "jalan rusak "[i % 12];
    text[LONG] = 0;
    assert_string_equal(judge(text).service, "jalan");
    memset(text, 'x', LONG);
    assert_string_equal(judge(text).service, "lain");
    memset(text, '?', LONG);
    assert_string_equal(judge(text).kind, "informasi");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_met_by_stem_abbreviation_and_error),
        cmocka_unit_test(a_word_with_affixes_stands_for_itself_alone),
        cmocka_unit_test(terms_stand_in_one_sentence_with_small_gaps),
        cmocka_unit_test(what_is_denied_is_not_counted),
        cmocka_unit_test(the_first_rule_that_fits_decides),
        cmocka_unit_test(reasons_are_the_citizens_words),
        cmocka_unit_test(what_the_citizen_chose_stands),
        cmocka_unit_test(every_mistake_in_a_rule_file_is_named_with_its_line),
        cmocka_unit_test(the_shipped_rules_have_no_mistake),
        cmocka_unit_test(a_text_without_end_is_cut),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
