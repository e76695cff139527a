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
    /// - Throws: `.noDescriptors` above all.
    static func make(_ choice: EngineChoice) throws(TransportError) -> any Engine {
        if choice != .epoll, let engine = try? UringEngine() { return engine }
        return try EpollEngine()
    }
}
