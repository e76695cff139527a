// What Swift cannot import from Linux's headers: functions behind _GNU_SOURCE, variadic functions, macros with casts.
#ifndef CLINUX_H
#define CLINUX_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "CLinuxUring.h"

/// Adds, changes or removes (`operation` is EPOLL_CTL_…) what is waited for; `context` comes back with each event.
int cl_epoll_control(int epoll, int operation, int descriptor, uint32_t events, void *context);
/// The flags of the event at `index`, and in `context` what was given for it.
uint32_t cl_epoll_event(const struct epoll_event *events, int index, void **context);
/// Accepts a connection that is closed on exec. Returns -errno when there is none.
int cl_accept(int listener, struct sockaddr_storage *address, socklen_t *length, int blocking);
/// Makes a stream socket that is closed on exec. Returns -errno.
int cl_stream_socket(int family, int blocking);
/// Lets calls on the descriptor wait; io_uring gives up at once on those that may not.
void cl_set_blocking(int descriptor);
/// Lets no call on the descriptor wait.
void cl_set_nonblocking(int descriptor);
/// Sends without waiting and without SIGPIPE. Returns the bytes taken, or -errno.
ptrdiff_t cl_send(int descriptor, const void *bytes, size_t count);
ptrdiff_t cl_send_pieces(int descriptor, const struct iovec *pieces, size_t count);
/// Receives without waiting. Returns the bytes, 0 at the end, or -errno.
ptrdiff_t cl_receive(int descriptor, void *bytes, size_t count);
/// Makes a pipe with room for `size` bytes, or for as many as the system gives. Returns 0 or -errno.
int cl_make_pipe(int ends[2], int size);
/// Moves bytes between a pipe and a socket without copying them to us; both must be descriptors that do not wait. Returns
/// the bytes, 0 at the end, or -errno.
ptrdiff_t cl_splice(int from, int to, size_t count);
/// Connects without waiting. Returns 0 or -errno.
int cl_connect(int descriptor, const struct sockaddr_storage *address, socklen_t length);
/// Binds. Returns 0 or -errno.
int cl_bind(int descriptor, const struct sockaddr_storage *address, socklen_t length);
/// Sets a socket option that is an int. Returns 0 or -errno.
int cl_set_option(int descriptor, int level, int name, int value);
/// The pending error of a socket, 0 for none.
int cl_socket_error(int descriptor);
/// Makes the next close send a reset instead of an orderly end.
void cl_set_reset_on_close(int descriptor);
/// 1 when bytes or an end wait to be read or the socket has failed, 0 when nothing has happened to it.
int cl_has_news(int descriptor);

/// Keeps SIGPIPE from the calling thread: splice(2) cannot be asked not to send it.
void cl_block_broken_pipe(void);
/// Names the calling thread; 15 bytes of it are kept.
void cl_name_thread(const char *name);
/// Asks the scheduler for slices of this length for the calling thread: 100,000 to 100,000,000 nanoseconds (Linux 6.12; others
/// do not know such a wish), not for what it starts. A thread that is not normally scheduled stays as it is.
void cl_ask_for_slices(uint64_t nanoseconds);

/// The process's environment: texts like NAME=value up to a null pointer; changed by setenv. Null when it was cleared.
char **cl_environment(void);

#endif
