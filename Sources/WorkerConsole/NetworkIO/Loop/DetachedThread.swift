import CLinux
import Glibc

/// A thread that nobody joins.
enum DetachedThread {
    /// Runs `body` on a new thread.
    /// - Parameters:
    ///   - name: At most 15 bytes of it are seen in `top -H`.
    ///   - body: What the thread does; the thread ends with it.
    /// - Returns: False when the system gives no thread: `body` will not run.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(ThreadBody(name: name, body))
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let body = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
                cl_name_thread(body.name)
                body.run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, _ run: @escaping @Sendable () -> Void) {
        self.name = String(name.prefix(15))
        self.run = run
    }
}
