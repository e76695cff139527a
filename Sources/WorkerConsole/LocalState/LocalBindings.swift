package import WorkerDomain

/// Joins the bindings of a project with what `wrangler dev` has stored for them on this machine.
package enum LocalBindings {
    /// - Parameters:
    ///   - projectFolder: The folder of the wrangler configuration.
    ///   - bindings: Each with the names that its file may have been made from, in wrangler's order: preview id or
    ///     name, id or name, binding. Without any, the binding's own identifier, resource and name are tried.
    /// - Returns: One resource for each binding, in the same order, also where nothing has been stored yet.
    package static func resources(
        projectFolder: String, bindings: [(Binding, candidateNames: [String])]
    ) -> [BoundResource] {
        self.resources(state: MiniflareState(projectFolder: projectFolder), below: projectFolder, bindings: bindings)
    }

    /// As ``resources(projectFolder:bindings:)``, for a folder that `--persist-to` gave.
    ///
    /// Places are shown relative to `folder`.
    package static func resources(
        state: MiniflareState, below folder: String, bindings: [(Binding, candidateNames: [String])]
    ) -> [BoundResource] {
        bindings.map { binding, names in
            let candidates = names.isEmpty ? Self.candidates(of: binding) : names
            guard let open = Stores.all[binding.kind] else { preconditionFailure("\(binding.kind) has no store") }
            let (reader, location) = open(state, candidates)
            let path = location?.database ?? state.root
            let place = path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
            return BoundResource(binding: binding, reader: reader, place: place)
        }
    }

    /// The names that wrangler would use: D1 and KV by identifier, R2 by bucket name, else the binding's own name.
    static func candidates(of binding: Binding) -> [String] {
        let first = binding.kind == .r2 ? binding.resource : binding.identifier
        return (first.map { [$0] } ?? []) + [binding.name]
    }
}
