/// Makes engines.
package enum Engines {
    /// Why event loops have epoll although io_uring was asked for or would be taken; `nil` where io_uring can be used.
    package static func uringObstacle() -> String? {
        do {
            _ = try Uring()
            return nil
        } catch {
            return error.reason
        }
    }

    /// An engine of this kind, or epoll where the kernel gives no other.
    static func make(_ choice: EngineChoice) -> any Engine {
        switch choice {
        case .epoll: EpollEngine()
        case .auto, .uring: (try? UringEngine()) ?? EpollEngine()
        }
    }
}
