-- What the officers' desk counts and lists at every look.

-- All that rules/state.c calls open, state by state in the order in which it is due: complaint_list.c and workload.c name
-- this very condition. Who only counts or sorts needs no row.
CREATE INDEX complaint_desk ON complaint (state, due_at, section_id, confidentiality) WHERE state IN ('masuk', 'perlu_dilengkapi',
    'diverifikasi', 'diteruskan', 'didisposisikan', 'ditindaklanjuti', 'menunggu_persetujuan', 'disetujui', 'dibuka_kembali');
-- Answered today, this month, and whether in time.
CREATE INDEX complaint_answered ON complaint (answered_at, due_at) WHERE answered_at IS NOT NULL;
-- What of one kind an officer was told and has not looked at.
CREATE INDEX notice_unread_kind ON notice (officer_id, kind, complaint_id) WHERE read_at IS NULL;
-- The same by age: the newest of many without sorting them all.
CREATE INDEX notice_unread_newest ON notice (officer_id) WHERE read_at IS NULL;
