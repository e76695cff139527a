/// Something that epoll watches; it is told of its events.
class EpollSource: Placed {
    /// Among those that the engine watches.
    final var place = 0

    func handle(_ events: UInt32, for loop: EventLoop) {
        preconditionFailure("every source handles its events itself")
    }

    /// Called when there is no next turn: lets go of what it has opened, and tells nobody.
    func loopEnded() {
        preconditionFailure("every source lets go of what is its own")
    }
}
