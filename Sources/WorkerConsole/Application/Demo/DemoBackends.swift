import NIOCore
import NIOPosix
package import WorkerDomain

/// Two sample backends on loopback, "blue" and "green", with the API of a résumé site.
package final class DemoBackends: Sendable {
    /// Where they listen, the one to begin with first.
    package let backends: [Backend]
    private let group: MultiThreadedEventLoopGroup
    private let listeners: [any Channel]

    private init(backends: [Backend], group: MultiThreadedEventLoopGroup, listeners: [any Channel]) {
        self.backends = backends
        self.group = group
        self.listeners = listeners
    }

    /// Listens on two ports that the system chooses.
    package static func start() async throws -> DemoBackends {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var backends: [Backend] = []
        var listeners: [any Channel] = []
        for name in ["blue", "green"] {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DemoBackendHandler(name: name))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            listeners.append(listener)
            let port = listener.localAddress?.port ?? 0
            backends.append(Backend(name: name, url: BackendURL(scheme: .http, host: "127.0.0.1", port: port)))
        }
        return DemoBackends(backends: backends, group: group, listeners: listeners)
    }

    /// Stops listening and closes every connection.
    package func stop() async {
        for listener in self.listeners { try? await listener.close().get() }
        try? await self.group.shutdownGracefully()
    }
}
