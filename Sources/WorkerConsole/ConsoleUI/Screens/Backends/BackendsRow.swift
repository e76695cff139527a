import WorkerDomain

/// A row of the list: a backend, or a URL that the project's `vars` hold and nobody has added.
enum BackendsRow: Sendable, Equatable, Identifiable {
    /// What the selection stays with.
    enum ID: Sendable, Hashable { case backend(String), suggestion(String) }

    case backend(BackendStatus)
    case suggestion(name: String, url: String)

    var id: ID {
        switch self {
        case .backend(let status): .backend(status.backend.name)
        case .suggestion(let name, _): .suggestion(name)
        }
    }

    var name: String {
        switch self {
        case .backend(let status): status.backend.name
        case .suggestion(let name, _): name
        }
    }

    var url: String {
        switch self {
        case .backend(let status): status.backend.url.description
        case .suggestion(_, let url): url
        }
    }

    /// Backends in configured order, then what the project's `vars` suggest and none of them uses.
    static func all(in world: World) -> [Self] {
        let backends = world.backends.backends
        let known = Set(backends.map(\.backend.url.description))
        let suggestions = world.status.suggestedBackends.sorted { $0.key < $1.key }.filter { _, url in
            guard let parsed = try? BackendURL(parsing: url) else { return false }
            return !known.contains(parsed.description)
        }
        return backends.map { .backend($0) } + suggestions.map { .suggestion(name: $0.key, url: $0.value) }
    }
}
