import LocalState
import WorkerDomain
import WorkerProject

/// What a store needs to know to open a binding.
struct StoreRequest: Sendable {
    let identity: LocalIdentity
    let settings: ConsoleConfiguration.Store
    /// The project's folder, absolute.
    let project: String
}

/// Every kind of store that `worker-console.toml` can give to a binding, and how it is opened; `nil` for nothing to
/// read. Adding one: its module, its name in `StoreKind`, and its line here.
enum Stores {
    static let all: [ConsoleConfiguration.StoreKind: @Sendable (StoreRequest) -> BoundResource?] = [
        .local: { request in
            let state =
                request.settings.path.map { MiniflareState(persistTo: $0) }
                ?? MiniflareState(projectFolder: request.project)
            return state.resource(
                for: request.identity.binding, candidates: request.identity.candidates, below: request.project)
        },
        .none: { _ in nil },
    ]
}
