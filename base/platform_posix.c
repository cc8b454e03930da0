/* SPDX-License-Identifier: Apache-2.0
 *
 * The platform of the real world: pread, pwrite, fsync and friends. EINTR is looped over here and
 * nowhere else; short transfers are the caller's (base/file.h).
 *
 * Memory and threads: a handle is a small malloc'ed struct that remembers its path for messages;
 * any number of threads may use one handle. It never retries a failed fsync: what that means is
 * decided by storage.
 */
#define _GNU_SOURCE
#define GOTGAN_BASE_MAY_ALLOCATE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/platform.h"

struct File {
    int descriptor;
    char path[]; /* for messages */
};

/* Days from 1970-01-01 to 2000-01-01. */
static const i64 EPOCH_SHIFT_US = 10957 * (i64)86400 * 1000000;

static ErrorCode code_of(int cause)
{
    switch (cause) {
    case ENOENT:
        return E_UNDEFINED_FILE;
    case EEXIST:
        return E_DUPLICATE_FILE;
    case ENOSPC:
    case EDQUOT:
        return E_DISK_FULL;
    case ENOMEM:
        return E_OUT_OF_MEMORY;
    case EMFILE:
    case ENFILE:
        return E_INSUFFICIENT_RESOURCES;
    default:
        return E_IO_ERROR;
    }
}

/* errno is still that of the call that failed. */
static bool failed(Error *error, const char *what, const char *path)
{
    return error_set(error, code_of(errno), "could not %s \"%s\": %m", what, path);
}

static bool handle_make(int descriptor, const char *path, File **out, Error *error)
{
    size_t bytes = strlen(path) + 1;
    File *file = calloc(1, sizeof *file + bytes);
    if (!file) {
        close(descriptor);
        return error_set(error, E_OUT_OF_MEMORY, "out of memory");
    }
    file->descriptor = descriptor;
    memcpy(file->path, path, bytes);
    *out = file;
    return true;
}

static bool posix_file_open(Platform *platform, const char *path, FileOpen mode, FileClass use,
                            File **out, Error *error)
{
    static const int flags[] = {[FILE_READ] = O_RDONLY,
                                [FILE_READ_WRITE] = O_RDWR,
                                [FILE_CREATE_NEW] = O_RDWR | O_CREAT | O_EXCL};
    int descriptor;
    do
        descriptor = open(path, flags[mode] | O_CLOEXEC, 0600);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0)
        return failed(error, mode == FILE_CREATE_NEW ? "create file" : "open file", path);
    return handle_make(descriptor, path, out, error);
}

static bool posix_file_read(Platform *platform, File *file, void *to, i64 len, i64 offset,
                            i64 *transferred, Error *error)
{
    ssize_t got;
    do
        got = pread(file->descriptor, to, (size_t)len, offset);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failed(error, "read file", file->path);
    *transferred = got;
    return true;
}

static bool posix_file_write(Platform *platform, File *file, const void *from, i64 len, i64 offset,
                             i64 *transferred, Error *error)
{
    ssize_t put;
    do
        put = pwrite(file->descriptor, from, (size_t)len, offset);
    while (put < 0 && errno == EINTR);
    if (put < 0)
        return failed(error, "write file", file->path);
    *transferred = put;
    return true;
}

static bool posix_file_datasync(Platform *platform, File *file, Error *error)
{
    return fdatasync(file->descriptor) == 0 || failed(error, "fdatasync file", file->path);
}

static bool posix_file_sync(Platform *platform, File *file, Error *error)
{
    return fsync(file->descriptor) == 0 || failed(error, "fsync file", file->path);
}

static bool posix_file_size(Platform *platform, File *file, i64 *bytes, Error *error)
{
    struct stat status;
    if (fstat(file->descriptor, &status) != 0)
        return failed(error, "stat file", file->path);
    *bytes = status.st_size;
    return true;
}

static bool posix_file_truncate(Platform *platform, File *file, i64 bytes, Error *error)
{
    int result;
    do
        result = ftruncate(file->descriptor, bytes);
    while (result != 0 && errno == EINTR);
    return result == 0 || failed(error, "truncate file", file->path);
}

static void posix_file_forget(Platform *platform, File *file)
{
    (void)posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_DONTNEED); /* a hint */
}

static bool posix_file_close(Platform *platform, File *file, Error *error)
{
    bool closed = close(file->descriptor) == 0 || errno == EINTR;
    if (!closed)
        failed(error, "close file", file->path);
    free(file);
    return closed;
}

static bool posix_directory_make(Platform *platform, const char *path, Error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || failed(error, "create directory", path);
}

static bool posix_directory_sync(Platform *platform, const char *path, Error *error)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return failed(error, "open directory", path);
    bool synced = fsync(descriptor) == 0 || failed(error, "fsync directory", path);
    close(descriptor);
    return synced;
}

static bool posix_directory_list(Platform *platform, const char *path,
                                 void (*entry)(void *, const char *name), void *state, Error *error)
{
    DIR *directory = opendir(path);
    if (!directory)
        return failed(error, "open directory", path);
    const struct dirent *found;
    errno = 0;
    while ((found = readdir(directory))) {
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0)
            entry(state, found->d_name);
        errno = 0;
    }
    bool listed = errno == 0 || failed(error, "read directory", path);
    closedir(directory);
    return listed;
}

static bool posix_rename(Platform *platform, const char *from, const char *to, Error *error)
{
    return rename(from, to) == 0 || failed(error, "rename file", from);
}

static bool posix_unlink(Platform *platform, const char *path, Error *error)
{
    return unlink(path) == 0 || failed(error, "remove file", path);
}

static bool posix_free_space(Platform *platform, const char *path, i64 *bytes, i64 *total,
                             Error *error)
{
    struct statvfs status;
    if (statvfs(path, &status) != 0)
        return failed(error, "stat file system of", path);
    *bytes = (i64)status.f_bavail * (i64)status.f_frsize;
    *total = (i64)status.f_blocks * (i64)status.f_frsize;
    return true;
}

static bool posix_lock_file(Platform *platform, const char *path, File **out, Error *error)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failed(error, "open lock file", path);
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return handle_make(descriptor, path, out, error);
    bool in_use = errno == EWOULDBLOCK;
    if (in_use)
        error_set(error, E_OBJECT_IN_USE, "lock file \"%s\" is held by another process", path);
    else
        failed(error, "lock file", path);
    close(descriptor);
    return false;
}

static i64 clock_us(clockid_t which)
{
    struct timespec now;
    int broken = clock_gettime(which, &now);
    verify(!broken);
    return (i64)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static i64 posix_monotonic_us(Platform *platform)
{
    return clock_us(CLOCK_MONOTONIC);
}

static i64 posix_wall_us(Platform *platform)
{
    return clock_us(CLOCK_REALTIME) - EPOCH_SHIFT_US;
}

static void posix_random_bytes(Platform *platform, void *to, i64 len)
{
    u8 *at = to;
    while (len > 0) {
        ssize_t got = getrandom(at, (size_t)len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        verify(got > 0);
        at += got;
        len -= got;
    }
}

Platform *platform_posix(void)
{
    static Platform posix = {
        .name = "posix",
        .file_open = posix_file_open,
        .file_read = posix_file_read,
        .file_write = posix_file_write,
        .file_datasync = posix_file_datasync,
        .file_sync = posix_file_sync,
        .file_size = posix_file_size,
        .file_truncate = posix_file_truncate,
        .file_forget = posix_file_forget,
        .file_close = posix_file_close,
        .directory_make = posix_directory_make,
        .directory_sync = posix_directory_sync,
        .directory_list = posix_directory_list,
        .rename = posix_rename,
        .unlink = posix_unlink,
        .free_space = posix_free_space,
        .lock_file = posix_lock_file,
        .monotonic_us = posix_monotonic_us,
        .wall_us = posix_wall_us,
        .random_bytes = posix_random_bytes,
    };
    return &posix;
}
