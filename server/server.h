/* SPDX-License-Identifier: Apache-2.0
 *
 * The Server: the one set of global state there is, made in server.c and handed down explicitly.
 */
#ifndef GOTGAN_SERVER_H
#define GOTGAN_SERVER_H

#include <pthread.h>

#include "executor/executor.h"
#include "server/settings.h"
#include "storage/storage.h"

struct Session;

enum { CONFIG_SETTINGS_MAX = 16 };

/* A session setting that new sessions start with. */
typedef struct SettingDefault {
    char name[64];
    char value[SETTING_BYTES];
} SettingDefault;

typedef struct ServerOptions {
    char data[512];
    char listen[128];
    i32 port;
    i32 workers;
    i64 memory_bytes;
    i32 connections_max;
    bool sample;
    i64 cache_bytes;         /* of the buffer pool; 0: a share of the memory */
    i64 wal_file_bytes;      /* 0: storage's default */
    i32 row_group_rows;      /* 0: storage's default */
    char force_encoding[16]; /* where it applies; empty: by sample */
    SettingDefault settings[CONFIG_SETTINGS_MAX];
    i32 setting_count;
} ServerOptions;

/* The thread that steps storage's jobs. */
typedef struct Background {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stop, running;
} Background;

/* The thread that loads the sample schema. */
typedef struct Sample {
    pthread_t thread;
    int socket; /* to its session */
    bool running;
} Sample;

typedef struct Server {
    ServerOptions options;
    Budget budget;
    Platform *platform;
    Storage *storage;
    struct Sequences *sequences;
    WorkerPool *pool;
    int listen_socket, stop_event;
    i32 port; /* the one taken */
    _Atomic bool stopping;
    _Atomic i64 messages;  /* from clients so far */
    pthread_mutex_t mutex; /* of the list of sessions */
    pthread_cond_t empty;
    struct Session *sessions;
    _Atomic i32 session_count;
    i32 next_pid;
    i64 started_us;
    Background background;
    Sample sample;
} Server;

/* listener.c */
must_check bool listener_open(Server *server, Error *error);
/* A session in a thread of its own on a connected socket, which it closes. */
void listener_take(Server *server, int socket);
/* Accepts until the server stops. */
void listener_run(Server *server);

/* cancel.c */
void session_register(Server *server, struct Session *session);
void session_unregister(Server *server, struct Session *session);
void session_cancel(Server *server, i32 pid, u32 secret);
/* Interrupts every session; waits until they are gone or the time is over. */
void sessions_stop(Server *server, i64 wait_us);

/* timeouts.c: interrupts the statements whose time is over. Any thread. */
void timeouts_raise(Server *server);

/* temporary.c */
/* Drops what a server that died has left of its sessions' temporary relations. */
must_check bool temporary_drop_left(Server *server, Error *error);

/* background.c */
void background_start(Server *server);
void background_stop(Server *server);

/* fn_session.c */
void session_attach_functions(void);

#endif
