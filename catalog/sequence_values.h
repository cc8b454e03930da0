/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of sequences: one Sequences per Storage knows where each sequence stands and gives the
 * values out.
 *
 * Values are not transactional. A value is given only when a commit of its own has made durable
 * that it is taken: no crash gives it again, and no ROLLBACK. To make that cheap, values are
 * reserved ahead, 32 at first and twice as many each time up to SEQUENCE_AHEAD_MAX: the durable
 * state is the last one reserved. A crash leaves a gap; sequences_close writes back what was not
 * used.
 *
 * The state of a sequence (or of its RESTART) that an open transaction made is that transaction's:
 * its values need no commit of their own, and where it stands goes into the transaction when it
 * commits.
 *
 * nextval runs in workers and writes through the ordinary commit while it holds the mutex of the
 * one state: the only place where a worker waits for the disk. The wait is bounded by two group
 * commits, nobody holds anything that the leader of a commit needs, and it happens once for up to
 * SEQUENCE_AHEAD_MAX values.
 *
 * Ownership law: Sequences lives from sequences_open to sequences_close, inside the life of its
 * Storage, whose companion it is. A SessionSequences belongs to its session's thread, and to the
 * one worker of a statement that is SERIAL.
 */
#ifndef GOTGAN_SEQUENCE_VALUES_H
#define GOTGAN_SEQUENCE_VALUES_H

#include "catalog/sequence.h"
#include "storage/storage.h"

enum { SEQUENCE_AHEAD_FIRST = 32, SEQUENCE_AHEAD_MAX = 65536 };

typedef struct Sequences Sequences;
/* Also removes states that no sequence names: of a RESTART or DROP before a crash. */
must_check bool sequences_open(Storage *storage, Budget *budget, Sequences **sequences,
                               Error *error);
/* Nobody takes values any more. CLOSE_ABANDON writes nothing. */
must_check bool sequences_close(Sequences *sequences, StorageClose how, Error *error);

/* What one session remembers. */
typedef struct SessionSequence SessionSequence;
typedef struct SessionSequences {
    Sequences *shared;
    Budget *budget;
    Arena arena; /* of the list */
    SessionSequence *list;
    u32 last;       /* the sequence lastval means; 0: none */
    bool read_only; /* the transaction at hand */
} SessionSequences;

void session_sequences_open(SessionSequences *session, Sequences *shared, Budget *budget);
/* Also DISCARD SEQUENCES: it is empty again. */
void session_sequences_close(SessionSequences *session);

/* Around the end of a transaction. */
/* Before its commit: where its own states stand goes into it. */
must_check bool sequences_before_commit(Sequences *sequences, Transaction *transaction,
                                        Error *error);
typedef enum TransactionEnd { ENDED_BY_COMMIT, ENDED_BY_ROLLBACK } TransactionEnd;
void sequences_transaction_end(Sequences *sequences, u64 transaction, TransactionEnd end);
/* A state has lost its sequence, or will with the commit at hand. Now and then, after a commit, the
 * session removes what nobody names. */
void sequences_note_retired(Sequences *sequences);
must_check bool sequences_sweep_if_due(Sequences *sequences, Error *error);

/* nextval for `count` rows into values. False: *given were got before error. */
must_check bool sequence_next(SessionSequences *session, const Snapshot *snapshot, u32 oid,
                              i64 *values, i64 count, i64 *given, Error *error);
must_check bool sequence_set(SessionSequences *session, const Snapshot *snapshot, u32 oid,
                             SequencePoint point, Error *error);
/* currval. */
must_check bool sequence_current(SessionSequences *session, const Snapshot *snapshot, u32 oid,
                                 i64 *value, Error *error);
/* lastval. */
must_check bool sequence_last(SessionSequences *session, const Snapshot *snapshot, i64 *value,
                              Error *error);
/* Where it stands; *log_count: PostgreSQL's log_cnt. */
must_check bool sequence_point(const Snapshot *snapshot, u32 oid, SequencePoint *point,
                               i64 *log_count, Error *error);

#endif
