/* Lines of a chat and what they mean: one row a line, in the state of the conversation it comes in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <time.h>
#include "rules/chat.h"

enum state { FRESH, NAMA, PEKERJAAN, ALAMAT, KNOWN, RATING };

static const struct row {
    enum state state;
    const char *text;
    enum chat_act act;
    const char *nama, *pekerjaan, *alamat; /* NULL = not told */
    int rating;
    const char *found; /* code or number */
    bool anonym;
} rows[] = {
    {.state = FRESH, .text = "halo", .act = CHAT_GREETING},
    {.state = FRESH, .text = "saya bingung jawabnya, mau ngomong sama petugas aja", .act = CHAT_PERSON},
    {.state = FRESH, .text = "petugas", .act = CHAT_PERSON},
    {.state = FRESH, .text = "disini pak jembatan kayunya lapuk, hampir ambrol", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "Amin", .act = CHAT_ANSWER, .nama = "Amin"},
    {.state = PEKERJAAN, .text = "tani", .act = CHAT_ANSWER, .pekerjaan = "tani"},
    {.state = ALAMAT, .text = "Kedungsolo RW 4", .act = CHAT_ANSWER, .alamat = "Kedungsolo RW 4"},
    {.state = NAMA, .text = "Rohim", .act = CHAT_ANSWER, .nama = "Rohim"},
    {.state = PEKERJAAN,
        .text = "maaf pak, nama saya Rokhim bukan Rohim",
        .act = CHAT_ANSWER,
        .nama = "Rokhim"},
    {.state = PEKERJAAN, .text = "kuli bangunan", .act = CHAT_ANSWER, .pekerjaan = "kuli bangunan"},
    {.state = ALAMAT, .text = "Kareng Lor RT 2", .act = CHAT_ANSWER, .alamat = "Kareng Lor RT 2"},
    {.state = NAMA, .text = "nyamana kaule Sahrawi", .act = CHAT_ANSWER, .nama = "Sahrawi"},
    {.state = ALAMAT,
        .text = "Sumber Wetan RT 3 RW 1",
        .act = CHAT_ANSWER,
        .alamat = "Sumber Wetan RT 3 RW 1"},
    {.state = FRESH, .text = "pak, dhamar lorong e Sumber Wetan mate kabbhi, petteng", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "WOI INI JALAN KAPAN DIBENERIN", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "SUDAH 2 TAHUN LHO", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "JALAN GEDANG ARAH PASAR", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "NGAPAIN TANYA NAMA URUSIN JALANNYA DULU", .act = CHAT_CONTENT},
    {.state = NAMA,
        .text = "YA UDAH. HERU. SATPAM. GEDANG RT 6",
        .act = CHAT_ANSWER,
        .nama = "HERU",
        .pekerjaan = "SATPAM",
        .alamat = "GEDANG RT 6"},
    {.state = FRESH, .text = "status 7KQM-X2R9-4T", .act = CHAT_STATUS, .found = "7KQMX2R94T"},
    {.state = RATING, .text = "4", .act = CHAT_RATING, .rating = 4},
    {.state = RATING, .text = "puas pak", .act = CHAT_RATING, .rating = 3},
    {.state = FRESH, .text = "Assalamualaikum", .act = CHAT_GREETING},
    {.state = FRESH, .text = "pak", .act = CHAT_GREETING},
    {.state = FRESH, .text = "mau lapor", .act = CHAT_GREETING},
    {.state = FRESH, .text = "got", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "mampet", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "di belakang pasar porong", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "Zainal", .act = CHAT_ANSWER, .nama = "Zainal"},
    {.state = PEKERJAAN, .text = "tukang parkir", .act = CHAT_ANSWER, .pekerjaan = "tukang parkir"},
    {.state = ALAMAT, .text = "Kelurahan Porong", .act = CHAT_ANSWER, .alamat = "Kelurahan Porong"},
    {.state = FRESH,
        .text = "tolong laporan saya jangan dibatalkan ya pak, ini soal tembok yg nutup jalan ke rumah",
        .act = CHAT_CONTENT},
    {.state = FRESH,
        .text = "petugas sampah sudah seminggu tidak datang di jrebeng wetan",
        .act = CHAT_CONTENT},
    {.state = PEKERJAAN, .text = "selesai", .act = CHAT_DONE},
    {.state = FRESH, .text = "pak tetangga saya pak Anang jualan miras di rumahnya", .act = CHAT_CONTENT},
    {.state = FRESH,
        .text = "maaf jangan sebut nama. ada yg jual miras di pamotan rt 10",
        .act = CHAT_CONTENT},
    {.state = NAMA, .text = "gak usah nama", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "Bu Siti", .act = CHAT_ANSWER, .nama = "Siti"},
    {.state = NAMA, .text = "saya Slamet pak", .act = CHAT_ANSWER, .nama = "Slamet"},
    {.state = NAMA,
        .text = "budi, petani, jl mastrip no 5 rt 2 rw 3 kedopok",
        .act = CHAT_ANSWER,
        .nama = "budi",
        .pekerjaan = "petani",
        .alamat = "jl mastrip no 5 rt 2 rw 3 kedopok"},
    {.state = NAMA,
        .text = "Nama: Budi Santoso Pekerjaan: Pedagang Alamat: Jl. Mastrip No. 12, RT 02/RW 03, Kedopok",
        .act = CHAT_ANSWER,
        .nama = "Budi Santoso",
        .pekerjaan = "Pedagang",
        .alamat = "Jl. Mastrip No. 12, RT 02/RW 03, Kedopok"},
    {.state = NAMA, .text = "jenengku Paijo", .act = CHAT_ANSWER, .nama = "Paijo"},
    {.state = NAMA, .text = "asmo kulo Sutrisno", .act = CHAT_ANSWER, .nama = "Sutrisno"},
    {.state = NAMA, .text = "panggil saja bu Tutik", .act = CHAT_ANSWER, .nama = "Tutik"},
    {.state = NAMA, .text = "aku wedi nek jenengku disebut", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "rahasia", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "tidak mau menyebut nama", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "anonim aja", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "hamba allah", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA, .text = "buat apa nama saya?", .act = CHAT_CONTENT},
    {.state = NAMA,
        .text = "heru satpam gedang rt 6",
        .act = CHAT_ANSWER,
        .nama = "heru",
        .pekerjaan = "satpam",
        .alamat = "gedang rt 6"},
    {.state = NAMA,
        .text = "Ahmad Fauzi, Sumber Wetan RT 3",
        .act = CHAT_ANSWER,
        .nama = "Ahmad Fauzi",
        .alamat = "Sumber Wetan RT 3"},
    {.state = NAMA, .text = "perlu ya pak?", .act = CHAT_CONTENT},
    {.state = PEKERJAAN, .text = "ibu rumah tangga", .act = CHAT_ANSWER, .pekerjaan = "ibu rumah tangga"},
    {.state = PEKERJAAN, .text = "IRT", .act = CHAT_ANSWER, .pekerjaan = "IRT"},
    {.state = PEKERJAAN,
        .text = "saya kerja di pabrik rokok",
        .act = CHAT_ANSWER,
        .pekerjaan = "kerja di pabrik rokok"},
    {.state = PEKERJAAN, .text = "wiraswasta pak", .act = CHAT_ANSWER, .pekerjaan = "wiraswasta"},
    {.state = PEKERJAAN, .text = "gak kerja", .act = CHAT_ANSWER, .pekerjaan = "gak kerja"},
    {.state = PEKERJAAN, .text = "belum bekerja", .act = CHAT_ANSWER, .pekerjaan = "belum bekerja"},
    {.state = PEKERJAAN, .text = "tidak usah", .act = CHAT_SKIP},
    {.state = PEKERJAAN, .text = "lewati", .act = CHAT_SKIP},
    {.state = PEKERJAAN, .text = "Jl Mastrip 5", .act = CHAT_ANSWER, .alamat = "Jl Mastrip 5"},
    {.state = PEKERJAAN, .text = "cepat dong pak lampunya", .act = CHAT_CONTENT},
    {.state = PEKERJAAN,
        .text = "swasta, jl raya porong 12",
        .act = CHAT_ANSWER,
        .pekerjaan = "swasta",
        .alamat = "jl raya porong 12"},
    {.state = ALAMAT,
        .text = "di Jl. Raya Porong No. 12, RT 3 RW 1, Kelurahan Mindi",
        .act = CHAT_ANSWER,
        .alamat = "Jl. Raya Porong No. 12, RT 3 RW 1, Kelurahan Mindi"},
    {.state = ALAMAT,
        .text = "perum griya asri blok c-7",
        .act = CHAT_ANSWER,
        .alamat = "perum griya asri blok c-7"},
    {.state = ALAMAT,
        .text = "sama dengan lokasi kejadian",
        .act = CHAT_ANSWER,
        .alamat = "sama dengan lokasi kejadian"},
    {.state = ALAMAT,
        .text = "rumah saya di dusun krajan rt 1",
        .act = CHAT_ANSWER,
        .alamat = "dusun krajan rt 1"},
    {.state = ALAMAT, .text = "lewat", .act = CHAT_SKIP},
    {.state = KNOWN, .text = "nama saya Rokhim bukan Rohim", .act = CHAT_ANSWER, .nama = "Rokhim"},
    {.state = KNOWN,
        .text = "eh maaf salah, alamat saya RT 3 bukan RT 2",
        .act = CHAT_ANSWER,
        .alamat = "RT 3"},
    {.state = KNOWN, .text = "Rokhim bukan Rohim", .act = CHAT_ANSWER, .nama = "Rokhim"},
    {.state = FRESH,
        .text = "nama saya Budi, mau lapor lampu jalan mati di Gang Melati",
        .act = CHAT_CONTENT,
        .nama = "Budi"},
    {.state = FRESH,
        .text = "saya Siti warga Jrebeng Kulon RT 2, selokan mampet",
        .act = CHAT_CONTENT,
        .nama = "Siti",
        .alamat = "Jrebeng Kulon RT 2"},
    {.state = FRESH,
        .text = "perkenalkan saya Joko Susilo dari Kedopok RT 1, mau melaporkan sampah",
        .act = CHAT_CONTENT,
        .nama = "Joko Susilo",
        .alamat = "Kedopok RT 1"},
    {.state = FRESH,
        .text = "tolong nama saya dirahasiakan ya pak, ada pungli di kantor desa",
        .act = CHAT_CONTENT,
        .anonym = true},
    {.state = FRESH, .text = "batal", .act = CHAT_CANCEL},
    {.state = FRESH, .text = "gak jadi lapor pak", .act = CHAT_CANCEL},
    {.state = FRESH, .text = "tolong batalkan laporan saya", .act = CHAT_CANCEL},
    {.state = FRESH, .text = "jangan dibatalkan", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "saya mau laporan saya dicabut", .act = CHAT_CANCEL},
    {.state = FRESH, .text = "aduan baru", .act = CHAT_NEW},
    {.state = FRESH, .text = "aduan baru: lampu mati di gang 5", .act = CHAT_NEW},
    {.state = FRESH, .text = "mau lapor lagi pak, kali ini sampah", .act = CHAT_NEW},
    {.state = FRESH, .text = "terima kasih pak", .act = CHAT_THANKS},
    {.state = FRESH, .text = "suwun nggih", .act = CHAT_THANKS},
    {.state = FRESH, .text = "ok siap", .act = CHAT_THANKS},
    {.state = FRESH, .text = "👍", .act = CHAT_NOISE},
    {.state = FRESH, .text = "😡😡😡", .act = CHAT_NOISE},
    {.state = FRESH, .text = "belum selesai pak, masih mampet", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "cek status laporan saya", .act = CHAT_STATUS},
    {.state = FRESH, .text = "gimana kabar laporan saya pak?", .act = CHAT_STATUS},
    {.state = FRESH, .text = "status 120/PGD/XI/2026", .act = CHAT_STATUS, .found = "120/PGD/XI/2026"},
    {.state = FRESH, .text = "7kqm x2r9 4t", .act = CHAT_STATUS, .found = "7KQMX2R94T"},
    {.state = FRESH, .text = "itu saja pak", .act = CHAT_DONE},
    {.state = FRESH, .text = "udah itu aja", .act = CHAT_DONE},
    {.state = FRESH, .text = "sudah cukup", .act = CHAT_DONE},
    {.state = FRESH, .text = "bisa bicara dengan orang?", .act = CHAT_PERSON},
    {.state = FRESH, .text = "minta petugas datang ke lokasi pak", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "tolong telepon saya", .act = CHAT_PERSON},
    {.state = FRESH, .text = "saya sudah bicara dengan petugas tapi disuruh bayar", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "menu", .act = CHAT_HELP},
    {.state = FRESH, .text = "mau tanya syarat bikin ktp", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "selamat pagi pak, mau tanya", .act = CHAT_GREETING},
    {.state = FRESH, .text = "kulo nuwun, bade matur", .act = CHAT_GREETING},
    {.state = RATING, .text = "3, agak lama tapi beres", .act = CHAT_RATING, .rating = 3},
    {.state = RATING, .text = "tidak puas", .act = CHAT_RATING, .rating = 1},
    {.state = RATING, .text = "kurang puas soalnya lama", .act = CHAT_RATING, .rating = 2},
    {.state = RATING, .text = "nilai 2", .act = CHAT_RATING, .rating = 2},
    {.state = FRESH, .text = "masyarakat", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "Dr. H. Ahmad Zaini", .act = CHAT_ANSWER, .nama = "Dr. H. Ahmad Zaini"},
    {.state = NAMA, .text = "M. Rizky", .act = CHAT_ANSWER, .nama = "M. Rizky"},
    {.state = NAMA,
        .text = "Moh. Holil, tukang becak, Jrebeng Kulon",
        .act = CHAT_ANSWER,
        .nama = "Moh. Holil",
        .pekerjaan = "tukang becak",
        .alamat = "Jrebeng Kulon"},
    {.state = NAMA, .text = "malas", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "kamu siapa?", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "ok", .act = CHAT_THANKS},
    {.state = NAMA, .text = "lampunya masih mati", .act = CHAT_CONTENT},
    {.state = NAMA,
        .text = "Tutik Handayani ibu rumah tangga perum asri blok d2",
        .act = CHAT_ANSWER,
        .nama = "Tutik Handayani",
        .pekerjaan = "ibu rumah tangga",
        .alamat = "perum asri blok d2"},
    {.state = FRESH, .text = "saya mau lapor", .act = CHAT_GREETING},
    {.state = FRESH, .text = "Nama saya Ahmad", .act = CHAT_ANSWER, .nama = "Ahmad"},
    {.state = NAMA, .text = "kenapa ditanya terus", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "pak lampunya udah nyala, terima kasih", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "saya orang kedopok", .act = CHAT_CONTENT},
    {.state = NAMA,
        .text = "Siti Aminah, ibu rumah tangga, Jl. Anggrek Gg. 3 No. 12 RT 02 RW 05 Kelurahan Jrebeng Lor",
        .act = CHAT_ANSWER,
        .nama = "Siti Aminah",
        .pekerjaan = "ibu rumah tangga",
        .alamat = "Jl. Anggrek Gg. 3 No. 12 RT 02 RW 05 Kelurahan Jrebeng Lor"},
    {.state = NAMA,
        .text = "Joko (tukang ojek) kareng lor rt 5",
        .act = CHAT_ANSWER,
        .nama = "Joko",
        .pekerjaan = "tukang ojek",
        .alamat = "kareng lor rt 5"},
    {.state = NAMA,
        .text = "nama joko alamat kareng lor rt 5 kerja tukang ojek",
        .act = CHAT_ANSWER,
        .nama = "joko",
        .pekerjaan = "tukang ojek",
        .alamat = "kareng lor rt 5"},
    {.state = PEKERJAAN, .text = "pensiunan PNS", .act = CHAT_ANSWER, .pekerjaan = "pensiunan PNS"},
    {.state = PEKERJAAN,
        .text = "jualan bakso di pasar",
        .act = CHAT_ANSWER,
        .pekerjaan = "jualan bakso di pasar"},
    {.state = PEKERJAAN, .text = "masih sekolah", .act = CHAT_ANSWER, .pekerjaan = "masih sekolah"},
    {.state = PEKERJAAN, .text = "buruh tani mas", .act = CHAT_ANSWER, .pekerjaan = "buruh tani"},
    {.state = PEKERJAAN, .text = "rahasia", .act = CHAT_CONTENT},
    {.state = ALAMAT, .text = "rahasia", .act = CHAT_CONTENT},
    {.state = ALAMAT,
        .text = "depan masjid Al Ikhlas dusun krajan",
        .act = CHAT_ANSWER,
        .alamat = "depan masjid Al Ikhlas dusun krajan"},
    {.state = ALAMAT, .text = "Kedopok", .act = CHAT_ANSWER, .alamat = "Kedopok"},
    {.state = ALAMAT,
        .text = "kelurahan kedopok, dekat balai kelurahan",
        .act = CHAT_ANSWER,
        .alamat = "kelurahan kedopok, dekat balai kelurahan"},
    {.state = NAMA, .text = "tolong segera diperbaiki ya", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "itu lampunya bahaya kalau malam", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "saya warga sini", .act = CHAT_GREETING},
    {.state = KNOWN, .text = "pak kapan ini dikerjakan?", .act = CHAT_CONTENT},
    {.state = KNOWN, .text = "tambahan pak, lokasinya dekat SD", .act = CHAT_CONTENT},
    {.state = KNOWN, .text = "ini fotonya", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "mau tanya, jam buka kantor sampai jam berapa?", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "tolong", .act = CHAT_GREETING},
    {.state = FRESH, .text = "ada pungli", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "lampu mati", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "LAPOR!! JALAN RUSAK", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "Nama: Sari", .act = CHAT_ANSWER, .nama = "Sari"},
    {.state = FRESH, .text = "nama jalan Mastrip rusak", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "alamat jalan mastrip no 3 banjir, tolong", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "anak saya namanya Budi dipukul di sekolah", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "atas nama Budi ktp belum jadi", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "kirim petugas ke sini", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "petugasnya galak", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "orangnya galak banget", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "bsa ngomong sm org kecamatan", .act = CHAT_PERSON},
    {.state = FRESH, .text = "batalin aja deh", .act = CHAT_CANCEL},
    {.state = FRESH, .text = "saya batal bikin ktp karena petugas minta uang", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "selesai", .act = CHAT_DONE},
    {.state = FRESH, .text = "sudah selesai pak, makasih", .act = CHAT_DONE},
    {.state = FRESH, .text = "stop", .act = CHAT_DONE},
    {.state = FRESH, .text = "cek", .act = CHAT_STATUS},
    {.state = FRESH, .text = "cek 7KQMX2R94T", .act = CHAT_STATUS, .found = "7KQMX2R94T"},
    {.state = FRESH, .text = "kode 7KQM-X2R9-4T gimana pak", .act = CHAT_STATUS, .found = "7KQMX2R94T"},
    {.state = FRESH, .text = "lapor lagi", .act = CHAT_NEW},
    {.state = FRESH, .text = "laporan lain pak. sampah menumpuk di gang 3", .act = CHAT_NEW},
    {.state = FRESH, .text = "terima kasih sudah diperbaiki tapi masih bocor", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "P", .act = CHAT_GREETING},
    {.state = FRESH, .text = "ping", .act = CHAT_GREETING},
    {.state = FRESH, .text = "tes", .act = CHAT_GREETING},
    {.state = FRESH, .text = "min", .act = CHAT_GREETING},
    {.state = FRESH, .text = "admin", .act = CHAT_GREETING},
    {.state = FRESH, .text = "hallo min mau nanya dong", .act = CHAT_GREETING},
    {.state = FRESH, .text = "assalamu'alaikum wr wb", .act = CHAT_GREETING},
    {.state = FRESH, .text = "Assalamualaikum wr. wb. lampu mati di RT 3", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "ok makasih min", .act = CHAT_THANKS},
    {.state = FRESH, .text = "siap pak terima kasih banyak atas bantuannya", .act = CHAT_THANKS},
    {.state = FRESH, .text = "sae pak, matur suwun", .act = CHAT_THANKS},
    /* Forms of words, whose they say it is, and slips of the thumb. */
    {.state = NAMA, .text = "asmane Sukirman", .act = CHAT_ANSWER, .nama = "Sukirman"},
    {.state = FRESH, .text = "namanya Pak Joko, jualan miras di ruko", .act = CHAT_CONTENT},
    {.state = FRESH, .text = "alamatku Gedang RT 3", .act = CHAT_ANSWER, .alamat = "Gedang RT 3"},
    {.state = ALAMAT, .text = "omahku Pamotan RT 2", .act = CHAT_ANSWER, .alamat = "Pamotan RT 2"},
    {.state = FRESH, .text = "rumahku kebanjiran", .act = CHAT_CONTENT},
    {.state = KNOWN, .text = "alamt: Mindi RT 1", .act = CHAT_ANSWER, .alamat = "Mindi RT 1"},
    {.state = NAMA, .text = "Alamsyah", .act = CHAT_ANSWER, .nama = "Alamsyah"},
    {.state = NAMA, .text = "Tasmir", .act = CHAT_ANSWER, .nama = "Tasmir"},
    {.state = NAMA, .text = "Selamet Riyadi", .act = CHAT_ANSWER, .nama = "Selamet Riyadi"},
    {.state = NAMA, .text = "Bisa dengan Dewi Anggraini", .act = CHAT_ANSWER, .nama = "Dewi Anggraini"},
    {.state = NAMA, .text = "Cak Di", .act = CHAT_ANSWER, .nama = "Di"},
    {.state = NAMA, .text = "Mbok Nah", .act = CHAT_ANSWER, .nama = "Nah"},
    {.state = NAMA, .text = "pak ya", .act = CHAT_THANKS},
    {.state = NAMA, .text = "tang nyama Sutija", .act = CHAT_ANSWER, .nama = "Sutija"},
    {.state = NAMA, .text = "dinda kk", .act = CHAT_ANSWER, .nama = "dinda"},
    {.state = NAMA, .text = "namanya jangan dicantumkan ya bu", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA,
        .text = "Teguh, 41 tahun, sopir elf, Kedungcangkring RT 2",
        .act = CHAT_ANSWER,
        .nama = "Teguh",
        .pekerjaan = "sopir elf",
        .alamat = "Kedungcangkring RT 2"},
    {.state = NAMA,
        .text = "Nama saya Lilis Suryani, S.Pd.",
        .act = CHAT_ANSWER,
        .nama = "Lilis Suryani, S.Pd"},
    {.state = PEKERJAAN, .text = "buka warung kopi", .act = CHAT_ANSWER, .pekerjaan = "buka warung kopi"},
    {.state = PEKERJAAN, .text = "Saya seorang guru", .act = CHAT_ANSWER, .pekerjaan = "guru"},
    {.state = KNOWN,
        .text = "maaf RT 5 maksud saya, Gedang RT 5",
        .act = CHAT_ANSWER,
        .alamat = "Gedang RT 5"},
    {.state = KNOWN, .text = "min aduan saya udah dikerjain belom?", .act = CHAT_STATUS},
    {.state = KNOWN, .text = "laporan saya belum dikerjakan pak", .act = CHAT_CONTENT},
    {.state = NAMA, .text = "Perkenalkan, saya Ir. Suharyadi", .act = CHAT_ANSWER, .nama = "Ir. Suharyadi"},
    {.state = NAMA, .text = "ta' endha' asebbut, tako' pak", .act = CHAT_ANONYM, .anonym = true},
    {.state = NAMA,
        .text = "Eko Wahyudi umur 34 th, montir",
        .act = CHAT_ANSWER,
        .nama = "Eko Wahyudi",
        .pekerjaan = "montir"},
    {.state = PEKERJAAN, .text = "selebgram wkwkwk", .act = CHAT_ANSWER, .pekerjaan = "selebgram"},
    {.state = PEKERJAAN, .text = "*Rokhim", .act = CHAT_ANSWER, .nama = "Rokhim"},
    {.state = PEKERJAAN, .text = "*tani*", .act = CHAT_ANSWER, .pekerjaan = "tani"},
    {.state = KNOWN, .text = "ralat pak alamat Wunut RT 12", .act = CHAT_ANSWER, .alamat = "Wunut RT 12"},
    {.state = ALAMAT, .text = "jangan deh pak takut disamperin", .act = CHAT_SKIP},
    {.state = RATING, .text = "puas sekali, terima kasih", .act = CHAT_RATING, .rating = 4},
    {.state = RATING, .text = "belum selesai pak", .act = CHAT_CONTENT},
    {.state = RATING, .text = "1", .act = CHAT_RATING, .rating = 1},
    {.state = RATING, .text = "5", .act = CHAT_RATING},
    {.state = RATING, .text = "kok belum dikerjakan", .act = CHAT_CONTENT},
    {.state = RATING, .text = "terima kasih", .act = CHAT_THANKS},
};

static struct chat_context context_of(enum state state)
{
    struct chat_context context = {
        .asked = CHAT_NOTHING_ASKED, .missing = 7, .rating_asked = state == RATING};
    if (state >= NAMA && state <= ALAMAT)
        context.asked = (enum chat_field)(state - NAMA);
    if (state >= PEKERJAAN && state <= KNOWN) {
        context.said[CHAT_NAMA] = "Rohim";
        context.missing &= ~(1u << CHAT_NAMA);
    }
    if (state == ALAMAT || state == KNOWN) {
        context.said[CHAT_PEKERJAAN] = "tani";
        context.missing &= ~(1u << CHAT_PEKERJAAN);
    }
    if (state == KNOWN) {
        context.said[CHAT_ALAMAT] = "Kedopok RT 1";
        context.missing = 0;
    }
    return context;
}

static bool same(const char *found, const char *expected)
{
    return !strcmp(found, expected ? expected : "");
}

static void each_line_is_read_as_what_it_is(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const struct chat_context context = context_of(row->state);
        struct chat_reading r;
        chat_read(row->text, &context, &r);
        bool good = r.act == row->act && same(r.value[CHAT_NAMA], row->nama) &&
                    same(r.value[CHAT_PEKERJAAN], row->pekerjaan) &&
                    same(r.value[CHAT_ALAMAT], row->alamat) && r.rating == row->rating &&
                    same(*r.code ? r.code : r.number, row->found) && r.anonym == row->anonym;
        if (!good)
            print_error("\"%s\": act %d, nama \"%s\", pekerjaan \"%s\", alamat \"%s\", rating %d, %s%s%s\n",
                row->text, (int)r.act, r.value[CHAT_NAMA], r.value[CHAT_PEKERJAAN], r.value[CHAT_ALAMAT],
                r.rating, r.code, r.number, r.anonym ? ", anonym" : "");
        wrong += !good;
    }
    assert_int_equal(wrong, 0);
}

static void who_wants_a_person_beside_something_else_is_heard(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool person;
    } lines[] = {
        {"tolong sambungkan dengan petugas ya, saya gaptek", true},
        {"got mampet di gang mawar. bisa bicara dengan petugas?", true},
        {"pak tolong saya ditelpon saja, bingung ngetiknya", true},
        {"saya gak ngerti beginian, bisa telpon petugasnya aja ga?", true},
        {"petugas sampah tidak datang, tolong ditegur", false},
        {"saya ditelpon orang yang minta uang", false},
        {"kemarin sudah bicara dengan petugas, tapi belum beres", false},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct chat_context context = context_of(FRESH);
        struct chat_reading r;
        chat_read(lines[i].text, &context, &r);
        if (r.act != CHAT_CONTENT || r.person != lines[i].person)
            fail_msg("\"%s\": act %d, person %d", lines[i].text, (int)r.act, r.person);
    }
}

static void what_is_not_done_yet_is_heard(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "belum selesai pak", "masih mampet", "lampunya mati lagi", "durung didandani", "tidak ada perubahan"};
    const struct chat_context context = context_of(FRESH);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct chat_reading r;
        chat_read(lines[i], &context, &r);
        assert_true(r.unsolved);
        assert_int_equal(r.act, CHAT_CONTENT);
    }
}

static void the_new_matter_begins_behind_the_command(void **state)
{
    (void)state;
    const struct chat_context context = context_of(FRESH);
    struct chat_reading r;
    chat_read("aduan baru: lampu mati", &context, &r);
    assert_int_equal(r.act, CHAT_NEW);
    assert_int_equal(r.rest, strlen("aduan baru: "));
    chat_read("lapor baru", &context, &r);
    assert_int_equal(r.rest, strlen("lapor baru"));
}

static void nothing_and_what_cannot_be_read_is_noise(void **state)
{
    (void)state;
    static const char *const lines[] = {"", " \n ", "...", "\xf0\x9f\x98\xa1", "\xff\xfe", NULL};
    const struct chat_context context = context_of(NAMA);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct chat_reading r;
        chat_read(lines[i], &context, &r);
        assert_int_equal(r.act, CHAT_NOISE);
    }
}

/* A long text is about the matter, whatever it begins with, and is not looked through to its end. */
static void a_megabyte_is_content_at_once(void **state)
{
    (void)state;
    static char text[1 << 20];
    const struct chat_context context = context_of(NAMA);
    struct chat_reading r;
    memset(text, ' ', sizeof text - 1);
    for (size_t i = 0; i + 16 < sizeof text; i += 16)
        memcpy(text + i, "nama saya batal ", 16);
    clock_t begin = clock();
    chat_read(text, &context, &r);
    assert_int_equal(r.act, CHAT_CONTENT);
    assert_true(clock() - begin < CLOCKS_PER_SEC / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_read_as_what_it_is),
        cmocka_unit_test(who_wants_a_person_beside_something_else_is_heard),
        cmocka_unit_test(what_is_not_done_yet_is_heard),
        cmocka_unit_test(the_new_matter_begins_behind_the_command),
        cmocka_unit_test(nothing_and_what_cannot_be_read_is_noise),
        cmocka_unit_test(a_megabyte_is_content_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
