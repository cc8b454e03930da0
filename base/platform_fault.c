/* SPDX-License-Identifier: Apache-2.0
 *
 * One question before every call: does the plan want this one to fail? A failed call does nothing
 * on the wrapped platform, except that close still closes. Handles are wrapped because the plan
 * asks for the class a file was opened with.
 */
#define GOTGAN_BASE_MAY_ALLOCATE
#include "base/platform_fault.h"

struct File {
    File *wrapped;
    FileClass file_class;
};

typedef struct Fault {
    Platform platform;
    Platform *wrapped;
    FaultPlan plan;
    i64 matches, failures;
} Fault;

static Fault *fault_of(Platform *platform)
{
    return platform->state;
}

/* True: this call fails (or, for SHORT, is cut). */
static bool strikes(Fault *fault, FileClass use, FaultCall call)
{
    const FaultPlan *plan = &fault->plan;
    if (plan->nth < 0 || (plan->call != FAULT_ON_ANY && plan->call != call) ||
        (plan->file_class != FAULT_CLASS_ANY && plan->file_class != (i32)use))
        return false;
    i64 number = fault->matches++;
    bool now = number == plan->nth || (plan->forever && number > plan->nth);
    fault->failures += now;
    return now;
}

static bool failed(Fault *fault, const char *what, Error *error)
{
    if (fault->plan.action == FAULT_DISK_FULL)
        return error_set(error, E_DISK_FULL, "could not %s: no space left on device", what);
    return error_set(error, E_IO_ERROR, "could not %s: input/output error", what);
}

static bool handle_make(File *wrapped, FileClass use, File **out)
{
    File *file = calloc(1, sizeof *file);
    verify(file != NULL);
    *file = (File){wrapped, use};
    *out = file;
    return true;
}

static bool fault_file_open(Platform *platform, const char *path, FileOpen mode, FileClass use,
                            File **out, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, use, FAULT_ON_OPEN))
        return failed(fault, "open file", error);
    File *wrapped;
    return fault->wrapped->file_open(fault->wrapped, path, mode, use, &wrapped, error) &&
           handle_make(wrapped, use, out);
}

static bool fault_file_read(Platform *platform, File *file, void *to, i64 len, i64 offset,
                            i64 *transferred, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_READ)) {
        if (fault->plan.action != FAULT_SHORT)
            return failed(fault, "read file", error);
        len = min_i64(len, 1);
    }
    return fault->wrapped->file_read(fault->wrapped, file->wrapped, to, len, offset, transferred,
                                     error);
}

static bool fault_file_write(Platform *platform, File *file, const void *from, i64 len, i64 offset,
                             i64 *transferred, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_WRITE)) {
        if (fault->plan.action != FAULT_SHORT)
            return failed(fault, "write file", error);
        len = min_i64(len, 1);
    }
    return fault->wrapped->file_write(fault->wrapped, file->wrapped, from, len, offset, transferred,
                                      error);
}

static bool fault_file_datasync(Platform *platform, File *file, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_SYNC))
        return failed(fault, "fdatasync file", error);
    return fault->wrapped->file_datasync(fault->wrapped, file->wrapped, error);
}

static bool fault_file_sync(Platform *platform, File *file, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_SYNC))
        return failed(fault, "fsync file", error);
    return fault->wrapped->file_sync(fault->wrapped, file->wrapped, error);
}

static bool fault_file_size(Platform *platform, File *file, i64 *bytes, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_OTHER))
        return failed(fault, "stat file", error);
    return fault->wrapped->file_size(fault->wrapped, file->wrapped, bytes, error);
}

static bool fault_file_truncate(Platform *platform, File *file, i64 bytes, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, file->file_class, FAULT_ON_OTHER))
        return failed(fault, "truncate file", error);
    return fault->wrapped->file_truncate(fault->wrapped, file->wrapped, bytes, error);
}

static void fault_file_forget(Platform *platform, File *file)
{
    Fault *fault = fault_of(platform);
    fault->wrapped->file_forget(fault->wrapped, file->wrapped);
}

static bool fault_file_close(Platform *platform, File *file, Error *error)
{
    Fault *fault = fault_of(platform);
    bool strike = strikes(fault, file->file_class, FAULT_ON_OTHER);
    bool closed = fault->wrapped->file_close(fault->wrapped, file->wrapped, error);
    free(file);
    return strike ? failed(fault, "close file", error) : closed;
}

static bool fault_directory_make(Platform *platform, const char *path, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_DIRECTORY, FAULT_ON_OTHER))
        return failed(fault, "create directory", error);
    return fault->wrapped->directory_make(fault->wrapped, path, error);
}

static bool fault_directory_sync(Platform *platform, const char *path, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_DIRECTORY, FAULT_ON_SYNC))
        return failed(fault, "fsync directory", error);
    return fault->wrapped->directory_sync(fault->wrapped, path, error);
}

static bool fault_directory_list(Platform *platform, const char *path,
                                 void (*entry)(void *, const char *name), void *state, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_DIRECTORY, FAULT_ON_OTHER))
        return failed(fault, "read directory", error);
    return fault->wrapped->directory_list(fault->wrapped, path, entry, state, error);
}

static bool fault_rename(Platform *platform, const char *from, const char *to, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_DIRECTORY, FAULT_ON_RENAME))
        return failed(fault, "rename file", error);
    return fault->wrapped->rename(fault->wrapped, from, to, error);
}

static bool fault_unlink(Platform *platform, const char *path, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_DIRECTORY, FAULT_ON_UNLINK))
        return failed(fault, "remove file", error);
    return fault->wrapped->unlink(fault->wrapped, path, error);
}

static bool fault_free_space(Platform *platform, const char *path, i64 *bytes, i64 *total,
                             Error *error)
{
    Fault *fault = fault_of(platform);
    return fault->wrapped->free_space(fault->wrapped, path, bytes, total, error);
}

static bool fault_lock_file(Platform *platform, const char *path, File **out, Error *error)
{
    Fault *fault = fault_of(platform);
    if (strikes(fault, FILE_OTHER, FAULT_ON_OPEN))
        return failed(fault, "open lock file", error);
    File *wrapped;
    return fault->wrapped->lock_file(fault->wrapped, path, &wrapped, error) &&
           handle_make(wrapped, FILE_OTHER, out);
}

static i64 fault_monotonic_us(Platform *platform)
{
    Fault *fault = fault_of(platform);
    return fault->wrapped->monotonic_us(fault->wrapped);
}

static i64 fault_wall_us(Platform *platform)
{
    Fault *fault = fault_of(platform);
    return fault->wrapped->wall_us(fault->wrapped);
}

static void fault_random_bytes(Platform *platform, void *to, i64 len)
{
    Fault *fault = fault_of(platform);
    fault->wrapped->random_bytes(fault->wrapped, to, len);
}

static const Platform fault_functions = {
    .name = "fault",
    .file_open = fault_file_open,
    .file_read = fault_file_read,
    .file_write = fault_file_write,
    .file_datasync = fault_file_datasync,
    .file_sync = fault_file_sync,
    .file_size = fault_file_size,
    .file_truncate = fault_file_truncate,
    .file_forget = fault_file_forget,
    .file_close = fault_file_close,
    .directory_make = fault_directory_make,
    .directory_sync = fault_directory_sync,
    .directory_list = fault_directory_list,
    .rename = fault_rename,
    .unlink = fault_unlink,
    .free_space = fault_free_space,
    .lock_file = fault_lock_file,
    .monotonic_us = fault_monotonic_us,
    .wall_us = fault_wall_us,
    .random_bytes = fault_random_bytes,
};

Platform *fault_open(Platform *wrapped)
{
    Fault *fault = calloc(1, sizeof *fault);
    verify(fault != NULL);
    fault->platform = fault_functions;
    fault->platform.state = fault;
    fault->wrapped = wrapped;
    fault->plan.nth = -1;
    return &fault->platform;
}

void fault_close(Platform *platform)
{
    free(platform->state);
}

void fault_plan(Platform *platform, FaultPlan plan)
{
    Fault *fault = fault_of(platform);
    fault->plan = plan;
    fault->matches = fault->failures = 0;
}

i64 fault_matches(Platform *platform)
{
    return fault_of(platform)->matches;
}

i64 fault_failures(Platform *platform)
{
    return fault_of(platform)->failures;
}
