/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading the sample schema: the server is its own client, over a pair of sockets, so that the text
 * goes the way of every query. It is one simple Query, and so one transaction: a server that is
 * stopped in the middle has nothing of it, and loads it when it is started again.
 */
#define _GNU_SOURCE
#include "server/sample.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum { PROTOCOL_3 = 3 << 16, REPLY_BYTES = 512, FRAME_BYTES = 5 };

/* A database in which nobody has made anything. */
static const char is_fresh[] = "select count(*) from (select oid from pg_catalog.pg_namespace"
                               " union all select oid from pg_catalog.pg_class) o"
                               " where oid >= 16384";

typedef struct Reply {
    char type;
    i64 len;
    char body[REPLY_BYTES]; /* what fits of it */
} Reply;

/* What a query answered. */
typedef struct Answer {
    bool whole; /* ReadyForQuery came */
    bool failed;
    i64 rows;                 /* of the tags of its INSERTs */
    char first[REPLY_BYTES];  /* first row's only field */
    char reason[REPLY_BYTES]; /* message of the error */
} Answer;

static bool write_all(int socket, const void *bytes, i64 len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(socket, at, (size_t)len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        len -= sent;
    }
    return true;
}

static bool read_all(int socket, void *bytes, i64 len)
{
    char *at = bytes;
    while (len > 0) {
        ssize_t got = recv(socket, at, (size_t)len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= got;
    }
    return true;
}

static void put_i32(u8 *at, i64 value)
{
    at[0] = (u8)(value >> 24);
    at[1] = (u8)(value >> 16);
    at[2] = (u8)(value >> 8);
    at[3] = (u8)value;
}

static i64 get_i32(const u8 *at)
{
    return (i64)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool send_startup(int socket)
{
    static const char parameters[] = "user\0gotgan\0database\0gotgan\0application_name\0sample\0";
    u8 head[8];
    put_i32(head, (i64)(sizeof head + sizeof parameters));
    put_i32(head + 4, PROTOCOL_3);
    return write_all(socket, head, sizeof head) &&
           write_all(socket, parameters, (i64)sizeof parameters);
}

static bool send_query(int socket, const char *text)
{
    u8 head[FRAME_BYTES] = {'Q'};
    i64 bytes = (i64)strlen(text) + 1;
    put_i32(head + 1, 4 + bytes);
    return write_all(socket, head, sizeof head) && write_all(socket, text, bytes);
}

static bool read_reply(int socket, Reply *reply)
{
    u8 head[FRAME_BYTES];
    char rest[REPLY_BYTES];
    if (!read_all(socket, head, sizeof head))
        return false;
    reply->type = (char)head[0];
    i64 len = get_i32(head + 1) - 4;
    reply->len = min_i64(len, REPLY_BYTES);
    if (!read_all(socket, reply->body, reply->len))
        return false;
    for (len -= reply->len; len > 0; len -= min_i64(len, REPLY_BYTES))
        if (!read_all(socket, rest, min_i64(len, REPLY_BYTES)))
            return false;
    return true;
}

/* The field M of an ErrorResponse. */
static void take_error(const Reply *reply, Answer *answer)
{
    Text rest = {reply->body, reply->len};
    while (rest.len > 1) {
        i64 end = text_find_byte(rest, 0);
        if (rest.data[0] == 'M')
            snprintf(answer->reason, sizeof answer->reason, "%.*s", (int)(end - 1), rest.data + 1);
        rest = text_slice(rest, end + 1, rest.len);
    }
    answer->failed = true;
}

static void take_row(const Reply *reply, Answer *answer)
{
    i64 len = get_i32((const u8 *)reply->body + 2);
    snprintf(answer->first, sizeof answer->first, "%.*s", (int)len, reply->body + 6);
}

static void take_tag(const Reply *reply, Answer *answer)
{
    if (text_starts_with((Text){reply->body, reply->len}, TEXT("INSERT 0 ")))
        answer->rows += strtoll(reply->body + 9, NULL, 10);
}

/* Reads to ReadyForQuery, or to the end of the session. */
static void read_answer(int socket, Answer *answer)
{
    Reply reply;
    *answer = (Answer){.whole = false};
    while (!answer->whole && read_reply(socket, &reply)) {
        if (reply.type == 'E')
            take_error(&reply, answer);
        else if (reply.type == 'D')
            take_row(&reply, answer);
        else if (reply.type == 'C')
            take_tag(&reply, answer);
        answer->whole = reply.type == 'Z';
    }
}

/* False: the session ended or the query failed; said in the log. */
static bool ask(int socket, const char *text, Answer *answer)
{
    if (send_query(socket, text))
        read_answer(socket, answer);
    else
        *answer = (Answer){.whole = false};
    if (!answer->whole || answer->failed)
        log_line(LOG_WARNING, "sample: nothing is loaded: %s",
                 answer->failed ? answer->reason : "the session ended");
    return answer->whole && !answer->failed;
}

static void load(Server *server, int socket)
{
    Platform *platform = server->platform;
    Answer answer;
    if (!send_startup(socket))
        return;
    read_answer(socket, &answer);
    if (!ask(socket, is_fresh, &answer))
        return;
    if (strcmp(answer.first, "0") != 0) {
        log_line(LOG_INFO, "sample: the database is not empty, nothing is loaded");
        return;
    }
    log_line(LOG_INFO, "sample: loading the schema \"sample\"");
    i64 start = platform->monotonic_us(platform);
    if (!ask(socket, sample_text, &answer))
        return;
    log_line(LOG_INFO, "sample: %lld rows loaded in %.1f s", (long long)answer.rows,
             (double)(platform->monotonic_us(platform) - start) / 1e6);
}

static void *sample_thread(void *argument)
{
    Server *server = argument;
    load(server, server->sample.socket);
    close(server->sample.socket);
    return NULL;
}

void sample_start(Server *server)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        log_line(LOG_WARNING, "sample: no sockets, nothing is loaded");
        return;
    }
    Sample *sample = &server->sample;
    sample->socket = pair[0];
    listener_take(server, pair[1]);
    sample->running = pthread_create(&sample->thread, NULL, sample_thread, server) == 0;
    if (!sample->running) {
        log_line(LOG_WARNING, "sample: no thread, nothing is loaded");
        close(sample->socket);
    }
}

void sample_stop(Server *server)
{
    if (server->sample.running)
        pthread_join(server->sample.thread, NULL);
}
