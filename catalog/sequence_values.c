/* SPDX-License-Identifier: Apache-2.0
 *
 * Giving out values of sequences; sequence_values.h tells the law of it.
 *
 * Which state a sequence has is asked anew for every chunk: of the transaction's own writes, else
 * of the newest committed catalogue, so that a RESTART reaches everybody at once and a snapshot
 * from before it cannot give values twice. States are kept in a hash table by number; whoever works
 * with one holds a count and its mutex. A state that was swept away is `gone`: who finds it so
 * looks again.
 *
 * Memory: 160 bytes per state that was ever used, counted by the server's budget; per session one
 * small node per sequence it took values of. Locks: Sequences.mutex (the table) and
 * SequenceState.mutex are never held together but in this order: the state's first.
 */
#include "catalog/sequence_values.h"

#include <pthread.h>

#include "base/counted.h"
#include "base/mutex.h"
#include "base/text.h"
#include "catalog/names.h"
#include "catalog/object_codec.h"

enum { BUCKETS = 1024, SWEEP_AFTER = 64, LOOKS_MAX = 1000, LOG_VALUES = 32 };

typedef struct SequenceState SequenceState;
struct SequenceState {
    SequenceState *next; /* in its bucket */
    u32 number;
    u64 transaction; /* the open one that made it; 0: everybody's. Guarded by Sequences.mutex */
    Mutex mutex;
    bool loaded, gone, changed; /* changed: of an open transaction, not in its writes yet */
    SequencePoint point;
    i64 ahead;    /* values behind point that are reserved, */
    i64 stride;   /* at this increment, */
    i64 min, max; /* within these */
    i64 demand;   /* to reserve next time */
    i64 log_count;
    pthread_mutex_t wait_mutex;
    pthread_cond_t wait_end;
    bool waited;
};

struct Sequences {
    Storage *storage;
    Budget *budget;
    Mutex mutex;
    i64 retired;
    i64 own_states; /* of open transactions */
    SequenceState *buckets[BUCKETS];
};

struct SessionSequence {
    SessionSequence *next;
    u32 oid, state;
    i64 value;        /* of currval */
    i64 stride, left; /* taken from the state with CACHE, not given yet: behind value */
};

/* ---- states ---- */

static void state_closer(void *thing)
{
    SequenceState *state = thing;
    mutex_close(&state->mutex);
    pthread_cond_destroy(&state->wait_end);
    pthread_mutex_destroy(&state->wait_mutex);
}

static SequenceState *state_make(Sequences *sequences, u32 number, Error *error)
{
    SequenceState *state = counted_make((i64)sizeof *state, sequences->budget, state_closer, error);
    if (!state)
        return NULL;
    state->number = number;
    state->demand = SEQUENCE_AHEAD_FIRST;
    mutex_open(&state->mutex);
    pthread_mutex_init(&state->wait_mutex, NULL);
    pthread_cond_init(&state->wait_end, NULL);
    return state;
}

/* With a count for the caller; NULL with error: no memory. */
static SequenceState *state_find(Sequences *sequences, u32 number, Error *error)
{
    SequenceState **bucket = &sequences->buckets[number % BUCKETS];
    mutex_lock(&sequences->mutex);
    SequenceState *state = *bucket;
    while (state && state->number != number)
        state = state->next;
    if (!state && (state = state_make(sequences, number, error)) != NULL) {
        state->next = *bucket;
        *bucket = state;
    }
    counted_keep(state);
    mutex_unlock(&sequences->mutex);
    return state;
}

/* Out of the table, where it is still. */
static void state_unlink(Sequences *sequences, SequenceState *state)
{
    mutex_lock(&sequences->mutex);
    SequenceState **at = &sequences->buckets[state->number % BUCKETS];
    while (*at && *at != state)
        at = &(*at)->next;
    bool linked = *at != NULL;
    if (linked)
        *at = state->next;
    mutex_unlock(&sequences->mutex);
    if (linked)
        counted_drop(state);
}

static void state_release(SequenceState *state)
{
    mutex_unlock(&state->mutex);
    counted_drop(state);
}

/* ---- a short commit ---- */

static void wake_waiter(void *argument)
{
    SequenceState *state = argument;
    pthread_mutex_lock(&state->wait_mutex);
    state->waited = true;
    pthread_cond_signal(&state->wait_end);
    pthread_mutex_unlock(&state->wait_mutex);
}

/* Leads the commit, or waits for its leader. */
static bool commit_and_wait(Storage *storage, Transaction *transaction, SequenceState *state,
                            Error *error)
{
    Ticket ticket = {0};
    state->waited = false;
    ticket_arm(&ticket, wake_waiter, state);
    WriteStatus status = transaction_commit_begin(transaction, &ticket, error);
    if (status != WRITE_WAIT)
        return status == WRITE_DONE;
    commit_step(storage);
    pthread_mutex_lock(&state->wait_mutex);
    while (!state->waited)
        pthread_cond_wait(&state->wait_end, &state->wait_mutex);
    pthread_mutex_unlock(&state->wait_mutex);
    if (ticket_state(&ticket) == TICKET_GRANTED)
        return true;
    *error = ticket.error;
    return false;
}

typedef enum StateWrite { STATE_WRITTEN, STATE_LOST, STATE_FAILED } StateWrite;

/* Makes the point durable. LOST: the state is being swept away. */
static StateWrite state_write(Sequences *sequences, SequenceState *state, SequencePoint point,
                              Error *error)
{
    Transaction *transaction;
    Ticket ticket = {0};
    Error why;
    if (!transaction_begin(sequences->storage, READ_COMMITTED, sequences->budget, &transaction,
                           error))
        return STATE_FAILED;
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = catalog_put_sequence_state(transaction, state->number, point,
                                                    sequences->budget, &ticket, error);
    if (status == WRITE_DONE)
        return commit_and_wait(sequences->storage, transaction, state, error) ? STATE_WRITTEN
                                                                              : STATE_FAILED;
    if (status == WRITE_WAIT) {
        error_set(&why, E_QUERY_CANCELED, "the sequence has another state");
        transaction_cancel_wait(transaction, &ticket, &why);
    }
    transaction_rollback(transaction);
    return status == WRITE_WAIT ? STATE_LOST : STATE_FAILED;
}

/* ---- which state ---- */

/* What is being worked on. */
typedef struct SequenceWork {
    Sequences *sequences;
    const Snapshot *snapshot; /* of the statement */
    u32 oid;
    CatalogSequence definition;
    SequenceState *state; /* locked, counted */
} SequenceWork;

static bool decode(u32 object_class, const StoredObject *object, void *thing, Error *error)
{
    Arena none; /* its fields need no memory */
    arena_open(&none, NULL);
    bool good = object_decode(object_record(object_class), object->bytes, thing, &none, error);
    arena_close(&none);
    return good;
}

static bool no_sequence(const SequenceWork *work, Error *error)
{
    const StoredObject *relation = object_get(work->snapshot, CLASS_RELATION, work->oid);
    if (relation)
        return error_set(error, E_WRONG_OBJECT_TYPE, "\"%.*s\" is not a sequence",
                         TEXT_ARG(relation->key.name));
    return error_set(error, E_INTERNAL_ERROR, "could not open relation with OID %u", work->oid);
}

/* The transaction's own definition, else the newest there is. */
static bool read_definition(SequenceWork *work, const Snapshot *newest, Error *error)
{
    const StoredObject *own = object_get(work->snapshot, CLASS_SEQUENCE, work->oid);
    const StoredObject *object =
        own && own->version == VERSION_OWN ? own : object_get(newest, CLASS_SEQUENCE, work->oid);
    return object ? decode(CLASS_SEQUENCE, object, &work->definition, error)
                  : no_sequence(work, error);
}

/* The state's point from disk, or from the transaction that made it; its mutex is held. *found:
 * it is somewhere. */
static bool load_state(SequenceWork *work, SequenceState *state, const Snapshot *newest,
                       bool *found, Error *error)
{
    const StoredObject *object = object_get(newest, CLASS_SEQUENCE_STATE, state->number);
    u64 transaction = 0;
    if (!object) {
        object = object_get(work->snapshot, CLASS_SEQUENCE_STATE, state->number);
        if (object && object->version != VERSION_OWN)
            object = NULL; /* swept since the statement began */
        if (object)
            transaction = transaction_id(snapshot_transaction(work->snapshot));
    }
    *found = object != NULL;
    if (!object)
        return true;
    mutex_lock(&work->sequences->mutex);
    state->transaction = transaction;
    work->sequences->own_states += transaction != 0;
    mutex_unlock(&work->sequences->mutex);
    state->loaded = decode(CLASS_SEQUENCE_STATE, object, &state->point, error);
    return state->loaded;
}

static bool look_once(SequenceWork *work, const Snapshot *newest, bool *found, Error *error)
{
    *found = false;
    if (!read_definition(work, newest, error))
        return false;
    SequenceState *state = state_find(work->sequences, work->definition.state, error);
    if (!state)
        return false;
    mutex_lock(&state->mutex);
    *found = state->loaded && !state->gone;
    bool good = state->loaded || load_state(work, state, newest, found, error);
    work->state = state;
    if (good && *found)
        return true;
    if (!*found)
        state->gone = true;
    mutex_unlock(&state->mutex);
    if (!*found)
        state_unlink(work->sequences, state);
    counted_drop(state);
    return good;
}

/* Finds and locks the state; to be released. */
static bool work_begin(SequenceWork *work, Error *error)
{
    Snapshot *newest;
    for (i32 looks = 0; looks < LOOKS_MAX; looks++) {
        bool found;
        if (!snapshot_newest(work->sequences->storage, &newest, error))
            return false;
        bool good = look_once(work, newest, &found, error);
        snapshot_close(newest);
        if (!good || found)
            return good;
    }
    return error_set(error, E_INTERNAL_ERROR, "sequence %u has no state", work->oid);
}

/* Is the state of the transaction at hand? One that its maker has committed is everybody's, also
 * before sequences_transaction_end has said so. */
static bool is_own(const SequenceWork *work)
{
    const Transaction *transaction = snapshot_transaction(work->snapshot);
    mutex_lock(&work->sequences->mutex);
    u64 owner = work->state->transaction;
    mutex_unlock(&work->sequences->mutex);
    return owner && transaction && owner == transaction_id(transaction);
}

static Text sequence_name(const SequenceWork *work)
{
    const StoredObject *relation = object_get(work->snapshot, CLASS_RELATION, work->oid);
    return relation ? relation->key.name : TEXT("?");
}

/* ---- taking values ---- */

/* How many steps lie between value and the end it counts to. */
static u64 steps_left(const CatalogSequence *definition, i64 value)
{
    i64 step = definition->increment;
    if (step > 0)
        return value > definition->max ? 0 : ((u64)definition->max - (u64)value) / (u64)step;
    return value < definition->min ? 0 : ((u64)value - (u64)definition->min) / (0 - (u64)step);
}

static i64 steps_on(i64 value, i64 step, u64 count)
{
    return (i64)((u64)value + (u64)step * count);
}

/* The value behind the point; false: the sequence is at its end. */
static bool value_behind(const SequenceWork *work, i64 *value, Error *error)
{
    const CatalogSequence *definition = &work->definition;
    SequencePoint point = work->state->point;
    bool up = definition->increment > 0;
    *value = point.last;
    if (!point.is_called)
        return true;
    if (steps_left(definition, point.last) > 0) {
        *value = steps_on(point.last, definition->increment, 1);
        return true;
    }
    *value = up ? definition->min : definition->max;
    return definition->cycle || error_set(error, E_SEQUENCE_GENERATOR_LIMIT_EXCEEDED,
                                          "nextval: reached %s value of sequence \"%.*s\" (%lld)",
                                          up ? "maximum" : "minimum", TEXT_ARG(sequence_name(work)),
                                          (long long)(up ? definition->max : definition->min));
}

static bool is_reserved(const SequenceWork *work)
{
    const SequenceState *state = work->state;
    return state->ahead > 0 && state->stride == work->definition.increment &&
           state->min == work->definition.min && state->max == work->definition.max;
}

/* Reserves `wanted` values from value on, as far as the sequence goes. */
static StateWrite reserve(const SequenceWork *work, i64 value, i64 wanted, Error *error)
{
    SequenceState *state = work->state;
    const CatalogSequence *definition = &work->definition;
    u64 steps = steps_left(definition, value);
    if (steps > (u64)(wanted - 1))
        steps = (u64)(wanted - 1);
    SequencePoint end = {steps_on(value, definition->increment, steps), true};
    StateWrite write = state_write(work->sequences, state, end, error);
    if (write != STATE_WRITTEN)
        return write;
    state->ahead = (i64)steps + 1;
    state->stride = definition->increment;
    state->min = definition->min;
    state->max = definition->max;
    return STATE_WRITTEN;
}

/* log_cnt, as PostgreSQL counts it. */
static void count_logged(SequenceState *state, const CatalogSequence *definition, i64 value)
{
    if (state->log_count > 0 && state->point.is_called) {
        state->log_count--;
        return;
    }
    u64 left = steps_left(definition, value);
    state->log_count = (i64)(left < LOG_VALUES ? left : LOG_VALUES);
}

static StateWrite take_one(const SequenceWork *work, i64 still, i64 *value, Error *error)
{
    SequenceState *state = work->state;
    bool own = is_own(work);
    if (!value_behind(work, value, error))
        return STATE_FAILED;
    if (!own && !is_reserved(work)) {
        i64 wanted = max_i64(state->demand, min_i64(still, SEQUENCE_AHEAD_MAX));
        StateWrite write = reserve(work, *value, wanted, error);
        if (write != STATE_WRITTEN)
            return write;
        state->demand = min_i64(state->demand * 2, SEQUENCE_AHEAD_MAX);
    }
    count_logged(state, &work->definition, *value);
    state->point = (SequencePoint){*value, true};
    state->ahead -= !own;
    state->changed = own;
    return STATE_WRITTEN;
}

/* Values while they are reserved and no end is in sight need no thought. */
static i64 take_reserved(const SequenceWork *work, i64 *values, i64 count)
{
    SequenceState *state = work->state;
    if (!is_reserved(work) || !state->point.is_called)
        return 0;
    u64 left = steps_left(&work->definition, state->point.last);
    i64 n = min_i64(count, state->ahead);
    if ((u64)n > left)
        n = (i64)left;
    for (i64 i = 0; i < n; i++) {
        values[i] = steps_on(state->point.last, state->stride, 1);
        count_logged(state, &work->definition, values[i]);
        state->point.last = values[i];
    }
    state->ahead -= n;
    return n;
}

/* Values of the state into values; STATE_LOST: begin anew for the rest. */
static StateWrite take_values(const SequenceWork *work, i64 *values, i64 count, i64 *given,
                              Error *error)
{
    StateWrite write = STATE_WRITTEN;
    while (*given < count && write == STATE_WRITTEN) {
        *given += take_reserved(work, values + *given, count - *given);
        if (*given == count)
            break;
        write = take_one(work, count - *given, &values[*given], error);
        *given += write == STATE_WRITTEN;
    }
    return write;
}

/* ---- the session's side ---- */

void session_sequences_open(SessionSequences *session, Sequences *shared, Budget *budget)
{
    *session = (SessionSequences){.shared = shared, .budget = budget};
    arena_open(&session->arena, budget);
}

void session_sequences_close(SessionSequences *session)
{
    arena_close(&session->arena);
    session->list = NULL;
    session->last = 0;
}

static SessionSequence *session_find(SessionSequences *session, u32 oid)
{
    SessionSequence *own = session->list;
    while (own && own->oid != oid)
        own = own->next;
    return own;
}

static SessionSequence *session_remember(SessionSequences *session, u32 oid, Error *error)
{
    SessionSequence *own = session_find(session, oid);
    if (own)
        return own;
    own = arena_try(&session->arena, (i64)sizeof *own, error);
    if (!own)
        return NULL;
    *own = (SessionSequence){.next = session->list, .oid = oid};
    session->list = own;
    return own;
}

/* Values taken before with CACHE, of the same state. */
static i64 take_cached(const SequenceWork *work, SessionSequence *own, i64 *values, i64 count)
{
    const CatalogSequence *definition = &work->definition;
    if (own->state != definition->state || own->stride != definition->increment)
        own->left = 0;
    i64 n = min_i64(count, own->left);
    for (i64 i = 0; i < n; i++)
        own->value = values[i] = steps_on(own->value, own->stride, 1);
    own->left -= n;
    return n;
}

/* A cacheful, of which the first goes to *value. The rest lies behind it in steps, so it ends where
 * the sequence turns round. */
static StateWrite take_cacheful(const SequenceWork *work, SessionSequence *own, i64 *value,
                                Error *error)
{
    StateWrite write = take_one(work, work->definition.cache, value, error);
    if (write != STATE_WRITTEN)
        return write;
    own->state = work->definition.state;
    own->stride = work->definition.increment;
    own->value = *value;
    for (own->left = 0; own->left < work->definition.cache - 1; own->left++) {
        i64 next;
        Error ignored; /* the end of the sequence is the next cacheful's to meet */
        if (steps_left(&work->definition, work->state->point.last) == 0)
            break;
        write = take_one(work, work->definition.cache - 1 - own->left, &next, &ignored);
        if (write != STATE_WRITTEN)
            break;
    }
    return STATE_WRITTEN;
}

static StateWrite take_with_cache(const SequenceWork *work, SessionSequence *own, i64 *values,
                                  i64 count, i64 *given, Error *error)
{
    StateWrite write = STATE_WRITTEN;
    while (*given < count && write == STATE_WRITTEN) {
        *given += take_cached(work, own, values + *given, count - *given);
        if (*given == count)
            break;
        write = take_cacheful(work, own, &values[*given], error);
        *given += write == STATE_WRITTEN;
    }
    return write;
}

/* May the transaction change where the sequence stands? One that is read-only may where that is
 * temporary. */
static bool check_writable(const SessionSequences *session, const Snapshot *snapshot, u32 oid,
                           const char *function, Error *error)
{
    const StoredObject *relation = object_get(snapshot, CLASS_RELATION, oid);
    const StoredObject *schema =
        relation ? object_get(snapshot, CLASS_SCHEMA, relation->key.schema) : NULL;
    bool temporary = schema && catalog_is_temporary_name(schema->key.name);
    if (temporary && schema->oid != temporary_schema_oid(&(CatalogView){.snapshot = snapshot}))
        return error_set(error, E_FEATURE_NOT_SUPPORTED,
                         "cannot access temporary tables of other sessions");
    return temporary || !session->read_only ||
           error_set(error, E_READ_ONLY_SQL_TRANSACTION,
                     "cannot execute %s in a read-only transaction", function);
}

static SequenceWork work_on(const SessionSequences *session, const Snapshot *snapshot, u32 oid)
{
    return (SequenceWork){.sequences = session->shared, .snapshot = snapshot, .oid = oid};
}

bool sequence_next(SessionSequences *session, const Snapshot *snapshot, u32 oid, i64 *values,
                   i64 count, i64 *given, Error *error)
{
    SequenceWork work = work_on(session, snapshot, oid);
    StateWrite write = STATE_LOST;
    SessionSequence *own = session_remember(session, oid, error);
    *given = 0;
    if (!own || !check_writable(session, snapshot, oid, "nextval()", error))
        return false;
    while (write == STATE_LOST) {
        if (!work_begin(&work, error))
            return false;
        write = work.definition.cache > 1 || own->left
                    ? take_with_cache(&work, own, values, count, given, error)
                    : take_values(&work, values, count, given, error);
        state_release(work.state);
    }
    if (*given == 0)
        return false;
    own->state = work.definition.state;
    own->value = values[*given - 1];
    session->last = oid;
    return write == STATE_WRITTEN;
}

/* ---- setval, currval, lastval ---- */

static bool check_bounds(const SequenceWork *work, i64 value, Error *error)
{
    const CatalogSequence *definition = &work->definition;
    if (value >= definition->min && value <= definition->max)
        return true;
    return error_set(error, E_NUMERIC_VALUE_OUT_OF_RANGE,
                     "setval: value %lld is out of bounds for sequence \"%.*s\" (%lld..%lld)",
                     (long long)value, TEXT_ARG(sequence_name(work)), (long long)definition->min,
                     (long long)definition->max);
}

static StateWrite set_point(const SequenceWork *work, SequencePoint point, Error *error)
{
    SequenceState *state = work->state;
    bool own = is_own(work);
    StateWrite write = own ? STATE_WRITTEN : state_write(work->sequences, state, point, error);
    if (write != STATE_WRITTEN)
        return write;
    state->point = point;
    state->changed = own;
    state->ahead = state->log_count = 0;
    return STATE_WRITTEN;
}

bool sequence_set(SessionSequences *session, const Snapshot *snapshot, u32 oid, SequencePoint point,
                  Error *error)
{
    SequenceWork work = work_on(session, snapshot, oid);
    StateWrite write = STATE_LOST;
    SessionSequence *own = session_remember(session, oid, error);
    if (!own || !check_writable(session, snapshot, oid, "setval()", error))
        return false;
    while (write == STATE_LOST) {
        if (!work_begin(&work, error))
            return false;
        write =
            check_bounds(&work, point.last, error) ? set_point(&work, point, error) : STATE_FAILED;
        state_release(work.state);
    }
    if (write == STATE_FAILED)
        return false;
    own->left = 0;
    if (point.is_called) { /* currval is what it was set to, as PostgreSQL has it */
        own->state = work.definition.state;
        own->value = point.last;
    }
    return true;
}

bool sequence_current(SessionSequences *session, const Snapshot *snapshot, u32 oid, i64 *value,
                      Error *error)
{
    const SessionSequence *own = session_find(session, oid);
    SequenceWork work = work_on(session, snapshot, oid);
    if (!object_get(snapshot, CLASS_SEQUENCE, oid))
        return no_sequence(&work, error);
    if (!own || !own->state)
        return error_set(error, E_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "currval of sequence \"%.*s\" is not yet defined in this session",
                         TEXT_ARG(sequence_name(&work)));
    *value = own->value;
    return true;
}

bool sequence_last(SessionSequences *session, const Snapshot *snapshot, i64 *value, Error *error)
{
    const SessionSequence *own = session_find(session, session->last);
    if (!own || !object_get(snapshot, CLASS_SEQUENCE, own->oid))
        return error_set(error, E_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "lastval is not yet defined in this session");
    *value = own->value;
    return true;
}

bool sequence_point(const Snapshot *snapshot, u32 oid, SequencePoint *point, i64 *log_count,
                    Error *error)
{
    SequenceWork work = {.sequences = storage_companion(snapshot_storage(snapshot)),
                         .snapshot = snapshot,
                         .oid = oid};
    if (!work_begin(&work, error))
        return false;
    *point = work.state->point;
    *log_count = work.state->log_count;
    state_release(work.state);
    return true;
}

/* ---- ends of transactions ---- */

/* The next state of the transaction's own, counted; NULL: no more. */
static SequenceState *own_state_next(Sequences *sequences, u64 transaction, i32 *bucket,
                                     bool (*wanted)(const SequenceState *))
{
    SequenceState *found = NULL;
    mutex_lock(&sequences->mutex);
    for (; sequences->own_states && *bucket < BUCKETS && !found; *bucket += !found)
        for (SequenceState *state = sequences->buckets[*bucket]; state && !found;
             state = state->next)
            if (state->transaction == transaction && wanted(state))
                found = counted_keep(state);
    mutex_unlock(&sequences->mutex);
    return found;
}

static bool is_changed(const SequenceState *state)
{
    return state->changed;
}

static bool is_any(const SequenceState *state)
{
    return true;
}

bool sequences_before_commit(Sequences *sequences, Transaction *transaction, Error *error)
{
    SequenceState *state;
    i32 bucket = 0;
    u64 id = transaction_id(transaction);
    while ((state = own_state_next(sequences, id, &bucket, is_changed)) != NULL) {
        Ticket ticket = {0};
        ticket_arm(&ticket, NULL, NULL);
        WriteStatus status = catalog_put_sequence_state(transaction, state->number, state->point,
                                                        sequences->budget, &ticket, error);
        assert(status != WRITE_WAIT); /* it has its lock since it made it */
        state->changed = false;
        counted_drop(state);
        if (status != WRITE_DONE)
            return false;
    }
    return true;
}

void sequences_transaction_end(Sequences *sequences, u64 transaction, TransactionEnd end)
{
    SequenceState *state;
    i32 bucket = 0;
    while ((state = own_state_next(sequences, transaction, &bucket, is_any)) != NULL) {
        mutex_lock(&sequences->mutex);
        state->transaction = 0;
        sequences->own_states--;
        mutex_unlock(&sequences->mutex);
        if (end == ENDED_BY_ROLLBACK)
            state_unlink(sequences, state);
        counted_drop(state);
    }
}

/* ---- states that nobody names ---- */

static int compare_numbers(const void *a, const void *b)
{
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    return (x > y) - (x < y);
}

/* The states that sequences of the snapshot have, sorted. */
static bool named_states(const Snapshot *snapshot, Buffer *numbers, Error *error)
{
    const StoredObject *object = object_next(snapshot, CLASS_SEQUENCE, 0);
    for (; object; object = object_next(snapshot, CLASS_SEQUENCE, object->oid + 1)) {
        CatalogSequence sequence = {0};
        if (!decode(CLASS_SEQUENCE, object, &sequence, error) ||
            !buffer_append(numbers, &sequence.state, sizeof sequence.state, error))
            return false;
    }
    if (numbers->len)
        qsort(numbers->data, (size_t)numbers->len / sizeof(u32), sizeof(u32), compare_numbers);
    return true;
}

static bool state_retire(Sequences *sequences, Transaction *transaction, u32 number, Error *error)
{
    Ticket ticket = {0};
    SequenceState *state = state_find(sequences, number, error);
    if (!state)
        return false;
    mutex_lock(&state->mutex);
    state->gone = true;
    state_release(state);
    state_unlink(sequences, state);
    ticket_arm(&ticket, NULL, NULL);
    WriteStatus status = object_drop(transaction, CLASS_SEQUENCE_STATE, number, &ticket, error);
    if (status != WRITE_WAIT)
        return status == WRITE_DONE;
    Error why; /* somebody takes a last value: another time */
    error_set(&why, E_QUERY_CANCELED, "the sequence is in use");
    transaction_cancel_wait(transaction, &ticket, &why);
    return true;
}

static bool retire_unnamed(Sequences *sequences, Transaction *transaction, const Snapshot *snapshot,
                           Buffer *named, Error *error)
{
    const StoredObject *object = object_next(snapshot, CLASS_SEQUENCE_STATE, 0);
    for (; object; object = object_next(snapshot, CLASS_SEQUENCE_STATE, object->oid + 1)) {
        bool is_named =
            named->len && bsearch(&object->oid, named->data, (size_t)named->len / sizeof(u32),
                                  sizeof(u32), compare_numbers);
        if (!is_named && !state_retire(sequences, transaction, object->oid, error))
            return false;
    }
    return true;
}

static bool commit_sweep(Sequences *sequences, Transaction *transaction, Error *error)
{
    SequenceState *waiter = state_make(sequences, 0, error);
    if (!waiter) {
        transaction_rollback(transaction);
        return false;
    }
    bool good = commit_and_wait(sequences->storage, transaction, waiter, error);
    counted_drop(waiter);
    return good;
}

static bool sweep(Sequences *sequences, Error *error)
{
    Transaction *transaction;
    Snapshot *snapshot;
    Buffer named;
    if (!snapshot_newest(sequences->storage, &snapshot, error))
        return false;
    if (!transaction_begin(sequences->storage, READ_COMMITTED, sequences->budget, &transaction,
                           error)) {
        snapshot_close(snapshot);
        return false;
    }
    buffer_open(&named, sequences->budget);
    bool good = named_states(snapshot, &named, error) &&
                retire_unnamed(sequences, transaction, snapshot, &named, error);
    buffer_close(&named);
    snapshot_close(snapshot);
    if (good)
        return commit_sweep(sequences, transaction, error);
    transaction_rollback(transaction);
    return false;
}

void sequences_note_retired(Sequences *sequences)
{
    mutex_lock(&sequences->mutex);
    sequences->retired++;
    mutex_unlock(&sequences->mutex);
}

bool sequences_sweep_if_due(Sequences *sequences, Error *error)
{
    mutex_lock(&sequences->mutex);
    bool due = sequences->retired >= SWEEP_AFTER;
    if (due)
        sequences->retired = 0;
    mutex_unlock(&sequences->mutex);
    return !due || sweep(sequences, error);
}

/* ---- opening and closing ---- */

bool sequences_open(Storage *storage, Budget *budget, Sequences **out, Error *error)
{
    Sequences *sequences = counted_make((i64)sizeof *sequences, budget, NULL, error);
    if (!sequences)
        return false;
    sequences->storage = storage;
    sequences->budget = budget;
    mutex_open(&sequences->mutex);
    storage_set_companion(storage, sequences);
    *out = sequences;
    if (sweep(sequences, error))
        return true;
    Error ignored;
    bool closed = sequences_close(sequences, CLOSE_ABANDON, &ignored);
    verify(closed);
    return false;
}

/* Reserved values that nobody took go back. */
static bool write_back(Sequences *sequences, Error *error)
{
    Transaction *transaction;
    if (!transaction_begin(sequences->storage, READ_COMMITTED, sequences->budget, &transaction,
                           error))
        return false;
    for (i32 i = 0; i < BUCKETS; i++)
        for (const SequenceState *state = sequences->buckets[i]; state; state = state->next) {
            Ticket ticket = {0};
            ticket_arm(&ticket, NULL, NULL);
            if (state->transaction || state->gone || !state->loaded || state->ahead == 0)
                continue;
            if (catalog_put_sequence_state(transaction, state->number, state->point,
                                           sequences->budget, &ticket, error) == WRITE_DONE)
                continue;
            transaction_rollback(transaction);
            return false;
        }
    return commit_sweep(sequences, transaction, error);
}

bool sequences_close(Sequences *sequences, StorageClose how, Error *error)
{
    bool good = how == CLOSE_ABANDON || write_back(sequences, error);
    for (i32 i = 0; i < BUCKETS; i++)
        while (sequences->buckets[i]) {
            SequenceState *state = sequences->buckets[i];
            sequences->buckets[i] = state->next;
            counted_drop(state);
        }
    storage_set_companion(sequences->storage, NULL);
    mutex_close(&sequences->mutex);
    counted_drop(sequences);
    return good;
}
