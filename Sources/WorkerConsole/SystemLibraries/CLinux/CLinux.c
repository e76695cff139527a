#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

// SCHED_FLAG_RESET_ON_FORK of linux/sched.h, which cannot be included beside sched.h.
#define SCHED_RESET_ON_FORK_FLAG 1

int cl_epoll_control(int epoll, int operation, int descriptor, uint32_t events, void *context) {
    struct epoll_event event = {.events = events, .data.ptr = context};
    return epoll_ctl(epoll, operation, descriptor, &event) == 0 ? 0 : -errno;
}

uint32_t cl_epoll_event(const struct epoll_event *events, int index, void **context) {
    *context = events[index].data.ptr;
    return events[index].events;
}

int cl_accept(int listener, struct sockaddr_storage *address, socklen_t *length, int blocking) {
    int flags = SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK);
    int descriptor = accept4(listener, (struct sockaddr *)address, length, flags);
    return descriptor >= 0 ? descriptor : -errno;
}

int cl_stream_socket(int family, int blocking) {
    int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    return descriptor >= 0 ? descriptor : -errno;
}

void cl_set_blocking(int descriptor) {
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

void cl_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0) fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

ptrdiff_t cl_send(int descriptor, const void *bytes, size_t count) {
    ptrdiff_t sent = send(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent >= 0 ? sent : -errno;
}

ptrdiff_t cl_send_pieces(int descriptor, const struct iovec *pieces, size_t count) {
    struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = count};
    ptrdiff_t sent = sendmsg(descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent >= 0 ? sent : -errno;
}

ptrdiff_t cl_receive(int descriptor, void *bytes, size_t count) {
    ptrdiff_t received = recv(descriptor, bytes, count, MSG_DONTWAIT);
    return received >= 0 ? received : -errno;
}

int cl_make_pipe(int ends[2], int size) {
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
    fcntl(ends[1], F_SETPIPE_SZ, size);
    return 0;
}

ptrdiff_t cl_splice(int from, int to, size_t count) {
    ptrdiff_t moved = splice(from, NULL, to, NULL, count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    return moved >= 0 ? moved : -errno;
}

int cl_connect(int descriptor, const struct sockaddr_storage *address, socklen_t length) {
    return connect(descriptor, (const struct sockaddr *)address, length) == 0 ? 0 : -errno;
}

int cl_bind(int descriptor, const struct sockaddr_storage *address, socklen_t length) {
    return bind(descriptor, (const struct sockaddr *)address, length) == 0 ? 0 : -errno;
}

int cl_set_option(int descriptor, int level, int name, int value) {
    return setsockopt(descriptor, level, name, &value, sizeof value) == 0 ? 0 : -errno;
}

int cl_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void cl_set_reset_on_close(int descriptor) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

int cl_has_news(int descriptor) {
    struct pollfd entry = {.fd = descriptor, .events = POLLIN | POLLRDHUP};
    return poll(&entry, 1, 0) != 0;
}

void cl_block_broken_pipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void cl_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void cl_ask_for_slices(uint64_t nanoseconds) {
    // struct sched_attr in its first form, which glibc has from 2.41 on.
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes;
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
    if (attributes.policy != SCHED_OTHER) return;
    // What this thread starts, an editor among it, is scheduled as ever.
    attributes.flags |= SCHED_RESET_ON_FORK_FLAG;
    attributes.runtime = nanoseconds;
    syscall(SYS_sched_setattr, 0, &attributes, 0);
}

char **cl_environment(void) { return environ; }
