/* The floor of a one-thread proxy on kernel sockets: bytes are passed on between a client and the origin, and nothing
 * of them is looked at.
 *
 *   relay epoll|io_uring PORT ORIGIN_PORT
 *
 * Both ports are of 127.0.0.1. What a proxy costs above this is what it does with what it passes on. A message costs one
 * read and one write on each side; epoll waits for readiness once a turn of its loop, io_uring hands over and takes back
 * everything of a turn in one system call. An end of input is passed on too, so that the connections of a load that
 * opens a new one for each request come to their ends. It runs until it is killed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#ifndef WITHOUT_IO_URING
#include <liburing.h>
#endif

enum { CAPACITY = 65536, BATCH = 256 };

struct pair;

/* One of the two connections, with the bytes that came from it and have not gone to the other one. */
struct side {
    struct pair *pair;
    struct side *other;
    int fd;
    uint32_t interest; /* what epoll waits for */
    bool ended;        /* no more input comes */
    size_t begin, end;
    char bytes[CAPACITY];
};

/* A client's connection and its own one to the origin. */
struct pair {
    struct side client, origin;
    int in_flight; /* operations that io_uring has not completed */
    bool closed;
    struct pair *next; /* of those that are freed after the turn */
};

static struct sockaddr_in origin_address;
static struct pair *finished;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static struct sockaddr_in loopback(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int start_listening(const char *port) {
    struct sockaddr_in address = loopback(port);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) fail("listen");
    return fd;
}

static void set_up(struct side *side, struct pair *pair, struct side *other, int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    side->pair = pair;
    side->other = other;
    side->fd = fd;
}

/* Connects to the origin for an accepted client; on loopback that does not wait. NULL when there is no origin. */
static struct pair *open_pair(int client) {
    int origin = socket(AF_INET, SOCK_STREAM, 0);
    struct pair *pair = NULL;
    if (origin >= 0 && !connect(origin, (struct sockaddr *)&origin_address, sizeof origin_address))
        pair = malloc(sizeof *pair);
    if (!pair) {
        close(client);
        if (origin >= 0) close(origin);
        return NULL;
    }
    /* All but the bytes, whose memory is only touched when something comes. */
    memset(&pair->client, 0, offsetof(struct side, bytes));
    memset(&pair->origin, 0, offsetof(struct side, bytes));
    pair->in_flight = 0;
    pair->closed = false;
    set_up(&pair->client, pair, &pair->origin, client);
    set_up(&pair->origin, pair, &pair->client, origin);
    return pair;
}

/* Operations of the same turn may still name the pair: it is freed after that. */
static void close_pair(struct pair *pair) {
    if (pair->closed) return;
    pair->closed = true;
    close(pair->client.fd);
    close(pair->origin.fd);
    pair->next = finished;
    finished = pair;
}

static void free_finished(void) {
    while (finished) {
        struct pair *pair = finished;
        finished = pair->next;
        free(pair);
    }
}

/* -- epoll ------------------------------------------------------------------------------------------------------- */

static void wait_for(int epoll, struct side *side) {
    uint32_t wanted = side->begin == side->end && !side->ended ? EPOLLIN : 0;
    if (side->other->begin < side->other->end) wanted |= EPOLLOUT;
    if (wanted == side->interest) return;
    struct epoll_event event = {.events = wanted, .data.ptr = side};
    epoll_ctl(epoll, EPOLL_CTL_MOD, side->fd, &event);
    side->interest = wanted;
}

/* Sends on what came from a side; false when the connection is broken. */
static bool pass_on(struct side *side) {
    while (side->begin < side->end) {
        ssize_t sent = send(side->other->fd, side->bytes + side->begin, side->end - side->begin, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN;
        side->begin += (size_t)sent;
    }
    side->begin = side->end = 0;
    if (side->ended) shutdown(side->other->fd, SHUT_WR);
    return true;
}

/* Reads from a side whose bytes have all gone; false when the connection is broken. */
static bool take_in(struct side *side) {
    ssize_t count = recv(side->fd, side->bytes, CAPACITY, 0);
    if (count < 0) return errno == EAGAIN;
    side->ended = count == 0;
    side->end = (size_t)count;
    return pass_on(side);
}

static void accept_with_epoll(int epoll, int listener) {
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct pair *pair = open_pair(client);
        if (!pair) continue;
        fcntl(pair->origin.fd, F_SETFL, O_NONBLOCK);
        struct side *sides[] = {&pair->client, &pair->origin};
        for (int index = 0; index < 2; index++) {
            struct epoll_event event = {.events = EPOLLIN, .data.ptr = sides[index]};
            sides[index]->interest = EPOLLIN;
            epoll_ctl(epoll, EPOLL_CTL_ADD, sides[index]->fd, &event);
        }
    }
}

static void handle(int epoll, struct side *side, uint32_t events) {
    if (side->pair->closed) return;
    bool is_whole = true;
    if (events & EPOLLOUT) is_whole = pass_on(side->other);
    if (is_whole && side->interest & EPOLLIN && events & (EPOLLIN | EPOLLHUP | EPOLLERR)) is_whole = take_in(side);
    if (events & EPOLLERR) is_whole = false;
    struct side *other = side->other;
    bool is_over = side->ended && other->ended && side->begin == side->end && other->begin == other->end;
    if (!is_whole || is_over) {
        close_pair(side->pair);
    } else {
        wait_for(epoll, side);
        wait_for(epoll, other);
    }
}

static void run_epoll(int listener) {
    int epoll = epoll_create1(0);
    struct epoll_event events[BATCH], event = {.events = EPOLLIN, .data.ptr = NULL};
    fcntl(listener, F_SETFL, O_NONBLOCK);
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event)) fail("epoll");
    for (;;) {
        int count = epoll_wait(epoll, events, BATCH, -1);
        for (int index = 0; index < count; index++) {
            if (events[index].data.ptr)
                handle(epoll, events[index].data.ptr, events[index].events);
            else
                accept_with_epoll(epoll, listener);
        }
        free_finished();
    }
}

/* -- io_uring ---------------------------------------------------------------------------------------------------- */
#ifdef WITHOUT_IO_URING

static void run_io_uring(int listener) {
    (void)listener;
    errno = ENOSYS;
    fail("io_uring");
}

#else

/* The lowest bit of an operation's data says whether it sends; sides are aligned. */
enum { RECEIVING = 0, SENDING = 1 };

static struct io_uring ring;

static struct io_uring_sqe *next_entry(void *data) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    if (!entry) {
        io_uring_submit(&ring);
        entry = io_uring_get_sqe(&ring);
    }
    if (!entry) fail("io_uring_get_sqe");
    io_uring_sqe_set_data(entry, data);
    return entry;
}

static void ask_to_receive(struct side *side) {
    struct io_uring_sqe *entry = next_entry(NULL);
    io_uring_prep_recv(entry, side->fd, side->bytes, CAPACITY, 0);
    io_uring_sqe_set_data64(entry, (uintptr_t)side | RECEIVING);
    side->pair->in_flight++;
}

static void ask_to_send(struct side *side) {
    struct io_uring_sqe *entry = next_entry(NULL);
    io_uring_prep_send(entry, side->other->fd, side->bytes + side->begin, side->end - side->begin, MSG_NOSIGNAL);
    io_uring_sqe_set_data64(entry, (uintptr_t)side | SENDING);
    side->pair->in_flight++;
}

static void ask_to_accept(int listener) {
    struct io_uring_sqe *entry = next_entry(NULL);
    io_uring_prep_multishot_accept(entry, listener, NULL, NULL, 0);
    io_uring_sqe_set_data64(entry, 0);
}

static void received(struct side *side, int result) {
    if (result > 0) {
        side->begin = 0;
        side->end = (size_t)result;
        ask_to_send(side);
        return;
    }
    side->ended = true;
    /* A break ends both; an orderly end is passed on, as everything before it has been sent. */
    shutdown(side->other->fd, result < 0 ? SHUT_RDWR : SHUT_WR);
    if (result < 0) shutdown(side->fd, SHUT_RDWR);
}

static void sent(struct side *side, int result) {
    if (result <= 0) {
        side->ended = true;
        shutdown(side->fd, SHUT_RDWR);
        shutdown(side->other->fd, SHUT_RDWR);
        return;
    }
    side->begin += (size_t)result;
    if (side->begin < side->end)
        ask_to_send(side);
    else
        ask_to_receive(side);
}

static void complete(int listener, const struct io_uring_cqe *entry) {
    if (!entry->user_data) {
        struct pair *pair = entry->res >= 0 ? open_pair(entry->res) : NULL;
        if (pair) {
            ask_to_receive(&pair->client);
            ask_to_receive(&pair->origin);
        }
        if (!(entry->flags & IORING_CQE_F_MORE)) ask_to_accept(listener);
        return;
    }
    struct side *side = (struct side *)(uintptr_t)(entry->user_data & ~(uint64_t)SENDING);
    side->pair->in_flight--;
    if (entry->user_data & SENDING)
        sent(side, entry->res);
    else
        received(side, entry->res);
    if (side->pair->in_flight == 0) close_pair(side->pair);
}

static void run_io_uring(int listener) {
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN};
    int failure = io_uring_queue_init_params(4096, &ring, &parameters);
    if (failure == -EINVAL) { /* before Linux 6.1 */
        memset(&parameters, 0, sizeof parameters);
        failure = io_uring_queue_init_params(4096, &ring, &parameters);
    }
    if (failure) {
        errno = -failure;
        fail("io_uring");
    }
    ask_to_accept(listener);
    for (;;) {
        struct io_uring_cqe *entry;
        unsigned head, count = 0;
        io_uring_submit_and_wait(&ring, 1);
        io_uring_for_each_cqe(&ring, head, entry) {
            count++;
            complete(listener, entry);
        }
        io_uring_cq_advance(&ring, count);
        free_finished();
    }
}
#endif

int main(int count, char **words) {
    bool is_epoll = count == 4 && !strcmp(words[1], "epoll");
    if (!is_epoll && !(count == 4 && !strcmp(words[1], "io_uring"))) {
        fprintf(stderr, "usage: relay epoll|io_uring PORT ORIGIN_PORT\n");
        return 2;
    }
    origin_address = loopback(words[3]);
    int listener = start_listening(words[2]);
    if (is_epoll)
        run_epoll(listener);
    else
        run_io_uring(listener);
}
