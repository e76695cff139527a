/// Which engine an event loop has.
package enum EngineChoice: String, Sendable, Equatable, CaseIterable {
    /// io_uring where the kernel allows it and it was measured to be faster, else epoll.
    case auto
    case epoll
    case uring = "io_uring"
}
