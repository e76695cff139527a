// io_uring (liburing): its functions are inline, so that Swift cannot call them.
#ifndef CLINUX_URING_H
#define CLINUX_URING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

/// A pair of rings, and a ring of buffers that the kernel receives into. Used by the thread that made it only.
struct cl_uring;

/// What became of an operation; `context` is what was given for it. A copy of the kernel's struct io_uring_cqe.
struct cl_completion {
    uint64_t context;
    int32_t result;
    uint32_t flags;
};

/// The flags of a completion: `result` bytes are in the buffer of that number; more completions of this operation follow.
enum { CL_HAS_BUFFER = 1, CL_HAS_MORE = 2, CL_BUFFER_SHIFT = 16 };

/// Makes a ring for `operations` at once, and room for `buffers` (a power of 2) of `buffer_size` bytes, none of which
/// the kernel has yet. Returns 0 or -errno.
int cl_uring_make(struct cl_uring **ring, unsigned operations, unsigned completions, unsigned buffers,
                  unsigned buffer_size);
/// Frees the ring, in which nothing is under way any more.
void cl_uring_free(struct cl_uring *ring);

/// Submits what was prepared and waits until `count` completions are there, `nanoseconds` at most; a negative time is no
/// limit. Returns 0 or -errno, -ETIME after the time.
int cl_uring_wait(struct cl_uring *ring, unsigned count, int64_t nanoseconds);
/// The prepared operations that the kernel has not taken, for lack of memory: the next wait tries again.
unsigned cl_uring_prepared(const struct cl_uring *ring);
/// The completions that are there; the one at `index` is valid until it is marked as seen.
unsigned cl_uring_ready(const struct cl_uring *ring);
struct cl_completion *cl_uring_completion(const struct cl_uring *ring, unsigned index);
/// Gives the first `count` completions back to the kernel.
void cl_uring_seen(struct cl_uring *ring, unsigned count);

/// The memory of a buffer.
void *cl_uring_buffer(const struct cl_uring *ring, unsigned buffer);
/// Gives a buffer to the kernel to receive into.
void cl_uring_give_buffer(struct cl_uring *ring, unsigned buffer);

// Each of these prepares an operation; false (or NULL) when there is no room for it before the next wait.

/// Receives into buffers of the ring until an end, an error or a lack of buffers.
bool cl_uring_receive(struct cl_uring *ring, int descriptor, uint64_t context);
/// Sends without waiting: the kernel has used the pieces when it has taken the operation. Unless all of them could be
/// sent a completion comes; a quiet send has none then. At most CL_PIECES_AT_ONCE pieces; their list is copied. Returns
/// what cl_uring_withdraw takes.
void *cl_uring_send(struct cl_uring *ring, int descriptor, const struct iovec *pieces, size_t count, bool quiet,
                    uint64_t context);
enum { CL_PIECES_AT_ONCE = 16 };
/// Turns a prepared operation into one that does nothing, without a completion.
void cl_uring_withdraw(void *operation);
/// Tells of events (POLL…), once or each time that one comes (edge-triggered).
bool cl_uring_poll(struct cl_uring *ring, int descriptor, uint32_t events, bool repeats, uint64_t context);
/// Connects; `address` stays where it is until the next wait.
bool cl_uring_connect(struct cl_uring *ring, int descriptor, const struct sockaddr_storage *address, socklen_t length,
                      uint64_t context);
/// Cancels the operation that has this context; a completion with the context 0 comes only when there is none.
bool cl_uring_cancel(struct cl_uring *ring, uint64_t context);
/// Closes a descriptor; a completion with the context 0 comes only when that fails.
bool cl_uring_close(struct cl_uring *ring, int descriptor);
/// Cancels everything that is under way; a completion with the context 0 comes.
bool cl_uring_cancel_all(struct cl_uring *ring);

#endif
