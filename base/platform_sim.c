/* SPDX-License-Identifier: Apache-2.0
 *
 * Files in memory, twice: what running programs see (live) and what the disk holds (durable), with
 * the list of changes between the two. A sync moves changes over; a power loss keeps some of them.
 *
 * Names work the same way: a live table, a durable table, and the list of operations in between.
 * Tables are small arrays searched from the front: a simulated directory has a few dozen files.
 * The model (subsets of writes, torn sectors, prefix or subset of names) is that of the crash
 * studies ALICE (Pillai et al., OSDI 2014) and CrashMonkey (Mohan et al., OSDI 2018).
 */
#define GOTGAN_BASE_MAY_ALLOCATE
#include "base/platform_sim.h"

enum { SECTOR = 512, PATH_BYTES = 240, NAMES_MAX = 4096 };

typedef struct Bytes {
    u8 *data;
    i64 len, capacity;
} Bytes;

typedef struct UnsyncedWrite {
    struct UnsyncedWrite *next;
    i64 offset, len; /* len < 0: the file was cut (or grown) to offset */
    u8 data[];
} UnsyncedWrite;

typedef struct Inode {
    struct Inode *next; /* all inodes of the simulation, freed at its end */
    Bytes live, durable;
    UnsyncedWrite *first, *last;
} Inode;

typedef struct Name {
    char path[PATH_BYTES];
    Inode *inode;
} Name;

typedef struct Names {
    Name *entries;
    i32 count;
} Names;

typedef enum NameChangeKind { NAME_LINK, NAME_UNLINK, NAME_RENAME } NameChangeKind;
typedef struct NameChange {
    struct NameChange *next;
    NameChangeKind kind;
    Inode *inode;
    char path[PATH_BYTES], to[PATH_BYTES];
} NameChange;

struct File {
    struct File *next;
    Inode *inode;
    bool locks;
};

typedef struct Sim {
    Platform platform;
    u64 random;
    i64 clock_us;
    i64 calls, crash_at;
    bool down;
    Inode *inodes;
    Names live, durable;
    NameChange *first_change, *last_change;
    File *open;
} Sim;

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes);
    verify(memory != NULL);
    return memory;
}

static Sim *sim_of(Platform *platform)
{
    return platform->state;
}

static u64 random_next(Sim *sim)
{
    u64 z = sim->random += 0x9e3779b97f4a7c15ull; /* splitmix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static bool chance(Sim *sim, u32 percent)
{
    return random_next(sim) % 100 < percent;
}

/* ---- bytes ---- */

static void bytes_grow(Bytes *bytes, i64 len)
{
    if (len > bytes->capacity) {
        i64 capacity = max_i64(len, bytes->capacity * 2);
        u8 *data = take((size_t)capacity);
        if (bytes->len)
            memcpy(data, bytes->data, (size_t)bytes->len);
        free(bytes->data);
        bytes->data = data;
        bytes->capacity = capacity;
    }
    if (len > bytes->len) {
        memset(bytes->data + bytes->len, 0, (size_t)(len - bytes->len));
        bytes->len = len;
    }
}

static void bytes_write(Bytes *bytes, const u8 *from, i64 len, i64 offset)
{
    if (len == 0)
        return;
    bytes_grow(bytes, max_i64(bytes->len, offset + len));
    memcpy(bytes->data + offset, from, (size_t)len);
}

static void bytes_resize(Bytes *bytes, i64 len)
{
    if (len < bytes->len)
        bytes->len = len;
    else
        bytes_grow(bytes, len);
}

static void bytes_copy(Bytes *to, const Bytes *from)
{
    to->len = 0;
    bytes_write(to, from->data, from->len, 0);
}

/* ---- names ---- */

static Name *name_find(Names *names, const char *path)
{
    for (i32 i = 0; i < names->count; i++)
        if (strcmp(names->entries[i].path, path) == 0)
            return &names->entries[i];
    return NULL;
}

static void path_copy(char to[PATH_BYTES], const char *from)
{
    size_t len = strlen(from);
    verify(len < PATH_BYTES);
    memcpy(to, from, len + 1);
}

static void name_put(Names *names, const char *path, Inode *inode)
{
    Name *name = name_find(names, path);
    if (!name) {
        verify(names->count < NAMES_MAX);
        name = &names->entries[names->count++];
        path_copy(name->path, path);
    }
    name->inode = inode;
}

static void name_remove(Names *names, const char *path)
{
    Name *name = name_find(names, path);
    if (name)
        *name = names->entries[--names->count];
}

static void change_apply(Names *names, const NameChange *change)
{
    switch (change->kind) {
    case NAME_LINK:
        name_put(names, change->path, change->inode);
        return;
    case NAME_UNLINK:
        name_remove(names, change->path);
        return;
    case NAME_RENAME:
        name_remove(names, change->path);
        name_put(names, change->to, change->inode);
        return;
    }
    unreachable();
}

static void change_add(Sim *sim, NameChangeKind kind, const char *path, const char *to,
                       Inode *inode)
{
    NameChange *change = take(sizeof *change);
    change->kind = kind;
    change->inode = inode;
    path_copy(change->path, path);
    path_copy(change->to, to);
    if (sim->last_change)
        sim->last_change->next = change;
    else
        sim->first_change = change;
    sim->last_change = change;
    change_apply(&sim->live, change);
}

static bool lies_in(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    return strncmp(path, directory, len) == 0 && path[len] == '/' && !strchr(path + len + 1, '/');
}

/* Removes the changes for which `keep` is false from the list, freeing them. */
static void changes_drop(Sim *sim, bool (*keep)(const NameChange *, const void *), const void *with)
{
    NameChange **at = &sim->first_change;
    sim->last_change = NULL;
    while (*at) {
        NameChange *change = *at;
        if (keep(change, with)) {
            sim->last_change = change;
            at = &change->next;
            continue;
        }
        *at = change->next;
        free(change);
    }
}

static bool keep_elsewhere(const NameChange *change, const void *directory)
{
    return !lies_in(change->path, directory);
}
static bool keep_none(const NameChange *change, const void *unused)
{
    return false;
}

/* ---- the machine goes down ---- */

static bool is_down(Sim *sim, Error *error)
{
    sim->clock_us += 3;
    if (sim->down)
        error_set(error, E_IO_ERROR, "the simulated machine is down");
    return sim->down;
}

/* A call that changes the disk: true when the machine is, or just went, down. */
static bool falls(Sim *sim, Error *error)
{
    if (!sim->down && sim->crash_at >= 0 && sim->calls >= sim->crash_at)
        sim->down = true;
    sim->calls++;
    return is_down(sim, error);
}

static void writes_free(Inode *inode)
{
    while (inode->first) {
        UnsyncedWrite *next = inode->first->next;
        free(inode->first);
        inode->first = next;
    }
    inode->last = NULL;
}

static void write_add(Inode *inode, const u8 *from, i64 len, i64 offset)
{
    UnsyncedWrite *write = take(sizeof *write + (size_t)max_i64(len, 0));
    write->offset = offset;
    write->len = len;
    if (len > 0)
        memcpy(write->data, from, (size_t)len);
    if (inode->last)
        inode->last->next = write;
    else
        inode->first = write;
    inode->last = write;
}

/* What the disk kept of one write: all, none, or some of its sectors. */
static void write_survives(Sim *sim, Inode *inode, const UnsyncedWrite *write)
{
    if (write->len < 0) {
        if (chance(sim, 50))
            bytes_resize(&inode->durable, write->offset);
        return;
    }
    u64 fate = random_next(sim) % 4;
    if (fate == 0)
        bytes_write(&inode->durable, write->data, write->len, write->offset);
    if (fate == 1 && chance(sim, 50)) /* the size arrived, the data did not */
        bytes_grow(&inode->durable, max_i64(inode->durable.len, write->offset + write->len));
    if (fate <= 1)
        return;
    for (i64 from = 0; from < write->len;) {
        i64 next =
            min_i64(write->len, (write->offset + from) / SECTOR * SECTOR + SECTOR - write->offset);
        if (chance(sim, fate == 2 ? 85 : 40))
            bytes_write(&inode->durable, write->data + from, next - from, write->offset + from);
        from = next;
    }
}

static void lose_power(Sim *sim)
{
    for (Inode *inode = sim->inodes; inode; inode = inode->next) {
        for (UnsyncedWrite *write = inode->first; write; write = write->next)
            write_survives(sim, inode, write);
        writes_free(inode);
        bytes_copy(&inode->live, &inode->durable);
    }
    i64 changes = 0;
    for (NameChange *change = sim->first_change; change; change = change->next)
        changes++;
    bool prefix = chance(sim, 75);
    i64 kept = changes ? (i64)(random_next(sim) % (u64)(changes + 1)) : 0;
    for (NameChange *change = sim->first_change; change; change = change->next, kept--)
        if (prefix ? kept > 0 : chance(sim, 50))
            change_apply(&sim->durable, change);
    changes_drop(sim, keep_none, NULL);
    memcpy(sim->live.entries, sim->durable.entries, (size_t)sim->durable.count * sizeof(Name));
    sim->live.count = sim->durable.count;
}

static void handles_free(Sim *sim)
{
    while (sim->open) {
        File *next = sim->open->next;
        free(sim->open);
        sim->open = next;
    }
}

void sim_restart(Platform *platform, SimCrash how)
{
    Sim *sim = sim_of(platform);
    handles_free(sim);
    if (how == SIM_POWER_LOSS)
        lose_power(sim);
    sim->down = false;
    sim->crash_at = -1;
    sim->clock_us += 1000000;
}

/* ---- the platform's functions ---- */

static Inode *inode_make(Sim *sim)
{
    Inode *inode = take(sizeof *inode);
    inode->next = sim->inodes;
    sim->inodes = inode;
    return inode;
}

static File *handle_make(Sim *sim, Inode *inode, bool locks)
{
    File *file = take(sizeof *file);
    *file = (File){.next = sim->open, .inode = inode, .locks = locks};
    sim->open = file;
    return file;
}

static bool sim_file_open(Platform *platform, const char *path, FileOpen mode, FileClass use,
                          File **out, Error *error)
{
    Sim *sim = sim_of(platform);
    if (mode == FILE_CREATE_NEW ? falls(sim, error) : is_down(sim, error))
        return false;
    Name *name = name_find(&sim->live, path);
    if (mode != FILE_CREATE_NEW && !name)
        return error_set(error, E_UNDEFINED_FILE, "could not open file \"%s\"", path);
    if (mode == FILE_CREATE_NEW && name)
        return error_set(error, E_DUPLICATE_FILE, "could not create file \"%s\": exists", path);
    Inode *inode = name ? name->inode : inode_make(sim);
    if (!name)
        change_add(sim, NAME_LINK, path, "", inode);
    *out = handle_make(sim, inode, false);
    return true;
}

static bool sim_file_read(Platform *platform, File *file, void *to, i64 len, i64 offset,
                          i64 *transferred, Error *error)
{
    Sim *sim = sim_of(platform);
    if (is_down(sim, error))
        return false;
    const Bytes *live = &file->inode->live;
    i64 got = max_i64(0, min_i64(len, live->len - offset));
    if (got > SECTOR && chance(sim, 5))
        got = SECTOR; /* a short read */
    if (got)
        memcpy(to, live->data + offset, (size_t)got);
    *transferred = got;
    return true;
}

static bool sim_file_write(Platform *platform, File *file, const void *from, i64 len, i64 offset,
                           i64 *transferred, Error *error)
{
    Sim *sim = sim_of(platform);
    bool down_before = sim->down;
    if (falls(sim, error)) {
        if (!down_before && len > 0 && chance(sim, 50)) { /* it was in the middle of this one */
            i64 part = (i64)(random_next(sim) % (u64)len);
            bytes_write(&file->inode->live, from, part, offset);
            write_add(file->inode, from, part, offset);
        }
        return false;
    }
    if (len > SECTOR && chance(sim, 5))
        len = SECTOR; /* a short write */
    bytes_write(&file->inode->live, from, len, offset);
    write_add(file->inode, from, len, offset);
    *transferred = len;
    return true;
}

static bool sim_file_sync(Platform *platform, File *file, Error *error)
{
    Sim *sim = sim_of(platform);
    if (falls(sim, error))
        return false;
    writes_free(file->inode);
    bytes_copy(&file->inode->durable, &file->inode->live);
    return true;
}

static bool sim_file_size(Platform *platform, File *file, i64 *bytes, Error *error)
{
    if (is_down(sim_of(platform), error))
        return false;
    *bytes = file->inode->live.len;
    return true;
}

static bool sim_file_truncate(Platform *platform, File *file, i64 bytes, Error *error)
{
    if (falls(sim_of(platform), error))
        return false;
    bytes_resize(&file->inode->live, bytes);
    write_add(file->inode, NULL, -1, bytes);
    return true;
}

static void sim_file_forget(Platform *platform, File *file) {}

static bool sim_file_close(Platform *platform, File *file, Error *error)
{
    Sim *sim = sim_of(platform);
    File **at = &sim->open;
    while (*at && *at != file)
        at = &(*at)->next;
    verify(*at != NULL);
    *at = file->next;
    free(file);
    return true;
}

/* Directories exist by themselves: only files have names here. */
static bool sim_directory_make(Platform *platform, const char *path, Error *error)
{
    return !is_down(sim_of(platform), error);
}

static bool sim_directory_sync(Platform *platform, const char *path, Error *error)
{
    Sim *sim = sim_of(platform);
    if (falls(sim, error))
        return false;
    for (NameChange *change = sim->first_change; change; change = change->next)
        if (lies_in(change->path, path))
            change_apply(&sim->durable, change);
    changes_drop(sim, keep_elsewhere, path);
    return true;
}

static bool sim_directory_list(Platform *platform, const char *path,
                               void (*entry)(void *, const char *name), void *state, Error *error)
{
    Sim *sim = sim_of(platform);
    if (is_down(sim, error))
        return false;
    for (i32 i = 0; i < sim->live.count; i++)
        if (lies_in(sim->live.entries[i].path, path))
            entry(state, sim->live.entries[i].path + strlen(path) + 1);
    return true;
}

static bool sim_rename(Platform *platform, const char *from, const char *to, Error *error)
{
    Sim *sim = sim_of(platform);
    if (falls(sim, error))
        return false;
    Name *name = name_find(&sim->live, from);
    if (!name)
        return error_set(error, E_UNDEFINED_FILE, "could not rename file \"%s\"", from);
    change_add(sim, NAME_RENAME, from, to, name->inode);
    return true;
}

static bool sim_unlink(Platform *platform, const char *path, Error *error)
{
    Sim *sim = sim_of(platform);
    if (falls(sim, error))
        return false;
    if (!name_find(&sim->live, path))
        return error_set(error, E_UNDEFINED_FILE, "could not remove file \"%s\"", path);
    change_add(sim, NAME_UNLINK, path, "", NULL);
    return true;
}

static bool sim_free_space(Platform *platform, const char *path, i64 *bytes, i64 *total,
                           Error *error)
{
    *total = (i64)1 << 40;
    *bytes = *total;
    return !is_down(sim_of(platform), error);
}

static bool sim_lock_file(Platform *platform, const char *path, File **out, Error *error)
{
    Sim *sim = sim_of(platform);
    if (is_down(sim, error))
        return false;
    Name *name = name_find(&sim->live, path);
    Inode *inode = name ? name->inode : inode_make(sim);
    for (const File *file = sim->open; file; file = file->next)
        if (file->locks && file->inode == inode)
            return error_set(error, E_OBJECT_IN_USE, "lock file \"%s\" is held by another process",
                             path);
    if (!name)
        change_add(sim, NAME_LINK, path, "", inode);
    *out = handle_make(sim, inode, true);
    return true;
}

static i64 sim_monotonic_us(Platform *platform)
{
    return ++sim_of(platform)->clock_us;
}

static i64 sim_wall_us(Platform *platform)
{
    Sim *sim = sim_of(platform);
    i64 step_back = chance(sim, 3) ? 5000000 : 0; /* real clocks jump */
    return sim->clock_us + ((i64)800000000 * 1000000) - step_back;
}

static void sim_random_bytes(Platform *platform, void *to, i64 len)
{
    u8 *at = to;
    for (i64 i = 0; i < len; i++)
        at[i] = (u8)random_next(sim_of(platform));
}

static const Platform sim_functions = {
    .name = "sim",
    .file_open = sim_file_open,
    .file_read = sim_file_read,
    .file_write = sim_file_write,
    .file_datasync = sim_file_sync,
    .file_sync = sim_file_sync,
    .file_size = sim_file_size,
    .file_truncate = sim_file_truncate,
    .file_forget = sim_file_forget,
    .file_close = sim_file_close,
    .directory_make = sim_directory_make,
    .directory_sync = sim_directory_sync,
    .directory_list = sim_directory_list,
    .rename = sim_rename,
    .unlink = sim_unlink,
    .free_space = sim_free_space,
    .lock_file = sim_lock_file,
    .monotonic_us = sim_monotonic_us,
    .wall_us = sim_wall_us,
    .random_bytes = sim_random_bytes,
};

Platform *sim_open(u64 seed)
{
    Sim *sim = take(sizeof *sim);
    sim->platform = sim_functions;
    sim->platform.state = sim;
    sim->random = seed * 0x9e3779b97f4a7c15ull + 1;
    sim->crash_at = -1;
    sim->live.entries = take(NAMES_MAX * sizeof(Name));
    sim->durable.entries = take(NAMES_MAX * sizeof(Name));
    return &sim->platform;
}

void sim_close(Platform *platform)
{
    Sim *sim = sim_of(platform);
    handles_free(sim);
    changes_drop(sim, keep_none, NULL);
    while (sim->inodes) {
        Inode *next = sim->inodes->next;
        writes_free(sim->inodes);
        free(sim->inodes->live.data);
        free(sim->inodes->durable.data);
        free(sim->inodes);
        sim->inodes = next;
    }
    free(sim->live.entries);
    free(sim->durable.entries);
    free(sim);
}

i64 sim_calls(Platform *platform)
{
    return sim_of(platform)->calls;
}

void sim_crash_at(Platform *platform, i64 call)
{
    sim_of(platform)->crash_at = call;
}

bool sim_is_down(Platform *platform)
{
    return sim_of(platform)->down;
}

void sim_advance(Platform *platform, i64 us)
{
    sim_of(platform)->clock_us += us;
}

u64 sim_random(Platform *platform)
{
    return random_next(sim_of(platform));
}

bool sim_flip_bit(Platform *platform, const char *path, i64 offset, i32 bit)
{
    Name *name = name_find(&sim_of(platform)->live, path);
    if (!name || offset >= name->inode->live.len || offset >= name->inode->durable.len)
        return false;
    name->inode->live.data[offset] ^= (u8)(1 << bit);
    name->inode->durable.data[offset] ^= (u8)(1 << bit);
    return true;
}
