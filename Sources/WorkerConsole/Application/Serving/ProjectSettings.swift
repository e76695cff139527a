import Foundation
import ProxyCore
import WorkerDomain

/// Reads a project into what a session is started with.
enum ProjectSettings {
    static func make(folder: String, options: ServingOptions) throws -> SessionSettings {
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        let now = WallTime(nanosecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000) * 1_000_000)
        var settings = SessionSettings(
            rootFolder: root,
            status: WorkerStatus(state: .starting, name: (root as NSString).lastPathComponent, startedAt: now))
        if let listen = options.listen { settings.proxy.listen = [listen] }
        settings.backends = try options.backends()
        settings.eventLoops = options.loops
        return settings
    }
}
