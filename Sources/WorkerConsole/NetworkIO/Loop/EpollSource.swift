/// Something that epoll watches; it is told of its events.
class EpollSource {
    func handle(_ events: UInt32, for loop: EventLoop) {
        preconditionFailure("every source handles its events itself")
    }
}
