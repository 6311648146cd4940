#include "api.h"

static const struct api_parameter list_query[] = {
    {"keadaan", "Hanya aduan dalam keadaan ini, misalnya diverifikasi."},
    {"saluran",
        "Hanya yang datang lewat saluran ini, misalnya loket, situs, atau gateway: untuk semua gerbang."},
    {"dari", "Diterima sejak tanggal ini, YYYY-MM-DD menurut zona kantor."},
    {"sampai", "Diterima sampai dengan tanggal ini."},
    {"terlambat", "ya: hanya yang melewati batas waktunya."},
    {"q", "Kata yang dicari dalam semua yang dikatakan."},
    {"jumlah", "Paling banyak sekian, 1 sampai 100; 50 bila tidak ditulis."},
    {"kursor", "Isi kursor dari halaman sebelumnya."},
    {0},
};

static const struct api_parameter act_fields[] = {
    {"isi", "Alasan, pertanyaan, laporan, atau jawaban, menurut tindakannya."},
    {"seksi", "disposisi: kunci seksi."},
    {"instruksi", "disposisi: instruksi kepada seksi."},
    {"batas", "disposisi: batas waktu, YYYY-MM-DD."},
    {"cara", "jawab tanpa alamat: lisan, telepon, surat, atau lapor (ditulis di SP4N-LAPOR!)."},
    {"penerima", "jawab tanpa alamat: nama yang menerima."},
    {"instansi", "rujuk: instansi tujuan."},
    {"nomor_instansi", "rujuk: nomor di instansi itu."},
    {"nomor_induk", "gabung: nomor register aduan induk."},
    {0},
};

static const struct api_parameter new_fields[] = {
    {"isi", "Kata-kata pengadu; boleh kosong bila ada berkas."},
    {"nama", "Nama pengadu; perlu, kecuali sifatnya anonim."},
    {"pekerjaan", "Pekerjaan pengadu."},
    {"alamat", "Alamat pengadu."},
    {"telepon", "Telepon pengadu, contoh 0812-3456-7890."},
    {"email", "E-mail pengadu; ke sana jawabannya dikirim."},
    {"jenis", "pengaduan (bila tidak ditulis), aspirasi, atau informasi."},
    {"layanan", "Kunci layanan, misalnya izin_keramaian."},
    {"tempat", "Tempat kejadian."},
    {"sifat", "biasa (bila tidak ditulis), anonim, atau rahasia."},
    {0},
};

static const struct api_parameter note_fields[] = {{"isi", "Catatan, hanya untuk kantor."}, {0}};

const struct api_route api_routes[] = {
    {"GET", "/api/v1/openapi.json", 0, NULL, "Dokumen ini", NULL, NULL, NULL},
    {"GET", "/api/v1/aduan", API_READ, api_list, "Daftar dan pencarian aduan, terbaru dahulu", list_query,
        NULL, "Daftar"},
    {"GET", "/api/v1/aduan/{id}", API_READ, api_one, "Satu aduan dengan percakapan dan riwayatnya", NULL,
        NULL, "Aduan"},
    {"POST", "/api/v1/aduan", API_ACT, api_new,
        "Mencatat aduan baru; berkas dikirim sebagai multipart/form-data dalam isian berkas", NULL,
        new_fields, "Aduan"},
    {"GET", "/api/v1/lampiran/{id}", API_READ, api_file, "Isi satu lampiran", NULL, NULL, NULL},
    {"GET", "/api/v1/angka", API_READ, api_figures, "Jumlah aduan menurut keadaan", NULL, NULL, "Angka"},
    {"POST", "/api/v1/aduan/{id}/catatan", API_ACT, api_note, "Menulis catatan kantor", NULL, note_fields,
        "Aduan"},
    {"POST", "/api/v1/aduan/{id}/{tindakan}", API_ACT, api_do, "Satu tindakan dari tabel keadaan", NULL,
        act_fields, "Aduan"},
    {0},
};
