/* SPDX-License-Identifier: Apache-2.0
 *
 * Accepting connections: one thread each, 8 MiB of stack reserved.
 */
#define _GNU_SOURCE
#include "server/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/counted.h"
#include "base/log.h"

enum { STACK_BYTES = 8 << 20, BACKLOG = 512 };

static bool system_failed(Error *error, const char *what)
{
    char cause[128];
    const char *text = strerror_r(errno, cause, sizeof cause);
    return error_set(error, E_IO_ERROR, "%s: %s", what, text);
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           strcmp(address, "localhost") == 0;
}

static bool fill_address(const char *address, i32 port, struct sockaddr_storage *storage,
                         socklen_t *len, Error *error)
{
    memset(storage, 0, sizeof *storage);
    struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
    if (strcmp(address, "localhost") == 0)
        address = "127.0.0.1";
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((u16)port);
        *len = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((u16)port);
        *len = sizeof *v6;
        return true;
    }
    return error_set(error, E_CONFIG_FILE_ERROR, "\"%s\" is not an IP address", address);
}

static i32 bound_port(int socket)
{
    struct sockaddr_storage storage;
    socklen_t len = sizeof storage;
    if (getsockname(socket, (struct sockaddr *)&storage, &len) != 0)
        return 0;
    return storage.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&storage)->sin6_port)
                                         : ntohs(((struct sockaddr_in *)&storage)->sin_port);
}

bool listener_open(Server *server, Error *error)
{
    const ServerOptions *options = &server->options;
    if (!is_loopback(options->listen))
        return error_set(error, E_CONFIG_FILE_ERROR,
                         "cannot listen on \"%s\": only loopback addresses are allowed until there "
                         "is authentication",
                         options->listen);
    struct sockaddr_storage address;
    socklen_t len = 0;
    if (!fill_address(options->listen, options->port, &address, &len, error))
        return false;
    server->listen_socket =
        socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listen_socket < 0)
        return system_failed(error, "cannot make a socket");
    int on = 1;
    setsockopt(server->listen_socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server->listen_socket, (struct sockaddr *)&address, len) != 0 ||
        listen(server->listen_socket, BACKLOG) != 0) {
        char what[200];
        snprintf(what, sizeof what, "cannot listen on %s:%d", options->listen, options->port);
        return system_failed(error, what);
    }
    server->port = bound_port(server->listen_socket);
    return true;
}

typedef struct Start {
    Server *server;
    int socket;
} Start;

static void *session_thread(void *argument)
{
    Start start = *(Start *)argument;
    counted_drop(argument);
    session_serve(start.server, start.socket);
    OPENSSL_thread_stop(); /* what digests left with this thread goes before it counts as gone */
    pthread_mutex_lock(&start.server->mutex);
    start.server->session_count--;
    if (start.server->session_count == 0)
        pthread_cond_broadcast(&start.server->empty);
    pthread_mutex_unlock(&start.server->mutex);
    return NULL;
}

void listener_take(Server *server, int socket)
{
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_mutex_lock(&server->mutex);
    server->session_count++;
    pthread_mutex_unlock(&server->mutex);
    Error error;
    Start *start = counted_make((i64)sizeof *start, NULL, NULL, &error);
    if (start)
        *start = (Start){server, socket};
    if (!start || pthread_create(&thread, &attributes, session_thread, start) != 0) {
        log_line(LOG_WARNING, "no thread for a new connection");
        close(socket);
        pthread_mutex_lock(&server->mutex);
        server->session_count--;
        pthread_mutex_unlock(&server->mutex);
    }
    pthread_attr_destroy(&attributes);
}

void listener_run(Server *server)
{
    struct pollfd fds[2] = {{.fd = server->listen_socket, .events = POLLIN},
                            {.fd = server->stop_event, .events = POLLIN}};
    while (!atomic_load(&server->stopping)) {
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents)
            break;
        int socket = accept4(server->listen_socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0)
            listener_take(server, socket);
        else if (errno == EMFILE || errno == ENFILE)
            poll(NULL, 0, 100); /* out of descriptors: let some close */
    }
    close(server->listen_socket);
}
