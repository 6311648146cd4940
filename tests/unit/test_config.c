#include "config/config.h"
#include "config/options.h"
#include "daemon/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/pengaduand-config-XXXXXX";
static char path[64];

static void write_config(const char *text, mode_t mode)
{
    struct fault fault;
    assert_int_equal(file_write(path, text, strlen(text), mode, &fault), OUTCOME_DONE);
    assert_int_equal(chmod(path, mode), 0);
}

/* Problems without the folder in front: "x.conf:3: ...". */
static enum outcome load(struct config **config, const char *text, mode_t mode, char *out, size_t room)
{
    struct str problems;
    struct fault fault = {0};
    str_init(&problems, 65536);
    write_config(text, mode);
    *config = NULL;
    enum outcome outcome = config_load(config, path, &problems, &fault);
    size_t used = 0;
    for (char *line = strtok(problems.len > 0 ? problems.data : NULL, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        assert_true(strncmp(line, folder, strlen(folder)) == 0);
        used += (size_t)snprintf(out + used, room - used, "%s\n", line + strlen(folder) + 1);
        assert_true(used < room);
    }
    out[used] = '\0';
    str_release(&problems);
    return outcome;
}

#define OFFICE "[office]\nname = Kecamatan Uji\n"

static const struct {
    const char *text, *problems;
} wrong_files[] = {
    {"", "x.conf:1: [office] name: belum diisi; diharapkan satu baris teks, contoh Kecamatan Contoh\n"},
    {"# satu\n\n[office]\n; dua\nregion = Kabupaten\n",
        "x.conf:3: [office] name: belum diisi; diharapkan satu baris teks, contoh Kecamatan Contoh\n"},
    {OFFICE "[sever]\nlisten = x\n", "x.conf:3: bagian [sever] tidak dikenal; maksud Anda [server]?\n"},
    {OFFICE "[telegram]\n", "x.conf:3: bagian [telegram] tidak dikenal; yang ada: office, server, log, chat, "
                            "mailbox, smtp, oauth, gateway, website, open311, mqtt, webhook, backup\n"},
    {OFFICE "[server]\nlistn = 127.0.0.1:1\n",
        "x.conf:4: [server] listn: kunci tidak dikenal; maksud Anda \"listen\"?\n"},
    {OFFICE "[server]\nfrom = a@b.id\n",
        "x.conf:4: [server] from: kunci tidak dikenal; tempatnya di bagian [smtp]\n"},
    {OFFICE "[server]\nwarna = biru\n",
        "x.conf:4: [server] warna: kunci tidak dikenal; lihat man 5 pengaduand.conf\n"},
    {OFFICE "name = Lagi\n", "x.conf:3: [office] name: sudah diisi di baris 2; pakai satu saja\n"},
    {OFFICE "[log]\n[log]\nlevel = info\n", "x.conf:4: bagian ini sudah ada di baris 3; gabungkan isinya\n"},
    {OFFICE "[server\n", "x.conf:3: judul bagian salah; diharapkan [nama] dan tidak ada yang lain\n"},
    {OFFICE "[server] listen = 1\n",
        "x.conf:3: judul bagian salah; diharapkan [nama] dan tidak ada yang lain\n"},
    {OFFICE "[]\n", "x.conf:3: judul bagian salah; diharapkan [nama] dan tidak ada yang lain\n"},
    {"x = 1\ny = 2\n" OFFICE, "x.conf:1: kunci di luar bagian; diharapkan judul [bagian] di atasnya\n"},
    {OFFICE "[server]\nlisten\n", "x.conf:4: baris ini bukan \"kunci = nilai\"\n"},
    {OFFICE "[server]\nlisten\nreaders = 2\nidle_seconds", "x.conf:4: baris ini bukan \"kunci = nilai\"\n"
                                                           "x.conf:6: baris ini bukan \"kunci = nilai\"\n"},
    {OFFICE "[server]\nlisten =\n", "x.conf:4: [server] listen: kosong; isi nilainya atau hapus barisnya\n"},
    {OFFICE "[server]\nreaders = 9\n",
        "x.conf:4: [server] readers: tidak cocok; diharapkan angka 1 sampai 8 (utas)\n"},
    {OFFICE "[server]\nreaders = 2x\nconnections = -5\n",
        "x.conf:4: [server] readers: tidak cocok; diharapkan angka 1 sampai 8 (utas)\n"
        "x.conf:5: [server] connections: tidak cocok; diharapkan angka 8 sampai 65000 (sambungan)\n"},
    {OFFICE "[server]\nlisten = localhost\n",
        "x.conf:4: [server] listen: tidak cocok; diharapkan alamat IP dan "
        "port, contoh 127.0.0.1:8080, atau unix:/jalur/soket\n"},
    {OFFICE "[server]\nclamd = 192.0.2.1:3310\n",
        "x.conf:4: [server] clamd: harus di mesin ini; diharapkan unix:/jalur/soket atau 127.0.0.1:3310\n"},
    {OFFICE "[server]\nframe_origins = https://a.id https://b.id/halaman\n",
        "x.conf:4: [server] frame_origins: tidak cocok; diharapkan satu atau beberapa https://nama.situs, "
        "dipisahkan "
        "spasi\n"},
    {OFFICE "[server]\nframe_origins = https://a.id;script-src\n",
        "x.conf:4: [server] frame_origins: tidak cocok; diharapkan satu atau beberapa https://nama.situs, "
        "dipisahkan "
        "spasi\n"},
    {OFFICE "[server]\npublic_url = https://a.id/aduan\n",
        "x.conf:4: [server] public_url: tidak cocok; diharapkan https://nama.situs tanpa apa pun di "
        "belakangnya\n"},
    {OFFICE "[log]\nlevel = verbose\n",
        "x.conf:4: [log] level: tidak cocok; diharapkan salah satu dari: error, warn, info, debug\n"},
    {OFFICE "number_format = %03n/PGD\n", "x.conf:3: [office] number_format: tidak cocok; diharapkan "
                                          "pola dengan %n dan %Y, boleh juga %m dan %R\n"},
    {OFFICE "region = \xff\xfe\n", "x.conf:3: [office] region: bukan teks UTF-8 biasa\n"},
    {OFFICE "[mailbox]\n", "x.conf:3: bagian [mailbox] perlu nama, contoh [mailbox kantor]\n"},
    {OFFICE "[server utama]\n", "x.conf:3: bagian [server] tidak memakai nama; tulis [server] saja\n"},
    {OFFICE "[mailbox Kantor]\n", "x.conf:3: nama di [mailbox ...] hanya boleh huruf kecil, angka, dan "
                                  "tanda hubung, paling panjang 32\n"},
    {OFFICE "[mailbox a]\nuser = u\npassword = $PENGADUAND_TEST_SECRET\n[smtp]\nhost = h\nfrom = a@b.id\n",
        "x.conf:3: [mailbox a] host: belum diisi; diharapkan nama atau alamat server saja, tanpa "
        "https:// dan "
        "tanpa port, contoh imap.gmail.com\n"},
    {OFFICE "[smtp]\nhost = https://x\nfrom = a@b.id\n",
        "x.conf:4: [smtp] host: tidak cocok; diharapkan nama atau alamat server saja, tanpa https:// dan "
        "tanpa "
        "port\n"},
    {OFFICE "[smtp]\nhost = smtp.a.id\nfrom = a@b.id\ntls = tidak\nuser = u\n",
        "x.conf:6: [smtp] tls: no hanya boleh untuk server di mesin ini (localhost, 127.0.0.1, ::1); "
        "diharapkan "
        "yes\n"
        "x.conf:7: [smtp] user: diisi tanpa password; diharapkan keduanya atau tidak satu pun\n"},
    {OFFICE "[smtp]\nhost = h\nfrom = Kantor <a@b.id>\n",
        "x.conf:5: [smtp] from: tidak cocok; diharapkan satu alamat e-mail, contoh nama@contoh.id\n"},
    {OFFICE "[mqtt]\nhost = h\npassword = $PENGADUAND_TEST_ABSENT\nuser = u\n",
        "x.conf:5: [mqtt] password: rahasia $PENGADUAND_TEST_ABSENT tidak ada; isi variabel lingkungan "
        "itu atau "
        "kredensial systemd PENGADUAND_TEST_ABSENT\n"},
    {OFFICE "[mqtt]\nhost = h\npassword = file:/dev/null/none\nuser = u\n",
        "x.conf:5: [mqtt] password: berkas rahasia /dev/null/none tidak dapat dibaca\n"},
    {OFFICE "[website w]\nsecret = pendek\n",
        "x.conf:4: [website w] secret: tidak cocok; diharapkan $NAMA, "
        "file:/jalur, atau nilainya langsung, paling sedikit 16 karakter\n"},
    {OFFICE "[gateway wa]\nmapping = Fonnte\n", "x.conf:4: [gateway wa] mapping: tidak cocok; diharapkan "
                                                "nama pemetaan (huruf kecil, angka, tanda "
                                                "hubung), atau jalur dengan garis miring\n"},
    {OFFICE "[gateway wa]\nmapping = tidak-ada\n",
        "x.conf:4: [gateway wa] mapping: pemetaan bawaan itu tidak ada; diharapkan salah satu dari: "
        "evolution, "
        "fonnte, gowa, instagram, messenger, meta, telegram, twilio, wablas, waha, atau jalur dengan garis "
        "miring\n"},
    {OFFICE "[gateway wa]\nmapping = ./tidak-ada.json\n",
        "x.conf:4: [gateway wa] mapping: berkas itu tidak ada atau tidak dapat dibaca; diharapkan berkas "
        "pemetaan "
        "JSON\n"},
    {OFFICE "[gateway wa]\nmapping = fonnte\nset. = x\n",
        "x.conf:5: [gateway wa] set.: kunci tidak dikenal; lihat man 5 pengaduand.conf\n"},
};

static void every_problem_has_its_line_and_says_what_is_expected(void **state)
{
    (void)state;
    char got[4096];
    for (size_t i = 0; i < sizeof(wrong_files) / sizeof(wrong_files[0]); i++) {
        struct config *config;
        assert_int_equal(load(&config, wrong_files[i].text, 0600, got, sizeof(got)), OUTCOME_NEVER);
        assert_string_equal(got, wrong_files[i].problems);
    }
}

static void values_come_back_as_written(void **state)
{
    (void)state;
    struct config *config;
    char got[4096];
    const char *text = "\xef\xbb\xbf[office]\r\nname = Kecamatan Kedopok \r\n"
                       "[mailbox kantor]\nhost=127.0.0.1\n  tls : Tidak\nuser = a=b;c # d\n"
                       "password = p;#= \"x\n[mailbox cadangan]\nhost = imap.a.id\nuser = u\n"
                       "password = $PENGADUAND_TEST_SECRET\n"
                       "[gateway wa]\nmapping = ./x.conf\nset.base = http://127.0.0.1:3000\nsecret.KEY = s3\n"
                       "[smtp]\nhost = ::1\nfrom = a@b.id\n";
    assert_int_equal(load(&config, text, 0600, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(got, "");
    assert_string_equal(config_text(config, "office", NULL, "name"), "Kecamatan Kedopok");
    assert_string_equal(config_text(config, "mqtt", NULL, "office"), "kecamatan-kedopok");
    assert_int_equal(config_count(config, "mailbox"), 2);
    assert_string_equal(config_instance(config, "mailbox", 0), "kantor");
    assert_string_equal(config_instance(config, "mailbox", 1), "cadangan");
    assert_false(config_flag(config, "mailbox", "kantor", "tls"));
    assert_true(config_flag(config, "mailbox", "cadangan", "tls"));
    assert_string_equal(config_text(config, "mailbox", "kantor", "user"), "a=b;c # d");
    assert_string_equal(config_text(config, "mailbox", "kantor", "password"), "p;#= \"x");
    assert_string_equal(config_text(config, "mailbox", "cadangan", "password"), "rahasia-dari-lingkungan");
    assert_int_equal(config_number(config, "mailbox", "kantor", "max_bytes"), 36 << 20);
    assert_null(config_text(config, "mailbox", "kantor", "keyword"));
    assert_true(config_has(config, "smtp"));
    assert_false(config_has(config, "mqtt"));
    assert_string_equal(config_free_text(config, "gateway", "wa", "set.", "base"), "http://127.0.0.1:3000");
    assert_string_equal(config_free_text(config, "gateway", "wa", "secret.", "KEY"), "s3");
    assert_null(config_free_text(config, "gateway", "wa", "set.", "KEY"));
    char expected[128];
    snprintf(expected, sizeof(expected), "%s/x.conf", folder);
    assert_string_equal(config_text(config, "gateway", "wa", "mapping"), expected);
    snprintf(expected, sizeof(expected), "%s/data", folder);
    assert_string_equal(config_text(config, "server", NULL, "data"), expected);
    config_free(config);
}

static void an_address_for_links_is_made_of_where_it_listens(void **state)
{
    (void)state;
    static const struct {
        const char *listen, *url;
    } cases[] = {{"127.0.0.1:9", "http://127.0.0.1:9"}, {"[fe80::1]:9", "http://[fe80::1]:9"},
        {"0.0.0.0:9", "http://localhost:9"}, {"[::]:9", "http://localhost:9"},
        {"unix:/run/x.sock", "http://localhost"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config *config;
        char text[200], got[1000];
        snprintf(text, sizeof text, "[office]\nname = A\n[server]\nlisten = %s\n", cases[i].listen);
        assert_int_equal(load(&config, text, 0600, got, sizeof(got)), OUTCOME_DONE);
        assert_string_equal(config_text(config, "server", NULL, "public_url"), cases[i].url);
        config_free(config);
    }
}

static void without_a_file_there_are_defaults(void **state)
{
    (void)state;
    struct config *config;
    struct str problems;
    struct fault fault;
    str_init(&problems, 1024);
    assert_int_equal(config_load(&config, NULL, &problems, &fault), OUTCOME_DONE);
    assert_string_equal(problems.data, "");
    assert_null(config_path(config));
    assert_string_equal(config_text(config, "office", NULL, "name"), "Kecamatan");
    assert_string_equal(config_text(config, "mqtt", NULL, "office"), "kecamatan");
    const char *data = config_text(config, "server", NULL, "data");
    assert_true(data[0] == '/' && strlen(data) > 9);
    assert_string_equal(data + strlen(data) - 9, "/var/data");
    assert_string_equal(config_text(config, "server", NULL, "listen"), "127.0.0.1:8080");
    assert_string_equal(config_text(config, "server", NULL, "public_url"), "http://127.0.0.1:8080");
    assert_int_equal(config_count(config, "mailbox"), 0);
    assert_false(config_has(config, "smtp"));
    config_free(config);
    str_release(&problems);
}

static void a_missing_file_is_one_problem(void **state)
{
    (void)state;
    struct config *config;
    struct str problems;
    struct fault fault;
    str_init(&problems, 1024);
    assert_int_equal(config_load(&config, "/nonexistent/x.conf", &problems, &fault), OUTCOME_NEVER);
    assert_string_equal(problems.data, "/nonexistent/x.conf:1: berkas tidak ada atau tidak dapat dibaca\n");
    str_release(&problems);
}

static void mailbox_without_smtp_is_only_a_warning(void **state)
{
    (void)state;
    struct config *config;
    char got[1024];
    const char *text = OFFICE "[mailbox a]\nhost = h\nuser = u\npassword = p\n";
    assert_int_equal(load(&config, text, 0600, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(got,
        "x.conf:3: peringatan: [mailbox a] tanpa [smtp]: e-mail dicatat, tetapi jawabannya tidak "
        "dapat dikirim\n");
    config_free(config);
}

static void secret_in_clear_needs_a_private_file(void **state)
{
    (void)state;
    struct config *config;
    char got[1024];
    const char *text = OFFICE "[mqtt]\nhost = h\nuser = u\npassword = kata-sandi-rahasia\n";
    assert_int_equal(load(&config, text, 0600, got, sizeof(got)), OUTCOME_DONE);
    config_free(config);
    static const mode_t open_modes[] = {0640, 0604};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(load(&config, text, open_modes[i], got, sizeof(got)), OUTCOME_NEVER);
        assert_non_null(strstr(got, "x.conf:6: [mqtt] password: rahasia ditulis langsung"));
        assert_null(strstr(got, "kata-sandi"));
    }
    const char *reference = OFFICE "[mqtt]\nhost = h\nuser = u\npassword = $PENGADUAND_TEST_SECRET\n";
    assert_int_equal(load(&config, reference, 0644, got, sizeof(got)), OUTCOME_DONE);
    config_free(config);
}

static void secrets_come_from_files_and_credentials(void **state)
{
    (void)state;
    struct config *config;
    struct fault fault;
    char got[1024], secret[96];
    snprintf(secret, sizeof(secret), "%s/PENGADUAND_TEST_CREDENTIAL", folder);
    assert_int_equal(file_write(secret, "dari kredensial\n", 16, 0600, &fault), OUTCOME_DONE);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    const char *text = OFFICE "[mqtt]\nhost = h\nuser = u\npassword = $PENGADUAND_TEST_CREDENTIAL\n";
    assert_int_equal(load(&config, text, 0644, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(config_text(config, "mqtt", NULL, "password"), "dari kredensial");
    config_free(config);
    unsetenv("CREDENTIALS_DIRECTORY");
    text = OFFICE "[mqtt]\nhost = h\nuser = u\npassword = file:PENGADUAND_TEST_CREDENTIAL\n";
    assert_int_equal(load(&config, text, 0644, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(config_text(config, "mqtt", NULL, "password"), "dari kredensial");
    config_free(config);
    unlink(secret);
}

static void no_value_ever_stands_in_a_problem(void **state)
{
    (void)state;
    size_t count;
    const struct option *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        /* Wrong for every type that can be wrong; references that cannot be followed name themselves only. */
        char text[512], got[8192];
        struct config *config = NULL;
        bool repeated = options_find_section(rows[i].section)->example != NULL;
        snprintf(text, sizeof(text), "[%s%s]\n%s%s = \x01zanzibar zanzibar@@://#\n", rows[i].section,
            repeated ? " a" : "", rows[i].key, rows[i].free != NULL ? "x" : "");
        assert_int_equal(load(&config, text, 0600, got, sizeof(got)), OUTCOME_NEVER);
        assert_non_null(strstr(got, "x.conf:2: "));
        assert_null(strstr(got, "zanzibar"));
    }
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    struct config *config;
    char got[32768];
    struct str text;
    str_init(&text, 1 << 20);
    str_adds(&text, OFFICE "[server]\nlisten = ");
    for (int i = 0; i < 2000; i++)
        str_addc(&text, '1');
    str_adds(&text, "\nreaders = 3\n");
    assert_int_equal(load(&config, text.data, 0600, got, sizeof(got)), OUTCOME_NEVER);
    assert_string_equal(got, "x.conf:4: baris terlalu panjang, paling banyak 1000 bita\n");

    str_clear(&text);
    str_adds(&text, OFFICE "[gateway wa]\nmapping = fonnte\n");
    for (int i = 0; i < 250; i++)
        str_addf(&text, "set.k%d = x\n", i);
    assert_int_equal(load(&config, text.data, 0600, got, sizeof(got)), OUTCOME_NEVER);
    assert_string_equal(got, "x.conf:204: satu bagian paling banyak berisi 200 kunci\n");

    str_clear(&text);
    str_adds(&text, OFFICE);
    for (int i = 0; i < 40; i++)
        str_addf(&text, "[gateway g%d]\nmapping = fonnte\n", i);
    assert_int_equal(load(&config, text.data, 0600, got, sizeof(got)), OUTCOME_NEVER);
    assert_non_null(strstr(got, "x.conf:67: bagian [gateway ...] paling banyak 32\n"));

    str_clear(&text);
    str_adds(&text, OFFICE);
    for (int i = 0; i < 200; i++)
        str_addf(&text, "salah%d = 1\n", i);
    assert_int_equal(load(&config, text.data, 0600, got, sizeof(got)), OUTCOME_NEVER);
    assert_non_null(strstr(got, "x.conf:52: terlalu banyak kesalahan, selebihnya tidak ditampilkan\n"));
    assert_null(strstr(got, "x.conf:53:"));

    str_clear(&text);
    while (text.len <= 65536)
        str_adds(&text, "# komentar\n");
    assert_int_equal(load(&config, text.data, 0600, got, sizeof(got)), OUTCOME_NEVER);
    assert_string_equal(got, "x.conf:1: berkas terlalu besar, paling banyak 65536 bita\n");
    str_release(&text);
}

static void binary_file_is_refused(void **state)
{
    (void)state;
    static const char binary[] = "[office]\nname = x\0y\n";
    struct config *config;
    struct str problems;
    struct fault fault;
    str_init(&problems, 1024);
    assert_int_equal(file_write(path, binary, sizeof(binary) - 1, 0600, &fault), OUTCOME_DONE);
    assert_int_equal(config_load(&config, path, &problems, &fault), OUTCOME_NEVER);
    assert_non_null(strstr(problems.data, "x.conf:2: ini bukan berkas teks\n"));
    str_release(&problems);
}

/* Switches every option of the sample on, as its head tells people to do. */
static void uncomment(char *text)
{
    char *out = text;
    bool line_start = true;
    for (char *in = text; *in != '\0'; in++) {
        if (!(line_start && *in == ';'))
            *out++ = *in;
        line_start = *in == '\n';
    }
    *out = '\0';
}

static void sample_loads_as_it_is_and_with_everything_switched_on(void **state)
{
    (void)state;
    static const char *const names[] = {"MAILBOX_PASSWORD", "SMTP_PASSWORD", "GATEWAY_TOKEN", "FONNTE_TOKEN",
        "WEBSITE_SECRET", "MQTT_PASSWORD", "BACKUP_KEY", "OAUTH_CLIENT_SECRET", "OAUTH_REFRESH_TOKEN",
        "OPEN311_KEY"};
    struct config *config;
    struct str sample;
    char got[8192];
    str_init(&sample, 65536);
    config_sample(&sample);
    assert_true(str_ok(&sample));
    assert_int_equal(load(&config, sample.data, 0644, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(got, "");
    assert_false(config_has(config, "smtp"));
    config_free(config);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        setenv(names[i], "rahasia-yang-cukup-panjang", 1);
    uncomment(sample.data);
    assert_int_equal(load(&config, sample.data, 0644, got, sizeof(got)), OUTCOME_DONE);
    assert_string_equal(got, "");
    size_t count;
    const struct option *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const char *instance = options_find_section(rows[i].section)->example;
        char name[32];
        snprintf(name, sizeof name, "%s", rows[i].free != NULL ? rows[i].free : "");
        name[strcspn(name, " ")] = '\0';
        if (rows[i].free != NULL)
            assert_non_null(config_free_text(config, rows[i].section, instance, rows[i].key, name));
        else
            assert_non_null(config_text(config, rows[i].section, instance, rows[i].key));
    }
    config_free(config);
    str_release(&sample);
}

static void same_as_file(const char *name, void (*print)(struct str *out))
{
    struct str made;
    struct fault fault;
    char *kept;
    str_init(&made, 262144);
    print(&made);
    assert_int_equal(file_read(name, 262144, &kept, NULL, &fault), OUTCOME_DONE);
    assert_string_equal(made.data, kept); /* differs: make sample man */
    free(kept);
    str_release(&made);
}

static void committed_sample_and_man_page_are_of_this_table(void **state)
{
    (void)state;
    same_as_file("config/pengaduand.conf.sample", config_sample);
    same_as_file("config/pengaduand.conf.5", options_man);
}

static void every_row_belongs_to_a_section_and_shows_a_value(void **state)
{
    (void)state;
    size_t count;
    const struct option *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(options_find_section(rows[i].section));
        assert_true(rows[i].preset != NULL || rows[i].example != NULL || rows[i].free != NULL);
        assert_ptr_equal(options_find(rows[i].section, rows[i].key), rows[i].free == NULL ? &rows[i] : NULL);
    }
}

static int open_folder(void **state)
{
    (void)state;
    setenv("PENGADUAND_TEST_SECRET", "rahasia-dari-lingkungan", 1);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/x.conf", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_has_its_line_and_says_what_is_expected),
        cmocka_unit_test(values_come_back_as_written),
        cmocka_unit_test(an_address_for_links_is_made_of_where_it_listens),
        cmocka_unit_test(without_a_file_there_are_defaults),
        cmocka_unit_test(a_missing_file_is_one_problem),
        cmocka_unit_test(mailbox_without_smtp_is_only_a_warning),
        cmocka_unit_test(secret_in_clear_needs_a_private_file),
        cmocka_unit_test(secrets_come_from_files_and_credentials),
        cmocka_unit_test(no_value_ever_stands_in_a_problem),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(binary_file_is_refused),
        cmocka_unit_test(sample_loads_as_it_is_and_with_everything_switched_on),
        cmocka_unit_test(committed_sample_and_man_page_are_of_this_table),
        cmocka_unit_test(every_row_belongs_to_a_section_and_shows_a_value),
    };
    return cmocka_run_group_tests(tests, open_folder, remove_folder);
}
