/* Cutting a line into words, and the word lists. The lists hold spellings as people type them on telephones. */
#include "chat_private.h"
#include "near_word.h"
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum {
    TABLE_SIZE = 4093, /* a prime, three times the words there are */
    DECISIVE_MOST = 512,
    MISSPELT_LEAST = 5, /* letters; a shorter word may as well be another */
};

static_assert(CHAT_SETS <= 32, "a word's sets are bits");

static void look_up(struct chat_word *word, char mark);

/* ---- cutting ---- */

static bool in_word(unsigned char c)
{
    /* 0xc3..0xcf begins a two-byte letter (é); emoji and typographic marks are longer. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c >= 0xc3 && c <= 0xcf);
}

/* Length of the character of a word at p, 0 = none. A dash or apostrophe between two letters belongs to the word. */
static size_t word_char(const char *text, const char *p)
{
    unsigned char c = (unsigned char)*p;
    if (c >= 0xc3 && c <= 0xcf)
        return ((unsigned char)p[1] & 0xc0) == 0x80 ? 2 : 0;
    if (in_word(c))
        return 1;
    bool joins = (c == '-' || c == '\'') && p > text && in_word((unsigned char)p[-1]);
    return joins && in_word((unsigned char)p[1]) ? 1 : 0;
}

static void add_char(struct chat_word *word, size_t *n, const char *p, size_t size)
{
    char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    bool letter = c >= 'a' && c <= 'z';
    /* "haloooo": a letter that comes the third time in a row says nothing new; "terimaaa" then has two. */
    if (size == 1 && letter && *n >= 2 && word->text[*n - 1] == c && word->text[*n - 2] == c)
        return;
    if (*n + size >= CHAT_WORD_SIZE)
        return;
    memcpy(word->text + *n, size == 1 ? &c : p, size);
    *n += size;
}

/* Two equal letters at the end of a drawn-out word become one: "halooo", "pakkk". */
static void shorten_end(struct chat_word *word, size_t n, bool drawn)
{
    if (drawn && n >= 3 && word->text[n - 1] == word->text[n - 2])
        word->text[n - 1] = 0;
}

static char stronger(char a, char b)
{
    static const char order[] = " /:,;.!?\n";
    const char *x = strchr(order, a), *y = strchr(order, b);
    return y > x ? b : a;
}

static size_t cut_word(struct chat_word *word, const char *text, const char *p)
{
    size_t n = 0, size, used = 0;
    *word = (struct chat_word){.from = (size_t)(p - text), .after = ' '};
    for (; (size = word_char(text, p + used)) > 0; used += size)
        add_char(word, &n, p + used, size);
    word->to = word->from + used;
    shorten_end(word, n, used > n);
    look_up(word, p[used]);
    return used;
}

/* "nama - Budi", "alamat = Porong" */
static bool is_label(const struct chat_word *word)
{
    return chat_in(CHAT_SET_LABEL, word);
}

/* One star at one end; a pair is bold type. */
static bool is_starred(const char *text)
{
    const char *star = strchr(text, '*');
    return star && star[1] != ' ' && !strchr(star + 1, '*') && (star == text || !star[1]);
}

void chat_cut(struct chat_line *line, const char *text)
{
    static const char marks[] = "/:,;.!?\n";
    const char *p = text;
    line->text = text;
    line->count = 0;
    while (*p && line->count < CHAT_WORDS_MOST) {
        if (word_char(text, p))
            p += cut_word(&line->words[line->count++], text, p);
        else {
            if (line->count && strchr(marks, *p))
                line->words[line->count - 1].after = stronger(line->words[line->count - 1].after, *p);
            else if (line->count && (*p == '-' || *p == '=') && is_label(&line->words[line->count - 1]))
                line->words[line->count - 1].after = stronger(line->words[line->count - 1].after, ':');
            p++;
        }
    }
    line->whole = !*p;
    line->starred = is_starred(text);
    if (line->count && line->words[line->count - 1].after != '?')
        line->words[line->count - 1].after = '\n';
}

bool chat_copy(const struct chat_line *line, size_t from, size_t to, char out[CHAT_VALUE_SIZE])
{
    *out = 0;
    if (from >= to)
        return false;
    size_t begin = line->words[from].from, end = line->words[to - 1].to, n = 0;
    for (size_t i = begin; i < end; i++) {
        unsigned char c = (unsigned char)line->text[i];
        bool space = c <= ' ';
        if (space && n && out[n - 1] == ' ')
            continue;
        if (n + 1 >= CHAT_VALUE_SIZE)
            return *out = 0, false;
        out[n++] = space ? ' ' : (char)c;
    }
    out[n] = 0;
    return true;
}

/* ---- the lists ---- */

#define WORDS(name, ...) static const char *const name[] = {__VA_ARGS__, NULL}

WORDS(greeting, "halo", "hallo", "hallow", "helo", "hello", "hai", "hay", "hi", "hy", "hey", "hei", "p",
    "ping", "tes", "test", "tess", "permisi", "permisii", "misi", "punten", "pagi", "siang", "sore", "malam",
    "malem", "selamat", "slamat", "met", "salam", "wr", "wb", "warahmatullahi", "wabarakatuh", "wabarokatuh",
    "warohmatullahi", "kulonuwun", "nuwun", "sewu", "sugeng", "enjing", "enjang", "siyang", "sonten", "dalu",
    "shalom", "swastiastu", "sampurasun", "om", "ass", "as", "askum", "aslm", "asalam", "mikum",
    "waalaikumsalam", "walaikumsalam", "waalaikum", "walaikum", "alaikum", "hadir");
WORDS(address, "pak", "bapak", "bpk", "bp", "pk", "bu", "ibu", "buk", "min", "mimin", "admin", "kak", "kakak",
    "ka", "mas", "mbak", "mba", "bang", "gan", "bos", "boss", "bosku", "ndan", "komandan", "cak", "ning",
    "dik", "dek", "gus", "pakde", "bude", "paklik", "sodara", "saudara", "petugas", "sekcam", "camat", "tim",
    "warga", "mbok", "mbah", "kang", "yu", "lik", "wak", "mbakyu", "nyai", "abah", "umi", "ustadz", "pakdhe",
    "budhe", "bulik", "uwak", "mang", "tante", "ny", "nyonya", "tn", "sdr", "sdri");
WORDS(wish, "mau", "mo", "ingin", "pengen", "pingin", "kepingin", "hendak", "minta", "tolong", "tlg", "bantu",
    "bantuan", "dibantu", "bisa", "bs", "boleh", "lapor", "melapor", "laporan", "melaporkan", "laporkan",
    "ngelapor", "nglapor", "lapur", "ngadu", "mengadu", "mengadukan", "aduan", "pengaduan", "tanya",
    "bertanya", "nanya", "tanyak", "nanyak", "takon", "keluhan", "mengeluh", "ada", "mohon", "izin", "ijin",
    "menyampaikan", "sampaikan", "nyampaikan", "sesuatu", "di", "disini", "sini", "sni", "nomor", "no", "wa",
    "apa", "apakah", "betul", "benar", "ini", "yang", "yg", "untuk", "utk", "buat", "ajeng", "badhe", "arep",
    "kate", "nyuwun", "matur", "laporane", "wadul", "terima", "nerima", "layanan", "masalah", "hal",
    "sedikit", "bentar", "sebentar", "ke", "dengan", "dgn", "sama", "kecamatan", "kedopok", "porong", "bade",
    "nedha", "atur", "pertanyaan", "info", "informasi", "bsa", "bsakah", "sm", "ama");
WORDS(thanks, "sanget", "sangat", "banget", "bgt", "sekali", "pisan", "onggu", "terima", "terimakasih",
    "kasih", "trimakasih", "trimaksih", "makasih", "makasi", "mksh", "makasiih", "trims", "trim", "thx", "tq",
    "tks", "thanks", "thank", "you", "suwun", "matur", "nuwun", "maturnuwun", "matursuwun", "sakalangkong",
    "kalangkong", "mator", "syukron", "jazakallah", "banyak", "sekali", "bgt", "banget", "atas", "infonya",
    "bantuannya", "informasinya", "perhatiannya", "responnya", "responsnya", "sebelumnya", "sami-sami",
    "sama-sama", "barokallah", "alhamdulillah", "alhamdulilah", "semoga", "sehat", "selalu", "sukses",
    "kerjasamanya", "sae", "hatur", "mantap", "mantab", "jos", "keren", "hebat", "top");
WORDS(yes, "ok", "oke", "okey", "okay", "okee", "k", "baik", "baiklah", "siap", "siapp", "sip", "siip", "iya",
    "iyaa", "ya", "yaa", "y", "yup", "yoi", "mantap", "mantab", "noted", "nggih", "inggih", "nggeh", "enggi",
    "engghi", "monggo", "jos", "joss", "betul", "benar", "bener", "paham", "mengerti", "good", "sudah",
    "udah", "udh", "sdh", "tunggu", "ditunggu", "saya");
WORDS(particle, "mawon", "ya", "yo", "yaa", "yah", "dong", "donk", "deh", "sih", "nih", "ni", "lah", "kah",
    "aja", "saja", "ae", "wae", "lho", "loh", "lo", "kok", "toh", "to", "tah", "eh", "oh", "hm", "hmm", "anu",
    "maaf", "sorry", "sori", "mf", "ngapunten", "ngapuntene", "nyuwun", "sepurane", "oalah", "nah", "jadi",
    "dulu", "dl", "kan", "itu", "ini", "juga", "jg", "lagi", "lg", "gitu", "ini", "wes", "wis", "udah", "udh",
    "sudah", "sdh", "ok", "oke", "baik", "baiklah", "iya", "nggih", "inggih", "semua", "semuanya", "nya");
WORDS(self, "saya", "sy", "sya", "aku", "ak", "aq", "gua", "gue", "gw", "kami", "kita", "kulo", "kula",
    "kawula", "kaule", "kaula", "tang", "engkok", "sengkok", "bule", "bula", "ulun", "ane", "ku");
WORDS(negation, "tidak", "tdk", "tak", "gak", "ga", "gk", "g", "nggak", "ngga", "enggak", "engga", "ngak",
    "ndak", "dak", "nda", "ndk", "ora", "gausah", "gakusah", "gaperlu", "mboten", "boten", "jangan", "jgn",
    "jangn", "ojo", "jhe", "bunten", "tanpa", "bukan", "emoh", "wegah", "males", "malas", "belum", "blm",
    "enten", "tadhe", "adhe", "ta");
WORDS(occupation, "tani", "petani", "tane", "bertani", "buruh", "guru", "ngaji", "pns", "asn", "pppk", "p3k",
    "swasta", "wiraswasta", "wirausaha", "wirasuasta", "karyawan", "karyawati", "pegawai", "pedagang",
    "dagang", "berdagang", "adhagang", "jualan", "jual", "penjual", "ajuwalan", "sopir", "supir", "ojek",
    "ojol", "driver", "gojek", "grab", "kurir", "satpam", "security", "sekuriti", "tukang", "kuli", "nguli",
    "penjahit", "jahit", "nelayan", "irt", "rumahtangga", "tangga", "pelajar", "mahasiswa", "mahasiswi",
    "siswa", "siswi", "santri", "sekolah", "kuliah", "pensiun", "pensiunan", "purnawirawan", "purna",
    "dokter", "bidan", "perawat", "apoteker", "polisi", "polri", "tni", "tentara", "dosen", "honorer",
    "honor", "thl", "outsourcing", "bengkel", "montir", "mekanik", "teknisi", "nganggur", "pengangguran",
    "umkm", "usaha", "warung", "toko", "kasir", "sales", "marketing", "programmer", "freelance", "freelancer",
    "art", "pembantu", "pengasuh", "ustadz", "ustad", "ustadzah", "kyai", "modin", "peternak", "ternak",
    "angon", "tambak", "petambak", "bakul", "mlijo", "macul", "kerja", "bekerja", "pabrik", "kantor", "bank",
    "notaris", "pengacara", "wartawan", "seniman", "penyanyi", "tki", "tkw", "pmi", "pelaut", "pemulung",
    "parkir", "cleaning", "service", "ob", "operator", "konter", "konveksi", "catering", "katering", "salon",
    "barber", "cukur", "mandor", "kontraktor", "arsitek", "insinyur", "kades", "perangkat", "kader",
    "posyandu", "linmas", "hansip", "pramuniaga", "pramusaji", "koki", "chef", "masak", "becak", "andong",
    "angkot", "bus", "truk", "sembako", "sayur", "ikan", "bakso", "penambang", "pengrajin", "perajin",
    "bordir", "batik", "gudang", "staf", "staff", "direktur", "manajer", "manager", "bumn", "bumd",
    "pengusaha", "wirausahawan", "distributor", "agen", "lepas", "harian", "serabutan", "srabutan",
    "bangunan", "kernet", "kondektur", "takmir", "marbot", "juru", "online", "amil", "penggarap", "perantau",
    "tukangnya");
WORDS(place, "rt", "rw", "rtrw", "jl", "jln", "jalan", "gg", "gang", "dusun", "dsn", "dukuh", "dukuhan",
    "desa", "ds", "kelurahan", "kel", "kec", "kecamatan", "perum", "perumahan", "griya", "grya", "blok",
    "blk", "lingkungan", "lingk", "kampung", "kampong", "kp", "kabupaten", "dhisa", "krajan", "residence",
    "regency", "lor", "kidul", "wetan", "kulon");
WORDS(matter, "jalan", "lampu", "listrik", "pln", "pju", "got", "selokan", "sampah", "air", "pdam", "banjir",
    "jembatan", "pohon", "tiang", "kabel", "mati", "padam", "rusak", "bocor", "mampet", "buntu", "berlubang",
    "lubang", "bolong", "hancur", "parah", "bau", "kotor", "bising", "berisik", "rame", "ramai", "ktp", "kk",
    "akta", "surat", "e-ktp", "ektp", "pelayanan", "bantuan", "bansos", "pkh", "blt", "uang", "bayar",
    "pungli", "pungutan", "korupsi", "miras", "judi", "narkoba", "maling", "pencuri", "tetangga", "orang",
    "anak", "warga", "rumah", "sekolah", "pasar", "masjid", "kantor", "balai", "puskesmas", "rumahnya",
    "sudah", "udah", "udh", "sdh", "belum", "blm", "tidak", "tdk", "gak", "ga", "gk", "nggak", "ndak", "ora",
    "bukan", "jangan", "jgn", "yang", "yg", "di", "d", "ke", "dari", "dr", "karena", "krn", "karna", "tapi",
    "tp", "tetapi", "kalau", "kalo", "klo", "untuk", "utk", "buat", "sama", "dengan", "dgn", "dan", "atau",
    "ada", "banyak", "setiap", "tiap", "hari", "minggu", "bulan", "tahun", "jam", "kemarin", "tadi",
    "sekarang", "besok", "malam", "pagi", "siang", "sore", "tolong", "tlg", "mohon", "segera", "cepat",
    "cepet", "perbaiki", "diperbaiki", "dibenerin", "benerin", "urus", "urusin", "diurus", "ngurus", "lihat",
    "liat", "datang", "dateng", "kapan", "kenapa", "knp", "mengapa", "ngapain", "gimana", "bagaimana", "gmn",
    "apa", "apaan", "siapa", "mana", "dimana", "berapa", "tanya", "nanya", "nama", "lapor", "laporan",
    "aduan", "penting", "pokoknya", "cuma", "hanya", "lagi", "masih", "terus", "sering", "selalu", "ini",
    "itu", "situ", "sini", "sana", "depan", "belakang", "samping", "dekat", "deket", "sebelah", "dulu", "kok",
    "malah", "jadi", "bisa", "mau", "harus", "boleh", "kasih", "minta", "takut", "bahaya", "jatuh",
    "kecelakaan", "sakit", "meninggal", "anjing", "sapi", "ayam", "kandang", "asap", "bakar", "limbah",
    "pabrik", "truk", "motor", "mobil", "parkir", "trotoar", "taman", "sungai", "kali", "sawah", "tembok",
    "pagar", "bangunan", "proyek", "aspal", "paving", "sinyal", "wifi", "internet", "janji", "ribet", "lama",
    "lambat", "lelet", "antri", "antre", "dhamar", "lorong", "mate", "petteng", "embong", "dalan", "banyu",
    "peteng", "rosak", "aeng", "lampune", "dalane", "gotnya", "halo", "hai", "permisi", "assalamualaikum",
    "makasih", "terima", "terimakasih", "iya", "ya", "ok", "oke", "baik", "siap", "sebut", "disebut",
    "disebutkan", "menyebut", "rahasia", "rahasiakan", "dirahasiakan", "wedi", "khawatir", "soalnya", "soale",
    "perlu", "usah", "hamba", "allah", "arah", "nutup", "tutup", "buka", "buang", "pindah", "hilang", "roboh",
    "ambrol", "lapuk", "longsor", "tumpah", "meluap", "genangan", "tergenang", "pungut", "calo", "mengurus",
    "blank", "antrian", "antrean", "macet", "bolak-balik", "ditolak", "dipersulit", "marah", "kasar", "ketus",
    "nyala", "menyala", "bedhe", "se", "ketahuan", "diketahui", "bocorkan", "tersebar", "muncul", "sampai",
    "salah", "kirim", "mengirim", "kiriman", "nomornya", "sambung", "tua", "soal", "info");
WORDS(protest, "ngapain", "kenapa", "knp", "mengapa", "napa", "buat", "urus", "urusin", "diurus", "dulu",
    "cepat", "cepet", "segera", "gimana", "kapan", "ribet", "penting", "malah", "kok", "tanya", "nanya",
    "tanya-tanya", "emang", "emangnya", "memangnya", "lama", "bertele-tele", "percuma", "capek", "apaan",
    "masa", "masak", "langsung", "benerin", "dibenerin", "perbaiki", "bosan", "basa-basi");
WORDS(cancel, "batal", "batalkan", "dibatalkan", "batalin", "dibatalin", "membatalkan", "cancel", "gajadi",
    "gakjadi", "tdkjadi", "urung", "wurung", "cabut", "dicabut", "mencabut", "tarik", "menarik", "salah");
WORDS(done, "selesai", "slesai", "sls", "cukup", "cekap", "sampun", "udahan", "tamat", "done", "stop",
    "berhenti", "rampung", "mpun", "beres", "ampon", "mare");
WORDS(skip, "lewati", "lewat", "lewatin", "skip", "lompat", "lompati", "kosong", "kosongkan", "nanti", "ntar",
    "nyusul", "menyusul", "next", "pass");
WORDS(unsolved, "belum", "blm", "blum", "belom", "bellum", "durung", "dereng", "masih", "msh", "tetap",
    "tetep", "bohong", "bunten", "gik", "ghi", "kembali", "terulang", "kumat");
WORDS(person, "bagian", "petugas", "petugasnya", "petugase", "petugasa", "admine", "wonge", "pegawaine",
    "orange", "admin", "adminnya", "operator", "orang", "orangnya", "manusia", "cs", "staf", "staff",
    "pegawai", "pegawainya", "oreng", "wong", "tiyang", "org", "orang2");
WORDS(talk, "bicara", "berbicara", "bicarakan", "ngomong", "ngomomg", "omong", "ngobrol", "hubungi",
    "hubungkan", "dihubungi", "sambungkan", "disambungkan", "sambung", "chat", "chattan", "telepon", "telpon",
    "ditelpon", "ditelepon", "tlp", "telp", "kontak", "panggil", "panggilkan", "ketemu", "bertemu",
    "rembugan", "caturan", "acaca", "nyambung", "disambungin", "wicanten", "sambungin", "hubungin", "butuh",
    "minta", "mau");
WORDS(past, "sudah", "udah", "udh", "sdh", "tadi", "kemarin", "kemaren", "pernah", "waktu", "wingi", "ampon",
    "bektona", "malah", "disuruh", "kata", "bilang", "dikasih", "tidak", "gak", "tdk");

WORDS(anonym, "anonim", "anonym", "anonymous", "anonin");
WORDS(own, "identitas", "pelapor");
WORDS(identity, "nama", "identitas", "pelapor", "pengadu", "jeneng", "nyama");
WORDS(hide, "rahasia", "rahasiakan", "dirahasiakan", "rahasiain", "dirahasiain", "sembunyikan",
    "disembunyikan", "samarkan", "disamarkan");
WORDS(afraid, "takut", "wedi", "khawatir", "takok", "tako");
WORDS(mention, "sebut", "disebut", "disebutkan", "sebbut", "nyebut", "menyebut", "usah", "usa", "nyebbut",
    "pakai", "pake", "kasih", "tulis", "ditulis", "mau", "endhak", "perlu", "ketahuan", "diketahui",
    "tersebar", "muncul", "bocor", "publikasi", "dipublikasikan", "ditampilkan");
WORDS(status, "status", "cek", "check", "ngecek", "mengecek", "lacak", "melacak", "progres", "progress",
    "perkembangan", "perkembangannya", "kabar", "kabarnya", "kabare", "kabarna", "statuse", "statusnya",
    "kelanjutan", "kelanjutannya", "update", "apdet");
WORDS(how, "mana", "endi", "ndi", "pundi", "piye", "kepiye", "yopo", "yokpo", "pripun", "dhimma",
    "kadhiponapa", "gimana", "gimananya", "bagaimana", "proses", "diproses", "kapan");
WORDS(corrects, "ralat", "koreksi", "keliru", "typo", "maksud", "maksudnya", "maksudku", "maksute", "salah",
    "revisi", "harusnya", "seharusnya", "kudune");
WORDS(correcting, "bukan", "yang", "yg", "sing", "benar", "bener", "tulis", "ketik", "nulis", "ngetik");
WORDS(beside_status, "laporanku", "aduanku", "laporane", "aduane", "laporanne", "wes", "wis", "tekan",
    "sampe", "sampai", "sampek", "nyampe", "dumugi", "yang", "yg", "sing", "kemarin", "wingi", "kemaren",
    "pun", "sampun", "kode", "tiket", "register", "gimana", "bagaimana", "laporannya", "aduannya");

static const char *const *const sets[CHAT_SETS] = {
    [CHAT_SET_GREETING] = greeting,
    [CHAT_SET_ADDRESS] = address,
    [CHAT_SET_WISH] = wish,
    [CHAT_SET_THANKS] = thanks,
    [CHAT_SET_YES] = yes,
    [CHAT_SET_PARTICLE] = particle,
    [CHAT_SET_SELF] = self,
    [CHAT_SET_NOT] = negation,
    [CHAT_SET_OCCUPATION] = occupation,
    [CHAT_SET_PLACE] = place,
    [CHAT_SET_MATTER] = matter,
    [CHAT_SET_PROTEST] = protest,
    [CHAT_SET_CANCEL] = cancel,
    [CHAT_SET_DONE] = done,
    [CHAT_SET_SKIP] = skip,
    [CHAT_SET_UNSOLVED] = unsolved,
    [CHAT_SET_PERSON] = person,
    [CHAT_SET_TALK] = talk,
    [CHAT_SET_PAST] = past,
    [CHAT_SET_ANONYM] = anonym,
    [CHAT_SET_OWN] = own,
    [CHAT_SET_IDENTITY] = identity,
    [CHAT_SET_HIDE] = hide,
    [CHAT_SET_AFRAID] = afraid,
    [CHAT_SET_MENTION] = mention,
    [CHAT_SET_STATUS] = status,
    [CHAT_SET_HOW] = how,
    [CHAT_SET_BESIDE_STATUS] = beside_status,
    [CHAT_SET_CORRECTS] = corrects,
    [CHAT_SET_CORRECTING] = correcting,
};

/* "assalamu'alaikum" has as many spellings as writers. */
static bool is_salam(const char *word)
{
    if (*word != 'a' && *word != 's' && *word != 'w')
        return false;
    return !strncmp(word, "assal", 5) || !strncmp(word, "asalam", 6) || !strncmp(word, "assla", 5) ||
           !strncmp(word, "samlekum", 8) || !strncmp(word, "salamualaikum", 13) ||
           !strncmp(word, "warahmat", 8) || !strncmp(word, "wabarak", 7);
}

/* What a word keeps in its forms. A name may look like a form of any other word: "Harina", "Selamet", "Tasmir". */
enum {
    SAID_OF_HIM = 1u << CHAT_SET_LABEL | 1u << CHAT_SET_IDENTITY | 1u << CHAT_SET_PERSON |
                  1u << CHAT_SET_STATUS | 1u << CHAT_SET_BESIDE_STATUS,
    DONE_WITH_IT = 1u << CHAT_SET_HIDE | 1u << CHAT_SET_MENTION | 1u << CHAT_SET_TALK | 1u << CHAT_SET_CANCEL,
    MISSPELT = SAID_OF_HIM | DONE_WITH_IT,
};

/* All lists in one table, filled once and never changed, so that a word is looked up once and not once a list. */
static struct listed {
    const char *word;
    unsigned sets;
} table[TABLE_SIZE];

/* Those that are known when misspelt, by their first letters: "decisive" below begins[c - 'a'] .. begins[c - 'a' + 1]. */
static struct {
    const struct listed *listed;
    size_t size;
} decisive[DECISIVE_MOST];
static size_t begins['z' - 'a' + 2];

static struct listed *place_of(const char *word)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (const char *p = word; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t i = hash % TABLE_SIZE;
    while (table[i].word && strcmp(table[i].word, word) != 0)
        i = (i + 1) % TABLE_SIZE;
    return &table[i];
}

static void enter(const char *word, unsigned set)
{
    struct listed *l = place_of(word);
    l->word = word;
    l->sets |= 1u << set;
}

static void fill_table(void)
{
    const char *word;
    for (unsigned set = 0; set < CHAT_SETS; set++)
        for (size_t i = 0; sets[set] && sets[set][i]; i++)
            enter(sets[set][i], set);
    for (size_t i = 0; (word = chat_label_word(i)) != NULL; i++)
        enter(word, CHAT_SET_LABEL);
    size_t count = 0;
    for (char first = 'a'; first <= 'z'; first++) {
        begins[first - 'a'] = count;
        for (size_t i = 0; i < TABLE_SIZE && count < DECISIVE_MOST; i++) {
            size_t size = table[i].sets & MISSPELT && *table[i].word == first ? strlen(table[i].word) : 0;
            if (size > MISSPELT_LEAST) {
                decisive[count].listed = &table[i];
                decisive[count++].size = size;
            }
        }
    }
    begins['z' - 'a' + 1] = count;
}

/* "haha", "wkwkwk" */
static bool is_laughter(const char *word)
{
    static const char *const laughs[] = {"wk", "kw", "ha", "ah", "he", "eh", "hi", "ih", "xi", "ix", NULL};
    for (size_t l = 0; laughs[l]; l++)
        if (word[0] == laughs[l][0] && word[1] == laughs[l][1]) {
            size_t n = strspn(word, laughs[l]);
            return n >= 3 && !word[n];
        }
    return false;
}

/* Indonesian, Javanese and Madurese endings, and whose it then is. */
#define AFFIX(text) text, sizeof text - 1
static const struct ending {
    const char *text;
    size_t size, stem_least;
    unsigned keeps;
    bool mine;
} endings[] = {
    {AFFIX("ku"), 2, SAID_OF_HIM, true},
    {AFFIX("q"), 3, SAID_OF_HIM, true},
    {AFFIX("nya"), 3, SAID_OF_HIM | 1u << CHAT_SET_MATTER, false},
    {AFFIX("nipun"), 3, SAID_OF_HIM, false},
    {AFFIX("ipun"), 3, SAID_OF_HIM, false},
    {AFFIX("ne"), 3, SAID_OF_HIM | 1u << CHAT_SET_MATTER, false},
    {AFFIX("e"), 4, SAID_OF_HIM, false},
    {AFFIX("na"), 4, SAID_OF_HIM, false},
    {AFFIX("a"), 5, SAID_OF_HIM, false},
};

/* Of verbs. */
static const struct affix {
    const char *text;
    size_t size;
} before_verbs[] = {{AFFIX("")}, {AFFIX("di")}, {AFFIX("e")}, {AFFIX("a")}, {AFFIX("ta")}},
  behind_verbs[] = {{AFFIX("")}, {AFFIX("kan")}, {AFFIX("in")}, {AFFIX("no")}, {AFFIX("ake")},
      {AFFIX("aken")}, {AFFIX("agi")}, {AFFIX("aghi")}};

static const struct listed *listed_stem(const char *word, size_t from, size_t size)
{
    char stem[CHAT_WORD_SIZE];
    memcpy(stem, word + from, size);
    stem[size] = 0;
    const struct listed *l = place_of(stem);
    return l->word ? l : NULL;
}

static bool noun_form(struct chat_word *word, size_t n)
{
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
        const struct ending *ending = &endings[e];
        const struct listed *l = NULL;
        if (n >= ending->size + ending->stem_least &&
            !memcmp(word->text + n - ending->size, ending->text, ending->size))
            l = listed_stem(word->text, 0, n - ending->size);
        if (!l || !(l->sets & ending->keeps))
            continue;
        word->means = l->word;
        word->sets = l->sets & ending->keeps;
        word->mine = ending->mine;
        word->theirs = !ending->mine;
        if (word->mine && l->sets & 1u << CHAT_SET_IDENTITY)
            word->sets |= 1u << CHAT_SET_OWN;
        return true;
    }
    return false;
}

static bool verb_with(struct chat_word *word, size_t n, const struct affix *before)
{
    enum { STEM_LEAST = 4 };
    for (size_t b = 0; b < sizeof behind_verbs / sizeof *behind_verbs; b++) {
        const struct affix *behind = &behind_verbs[b];
        if (before->size + behind->size == 0 || n < before->size + behind->size + STEM_LEAST ||
            memcmp(word->text + n - behind->size, behind->text, behind->size) != 0)
            continue;
        const struct listed *l = listed_stem(word->text, before->size, n - before->size - behind->size);
        if (l && l->sets & DONE_WITH_IT) {
            word->sets = l->sets & DONE_WITH_IT;
            return true;
        }
    }
    return false;
}

static bool verb_form(struct chat_word *word, size_t n)
{
    for (size_t b = 0; b < sizeof before_verbs / sizeof *before_verbs; b++)
        if (!strncmp(word->text, before_verbs[b].text, before_verbs[b].size) &&
            verb_with(word, n, &before_verbs[b]))
            return true;
    return false;
}

/* "alamt", "pekrjaan": a slip in a long word that decides something. Its first letter is seldom the wrong one. */
static bool misspelt(struct chat_word *word, size_t n)
{
    char first = *word->text;
    if (n < MISSPELT_LEAST || first < 'a' || first > 'z')
        return false;
    for (size_t i = begins[first - 'a']; i < begins[first - 'a' + 1]; i++) {
        const struct listed *l = decisive[i].listed;
        bool near =
            decisive[i].size + 1 >= n && decisive[i].size <= n + 1 && near_word_is(word->text, l->word);
        if (!near)
            continue;
        word->means = l->word;
        word->sets = l->sets & MISSPELT;
        return true;
    }
    return false;
}

/* mark: what stands behind it; an apostrophe is the Madurese stop, which others write k: "engko'". */
static void look_up(struct chat_word *word, char mark)
{
    static pthread_once_t filled = PTHREAD_ONCE_INIT;
    pthread_once(&filled, fill_table);
    size_t n = strlen(word->text);
    const struct listed *l = place_of(word->text);
    word->means = word->text;
    if (!l->word && mark == '\'' && n + 1 < CHAT_WORD_SIZE) {
        char stopped[CHAT_WORD_SIZE];
        memcpy(stopped, word->text, n);
        memcpy(stopped + n, "k", 2);
        l = place_of(stopped);
    }
    word->sets = l->sets;
    if (is_salam(word->text))
        word->sets |= 1u << CHAT_SET_GREETING;
    else if (is_laughter(word->text))
        word->sets |= 1u << CHAT_SET_PARTICLE;
    if (!word->sets && !noun_form(word, n) && !verb_form(word, n))
        misspelt(word, n);
}

bool chat_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (**list == *word && !strcmp(*list, word)) /* most differ in their first letter */
            return true;
    return false;
}

bool chat_in(enum chat_set set, const struct chat_word *word)
{
    return word->sets & 1u << set;
}

bool chat_in_any(unsigned wanted, const struct chat_word *word)
{
    return word->sets & wanted;
}

bool chat_all_in(const struct chat_line *line, size_t from, unsigned wanted)
{
    for (size_t i = from; i < line->count; i++)
        if (!chat_in_any(wanted, &line->words[i]))
            return false;
    return true;
}

bool chat_some_in(const struct chat_line *line, enum chat_set set)
{
    for (size_t i = 0; i < line->count; i++)
        if (chat_in(set, &line->words[i]))
            return true;
    return false;
}
