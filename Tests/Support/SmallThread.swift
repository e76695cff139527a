import Glibc

/// What a call of the system refused.
package struct SystemFailure: Error, CustomStringConvertible {
    package let operation: String
    package let number: CInt

    package var description: String { "\(self.operation): \(String(cString: strerror(self.number)))" }
}

/// A detached thread of the system with a small stack, so that a thousand of them cost little.
package enum SmallThread {
    private static let stackBytes = 256 << 10

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    package static func start(_ run: @escaping @Sendable () -> Void) throws {
        // Not a variable: beside Foundation the compiler wants another module imported for the type's initializer.
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, self.stackBytes)
        pthread_attr_setdetachstate(attributes, CInt(PTHREAD_CREATE_DETACHED))
        let body = Unmanaged.passRetained(Body(run))
        var thread: pthread_t = 0
        let failure = pthread_create(
            &thread, attributes,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard failure == 0 else {
            body.release()
            throw SystemFailure(operation: "pthread_create", number: failure)
        }
    }

    /// Runs what blocks on a thread of its own, so that no task's thread waits.
    package static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try self.start { continuation.resume(with: Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
