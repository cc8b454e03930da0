/* SPDX-License-Identifier: Apache-2.0
 *
 * gotgand: options, the data directory, workers, the listener; and how all of it ends. Holds the
 * one Server there is.
 *
 * Exit codes: 0 stopped, 1 usage or configuration, 2 the directory is in use, 3 damaged data.
 */
#define _GNU_SOURCE
#include "server/server.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/sequence_values.h"
#include "server/config.h"
#include "server/connection.h"
#include "server/sample.h"

enum { EXIT_OK = 0, EXIT_USAGE = 1, EXIT_IN_USE = 2, EXIT_DAMAGED = 3, STOP_WAIT_US = 5000000 };

static Server server; /* architecture c14: the one global */

static void on_signal(int number)
{
    atomic_store(&server.stopping, true);
    u64 one = 1;
    ssize_t written = write(server.stop_event, &one, sizeof one);
    (void)written; /* the flag is set; a full counter wakes as well */
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void storage_log(void *state, const char *line)
{
    log_line(LOG_INFO, "%s", line);
}

static bool open_storage(Error *error)
{
    const ServerOptions *options = &server.options;
    StorageOptions storage = storage_defaults();
    storage.platform = server.platform;
    storage.directory = options->data;
    storage.budget = &server.budget;
    storage.cache_bytes =
        options->cache_bytes ? options->cache_bytes : options->memory_bytes / 100 * 35;
    storage.delta_bytes_max = options->memory_bytes / 100 * 12;
    if (options->wal_file_bytes)
        storage.wal_file_bytes = options->wal_file_bytes;
    if (options->row_group_rows)
        storage.row_group_rows = options->row_group_rows;
    if (options->force_encoding[0])
        storage.force_encoding = options->force_encoding;
    storage.log = storage_log;
    return storage_open(&storage, &server.storage, error);
}

static void write_pid_file(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s/gotgand.pid", server.options.data);
    FILE *file = fopen(path, "we");
    if (!file) {
        log_line(LOG_WARNING, "cannot write %s", path);
        return;
    }
    fprintf(file, "%d\n%d\n%s\n", (int)getpid(), server.port, server.options.listen);
    fclose(file);
}

static void remove_pid_file(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s/gotgand.pid", server.options.data);
    unlink(path);
}

static int exit_code(const Error *error)
{
    if (error->code == E_OBJECT_IN_USE)
        return EXIT_IN_USE;
    return error->code == E_DATA_CORRUPTED ? EXIT_DAMAGED : EXIT_USAGE;
}

static int fail(const Error *error)
{
    log_line(LOG_ERROR, "%s", error->message);
    if (error->detail[0])
        log_line(LOG_ERROR, "%s", error->detail);
    return exit_code(error);
}

static bool attach_functions(Error *error)
{
    catalog_attach_functions();
    session_attach_functions();
    const FunctionRow *missing = kernel_missing();
    return !missing ||
           error_set(error, E_INTERNAL_ERROR, "function %s has no kernel", missing->name);
}

static bool start(Error *error)
{
    budget_open(&server.budget, NULL, server.options.memory_bytes, "server");
    pthread_mutex_init(&server.mutex, NULL);
    pthread_cond_init(&server.empty, NULL);
    server.platform = platform_posix();
    server.started_us = server.platform->wall_us(server.platform);
    server.stop_event = event_open();
    return attach_functions(error) && open_storage(error) &&
           catalog_bootstrap(server.storage, &server.budget, error) &&
           sequences_open(server.storage, &server.budget, &server.sequences, error) &&
           temporary_drop_left(&server, error) &&
           worker_pool_open(&server.pool, server.options.workers, error) &&
           listener_open(&server, error);
}

static int stop(void)
{
    Error error;
    log_line(LOG_INFO, "stopping");
    sessions_stop(&server, STOP_WAIT_US);
    sample_stop(&server);
    background_stop(&server);
    worker_pool_close(server.pool);
    bool good = sequences_close(server.sequences, CLOSE_CHECKPOINT, &error);
    good &= storage_close(server.storage, CLOSE_CHECKPOINT, &error);
    remove_pid_file();
    if (!good)
        return fail(&error);
    log_line(LOG_INFO, "stopped");
    return EXIT_OK;
}

int main(int argc, char **argv)
{
    Error error;
    bool exit_now;
    umask(077);
    if (!config_read(argc, argv, &server.options, &exit_now, &error)) {
        fprintf(stderr, "gotgand: %s\n", error.message);
        return EXIT_USAGE;
    }
    if (exit_now)
        return EXIT_OK;
    log_line(LOG_INFO, "gotgand " GOTGAN_VERSION ", data in %s", server.options.data);
    if (geteuid() == 0)
        log_line(LOG_WARNING, "running as root");
    catch_signals();
    if (!start(&error))
        return fail(&error);
    write_pid_file();
    background_start(&server);
    log_line(LOG_INFO, "ready on %s:%d", server.options.listen, server.port);
    if (server.options.sample)
        sample_start(&server);
    listener_run(&server);
    return stop();
}
