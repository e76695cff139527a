#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <sys/mman.h>

_Static_assert(sizeof(struct cl_completion) == sizeof(struct io_uring_cqe), "a completion is a copy of the kernel's");
_Static_assert(offsetof(struct cl_completion, result) == offsetof(struct io_uring_cqe, res), "result");
_Static_assert(offsetof(struct cl_completion, flags) == offsetof(struct io_uring_cqe, flags), "flags");
_Static_assert((int)CL_HAS_BUFFER == (int)IORING_CQE_F_BUFFER && (int)CL_HAS_MORE == (int)IORING_CQE_F_MORE, "flags");
_Static_assert((int)CL_BUFFER_SHIFT == (int)IORING_CQE_BUFFER_SHIFT, "buffer");

struct message {
    struct msghdr header;
    struct iovec pieces[CL_PIECES_AT_ONCE];
};

struct cl_uring {
    struct io_uring ring;
    /// One for each entry of the submission queue: the kernel reads it while it takes the entry.
    struct message *messages;
    size_t messages_size;
    struct io_uring_buf_ring *buffer_ring;
    size_t buffer_ring_size;
    char *memory;
    size_t memory_size;
    unsigned buffers;
    unsigned buffer_size;
    size_t stride;
};

static const int buffer_group = 1;

static void *anonymous(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static void release_memory(struct cl_uring *uring) {
    if (uring->messages) munmap(uring->messages, uring->messages_size);
    if (uring->buffer_ring) munmap(uring->buffer_ring, uring->buffer_ring_size);
    if (uring->memory) munmap(uring->memory, uring->memory_size);
    free(uring);
}

static int register_buffers(struct cl_uring *uring) {
    struct io_uring_buf_reg registration = {
        .ring_addr = (uintptr_t)uring->buffer_ring, .ring_entries = uring->buffers, .bgid = buffer_group};
    io_uring_buf_ring_init(uring->buffer_ring);
    return io_uring_register_buf_ring(&uring->ring, &registration, 0);
}

int cl_uring_make(struct cl_uring **result, unsigned operations, unsigned completions, unsigned buffers,
                  unsigned buffer_size) {
    struct cl_uring *uring = calloc(1, sizeof *uring);
    if (!uring) return -ENOMEM;
    uring->buffers = buffers;
    uring->buffer_size = buffer_size;
    // The beginnings, which are touched most, must not all fall into the same sets of the processor's caches.
    uring->stride = buffer_size + 5 * 64;
    uring->messages_size = operations * sizeof(struct message);
    uring->buffer_ring_size = buffers * sizeof(struct io_uring_buf);
    uring->memory_size = buffers * uring->stride;
    uring->messages = anonymous(uring->messages_size);
    uring->buffer_ring = anonymous(uring->buffer_ring_size);
    uring->memory = anonymous(uring->memory_size);
    int error = uring->messages && uring->buffer_ring && uring->memory ? 0 : -ENOMEM;
    if (error == 0) {
        struct io_uring_params parameters = {
            .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL |
                     IORING_SETUP_CQSIZE,
            .cq_entries = completions};
        error = io_uring_queue_init_params(operations, &uring->ring, &parameters);
    }
    if (error == 0) {
        error = register_buffers(uring);
        // A descriptor that the kernel need not look up each time; without it all works as well.
        if (error == 0) io_uring_register_ring_fd(&uring->ring);
        if (error != 0) io_uring_queue_exit(&uring->ring);
    }
    if (error != 0) {
        release_memory(uring);
        return error;
    }
    *result = uring;
    return 0;
}

void cl_uring_free(struct cl_uring *uring) {
    io_uring_queue_exit(&uring->ring);
    release_memory(uring);
}

int cl_uring_wait(struct cl_uring *uring, unsigned count, int64_t nanoseconds) {
    int result;
    if (nanoseconds == 0) {
        result = io_uring_submit_and_get_events(&uring->ring);
    } else if (nanoseconds < 0) {
        result = io_uring_submit_and_wait(&uring->ring, count);
    } else {
        struct __kernel_timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        struct io_uring_cqe *completion;
        result = io_uring_submit_and_wait_timeout(&uring->ring, &completion, count, &time, NULL);
    }
    return result < 0 ? result : 0;
}

unsigned cl_uring_prepared(const struct cl_uring *uring) { return io_uring_sq_ready(&uring->ring); }

unsigned cl_uring_ready(const struct cl_uring *uring) { return io_uring_cq_ready(&uring->ring); }

struct cl_completion *cl_uring_completion(const struct cl_uring *uring, unsigned index) {
    const struct io_uring_cq *queue = &uring->ring.cq;
    return (struct cl_completion *)&queue->cqes[(*queue->khead + index) & queue->ring_mask];
}

void cl_uring_seen(struct cl_uring *uring, unsigned count) { io_uring_cq_advance(&uring->ring, count); }

void *cl_uring_buffer(const struct cl_uring *uring, unsigned buffer) { return uring->memory + buffer * uring->stride; }

void cl_uring_give_buffer(struct cl_uring *uring, unsigned buffer) {
    io_uring_buf_ring_add(uring->buffer_ring, cl_uring_buffer(uring, buffer), uring->buffer_size, buffer,
                          io_uring_buf_ring_mask(uring->buffers), 0);
    io_uring_buf_ring_advance(uring->buffer_ring, 1);
}

bool cl_uring_receive(struct cl_uring *uring, int descriptor, uint64_t context) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    io_uring_prep_recv_multishot(entry, descriptor, NULL, 0, 0);
    io_uring_sqe_set_flags(entry, IOSQE_BUFFER_SELECT);
    entry->buf_group = buffer_group;
    io_uring_sqe_set_data64(entry, context);
    return true;
}

void *cl_uring_send(struct cl_uring *uring, int descriptor, const struct iovec *pieces, size_t count,
                    bool quiet, uint64_t context) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return NULL;
    // With MSG_DONTWAIT the kernel does not wait for room by itself, so it uses nothing later. With MSG_WAITALL a send of a
    // part counts as a failure, which has a completion in any case.
    const int flags = MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL;
    if (count == 1) {
        io_uring_prep_send(entry, descriptor, pieces->iov_base, pieces->iov_len, flags);
    } else {
        struct message *message = &uring->messages[entry - uring->ring.sq.sqes];
        if (count > CL_PIECES_AT_ONCE) count = CL_PIECES_AT_ONCE;
        for (size_t index = 0; index < count; index++) message->pieces[index] = pieces[index];
        message->header = (struct msghdr){.msg_iov = message->pieces, .msg_iovlen = count};
        io_uring_prep_sendmsg(entry, descriptor, &message->header, flags);
    }
    if (quiet) io_uring_sqe_set_flags(entry, IOSQE_CQE_SKIP_SUCCESS);
    io_uring_sqe_set_data64(entry, context);
    return entry;
}

void cl_uring_withdraw(void *operation) {
    io_uring_prep_nop(operation);
    io_uring_sqe_set_flags(operation, IOSQE_CQE_SKIP_SUCCESS);
    io_uring_sqe_set_data64(operation, 0);
}

bool cl_uring_poll(struct cl_uring *uring, int descriptor, uint32_t events, bool repeats, uint64_t context) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    if (repeats) {
        io_uring_prep_poll_multishot(entry, descriptor, events | EPOLLET);
    } else {
        io_uring_prep_poll_add(entry, descriptor, events);
    }
    io_uring_sqe_set_data64(entry, context);
    return true;
}

bool cl_uring_connect(struct cl_uring *uring, int descriptor, const struct sockaddr_storage *address,
                      socklen_t length, uint64_t context) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    io_uring_prep_connect(entry, descriptor, (const struct sockaddr *)address, length);
    io_uring_sqe_set_data64(entry, context);
    return true;
}

bool cl_uring_cancel(struct cl_uring *uring, uint64_t context) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    io_uring_prep_cancel64(entry, context, 0);
    io_uring_sqe_set_flags(entry, IOSQE_CQE_SKIP_SUCCESS);
    io_uring_sqe_set_data64(entry, 0);
    return true;
}

bool cl_uring_close(struct cl_uring *uring, int descriptor) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    io_uring_prep_close(entry, descriptor);
    io_uring_sqe_set_flags(entry, IOSQE_CQE_SKIP_SUCCESS);
    io_uring_sqe_set_data64(entry, 0);
    return true;
}

bool cl_uring_cancel_all(struct cl_uring *uring) {
    struct io_uring_sqe *entry = io_uring_get_sqe(&uring->ring);
    if (!entry) return false;
    io_uring_prep_cancel64(entry, 0, IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY);
    io_uring_sqe_set_data64(entry, 0);
    return true;
}
