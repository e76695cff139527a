import LocalState
import WorkerDomain
import WorkerProject

/// What a store needs to know to open a binding.
struct StoreRequest: Sendable, Equatable {
    let identity: LocalIdentity
    let settings: ConsoleConfiguration.Store
    /// Names of the local data of every binding of the project that is of the same kind.
    let known: [String]
    /// The project's folder, absolute.
    let project: String

    /// What reads the binding; `nil` for nothing to read.
    var resource: BoundResource? { Stores.all[self.settings.kind]?(self) }

    /// True when the same data is read, whatever other bindings there are.
    func readsSame(as other: StoreRequest) -> Bool {
        self.identity == other.identity && self.settings == other.settings
            && self.project.hasSameBytes(as: other.project)
    }
}

/// Every kind of store that `worker-console.toml` can give to a binding, and how it is opened; `nil` for nothing to
/// read. Adding one: its module, its name in `StoreKind`, and its line here.
enum Stores {
    static let all: [ConsoleConfiguration.StoreKind: @Sendable (StoreRequest) -> BoundResource?] = [
        .local: { request in
            // A folder that was named is read all the same.
            if request.identity.isRemote, request.settings.path == nil { return .remote(request.identity.binding) }
            let state =
                request.settings.path.map { MiniflareState(persistTo: $0) }
                ?? MiniflareState(projectFolder: request.project)
            return state.resource(
                for: request.identity.binding, candidates: request.identity.candidates, known: request.known,
                below: request.project)
        },
        .none: { _ in nil },
    ]
}
