/* What was taken out of the book was taken out by an act of the daemon, on a list that the Camat agreed to. That nothing else
 * of it was changed the journal says: each COMMIT's rows are sealed in it together with the event that tells of the act. */
#include "verify_private.h"

/* Columns: complaint, complaint, acts of that moment, lists agreed to by a Camat on which it stands as done then. */
static enum outcome see_forgotten(
    struct verify *v, struct book_txn *txn, struct stmt *row, struct fault *fault)
{
    (void)v;
    if (stmt_int_at(row, 2) != 1)
        return verify_odd(txn, row, "privacy", "penghapusan datanya tidak ada dalam riwayat", fault);
    return stmt_int_at(row, 3) == 1
               ? OUTCOME_DONE
               : verify_odd(txn, row, "privacy", "penghapusan datanya tanpa persetujuan Camat", fault);
}

enum outcome verify_forgotten(struct verify *v, struct book_txn *txn, bool *ret_through, struct fault *fault)
{
    struct stmt s = stmt_open(txn,
        "SELECT p.complaint_id, p.complaint_id, (SELECT count(*) FROM event e WHERE e.kind IN ('lupakan',"
        " 'hapus_disetujui') AND e.at = p.forgotten_at AND e.kind = 'lupakan' AND e.complaint_id = "
        "p.complaint_id),"
        " (SELECT count(*) FROM forget_item i JOIN forget_list l ON l.id = i.list_id WHERE"
        " i.complaint_id = p.complaint_id AND i.done_at = p.forgotten_at AND l.state IN ('disetujui', "
        "'selesai')"
        " AND EXISTS (SELECT 1 FROM event e WHERE e.kind IN ('lupakan', 'hapus_disetujui') AND e.at = "
        "l.decided_at"
        " AND e.kind = 'hapus_disetujui' AND e.actor GLOB 'camat:*' AND json_extract(e.data, '$.list') = "
        "l.id))"
        " FROM privacy p WHERE p.complaint_id > ?1 AND p.forgotten_at IS NOT NULL ORDER BY p.complaint_id");
    return verify_pass(v, txn, s, &v->place.id, see_forgotten, ret_through, fault);
}
